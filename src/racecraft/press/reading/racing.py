"""Whether an article is about a race at all: other sports have points, seasons and wins as well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press.lexicon.concepts import Concept, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from racecraft.press.lexicon.marks import Mark, Sentence

# What people speak of in a race and hardly elsewhere.
RACING = frozenset(
    (
        Concept.GP, Concept.RACE, Concept.LAP, Concept.LAPS, Concept.POLE, Concept.POLESITTER,
        Concept.GRID, Concept.GRID_PENALTY, Concept.FRONT_ROW, Concept.PODIUM, Concept.PIT,
        Concept.COMPLETE_PODIUM, Concept.PIT_LANE, Concept.QUALIFY, Concept.SPRINT,
        Concept.SAFETY_CAR, Concept.VSC, Concept.RED_FLAG, Concept.FASTEST_LAP,
        Concept.FIRST_LAP, Concept.LAST_LAP, Concept.CONSTRUCTORS, Concept.TURN,
    )
)  # fmt: skip
ENOUGH = 2  # different things of those; a driver and a place, team or driver beside him do as well


def is_about_racing(sentences: Iterable[Sentence]) -> bool:
    """Whether sentences name a Grand Prix, or speak of enough that only races have."""
    spoken: set[str] = set()
    named: set[object] = set()
    for sentence in sentences:
        for mark in sentence.marks:
            spoken |= set(_racing(mark))
            ids = mark.kinds.get(Kind.DRIVER) or ()
            if len(ids) == 1 or Kind.TEAM in mark.kinds:
                named.add(mark.word)
            if Concept.GP in spoken or len(spoken) + min(len(named), 2) > ENOUGH:
                return True
    return len(spoken) >= ENOUGH or len(named) >= ENOUGH


def _racing(mark: Mark) -> Iterator[str]:
    """What a mark says of racing; the name of an event is as good as "Grand Prix"."""
    yield from RACING & mark.kinds.keys()
    if mark.kinds.get(Kind.UNIT) == "laps":
        yield Concept.LAPS
    if any(kind == "event" for kind, _ in mark.kinds.get(Kind.VENUE, ())):
        yield Concept.GP
