"""Who fought whom, for how long, how closely, and how did it end?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
import polars as pl

from racecraft.analysis.fights.margins import margin_at_flag
from racecraft.analysis.order.changes import positions
from racecraft.analysis.order.classes import class_positions, classes, fields
from racecraft.analysis.order.control import (
    NEUTRAL_SHARE,
    neutralised,
    possibly_neutralised,
    stopped,
)
from racecraft.analysis.order.stops import lane_laps, stops
from racecraft.analysis.order.timing import Timing, timing
from racecraft.errors import ArgumentError
from racecraft.lookup.find import concerning
from racecraft.model.once import once_per
from racecraft.model.table import TIME, Column, Table
from racecraft.model.terms import THE_LINE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from racecraft.model.race import Race

# Two stretches of one fight on either side of a pit cycle: the later begins at most this many laps
# after the earlier ended, time enough for both to stop and come together again.
PIT_CYCLE_LAPS = 12

SEASON_COLUMNS = (
    Column("series", pl.String, "whose championship"),
    Column("season", pl.Int16, "season"),
    Column("round", pl.Int16, "round; null where the source does not say"),
    Column("session", pl.String, "race or sprint"),
)

BATTLES = Table(
    "battles",
    key=("series", "season", "session", "first", "second", "start_lap"),
    columns=(
        *SEASON_COLUMNS,
        Column("first", pl.String, "car ahead when it began"),
        Column("second", pl.String, "car behind when it began"),
        Column("position", pl.Int16, "place fought for: that of the car ahead at the end"),
        Column("class", pl.String, "class of the two; null where all race in one, or they differ"),
        Column("class_position", pl.Int16, "the same place in the class of the car ahead"),
        Column("start_lap", pl.Int16, "lap on which it began"),
        Column("end_lap", pl.Int16, "lap on which it ended"),
        Column("laps", pl.Int16, "laps it lasted, without the pit cycle between two phases"),
        Column("lines", pl.Int32, "timing lines at which both were timed"),
        Column("phases", pl.Int16, "stretches separated by a pit cycle"),
        Column("closest", TIME, "smallest interval at a line"),
        Column("median_interval", TIME, "median interval at the lines"),
        Column("share_within_1s", pl.Float64, "share of the lines at which they were within 1.0 s"),
        Column("swaps", pl.Int16, "changes of order between them"),
        Column("ahead_at_end", pl.String, "car ahead at the last line"),
        Column("margin", TIME, "interval at the last line"),
        Column("margin_basis", pl.String, "at the flag: official, or road where a penalty came "
               "after it or no official times are known; else null"),
        Column("at_flag", pl.Boolean, "it lasted to the chequered flag"),
        Column("ended_by", pl.String, "flag, pit, retirement, neutralised, gap, or pass: the last "
               "swap opened the gap"),
        Column("ahead_after", pl.String, "car ahead a lap after the last line, where the order "
               "changed by a stop or under neutralisation; null otherwise"),
        Column("intensity", pl.Float64, "laps spent nose to tail, each line counting for how much "
               "of the limit the interval left unused, and two for every swap"),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Limits:
    """What makes a battle."""

    within: float  # microseconds
    over: float  # microseconds
    min_laps: int


_KEPT: WeakKeyDictionary[Race, dict[tuple[Limits, bool], pl.DataFrame]] = WeakKeyDictionary()


@dataclass(frozen=True, eq=False)
class Stretch:
    """Steps, all raced on, from the first to the last at which two cars were close."""

    steps: NDArray[np.int64]
    interval: NDArray[np.float64]  # of the pair's second car behind its first, microseconds
    ended_by: str
    turned_after: bool  # the order changed within the lap after, and not on the track


@dataclass(frozen=True, eq=False)
class _Pair:
    """Two cars at the lines that both reached."""

    steps: NDArray[np.int64]
    interval: NDArray[np.float64]  # of the second behind the first, microseconds
    neutral: NDArray[np.bool_]
    pit: NDArray[np.bool_]
    lasting: NDArray[np.bool_]  # apart for more than a lap
    lines: int  # on a lap

    def turn(self, end: int) -> int | None:
        """First line within a lap after one, at which the order is another; None if none is."""
        after = slice(end + 1, end + 1 + self.lines)
        near = self.steps[after] - self.steps[end] <= self.lines
        turned = near & (np.sign(self.interval[after]) == -np.sign(self.interval[end]))
        return end + 1 + int(turned.argmax()) if turned.any() else None

    def raced(self, begin: int, end: int) -> bool:
        """Whether both raced from the line after one to another."""
        between = slice(begin + 1, end + 1)
        return not (self.neutral[between] | self.pit[between]).any()


def battles(
    race: Race,
    *,
    within_s: float = 1.0,
    over_s: float = 1.5,
    min_laps: int = 3,
    overall: bool = False,
    driver: str | None = None,
) -> pl.DataFrame:
    r"""Every battle of a race, fiercest first.

    Two cars hold consecutive places in their class, within `within_s` at most timing lines, racing
    under green, for at least `min_laps` laps or with at least one swap.

    Parameters
    ----------
    race
        Needs ``crossings``.
    within_s
        Seconds; what counts as close.
    over_s
        Seconds; a battle is over when the interval stays above this for a full lap.
    min_laps
        Laps; fewer make a battle only with a swap.
    overall
        Consecutive places of the whole field make a battle, whatever the classes.
    driver
        Only what this car, or who drove it, fought in.

    Returns
    -------
    DataFrame
        ``BATTLES``. Two stretches on either side of a pit cycle are one battle in two phases.

    Raises
    ------
    ArgumentError
        A limit that is not positive, or `over_s` below `within_s`.
    NotEnoughDataError
        The race has no crossings.

    Notes
    -----
    With :math:`d_i` the interval at line i, limit :math:`w` and :math:`n` lines a lap, intensity
    :math:`= \frac{1}{n}\sum_i \max(0, 1 - |d_i|/w) + 2 \cdot \mathrm{swaps}`.

    Examples
    --------
    >>> from racecraft.sources.sample.toy import toy_race
    >>> battles(toy_race()).select("first", "second", "swaps", "ahead_at_end").rows()
    [('SAI', 'HAM', 1, 'HAM')]
    """
    if not 0 < within_s <= over_s or min_laps < 1:
        raise ArgumentError(
            f"no battle within {within_s:g} s, over beyond {over_s:g} s, of {min_laps} laps",
            hint="0 < within_s <= over_s, and at least one lap",
        )
    limits = Limits(within_s * 1e6, over_s * 1e6, min_laps)
    kept = _KEPT.setdefault(race, {})
    if (wanted := (limits, overall)) not in kept:
        kept[wanted] = _fought(race, limits, overall=overall)
    table = kept[wanted].clone()
    return table if driver is None else concerning(race, table, driver, "first", "second")


def raced_by(race: Race, pair: tuple[str, str]) -> NDArray[np.bool_]:
    """Steps on which both raced all along, shape (steps,): surely green, on no in- or out-lap."""
    at = timing(race)
    neutral = possibly_neutralised(race).share(at.time - at.segment, at.time) > 0
    cars = [at.cars.index(driver) for driver in pair]
    in_or_out = np.repeat(lane_laps(race), len(at.lines), axis=0)
    return np.asarray(~(neutral | in_or_out)[:, cars].any(axis=1))


def _fought(race: Race, limits: Limits, *, overall: bool) -> pl.DataFrame:
    """``BATTLES`` within the limits, fiercest first."""
    at, blocked = timing(race), _blocked(race)
    place = positions(race) if overall else class_positions(race)
    rows = [
        _row(race, at, first, second, phases, limits)
        for cars in fields(race, overall=overall)
        for first, second in _close_pairs(at, cars, limits)
        for phases in _fights(_stretches(place, at, (first, second), blocked, limits), at, limits)
    ]
    return BATTLES.rows(rows).sort("intensity", descending=True, maintain_order=True)


def _close_pairs(at: Timing, cars: NDArray[np.int64], limits: Limits) -> Iterator[tuple[int, int]]:
    """Pairs of these cars that were in consecutive places and close at two lines or more."""
    time = at.time[:, cars]
    by_time = np.argsort(time, axis=1, kind="stable")
    in_order = np.take_along_axis(time, by_time, axis=1)
    close = np.diff(in_order, axis=1) <= limits.within
    ahead, behind = cars[by_time[:, :-1][close]], cars[by_time[:, 1:][close]]
    low, high = np.minimum(ahead, behind), np.maximum(ahead, behind)
    keys, counts = np.unique(low * len(at.cars) + high, return_counts=True)
    for key in keys[counts > 1]:
        yield int(key) // len(at.cars), int(key) % len(at.cars)


@once_per
def _blocked(race: Race) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Steps not raced on: neutralised, and in the pit lane; each of shape (steps, cars)."""
    at = timing(race)
    begun = at.time - at.segment
    neutral = neutralised(race).share(begun, at.time) > NEUTRAL_SHARE
    neutral |= stopped(race).share(begun, at.time) > 0
    pit = np.zeros(at.time.shape, np.bool_)
    visits = stops(race).join(
        race.pit_visits.select("car", "lap", "time_in", "time_out"), on=["car", "lap"]
    )
    for driver, lap, time_in, time_out in visits["car", "lap", "time_in", "time_out"].rows():
        if driver in at.cars and lap <= at.laps:
            car = at.cars.index(driver)
            pit[at.step_of(lap, THE_LINE), car] = True
            if time_in is not None and time_out is not None:
                begin, end = (time.total_seconds() * 1e6 for time in (time_in, time_out))
                pit[:, car] |= (at.time[:, car] >= begin) & (at.time[:, car] <= end)
    return neutral, pit


