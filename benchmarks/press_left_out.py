"""Relations that networks tell which a set of texts had no part in: what the set is measured by.

``tools/fit_network.py`` trains, beside the network of the package, others that leave out half of
the annotated sets each, and keeps what those tell of the sets left out in press_left_out.parquet: a
row for each relation, with a hash of its sentence and where, from the start of that, stand whom it
is said of and what says it.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

import polars as pl

from racecraft.press.reading import together
from racecraft.press.reading.relations import Relation, relations_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from racecraft.press.lexicon.marks import Sentence
    from racecraft.press.reading.bonds import Parsed
    from racecraft.press.reading.network import Network

FILE = Path(__file__).with_name("press_left_out.parquet")
COLUMNS = {"set": pl.String, "sentence": pl.String, "label": pl.Categorical, "who": pl.Int16,
           "by": pl.Int16, "chance": pl.Float32}  # fmt: skip


@contextmanager
def read_without(name: str) -> Iterator[None]:
    """Read by a network that a set of texts had no part in, if it had one in that of the package.

    Raises
    ------
    LookupError
        A sentence of the set is not as it was when those networks read it.
    """
    if name not in left_out():
        yield
        return
    kept = left_out()[name]

    def known(told: Sequence[Parsed], network: Network, before: int = 0) -> list[list[Relation]]:
        del network
        return [_kept_of(kept, told, n) for n in range(before, len(told))]

    with patch.object(together, "relations_of", known):
        yield


@contextmanager
def noted(name: str, network: Network, rows: list[dict[str, Any]]) -> Iterator[None]:
    """Read by a network, and note every relation for the table."""

    def told_by(told: Sequence[Parsed], _: Network, before: int = 0) -> list[list[Relation]]:
        found = relations_of(told, network, before)
        for n, relations in enumerate(found, before):
            rows.extend(_rows_of(name, told[n].sentence, relations))
        return found

    with patch.object(together, "relations_of", told_by):
        yield


def write(rows: Sequence[dict[str, Any]]) -> None:
    """Write the table; a sentence that stands twice in a set is kept once."""
    pl.DataFrame(rows, COLUMNS).unique(maintain_order=True).write_parquet(
        FILE, compression="zstd", compression_level=19
    )


@cache
def left_out() -> dict[str, dict[str, list[dict[str, Any]]]]:
    """Relations by set and sentence; a sentence without any has a row without a label."""
    found: defaultdict[str, defaultdict[str, list[dict[str, Any]]]]
    found = defaultdict(lambda: defaultdict(list))
    if FILE.exists():
        for row in pl.read_parquet(FILE).iter_rows(named=True):
            found[row["set"]][row["sentence"]].append(row)
    return {name: dict(sentences) for name, sentences in found.items()}


def _rows_of(
    name: str, sentence: Sentence, relations: Sequence[Relation]
) -> Iterator[dict[str, Any]]:
    row = {"set": name, "sentence": _hash(sentence), "label": None}
    yield row | {"who": None, "by": None, "chance": 0.0}
    for label, who, by, chance in relations:
        places = [
            piece.marks[0].start - sentence.start if piece is not None else None
            for piece in (who, by)
        ]
        yield row | {"label": label, "who": places[0], "by": places[1], "chance": chance}


def _kept_of(
    kept: dict[str, list[dict[str, Any]]], told: Sequence[Parsed], n: int
) -> list[Relation]:
    """Relations of a sentence, each tied to the pieces that stand where it was told."""
    sentence = told[n].sentence
    if _hash(sentence) not in kept:
        raise LookupError(f"run tools/fit_network.py again: {sentence.text[:60]!r} is new to it")
    pieces = {
        piece.marks[0].start - sentence.start: piece
        for parsed in told[max(n - 1, 0) : n + 1] for piece in parsed.pieces
    }  # fmt: skip
    return [
        Relation(row["label"], pieces.get(row["who"]), pieces.get(row["by"]), row["chance"])
        for row in kept[_hash(sentence)]
        if row["label"] and all(row[key] is None or row[key] in pieces for key in ("who", "by"))
    ]


def _hash(sentence: Sentence) -> str:
    return hashlib.sha256(sentence.text.encode()).hexdigest()[:10]
