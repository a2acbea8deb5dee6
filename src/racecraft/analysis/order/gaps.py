"""How far apart were the cars, at every line?"""

from __future__ import annotations

import numpy as np
import polars as pl

from racecraft.analysis.order.changes import names, positions
from racecraft.analysis.order.classes import class_positions, placed_in_class
from racecraft.analysis.order.timing import Timing, durations, timing
from racecraft.errors import ArgumentError, NotFoundError
from racecraft.model.race import CAR, LAP, LINE, Race
from racecraft.model.table import TIME, Column, Table
from racecraft.model.terms import THE_LINE

GAPS = Table(
    "gaps",
    key=("car", "lap", "line"),
    columns=(
        CAR,
        LAP,
        LINE,
        Column("position", pl.Int16, "order in which cars reached this line on this lap"),
        Column("class_position", pl.Int16, "the same among the cars of its class"),
        Column("gap", TIME, "behind the leader; zero for the leader"),
        Column("interval", TIME, "behind the car ahead; zero for the leader"),
    ),
)

INTERVALS = Table(
    "intervals",
    key=("lap", "line"),
    columns=(
        Column("lap", pl.Int16, "lap of the second car"),
        LINE,
        Column("interval", TIME, "how far the second car is behind the first at this line on "
               "this lap; negative when ahead"),
        Column("laps_apart", pl.Int16, "whole laps by which the second car is behind on the road, "
               "when it reaches the line; negative when ahead"),
    ),
)  # fmt: skip

ORDER = Table(
    "order",
    key=("car",),
    columns=(
        Column("position", pl.Int16, "position"),
        CAR,
        Column("lap", pl.Int16, "lap on which the car was timed here"),
        LINE,
        Column("time", TIME, "since lights out"),
        Column("gap", TIME, "behind the leader at this line on the same lap; null a lap down"),
        Column("interval", TIME, "behind the car ahead, likewise"),
        Column("laps_down", pl.Int16, "laps behind the leader"),
        Column("class", pl.String, "class of the car; null where all race in one"),
        Column("class_position", pl.Int16, "position in its class"),
    ),
)


def gaps(race: Race, *, drivers: tuple[str, str] | None = None) -> pl.DataFrame:
    """Gap to the leader and interval to the car ahead, for every crossing.

    Parameters
    ----------
    race
        Needs ``crossings``.
    drivers
        Two codes: the interval between these two, at every line that both reached.

    Returns
    -------
    DataFrame
        ``GAPS``: one row per crossing, leader first within each (lap, line), which come in the
        order of the lap. With ``drivers``: ``INTERVALS``.

    Raises
    ------
    NotEnoughDataError
        The race has no crossings.
    NotFoundError
        A driver who took no part.

    Notes
    -----
    With :math:`t_i` the time of the i-th car to reach the line on that lap, gap
    :math:`= t_i - t_1` and interval :math:`= t_i - t_{i-1}`. Cars on different laps are compared
    at the same line on the same lap, so a lapped car has a gap too: what it lost up to there.

    References
    ----------
    ``GapToLeader`` and ``IntervalToPositionAhead`` of the F1 live timing feed.

    Examples
    --------
    >>> from racecraft.sources.sample.toy import toy_race
    >>> gaps(toy_race()).filter(lap=3, line="Line")["car"].to_list()
    ['VER', 'HAM', 'SAI']
    """
    if drivers is not None:
        return _between(race, drivers)
    at = timing(race)
    place = positions(race)
    step, car = np.nonzero(place)
    in_order = np.lexsort((place[step, car], step))
    step, car = step[in_order], car[in_order]
    time = at.time[step, car]
    leads = place[step, car] == 1
    return GAPS.check(
        pl.DataFrame(
            {
                "car": names(at, car),
                "lap": at.lap[step],
                "line": at.line_names[step],
                "position": place[step, car],
                "class_position": class_positions(race)[step, car],
                "gap": durations(time - time[leads][np.cumsum(leads) - 1]),
                "interval": durations(np.where(leads, 0, np.diff(time, prepend=0))),
            }
        )
    )


