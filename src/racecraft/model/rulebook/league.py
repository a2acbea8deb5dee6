"""Rules of a championship that somebody wrote down himself: points, drop scores, classes.

A small TOML file:

    name = "Club Karting Cup"
    points = [25, 20, 16, 13, 11, 10, 9, 8, 7, 6]  # of the first, the second, ...
    sprint = [8, 7, 6, 5]       # left out: sprints score nothing
    fastest_lap = 1             # or {points = 1, within = 10}: only for the first ten
    best = 8                    # so many results count; or drop = 2: so many do not
    classes = ["Senior", "Junior"]  # each is a championship of its own; left out: one for all
    calendar = ["Genk", "Mariembourg"]  # in order, those to come included; left out: as stored

    [factor]                    # double points at an event
    "Genk" = 2
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from racecraft.errors import RuleError
from racecraft.model.race import event_id
from racecraft.model.rulebook.rules import Counting, FastestLap, Rulebook

if TYPE_CHECKING:
    from collections.abc import Mapping

KNOWN = ("name", "points", "sprint", "fastest_lap", "best", "drop", "classes", "calendar", "factor")
MOST_PLACES = 200


@dataclass(frozen=True, kw_only=True)
class League:
    """A championship of somebody's own.

    Attributes
    ----------
    name
        What it is called.
    book
        Its points and what counts, as those of Formula 1 are kept.
    classes
        Classes that are championships of their own, by their place in the class; none: one for all.
    calendar
        Names of its events in order; empty: as they are stored.
    """

    name: str
    book: Rulebook
    classes: tuple[str, ...] = ()
    calendar: tuple[str, ...] = ()


def parse_league(text: str, *, season: int, file: str = "rules") -> League:
    """Read the rules of a league; everybody who shared a car scores what the car scores.

    Parameters
    ----------
    text
        TOML, as at the top of this module.
    season
        Year that they are for.
    file
        Its name, for errors.

    Raises
    ------
    RuleError
        It is no TOML, names something unknown, or its points have a hole.

    Examples
    --------
    >>> parse_league("points = [10, 6, 4]", season=2024).book.points
    (10.0, 6.0, 4.0)
    """
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RuleError(f"{file}: no TOML: {error}", file=file) from error
    if unknown := [name for name in said if name not in KNOWN]:
        raise RuleError(
            f"{file}: {unknown[0]!r} is no rule", hint=f"these are: {', '.join(KNOWN)}", file=file
        )
    if "points" not in said:
        raise RuleError(f"{file}: no points by place", hint="points = [25, 18, 15]", file=file)
    book = Rulebook(
        season=season,
        article=file,
        points=_scale(said["points"], "points", file),
        sprint=_scale(said["sprint"], "sprint", file) if "sprint" in said else (),
        fastest_lap=_fastest_lap(said.get("fastest_lap"), file),
        drivers=_counting(said, file),
        constructors=_counting(said, file),
        crews=True,
        distance={},
        factor=_factors(said.get("factor", {}), file),
    )
    classes, calendar = (_names(said.get(name, []), name, file) for name in ("classes", "calendar"))
    return League(name=str(said.get("name", "")), book=book, classes=classes, calendar=calendar)


def _scale(said: Any, name: str, file: str) -> tuple[float, ...]:
    """Points by place, from a list or a table of places without a hole."""
    if isinstance(said, dict):
        said = _by_place(said, name, file)
    if not isinstance(said, list) or not said or len(said) > MOST_PLACES:
        raise RuleError(f"{file}: {name} is no list of points by place", file=file)
    scale = tuple(_number(value, f"{name}, place {i}", file) for i, value in enumerate(said, 1))
    for place, (better, worse) in enumerate(pairwise(scale), 2):
        if worse > better:
            raise RuleError(
                f"{file}: {name} has {worse:g} for place {place} and {better:g} for the one before",
                hint="a better place never scores less",
                file=file,
            )
    return scale


def _by_place(said: Mapping[str, Any], name: str, file: str) -> list[Any]:
    places = {int(place): value for place, value in said.items() if place.isdecimal()}
    if len(places) < len(said) or 0 in places:
        raise RuleError(f"{file}: {name} has a place that is none; expected 1, 2, ...", file=file)
    for place in range(1, max(places, default=0) + 1):
        if place not in places:
            raise RuleError(
                f"{file}: {name} has a hole: nothing for place {place}",
                hint="give every place its points, zero included",
                file=file,
            )
    return [places[place] for place in sorted(places)]


def _number(value: Any, what: str, file: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e6:
        raise RuleError(f"{file}: {what}: {value!r}; expected points, zero or more", file=file)
    return float(value)


def _fastest_lap(said: Any, file: str) -> FastestLap | None:
    if said is None:
        return None
    if isinstance(said, dict):
        within = said.get("within")
        if set(said) - {"points", "within"} or not isinstance(within, int | None):
            raise RuleError(
                f"{file}: fastest_lap knows points and within, such as {{points = 1, within = 10}}",
                file=file,
            )
        return FastestLap(points=_number(said.get("points", 1), "fastest_lap", file), within=within)
    return FastestLap(points=_number(said, "fastest_lap", file))


def _counting(said: Mapping[str, Any], file: str) -> Counting:
    best, drop = said.get("best"), said.get("drop", 0)
    if best is not None and "drop" in said:
        raise RuleError(f"{file}: best and drop both", hint="one says the other", file=file)
    for name, value in (("best", best), ("drop", drop)):
        if value is not None and (
            isinstance(value, bool) or not isinstance(value, int) or value < 0
        ):
            raise RuleError(f"{file}: {name} is {value!r}; expected how many results", file=file)
    return Counting(best=best, drop=drop)


def _factors(said: Any, file: str) -> dict[str, float]:
    if not isinstance(said, dict):
        raise RuleError(f"{file}: factor is no table of events", file=file)
    return {event_id(name): _number(value, f"factor {name}", file) for name, value in said.items()}


def _names(said: Any, what: str, file: str) -> tuple[str, ...]:
    if not isinstance(said, list) or not all(isinstance(name, str) and name for name in said):
        raise RuleError(f"{file}: {what} is no list of names", file=file)
    if len(set(said)) < len(said):
        raise RuleError(f"{file}: {what} names one twice", file=file)
    return tuple(said)
