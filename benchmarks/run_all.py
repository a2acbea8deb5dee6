"""Run the benchmarks of this folder, each in a process of its own, and sum up their marks.

usage: run_all.py [--page PAGE] [NAME ...]

With names only those are run. With a page, what each measured is written into its section of that
page, between the page's markers; sections of the others stay as they were.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from harness import MARKS_FILE, Mark, cells, machine, show

HERE = Path(__file__).parent
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
SCRIPTS = {
    script.stem: script
    for script in sorted(HERE.glob("*.py"))
    if script.name not in (Path(__file__).name, "harness.py")
}


def main(names: list[str], page: Path | None) -> int:
    """Return the number of scripts that failed or missed a mark."""
    print(machine(), flush=True)
    failed, everything = 0, []
    for name in names:
        ended_well, marks, said = _ran(name)
        failed += not ended_well
        everything += marks
        if page and marks:
            _write(page, name, marks, said)
    print("\nSummary", flush=True)
    show(everything)
    return failed


def _ran(name: str) -> tuple[bool, list[Mark], str]:
    """Whether it ended well, what it measured, and when, how long and how busy the machine was."""
    print(f"\n{_title(name)}", flush=True)
    load, began = os.getloadavg()[0], time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        collected = Path(folder) / "marks.jsonl"
        collected.touch()
        done = subprocess.run(
            [sys.executable, str(SCRIPTS[name])],
            env=os.environ | {MARKS_FILE: str(collected)},
            check=False,
        )
        marks = [_mark(line) for line in collected.read_text(encoding="utf-8").splitlines()]
    took = time.perf_counter() - began
    print(f"({took:.0f} s)", flush=True)
    day = f"{datetime.now(UTC):%-d %B %Y}"
    said = f"{day}; load at its start {load:.1f}; took {took:.0f} s; {machine()}."
    return done.returncode == 0, marks, said


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _mark(line: str) -> Mark:
    fields = json.loads(line)
    return Mark(**fields | {"values": tuple(fields["values"])})


def _write(page: Path, name: str, marks: list[Mark], said: str) -> None:
    """Put the section of one benchmark where it belongs, and leave the others as they were."""
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    measured, _, after = rest.partition(END)
    sections = dict(_parted(section) for section in measured.split("\n## ")[1:])
    rows = ["| " + " | ".join(cells(mark)) + " |" for mark in marks]
    head = "| measured | median | spread | runs | mark | peak memory | note |"
    table = [head, "|---|---|---|---|---|---|---|", *rows]
    sections[_title(name)] = "\n".join(["", said, "", *table])
    told = [f"## {title}\n{sections[title]}\n" for title in sorted(sections)]
    page.write_text("\n".join([before + BEGIN, "", *told, END]) + after, encoding="utf-8")


def _parted(section: str) -> tuple[str, str]:
    title, _, text = section.partition("\n")
    return title, text.rstrip("\n")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(SCRIPTS))
    parser.add_argument("--page", type=Path, help="a page to write into, docs/benchmarks.md")
    asked = parser.parse_args()
    if unknown := [name for name in asked.names if name not in SCRIPTS]:
        parser.error(f"there is no {unknown[0]!r}; there are {', '.join(SCRIPTS)}")
    return asked


if __name__ == "__main__":
    options = _asked()
    sys.exit(bool(main(options.names or list(SCRIPTS), options.page)))
