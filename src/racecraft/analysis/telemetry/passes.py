"""At which metre of the track did one car get ahead of another, and which corner is that?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from racecraft.analysis.order.timing import median, timing
from racecraft.analysis.telemetry.corners import MEASURES, markers_of, told_at
from racecraft.analysis.telemetry.distance import placed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from racecraft.analysis.telemetry.distance import Track
    from racecraft.model.race import Race

GRID_M = 10.0  # at which the two are compared
CLOSE_M = 200.0  # between two corners, below which they are one sequence
STRAIGHT_M = 400.0  # between two corners, from which what lies between is called a straight
FLAT_M = 50.0  # before a corner that nobody brakes for, where it begins
PAST_M = 60.0  # past a corner that is still the way out of it
AT_M = 30.0  # past a corner that is still the corner itself
MARK_M = 10.0  # how well anybody knows where a corner is
BEYOND_M = 300.0  # of the track past the line at which a pass was seen, where it may still turn
VAGUE_M = 600.0  # of a stretch from which no one corner can be named
LEAST_SHARE = 0.5  # of the way between the lines that both cars have samples for


@dataclass(frozen=True)
class Stretch:
    """A stretch of track: how it lies to which corners.

    Attributes
    ----------
    how
        ``into``, ``at`` or ``out`` of one; ``between`` two, on the ``straight`` between them, or
        ``somewhere`` there.
    turns
        Their names.
    """

    how: str
    turns: tuple[str, ...]

    @property
    def words(self) -> str:
        """Words such as "into Turn 1" or "on the straight from Turn 3 to Turn 4"."""
        first, last = self.turns[0], self.turns[-1]
        return {
            "into": f"into Turn {first}",
            "at": f"at Turn {first}",
            "out": f"out of Turn {first}",
            "between": f"between Turns {first} and {last}",
            "straight": f"on the straight from Turn {first} to Turn {last}",
            "somewhere": f"somewhere between Turns {first} and {last}",
        }[self.how]


@dataclass(frozen=True)
class PassPlace:
    """Where a car got ahead of another for good.

    Attributes
    ----------
    lap
        On which.
    passer, passed
        The two cars.
    at_m
        Metres from the Line where they were level; negative before it.
    begin_m, end_m
        The last place where the passer was surely behind, and the first where he was surely ahead:
        by more than the standard error of the interval.
    level_s
        How long they were within that error of each other.
    where
        By where it was completed, halfway between level and surely ahead.
    """

    lap: int
    passer: str
    passed: str
    at_m: float
    begin_m: float
    end_m: float
    level_s: float
    where: Stretch

    @property
    def words(self) -> str:
        """Where it was, in words."""
        return self.where.words


def pass_place(race: Race, passer: str, passed: str, lap: int, line: str) -> PassPlace | None:
    """Where a car got ahead that was seen ahead at a timing line first.

    Parameters
    ----------
    race
        Needs ``crossings``, ``telemetry`` and ``corners``.
    passer, passed
        The two cars.
    lap, line
        Where the order was seen to have changed.

    Returns
    -------
    PassPlace
        None where their samples do not cover the way from the line before, or say that nobody
        passed there.
    """
    track = placed(race)
    if track is None or not {passer, passed} <= track.cars.keys() or not len(markers_of(race)[0]):
        return None
    first, last = _way(race, track, lap, line)
    place = np.arange(first, last + BEYOND_M, GRID_M)
    behind, error = interval_s(track, place, passer, passed)
    known = ~np.isnan(behind)
    if known[: int(np.searchsorted(place, last)) + 1].mean() < LEAST_SHARE:
        return None
    place, behind, error = place[known], behind[known], error[known]
    turn = _for_good(place, behind, error, last)
    if turn is None:
        return None
    begin, at, end = turn
    when = track.cars[passer].at(np.array([begin, end]), track.cars[passer].time)
    start = (lap - 1) * track.length_m
    begin, at, end = float(begin - start), float(at - start), float(end - start)
    return PassPlace(
        lap, passer, passed, at, begin, end,
        level_s=float(when[1] - when[0]) / 1e6,
        where=stretch(race, (passer, passed), begin, (at + end) / 2, end),
    )  # fmt: skip


def interval_s(
    track: Track, place_m: NDArray[np.float64], car: str, ahead: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Seconds that a car is behind another at these places, and the standard error of that."""
    one, other = track.cars[car], track.cars[ahead]
    behind = (one.at(place_m, one.time) - other.at(place_m, other.time)) / 1e6
    return behind, np.hypot(one.error_s(place_m), other.error_s(place_m))


