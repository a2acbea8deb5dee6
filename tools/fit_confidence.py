"""Fit how sure a reading is: a logistic model for ticks, and one for red marks, in two steps.

    python tools/fit_confidence.py DATA

DATA is the folder with ergast/, articles/, articles_fresh/, articles_more/ and
sentence_pairs.json. The first step is fitted on these and on the articles of the tests, as the
rules read them now; the second one on what was kept of texts that the rules had not seen
(benchmarks/press_blind.py). Printed is how the second step does on sets left out of it: how sure it
is, and how often right; the weights go into src/racecraft/press/judging/confidence.json.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))

from press_blind import unseen  # noqa: E402
from press_fit import OF_NEW_TEXTS, left_out_by_set, model_of, reliability  # noqa: E402
from press_rows import HEADS, RED, all_samples, history_of  # noqa: E402

from racecraft.press.judging.confidence import KNOWN  # noqa: E402

TARGET = ROOT / "src/racecraft/press/judging/confidence.json"


def main(data: Path) -> None:
    """Fit both steps on everything there is, and say how the second does on sets left out."""
    history = history_of(data)
    found = all_samples(data, history)
    rows = [row for sample in found for row in sample.rows]
    blind = unseen()
    ticks = [row for row in rows if row.head != RED]
    for mark, mine, features in (("ticks", ticks, ()), ("red", blind, (KNOWN, *OF_NEW_TEXTS))):
        told = [f"{mark}: {len(mine)} readings, {sum(row.right for row in mine)} right"]
        lines = reliability(mine, left_out_by_set(mine, features))
        told += [f"  {'  '.join(line)}" for line in lines]
        sys.stdout.write("\n".join(told) + "\n")
    about = {
        "fitted_on": f"{len({row.article for row in rows})} articles and short cases, with twins; "
        f"then {len(blind)} readings by rules that had not seen the texts",
        "readings": {head: sum(row.head == head for row in rows) for head in HEADS},
        "by": "tools/fit_confidence.py",
    }
    text = json.dumps({"about": about, **model_of(rows, blind)}, indent=1, sort_keys=True)
    TARGET.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
