"""Where on the track was each sample of the telemetry taken?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from racecraft.analysis.order.timing import median, timing
from racecraft.analysis.telemetry.line import OFF_M, expected, reference_line
from racecraft.analysis.telemetry.pinned import pinned, timing_lines
from racecraft.analysis.telemetry.samples import LONGEST_HOLE_S, pieces, samples_of
from racecraft.model.once import once_per

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from racecraft.analysis.telemetry.line import ReferenceLine
    from racecraft.analysis.telemetry.pinned import TimingLine
    from racecraft.analysis.telemetry.samples import Piece, Samples
    from racecraft.model.race import Race

OFF_LENGTH = 0.05  # of the length of a lap, by which speed and time may disagree with it
BY_SPEED_M = 12.0  # how well speed and time alone tell where on a lap a car is
FINEST_M = 1.5  # a position is never known better
SPEED_OFF = 0.015  # of a distance, by which speed and time are off at most
WITHIN_S = 15.0  # positions within which tell how far off speed and time are: see benchmarks
AT_START_S = 2.0  # likewise after the start, where cars leave the line: what is seen at once counts
STARTED_S = 40.0  # after lights out, as long as that is
FEWEST = 3  # of those
TOGETHER_S = 2.0  # for which the jitter of positions stays the same
FEWEST_LAPS, BIN_M = 8, 50.0  # of which, and by how many metres, it is told what is usual


@dataclass(frozen=True, eq=False)
class Placed:
    """Samples of one car whose place is known, arrays of the same length in order of time.

    Attributes
    ----------
    time
        Microseconds since lights out.
    place_m
        Metres from the Line on lap 1, all laps before counted: it grows through the race.
    error_m
        Standard error of the place.
    speed_kmh, throttle, brake, drs
        As measured; NaN where unknown. The last two are 0 or 1.
    """

    time: NDArray[np.float64]
    place_m: NDArray[np.float64]
    error_m: NDArray[np.float64]
    speed_kmh: NDArray[np.float64]
    throttle: NDArray[np.float64]
    brake: NDArray[np.float64]
    drs: NDArray[np.float64]

    def between(self, first_m: float, last_m: float) -> slice:
        """Samples between two places."""
        begin, end = np.searchsorted(self.place_m, [first_m, last_m])
        return slice(int(begin), int(end))

    def at(self, place_m: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Values at these places, of `time` or another; NaN where the samples have a hole."""
        if len(self.time) < 2:
            return np.full(np.shape(place_m), np.nan)
        after = np.clip(np.searchsorted(self.place_m, place_m), 1, len(self.time) - 1)
        hole = (self.time[after] - self.time[after - 1]) > LONGEST_HOLE_S * 1e6
        outside = (place_m < self.place_m[0]) | (place_m > self.place_m[-1])
        value = np.interp(place_m, self.place_m, values)
        return np.where(hole | outside, np.nan, value)

    def error_s(self, place_m: NDArray[np.float64]) -> NDArray[np.float64]:
        """Standard error of the time at these places, in seconds."""
        slow = np.maximum(self.at(place_m, self.speed_kmh) / 3.6, 5.0)
        return np.asarray(self.at(place_m, self.error_m) / slow)


@dataclass(frozen=True, eq=False)
class Track:
    """A lap in metres, and every car that sent telemetry, by code.

    `lines` are the timing lines on it; `off_s` is by how much a place is off between two of them, a
    standard error in seconds. `told` holds what was measured at the corners, of the cars that
    somebody has asked for.
    """

    length_m: float
    cars: dict[str, Placed]
    lines: list[TimingLine]
    off_s: float
    told: dict[str, NDArray[np.float64]] = field(default_factory=dict)


@once_per
def placed(race: Race) -> Track | None:
    r"""Telemetry of a race, laid on the track; None where it has none, or too little.

    Notes
    -----
    Within a lap the distance is :math:`\int v\,dt`, stretched so that it is one lap from one
    crossing of the Line to the next: errors of the speed do not add up over laps. A metre is one of
    the fastest lap that was measured, along which the corners are given too. Lap 1, which begins on
    the grid, is measured back from its end. Laps whose length disagrees by more than 5 % are left
    out.

    Where the positions are known, they are projected on the reference line. What is added to the
    distance is how far they are ahead of it at that part of the lap in the median of all laps, and
    beyond that the median of those within fifteen seconds, or two just after the start: the speed
    says how a car moved, the positions where it was, and neither jitter nor drift is left. Pieces
    of laps then count too. At the timing lines a place is the one that was timed, and by how much
    the others are off grows evenly from one to the next. The error is the spread of the positions,
    over the root of how many do not share their jitter, and what a line is off when only those
    around it are believed.
    """
    return _track(race, pins=True)


