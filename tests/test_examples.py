"""Every example of the docs is run, and prints what the docs say it prints.

Programs are ``docs/examples/*.py``, each with its output beside it in a ``.out``. Commands are the
lines after ``$`` in the ``console`` blocks of the pages and the README, each followed by its
output. `make examples` sets RACECRAFT_WRITE_EXAMPLES, and what is printed is written down instead.
"""

from __future__ import annotations

import os
import re
import runpy
import shlex
import shutil
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

HOUSE = Path(__file__).parents[1]
DOCS = HOUSE / "docs"
README = HOUSE / "README.md"
WRITE = bool(os.environ.get("RACECRAFT_WRITE_EXAMPLES"))

PROGRAMS = sorted((DOCS / "examples").glob("*.py"))
PAGES = [
    page
    for page in (README, *sorted(DOCS.rglob("*.md")))
    if "_build" not in page.parts and "```console" in page.read_text(encoding="utf-8")
]
BLOCK = re.compile(r"(?<=^```console\n)(.*?)(?=^```$)", re.MULTILINE | re.DOTALL)
HEAD = re.compile(r"(.*) \| head -n (\d+)")


def name_of(path: Path) -> str:
    return str(path.relative_to(HOUSE))


class SundayEvening(datetime):
    """The clock of every example."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:
        return datetime(2023, 11, 5, 20, 30, tzinfo=tz)


@pytest.fixture(autouse=True)
def plain_terminal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Print as into a pipe a hundred characters wide, one evening, and write files elsewhere."""
    for name in ("FORCE_COLOR", "CLICOLOR_FORCE", "NO_COLOR", "TERMINAL_WIDTH", "LINES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setattr("racecraft.store.store.datetime", SundayEvening)
    monkeypatch.setattr("racecraft.sim.lapwise.compiled.is_kept", lambda: True)
    monkeypatch.setenv("RACECRAFT_STORE", "races")
    articles = tmp_path / "docs" / "examples"
    articles.mkdir(parents=True)
    for kind in ("*.txt", "*.csv"):
        for file in (DOCS / "examples").glob(kind):
            shutil.copy(file, articles)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("program", PROGRAMS, ids=name_of)
def test_program(program: Path, capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(program), run_name="__main__")
    printed = capsys.readouterr().out
    beside = program.with_suffix(".out")
    if WRITE:
        beside.write_text(printed, encoding="utf-8")
    assert printed == beside.read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_commands(
    page: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Run the commands of one page in their order, on a store that is empty at its top."""

    def answer(block: re.Match[str]) -> str:
        return "".join(
            f"$ {command}\n{printed(command, capsys, monkeypatch)}"
            for command in commands(block.group(1))
        )

    told = page.read_text(encoding="utf-8")
    happened = BLOCK.sub(answer, told)
    if WRITE:
        page.write_text(happened, encoding="utf-8")
        told = happened
    assert happened == told


def commands(block: str) -> Iterator[str]:
    r"""Commands of a block; a line that ends in a backslash goes on in the next one."""
    lines = iter(block.splitlines())
    for line in lines:
        if line.startswith("$ "):
            command = line.removeprefix("$ ")
            while command.endswith("\\"):
                command += "\n" + next(lines)
            yield command


def printed(
    command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> str:
    """What one command prints, standard error included, run in this process."""
    from racecraft.cli.main import main

    typed, count = command, sys.maxsize
    if head := HEAD.fullmatch(command):
        typed, count = head.group(1), int(head.group(2))
    program, *arguments = shlex.split(typed.replace("\\\n", ""))
    assert program == "racecraft", f"{command!r} is no command of racecraft"
    monkeypatch.setattr(sys, "argv", ["racecraft", *arguments])
    with pytest.raises(SystemExit) as end:
        sys.exit(main())
    assert end.value.code in (0, 1, None), command
    out, err = capsys.readouterr()
    lines = [line.rstrip() for line in (out + err).splitlines()]
    return "".join(f"{line}\n" for line in lines[:count])


def test_the_program_in_the_readme_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    blocks = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
    (text,) = blocks.findall(README.read_text(encoding="utf-8"))
    program = tmp_path / "readme.py"
    program.write_text(text, encoding="utf-8")
    runpy.run_path(str(program), run_name="__main__")
    assert "Alonso passed" in capsys.readouterr().out


def test_every_program_is_shown_on_a_page_and_every_one_shown_is_run() -> None:
    pages = {page: page.read_text(encoding="utf-8") for page in DOCS.rglob("*.md")}
    text = "".join(pages.values())
    fragments = {page.parent.name for page, told in pages.items() if "```python" in told}
    assert fragments <= {"how-to"}, "show docs/examples/*.py by literalinclude"
    assert [
        name_of(program) for program in PROGRAMS if f"examples/{program.name}" not in text
    ] == []


def test_every_output_belongs_to_a_program() -> None:
    outputs = {path.stem for path in (DOCS / "examples").glob("*.out")}
    assert outputs == {program.stem for program in PROGRAMS}
