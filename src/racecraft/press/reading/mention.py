"""A mention: words that mean a driver or a team, and what they say of him in passing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from racecraft.press.lexicon.concepts import Kind
from racecraft.press.reading.people import DRIVER_S

if TYPE_CHECKING:
    from racecraft.press.claim import Entity, Slot
    from racecraft.press.lexicon.marks import Sentence
    from racecraft.press.lexicon.vocabulary import Vocabulary


@dataclass(slots=True)
class Epithet:
    """What is said of somebody in passing: ``what`` it is, its value, the place of its mark."""

    what: str
    value: Any
    i: int


@dataclass(slots=True)
class Mention:
    """Words that mean a driver or a team.

    ``how``: ``"name"``, ``"team"``, ``"he"``, ``"his"``, ``"him"`` or ``"epithet"``. ``first`` and
    ``last`` are marks of the sentence. ``slot`` is who is meant, None until that is found out.
    """

    how: str
    first: int
    last: int
    head: int
    slot: Slot[Entity] | None = None
    said: list[Epithet] = field(default_factory=list)
    genitive: bool = False
    owner: Mention | None = None

    @property
    def is_team(self) -> bool:
        """Whether a team is meant."""
        return self.how == "team"

    def says(self, what: str) -> Epithet | None:
        """What is said of him of that kind, or None."""
        return next((each for each in self.said if each.what == what), None)


def genitive_at(s: Sentence, j: int, words: Vocabulary) -> int:
    """How many marks after ``j`` make the name there a genitive; -1 if it is none."""
    if s.at(j, DRIVER_S) and not s.at(j, Kind.DRIVER):
        return 0
    if j + 1 >= len(s.marks) or s.marks[j + 1].word not in words.genitive:
        return -1
    ends = s.marks[j].word.endswith(("s", "x", "z"))
    return 1 if len(s.marks[j + 1].word) > 1 or ends else -1
