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
FAR_APART = 1.5  # seconds a lap from the mean, beyond which laps spread no more, and no less
WILD = 2.5  # spreads; a lap further off counts as if it were there


class Pace(NamedTuple):
    """Seconds of a standard lap against the mean of the field, after each lap.

    Shapes ``(laps + 1, cars)``; row 0 is what was expected. `mean` stays, and `spread` is of what
    is unknown of it; `form` comes and goes over some laps, with its own `form_spread`. `seen`
    counts the clean laps behind it all. `unsteady`, ``(cars,)``, is by how much more than those of
    an average car its laps spread.
    """

    mean: Floats
    spread: Floats
    form: Floats
    form_spread: Floats
    seen: Floats
    unsteady: Floats


def expected_pace(known: Known, parameters: Parameters) -> Floats:
    """Pace that is expected before the start, seconds of a standard lap, ``(cars,)``."""
    names = ("prior_strength", "prior_qualifying", "prior_grid")
    return np.asarray(known.design @ np.array([parameters.of(name) for name in names]))


def pace_so_far(run: Course, known: Known, parameters: Parameters, circuit: str) -> Pace:
    """Pace of every car after every lap, each seen from that lap.

    Notes
    -----
    A Kalman filter with two numbers a car: pace that stays, but for a change with every stint,
    and form that comes and goes (an autoregression over laps: management, traffic behind, tyres
    that wear otherwise than usual). On each lap the clean laps of all cars, tyres taken off, tell
    how fast the lap was, and then each car against it. Behind another car a lap says less; one
    that is wildly off counts as a slow one.
    """
    p = parameters
    kept = p.of("form_kept")
    stint_change = p.of("stint_spread") ** 2
    mean = expected_pace(known, p)
    unsteady = np.exp(p.of("unsteady_by_pace") * np.clip(mean, -FAR_APART, FAR_APART))
    form_variance = (p.of("form_spread") * unsteady) ** 2
    form = np.zeros(len(mean))
    both = np.zeros((len(mean), 2, 2))  # covariance of pace and form
    both[:, 0, 0] = p.of("prior_spread") ** 2 + p.of("team_spread") ** 2
    both[:, 1, 1] = form_variance
    tyre = tyre_seconds(p, circuit)
    number = stint_of(run)
    blank = [np.zeros((run.laps + 1, len(mean))) for _ in range(5)]
    out = Pace(blank[0], blank[1], blank[2], blank[3], blank[4], unsteady)
    seen = np.zeros(len(mean))
    for lap in range(run.laps + 1):
        out.mean[lap], out.form[lap], out.seen[lap] = mean, form, seen
        out.spread[lap], out.form_spread[lap] = np.sqrt(both[:, 0, 0]), np.sqrt(both[:, 1, 1])
        if lap == run.laps:
            break
        form = kept * form
        both[:, 0, 1] *= kept
        both[:, 1, 0] *= kept
        both[:, 1, 1] = kept**2 * both[:, 1, 1] + (1 - kept**2) * form_variance
        if lap:
            both[:, 0, 0] += stint_change * (number[lap] != number[lap - 1])
        cars, y, noise = _clean_lap(run, lap, tyre, p, circuit)
        if not len(cars):
            continue
        noise = noise * unsteady[cars] ** 2
        variance = both[cars].sum(axis=(1, 2)) + noise
        off = _against_field(y - mean[cars] - form[cars], 1 / variance)
        gain = both[cars].sum(axis=2) / variance[:, None]  # of pace and of form
        mean[cars] += gain[:, 0] * off
        form[cars] += gain[:, 1] * off
        both[cars] -= gain[:, :, None] * both[cars].sum(axis=1)[:, None, :]
        seen[cars] += (p.of("noise") * unsteady[cars]) ** 2 / noise
        mean, form = mean.copy(), form.copy()
    return out


def _clean_lap(
    run: Course, lap: int, tyre: Floats, p: Parameters, circuit: str
) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Cars with a clean lap, their seconds of a standard lap without tyres, and its variance."""
    good = run.green[lap] & (run.tyre[lap] <= HARD)
    if good.sum() >= FEWEST_CARS:
        usual = float(np.median(run.lap_time[lap][good]))
        good &= run.lap_time[lap] < RACING_SPEED * usual
    if good.sum() < FEWEST_CARS:
        return np.zeros(0, np.int64), np.zeros(0), np.zeros(0)
    cars = np.flatnonzero(good)
    y = STANDARD_LAP * run.lap_time[lap, cars] / usual
    y = y - tyre[run.tyre[lap, cars], np.minimum(run.age[lap, cars], tyre.shape[1] - 1)]
    ahead = run.ahead[lap, cars]
    y -= p.of("held_up") * (ahead < ATTACK_S)
    y -= p.of("dirty_air", circuit) * ((ahead >= ATTACK_S) & (ahead < FAR_S))
    return cars, y, p.of("noise") ** 2 * np.where(ahead < FAR_S, IN_TRAFFIC, 1.0)


def _against_field(off: Floats, weight: Floats) -> Floats:
    """What laps are off beyond what all cars are off; wild ones cut."""
    level = float(np.median(off))
    scale = WILD / np.sqrt(weight)
    for _ in range(3):
        level = float((weight * np.clip(off, level - scale, level + scale)).sum() / weight.sum())
    return np.asarray(np.clip(off - level, -scale, scale))


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