def stretch(
    race: Race, cars: tuple[str, ...], begin_m: float, at_m: float, end_m: float
) -> Stretch:
    """What a stretch of track is called, by the corners at it and where these cars brake for them.

    Metres from the Line; `at_m` is the place that matters between the two others.
    """
    names, markers = markers_of(race)
    if end_m - begin_m > VAGUE_M:
        return Stretch("somewhere", _between(race, begin_m, end_m))
    track = placed(race)
    length = markers[-1] if track is None else track.length_m
    around = [-1, *range(len(names)), 0]  # the last corner of the lap before, the first after
    marks = np.concatenate([[markers[-1] - length], markers, [markers[0] + length]])
    inside = np.flatnonzero((marks >= begin_m - MARK_M) & (marks <= end_m + MARK_M))
    if len(inside) > 1:
        return Stretch("between", (names[around[inside[0]]], names[around[inside[-1]]]))
    after = int(np.clip(np.searchsorted(marks, at_m), 1, len(marks) - 1))
    before = after - 1
    last, following = names[around[before]], names[around[after]]
    gap = marks[after] - marks[before]
    if gap < CLOSE_M and marks[before] <= at_m:
        return Stretch("between", (last, following))
    if len(inside) and inside[0] == before:
        return Stretch("at" if at_m - marks[before] <= AT_M else "out", (last,))
    if len(inside) or at_m >= marks[after] - _braking(race, cars, around[after]):
        return Stretch("into", (following,))
    if at_m <= marks[before] + PAST_M:
        return Stretch("out", (last,))
    if gap >= STRAIGHT_M:
        return Stretch("straight", (last, following))
    return Stretch("between", (last, following))


def _between(race: Race, begin_m: float, end_m: float) -> tuple[str, str]:
    names, markers = markers_of(race)
    before = int(np.searchsorted(markers, begin_m + MARK_M, side="right")) - 1
    after = min(int(np.searchsorted(markers, end_m - MARK_M)), len(names))
    following = names[after % len(names)]
    return names[before], following


def _braking(race: Race, cars: tuple[str, ...], corner: int) -> float:
    """Metres before a corner where these cars brake: the median of their laps."""
    column = MEASURES.index("braking_m")
    usual = float(median(np.concatenate([told_at(race, car, corner)[:, column] for car in cars])))
    return FLAT_M if np.isnan(usual) else max(usual, FLAT_M)


def _for_good(
    place: NDArray[np.float64], behind: NDArray[np.float64], error: NDArray[np.float64], last: float
) -> tuple[float, float, float] | None:
    """Last place surely behind before a line, where level, and first surely ahead after that."""
    before = np.flatnonzero((place <= last) & (behind > error))
    if not len(before):
        before = np.flatnonzero((place <= last) & (behind > 0))
        if not len(before):
            return None
    first = int(before[-1])
    after = first + np.flatnonzero(behind[first:] < -error[first:])
    end = int(after[0]) if len(after) else len(place) - 1
    turns = first + np.flatnonzero((behind[first:end] > 0) & (behind[first + 1 : end + 1] <= 0))
    if not len(turns):
        return None
    k = int(turns[-1])
    share = behind[k] / (behind[k] - behind[k + 1])
    level = place[k] + (place[k + 1] - place[k]) * share
    return float(place[first]), float(level), float(place[end])


def _way(race: Race, track: Track, lap: int, line: str) -> tuple[float, float]:
    """Places of the timing line before, and of this one; on lap 1 from the grid."""
    at = timing(race)
    known = {each.name: each.distance_m for each in track.lines}
    start = (lap - 1) * track.length_m
    order = at.lines.index(line)
    last = start + (track.length_m if order == len(at.lines) - 1 else known.get(line, np.nan))
    if order == 0:
        first = start - BEYOND_M if lap == 1 else start
    else:
        first = start + known.get(at.lines[order - 1], np.nan)
    if np.isnan(first):
        first = start
    if np.isnan(last):
        last = start + track.length_m
    return float(first), float(last)
