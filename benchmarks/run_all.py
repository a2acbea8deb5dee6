"""Run every benchmark of this folder, each in a process of its own, and sum up their marks.

With a path as its argument, the summary is also written into that page, between its markers.
"""

from __future__ import annotations

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


def main(page: Path | None) -> int:
    """Return the number of scripts that failed or missed a mark."""
    print(machine(), flush=True)
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        collected = Path(folder) / "marks.jsonl"
        collected.touch()
        for script in sorted(HERE.glob("*.py")):
            if script.name not in (Path(__file__).name, "harness.py"):
                failed += not _ran(script, collected)
        marks = [_mark(line) for line in collected.read_text(encoding="utf-8").splitlines()]
    print("\nSummary", flush=True)
    show(marks)
    if page:
        _write(page, marks)
    return failed


def _ran(script: Path, collected: Path) -> bool:
    print(f"\n{script.stem.replace('_', ' ')}", flush=True)
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, str(script)], env=os.environ | {MARKS_FILE: str(collected)}, check=False
    )
    print(f"({time.perf_counter() - began:.0f} s)", flush=True)
    return done.returncode == 0


def _mark(line: str) -> Mark:
    fields = json.loads(line)
    return Mark(**fields | {"values": tuple(fields["values"])})


def _write(page: Path, marks: list[Mark]) -> None:
    rows = ["| " + " | ".join(cells(mark)) + " |" for mark in marks]
    summary = [
        f"Measured on {datetime.now(UTC):%-d %B %Y}: {machine()}.",
        "",
        "| measured | median | spread | runs | mark | peak memory | note |",
        "|---|---|---|---|---|---|---|",
        *rows,
    ]
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text("\n".join([before + BEGIN, *summary, END + after]), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(bool(main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)))
