"""The marks of the checker, as it is installed, on a new set of annotated texts.

    python benchmarks/press_blind.py DATA NAME FOLDER|CASES.json

Run once on articles or short cases that nobody has looked at, before anything is changed for them.
"""

from __future__ import annotations

import sys
from pathlib import Path

from press_marks import HEAD, by_set
from press_rows import history_of, pairs, samples


def main(data: Path, name: str, texts: Path) -> None:
    """Read a set and print its marks."""
    history = history_of(data)
    read = pairs(texts, history, name) if texts.is_file() else samples({name: texts}, history)
    found = [sample for sample in read if sample.source == "rules"]
    told = zip(HEAD, by_set(found)[name, "rules"].row, strict=True)
    sys.stdout.write("\n".join(f"{what}: {share}" for what, share in told) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
