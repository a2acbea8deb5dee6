"""How fast every car is, from what was expected and the laps it has driven so far."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from racecraft.sim.lapwise.course import HARD
from racecraft.sim.lapwise.evidence import ATTACK_S, FAR_S, RACING_SPEED, STANDARD_LAP, stint_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from racecraft.sim.lapwise.course import Course
    from racecraft.sim.lapwise.parameters import Parameters
    from racecraft.sim.lapwise.prior import Known

    Floats = NDArray[np.float64]

FEWEST_CARS = 4  # on a lap, to tell how fast the lap was
IN_TRAFFIC = 4.0  # a lap behind another car says so much less, as variance
WILD = 2.5  # spreads; a lap further off counts as if it were there


class Pace(NamedTuple):
    """Seconds of a standard lap against the mean of the field, after each lap.

    Shapes ``(laps + 1, cars)``; row 0 is what was expected. `spread` is of what is left unknown;
    `seen` counts the clean laps behind it.
    """

    mean: Floats
    spread: Floats
    seen: Floats


def expected_pace(known: Known, parameters: Parameters) -> Floats:
    """Pace that is expected before the start, seconds of a standard lap, ``(cars,)``."""
    names = ("prior_strength", "prior_qualifying", "prior_grid")
    return np.asarray(known.design @ np.array([parameters.of(name) for name in names]))


def pace_so_far(run: Course, known: Known, parameters: Parameters, circuit: str) -> Pace:
    """Pace of every car after every lap, each seen from that lap.

    Notes
    -----
    A Kalman filter: on each lap the clean laps of all cars, tyres taken off, tell how fast the
    lap was, and then each car against it. Behind another car a lap says less; a lap that is
    wildly off counts as a slow one. Every stint brings a change of its own.
    """
    p = parameters
    mean = expected_pace(known, p)
    variance = np.full(len(mean), p.of("prior_spread") ** 2 + p.of("team_spread") ** 2)
    noise = p.of("noise") ** 2
    stint_change = p.of("stint_spread") ** 2
    tyre = tyre_seconds(p, circuit)
    ages = tyre.shape[1]
    number = stint_of(run)
    dry = run.green & (run.tyre <= HARD)
    out = Pace(*(np.zeros((run.laps + 1, len(mean))) for _ in range(3)))
    seen = np.zeros(len(mean))
    out.mean[0], out.spread[0] = mean, np.sqrt(variance)
    for lap in range(run.laps):
        if lap:
            variance = variance + stint_change * (number[lap] != number[lap - 1])
        good = dry[lap].copy()
        if good.sum() >= FEWEST_CARS:
            usual = float(np.median(run.lap_time[lap][good]))
            good &= run.lap_time[lap] < RACING_SPEED * usual
            cars = np.flatnonzero(good)
            y = STANDARD_LAP * run.lap_time[lap, cars] / usual
            y = y - tyre[run.tyre[lap, cars], np.minimum(run.age[lap, cars], ages - 1)]
            ahead = run.ahead[lap, cars]
            y -= p.of("held_up") * (ahead < ATTACK_S)
            y -= p.of("dirty_air", circuit) * ((ahead >= ATTACK_S) & (ahead < FAR_S))
            spread = noise * np.where(ahead < FAR_S, IN_TRAFFIC, 1.0)
            off = y - mean[cars]
            weight = 1 / (spread + variance[cars])
            level = float(np.median(off))
            for _ in range(3):
                scale = WILD / np.sqrt(weight)
                kept = np.clip(off, level - scale, level + scale)
                level = float((weight * kept).sum() / weight.sum())
            off = np.clip(off - level, -WILD / np.sqrt(weight), WILD / np.sqrt(weight))
            gain = variance[cars] * weight
            mean[cars] += gain * off
            variance[cars] *= 1 - gain
            seen[cars] += np.where(ahead < FAR_S, 1 / IN_TRAFFIC, 1.0)
        out.mean[lap + 1], out.spread[lap + 1], out.seen[lap + 1] = mean, np.sqrt(variance), seen
    return out


def tyre_seconds(parameters: Parameters, circuit: str, ages: int = 80) -> Floats:
    """Seconds of a standard lap that tyres cost by compound and age, ``(tyres, ages)``.

    Wet tyres are told apart from dry ones by no more than a constant: how wet the track is, the
    laps alone do not say.
    """
    p = parameters
    age = np.arange(ages, dtype=float)
    table = np.zeros((6, ages))
    more = p.of("wear_more", circuit)
    offsets = (0.0, p.of("tyre_medium"), p.of("tyre_hard"))
    for tyre, name in enumerate(("soft", "medium", "hard")):
        wear = max(p.of(f"wear_{name}", circuit) + more, 0.0)
        table[tyre] = offsets[tyre] + wear * age
    table[3:] = 0.3 + p.of("wear_hard") * age
    return table
