"""A race as the simulator sees it: laps by cars as arrays, and the state after any lap."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from racecraft.analysis.order.changes import grid
from racecraft.analysis.order.control import control, standing_starts
from racecraft.analysis.order.laps import laps
from racecraft.analysis.order.stops import stops
from racecraft.analysis.order.timing import median, timing
from racecraft.analysis.pace.clean_laps import interval_ahead
from racecraft.model.once import once_per
from racecraft.model.terms import COMPOUNDS, WET_COMPOUNDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from racecraft.analysis.order.timing import Timing
    from racecraft.model.race import Race

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]

TYRES = ("soft", "medium", "hard", "intermediate", "wet", "unknown")
SOFT, MEDIUM, HARD, INTERMEDIATE, WET, UNKNOWN = range(6)
FREED = 8  # beside the bits of compounds: another need not be used any more, or nobody knows
GREEN, VSC, SC, RED = range(4)
_STATES = {"VSC": VSC, "SC": SC, "red": RED}
OLD_NAMES = ("hypersoft", "ultrasoft", "supersoft", "superhard")  # seven compounds, until 2018
MOST_LAPS_DOWN = 12
ANNOUNCED_US = 15e6  # before racing goes on, the lights of the safety car go out
RECENT_LAPS = 8  # over which the lap time of a race now is taken


@dataclass(frozen=True, eq=False, kw_only=True)
class Course:
    """What happened on every lap; arrays of shape ``(laps, cars)`` unless said otherwise.

    Attributes
    ----------
    cars
        Keys of the cars.
    grid
        Place on the grid, by which the others are counted if it is not known; ``(cars,)``.
    end
        Seconds at the end of the lap; NaN where it was not completed.
    lap_time
        Seconds; NaN where not known.
    tyre, age
        Index into `TYRES`; laps that the set has done, this one included.
    in_lap, out_lap
        The lap ends, or begins, in the pit lane.
    stopped
        New tyres were fitted at the end of the lap, the race not being stopped.
    ahead
        Seconds behind the next car on the road when the lap began; inf where none.
    state
        Gravest state of the track during the lap of that car: `GREEN`, `VSC`, `SC` or `RED`.
    yellow
        Local yellow flags, too, count.
    standing
        Laps that began from the grid, ``(laps,)``.
    """

    cars: tuple[str, ...]
    grid: Floats
    end: Floats
    lap_time: Floats
    tyre: Ints
    age: Ints
    in_lap: Flags
    out_lap: Flags
    stopped: Flags
    ahead: Floats
    state: Ints
    yellow: Flags
    standing: Flags

    @property
    def laps(self) -> int:
        """Laps of the winner."""
        return len(self.end)

    @property
    def green(self) -> Flags:
        """Laps at racing speed: no flags, no pit lane, no start."""
        return np.asarray(
            (self.state == GREEN)
            & ~self.yellow
            & ~self.in_lap
            & ~self.out_lap
            & ~self.standing[:, None]
            & ~np.isnan(self.lap_time)
        )


@dataclass(frozen=True, eq=False, kw_only=True)
class State:
    """A race after a lap of its leader; arrays of shape ``(cars,)``.

    Attributes
    ----------
    lap
        Laps done by the leader; 0 on the grid.
    running
        Cars still in the race, as far as could be seen when the leader began the next lap but one.
    gap
        Seconds behind the leader, laps that a car is down included at the lap time of now; NaN
        where a car is not running.
    laps_down
        Whole laps behind.
    order
        Running cars in order, ``(running,)``.
    tyre, age, stops
        Index into `TYRES`; laps done on the set; stops made.
    used
        Bits of the dry compounds used so far.
    lap_time
        Seconds of a green lap now.
    flag
        State of the track when the leader began the next lap.
    flag_laps
        Laps of the leader that this state has lasted.
    wet
        Share of the running cars on wet tyres.
    stopping
        Seconds lost so far in a stop that is not over: the in-lap is done, the out-lap is not; NaN
        for all others.
    """

    lap: int
    running: Flags
    gap: Floats
    laps_down: Ints
    order: Ints
    tyre: Ints
    age: Ints
    stops: Ints
    used: Ints
    lap_time: float
    flag: int
    flag_laps: int
    wet: float
    stopping: Floats


@once_per
def course(race: Race) -> Course:
    """Laps of a race as arrays.

    Raises
    ------
    NotEnoughDataError
        The race has no crossings.
    """
    at = timing(race)
    table = laps(race)
    shape = (at.laps, len(at.cars))
    where = (
        table["lap"].to_numpy().astype(np.int64) - 1,
        np.array([at.cars.index(car) for car in table["car"]], np.int64),
    )

    def laid(values: NDArray[Any], empty: float | bool) -> NDArray[Any]:
        out = np.full(shape, empty, values.dtype)
        out[where] = values
        return out

    end = at.at_line / 1e6
    lap_time = laid(
        table["lap_time"].dt.total_microseconds().cast(pl.Float64).fill_null(np.nan).to_numpy()
        / 1e6,
        np.nan,
    )
    state = table["state"].replace_strict(_STATES, default=GREEN, return_dtype=pl.Int64)
    age = table["tyre_age"].cast(pl.Int64).fill_null(0).to_numpy()
    since = _since_new(table["stint"].to_numpy().astype(np.int64), where, shape)
    return Course(
        cars=tuple(at.cars),
        grid=_grid(race, at),
        end=end,
        lap_time=lap_time,
        tyre=laid(_tyres(table["compound"]), UNKNOWN),
        age=np.where(laid(age, 0) > 0, laid(age, 0), since),
        in_lap=laid(table["in_lap"].to_numpy(), False),
        out_lap=laid(table["out_lap"].to_numpy(), False),
        stopped=_stopped(race, at),
        ahead=interval_ahead(race),
        state=laid(state.to_numpy(), GREEN),
        yellow=laid((table["state"] == "yellow").fill_null(value=False).to_numpy(), False),
        standing=np.isin(np.arange(1, at.laps + 1), list(standing_starts(race))),
    )


def longer(run: Course, laps: int) -> Course:
    """The same race with the laps that are still to come, of which nothing is known.

    >>> from racecraft.sources.sample.toy import toy_race
    >>> longer(course(toy_race()), 50).laps
    50
    """
    more = laps - run.laps
    if more <= 0:
        return run
    unknown: dict[str, Any] = {}
    for field in fields(run):
        values = getattr(run, field.name)
        if isinstance(values, np.ndarray) and len(values) == run.laps and field.name != "grid":
            rows = values[-1:].copy()
            rows[:] = np.nan if values.dtype.kind == "f" else 0
            unknown[field.name] = np.concatenate([values, np.repeat(rows, more, axis=0)])
    return replace(run, **unknown)


def state_after(race: Race, lap: int) -> State:
    """State of a race when its leader has done so many laps; 0 on the grid.

    Cars a lap down are where they were when the leader began to cross the Line again, and nothing
    that came later is looked at, but for this: a car a lap down that never comes round again is
    out already.
    """
    run = course(race)
    if lap == 0:
        return on_the_grid(run)
    number = np.arange(1, run.laps + 1)[:, None]
    until = np.inf if lap == run.laps else float(np.nanmin(run.end[lap], initial=np.inf))
    seen = (run.end < until) & (number <= lap)
    done = np.where(seen, number, 0).max(axis=0)
    last = np.where(~np.isnan(run.end), number, 0).max(axis=0)
    finished = timing(race).finished & (until == np.inf)
    running = (done == lap) | ((done > 0) & ((last > done) | finished))
    running &= done >= lap - MOST_LAPS_DOWN
    now = _lap_time(run, lap)
    row = np.maximum(done - 1, 0)
    cars = np.arange(len(run.cars))
    reached = run.end[row, cars] + (lap - done) * now * 1.03
    laps_then_time = np.lexsort((run.end[row, cars], -done, ~running))
    order = laps_then_time[: int(running.sum())]
    reached[order] = np.maximum.accumulate(reached[order])
    reached = np.where(running, reached, np.nan)
    leader = np.nanmin(reached) if running.any() else np.nan
    fitted = run.stopped[:lap] & (number[:lap] <= np.minimum(done, lap))
    changed = np.where(done > 0, fitted.sum(axis=0), 0)
    just = run.stopped[row, cars] & (done > 0)
    upcoming = np.minimum(row + 1, run.laps - 1)
    tyre = np.where(just, run.tyre[upcoming, cars], run.tyre[row, cars])
    age = np.where(just, np.maximum(run.age[upcoming, cars] - 1, 0), run.age[row, cars])
    flag, flag_laps = _flag(race, run, lap)
    return State(
        lap=lap,
        running=running,
        gap=reached - leader,
        laps_down=np.where(running, lap - done, 0),
        order=order,
        tyre=tyre,
        age=age,
        stops=changed,
        used=_used(run, done, tyre),
        lap_time=now,
        flag=flag,
        flag_laps=flag_laps,
        wet=float(np.isin(tyre[running], (INTERMEDIATE, WET)).mean()) if running.any() else 0.0,
        stopping=np.where(just & (done < run.laps), _beyond(run, row, cars), np.nan),
    )


def on_the_grid(run: Course) -> State:
    """State of a race before its start: cars in order, all at one place."""
    starts = ~np.isnan(run.end).all(axis=0)
    starts |= ~np.isnan(run.grid)
    place = np.where(np.isnan(run.grid), np.nanmax(np.append(run.grid, 0)) + 1, run.grid)
    order = np.argsort(np.where(starts, place, np.inf), kind="stable")[: int(starts.sum())]
    gap = np.full(len(run.cars), np.nan)
    gap[order] = 0.0
    tyre = run.tyre[0]
    return State(
        lap=0,
        running=starts,
        gap=gap,
        laps_down=np.zeros(len(run.cars), np.int64),
        order=order,
        tyre=tyre,
        age=np.maximum(run.age[0] - 1, 0),
        stops=np.zeros(len(run.cars), np.int64),
        used=np.where(tyre <= HARD, 1 << np.minimum(tyre, HARD), 0),
        lap_time=_lap_time(run, run.laps),
        flag=GREEN,
        flag_laps=0,
        wet=float(np.isin(tyre[starts], (INTERMEDIATE, WET)).mean()) if starts.any() else 0.0,
        stopping=np.full(len(run.cars), np.nan),
    )


def _beyond(run: Course, lap: Ints, car: Ints) -> Floats:
    """Seconds that a lap of a car took beyond the median of those that stayed out."""
    stays = ~run.in_lap & ~run.out_lap
    usual = median(np.where(stays, run.lap_time, np.nan), axis=1)
    return np.nan_to_num(run.lap_time[lap, car] - usual[lap])


def _lap_time(run: Course, lap: int) -> float:
    """Seconds of a green lap of the field by then: the median of the latest ones."""
    green = np.where(run.green[:lap], run.lap_time[:lap], np.nan)
    with_laps = np.flatnonzero((~np.isnan(green)).any(axis=1))
    if len(with_laps):
        return float(median(green[with_laps[-RECENT_LAPS:]]))
    known = run.lap_time[:lap][~np.isnan(run.lap_time[:lap])]
    return float(np.median(known)) * 0.93 if len(known) else 90.0


def _flag(race: Race, run: Course, lap: int) -> tuple[int, int]:
    """State of the track as the leader begins the next lap, and for how many laps it has held."""
    time = float(np.nanmin(run.end[lap - 1], initial=np.inf)) * 1e6
    found, since = GREEN, time
    for begin, end, name in control(race)["from", "to", "state"].iter_rows():
        a = begin.total_seconds() * 1e6
        b = np.inf if end is None else end.total_seconds() * 1e6
        if name in _STATES and a <= time < b - ANNOUNCED_US and _STATES[name] >= found:
            found, since = _STATES[name], a
    leader = np.fmin.reduce(run.end[:lap], axis=1) * 1e6
    return found, int((leader > since).sum()) if found != GREEN else 0


def _used(run: Course, done: Ints, tyre: Ints) -> Ints:
    number = np.arange(1, run.laps + 1)[:, None]
    used = np.zeros(len(run.cars), np.int64)
    for compound in (SOFT, MEDIUM, HARD):
        had = ((run.tyre == compound) & (number <= done)).any(axis=0) | (tyre == compound)
        used |= had.astype(np.int64) << compound
    return used | np.where(((run.tyre == UNKNOWN) & (number <= done)).any(axis=0), FREED, 0)


def _stopped(race: Race, at: Timing) -> Flags:
    table = stops(race).filter(kind="stop")
    out = np.zeros((at.laps, len(at.cars)), np.bool_)
    for car, lap in zip(table[:, 0], table["lap"], strict=True):
        if car in at.cars and lap <= at.laps:
            out[lap - 1, at.cars.index(car)] = True
    return out


def _since_new(stint: Ints, where: tuple[Ints, Ints], shape: tuple[int, int]) -> Ints:
    """Laps of each stint so far, where the age of its tyres is not known."""
    number = np.full(shape, -1, np.int64)
    number[where] = stint
    out = np.zeros(shape, np.int64)
    for lap in range(shape[0]):
        same = number[lap] == number[lap - 1] if lap else np.zeros(shape[1], bool)
        out[lap] = np.where(same, out[lap - 1] + 1, 1)
    return out


def _tyres(names: pl.Series) -> Ints:
    """Index into `TYRES`; where seven names were in use, by rank within the race."""
    dry = [name for name in COMPOUNDS if name not in WET_COMPOUNDS and name in set(names)]
    if set(dry) & set(OLD_NAMES):
        index = {name: min(rank, HARD) for rank, name in enumerate(dry)}
    else:
        index = {name: TYRES.index(name) for name in dry}
    index |= {"intermediate": INTERMEDIATE, "wet": WET}
    found = names.replace_strict(index, default=UNKNOWN, return_dtype=pl.Int64)
    return found.fill_null(UNKNOWN).to_numpy()


def _grid(race: Race, at: Timing) -> Floats:
    return np.asarray(grid(race, at), np.float64)