def _stretches(
    places: NDArray[np.int64],
    at: Timing,
    cars: tuple[int, int],
    blocked: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    limits: Limits,
) -> list[Stretch]:
    """Stretches in which two cars were close, cut where the fight was over.

    A pass within the lap after the last close line belongs to the stretch: it ended the fight.
    """
    first, second = cars
    interval = at.time[:, second] - at.time[:, first]
    steps = np.flatnonzero(~np.isnan(interval))
    interval = interval[steps]
    place = places[steps]
    together = np.abs(place[:, first] - place[:, second]) == 1
    neutral, pit = (b[steps, first] | b[steps, second] for b in blocked)
    racing = ~neutral & ~pit
    close = together & racing & (np.abs(interval) <= limits.within)
    apart = ~together | (np.abs(interval) > limits.over)
    lasting = _runs_of(apart, at_least=len(at.lines) + 1)
    pair = _Pair(steps, interval, neutral, pit, lasting, len(at.lines))
    found = []
    inside = np.flatnonzero(close)
    part = np.cumsum(~racing | lasting)[inside]
    cut = np.diff(part, prepend=-1, append=-1) != 0
    for begin, last_close in zip(inside[cut[:-1]], inside[cut[1:]], strict=True):
        end = int(last_close)
        while (turn := pair.turn(end)) is not None and pair.raced(end, turn):
            end = turn
        reason = _why_ended(at, cars, pair, end, passed=end > last_close)
        found.append(
            Stretch(steps[begin : end + 1], interval[begin : end + 1], reason, turn is not None)
        )
    return found


