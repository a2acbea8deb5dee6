"""From typing a command to its answer: whole processes, beside one that does nothing."""

from __future__ import annotations

import sys
import sysconfig
import tempfile
from dataclasses import replace
from pathlib import Path

from harness import Mark, process, shared, show

PYTHON = Path(sys.executable)
RACECRAFT = Path(sysconfig.get_path("scripts")) / "racecraft"


def main() -> list[Mark]:
    bare = process("python -c pass", [PYTHON, "-c", "pass"])
    imported = process("import racecraft", [PYTHON, "-c", "import racecraft"], limit=0.2)
    asked = process("racecraft --help", [RACECRAFT, "--help"], limit=0.2)
    told = process("racecraft race, from the package", [RACECRAFT, "race", "2023", "20"], limit=1)
    marks = [bare, *(_beside(bare, mark) for mark in (imported, asked, told))]
    if folder := shared():
        marks.append(_beside(bare, _stored(folder)))
    return marks


def _stored(folder: Path) -> Mark:
    """Race of a season that was added to a store before."""
    laps = folder / "data" / "laps" / "grand_prix_2019.csv"
    with tempfile.TemporaryDirectory() as store:
        env = {"RACECRAFT_STORE": store}
        add = [RACECRAFT, "data", "add", "laps", laps, "--season", "2019"]
        process("data add laps", add, runs=1, env=env)
        command = [RACECRAFT, "race", "2019", "germany"]
        return process("racecraft race, stored", command, limit=1, env=env)


def _beside(bare: Mark, mark: Mark) -> Mark:
    return replace(mark, note=f"{mark.median / bare.median:.1f} times python -c pass")


if __name__ == "__main__":
    sys.exit(show(main()))
