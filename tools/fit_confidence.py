"""Fit how sure a reading is: a logistic model for ticks and one for red marks, by annotated articles.

    python tools/fit_confidence.py DATA

DATA is the folder with ergast/, articles/, articles_fresh/ and articles_more/. Printed is how the
model does on articles left out, all readings of an article and of its twin together; the
weights go into src/racecraft/press/judging/confidence.json.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))

from press_fit import cross_validated, fitted, reliability  # noqa: E402
from press_rows import HEADS, rows_of_folders  # noqa: E402

TARGET = ROOT / "src/racecraft/press/judging/confidence.json"
FOLDERS = ("articles", "articles_fresh", "articles_more")


def main(data: Path) -> None:
    """Fit both heads on everything there is, and say how each does on articles left out."""
    rows = rows_of_folders(data, FOLDERS)
    heads = {}
    for head in HEADS:
        mine = [row for row in rows if row.head == head]
        held_out = cross_validated(mine)
        for _line in reliability(mine, held_out):
            pass
        heads[head] = fitted(mine)
    about = {
        "fitted_on": f"{len({row.article for row in rows})} annotated articles, with their twins",
        "readings": {head: sum(row.head == head for row in rows) for head in HEADS},
        "by": "tools/fit_confidence.py",
    }
    text = json.dumps({"about": about, "heads": heads}, indent=1, sort_keys=True)
    TARGET.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
