"""Whether an article is about a race at all: other sports have points, seasons and wins as well."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from racecraft.press_old.sentence import Mark, Sentence

# What people speak of in a race and hardly elsewhere; `RACE` alone may be one for an office.
RACING = frozenset((
    "GP", "RACE", "LAP", "LAPS", "POLE", "POLESITTER", "GRID", "GRID_PENALTY", "FRONT_ROW",
    "PODIUM", "COMPLETE_PODIUM", "PIT", "PIT_LANE", "QUALIFY", "SPRINT", "SAFETY_CAR", "VSC",
    "RED_FLAG", "FASTEST_LAP", "FIRST_LAP", "LAST_LAP", "CONSTRUCTORS", "TURN",
))  # fmt: skip
ENOUGH = 2  # different things of those


def is_about_racing(sentences: Iterable[Sentence]) -> bool:
    """Whether sentences name a Grand Prix, or speak of enough that only races have."""
    spoken: set[str] = set()
    for sentence in sentences:
        for mark in sentence.marks:
            spoken |= set(_racing(mark))
            if "GP" in spoken or len(spoken) >= ENOUGH:
                return True
    return False


def _racing(mark: Mark) -> Iterator[str]:
    """What a mark says of racing; the name of an event is as good as "Grand Prix"."""
    yield from RACING & set(mark.kinds)
    if mark.kinds.get("UNIT") == "laps":
        yield "LAPS"
    if any(kind == "event" for kind, _ in mark.kinds.get("place", ())):
        yield "GP"
