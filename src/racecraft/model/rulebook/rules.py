"""What the regulations of a season decide: points, what counts, how ties are broken, sanctions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from racecraft.errors import ArgumentError, RuleError

if TYPE_CHECKING:
    from collections.abc import Mapping

Championship = Literal["drivers", "constructors"]
CHAMPIONSHIPS: tuple[Championship, ...] = get_args(Championship)
Outcome = Literal["excluded", "reset", "points"]


@dataclass(frozen=True, kw_only=True)
class Counting:
    """Which results of a championship count.

    Attributes
    ----------
    best
        How many of the best results count; of each half, where the season is split. None: all.
    drop
        How many results are dropped instead, of each half.
    halves
        Which half is the larger one where the rounds of the season are odd; None: no halves.
    best_car_only
        Of a team's cars only the best placed one scores.
    """

    best: int | None = None
    drop: int = 0
    halves: Literal["first", "second"] | None = None
    best_car_only: bool = False

    def parts(self, rounds: int) -> tuple[tuple[int, int], ...]:
        """Return the parts of a season in order: their rounds, and how many results count.

        >>> Counting(drop=1, halves="first").parts(11)
        ((6, 5), (5, 4))
        """
        small, large = rounds // 2, rounds - rounds // 2
        if self.halves is None:
            sizes: tuple[int, ...] = (rounds,)
        else:
            sizes = (large, small) if self.halves == "first" else (small, large)
        return tuple((n, min(n, n - self.drop if self.best is None else self.best)) for n in sizes)


@dataclass(frozen=True, kw_only=True)
class FastestLap:
    """The point for the fastest lap of a race; split where several set the same time."""

    points: float = 1.0
    within: int | None = None  # only for those who finish in so many first places


@dataclass(frozen=True, kw_only=True)
class Ineligible:
    """A car or driver that was classified and could not score.

    Attributes
    ----------
    drivers, teams
        Whose result it is; neither named, it is everybody's.
    place
        Only the result in this place, of a driver with two.
    scope
        The championship in which it does not count; None: in both.
    moves_up
        The cars behind score as if it had not been there.
    shares
        A shared car's points are split as if he had had his part.
    """

    event: str
    reason: str
    drivers: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    place: int | None = None
    scope: Championship | None = None
    moves_up: bool = False
    shares: bool = False


@dataclass(frozen=True, kw_only=True)
class Sanction:
    """What a court or the stewards decided about a whole championship.

    Attributes
    ----------
    who
        Driver (as his source's stable name) or team.
    before
        Event before which the decision fell; None: after the last one.
    outcome
        ``excluded`` from the championship, ``reset`` to nothing, or ``points`` added.
    """

    kind: Championship
    who: str
    before: str | None
    outcome: Outcome
    reason: str
    points: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Reduced:
    """Points of a race that was stopped early: for a share of its distance, table or factor."""

    below: float  # share of the planned distance that was not reached
    points: tuple[float, ...] | None = None
    factor: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Rulebook:
    """The regulations of one season, as far as they decide a championship.

    Attributes
    ----------
    points, sprint
        Points of a race and of a sprint by place.
    fastest_lap
        The point for the fastest lap of a race, if there was one.
    shared_drives
        Drivers who shared a car share its points; otherwise they get none.
    crews
        Drivers who shared a car all score its points, whatever `shared_drives` says.
    reduced
        Scales for races stopped early, the shortest first.
    distance
        Share of the planned distance, by event, of races stopped early.
    factor
        Factor on the points of an event: two for double points.
    sprints
        Events with a sprint.
    drivers, constructors
        What counts; None where there was no such championship.
    not_for_constructors
        Events outside the constructors' championship.
    countback_places
        Last place that breaks a tie between those with points; None: all of them. Only races count,
        never sprints.
    cars
        Cars of one team that may score in one race.
    """

    season: int
    article: str
    points: tuple[float, ...]
    drivers: Counting
    constructors: Counting | None
    sprint: tuple[float, ...] = ()
    constructor_points: tuple[float, ...] = ()
    fastest_lap: FastestLap | None = None
    shared_drives: bool = False
    crews: bool = False
    reduced: tuple[Reduced, ...] = ()
    distance: Mapping[str, float]
    factor: Mapping[str, float]
    sprints: tuple[str, ...] = ()
    not_for_constructors: tuple[str, ...] = ()
    countback_places: int | None = None
    cars: int = 2
    ineligible: tuple[Ineligible, ...] = ()
    sanctions: tuple[Sanction, ...] = ()

    def counting(self, kind: Championship) -> Counting:
        """Return what counts in a championship.

        Raises
        ------
        ArgumentError
            There is no championship of that kind.
        RuleError
            There was none in this season.
        """
        if kind not in CHAMPIONSHIPS:
            raise ArgumentError(
                f"no championship of {kind!r}", hint=f"one of {', '.join(CHAMPIONSHIPS)}"
            )
        found = self.drivers if kind == "drivers" else self.constructors
        if found is None:
            raise RuleError(
                f"there was no constructors' championship in {self.season}",
                hint="the first one was that of 1958",
                season=self.season,
            )
        return found

    def scale(
        self,
        event: str,
        session: str = "race",
        kind: Championship = "drivers",
        *,
        to_come: bool = False,
    ) -> tuple[float, ...]:
        """Points by place of one race or sprint, shortened and double ones included.

        Nobody knows of one to come that it will be shortened.

        >>> from racecraft.model.rulebook.book import rulebook
        >>> rulebook(2021).scale("belgian-grand-prix")[:3]
        (12.5, 9.0, 7.5)
        >>> rulebook(2021).scale("belgian-grand-prix", to_come=True)[:3]
        (25.0, 18.0, 15.0)
        """
        if session == "sprint":
            return self.sprint
        full = self.points
        if kind == "constructors":
            if event in self.not_for_constructors:
                return ()
            full = self.constructor_points or full
        share = 1.0 if to_come else self.distance.get(event, 1.0)
        for step in self.reduced:
            if share < step.below:
                if step.points is not None:
                    return step.points
                return tuple(p * step.factor for p in full)
        return tuple(p * self.factor.get(event, 1.0) for p in full)

    def lap_points(
        self, event: str, kind: Championship = "drivers", *, to_come: bool = False
    ) -> float:
        """Points for the fastest lap of the race of an event; zero where none are awarded."""
        if self.fastest_lap is None or (event in self.distance and not to_come):
            return 0.0
        if kind == "constructors" and self.fastest_lap.within is None:
            return 0.0  # in 1958 and 1959 the point was the driver's alone
        return self.fastest_lap.points * self.factor.get(event, 1.0)
