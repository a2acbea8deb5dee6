"""What sentences of moments are made of: names, places, laps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from racecraft.analysis.fights.battle_words import place_words
from racecraft.analysis.fights.explain import name_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from racecraft.model.race import Race
    from racecraft.sim.moments.happening import Happening


class Told(NamedTuple):
    """What a sentence is made of."""

    race: Race
    one: Happening
    cars: Sequence[str]

    def name(self, car: str) -> str:
        """What a car is called."""
        return name_of(self.race, car)


def listed(names: Sequence[str]) -> str:
    """Names in a row: A, B and C."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def numbered(count: int, thing: str) -> str:
    """So many things, small numbers in words: one lap, three laps, 12 laps."""
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    return f"{words[count] if count < len(words) else count} {thing}{'' if count == 1 else 's'}"


def laps_words(one: Happening) -> str:
    """The laps on which something happened, in words."""
    short = one.last_lap <= one.lap + 1
    return f"lap {one.lap}" if short else f"laps {one.lap} to {one.last_lap}"


def place_or_first(place: int) -> str:
    """A place in words: first, second, P11."""
    return "first" if place == 1 else place_words(place)


def met_words(told: Told, car: str) -> str:
    """Whom a car met at the start, as its telemetry makes it seem."""
    met: Any = told.one.facts.get("met", {})
    return f", in contact with {told.name(met[car])} as it seems" if met.get(car) else ""
