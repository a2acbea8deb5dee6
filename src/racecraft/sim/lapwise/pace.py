"""How fast every car is, from what was expected and the laps it has driven so far."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from racecraft.model.folding import fold
from racecraft.sim.lapwise.course import HARD, MEDIUM
from racecraft.sim.lapwise.evidence import ATTACK_S, FAR_S, RACING_SPEED, STANDARD_LAP, stint_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from racecraft.sim.lapwise.course import Course
    from racecraft.sim.lapwise.parameters import Parameters
    from racecraft.sim.lapwise.prior import Known

    Floats = NDArray[np.float64]

FEWEST_CARS = 4  # on a lap, to tell how fast the lap was
IN_TRAFFIC = 4.0  # a lap behind another car says so much less, as variance
FAR_APART = 1.5  # seconds a lap from the mean, beyond which laps spread no more, and no less
DAY = 3  # numbers of what tyres are that day
OLDEST = 60  # laps of a set, beyond which it is taken to be no older
ANY_LEVEL = 100.0  # variance of how fast a lap was for all, in seconds squared: as good as unknown
WILD = 2.5  # spreads; a lap further off counts as if it were there


class Pace(NamedTuple):
    """Seconds of a standard lap against the mean of the field, after each lap.

    Shapes ``(laps + 1, cars)``; row 0 is what was expected. `mean` stays, and `spread` is of what
    is unknown of it; `form` comes and goes over some laps, with its own `form_spread`. `seen`
    counts the clean laps behind it all. `unsteady`, ``(cars,)``, is by how much more than those of
    an average car its laps spread. `day` is what tyres are that day beyond what is usual, with its
    `day_spread`, both ``(laps + 1, 3)``: wear in seconds a lap of age, mediums, hards in seconds.
    """

    mean: Floats
    spread: Floats
    form: Floats
    form_spread: Floats
    seen: Floats
    unsteady: Floats
    day: Floats
    day_spread: Floats


def expected_pace(known: Known, parameters: Parameters) -> Floats:
    """Pace that is expected before the start, seconds of a standard lap, ``(cars,)``."""
    if known.pace is not None:
        return known.pace
    names = ("prior_strength", "prior_qualifying", "prior_grid", "prior_race_pace")
    return np.asarray(known.design @ np.array([parameters.of(name) for name in names]))


def pace_so_far(run: Course, known: Known, parameters: Parameters, circuit: str) -> Pace:
    """Pace of every car after every lap, each seen from that lap.

    Notes
    -----
    A Kalman filter with two numbers a car: pace that stays, but for a change with every stint,
    and form that comes and goes (an autoregression over laps: management, traffic behind); and
    three for the day: what tyres wear, and mediums and hards cost, beyond what is usual. On each
    lap the clean laps of all cars, usual tyres taken off, tell how fast the lap was, and then each
    car against it. Behind another car a lap says less; one that is wildly off counts as a slow one.
    """
    p, cars, laps = parameters, len(run.cars), run.laps
    expected = expected_pace(known, p)
    unsteady = np.exp(p.of("unsteady_by_pace") * np.clip(expected, -FAR_APART, FAR_APART))
    state = _State(expected, unsteady, p, circuit)
    tyre, number = tyre_seconds(p, circuit), stint_of(run)
    mean, spread, form, form_spread, counts = (np.zeros((laps + 1, cars)) for _ in range(5))
    day, day_spread = np.zeros((2, laps + 1, DAY))
    seen = np.zeros(cars)
    for lap in range(laps + 1):
        mean[lap], form[lap], counts[lap] = state.pace, state.form, seen
        spread[lap], form_spread[lap] = state.spreads
        day[lap], day_spread[lap] = state.day
        if lap == laps:
            break
        state.pass_a_lap(number[lap] != number[lap - 1] if lap else np.zeros(cars, np.bool_))
        here, y, noise = _clean_lap(run, lap, tyre, p, circuit)
        if len(here):
            noise = noise * unsteady[here] ** 2
            state.see(here, y, noise, _of_the_day(run.tyre[lap, here], run.age[lap, here]))
            seen[here] += (p.of("noise") * unsteady[here]) ** 2 / noise
    return Pace(mean, spread, form, form_spread, counts, unsteady, day, day_spread)


class _State:
    """What is known: pace of all cars, then form of all, then tyres that day; a normal law."""

    def __init__(self, pace: Floats, unsteady: Floats, p: Parameters, circuit: str) -> None:
        self.cars = cars = len(pace)
        self.kept = p.of("form_kept")
        self.stint = p.of("stint_spread") ** 2
        self.form_variance = (p.of("form_spread") * unsteady) ** 2
        new_here = "wear_more" not in p.circuits.get(fold(circuit), {})
        variance = np.zeros(2 * cars + DAY)
        variance[:cars] = p.of("prior_spread") ** 2 + p.of("team_spread") ** 2
        variance[cars:-DAY] = self.form_variance
        variance[-DAY:] = [p.of(name) ** 2 for name in ("wear_day", "medium_day", "hard_day")]
        variance[-DAY] += new_here * p.of("wear_more_spread") ** 2
        self.mean = np.append(pace, np.zeros(cars + DAY))
        self.covariance = np.diag(variance)

    @property
    def pace(self) -> Floats:
        return self.mean[: self.cars]

    @property
    def form(self) -> Floats:
        return self.mean[self.cars : -DAY]

    @property
    def spreads(self) -> tuple[Floats, Floats]:
        spread = np.sqrt(np.diag(self.covariance))
        return spread[: self.cars], spread[self.cars : -DAY]

    @property
    def day(self) -> tuple[Floats, Floats]:
        return self.mean[-DAY:], np.sqrt(np.diag(self.covariance)[-DAY:])

    def pass_a_lap(self, new_stint: NDArray[np.bool_]) -> None:
        """Form is kept in part; with a new stint pace changes."""
        share = np.ones(len(self.mean))
        share[self.cars : -DAY] = self.kept
        self.mean = self.mean * share
        self.covariance = self.covariance * share[:, None] * share
        more = np.zeros(len(self.mean))
        more[: self.cars] = self.stint * new_stint
        more[self.cars : -DAY] = (1 - self.kept**2) * self.form_variance
        self.covariance[np.diag_indices_from(self.covariance)] += more

    def see(self, cars: NDArray[np.int64], y: Floats, noise: Floats, day: Floats) -> None:
        """Take in a lap of some cars, of which nothing is known but how far they are apart."""
        row = np.arange(len(cars))
        design = np.zeros((len(cars), len(self.mean)))
        design[row, cars] = design[row, self.cars + cars] = 1.0
        design[:, -DAY:] = day
        spread = design @ self.covariance
        inner = spread @ design.T
        off = _against_field(y - design @ self.mean, 1 / (np.diag(inner) + noise))
        inner[row, row] += noise
        gain = np.linalg.solve(inner + ANY_LEVEL, spread).T
        self.mean = self.mean + gain @ off
        self.covariance = self.covariance - gain @ spread
        self.covariance = (self.covariance + self.covariance.T) / 2


def _of_the_day(tyre: NDArray[np.int64], age: NDArray[np.int64]) -> Floats:
    """What wear, mediums and hards of the day count for on a lap, ``(cars, 3)``."""
    return np.stack([np.minimum(age, OLDEST), tyre == MEDIUM, tyre == HARD], axis=1).astype(float)


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


def tyre_seconds(
    parameters: Parameters, circuit: str, ages: int = 80, *, day: Sequence[float] = (0, 0, 0)
) -> Floats:
    """Seconds of a standard lap that tyres cost by compound and age, ``(tyres, ages)``.

    `day` is what is not as usual that day: wear by lap of age, mediums, hards.
    Wet tyres are told apart from dry ones by no more than a constant: how wet the track is, the
    laps alone do not say.
    """
    p = parameters
    age = np.arange(ages, dtype=float)
    table = np.zeros((6, ages))
    more = p.of("wear_more", circuit) + day[0]
    offsets = (0.0, p.of("tyre_medium") + day[1], p.of("tyre_hard") + day[2])
    for tyre, name in enumerate(("soft", "medium", "hard")):
        wear = max(p.of(f"wear_{name}", circuit) + more, 0.0)
        table[tyre] = offsets[tyre] + wear * age
    table[3:] = 0.3 + p.of("wear_hard") * age
    return table