@once_per
def by_positions_alone(race: Race) -> Track | None:
    """As `placed`, but the times at the timing lines hold no place: what positions alone say."""
    return _track(race, pins=False)


def _track(race: Race, *, pins: bool) -> Track | None:
    if race.telemetry is None:
        return None
    line = reference_line(race)
    length = _length_of_fastest_lap(race) if line is None else line.length_m
    if length is None:
        return None
    sent = samples_of(race)
    usual = None if line is None else _usual_lead(race, line)
    parts = []
    for piece in pieces(race):
        own = sent[piece.car]
        part = _by_speed(own, piece, length) if line is None else _by_place(own, piece, line, usual)
        if part is not None and part.shape[1] > 1:
            parts.append((piece, part))
    if not parts:
        return None
    lines = timing_lines(race, sent, parts, length)
    held, off_s = pinned(race, sent, parts, lines, length)
    parts = held if pins else parts
    by_car: dict[str, list[NDArray[np.float64]]] = {}
    for piece, part in parts:
        by_car.setdefault(piece.car, []).append(part)
    cars = {
        car: _placed(sent[car], np.concatenate(own, axis=1), off_s) for car, own in by_car.items()
    }
    return Track(length, cars, lines, off_s)


def _length_of_fastest_lap(race: Race) -> float | None:
    whole = [piece for piece in pieces(race) if piece.is_whole]
    if not whole:
        return None
    fastest = min(whole, key=lambda piece: piece.end - piece.begin)
    begin, end = _ends(race, fastest)
    own = samples_of(race)[fastest.car]
    return float(own.metres_at(end) - own.metres_at(begin))


def _ends(race: Race, piece: Piece) -> tuple[float, float]:
    at = timing(race)
    car = at.cars.index(piece.car)
    return float(at.begun[piece.lap, car]), float(at.at_line[piece.lap, car])


def _by_speed(own: Samples, piece: Piece, length: float) -> NDArray[np.float64] | None:
    """Index, place and error of samples of a lap by speed and time; None where it is not whole."""
    if not piece.to_line or not (piece.from_line or piece.lap == 0):
        return None
    here = np.arange(*np.searchsorted(own.time, [piece.begin, piece.end]))
    first, last = (float(own.metres_at(t)) for t in (piece.begin, piece.end))
    stretch = length / (last - first) if piece.lap and last > first else 1.0
    if abs(stretch - 1) > OFF_LENGTH:
        return None
    place = (piece.lap + 1) * length - (last - own.metres[here]) * stretch
    return np.stack([here, place, np.full(len(here), BY_SPEED_M)])


def _by_place(
    own: Samples, piece: Piece, line: ReferenceLine, usual: NDArray[np.float64] | None
) -> NDArray[np.float64] | None:
    """Index, place and error of samples of a piece by its positions, or by speed where none are."""
    here = np.arange(*np.searchsorted(own.time, [piece.begin, piece.end]))
    near = expected(line, own, piece, own.time[here])
    if near is None:
        return None
    when, by_speed, ahead = _ahead(own, piece, line, reach_us=WITHIN_S * 1e6)
    if usual is not None:
        ahead = ahead - _on_lap(usual, by_speed, line)
        near = near + _on_lap(usual, near, line)
    ahead, error = _correction(when, ahead, own.time[here])
    if np.isnan(ahead).all():
        return _by_speed(own, piece, line.length_m) if line.closed else None
    if not (piece.from_line or piece.to_line):
        ahead, error = _believed(ahead, error, near)
    kept = ~np.isnan(ahead)
    place = piece.lap * line.length_m + near + ahead
    return np.stack([here, place, error])[:, kept]


def _ahead(
    own: Samples, piece: Piece, line: ReferenceLine, *, reach_us: float
) -> tuple[NDArray[np.float64], ...]:
    """When positions of a piece were read, where speed says the car was, how far ahead it is."""
    around = own.placed_in(piece.begin - reach_us, piece.end + reach_us)
    when = own.place_time[around]
    by_speed = expected(line, own, piece, when)
    if by_speed is None or not len(when):
        nothing = np.empty(0)
        return nothing, nothing, nothing
    found, off = line.project(own.x_m[around], own.y_m[around], by_speed)
    on = np.abs(off) <= OFF_M
    return when[on], by_speed[on], (found - by_speed)[on]


