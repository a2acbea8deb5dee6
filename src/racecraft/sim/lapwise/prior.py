"""What is known of every car before the lights go out: earlier results, qualifying and the grid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from racecraft.sim.past_weekends import weekends
from racecraft.sim.retirements import retirements
from racecraft.sim.strength import Strengths

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from racecraft.model.race import Race
    from racecraft.model.season import Season
    from racecraft.sim.past_weekends import Weekend

    Floats = NDArray[np.float64]

MEMORY = 3  # seasons before this one from which strengths are learnt
FAR_OFF_PACE = 0.04  # a lap in qualifying slower than the best by more says nothing more
USUAL_OUT = 0.14  # share of starters not classified, where nothing is known of them


@dataclass(frozen=True, eq=False, kw_only=True)
class Known:
    """What is known of the cars of a race beforehand; shapes ``(cars,)``.

    Attributes
    ----------
    strength
        In the unit of the attrition model, less the mean of the field; zero where nothing is known.
    qualifying
        Best lap in qualifying as a share of the best of all, beyond 1; NaN where there is none.
    grid
        Place on the grid, from 0 to 1; NaN where there is none.
    out
        Chance not to be classified.
    learnt
        Weekends that the strengths were learnt from.
    circuit
        Name of the circuit; empty where not known.
    pace
        Seconds of a standard lap against the mean that are expected, where somebody gave them.
    """

    strength: Floats
    qualifying: Floats
    grid: Floats
    out: Floats
    learnt: int
    circuit: str = ""
    pace: Floats | None = None

    @property
    def design(self) -> Floats:
        """Features of the pace that is expected, ``(cars, 3)``, each with mean zero."""
        gap = np.minimum(self.qualifying, FAR_OFF_PACE)
        columns = [self.strength, gap, self.grid]
        return np.stack([_centred(column) for column in columns], axis=1)


def known_before(
    race: Race,
    cars: Sequence[str],
    grid: Floats,
    season: Season | None = None,
    history: Sequence[Season] = (),
) -> Known:
    """What is known of the cars of a race before its start; later results are not looked at."""
    at = _place_on_grid(grid)
    usual = np.full(len(cars), USUAL_OUT)
    nothing = np.full(len(cars), np.nan)
    if season is None:
        return Known(strength=np.zeros(len(cars)), qualifying=nothing, grid=at, out=usual, learnt=0)
    past = _before(race, season, history)
    strength, out = np.zeros(len(cars)), usual
    ids, teams = _seats(race, cars, season)
    if past:
        model = Strengths()
        for weekend in past:
            model.learn(weekend)
        if model._season != season.season:
            model.begin(season.season)
        mean, _ = model.cars(ids, teams)
        out = retirements([w for w in past if len(w.started)], ids, teams, mean).mean
        strength = mean - mean.mean()
    return Known(
        strength=strength,
        qualifying=_qualifying(race, cars, season),
        grid=at,
        out=out,
        learnt=len(past),
        circuit=circuit_of(race, season),
    )


def circuit_of(race: Race, season: Season | None) -> str:
    """Name of the circuit of a race; empty where the season does not say."""
    if season is None:
        return ""
    found = season.events.filter(event=race.event)["circuit"].drop_nulls()
    return str(found[0]) if len(found) else ""


def _before(race: Race, season: Season, history: Sequence[Season]) -> list[Weekend]:
    earlier = sorted(
        (one for one in history if season.season - MEMORY <= one.season < season.season),
        key=lambda one: one.season,
    )
    past = [weekend for one in earlier for weekend in weekends(one)]
    number = dict(season.events["event", "round"].iter_rows())
    here = number.get(race.event, race.round)
    run = [
        (event, session)
        for event in season.events["event"]
        for session in ("sprint", "race")
        if here is not None and number[event] is not None and number[event] < here
    ]
    return past + weekends(season, run)


def _seats(race: Race, cars: Sequence[str], season: Season) -> tuple[list[str], list[str]]:
    """Stable names of drivers and teams, as the weekends have them."""
    ids = dict(season.drivers["driver", "driver_id"].iter_rows())
    team_ids = dict(season.teams["team", "team_id"].iter_rows())
    listed = season.results.filter(event=race.event, session=race.session)
    entered = dict(listed["driver", "team"].iter_rows())
    others = dict(season.results["driver", "team"].iter_rows())
    named = dict(zip(race.entries[:, 0], race.entries["team"], strict=True))
    teams = [entered.get(car) or others.get(car) or named.get(car) or car for car in cars]
    return (
        [ids.get(car) or car for car in cars],
        [team_ids.get(team) or team for team in teams],
    )


def _qualifying(race: Race, cars: Sequence[str], season: Season) -> Floats:
    """Best lap of each car as a share of the best of all, beyond 1."""
    table = season.qualifying.filter(event=race.event).with_columns(
        best=pl.min_horizontal("q1", "q2", "q3").dt.total_microseconds()
    )
    best = dict(table.drop_nulls("best")["driver", "best"].iter_rows())
    if not best:
        return np.full(len(cars), np.nan)
    pole = min(best.values())
    return np.array([best[car] / pole - 1 if car in best else np.nan for car in cars])


def _place_on_grid(grid: Floats) -> Floats:
    known = ~np.isnan(grid)
    at = np.full(len(grid), np.nan)
    if known.any():
        rank = np.argsort(np.argsort(grid[known]))
        at[known] = rank / max(len(rank) - 1, 1)
    return at


def _centred(column: Floats) -> Floats:
    known = ~np.isnan(column)
    if not known.any():
        return np.zeros(len(column))
    worst = np.nanmax(column)
    filled = np.where(known, column, worst)
    return np.asarray(filled - filled.mean())
