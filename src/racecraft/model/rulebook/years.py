"""The regulations of Formula One, season by season, as data."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, TypeVar

from racecraft.model.rulebook.rules import (
    Counting,
    FastestLap,
    Ineligible,
    Reduced,
    Rulebook,
    Sanction,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_T = TypeVar("_T")

FIRST, LAST = 1950, 2026

# From which season on: points by place. Sporting Regulations, Article 6 ("World Championship").
_POINTS: dict[int, tuple[float, ...]] = {
    1950: (8, 6, 4, 3, 2),
    1960: (8, 6, 4, 3, 2, 1),
    1961: (9, 6, 4, 3, 2, 1),
    1991: (10, 6, 4, 3, 2, 1),
    2003: (10, 8, 6, 5, 4, 3, 2, 1),
    2010: (25, 18, 15, 12, 10, 8, 6, 4, 2, 1),
}
_SPRINT: dict[int, tuple[float, ...]] = {
    1950: (),
    2021: (3, 2, 1),
    2022: (8, 7, 6, 5, 4, 3, 2, 1),
}
_CONSTRUCTOR_POINTS = {1961: (8.0, 6.0, 4.0, 3.0, 2.0, 1.0)}  # the ninth point was the driver's

_FASTEST_LAP: dict[int, FastestLap | None] = {
    1950: FastestLap(),
    1960: None,
    2019: FastestLap(within=10),
    2025: None,
}

# What counts towards the drivers' championship.
_ALL = Counting()
_HALVES = Counting(drop=1, halves="first")
_DRIVERS: dict[int, Counting] = {
    1950: Counting(best=4),
    1954: Counting(best=5),
    1958: Counting(best=6),
    1959: Counting(best=5),
    1960: Counting(best=6),
    1961: Counting(best=5),
    1963: Counting(best=6),
    1966: Counting(best=5),
    1967: _HALVES,
    1979: Counting(best=4, halves="second"),
    1980: Counting(best=5, halves="second"),
    1981: Counting(best=11),
    1991: _ALL,
}

# And towards the constructors': the International Cup for Formula One Manufacturers until 1980.
_CONSTRUCTORS: dict[int, Counting | None] = {
    1950: None,
    1958: Counting(best=6, best_car_only=True),
    1959: Counting(best=5, best_car_only=True),
    1960: Counting(best=6, best_car_only=True),
    1961: Counting(best=5, best_car_only=True),
    1963: Counting(best=6, best_car_only=True),
    1966: Counting(best=5, best_car_only=True),
    1967: Counting(drop=1, halves="first", best_car_only=True),
    1979: _ALL,
}

# Races that were stopped early: by how much of the planned distance was not reached.
_REDUCED: dict[int, tuple[Reduced, ...]] = {
    1950: (),
    1975: (Reduced(below=0.3, factor=0.0), Reduced(below=0.6, factor=0.5)),
    1977: (Reduced(below=0.75, factor=0.5),),
    2022: (
        Reduced(below=0.25, points=(6, 4, 3, 2, 1)),
        Reduced(below=0.5, points=(13, 10, 8, 6, 5, 4, 3, 2, 1)),
        Reduced(below=0.75, points=(19, 14, 12, 9, 8, 6, 5, 3, 2, 1)),
    ),
}
_DISTANCE: dict[int, dict[str, float]] = {
    1975: {"spanish-grand-prix": 29 / 75, "austrian-grand-prix": 29 / 54},
    1984: {"monaco-grand-prix": 31 / 77},
    1991: {"australian-grand-prix": 14 / 81},
    2009: {"malaysian-grand-prix": 31 / 56},
    2021: {"belgian-grand-prix": 1 / 44},
}
_FACTOR = {2014: {"abu-dhabi-grand-prix": 2.0}}  # Article 6.4 of 2014: double points

_SPRINTS: dict[int, tuple[str, ...]] = {
    2021: ("british", "italian", "sao-paulo"),
    2022: ("emilia-romagna", "austrian", "sao-paulo"),
    2023: ("azerbaijan", "austrian", "belgian", "qatar", "united-states", "sao-paulo"),
    2024: ("chinese", "miami", "austrian", "united-states", "sao-paulo", "qatar"),
    2025: ("chinese", "miami", "belgian", "united-states", "sao-paulo", "qatar"),
    2026: ("chinese", "miami", "canadian", "british", "dutch", "singapore"),
}

# Places that break a tie. Until 1994 only those that scored: published tables leave ties beyond.
_COUNTBACK: dict[int, int | None] = {1950: 5, 1960: 6, 1995: None}

_ARTICLE: dict[int, str] = {
    1950: "CSI regulations of the World Championship of Drivers",
    1958: "CSI regulations of the World Championship of Drivers and of the International Cup",
    1981: "FISA Formula One World Championship, Sporting Regulations",
    1994: "FIA Formula One World Championship, Sporting Regulations, Articles 6 and 7",
    2010: "FIA Formula One Sporting Regulations, Articles 6.4 (points), 6.5 (stopped races), "
    "7.2 (dead heat)",
    2026: "FIA Formula One Regulations of 2026, Section B (sporting)",
}

_FORMULA_2 = "a Formula 2 car: in the race, not in the championship"
_INELIGIBLE: dict[int, tuple[Ineligible, ...]] = {
    1956: (
        Ineligible(
            event="monaco-grand-prix",
            drivers=("fangio",),
            place=4,
            shares=True,
            reason="second car of a driver who scored with another",
        ),
    ),
    1957: (
        Ineligible(
            event="british-grand-prix",
            drivers=("collins",),
            reason="drove too little of a shared race",
        ),
    ),
    1958: (Ineligible(event="german-grand-prix", drivers=("mclaren",), reason=_FORMULA_2),),
    1963: (
        Ineligible(event="french-grand-prix", drivers=("hill",), reason="push-started on the grid"),
    ),
    1967: (
        Ineligible(
            event="german-grand-prix", drivers=("oliver", "rees"), reason=_FORMULA_2, moves_up=True
        ),
    ),
    1969: (
        Ineligible(
            event="german-grand-prix",
            drivers=(
                "pescarolo",
                "attwood",
                "ahrens",
                "stommelen",
                "westbury",
                "xavier_perrot",
                "cevert",
                "servoz-gavin",
            ),
            reason=_FORMULA_2,
            moves_up=True,
        ),
    ),
    1984: (
        Ineligible(
            event="italian-grand-prix",
            drivers=("gartner", "berger"),
            reason="second car of a team that had entered one",
        ),
    ),
    1987: (
        Ineligible(
            event="australian-grand-prix",
            drivers=("dalmas",),
            reason="second car of a team that had entered one",
        ),
    ),
    1995: (
        Ineligible(
            event="brazilian-grand-prix",
            drivers=("michael_schumacher", "coulthard"),
            scope="constructors",
            reason="fuel not as approved; the drivers had their points back on appeal",
        ),
    ),
    2000: (
        Ineligible(
            event="austrian-grand-prix",
            drivers=("hakkinen",),
            scope="constructors",
            reason="seal missing from the electronic box",
        ),
    ),
    2007: (
        Ineligible(
            event="hungarian-grand-prix",
            teams=("McLaren",),
            scope="constructors",
            reason="held up its own car in qualifying",
        ),
    ),
}

_SANCTIONS: dict[int, tuple[Sanction, ...]] = {
    1984: (
        Sanction(
            kind="constructors",
            who="Tyrrell",
            before="italian-grand-prix",
            outcome="excluded",
            reason="lead and water added during the race; all results annulled",
        ),
    ),
    1997: (
        Sanction(
            kind="drivers",
            who="michael_schumacher",
            before=None,
            outcome="excluded",
            reason="drove into Villeneuve in the last race; keeps his results",
        ),
    ),
    2007: (
        Sanction(
            kind="constructors",
            who="McLaren",
            before="belgian-grand-prix",
            outcome="excluded",
            reason="held data of a rival",
        ),
    ),
    2018: (
        Sanction(
            kind="constructors",
            who="Force India",
            before="belgian-grand-prix",
            outcome="reset",
            reason="new entrant from this event on; the points of the old one were struck out",
        ),
    ),
    2020: (
        Sanction(
            kind="constructors",
            who="Racing Point",
            before="70th-anniversary-grand-prix",
            outcome="points",
            points=-15.0,
            reason="brake ducts designed by a rival",
        ),
    ),
}


@cache
def book_of(season: int) -> Rulebook:
    """Rulebook of a season from `FIRST` to `LAST`."""
    return Rulebook(
        season=season,
        article=_since(_ARTICLE, season),
        points=_floats(_since(_POINTS, season)),
        sprint=_floats(_since(_SPRINT, season)),
        constructor_points=_CONSTRUCTOR_POINTS.get(season, ()),
        drivers=_since(_DRIVERS, season),
        constructors=_since(_CONSTRUCTORS, season),
        fastest_lap=_since(_FASTEST_LAP, season),
        shared_drives=season < 1958,
        reduced=_since(_REDUCED, season),
        distance=_DISTANCE.get(season, {}),
        factor=_FACTOR.get(season, {}),
        sprints=tuple(f"{name}-grand-prix" for name in _SPRINTS.get(season, ())),
        not_for_constructors=("indianapolis-500",),
        countback_places=_since(_COUNTBACK, season),
        ineligible=_INELIGIBLE.get(season, ()),
        sanctions=_SANCTIONS.get(season, ()),
    )


def _since(table: Mapping[int, _T], season: int) -> _T:
    """Return what a table by first season says of a later one."""
    return table[max(year for year in table if year <= season)]


def _floats(values: Sequence[float]) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
