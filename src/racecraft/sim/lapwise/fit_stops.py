"""When cars stop, and for which tyres: a policy that reacts to age, flags and the laps left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from racecraft.sim.lapwise.course import GREEN, HARD, SC, VSC
from racecraft.sim.lapwise.parameters import Figure
from racecraft.sim.lapwise.regress import logit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from racecraft.sim.lapwise.evidence import Evidence

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]

LEFT_EDGES = (1, 2, 4, 7, 11, 16, 23, 31, 41, 56)  # laps left from which a group begins
TENTHS, OPTIONS = 10, 5
BY_AGE = 3  # coefficients of each dry compound: 1, age, age squared
AGE_UNIT = 20.0
CREDIT = 2.0  # stops' worth of the compounds used at all times, where few are known


def fit_policy(
    seen: Sequence[Evidence], where: Sequence[str]
) -> tuple[dict[str, Figure], dict[str, dict[str, Figure]], dict[str, list[float]]]:
    """Log-odds of a stop by age and compound, flag, laps left and circuit; the next compound."""
    circuits = sorted(set(where))
    design = np.concatenate(
        [
            _rows(one.choices, circuits.index(circuit), len(circuits))
            for one, circuit in zip(seen, where, strict=True)
        ]
    )
    stopped = np.concatenate([one.choices["stopped"] for one in seen])
    known = np.concatenate([one.choices["tyre"] for one in seen]) <= 4
    first = design.shape[1] - len(circuits)
    penalty = np.full(design.shape[1], 0.5)
    penalty[first:] = 1 / 0.35**2
    found = logit(design[known], stopped[known], penalty)
    here = {
        name: {
            "stop_more": Figure(
                float(found.coefficients[first + i]), float(found.errors[first + i]), 1
            )
        }
        for i, name in enumerate(circuits)
    }
    figures = {"stop_more": Figure(0.0, float(found.coefficients[first:].std()), len(circuits))}
    curves = {
        "stop_odds": found.coefficients[:first].tolist(),
        "stop_odds_errors": found.errors[:first].tolist(),
        "next_tyre": next_tyres(seen).ravel().tolist(),
    }
    return figures, here, curves


def _rows(choices: dict[str, Floats], circuit: int, circuits: int) -> Floats:
    tyre, state = choices["tyre"].astype(int), choices["state"].astype(int)
    rows = features(tyre, choices["age"], state, choices["must"] > 0, choices["left"])
    at = np.zeros((len(rows), circuits))
    at[:, circuit] = 1.0
    return np.concatenate([rows, at], axis=1)


def features(tyre: Ints, age: Floats, state: Ints, must: Flags, left: Floats) -> Floats:
    """Features of a stop: those of the tyre and the flag first, then those of the laps left."""
    return np.concatenate([by_age(tyre, age, state), by_left(must, left)], axis=1)


def by_age(tyre: Ints, age: Floats, state: Ints) -> Floats:
    """Compound, age (of a race of 60 laps) and flag."""
    z = np.minimum(age, 60) / AGE_UNIT
    kind = np.stack([tyre == k for k in range(HARD + 1)] + [tyre == 3, tyre == 4], axis=1) * 1.0
    dry = (tyre <= HARD) * 1.0
    columns = [
        *kind.T, *(kind.T * z), *(kind[:, : HARD + 1].T * z**2),
        (state == VSC) * dry, (state == VSC) * dry * z,
        (state == SC) * dry, (state == SC) * dry * z,
        (state != GREEN) * (1 - dry),
        (z < 0.25) * (state == GREEN), (z < 0.25) * (state != GREEN),
    ]  # fmt: skip
    return np.stack(columns, axis=1)


def by_left(must: Flags, left: Floats | Ints) -> Floats:
    """Laps left, apart for those who must still use another compound."""
    group = np.searchsorted(LEFT_EDGES, left, side="right")
    cell = group + np.asarray(must, int) * (len(LEFT_EDGES) + 1)
    return np.asarray(np.eye(2 * (len(LEFT_EDGES) + 1))[cell])


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
