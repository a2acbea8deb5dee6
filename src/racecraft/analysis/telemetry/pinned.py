"""How far are positions off where the cars were timed, and where do the timing lines lie?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from racecraft.analysis.order.timing import timing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from racecraft.analysis.telemetry.samples import Piece, Samples
    from racecraft.model.race import Race

FEWEST_CROSSINGS = 3  # of which the place of a timing line is the median
FURTHEST_M = 60.0  # by which a place may be off a timed one before neither is believed
USUAL_S = 0.06  # by which places are off between two lines, where too few lines tell

Part = tuple["Piece", "NDArray[np.float64]"]  # a piece, and index, place and error of its samples


@dataclass(frozen=True)
class TimingLine:
    """A timing line on the track: its distance from the Line, and the standard error of that."""

    name: str
    distance_m: float
    error_m: float


def timing_lines(
    race: Race, sent: dict[str, Samples], parts: Sequence[Part], length: float
) -> list[TimingLine]:
    """Where cars are when they are timed: the median of all laps; the Line is at zero."""
    at = timing(race)
    found: dict[str, list[float]] = {}
    for piece, part in parts:
        for name, when in _crossed(race, piece):
            place = _at(sent[piece.car], part, when)
            if name != at.lines[-1] and not np.isnan(place):
                found.setdefault(name, []).append(place - piece.lap * length)
    lines = [TimingLine(at.lines[-1], 0.0, 0.0)]
    for name, places in found.items():
        if len(places) >= FEWEST_CROSSINGS:
            middle = float(np.median(places))
            spread = 1.4826 * float(np.median(np.abs(np.array(places) - middle)))
            lines.append(TimingLine(name, middle, spread / np.sqrt(len(places) / 2)))
    return sorted(lines, key=lambda line: line.distance_m)


def pinned(
    race: Race,
    sent: dict[str, Samples],
    parts: Sequence[Part],
    lines: Sequence[TimingLine],
    length: float,
) -> tuple[list[Part], float]:
    """Pieces whose places agree with the times at the lines, and how far they are off between them.

    By how much a place is off grows evenly from one line to the next. The second is a standard
    error in seconds: what each line is off when its neighbours alone are believed.
    """
    off = {line.name: line.distance_m for line in lines}
    moved, left = [], []
    for piece, part in parts:
        own = sent[piece.car]
        knots = _knots(race, own, piece, part, off, length)
        if len(knots[0]):
            when = own.time[part[0].astype(int)]
            shift = np.interp(when, *knots)
            left += list(_left_out(own, knots))
            part = np.stack([part[0], part[1] + shift, part[2]])
        moved.append((piece, part))
    if len(left) < 2 * FEWEST_CROSSINGS:
        return moved, USUAL_S
    return moved, float(1.4826 * np.median(np.abs(left)))


def _knots(
    race: Race, own: Samples, piece: Piece, part: NDArray[np.float64], off: dict[str, float],
    length: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:  # fmt: skip
    """Times at which a car was at a line, and how many metres its places lack there."""
    times, lacks = [], []
    last = timing(race).lines[-1]
    for name, when in _crossed(race, piece):
        if name not in off:
            continue
        lap = piece.lap + (name == last and when > (piece.begin + piece.end) / 2)
        lack = lap * length + off[name] - _at(own, part, when)
        if abs(lack) <= FURTHEST_M:
            times.append(when)
            lacks.append(lack)
    return np.array(times), np.array(lacks)


def _left_out(
    own: Samples, knots: tuple[NDArray[np.float64], NDArray[np.float64]]
) -> Iterator[float]:
    """Seconds by which each line between two others is off what those say."""
    times, lacks = knots
    for k in range(1, len(times) - 1):
        around = [k - 1, k + 1]
        wrong = lacks[k] - np.interp(times[k], times[around], lacks[around])
        speed = max(float(np.interp(times[k], own.time, own.speed_kmh)) / 3.6, 5.0)
        yield float(wrong) / speed


def _crossed(race: Race, piece: Piece) -> Iterator[tuple[str, float]]:
    """Lines that a car crosses on a piece, and when; the Line at both its ends."""
    at = timing(race)
    car, count = at.cars.index(piece.car), len(at.lines)
    first = piece.lap * count
    for step in range(max(first - 1, 0), min(first + count, at.steps)):
        when = float(at.time[step, car])
        if not np.isnan(when) and piece.begin - 5e5 <= when <= piece.end + 5e5:
            yield at.line_names[step], when


def _at(own: Samples, part: NDArray[np.float64], when: float) -> float:
    """Place at a time; a little before the first sample and after the last one, by speed."""
    time = own.time[part[0].astype(int)]
    place = part[1]
    if len(time) < 2:
        return np.nan
    found = float(np.interp(when, time, place))
    beyond = when - np.clip(when, time[0], time[-1])
    if abs(beyond) > 5e5:
        return np.nan
    speed = float(np.interp(when, own.time, own.speed_kmh)) / 3.6
    return found + float(beyond) / 1e6 * speed
