"""Where two cars on the same lap changed order: the bare fact, before its cause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from racecraft.analysis.order.timing import timing
from racecraft.model.once import once_per

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from racecraft.analysis.order.timing import Timing
    from racecraft.model.race import Race

COARSE = 3  # lines a lap, of a source without mini-sectors
MOSTLY = 0.5  # of the lines of a lap, fewer than which leave it in the dark
FORMED_UP_S = 60.0  # who is further away was repaired, or is a lap down
FEWEST_UNSEEN = 2  # steps; with one line a lap, a single lap without a time hides little


@dataclass(frozen=True, eq=False)
class Changes:
    """Changes of position as arrays of the same length, in order of step.

    `before` is the last step at which both cars were seen in the old order; -1 means the grid.
    A `gone` car never reaches another line.
    """

    passer: NDArray[np.int64]
    passed: NDArray[np.int64]
    before: NDArray[np.int64]
    step: NDArray[np.int64]
    gone: NDArray[np.bool_]


@once_per
def changes(race: Race) -> Changes:
    """Every change of order between two cars at a line that both reach on the same lap.

    With :math:`t_{s,a}` the time of car a at step s, a passes b at step s where
    :math:`t_{s,a} < t_{s,b}` and at the last step before s that both reached
    :math:`t_{s',a} > t_{s',b}`. A car that never reaches another line is passed, at the first line
    beyond its last, by every car behind it that gets there.
    """
    at = timing(race)
    order = _order(race, at)  # row 0 is the grid, so that row s + 1 is step s
    known = np.where(order != 0, np.arange(len(order), dtype=np.int16)[:, None, None], -1)
    last_known = np.maximum.accumulate(known, axis=0)
    before = last_known[:-1]
    was_behind = np.take_along_axis(order[:-1], np.maximum(before, 0), axis=0) > 0
    step, passer, passed = np.nonzero((order[1:] < 0) & was_behind & (before >= 0))
    swaps = Changes(
        passer, passed, before[step, passer, passed].astype(np.int64) - 1, step,
        np.zeros(len(step), np.bool_),
    )  # fmt: skip
    return _in_order(swaps, _retirements(at, _took_flag(race, at), order, last_known))


@once_per
def positions(race: Race) -> NDArray[np.int64]:
    """Position at every step, shape (steps, cars): order of reaching the line; 0 if not reached."""
    time = timing(race).time
    rank = np.argsort(np.argsort(time, axis=1, kind="stable"), axis=1, kind="stable") + 1
    return np.where(np.isnan(time), 0, rank)


def taken_back(at: Timing, found: Changes) -> NDArray[np.bool_]:
    """Whether a change only undoes one of the same two within a lap before it, both close."""
    last: dict[tuple[int, int], int] = {}
    apart = np.abs(at.time[found.step, found.passer] - at.time[found.step, found.passed])
    near = apart <= FORMED_UP_S * 1e6
    back = np.zeros(len(found.step), np.bool_)
    for i, (a, b, step) in enumerate(zip(found.passer, found.passed, found.step, strict=True)):
        before = last.get((int(b), int(a)))
        back[i] = before is not None and step - before <= len(at.lines)
        last[int(a), int(b)] = int(step)
    return back & near


def out_of_sight(at: Timing, found: Changes) -> NDArray[np.bool_]:
    """Whether what happened to the pair is not known: where either was not timed, or just beside.

    Where there are mini-sectors, a lap without its Line hides stops and flags, and so does one on
    which most of its lines are missing, and the laps that touch either.
    """
    own = np.arange(at.laps)[:, None]
    line = at.time[len(at.lines) - 1 :: len(at.lines)]
    last = at.last_step // len(at.lines)
    seen = (~np.isnan(at.time)).reshape(at.laps, len(at.lines), -1).mean(axis=1)
    untimed = (np.isnan(line) | (seen < MOSTLY)) & (own < last)
    beside = np.zeros((at.laps + 2, untimed.shape[1]), np.bool_)
    for shift in range(3):
        beside[shift : shift + at.laps] |= untimed
    lap = at.lap[found.step]
    hidden = beside[lap, found.passer] | beside[lap, found.passed]
    far = found.step - found.before > max(len(at.lines), FEWEST_UNSEEN)
    return np.asarray(far | (hidden & (len(at.lines) > COARSE)))


def touches(laps: NDArray[np.bool_], at: Timing, found: Changes) -> NDArray[np.bool_]:
    """Whether either car is on such a lap between the two lines."""
    until = np.concatenate([np.zeros((1, laps.shape[1]), np.int64), laps.cumsum(axis=0)])
    first = at.lap[np.minimum(found.before + 1, at.steps - 1)]
    last = at.lap[found.step]
    either = np.zeros(len(last), np.bool_)
    for car in (found.passer, found.passed):
        either |= until[last, car] > until[first - 1, car]
    return either


def behind(at: Timing, found: Changes) -> NDArray[np.float64]:
    """How far the passer was behind at the last line before; NaN on the grid; microseconds."""
    seen = np.maximum(found.before, 0)
    behind = at.time[seen, found.passer] - at.time[seen, found.passed]
    return np.asarray(np.where(found.before < 0, np.nan, behind))


def grid(race: Race, at: Timing) -> NDArray[np.float64]:
    """Place on the grid, from the pit lane behind all others; NaN where not known, (cars,)."""
    places = dict(race.entries["car", "grid"].rows())
    lane = set(race.entries.filter("pit_lane_start")["car"])
    back = max((place for place in places.values() if place), default=0)
    if not back:
        return np.full(len(at.cars), np.nan)
    in_lane = {driver: back + 1 + i for i, driver in enumerate(sorted(lane))}
    return np.array(
        [places.get(driver) or in_lane.get(driver) or np.nan for driver in at.cars], float
    )


def _order(race: Race, at: Timing) -> NDArray[np.int8]:
    """-1 where one car is ahead of another, 1 behind, 0 unknown; shape (steps + 1, cars, cars)."""
    start = grid(race, at)
    if race.clock == "session" and np.isnan(at.time[: len(at.lines)]).all():
        start = np.full_like(start, np.nan)  # joined under way: what led from there nobody saw
    time = np.concatenate([start[None], at.time])
    ahead = time[:, :, None] < time[:, None, :]
    return ahead.transpose(0, 2, 1).astype(np.int8) - ahead.astype(np.int8)


def _took_flag(race: Race, at: Timing) -> NDArray[np.bool_]:
    """Whether each car took the flag, by the timing or by the classification, (cars,)."""
    status = pl.col("status").str.contains(r"^(Finished|Lapped|\+\d+ Laps?)$")
    classified = set(race.classification.filter(status)["car"])
    return np.asarray(at.finished | np.isin(at.cars, sorted(classified)))


def _retirements(
    at: Timing, finished: NDArray[np.bool_], order: NDArray[np.int8], last_known: NDArray[np.int16]
) -> Changes:
    rows: list[tuple[int, int, int, int]] = []
    for car in np.flatnonzero(~finished):
        end = at.last_step[car]
        for other in np.flatnonzero(at.last_step > end):
            seen = last_known[end + 1, other, car]
            if seen >= 0 and order[seen, other, car] > 0:
                reached = end + 1 + int((~np.isnan(at.time[end + 1 :, other])).argmax())
                rows.append((int(other), int(car), int(seen) - 1, reached))
    table = np.array(rows, np.int64).reshape(-1, 4)
    passer, passed, before, step = table.T
    return Changes(passer, passed, before, step, np.ones(len(table), np.bool_))


def _in_order(*parts: Changes) -> Changes:
    joined = [
        np.concatenate([getattr(part, name) for part in parts])
        for name in ("passer", "passed", "before", "step", "gone")
    ]
    by_step = np.argsort(joined[3], kind="stable")
    passer, passed, before, step, gone = (column[by_step] for column in joined)
    return Changes(passer, passed, before, step, gone)


def lapping_changes(race: Race) -> Changes:
    """Cars put a lap down, or getting a lap back: order on the road between different laps.

    Car a laps b where at one line a is less than a whole lap ahead of b and at the next more: a
    reaches the line for the (n+1)-th time before b has reached it for the n-th time. `step` is that
    of b. A car that gets its lap back is the passer of the same rows reversed.
    """
    at = timing(race)
    lines = len(at.lines)
    parts = []
    for laps_apart in range(1, 4):
        shift = laps_apart * lines
        if shift >= at.steps:
            break
        ahead_by = at.time[shift:, :, None] - at.time[:-shift, None, :]  # (steps, first, second)
        lapped = np.where(np.isnan(ahead_by), 0, np.sign(ahead_by)).astype(np.int8)
        before, after = lapped[:-1], lapped[1:]
        for was, now, swap in ((1, -1, False), (-1, 1, True)):
            step, first, second = np.nonzero((before == was) & (after == now))
            passer, passed = (second, first) if swap else (first, second)
            parts.append(Changes(passer, passed, step, step + 1, np.zeros(len(step), np.bool_)))
    if not parts:
        nothing = np.array([], np.int64)
        return Changes(nothing, nothing, nothing, nothing, nothing.astype(np.bool_))
    return _in_order(*parts)


def names(at: Timing, cars: NDArray[np.int64]) -> pl.Series:
    """Codes of cars by their column."""
    return pl.Series(np.array(at.cars, object)[cars], dtype=pl.String)
