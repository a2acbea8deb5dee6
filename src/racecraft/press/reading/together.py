"""Sentences read together by the network, and what rules have read in them weighed by it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from racecraft.press.reading.guesses import backed, guesses
from racecraft.press.reading.network import network
from racecraft.press.reading.relations import relations_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from racecraft.press.claim import Claim
    from racecraft.press.reading.bonds import Parsed
    from racecraft.press.reading.build import Context

TOGETHER = 64  # sentences and tables


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence, what it is made of, the claims that rules have read in it, and which are left."""

    parsed: Parsed
    contexts: list[Context]
    claims: list[Claim]
    left: list[Claim]


def weighed_together(
    told: Iterable[Told | Iterator[Claim]], guessed: list[Claim]
) -> Iterator[Claim]:
    """Claims in the order of the text, each with what the network makes of its words.

    Those of tables stay as they are. What may be said beside all of them is added to ``guessed``.
    """
    before: list[Told] = []
    each = iter(told)
    while batch := list(islice(each, TOGETHER)):
        new = [entry for entry in batch if isinstance(entry, Told) and entry.parsed.pieces]
        told_of = [entry.parsed for entry in (*before, *new)]
        seen = relations_of(told_of, network(), len(before)) if new else []
        found = {id(entry): relations for entry, relations in zip(new, seen, strict=True)}
        for entry in batch:
            if not isinstance(entry, Told):
                yield from entry
                continue
            relations = found.get(id(entry), [])
            last = before[-1].claims if before else ()
            guessed += guesses(entry.parsed, entry.contexts, entry.claims, relations, last)
            yield from backed(entry.left, entry.parsed, relations)
            before = [entry] if entry.parsed.pieces else before
