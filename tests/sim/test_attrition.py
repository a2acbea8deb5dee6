from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from racecraft.sim.attrition import Order, attrition, mode


def test_some_order_comes_about() -> None:
    strengths = np.array([1.3, -0.4, 0.2, 0.9])
    total = sum(np.exp(attrition(strengths[list(p)]).value) for p in permutations(range(4)))
    assert total == pytest.approx(1.0)


def test_three_alike_have_six_orders() -> None:
    assert np.exp(attrition(np.zeros(3)).value) == pytest.approx(1 / 6)


def test_the_one_that_lasts_longest_wins() -> None:
    strengths = np.array([1.0, 0.0, -0.5])
    lasts = np.log(np.random.default_rng(1).exponential(size=(200_000, 3))) + strengths
    orders = np.argsort(-lasts, axis=1)
    for order in permutations(range(3)):
        share = (orders == order).all(axis=1).mean()
        assert share == pytest.approx(np.exp(attrition(strengths[list(order)]).value), abs=0.004)


def test_slopes_are_those_of_the_value() -> None:
    at, step = np.array([0.3, 1.1, -0.7, 0.0]), 1e-5
    found = attrition(at)
    for i in range(4):
        move = step * np.eye(4)[i]
        up, down = attrition(at + move), attrition(at - move)
        assert (up.value - down.value) / (2 * step) == pytest.approx(found.gradient[i], abs=1e-6)
        slope = (up.gradient - down.gradient) / (2 * step)
        assert slope == pytest.approx(-found.curvature[i], abs=1e-6)


def test_without_orders_nothing_is_learnt() -> None:
    found = mode(np.array([1.0, -1.0]), np.eye(2), [])
    assert found.strengths.tolist() == [1.0, -1.0]
    assert found.evidence == pytest.approx(0.0)


def test_the_mode_balances_what_was_known_and_what_was_seen() -> None:
    mean, covariance = np.array([0.0, 0.5, 1.0]), np.array([[1, 0.3, 0], [0.3, 2, 0], [0, 0, 1.0]])
    order = np.array([0, 1, 2])
    found = mode(mean, covariance, [Order(order, 0.5)])
    pull = 0.5 * attrition(found.strengths[order]).gradient
    assert found.strengths - mean == pytest.approx(covariance @ pull, abs=1e-4)


def test_evidence_of_two_alike_is_a_coin() -> None:
    found = mode(np.zeros(2), 0.01 * np.eye(2), [Order(np.array([1, 0]), 1.0)])
    assert np.exp(found.evidence) == pytest.approx(0.5, abs=0.01)
