"""The weekends of seasons as the models of strength and retirement see them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from racecraft.model.season import Season

DID_NOT_START = ("F", "W")  # did not qualify, withdrew
RECENT = 3  # weekends
FULL_GRID = 0.7  # a published qualifying with fewer of the starters is a fragment


@dataclass(frozen=True, eq=False, kw_only=True)
class Weekend:
    """Who drove for whom, and the orders in which they came in.

    Attributes
    ----------
    drivers, teams
        Stable names, one entry per car.
    race, sprint, qualifying
        Cars in the order of their places; only those that have one. Empty where there was none,
        or where it is yet to come.
    started
        Cars in the race.
    retired
        Cars in the race without a place.
    fastest
        Place of the car that set the fastest lap of the race; None where unknown.
    """

    season: int
    drivers: tuple[str, ...]
    teams: tuple[str, ...]
    race: NDArray[np.int64]
    sprint: NDArray[np.int64]
    qualifying: NDArray[np.int64]
    started: NDArray[np.int64]
    retired: NDArray[np.int64]
    fastest: int | None


def weekends(season: Season, run: Iterable[tuple[str, str]] | None = None) -> list[Weekend]:
    """Weekends of a season in order.

    Parameters
    ----------
    season
        Needs ``events`` and ``results``; ``drivers``, ``teams`` and ``qualifying`` where it has
        them.
    run
        The races and sprints that may be looked at, as (event, session); left out, all.
    """
    may = None if run is None else set(run)
    who = pl.col("position_text").is_in(DID_NOT_START) & pl.col("position").is_null()
    results = (
        season.results.filter(~who.fill_null(value=False))
        .join(season.drivers.select("driver", "driver_id"), on="driver", how="left")
        .join(season.teams.select("team", "team_id"), on="team", how="left")
        .with_columns(
            by=pl.coalesce("driver_id", "driver"),
            of=pl.coalesce("team_id", "team").fill_null(""),
        )
        .sort("order")
        .unique(["event", "session", "by"], keep="first", maintain_order=True)
    )
    parts = results.partition_by("event", "session", as_dict=True, maintain_order=True)
    qualified = season.qualifying.partition_by("event", as_dict=True, maintain_order=True)
    found = []
    for event in season.events.sort("round")["event"]:
        race, sprint = (
            parts.get((event, name)) if may is None or (event, name) in may else None
            for name in ("race", "sprint")
        )
        shown = race if race is not None else sprint
        if shown is not None:
            found.append(_weekend(season.season, race, sprint, shown, qualified.get((event,))))
    return found


def seats(past: Sequence[Weekend]) -> tuple[list[str], list[str]]:
    """Who is expected in the races to come: drivers, and their teams.

    Every team has as many cars as in the last race. They go to those who drove for it last, first
    to whoever started most often in the last `RECENT` weekends, so that a stand-in gives his car
    back; of two who did so equally often to the one who drove last.
    """
    latest: dict[str, tuple[str, int]] = {}
    starts: Counter[str] = Counter()
    recent = [one for one in past[-RECENT:] if one.season == past[-1].season]
    for at, weekend in enumerate(recent):
        latest |= {d: (t, at) for d, t in zip(weekend.drivers, weekend.teams, strict=True)}
        starts.update(weekend.drivers)
    cars = Counter(past[-1].teams)
    found = []
    for driver in sorted(latest, key=lambda d: (-starts[d], -latest[d][1])):
        team = latest[driver][0]
        if cars[team] > 0:
            cars[team] -= 1
            found.append((driver, team))
    return [driver for driver, _ in found], [team for _, team in found]


def _weekend(
    season: int,
    race: pl.DataFrame | None,
    sprint: pl.DataFrame | None,
    shown: pl.DataFrame,
    qualified: pl.DataFrame | None,
) -> Weekend:
    teams = dict(shown["by", "of"].rows())
    for other in (race, sprint):
        if other is not None:
            teams = dict(other["by", "of"].rows()) | teams
    number = {driver: i for i, driver in enumerate(teams)}
    started: list[int] = []
    retired: list[int] = []
    qualifying: list[int] = []
    fastest = None
    if race is not None:
        started = [number[d] for d in race["by"]]
        retired = [number[d] for d in race.filter(pl.col("position").is_null())["by"]]
        qualifying = _qualifying(race, qualified, number)
        timed = race.drop_nulls("fastest_lap_time").sort("fastest_lap_time")
        fastest = timed["position"][0] if timed.height else None
    return Weekend(
        season=season,
        drivers=tuple(teams),
        teams=tuple(teams.values()),
        race=_array(_order(race, number)),
        sprint=_array(_order(sprint, number)),
        qualifying=_array(qualifying),
        started=_array(started),
        retired=_array(retired),
        fastest=fastest,
    )


def _order(results: pl.DataFrame | None, number: dict[Any, int]) -> list[int]:
    if results is None:
        return []
    return [number[d] for d in results.drop_nulls("position").sort("position", "order")["by"]]


def _qualifying(
    race: pl.DataFrame, qualified: pl.DataFrame | None, number: dict[Any, int]
) -> list[int]:
    """Order of qualifying; the grid where that is not recorded."""
    names = dict(race["driver", "by"].rows())
    if qualified is not None:
        ranked = qualified.drop_nulls("position").sort("position")["driver"]
        order = [number[names[d]] for d in ranked if d in names]
        if len(order) >= FULL_GRID * race.height:
            return order
    return [number[d] for d in race.drop_nulls("grid").sort("grid")["by"]]


def _array(values: list[int]) -> NDArray[np.int64]:
    return np.array(values, dtype=np.int64)