def order(race: Race, *, lap: int | None = None, line: str = THE_LINE) -> pl.DataFrame:
    """Running order at a line of a lap, by laps completed, then time.

    Parameters
    ----------
    race
        Needs ``crossings``.
    lap
        Lap of the leader; the last one by default. A car a lap down has the place that it took
        when it last reached this line before the leader began to cross it again.
    line
        Name of the timing line.

    Returns
    -------
    DataFrame
        ``ORDER``: the cars that reached the line on this lap, or are laps down and still running.

    Raises
    ------
    ArgumentError
        The race has no such lap or line.

    Examples
    --------
    >>> from racecraft.sources.sample.toy import toy_race
    >>> order(toy_race(), lap=2)["car"].to_list()
    ['VER', 'HAM', 'SAI']
    """
    at = timing(race)
    if line not in at.lines:
        raise ArgumentError(f"no timing line {line!r}", hint=f"one of {', '.join(at.lines)}")
    if lap is None:
        lap = at.laps
    if not 1 <= lap <= at.laps:
        raise ArgumentError(
            f"no lap {lap} in a race of {at.laps}", hint=f"its laps are 1 to {at.laps}"
        )
    times = at.time[at.lines.index(line) :: len(at.lines)]
    until = np.inf if lap == at.laps else np.nanmin(times[lap], initial=np.inf)
    number = np.arange(1, at.laps + 1)[:, None]
    seen = (times < until) & (number <= lap)
    done = np.where(seen, number, 0).max(axis=0)
    comes_again = np.where(np.isnan(times), 0, number).max(axis=0) > done
    cars = np.flatnonzero((done == lap) | (done > 0) & (at.finished | comes_again))
    if not len(cars):
        return ORDER.empty()
    when = times[done[cars] - 1, cars]
    cars = cars[np.lexsort((when, -done[cars]))]
    when, done = times[done[cars] - 1, cars], done[cars]
    leader = times[done - 1].min(axis=1, initial=np.inf, where=~np.isnan(times[done - 1]))
    same_lap = done == done[0]
    ahead = np.concatenate([[when[0]], when[:-1]])
    with_ahead = np.concatenate([[True], done[1:] == done[:-1]])
    table = pl.DataFrame(
        {
            "position": np.arange(1, len(cars) + 1),
            "car": [at.cars[car] for car in cars],
            "lap": done,
            "line": [line] * len(cars),
            "time": durations(when),
            "gap": durations(np.where(same_lap, when - leader, np.nan)),
            "interval": durations(np.where(with_ahead, when - ahead, np.nan)),
            "laps_down": done[0] - done,
        }
    )
    return ORDER.check(placed_in_class(race, table))


def _between(race: Race, drivers: tuple[str, str]) -> pl.DataFrame:
    at = timing(race)
    first, second = (car_of(race, driver) for driver in drivers)
    interval = at.time[:, second] - at.time[:, first]
    known = np.flatnonzero(~np.isnan(interval))
    return INTERVALS.check(
        pl.DataFrame(
            {
                "lap": at.lap[known],
                "line": at.line_names[known],
                "interval": durations(interval[known]),
                "laps_apart": [_laps_apart(at, int(step), first, second) for step in known],
            }
        )
    )


def _laps_apart(at: Timing, step: int, first: int, second: int) -> int:
    """Whole laps on the road between two cars when the second reaches a line."""
    here = at.time[step % len(at.lines) :: len(at.lines)]
    done = (here[:, [first, second]] <= at.time[step, second]).sum(axis=0)
    behind = int(done[0] - done[1])
    return behind if behind >= 0 else behind + 1


def car_of(race: Race, driver: str) -> int:
    """Column of a driver in the arrays of `timing`.

    Raises
    ------
    NotFoundError
        The driver took no part.
    """
    drivers = timing(race).cars
    if driver not in drivers:
        raise NotFoundError(
            f"no driver {driver!r} in {race.season} {race.name}",
            hint=f"one of {', '.join(sorted(drivers))}",
            car=driver,
        )
    return drivers.index(driver)
