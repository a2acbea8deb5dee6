"""Eliminating what touches a lap once changes nothing."""

from __future__ import annotations

import numpy as np
import pytest

from racecraft.analysis.pace.normal_equations import NormalEquations


@pytest.mark.parametrize("causes", [0, 1, 2])
def test_elimination_gives_what_the_whole_matrix_gives(causes: int) -> None:
    random = np.random.default_rng(4)
    rows, groups, shared = 60, 7, 5
    group = random.integers(0, groups - 1, rows)  # the last group has no row
    one_of = (group[:, None] == np.arange(groups)).astype(float)
    slopes = one_of * random.normal(size=(rows, 1))
    slopes[3] = 0.0  # a row may be in the middle of its group
    grouped = [one_of, slopes][:causes]
    columns = np.concatenate([random.normal(size=(rows, shared)), *grouped], axis=1)
    count = columns.shape[1]
    blocks = np.array([shared + groups * c + np.arange(groups) for c in range(causes)], np.int64)
    weights, target = random.uniform(0.5, 2, rows), random.normal(size=rows)
    precision = random.uniform(0.1, 3, count)
    least = np.where(np.arange(count) < 2, 0.0, -np.inf)

    equations = NormalEquations(columns, blocks)
    found = equations.solve(weights, precision, target, least)

    whole = (columns * weights[:, None]).T @ columns + np.diag(precision)
    covariance = np.linalg.inv(whole)
    right = columns.T @ (weights * target)
    free = covariance @ right
    held = (np.arange(count) < 2) & (free < 0)
    assert held.any(), "one is held at its least, so that this is tried too"
    expected = np.zeros(count)
    expected[~held] = np.linalg.solve(whole[np.ix_(~held, ~held)], right[~held])
    assert found.shift == pytest.approx(expected)
    assert found.variance == pytest.approx(np.diag(covariance))
    assert equations.covariance(found) == pytest.approx(covariance)
    leverage = np.einsum("ij,jk,ik->i", columns, covariance, columns)
    assert equations.leverage(found) == pytest.approx(leverage)
