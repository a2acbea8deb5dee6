"""Tyres, traffic and noise from clean laps; and what is expected of a car before the start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from racecraft.sim.lapwise.evidence import ATTACK_S, FAR_S
from racecraft.sim.lapwise.parameters import Figure
from racecraft.sim.lapwise.regress import least_squares, shrunk, within

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from racecraft.sim.lapwise.evidence import Evidence
    from racecraft.sim.lapwise.prior import Known

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

NAMES = (
    "tyre_medium", "tyre_hard", "wear_soft", "wear_medium", "wear_hard", "dirty_air", "held_up",
)  # fmt: skip
PRIOR = ("prior_strength", "prior_qualifying", "prior_grid", "prior_race_pace")
FEWEST_LAPS = 100  # clean laps of a race, below which it says nothing of pace
FEWEST_OF_A_CAR = 8
FEW_STINT_LAPS = 5
FEW_SPREAD_LAPS = 12
LAGS = 30  # laps, over which a car's form is seen to come and go
BLOCK_OF_RACES = 5  # left out together, where there are many
KEPT = np.arange(0.5, 0.985, 0.01)
FEW_VISITS = 8  # to circuits that were visited before
LEAST_OF_A_DAY = 0.005  # seconds a lap: no two days are quite alike
WILD = 1.5  # seconds; a lap further off counts as if it were there


@dataclass(frozen=True, eq=False, kw_only=True)
class PaceFit:
    """What clean laps say.

    Attributes
    ----------
    figures, circuits
        Parameters, and those that differ by circuit.
    levels
        Pace of the cars of each race, seconds of a standard lap, less the mean; NaN where a car
        drove too few clean laps.
    """

    figures: dict[str, Figure]
    circuits: dict[str, dict[str, Figure]]
    levels: list[Floats]

    def tyre(self, tyre: Floats, age: Floats) -> Floats:
        """Seconds that tyres cost beyond new softs."""
        f = self.figures
        offset = np.array([0.0, f["tyre_medium"].value, f["tyre_hard"].value, 0, 0, 0])
        wear = np.array(
            [*(f[f"wear_{name}"].value for name in ("soft", "medium", "hard")), 0, 0, 0]
        )
        return np.asarray(offset[tyre.astype(int)] + wear[tyre.astype(int)] * age)


def fit_pace(seen: Sequence[Evidence], where: Sequence[str]) -> PaceFit:
    """Tyres, dirty air, noise and the spread of stints.

    Notes
    -----
    Seconds of a standard lap, less the mean of every lap of a race (fuel, track, weather) and of
    every car, on compound, age of the tyres and traffic, robustly. Wear and dirty air once more
    for each race, then drawn towards the mean of all circuits.
    """
    designs, targets = [], []
    for one in seen:
        lap, car = _index(one)
        fine = len(car) >= FEWEST_LAPS
        designs.append(within(_design(one), car, lap) if fine else np.zeros((0, len(NAMES))))
        targets.append(within(one.pace["seconds"], car, lap) if fine else np.zeros(0))
    line = least_squares(np.concatenate(designs), np.concatenate(targets))
    count = sum(len(target) for target in targets)
    figures = {
        name: Figure(float(value), float(error) * 2, count)  # laps of a stint are not independent
        for name, value, error in zip(NAMES, line.coefficients, line.errors, strict=True)
    }
    circuits: dict[str, dict[str, Figure]] = {}
    for name, columns in (("wear_more", (2, 3, 4)), ("dirty_air", (5,))):
        own = [
            _own(d, t, line.coefficients, columns) for d, t in zip(designs, targets, strict=True)
        ]
        drawn = shrunk(where, np.array([v for v, _ in own]), np.array([e for _, e in own]))
        base = 0.0 if name == "wear_more" else figures[name].value
        for circuit, (value, error) in drawn.groups.items():
            circuits.setdefault(str(circuit), {})[name] = Figure(base + value, error, 1)
        figures[f"{name}_spread"] = Figure(drawn.spread, drawn.spread / 6, len(drawn.groups))
        if name == "wear_more":
            figures["wear_day"] = _of_a_day(own, where)
    for name, column in (("medium_day", 0), ("hard_day", 1)):
        figures[name] = _by_race(
            [
                _own(d, t, line.coefficients, (column,))
                for d, t in zip(designs, targets, strict=True)
            ]
        )
    figures["wear_more"] = Figure(0.0, figures["wear_more_spread"].value, count)
    levels, stint, form = _levels(seen, line.coefficients)
    figures |= form
    figures["stint_spread"] = Figure(stint[0], stint[0] / np.sqrt(2 * stint[1]), stint[1])
    return PaceFit(figures=figures, circuits=circuits, levels=levels)


def fit_prior(
    races: Sequence[tuple[Evidence, Known | None]], pace: PaceFit
) -> tuple[dict[str, Figure], dict[str, dict[str, Figure]], dict[str, list[float]]]:
    """Pace that is expected from earlier results, qualifying and the grid, and how far it is off.

    Notes
    -----
    What is off is split into what both cars of a team share and what is a car's own.
    """
    rows, target, teams, counts = [], [], [], []
    for race, ((one, known), level) in enumerate(zip(races, pace.levels, strict=True)):
        if known is None or not known.learnt:
            continue
        good = np.flatnonzero(np.isfinite(level))
        rows.append(known.design[good])
        target.append(level[good])
        counts.append(np.bincount(_index(one)[1], minlength=len(one.cars))[good])
        teams += [(race, one.teams[car]) for car in good]
    if not rows:
        blank = {name: Figure(0.0, 1.0, 0) for name in PRIOR}
        return (
            blank | {"prior_spread": Figure(0.8, 0.4, 0), "team_spread": Figure(0.3, 0.3, 0)},
            {},
            {},
        )
    x, y = np.concatenate(rows), np.concatenate(target)
    line = least_squares(x, y, penalty=np.full(len(PRIOR), 1e-3))
    left = np.clip(y - x @ line.coefficients, -2.5, 2.5)
    pairs: dict[tuple[int, str], list[float]] = {}
    for team, value in zip(teams, left, strict=True):
        pairs.setdefault(team, []).append(float(value))
    together = np.array([pair[0] * pair[1] for pair in pairs.values() if len(pair) == 2] or [0.0])
    shared = float(np.sqrt(max(together.mean(), 0.01)))
    # the pace of a race is itself known from so many laps, whose form comes and goes
    f = pace.figures
    kept = f["form_kept"].value
    of_a_lap = f["noise"].value ** 2 + f["form_spread"].value ** 2 * (1 + kept) / (1 - kept)
    unsure = float(np.mean(of_a_lap / np.concatenate(counts)))
    own = float(np.sqrt(max(left.var() - shared**2 - unsure, 0.01)))
    count = len(y)
    found = {
        name: Figure(float(value), float(error), count)
        for name, value, error in zip(PRIOR, line.coefficients, line.errors, strict=True)
    }
    found["prior_spread"] = Figure(own, own / np.sqrt(2 * count), count)
    found["team_spread"] = Figure(shared, shared / np.sqrt(count), count)
    return found, {}, {}


def _index(one: Evidence) -> tuple[Ints, Ints]:
    return one.pace["lap"].astype(np.int64), one.pace["car"].astype(np.int64)


def _design(one: Evidence) -> Floats:
    tyre, age, ahead = one.pace["tyre"], one.pace["age"], one.pace["ahead"]
    columns = [
        tyre == 1, tyre == 2, (tyre == 0) * age, (tyre == 1) * age, (tyre == 2) * age,
        (ahead < FAR_S) & (ahead >= ATTACK_S), ahead < ATTACK_S,
    ]  # fmt: skip
    return np.stack(columns, axis=1).astype(float)


def _own(
    design: Floats, target: Floats, pooled: Floats, columns: tuple[int, ...]
) -> tuple[float, float]:
    """How much more of some coefficients one race has, and its error; laps go in fours."""
    if not len(target):
        return float("nan"), float("nan")
    line = least_squares(design[:, list(columns)].sum(axis=1)[:, None], target - design @ pooled)
    return float(line.coefficients[0]), float(line.errors[0]) * 2


def _of_a_day(own: Sequence[tuple[float, float]], where: Sequence[str]) -> Figure:
    """How far wear on one day is off what other races say, of the circuit where they know it.

    Notes
    -----
    Every race is left out in turn and expected from the others; the errors of its own estimate are
    taken off. Where no circuit was visited twice, what races differ at all.
    """
    known = [
        (circuit, value, error)
        for circuit, (value, error) in zip(where, own, strict=True)
        if np.isfinite(value)
    ]
    apart = []
    for i, (circuit, value, error) in enumerate(known):
        names, values, errors = zip(*(known[:i] + known[i + 1 :]), strict=True)
        others = shrunk(names, np.array(values), np.array(errors))
        if circuit in others.groups:
            apart.append((value - others.groups[circuit][0]) ** 2 - error**2)
    if len(apart) < FEW_VISITS:
        return _by_race(own)
    spread = float(np.sqrt(max(_without_wild(np.array(apart)), LEAST_OF_A_DAY**2)))
    return Figure(spread, spread / np.sqrt(2 * len(apart)), len(apart))


def _without_wild(values: Floats) -> float:
    """Mean, values beyond nine times the median of their size cut."""
    limit = 9 * float(np.median(np.abs(values)))
    return float(np.clip(values, -limit, limit).mean())


def _by_race(own: Sequence[tuple[float, float]]) -> Figure:
    """Spread of a coefficient from race to race."""
    values, errors = np.array([one for one in own if np.isfinite(one[0])], float).reshape(-1, 2).T
    spread = max(shrunk(list(range(len(values))), values, errors).spread, LEAST_OF_A_DAY)
    return Figure(spread, spread / np.sqrt(2 * max(len(values), 1)), len(values))


def _levels(
    seen: Sequence[Evidence], coefficients: Floats
) -> tuple[list[Floats], tuple[float, int], dict[str, Figure]]:
    """Pace of each car of each race; spread of laps and of stints."""
    levels, apart, stints, pairs, spreads = [], [], [], [], []
    for one in seen:
        lap, car = _index(one)
        level = np.full(len(one.cars), np.nan)
        levels.append(level)
        if len(car) < FEWEST_LAPS:
            continue
        left = one.pace["seconds"] - _design(one) @ coefficients
        for _ in range(20):  # laps first, so that a car that missed the fast ones is not slow
            by_car = np.bincount(car, left, len(one.cars)) / np.maximum(
                np.bincount(car, minlength=len(one.cars)), 1
            )
            left = left - by_car[car]
            level = np.nan_to_num(level) + by_car
            left = left - (np.bincount(lap, left) / np.maximum(np.bincount(lap), 1))[lap]
        count = np.bincount(car, minlength=len(one.cars))
        level = np.where(count >= FEWEST_OF_A_CAR, level, np.nan)
        levels[-1] = level - np.nanmean(level)
        apart.append(left)
        free = one.pace["ahead"] >= FAR_S
        spreads.append(_spread_by_level(left[free], car[free], levels[-1]))
        pairs.append(_apart_by_lag(left[free], car[free], lap[free]))
        key = car * 100 + one.pace["stint"].astype(np.int64)
        size = np.bincount(key)
        mean = np.bincount(key, np.clip(left, -2, 2)) / np.maximum(size, 1)
        enough = size >= FEW_STINT_LAPS
        stints.append(np.stack([mean[enough], size[enough]]))
    everything = np.concatenate(apart)
    noise = float(np.subtract(*np.percentile(everything, [84, 16])) / 2)
    means, sizes = np.concatenate(stints, axis=1)
    excess = float(np.median(np.abs(means)) * 1.4826) ** 2 - float((noise**2 / sizes).mean())
    return (
        levels,
        (float(np.sqrt(max(excess, 0.0025))), len(means)),
        _form(pairs) | _unsteady(spreads),
    )


def _apart_by_lag(left: Floats, car: Ints, lap: Ints) -> Floats:
    """Half the mean squared difference of laps of one car by how far they are apart, and counts.

    Shape ``(2, LAGS)``.
    """
    table = np.full((int(car.max()) + 1, int(lap.max()) + LAGS + 2), np.nan)
    table[car, lap] = np.clip(left, -WILD, WILD)
    out = np.zeros((2, LAGS))
    for lag in range(1, LAGS + 1):
        apart = (table[:, lag:] - table[:, :-lag]).ravel()
        apart = apart[~np.isnan(apart)]
        out[:, lag - 1] = (apart**2).sum() / 2, len(apart)
    return out


def _form(pairs: list[Floats]) -> dict[str, Figure]:
    r"""Noise of single laps, and form that comes and goes: its spread, and what a lap keeps of it.

    Notes
    -----
    Half the mean squared difference of two laps h apart is
    :math:`\\sigma^2 + s^2 (1 - \\varphi^h)`: a variogram, fitted by least squares.
    """
    lags = np.arange(1, LAGS + 1)

    def fitted(parts: list[Floats]) -> tuple[float, float, float]:
        total, count = np.sum(parts, axis=0)
        level, weight = total / np.maximum(count, 1), np.sqrt(count)
        best = (np.inf, 0.0, 0.0, 0.0)
        for kept in KEPT:
            x = np.stack([np.ones(LAGS), 1 - kept**lags], axis=1)
            nugget, sill = np.linalg.lstsq(x * weight[:, None], level * weight, rcond=None)[0]
            miss = float((((x @ [nugget, sill]) - level) ** 2 * count).sum())
            best = min(best, (miss, kept, float(nugget), float(sill)))
        return float(np.sqrt(max(best[2], 0.01))), float(np.sqrt(max(best[3], 0.01))), best[1]

    found = fitted(pairs)
    size = BLOCK_OF_RACES if len(pairs) >= 2 * BLOCK_OF_RACES else 1
    blocks = [pairs[:at] + pairs[at + size :] for at in range(0, len(pairs), size)]
    without = np.array([fitted(block) for block in blocks if block])
    error = np.sqrt((len(without) - 1) * without.var(axis=0))  # jackknife over blocks of races
    names = ("noise", "form_spread", "form_kept")
    return {
        name: Figure(value, float(e), len(pairs))
        for name, value, e in zip(names, found, error, strict=True)
    }


def _spread_by_level(left: Floats, car: Ints, level: Floats) -> Floats:
    """Pace of each car and the logarithm of the spread of its laps, ``(2, cars)``."""
    found = []
    for one in np.unique(car):
        own = left[car == one]
        if len(own) >= FEW_SPREAD_LAPS and np.isfinite(level[one]):
            spread = float(np.subtract(*np.percentile(own, [84, 16]))) / 2
            found.append((float(level[one]), float(np.log(max(spread, 0.05)))))
    return np.array(found, float).reshape(-1, 2).T


def _unsteady(spreads: list[Floats]) -> dict[str, Figure]:
    """How the spread of laps grows with how slow a car is: of its logarithm, per second a lap."""
    level = np.concatenate([one[0] for one in spreads])
    spread = np.concatenate([one[1] - one[1].mean() for one in spreads if one.shape[1]])
    line = least_squares(level[:, None], spread)
    figure = Figure(float(line.coefficients[0]), float(line.errors[0]), len(level))
    return {"unsteady_by_pace": figure}