@once_per
def _all_ahead(race: Race) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Of every whole lap: where speed says the car was, and how far ahead its positions are."""
    line = reference_line(race)
    if line is None or not line.closed:
        return []
    whole = [piece for piece in pieces(race) if piece.is_whole]
    found = [_ahead(samples_of(race)[p.car], p, line, reach_us=0.0) for p in whole]
    return [(by_speed, ahead) for _, by_speed, ahead in found if len(ahead)]


def _usual_lead(race: Race, line: ReferenceLine) -> NDArray[np.float64] | None:
    """How far positions are ahead of speed and time at each part of the lap: the median of laps.

    It is what corners and the line itself make of a distance; None where there are few laps.
    """
    found = _all_ahead(race)
    if len(found) < FEWEST_LAPS:
        return None
    count = int(line.length_m / BIN_M)
    by_lap = np.full((len(found), count), np.nan)
    for lap, (by_speed, ahead) in enumerate(found):
        bins = np.floor(by_speed / line.length_m * count).astype(int) % count
        sums = np.bincount(bins, ahead - np.median(ahead), minlength=count)
        many = np.bincount(bins, minlength=count)
        by_lap[lap] = np.where(many > 0, sums / np.maximum(many, 1), np.nan)
    usual = median(by_lap, axis=0)
    return np.where(np.isnan(usual), 0.0, usual)


def _on_lap(
    usual: NDArray[np.float64], place: NDArray[np.float64], line: ReferenceLine
) -> NDArray[np.float64]:
    """Values of equal parts of a lap at these places of it."""
    count = len(usual)
    middles = (np.arange(-1, count + 1) + 0.5) * line.length_m / count
    around = np.concatenate([usual[-1:], usual, usual[:1]])
    return np.asarray(np.interp(place % line.length_m, middles, around))


def _correction(
    when: NDArray[np.float64],
    ahead: NDArray[np.float64],
    time: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How far positions are ahead of speed and time, at these times, and its standard error."""
    if len(when) < FEWEST:
        nothing = np.full(len(time), np.nan)
        return nothing, nothing
    within_us = np.where(time < STARTED_S * 1e6, AT_START_S, WITHIN_S) * 1e6
    first = np.searchsorted(when, time - within_us)
    count = np.searchsorted(when, time + within_us) - first
    most = int(count.max(initial=0))
    index = first[:, None] + np.arange(max(most, 1))
    inside = np.arange(max(most, 1)) < count[:, None]
    values = np.where(inside, ahead[np.minimum(index, len(when) - 1)], np.nan)
    middle = median(values, axis=1)
    spread = 1.4826 * median(np.abs(values - middle[:, None]), axis=1)
    covered = (
        when[np.clip(first + count - 1, 0, len(when) - 1)] - when[first.clip(0, len(when) - 1)]
    )
    apart = np.maximum(covered / 1e6 / TOGETHER_S, 1.0)  # positions that do not share their jitter
    error = np.maximum(spread / np.sqrt(apart), FINEST_M)
    few = count < FEWEST
    return np.where(few, np.nan, middle), np.where(few, np.nan, error)


def _believed(
    ahead: NDArray[np.float64], error: NDArray[np.float64], near: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Correction of a piece that no timing line holds, as far as speed and time let it go.

    Positions that leave them by more have jumped: the rest is not believed, but told as an error.
    """
    known = np.flatnonzero(~np.isnan(ahead))
    if not len(known):
        return ahead, error
    first = known[0]
    most = SPEED_OFF * np.abs(near - near[first]) + 2 * FINEST_M
    kept = np.clip(ahead, ahead[first] - most, ahead[first] + most)
    return kept, np.sqrt(error**2 + (ahead - kept) ** 2 + (most / 3) ** 2)


def _placed(own: Samples, part: NDArray[np.float64], off_s: float) -> Placed:
    part = part[:, np.argsort(part[0], kind="stable")]
    ahead = np.maximum.accumulate(np.concatenate([[-np.inf], part[1, :-1]]))
    part = part[:, part[1] > ahead]  # a car that stands is nowhere new
    kept = part[0].astype(int)
    return Placed(
        time=own.time[kept],
        place_m=part[1],
        error_m=np.hypot(part[2], off_s * own.speed_kmh[kept] / 3.6),
        speed_kmh=own.speed_kmh[kept],
        throttle=own.throttle[kept],
        brake=own.brake[kept],
        drs=own.drs[kept],
    )
