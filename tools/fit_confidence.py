"""Fit how sure a reading is: a logistic model for ticks, and one for red marks, in two steps.

    python tools/fit_confidence.py DATA

DATA is the folder with ergast/, articles/, articles_fresh/, articles_more/ and
sentence_pairs.json. Red marks are fitted on all of it, above all on the sets of the tests for which
no rule was changed; ticks on all others. Every set is read by a network that had no part of it.
Printed is how either does on sets left out: how sure it is, and how often right; the weights go
into src/racecraft/press/judging/confidence.json.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))

from press_fit import is_of_first, is_of_red, left_out_by_set, model_of, reliability, with_first  # noqa: E402
from press_rows import HEADS, RED, UNTUNED, all_samples, history_of  # noqa: E402

TARGET = ROOT / "src/racecraft/press/judging/confidence.json"


def main(data: Path) -> None:
    """Fit both on everything there is for them, and say how they do on sets left out."""
    history = history_of(data)
    rows = [row for sample in all_samples(data, history) for row in sample.rows]
    ticks = [row for row in rows if row.head != RED and row.set not in UNTUNED]
    red = with_first([row for row in rows if row.head == RED])
    for mark, mine, is_told in (("ticks", ticks, is_of_first), ("red", red, is_of_red)):
        told = [f"{mark}: {len(mine)} readings, {sum(row.right for row in mine)} right"]
        lines = reliability(mine, left_out_by_set(mine, is_told))
        told += [f"  {'  '.join(line)}" for line in lines]
        sys.stdout.write("\n".join(told) + "\n")
    about = {
        "fitted_on": f"{len({row.article for row in rows})} articles and short cases, with twins; "
        f"red marks on {len(red)} readings, above all those of {len(UNTUNED)} sets",
        "readings": {head: sum(row.head == head for row in rows) for head in HEADS},
        "by": "tools/fit_confidence.py",
    }
    text = json.dumps({"about": about, **model_of(rows)}, indent=1, sort_keys=True)
    TARGET.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
