"""A world to simulate: a race, its state after a lap, and the parameters, as plain arrays."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from racecraft.sim.lapwise import columns as k
from racecraft.sim.lapwise.course import (
    GREEN,
    RED,
    SC,
    TYRES,
    VSC,
    course,
    longer,
    on_the_grid,
    state_after,
)  # fmt: skip
from racecraft.sim.lapwise.crossover import followed, under_way
from racecraft.sim.lapwise.evidence import FAR_S, STANDARD_LAP, STANDARD_LAPS, covered
from racecraft.sim.lapwise.fit_stops import (
    LEFT_EDGES,
    OPTIONS,
    OTHERS,
    TENTHS,
    by_age,
    by_left,
)
from racecraft.sim.lapwise.pace import pace_so_far, tyre_seconds
from racecraft.sim.lapwise.penalties import penalties_due
from racecraft.sim.lapwise.world import World

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from racecraft.model.race import Race
    from racecraft.sim.lapwise.course import Course, State
    from racecraft.sim.lapwise.pace import Pace
    from racecraft.sim.lapwise.parameters import Parameters
    from racecraft.sim.lapwise.prior import Known

    Floats = NDArray[np.float64]

LAPS_TABLE = 130
QUANTILES = 256
STALE_LAPS_DOWN = 0.3  # what the strength of a car says of its retirements is halved in a race
PENALTY_S = 5.0
AFTER_FLAG = 0.1  # of the penalties, the share that is given when the race is over; the others
# are known when they are given, where the messages of race control are
# Not fitted: the pace behind a safety car and the catching up are set by the rules and the delta
# on the dashboard; see docs/definitions/simulation.md.
LAP_SC, LAP_CATCH, LAP_VSC, QUEUE_S, GRID_ROW_S = 1.50, 1.28, 1.35, 0.9, 0.3
UNLAP = 0.7
LAPPED_S, LAPPING_S = 0.9, 0.15
RESTART_SPREAD = 0.45


class Simulated:
    """A race made ready to be simulated from any lap, over as many laps as it is to go."""

    def __init__(
        self,
        race: Race,
        known: Known,
        parameters: Parameters,
        circuit: str,
        *,
        laps: int = 0,
        run: Course | None = None,
        lap_time: float | None = None,
    ) -> None:
        """Make a race ready; `run` and `lap_time` are those of one that was not driven."""
        self.race, self.known, self.parameters = race, known, parameters
        self.run: Course = longer(course(race), laps) if run is None else run
        self.circuit, self.lap_time = circuit, lap_time
        self.pace: Pace = pace_so_far(self.run, known, parameters, circuit)
        named = dict(zip(race.entries[:, 0], race.entries["team"], strict=True))
        self.teams = np.unique(
            [named.get(car) or car for car in self.run.cars], return_inverse=True
        )[1]
        tables = _tables(parameters, circuit, self.run.laps)
        self._stop_by_age, self._stop_by_left, self._by_others, self._next, self._quantiles = tables
        self._covered = covered(self.run)

    def world(self, lap: int) -> World:
        """World after a lap of the leader; 0 is the grid."""
        run, p, circuit = self.run, self.parameters, self.circuit
        now = state_after(self.race, lap) if lap else on_the_grid(run)
        if self.lap_time is not None:
            now = replace(now, lap_time=self.lap_time)
        scale = now.lap_time / STANDARD_LAP
        cars = len(run.cars)
        out = np.flatnonzero(
            ~now.running & ((~np.isnan(run.end)).any(axis=0) | ~np.isnan(run.grid))
        )
        last = np.where(~np.isnan(run.end), np.arange(1, run.laps + 1)[:, None], 0).max(axis=0)
        table = self._cars(now, lap, scale)
        stops, fits = self._stop_by_age, self._next
        change = under_way(run, lap) if lap and now.flag != RED else None
        if change is not None:
            speaks = float(self._stop_by_left[0, run.laps - lap - 1])
            stops, fits = followed(change, p, stops, fits, speaks)
        never = np.setdiff1d(np.arange(cars), np.concatenate([out, now.order]))
        return World(
            names=run.cars,
            from_lap=lap,
            laps=run.laps,
            order=now.order[np.argsort(table[now.order, k.GAP], kind="stable")].astype(np.int64),
            cars=table,
            states=_states(now, self._covered[lap]),
            race=_race_numbers(p, circuit, scale, self.pace.day_spread[lap], now),
            base=np.full(run.laps + 2, now.lap_time),
            tyre_s=(tyre_seconds(p, circuit, k.AGES, day=self.pace.day[lap]) * scale).ravel(),
            flag=now.flag,
            flag_left=self._flag_left(now),
            forced=np.zeros(run.laps + 2, np.int64),
            plan=np.zeros((0, cars), np.int64),
            stop_by_age=stops,
            stop_by_left=self._stop_by_left,
            stop_by_others=self._by_others,
            next_tyre=fits,
            sc_laps=self._quantiles[0],
            vsc_laps=self._quantiles[1],
            stop_s=self._quantiles[2],
            out_before=np.concatenate([out[np.argsort(-last[out], kind="stable")], never]).astype(
                np.int64
            ),
        )

    def _cars(self, now: State, lap: int, scale: float) -> Floats:
        run, p = self.run, self.parameters
        spread = self.pace.spread[lap]
        prior = p.of("prior_spread") ** 2 + p.of("team_spread") ** 2
        shared = p.of("team_spread") ** 2 / prior  # of what is unknown, the part of the team
        table = np.zeros((len(run.cars), k.CAR_COLUMNS))
        table[:, k.GAP] = np.nan_to_num(now.gap) + self._owed(now)
        mean = self.pace.mean[lap]
        table[:, k.PACE] = (mean - np.mean(mean[now.order])) * scale if len(now.order) else 0.0
        table[:, k.PACE_SPREAD] = spread * np.sqrt(1 - shared) * scale
        table[:, k.TEAM_SPREAD] = spread * np.sqrt(shared) * scale
        table[:, k.UNSTEADY] = self.pace.unsteady
        table[:, k.FORM] = self.pace.form[lap] * scale
        table[:, k.FORM_SPREAD] = self.pace.form_spread[lap] * scale
        table[:, k.RETIRES] = _hazard(self.known.out, p, run.laps)
        for column, name in ((k.ATTACK, "attack"), (k.DEFEND, "defend")):
            table[:, column] = [
                p.of(f"{name} {car}") if f"{name} {car}" in p.figures else 0.0 for car in run.cars
            ]
        rank = np.zeros(len(run.cars))
        rank[now.order] = np.arange(len(now.order))
        table[:, k.START] = rank * p.of("start_slot")
        table[:, k.START_SPREAD] = p.of("start_spread")
        table[:, k.FIRST_LAP_OUT] = p.of("first_lap_out")
        due = penalties_due(self.race, run, lap)
        table[:, k.OWED] = 0.0 if due is None else due
        to_come = 1.0 if due is None else AFTER_FLAG + (1 - AFTER_FLAG) * (1 - lap / run.laps)
        table[:, k.PENALTY] = p.of("penalty") * to_come
        table[:, k.TEAM] = self.teams
        if lap:
            table[:, k.START] = 0.0
        return table

    def _owed(self, now: State) -> Floats:
        """Seconds that a stop will still cost the cars which are in it."""
        share = {VSC: self.parameters.of("pit_vsc"), SC: self.parameters.of("pit_sc"), RED: 0.0}
        loss = self.parameters.of("pit_loss", self.circuit) * share.get(now.flag, 1.0)
        return np.nan_to_num(np.maximum(loss - now.stopping, 0.0))

    def _flag_left(self, now: State) -> NDArray[np.int64]:
        """Laps that a neutralisation of now still lasts, as those did that lasted so long."""
        if now.flag in (GREEN, RED):
            return np.full(QUANTILES, 2, np.int64)
        laps = self._quantiles[0 if now.flag == SC else 1]
        longer = laps[laps > now.flag_laps]
        left = longer - now.flag_laps if len(longer) else np.ones(1, np.int64)
        at = np.arange(QUANTILES) * len(left) // QUANTILES
        return np.asarray(np.sort(left)[at] + 1, np.int64)


def _states(now: State, near: NDArray[np.bool_]) -> NDArray[np.int64]:
    table = np.zeros((len(now.tyre), k.CAR_STATES), np.int64)
    table[:, k.TYRE] = now.tyre
    table[:, k.AGE] = np.minimum(now.age, k.AGES - 1)
    table[:, k.USED] = np.where(now.tyre > 2, now.used | 8, now.used)
    table[:, k.STOPS] = now.stops
    table[:, k.DOWN] = now.laps_down
    table[:, k.COVERED] = near
    return table


def _hazard(out: Floats, p: Parameters, laps: int) -> Floats:
    """Chance to drop out on a lap, from that of not being classified."""
    field = p.of("retires")
    usual = 1 - (1 - field) ** laps
    own = field * np.clip(out / max(float(np.mean(out)), 1e-3), 0.3, 3.0)
    return np.asarray(own if usual else np.zeros_like(own))


def _race_numbers(
    p: Parameters, circuit: str, scale: float, day_spread: Floats, now: State
) -> Floats:
    values = {
        k.NOISE: p.of("noise") * scale,
        k.STINT_SPREAD: p.of("stint_spread") * scale,
        k.DIRTY_AIR: p.of("dirty_air", circuit) * scale,
        k.DIRTY_WITHIN: FAR_S,
        k.ATTACK_WITHIN: 1.2,
        k.PASS_BASE: p.of("pass_base", circuit),
        k.PASS_BY_PACE: p.of("pass_by_pace", circuit) / scale,
        k.PASS_BY_GAP: p.of("pass_by_gap"),
        k.FOLLOW: p.of("follow"),
        k.FOLLOW_BY_GAP: p.of("follow_by_gap"),
        k.FOLLOW_SPREAD: p.of("follow_spread"),
        k.AFTER_PASS: p.of("after_pass"),
        k.PIT_LOSS: p.of("pit_loss", circuit),
        k.PIT_SC: p.of("pit_sc"),
        k.PIT_VSC: p.of("pit_vsc"),
        k.LAP_SC: LAP_SC,
        k.LAP_CATCH: LAP_CATCH,
        k.LAP_VSC: LAP_VSC,
        k.QUEUE: QUEUE_S,
        k.SC_ONSET: p.of("sc_onset", circuit),
        k.SC_FIRST_LAP: p.of("sc_first_lap"),
        k.SC_AFTER_OUT: p.of("sc_after_out"),
        k.VSC_SHARE: p.of("vsc_share"),
        k.RED_SHARE: p.of("red_share"),
        k.LAPPED: LAPPED_S,
        k.LAPPING: LAPPING_S,
        k.RESTART_SPREAD: RESTART_SPREAD,
        k.SLOT: GRID_ROW_S,
        k.UNLAP: UNLAP,
        k.PENALTY_S: PENALTY_S,
        k.FORM_KEPT: p.of("form_kept"),
        k.FORM_STEP: p.of("form_spread") * np.sqrt(1 - p.of("form_kept") ** 2) * scale,
        k.STOP_SHARED: p.of("stop_shared"),
        k.TROUBLE: p.of("trouble"),
        k.TROUBLE_S: p.of("trouble_s") * scale,
        k.WEAR_SPREAD: day_spread[0] * scale,
        k.MEDIUM_SPREAD: day_spread[1] * scale,
        k.HARD_SPREAD: day_spread[2] * scale,
        k.FLAG_LAPS: now.flag_laps,
    }
    out = np.zeros(k.RACE_NUMBERS)
    for column, value in values.items():
        out[column] = value
    return out


def _tables(
    p: Parameters, circuit: str, laps: int
) -> tuple[Floats, NDArray[np.int64], Floats, Floats, tuple[NDArray[Any], ...]]:
    """Log-odds of stops in cells of the table of chances; next compounds; quantiles."""
    odds = np.array(p.curves["stop_odds"])
    n = len(TYRES) * k.AGES
    tyre = np.repeat(np.arange(len(TYRES)), k.AGES)
    known = np.where(tyre < OPTIONS, tyre, 1)
    age = np.tile(np.arange(k.AGES), len(TYRES)) * STANDARD_LAPS / max(laps, 1)
    ages = np.stack([by_age(known, age, np.full(n, mood)) for mood in range(1 + 2 * k.MOODS)])
    width = ages.shape[-1]
    more = p.of("stop_more", circuit)
    age_cells = np.floor((ages @ odds[:width] + more + k.LOGIT_RANGE) * k.LOGIT_STEPS)
    left = np.arange(LAPS_TABLE)
    lefts = np.stack([by_left(np.full(LAPS_TABLE, must), left) for must in (False, True)])
    left_cells = np.round(lefts @ odds[width:-OTHERS] * k.LOGIT_STEPS)
    chances = np.reshape(p.curves["next_tyre"], (2, len(TYRES), TENTHS, OPTIONS))
    quantiles = (
        np.array(p.curves["sc_laps"]).astype(np.int64),
        np.array(p.curves["vsc_laps"]).astype(np.int64),
        np.array(p.curves["stop_s"]),
    )
    return (
        age_cells,
        left_cells.astype(np.int64),
        odds[-OTHERS:] * k.LOGIT_STEPS,
        np.cumsum(chances, axis=-1),
        quantiles,
    )


__all__ = ["LEFT_EDGES", "Simulated"]
