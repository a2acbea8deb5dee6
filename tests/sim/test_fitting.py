from __future__ import annotations

import numpy as np
import pytest

from racecraft.sim.attrition import attrition
from racecraft.sim.prerace import fitting
from racecraft.sim.prerace.fitting import Prior

VAGUE = Prior(np.zeros(2), np.full(2, 1e-6))


def drawn_races(races: int, cars: int, worth: np.ndarray) -> np.ndarray:
    """Features in the order of races drawn from them by the attrition law."""
    draw = np.random.default_rng(3)
    features = draw.normal(0, 1, (races, cars, len(worth)))
    lasts = features @ worth + np.log(-np.log(1 - draw.random((races, cars))))
    order = np.argsort(-lasts, axis=1)
    return np.take_along_axis(features, order[..., None], axis=1)


def test_the_worth_that_races_were_drawn_with_is_found_again() -> None:
    worth = np.array([1.0, -0.5])
    features = drawn_races(600, 12, worth)
    everybody = np.ones(features.shape[:2], dtype=bool)
    found = fitting.orders(features, everybody, np.ones(600), VAGUE)
    errors = np.sqrt(np.diag(found.covariance))
    assert (np.abs(found.mean - worth) < 4 * errors).all()
    assert (errors < 0.05).all()
    alone = fitting.winners(features, everybody, np.ones(600), VAGUE)
    assert alone.mean[0] > 0 > alone.mean[1]


def test_orders_are_at_the_top_of_the_likelihood() -> None:
    features = drawn_races(30, 6, np.array([1.0, -0.5]))
    everybody = np.ones(features.shape[:2], dtype=bool)
    found = fitting.orders(features, everybody, np.ones(30), VAGUE).mean

    def height(worth: np.ndarray) -> float:
        return sum(attrition(one @ worth).value for one in features)

    for step in ([0.02, 0], [-0.02, 0], [0, 0.02], [0, -0.02]):
        assert height(found) > height(found + step)


def test_cars_without_a_place_have_no_say() -> None:
    features = drawn_races(50, 5, np.array([1.0, -0.5]))
    shown = np.ones(features.shape[:2], dtype=bool)
    shown[:, 2] = False
    changed = features.copy()
    changed[:, 2] = 99.0
    first = fitting.orders(features, shown, np.ones(50), VAGUE).mean
    assert fitting.orders(changed, shown, np.ones(50), VAGUE).mean == pytest.approx(first)


def test_nothing_seen_leaves_the_prior() -> None:
    prior = Prior(np.array([0.4, 0.2]), np.ones(2))
    nobody = np.zeros((1, 3), dtype=bool)
    found = fitting.orders(np.zeros((1, 3, 2)), nobody, np.ones(1), prior)
    assert found.mean == pytest.approx(prior.mean)


def test_chances_of_what_happens() -> None:
    draw = np.random.default_rng(5)
    features = np.stack([np.ones(4000), draw.normal(0, 1, 4000)], axis=1)
    happened = (draw.random(4000) < fitting.logistic(features @ [-1.0, 0.8])).astype(float)
    found = fitting.chances(features, happened, np.ones(4000), VAGUE)
    assert found.mean == pytest.approx([-1.0, 0.8], abs=0.15)
