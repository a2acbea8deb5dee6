"""What a clip shows, moment by moment: where two cars are, and the interval between them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from racecraft.analysis.order.timing import Timing, timing
from racecraft.analysis.telemetry.along import Run, along, lap_shares, run_of
from racecraft.analysis.telemetry.track import positions_at, track
from racecraft.errors import ArgumentError, NotEnoughDataError
from racecraft.model.terms import THE_LINE
from racecraft.show.charts.shapes import family_names, race_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from racecraft.analysis.fights.battle import Battle
    from racecraft.model.race import Race

    Floats = NDArray[np.float64]

LAPS, SPEED, FPS = 2, 6.0, 15
POSITIONS, OUTLINE, RING = "positions", "outline", "ring"
AFTER_S = 2.0  # that are shown beyond the last line
RING_POINTS = 240  # points of a ring
LONGEST_S = 1800.0  # of a race, in one clip


@dataclass(frozen=True, eq=False, kw_only=True)
class Reel:
    """A clip before it is drawn.

    Attributes
    ----------
    title
        Which race.
    names
        What the two cars are called.
    outline, lines
        Points of the track, ``(points, 2)``, and of its timing lines, ``(lines, 2)``, in metres, or
        on a ring of radius 1 where nobody knows the track.
    basis
        ``positions``; or ``outline`` of the circuit or ``ring``, on which cars and timing lines lie
        to the scale of time.
    time_s
        Seconds since lights out of every frame.
    places
        Where the two are, ``(frames, 2, 2)``: frame, car, x and y.
    interval_s
        Seconds that the second is behind the first; negative when ahead.
    lap
        Lap that the car ahead is on.
    fps
        Frames a second.
    speed
        How many seconds of the race pass in one.
    """

    title: str
    names: tuple[str, str]
    outline: Floats
    lines: Floats
    basis: str
    time_s: Floats
    places: Floats
    interval_s: Floats
    lap: NDArray[np.int64]
    fps: int
    speed: float


def reel(
    race: Race,
    battle: Battle,
    *,
    laps: int = LAPS,
    speed: float = SPEED,
    fps: int = FPS,
    circuit: Floats | None = None,
) -> Reel:
    """The last laps of a battle.

    Parameters
    ----------
    race, battle
        The race, and what `racecraft.battle` found.
    laps
        How many, the last one of the battle last.
    speed
        Seconds of the race in one of the clip.
    fps
        Frames a second.
    circuit
        Points of its outline, ``(points, 2)``, from the Line on, for a race without positions.

    Raises
    ------
    ArgumentError
        Laps, speed or frames that no clip has.
    NotEnoughDataError
        The two were not timed on those laps.
    """
    if laps < 1 or not 0.25 <= speed <= 120 or not 1 <= fps <= 60:
        raise ArgumentError(
            f"no clip of {laps} laps at {speed:g} times the speed and {fps} frames a second",
            hint="a lap at least, speed from 0.25 to 120, frames from 1 to 60",
        )
    pair = (battle.row["first"], battle.row["second"])
    if battle.lines.is_empty():
        raise NotEnoughDataError(f"{pair[0]} and {pair[1]} were never close")
    last = int(battle.row["end_lap"] or battle.lines["lap"].to_list()[-1])
    at = timing(race)
    runs = [run_of(at, at.cars.index(car)) for car in pair]
    first_lap = max(last - laps + 1, 1)
    since = min(np.interp(first_lap - 1, run.done, run.time_s) for run in runs)
    until = max(np.interp(last, run.done, run.time_s) for run in runs) + AFTER_S
    if not 0 < until - since < LONGEST_S:
        raise NotEnoughDataError(
            f"{laps} laps are {until - since:.0f} s; a clip has {LONGEST_S:.0f} at most",
            hint="ask for fewer laps",
        )
    when = np.arange(since, until, speed / fps)
    done = np.stack([np.interp(when, run.time_s, run.done) for run in runs])
    outline, lines, places, basis = _drawn(race, pair, when, done, at, circuit)
    names = family_names(race)
    return Reel(
        title=race_name(race),
        names=(names.get(pair[0], pair[0]), names.get(pair[1], pair[1])),
        outline=outline,
        lines=lines,
        basis=basis,
        time_s=when,
        places=places,
        interval_s=_interval(runs, np.minimum(when, until - AFTER_S)),
        lap=np.minimum(done.max(axis=0).astype(int) + 1, last),
        fps=fps,
        speed=speed,
    )


def _interval(runs: list[Run], when: Floats) -> Floats:
    """How long ago the car ahead was where the other one is; positive if the first is ahead."""
    done = np.stack([np.interp(when, run.time_s, run.done) for run in runs])
    behind = np.minimum(*done)
    first, second = (np.interp(behind, run.done, run.time_s) for run in runs)
    return np.where(
        (done[0] > done[1]) | ((done[0] == done[1]) & (first <= second)),
        when - first,
        second - when,
    )


def _drawn(
    race: Race,
    pair: tuple[str, str],
    when: Floats,
    done: Floats,
    at: Timing,
    circuit: Floats | None,
) -> tuple[Floats, Floats, Floats, str]:
    """Track, timing lines and cars: by positions, else on the outline or on a ring."""
    unplaced = _on_ring if circuit is None else partial(along, circuit)
    try:
        line = track(race)
        times = [timedelta(seconds=float(second)) for second in when]
        there = positions_at(race, times).filter(pl.col("car").is_in(pair))
    except NotEnoughDataError:
        return _by_timing(at, done, unplaced)
    places = np.full((len(when), 2, 2), np.nan)
    for i, car in enumerate(pair):
        own = there.filter(car=car)
        if own.height < 2:
            return _by_timing(at, done, unplaced)
        known = own["time"].dt.total_microseconds().to_numpy() / 1e6
        for j, name in enumerate(("x_m", "y_m")):
            places[:, i, j] = np.interp(when, known, own[name].to_numpy())
    outline = line.select("x_m", "y_m").to_numpy()
    lines = line.drop_nulls("line").select("x_m", "y_m").to_numpy()
    return outline, lines, places, POSITIONS


def _by_timing(
    at: Timing, done: Floats, placed: Callable[[Floats], Floats]
) -> tuple[Floats, Floats, Floats, str]:
    """Track, lines and cars by shares of a lap in time, for nobody knows those in metres."""
    shares = [share for name, share in lap_shares(at).items() if name != THE_LINE]
    around = np.linspace(0.0, 1.0, RING_POINTS)
    basis = RING if placed is _on_ring else OUTLINE
    cars = np.stack([placed(one % 1.0) for one in done], axis=1)
    return placed(around), placed(np.array([0.0, *shares])), cars, basis


def _on_ring(share: Floats) -> Floats:
    """Points of a ring that is driven clockwise from the top."""
    angle = np.pi / 2 - 2 * np.pi * share
    return np.stack([np.cos(angle), np.sin(angle)], axis=-1)