def _runs_of(flags: NDArray[np.bool_], *, at_least: int) -> NDArray[np.bool_]:
    """Flags that stand in a row of at least so many."""
    edge = np.diff(flags.astype(np.int8), prepend=0, append=0)
    begin, end = np.flatnonzero(edge == 1), np.flatnonzero(edge == -1)
    kept = np.zeros(len(flags), np.bool_)
    for a, b in zip(begin, end, strict=True):
        kept[a:b] = b - a >= at_least
    return kept


def _why_ended(at: Timing, cars: tuple[int, int], pair: _Pair, end: int, *, passed: bool) -> str:
    """What ended a stretch after its last line: the first thing that happened."""
    pit, neutral, lasting = (flags[end + 1 :] for flags in (pair.pit, pair.neutral, pair.lasting))
    if (pit | neutral | lasting).any():
        first = (pit | neutral | lasting).argmax()
        away = "pass" if passed else "gap"
        return "pit" if pit[first] else "neutralised" if neutral[first] else away
    if at.finished[list(cars)].all():
        return "flag"
    return "retirement"


def _fights(stretches: list[Stretch], at: Timing, limits: Limits) -> Iterator[list[Stretch]]:
    """Stretches grouped into battles; what is too short, or too seldom close, is none."""
    fight: list[Stretch] = []
    for stretch in (s for s in stretches if _mostly_close([s], limits)):
        laps_since = at.lap[stretch.steps[0]] - at.lap[fight[-1].steps[-1]] if fight else 0
        if fight and not (fight[-1].ended_by == "pit" and laps_since <= PIT_CYCLE_LAPS):
            if _is_battle(fight, at, limits):
                yield fight
            fight = []
        fight.append(stretch)
    if fight and _is_battle(fight, at, limits):
        yield fight


