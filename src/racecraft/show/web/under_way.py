"""Races that are being run: known only as far as they have come, and soon another."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

from racecraft.model.race import Race

if TYPE_CHECKING:
    from collections.abc import Callable

    from racecraft.show.web.shelf import Shelf

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class UnderWay:
    """A race as far as it has come: laps that it is to go over, and what was made of it."""

    distance: int = 0
    made: dict[str, Any] = field(default_factory=dict)


UNDER_WAY: WeakKeyDictionary[Race, UnderWay] = WeakKeyDictionary()


def made_of(shelf: Shelf, race: Race, name: str, make: Callable[[Race], T]) -> T:
    """Something made of a race, once: of one under way, as far as it has come."""
    if race not in UNDER_WAY:
        return shelf.of_race(name, race, make)
    kept = UNDER_WAY[race].made
    if name not in kept:
        kept[name] = make(race)
    found: T = kept[name]
    return found
