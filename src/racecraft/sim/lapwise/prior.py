"""What is known of every car before the lights go out: earlier results, qualifying and the grid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from racecraft.sim.prerace.field import field_of_cars, fields
from racecraft.sim.prerace.knowledge import Knowledge
from racecraft.sim.retirements import retirements

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from racecraft.model.race import Race
    from racecraft.model.season import Season
    from racecraft.sim.prerace.field import Field

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
    today
        The same with what the qualifying and the sprint of the weekend say; left out, `strength`.
    qualifying
        Lap in qualifying as a share of the best of all, beyond 1: who set none is where he was
        expected, and in a qualifying unlike any other all are closer. NaN where none is known.
    race_pace
        Share of a race that is expected to be lost to the fastest; NaN, or left out: not known.
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
    today: Floats | None = None
    race_pace: Floats | None = None

    @property
    def design(self) -> Floats:
        """Features of the pace that is expected, ``(cars, 4)``, each with mean zero."""
        gap = np.minimum(self.qualifying, FAR_OFF_PACE)
        columns = [self.strength, gap, self.grid, self._lost]
        return np.stack([_centred(column) for column in columns], axis=1)

    @property
    def standing(self) -> Floats:
        """What drivers and cars are worth beyond their laps, ``(cars, 2)``, each with mean zero.

        Strength on the day, and the share of a race that they are expected to win on the others,
        in percent.
        """
        today = self.strength if self.today is None else self.today
        return np.stack([_centred(-today), _centred(100 * self._lost)], axis=1) * -1.0

    @property
    def _lost(self) -> Floats:
        lost = np.full(len(self.strength), np.nan) if self.race_pace is None else self.race_pace
        return np.minimum(lost, FAR_OFF_PACE)


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
    ids, teams = _seats(race, cars, season)
    out, knowledge = usual, Knowledge()
    for one in past:
        knowledge.pass_by(one)
    seats = list(zip(cars, ids, teams, strict=True))
    field = field_of_cars(season, race.event, seats, sprint=race.session == "race")
    outset = knowledge.outset(field)
    if past:
        out = retirements([one.weekend() for one in past], ids, teams, outset.strength).mean
    shown = np.isfinite(field.pace).any()
    return Known(
        strength=outset.strength - outset.strength.mean(),
        today=outset.strength_today - outset.strength_today.mean(),
        qualifying=outset.lap_today / 100 if shown else nothing,
        race_pace=(outset.race_pace - outset.race_pace.min()) / 100 if past else nothing,
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


def _before(race: Race, season: Season, history: Sequence[Season]) -> list[Field]:
    earlier = sorted(
        (one for one in history if season.season - MEMORY <= one.season < season.season),
        key=lambda one: one.season,
    )
    number = dict(season.events["event", "round"].iter_rows())
    here = number.get(race.event, race.round)
    past = [field for one in earlier for field in fields(one)]
    return past + ([] if here is None else fields(season, before=here))


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
