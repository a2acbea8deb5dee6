"""From typing a command to its answer: whole processes, beside one that does nothing."""

from __future__ import annotations

import shutil
import sys
import sysconfig
import tempfile
from dataclasses import replace
from pathlib import Path

from harness import Mark, process, shared, show

from racecraft.cli.again import KIND
from racecraft.store.replies import ANSWERS

PYTHON = Path(sys.executable)
ARTICLE = Path(__file__).parents[1] / "docs" / "examples" / "brazil.txt"
RACECRAFT = Path(sysconfig.get_path("scripts")) / "racecraft"


def main() -> list[Mark]:
    bare = process("python -c pass", [PYTHON, "-c", "pass"])
    imported = process("import racecraft", [PYTHON, "-c", "import racecraft"], limit=0.2)
    asked = process("racecraft --help", [RACECRAFT, "--help"], limit=0.2)
    checked = process("racecraft check, an article", [RACECRAFT, "check", ARTICLE], limit=1)
    marks = [bare, *(_beside(bare, mark) for mark in (imported, asked, checked))]
    with tempfile.TemporaryDirectory() as store:
        marks += [_beside(bare, mark) for mark in _told("from the package", "2023", "20", store)]
    if folder := shared():
        marks += [_beside(bare, mark) for mark in _stored(folder)]
    return marks


def _stored(folder: Path) -> list[Mark]:
    """Race of a season that was added to a store before."""
    laps = folder / "data" / "laps" / "grand_prix_2019.csv"
    with tempfile.TemporaryDirectory() as store:
        add = [RACECRAFT, "data", "add", "laps", laps, "--season", "2019"]
        process("data add laps", add, runs=1, env={"RACECRAFT_STORE": store})
        return _told("stored", "2019", "germany", store)


def _told(where: str, season: str, event: str, store: str) -> list[Mark]:
    """A race, told anew each time, and as it was printed before."""
    command, env = [RACECRAFT, "race", season, event], {"RACECRAFT_STORE": store}
    printed = Path(store) / ANSWERS / KIND
    process("simulated and kept", command, runs=1, env=env)
    return [
        process(f"racecraft race, {where}, computed before", command, env=env,
                before=lambda: shutil.rmtree(printed, ignore_errors=True)),
        process(f"racecraft race, {where}, asked again", command, limit=1, env=env),
    ]  # fmt: skip


def _beside(bare: Mark, mark: Mark) -> Mark:
    return replace(mark, note=f"{mark.median / bare.median:.1f} times python -c pass")


if __name__ == "__main__":
    sys.exit(show(main()))
