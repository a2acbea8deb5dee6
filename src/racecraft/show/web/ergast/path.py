"""What a path of Ergast asks for: a season, a round, filters, and a kind of thing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from racecraft.errors import ArgumentError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Sequence

RESOURCES = {
    "seasons": "seasons",
    "races": "races",
    "results": "results",
    "sprint": "sprint",
    "qualifying": "qualifying",
    "laps": "laps",
    "pitstops": "pitstops",
    "driverstandings": "driverstandings",
    "constructorstandings": "constructorstandings",
    "drivers": "drivers",
    "constructors": "constructors",
    "circuits": "circuits",
    "status": "status",
}
ONLY_FILTERS = ("grid", "fastest")
NEEDS_SEASON = ("driverstandings", "constructorstandings")
NEEDS_ROUND = ("laps", "pitstops")
LONGEST = 16  # parts of a path


@dataclass(frozen=True)
class Wanted:
    """What was asked for.

    Attributes
    ----------
    season, round
        As written: a number, ``current``, ``last`` or ``next``; None for all.
    resource
        One of `RESOURCES`.
    filters
        Value by what it filters: ``{"drivers": "alonso"}``.
    """

    resource: str
    season: str | None = None
    round: str | None = None
    filters: dict[str, str] = field(default_factory=dict)


def parse(path: str) -> Wanted:
    """What a path asks for, with or without a slash or ``.json`` at its end.

    Raises
    ------
    NotFoundError
        There is no such kind of thing.
    ArgumentError
        It cannot be answered without a season, or without a round.

    Examples
    --------
    >>> parse("2023/20/drivers/alonso/results.json")
    Wanted(resource='results', season='2023', round='20', filters={'drivers': 'alonso'})
    >>> parse("2023/").resource
    'races'
    """
    parts = [part for part in path.casefold().removesuffix(".json").split("/") if part]
    if len(parts) > LONGEST:
        raise ArgumentError(f"a path of {len(parts)} parts; at most {LONGEST}")
    season = round_ = None
    if parts and (parts[0].isdecimal() or parts[0] == "current"):
        season = parts.pop(0)
        if parts and (parts[0].isdecimal() or parts[0] in ("last", "next")):
            round_ = parts.pop(0)
    resource, filters = _named(parts)
    if resource in NEEDS_SEASON and season is None:
        raise ArgumentError(f"{resource} needs a season", hint=f"such as 2023/{resource}")
    if resource in NEEDS_ROUND and round_ is None:
        raise ArgumentError(f"{resource} needs a season and a round", hint=f"2023/1/{resource}")
    return Wanted(resource, season, round_, filters)


def _named(parts: Sequence[str]) -> tuple[str, dict[str, str]]:
    """Kind of thing at the end, and the filters before it; the end may be a filter as well."""
    if not parts:
        return "races", {}
    filters, rest = {}, list(parts)
    while len(rest) > 1:
        name, value = rest[0], rest[1]
        if name not in RESOURCES and name not in ONLY_FILTERS:
            raise _unknown(name)
        filters[name] = value
        rest = rest[2:]
        if not rest:
            if name in ONLY_FILTERS:
                return "results", filters
            return RESOURCES[name], filters
    if rest[0] not in RESOURCES:
        raise _unknown(rest[0])
    return RESOURCES[rest[0]], filters


def _unknown(name: str) -> NotFoundError:
    return NotFoundError(f"no {name[:40]!r} in Ergast", hint=f"there are {', '.join(RESOURCES)}")