def _mostly_close(fight: list[Stretch], limits: Limits) -> bool:
    parts = [stretch.interval for stretch in fight]
    interval = np.abs(parts[0] if len(parts) == 1 else np.concatenate(parts))
    return 2 * int((interval <= limits.within).sum()) > len(interval) or (
        float(np.median(interval)) <= limits.within
    )


def _is_battle(fight: list[Stretch], at: Timing, limits: Limits) -> bool:
    lines = sum(len(stretch.steps) for stretch in fight)
    return lines >= limits.min_laps * len(at.lines) or _swaps(fight) > 0


def _swaps(fight: list[Stretch]) -> int:
    return sum(int((np.diff(_ahead(stretch.interval)) != 0).sum()) for stretch in fight)


def _ahead(interval: NDArray[np.float64]) -> NDArray[np.float64]:
    """1 where the pair's first car was ahead, -1 where the second; not where level."""
    return np.asarray(np.sign(interval[interval != 0]))


def _row(
    race: Race, at: Timing, a: int, b: int, fight: list[Stretch], limits: Limits
) -> dict[str, object]:
    """Row of ``BATTLES`` for a fight of cars a and b."""
    interval = np.concatenate([stretch.interval for stretch in fight])
    size = np.abs(interval)
    ahead_at = _ahead(interval)
    first, second = (b, a) if (ahead_at[:1] == -1).any() else (a, b)
    ahead = b if (ahead_at[-1:] == -1).any() else a
    last = fight[-1].steps[-1]
    start, end = at.lap[fight[0].steps[0]], at.lap[last]
    closest, median, margin = (
        timedelta(microseconds=float(value)) for value in (size.min(), np.median(size), size[-1])
    )
    ended_by, basis = fight[-1].ended_by, None
    at_flag = ended_by == "flag" and end == at.lap[_last_common(at, a, b)]
    if at_flag:
        flag = _last_common(at, a, b)
        margin = timedelta(microseconds=abs(float(at.time[flag, a] - at.time[flag, b])))
        margin, basis = margin_at_flag(race, at.cars[a], at.cars[b], margin)
    behind = a if ahead == b else b
    swaps = _swaps(fight)
    closeness = np.maximum(0.0, 1 - size / limits.within).sum() / len(at.lines)
    names = classes(race)
    return {
        "series": race.series,
        "season": race.season,
        "round": race.round,
        "session": race.session,
        "first": at.cars[first],
        "second": at.cars[second],
        "position": positions(race)[last, ahead],
        "class": names[a] if names[a] == names[b] else None,
        "class_position": class_positions(race)[last, ahead],
        "start_lap": start,
        "end_lap": end,
        "laps": sum(at.lap[s.steps[-1]] - at.lap[s.steps[0]] + 1 for s in fight),
        "lines": len(interval),
        "phases": len(fight),
        "closest": closest,
        "median_interval": median,
        "share_within_1s": round(float((size <= 1e6).mean()), 3),
        "swaps": swaps,
        "ahead_at_end": at.cars[ahead],
        "margin": margin,
        "margin_basis": basis,
        "at_flag": at_flag,
        "ended_by": ended_by,
        "ahead_after": at.cars[behind] if fight[-1].turned_after else None,
        "intensity": round(float(closeness + 2 * swaps), 2),
    }


def _last_common(at: Timing, a: int, b: int) -> int:
    return int(np.flatnonzero(~np.isnan(at.time[:, a] + at.time[:, b]))[-1])
