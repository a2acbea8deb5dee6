"""Where no source records the track status: when was the whole field slow, or stopped?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from racecraft.analysis.order.timing import low_quantile, median

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from racecraft.analysis.order.timing import Timing

# Chosen on the reported status of 2018 and 2019, tried on 2021 and 2022 by
# benchmarks/inferred_control.py, which prints how often they are right.
SLOW_LAP = 1.09  # of a car's own pace around that lap: some of the lap was neutralised
SLOW_FIRST_LAP = 1.3  # a first lap is slow anyway, for the start
SHARE_SLOW = 0.72  # of the cars under way that are slow while the race is neutralised
SLOW_FIELD = 1.15  # of its own pace, the median car wholly within such a period
WINDOW_LAPS = 12  # before and after a lap, for a car's own pace
OWN_PACE = 0.3  # quantile of its laps in the window: fast ones, no outlier
STOPPED_S = 300.0  # nobody crosses the Line for so long, and for several laps' time: red flag
STOPPED_LAPS = 2.5
CROWD = 0.5  # of the field in the pit lane on one lap: these laps say how fast the field was
RESTART_LAPS = 2.0  # a field slow for no longer than this after a red flag restarted from the grid
JOINED = 0.3  # of a lap's time; two periods nearer than this are one


@dataclass(frozen=True)
class _Laps:
    """Laps that say how fast the field was, one entry each; times in microseconds."""

    begin: NDArray[np.float64]
    end: NDArray[np.float64]
    ratio: NDArray[np.float64]  # lap time to the car's own pace around that lap
    first: NDArray[np.bool_]


def slow_and_stopped(
    at: Timing, in_lane: NDArray[np.bool_], *, first_lap: bool
) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    """Periods in which the whole field was slow, and in which nobody moved; microseconds.

    Every lap of every car under way at a time is compared with the car's own pace around that lap.
    Neutralised is where most of them are slow, and those wholly within the period very much so:
    with the cars spread around the circuit that narrows a period down to less than a lap.

    Parameters
    ----------
    at
        The race's crossings.
    in_lane
        Shape (laps, cars): in-laps and out-laps.
    first_lap
        Whether the time of lap 1 is known.
    """
    lap_time = at.at_line - at.begun
    if not first_lap:
        lap_time = lap_time.copy()
        lap_time[0] = np.nan
    if np.isnan(lap_time).all():
        return [], []
    usual = float(median(median(lap_time, axis=0)))
    red = _standstills(at, usual)
    laps = _laps(at, lap_time, in_lane)
    slow = [
        part
        for period in _joined(_where_most_are_slow(laps), JOINED * usual)
        if _is_slow(laps, period)
        for part in _around(_without_restart(period, red, RESTART_LAPS * usual), red)
    ]
    return slow, red


def _standstills(at: Timing, usual: float) -> list[tuple[float, float]]:
    """Gaps in everybody's crossings."""
    crossed = np.sort(at.at_line[~np.isnan(at.at_line)])
    longest = max(STOPPED_S * 1e6, STOPPED_LAPS * usual)
    return [
        (float(crossed[i]), float(crossed[i + 1]))
        for i in np.flatnonzero(np.diff(crossed) > longest)
    ]


def _laps(at: Timing, lap_time: NDArray[np.float64], in_lane: NDArray[np.bool_]) -> _Laps:
    running = np.maximum((~np.isnan(lap_time)).sum(axis=1), 1)
    crowd = in_lane.sum(axis=1) > CROWD * running
    alone = in_lane & ~crowd[:, None]
    own = _own_pace(np.where(alone, np.nan, lap_time))
    ratio = np.where(alone, np.nan, lap_time / own)
    lap, car = np.nonzero(~np.isnan(ratio) & ~np.isnan(at.begun))
    return _Laps(at.begun[lap, car], at.at_line[lap, car], ratio[lap, car], lap == 0)


def _own_pace(lap_time: NDArray[np.float64]) -> NDArray[np.float64]:
    """Pace of each car around each lap, (laps, cars); over the race where the window says none."""
    usable = np.where(lap_time > 1.6 * median(lap_time, axis=0), np.nan, lap_time)
    own = np.stack(
        [
            low_quantile(usable[max(0, lap - WINDOW_LAPS) : lap + WINDOW_LAPS + 1], OWN_PACE)
            for lap in range(len(lap_time))
        ]
    )
    return np.where(np.isnan(own), low_quantile(usable, OWN_PACE), own)


def _where_most_are_slow(laps: _Laps) -> list[tuple[float, float]]:
    slow = np.asarray(laps.ratio > np.where(laps.first, SLOW_FIRST_LAP, SLOW_LAP))
    times = np.unique(np.concatenate([laps.begin, laps.end]))
    under_way, under_way_slow = np.zeros(len(times)), np.zeros(len(times))
    for edges, step in ((laps.begin, 1), (laps.end, -1)):
        np.add.at(under_way, np.searchsorted(times, edges), step)
        np.add.at(under_way_slow, np.searchsorted(times, edges[slow]), step)
    under_way, under_way_slow = under_way.cumsum(), under_way_slow.cumsum()
    holds = (under_way >= 2) & (under_way_slow >= SHARE_SLOW * under_way)
    edge = np.diff(holds.astype(np.int8), prepend=0, append=0)
    begin, end = np.flatnonzero(edge == 1), np.flatnonzero(edge == -1)
    return [
        (float(times[a]), float(times[min(int(b), len(times) - 1)]))
        for a, b in zip(begin, end, strict=True)
    ]


def _joined(periods: list[tuple[float, float]], nearer_than: float) -> list[tuple[float, float]]:
    joined: list[tuple[float, float]] = []
    for begin, end in periods:
        if joined and begin - joined[-1][1] < nearer_than:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((begin, end))
    return joined


def _is_slow(laps: _Laps, period: tuple[float, float]) -> bool:
    """Whether the laps within a period were slow enough for a neutralisation."""
    begin, end = period
    within = (np.minimum(laps.end, end) - np.maximum(laps.begin, begin)) / (laps.end - laps.begin)
    inside = within > 0.6
    if not inside.any():
        inside = within > 0.3
    return bool(inside.any()) and float(np.median(laps.ratio[inside])) > SLOW_FIELD


def _without_restart(
    period: tuple[float, float], red: list[tuple[float, float]], within: float
) -> tuple[float, float]:
    """A slow period without the lap of a restart from the grid, which is slow for its wait."""
    begin, end = period
    for _, red_to in red:
        if begin <= red_to + within and red_to < end <= red_to + within:
            return begin, red_to
    return period


def _around(
    period: tuple[float, float], red: list[tuple[float, float]]
) -> list[tuple[float, float]]:
    """Parts of a period before and after the stoppages within it."""
    begin, end = period
    parts = []
    for red_from, red_to in red:
        if begin < red_to and red_from < end:
            parts.append((begin, min(end, red_from)))
            begin = max(begin, red_to)
    return [(a, b) for a, b in [*parts, (begin, end)] if a < b]
