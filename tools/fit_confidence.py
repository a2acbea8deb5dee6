"""Fit how sure a reading is: a logistic model for ticks, and one for red marks.

    python tools/fit_confidence.py DATA

DATA is the folder with ergast/, articles/, articles_fresh/, articles_more/ and
sentence_pairs.json. Printed is how the
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
from press_rows import HEADS, history_of, pairs, samples  # noqa: E402

TARGET = ROOT / "src/racecraft/press/judging/confidence.json"
FOLDERS = ("articles", "articles_fresh", "articles_more")


def main(data: Path) -> None:
    """Fit both heads on everything there is, and say how each does on articles left out."""
    own = ROOT / "tests/press"
    folders = {name: data / name for name in FOLDERS}
    folders |= {
        f"articles_{n}": own / f"articles_{n}"
        for n in ("second", "third", "fourth", "fifth", "sixth")
    }
    folders |= {"ours": own / "articles"}
    history = history_of(data)
    found = [*samples(folders, history), *pairs(data / "sentence_pairs.json", history)]
    rows = [row for sample in found for row in sample.rows]
    heads = {}
    for head in HEADS:
        mine = [row for row in rows if row.head == head]
        told = [f"{head}: {len(mine)} readings, {sum(row.right for row in mine)} right"]
        told += [f"  {'  '.join(line)}" for line in reliability(mine, cross_validated(mine))]
        sys.stdout.write("\n".join(told) + "\n")
        heads[head] = fitted(mine)
    texts = len({row.article for row in rows})
    about = {
        "fitted_on": f"{texts} articles and short cases, with their twins",
        "readings": {head: sum(row.head == head for row in rows) for head in HEADS},
        "by": "tools/fit_confidence.py",
    }
    text = json.dumps({"about": about, "heads": heads}, indent=1, sort_keys=True)
    TARGET.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
