"""What rules that had never seen a text took for errors in it: what red marks are fitted on.

    python benchmarks/press_blind.py DATA NAME FOLDER|CASES.json

Run once on a new set of annotated articles, or of short cases, before any rule is changed for it:
what is read as false goes into ``press_blind.parquet`` under the name of the set, beside what
earlier states of the rules read as false in the sets that they had not seen. Nothing of the texts
is kept, only the features of each reading and whether a red mark would have been right. Printed
are its marks.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
from press_fit import OF_NEW_TEXTS
from press_marks import HEAD, by_set
from press_rows import RED, Row, history_of, pairs, samples

from racecraft.press.judging.confidence import KNOWN, known, model

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from press_rows import Sample

KEPT = Path(__file__).with_suffix(".parquet")
LEAST = -2.2  # readings that are less sure than this, as the logarithm of the odds, are not kept
# Weight of a reading of the short texts that hop between moments: they were written to mislead.
OF_HARD_TEXTS = {"true": 0.3}


def unseen() -> list[Row]:
    """Readings, taken to be false, of texts that the rules had not seen when they read them."""
    names = (KNOWN, *OF_NEW_TEXTS)
    return [
        Row(row["set"], row["article"], RED, row["right"],
            {name: row[name] for name in names if row[name]}, "rules",
            OF_HARD_TEXTS.get(row["set"], 1.0))
        for row in pl.read_parquet(KEPT).iter_rows(named=True)
    ]  # fmt: skip


def kept_of(found: Iterable[Sample]) -> Iterator[dict[str, object]]:
    """Rows to be kept of what the rules read as false, each once."""
    for sample in found:
        seen: set[tuple[object, ...]] = set()
        for n, each in enumerate(sample.judged):
            claim = each.claim
            key = (claim.sentence, claim.claim_type, sample.subjects[n], str(claim.value))
            if each.judgement != RED or claim.modality != "fact" or claim.hedged or key in seen:
                continue
            seen.add(key)
            sure = known(model(), RED, each.features)
            if sure < LEAST or each.features.get("read_rest"):
                continue
            row = sample.row(n)
            told = {name: round(each.features.get(name, 0.0), 4) for name in OF_NEW_TEXTS}
            yield {"set": row.set, "article": row.article, "right": row.right,
                   KNOWN: round(sure, 4), **told}  # fmt: skip


def main(data: Path, name: str, texts: Path) -> None:
    """Read a set, print its marks, and keep its readings in place of those of that name."""
    history = history_of(data)
    read = pairs(texts, history, name) if texts.is_file() else samples({name: texts}, history)
    found = [sample for sample in read if sample.source == "rules"]
    told = zip(HEAD, by_set(found)[name, "rules"].row, strict=True)
    sys.stdout.write("\n".join(f"{what}: {share}" for what, share in told) + "\n")
    before = pl.read_parquet(KEPT).filter(pl.col("set") != name)
    rows = pl.DataFrame([*kept_of(found)], schema=before.schema)
    pl.concat([before, rows]).write_parquet(KEPT, compression="zstd", compression_level=19)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
