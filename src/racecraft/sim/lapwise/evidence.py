"""What one race says about each parameter of the simulator."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from racecraft.analysis.order.overtakes import overtakes
from racecraft.analysis.order.timing import median, timing
from racecraft.sim.lapwise.course import GREEN, HARD, RED, SC, course
from racecraft.sim.lapwise.crossover import changes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from racecraft.model.race import Race
    from racecraft.sim.lapwise.course import Course, Flags, Floats, Ints

STANDARD_LAP = 90.0  # seconds: lap times of all circuits are compared as if a lap took this long
STANDARD_LAPS = 60  # and ages of tyres as if a race had so many laps
RACING_SPEED = 1.07  # of the median; slower laps are spins and damage
NEAR_S = 5.0  # a car so close is one that a stop is answered to
ATTACK_S = 1.2  # a car so close when the lap begins is in reach
FAR_S = 2.0  # a car so close behind another one runs in its air
TROUBLE_FROM_S = 4.0  # of a standard lap, beyond the field and the car's own pace
LEAST_LAPS = 10  # a shorter race says nothing
START_SHOWS_BY = 2  # lap of the leader by which the track is neutralised for what the start did


@dataclass(frozen=True, eq=False, kw_only=True)
class Evidence:
    """What one race says; arrays within a group are of one length.

    Attributes
    ----------
    season, event, laps, lap_s
        Which race, and its length; seconds of a green lap.
    cars, teams
        Keys of the cars and their teams.
    pace
        Clean laps: `car lap seconds tyre age ahead stint`; seconds of a `STANDARD_LAP`.
    attacks
        Pairs of cars within `ATTACK_S` when a green lap began: `behind ahead lap interval passed
        tyre_behind age_behind tyre_ahead age_ahead`.
    choices
        Laps on which a car could have stopped: `age left must tyre state since made covered
        stopped`; laps under that flag so far, stops made beyond the mean, and whether a car near by
        stopped on the lap before.
    fitted
        New tyres: `must old new tenth`, tenth of the race.
    stops
        Time lost in stops: `seconds state`.
    starts
        Lap 1: `place seconds`, behind the leader of the lap.
    exposure
        Car-laps and retirements on the first lap, and on the others, ``(2, 2)``.
    flags
        Neutralisations: `lap state laps after_out`.
    green_laps
        Of the leader, beyond `START_SHOWS_BY`: without, and after a retirement, ``(2,)``.
    followed
        Attacks that failed: seconds behind the car ahead before and after it, ``(attacks, 2)``.
    passes
        On the track, as `racecraft.analysis.order.overtakes` counts flying laps.
    penalised
        Cars whose time was lengthened after the flag, and cars that took it.
    wet
        Share of the laps on wet tyres.
    changes
        From dry tyres to wet ones or back, as `racecraft.sim.lapwise.crossover.changes`.
    trouble
        Green laps, those that lost more than `TROUBLE_FROM_S`, and seconds lost beyond it.
    """

    season: int
    event: str
    laps: int
    lap_s: float
    cars: tuple[str, ...]
    teams: tuple[str, ...]
    pace: dict[str, NDArray[np.float64]]
    attacks: dict[str, NDArray[np.float64]]
    choices: dict[str, NDArray[np.float64]]
    fitted: dict[str, NDArray[np.float64]]
    stops: dict[str, NDArray[np.float64]]
    starts: dict[str, NDArray[np.float64]]
    exposure: NDArray[np.float64]
    flags: dict[str, NDArray[np.float64]]
    green_laps: NDArray[np.float64]
    followed: NDArray[np.float64]
    passes: int
    penalised: tuple[int, int]
    wet: float
    changes: NDArray[np.float64]
    trouble: tuple[int, int, float]


def evidence(race: Race) -> Evidence | None:
    """What a race says; None of one that is too short to say anything."""
    run = course(race)
    if run.laps < LEAST_LAPS:
        return None
    lap_s = float(median(run.lap_time[run.green]))
    teams = dict(zip(race.entries[:, 0], race.entries["team"], strict=True))
    last, out = _retired(race, run)
    flags, exposed = _flags(run, out)
    attacks, followed = _attacks(run)
    return Evidence(
        season=race.season,
        event=race.event,
        laps=run.laps,
        lap_s=lap_s,
        cars=run.cars,
        teams=tuple(teams.get(car) or "" for car in run.cars),
        pace=_pace(run, lap_s),
        attacks=attacks,
        choices=_choices(run),
        fitted=_fitted(run),
        stops=_stops(run),
        starts=_starts(run),
        exposure=_exposure(run, last, out),
        flags=flags,
        green_laps=exposed,
        followed=followed,
        passes=overtakes(race, rule="flying_laps").height,
        penalised=_penalised(race, run),
        wet=float((run.tyre[~np.isnan(run.end)] > HARD).mean()),
        changes=changes(run),
        trouble=_trouble(run, lap_s),
    )


def clean(run: Course) -> Flags:
    """Green laps on dry tyres at racing speed."""
    dry = run.green & (run.tyre <= HARD)
    typical = median(np.where(dry, run.lap_time, np.nan), axis=0)
    with np.errstate(invalid="ignore"):
        return np.asarray(dry & (run.lap_time < RACING_SPEED * typical))


def stint_of(run: Course) -> Ints:
    """Number of the stint of each lap, from 0."""
    number = np.zeros(run.end.shape, np.int64)
    number[1:] = np.cumsum(run.stopped[:-1], axis=0)
    return number


def _pace(run: Course, lap_s: float) -> dict[str, Floats]:
    lap, car = np.nonzero(clean(run))
    return _group(
        car=car,
        lap=lap + 1,
        seconds=run.lap_time[lap, car] * STANDARD_LAP / lap_s,
        tyre=run.tyre[lap, car],
        age=run.age[lap, car],
        ahead=run.ahead[lap, car],
        stint=stint_of(run)[lap, car],
    )


def _attacks(run: Course) -> tuple[dict[str, Floats], Floats]:
    rows, followed = [], []
    racing = run.green & ~run.stopped
    for lap in range(1, run.laps):
        before, after = run.end[lap - 1], run.end[lap]
        order = np.argsort(before)
        for first, second in pairwise(order):
            interval = before[second] - before[first]
            if not (interval < ATTACK_S and racing[lap, first] and racing[lap, second]):
                continue
            passed = after[second] < after[first]
            tyres = [value[lap, car] for car in (second, first) for value in (run.tyre, run.age)]
            rows.append((second, first, lap + 1, interval, passed, *tyres))
            if not passed:
                followed.append((interval, after[second] - after[first]))
    table = np.array(rows, float).reshape(-1, 9)
    names = (
        "behind", "ahead", "lap", "interval", "passed",
        "tyre_behind", "age_behind", "tyre_ahead", "age_ahead",
    )  # fmt: skip
    return dict(zip(names, table.T, strict=True)), np.array(followed, float).reshape(-1, 2)


def _choices(run: Course) -> dict[str, Floats]:
    number = np.arange(1, run.laps + 1)[:, None]
    may = ~np.isnan(run.end) & (number < run.laps) & (number > 1) & (run.state != RED)
    lap, car = np.nonzero(may)
    made = stops_beyond(run)
    return _group(
        made=made[lap, car],
        covered=covered(run)[:-1][lap, car],
        age=run.age[lap, car] * STANDARD_LAPS / run.laps,
        left=run.laps - lap - 1,
        must=_must(run)[lap, car],
        tyre=run.tyre[lap, car],
        state=run.state[lap, car],
        since=laps_under_flag(run)[lap, car],
        stopped=run.stopped[lap, car],
    )


def laps_under_flag(run: Course) -> Ints:
    """Laps that each car has driven under the flag of a lap, this one included; (laps, cars)."""
    found = np.ones(run.state.shape, np.int64)
    for lap in range(1, run.laps):
        found[lap] = np.where(run.state[lap] == run.state[lap - 1], found[lap - 1] + 1, 1)
    return found


def stops_beyond(run: Course) -> Floats:
    """Stops that each car has made before a lap, beyond the mean of the running; (laps, cars)."""
    made = np.cumsum(run.stopped, axis=0, dtype=np.int64) - run.stopped
    on = ~np.isnan(run.end)
    mean = np.where(on, made, 0).sum(axis=1) / np.maximum(on.sum(axis=1), 1)
    return np.asarray(made - mean[:, None])


def covered(run: Course) -> Flags:
    """Whether a car near by stopped at the end of the lap before; ``(laps + 1, cars)``."""
    near = np.zeros((run.laps + 1, len(run.cars)), np.bool_)
    for lap, car in zip(*np.nonzero(run.stopped[1:]), strict=True):  # on the lap after `lap`
        apart = np.abs(run.end[lap] - run.end[lap, car]) < NEAR_S
        apart[car] = False
        near[lap + 2] |= apart
    return near


def _must(run: Course) -> Flags:
    """Whether a car has used one dry compound only so far, and needs another one."""
    used = np.zeros(run.end.shape, np.int64)
    for compound in range(HARD + 1):
        used |= np.maximum.accumulate(run.tyre == compound, axis=0).astype(np.int64) << compound
    wet = np.maximum.accumulate(run.tyre > HARD, axis=0)
    return np.isin(used, (1, 2, 4)) & ~wet


def _fitted(run: Course) -> dict[str, Floats]:
    lap, car = np.nonzero(run.stopped[:-1] & ~np.isnan(run.end[1:]))
    return _group(
        must=_must(run)[lap, car],
        old=run.tyre[lap, car],
        new=run.tyre[lap + 1, car],
        tenth=np.minimum((run.laps - lap - 1) * 10 // run.laps, 9),
    )


def _stops(run: Course) -> dict[str, Floats]:
    """Time of in-lap and out-lap beyond those of the cars that stayed out on the same laps."""
    stays = ~run.in_lap & ~run.out_lap
    usual = median(np.where(stays, run.lap_time, np.nan), axis=1)
    own = median(np.where(run.green, run.lap_time - usual[:, None], np.nan), axis=0)
    lap, car = np.nonzero(run.stopped[:-1])
    beyond = run.lap_time - usual[:, None] - np.nan_to_num(own)[None]
    loss = beyond[lap, car] + beyond[lap + 1, car]
    good = ~np.isnan(loss) & (run.state[lap, car] != RED)
    return _group(seconds=loss[good], state=run.state[lap, car][good])


def _trouble(run: Course, lap_s: float) -> tuple[int, int, float]:
    """Green laps on which a car was off, spun or failing."""
    green = np.where(run.green & (run.tyre <= HARD), run.lap_time, np.nan)
    beyond = green - median(green, axis=1)[:, None]
    beyond = (beyond - median(beyond, axis=0)[None]) * STANDARD_LAP / lap_s
    known = beyond[~np.isnan(beyond)]
    slow = known[known > TROUBLE_FROM_S]
    return len(known), len(slow), float((slow - TROUBLE_FROM_S).sum())


def _starts(run: Course) -> dict[str, Floats]:
    known = ~np.isnan(run.grid) & ~np.isnan(run.end[0])
    place = np.argsort(np.argsort(run.grid[known])) + 1
    first = run.end[0][known]
    if not known.any():
        return _group(place=place, seconds=first)
    return _group(place=place, seconds=first - first.min())


def _retired(race: Race, run: Course) -> tuple[Ints, Ints]:
    """Laps completed by each car, and on which it dropped out, 0 if it took the flag."""
    number = np.arange(1, run.laps + 1)[:, None]
    last = np.where(~np.isnan(run.end), number, 0).max(axis=0)
    took = timing(race).finished | (last == run.laps)
    return last, np.where(took, 0, last + 1)


def _exposure(run: Course, last: Ints, out: Ints) -> Floats:
    started = (last > 0) | ~np.isnan(run.grid)
    first = [float(started.sum()), float(((out == 1) & started).sum())]
    return np.array([first, [float(np.maximum(last - 1, 0).sum()), float((out > 1).sum())]])


def _flags(run: Course, out: Ints) -> tuple[dict[str, Floats], Floats]:
    leader = np.argsort(np.where(np.isnan(run.end), np.inf, run.end), axis=1)[:, 0]
    state = run.state[np.arange(run.laps), leader]
    after_out = np.zeros(run.laps + 3, bool)
    for lap in out[out > 0]:
        after_out[lap : lap + 2] = True
    rows, exposed = [], np.zeros(2)
    lap = 0
    while lap < run.laps:
        trouble = bool(after_out[lap + 1])
        if state[lap] == GREEN:
            if lap >= START_SHOWS_BY:
                exposed[int(trouble)] += 1
            lap += 1
            continue
        end = lap
        while end < run.laps and state[end] != GREEN:
            end += 1
        kind = state[lap:end].max()
        rows.append((lap + 1, kind, max(end - lap - 1, 1), trouble))
        lap = end
    table = np.array(rows, float).reshape(-1, 4)
    return dict(zip(("lap", "state", "laps", "after_out"), table.T, strict=True)), exposed


def _penalised(race: Race, run: Course) -> tuple[int, int]:
    """Cars whose official time is later than the one at the Line, among those with both."""
    table = race.classification.filter(race.classification["time"].is_not_null())
    official = dict(
        zip(
            table["car"],
            table["time"].dt.total_microseconds(),
            strict=True,
        )
    )
    both = [c for c, car in enumerate(run.cars) if car in official and run.end[-1, c] > 0]
    if len(both) < HARD:
        return 0, 0
    late = np.array([official[run.cars[c]] / 1e6 - run.end[-1, c] for c in both])
    return int((late - np.median(late) > 4).sum()), len(both)


def _group(**columns: NDArray[np.generic]) -> dict[str, Floats]:
    return {name: np.asarray(value, float) for name, value in columns.items()}


__all__ = ["SC", "Evidence", "clean", "evidence"]
