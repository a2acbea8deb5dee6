"""A sentence of an article: its marks, and the people in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from racecraft.press_old.grammar import Grammar


@dataclass(slots=True)
class Mark:
    """Some words of a sentence, and what they stand for.

    ``kinds`` are all that they can stand for, with the value of each; ``kind`` and ``value`` are
    the first of them. ``start`` and ``end`` are the span in the article.
    """

    kinds: dict[str, Any]
    start: int
    end: int
    text: str
    word: str

    @property
    def kind(self) -> str:
        """The likeliest of what it stands for."""
        return next(iter(self.kinds))

    @property
    def value(self) -> Any:
        """The value of the likeliest."""
        return next(iter(self.kinds.values()))

    def is_a(self, *kinds: str) -> bool:
        """Whether it can stand for one of these."""
        return not self.kinds.keys().isdisjoint(kinds)


@dataclass(slots=True)
class Person:
    """Words of a sentence that mean a driver: his name, a pronoun, or another way to put it.

    ``i`` is the place of the head among the marks, ``first`` and ``last`` those of the phrase.
    ``said`` are what is said of him in passing: kind, value, and the place of its mark.
    """

    i: int
    first: int
    last: int
    who: str
    how: str
    said: list[tuple[str, Any, int]] = field(default_factory=list)
    genitive: bool = False


@dataclass
class Sentence:
    """A sentence of an article, with its marks from left to right."""

    text: str
    start: int
    end: int
    number: int
    marks: list[Mark]
    grammar: Grammar
    paragraph: int = 0
    quoted: bool = False
    people: list[Person] = field(default_factory=list)

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """Places of its marks, by what they can stand for."""
        found: dict[str, list[int]] = {}
        for i, mark in enumerate(self.marks):
            for kind in mark.kinds:
                found.setdefault(kind, []).append(i)
        return found

    def __len__(self) -> int:
        """How many marks it has."""
        return len(self.marks)

    def at(self, i: int, *kinds: str) -> bool:
        """Whether the mark at a place exists and can stand for one of these."""
        return 0 <= i < len(self.marks) and self.marks[i].is_a(*kinds)

    def find(self, *kinds: str, start: int = 0, end: int | None = None) -> Iterator[int]:
        """Places of all marks that can stand for one of these, from left to right."""
        places: Iterable[int] = self.places.get(kinds[0], ())
        if len(kinds) > 1:
            places = sorted({i for kind in kinds for i in self.places.get(kind, ())})
        last = len(self.marks) if end is None else end
        return (i for i in places if start <= i < last)

    def near(self, i: int, *kinds: str, left: int = 0, right: int = 0, stop: str = ";") -> int:
        """Place of the nearest such mark around ``i`` within so many marks, or -1.

        The search ends at punctuation in ``stop``.
        """
        best = -1
        for step, limit in ((1, right), (-1, left)):
            for n in range(1, limit + 1):
                j = i + step * n
                if not 0 <= j < len(self.marks) or self.marks[j].word in stop:
                    break
                if self.marks[j].is_a(*kinds):
                    if best < 0 or n < abs(best - i):
                        best = j
                    break
        return best

    def has(self, *kinds: str) -> bool:
        """Whether any of its marks can stand for one of these."""
        return any(kind in self.places for kind in kinds)
