"""When cars stop, and for which tyres: a policy that reacts to age, flags and the laps left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from racecraft.sim.lapwise.columns import MOODS
from racecraft.sim.lapwise.course import GREEN, HARD, SC, VSC, WET
from racecraft.sim.lapwise.parameters import Figure
from racecraft.sim.lapwise.regress import logit, shrunk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from racecraft.sim.lapwise.evidence import Evidence
    from racecraft.sim.lapwise.regress import Line

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]

OTHERS = 3  # features of what the others do
LEFT_EDGES = (1, 2, 4, 7, 11, 16, 23, 31, 41, 56)  # laps left from which a group begins
TENTHS, OPTIONS = 10, 5
ROUNDS = 6
AGE_UNIT = 20.0
CREDIT = 2.0  # stops' worth of the compounds used at all times, where few are known


def fit_policy(
    seen: Sequence[Evidence], where: Sequence[str]
) -> tuple[dict[str, Figure], dict[str, dict[str, Figure]], dict[str, list[float]]]:
    """Log-odds of a stop by age and compound, flag, laps left and circuit; the next compound."""
    design = np.concatenate([_rows(one.choices) for one in seen])
    stopped = np.concatenate([one.choices["stopped"] for one in seen])
    known = np.concatenate([one.choices["tyre"] for one in seen]) <= WET
    race = np.repeat(np.arange(len(seen)), [len(one.choices["stopped"]) for one in seen])
    found, own, spread = _by_race(design[known], stopped[known], race[known], len(seen))
    circuits = shrunk(where, own[:, 0], np.sqrt(own[:, 1] ** 2 + spread**2))
    here = {
        str(name): {"stop_more": Figure(value, error, 1)}
        for name, (value, error) in circuits.groups.items()
    }
    within = float(np.sqrt(max(spread**2 - circuits.spread**2, 0.0)))
    figures = {
        "stop_more": Figure(circuits.mean, max(circuits.mean_error, circuits.spread), len(here)),
        "stop_shared": Figure(within, spread / np.sqrt(2 * len(seen)), len(seen)),
    }
    curves = {
        "stop_odds": found.coefficients.tolist(),
        "stop_odds_errors": found.errors.tolist(),
        "next_tyre": next_tyres(seen).ravel().tolist(),
    }
    return figures, here, curves


def _by_race(design: Floats, stopped: Floats, race: Ints, races: int) -> tuple[Line, Floats, float]:
    """Logit with an effect of each race, ``(races, 2)`` with errors, and the spread of these.

    The two are fitted in turns: races share what all cars make of their tyres on that day.
    """
    effect, error, spread = np.zeros(races), np.zeros(races), 0.6
    found = logit(design, stopped, np.full(design.shape[1], 0.5))
    for _ in range(ROUNDS):
        base = design @ found.coefficients
        for _ in range(4):
            chance = 1 / (1 + np.exp(-(base + effect[race])))
            slope = np.bincount(race, stopped - chance, races) - effect / spread**2
            curve = np.bincount(race, chance * (1 - chance), races) + 1 / spread**2
            effect = effect + np.clip(slope / curve, -1, 1)
        error = 1 / np.sqrt(curve)
        spread = float(np.sqrt(np.mean(effect**2 + error**2)))
        found = logit(
            design, stopped, np.full(design.shape[1], 0.5), offset=effect[race],
            start=found.coefficients,
        )  # fmt: skip
    return found, np.stack([effect, error], axis=1), spread


def _rows(choices: dict[str, Floats]) -> Floats:
    tyre, state = choices["tyre"].astype(int), choices["state"].astype(int)
    return np.concatenate(
        [
            by_age(tyre, choices["age"], mood_of(state, choices["since"].astype(int))),
            by_left(choices["must"] > 0, choices["left"]),
            by_others(choices["made"], choices["covered"], state),
        ],
        axis=1,
    )


def mood_of(state: Ints, since: Ints) -> Ints:
    """0 under green; else by flag, its first lap, its second and later ones apart.

    Who does not stop at once seldom stops later.
    """
    flagged = (state == VSC) | (state == SC)
    return np.where(flagged, (state - 1) * MOODS + np.minimum(since, MOODS), 0)


def by_age(tyre: Ints, age: Floats, mood: Ints) -> Floats:
    """Compound, age (of a race of 60 laps) and flag as `mood_of` has it."""
    z = np.minimum(age, 60) / AGE_UNIT
    kind = np.stack([tyre == k for k in range(HARD + 1)] + [tyre == 3, tyre == 4], axis=1) * 1.0
    dry = (tyre <= HARD) * 1.0
    flagged, virtual = mood > 0, (mood > 0) & (mood <= MOODS)
    columns = [
        *kind.T, *(kind.T * z), *(kind[:, : HARD + 1].T * z**2),
        *((mood == some) * dry for some in range(1, 1 + 2 * MOODS)),
        virtual * dry * z, (flagged > virtual) * dry * z,
        flagged * (1 - dry), (z < 0.25) * ~flagged, (z < 0.25) * flagged,
    ]  # fmt: skip
    return np.stack(columns, axis=1)


def by_left(must: Flags, left: Floats | Ints) -> Floats:
    """Laps left, apart for those who must still use another compound."""
    group = np.searchsorted(LEFT_EDGES, left, side="right")
    cell = group + np.asarray(must, int) * (len(LEFT_EDGES) + 1)
    return np.asarray(np.eye(2 * (len(LEFT_EDGES) + 1))[cell])


def by_others(made: Floats, near: Floats, state: Ints) -> Floats:
    """Stops beyond those of the others, under green and under a flag; a stop to be answered."""
    green = state == GREEN
    return np.stack([made * green, made * ~green, near * green], axis=1)


def next_tyres(seen: Sequence[Evidence]) -> Floats:
    """Chances of the next compound, ``(2, tyres, TENTHS, OPTIONS)``: must, old, tenth, new."""
    counts = np.zeros((2, 6, TENTHS, OPTIONS))
    for one in seen:
        must, old, new, tenth = (
            one.fitted[name].astype(int) for name in ("must", "old", "new", "tenth")
        )
        good = new < OPTIONS
        np.add.at(counts, (must[good], old[good], tenth[good], new[good]), 1.0)
    near = np.zeros_like(counts)
    for part in range(TENTHS):
        weight = 0.5 ** np.abs(np.arange(TENTHS) - part)
        near[:, :, part] = np.einsum("motn,t->mon", counts, weight)
    usual = near.sum(axis=(0, 1)) + 0.1
    usual[:, HARD + 1 :] *= 0.02
    usual /= usual.sum(axis=-1, keepdims=True)
    chances = near + CREDIT * usual[None, None]
    for compound in range(HARD + 1):
        chances[1, compound, :, compound] = 0.0  # who must use another compound fits another one
    return np.asarray(chances / chances.sum(axis=-1, keepdims=True))
