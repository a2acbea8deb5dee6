from __future__ import annotations

import numpy as np
import pytest

from racecraft.sim.prerace.placement import (
    attrition_law,
    normal_law,
    placements,
    rake,
    restless_law,
)

LAWS = (attrition_law, normal_law, restless_law)


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("cars", [2, 3, 20, 33])
def test_every_car_takes_one_place_and_every_place_has_one_car(law, cars: int) -> None:
    draw = np.random.default_rng(cars)
    found = placements(draw.normal(0, 2, cars), draw.uniform(0, 0.6, cars), law)
    assert found.shape == (cars, cars)
    assert (found > 0).all()
    assert found.sum(axis=0) == pytest.approx(np.ones(cars), abs=1e-5)
    assert found.sum(axis=1) == pytest.approx(np.ones(cars), abs=1e-9)


def test_the_same_as_many_drawn_races() -> None:
    draw = np.random.default_rng(1)
    strengths, retiring = draw.normal(0, 1, 7), draw.uniform(0.05, 0.5, 7)
    runs = 200_000
    lasts = strengths - np.log(1 / -np.log(1 - draw.random((runs, 7))))  # Gumbel's law of minima
    out = draw.random((runs, 7)) < retiring
    lasts = np.where(out, -1000 + draw.random((runs, 7)), lasts)
    place = np.argsort(np.argsort(-lasts, axis=1), axis=1)
    counted = np.array([np.bincount(place[:, car], minlength=7) for car in range(7)]) / runs
    assert placements(strengths, retiring) == pytest.approx(counted, abs=0.006)


def test_attrition_of_two_cars_is_a_logistic() -> None:
    found = placements(np.array([0.7, 0.0]), np.zeros(2))
    assert found[0, 0] == pytest.approx(1 / (1 + np.exp(-0.7)), abs=1e-3)


def test_a_car_that_surely_retires_is_last() -> None:
    found = placements(np.array([5.0, 0.0, 0.0]), np.array([1.0, 0.0, 0.0]))
    assert found[0] == pytest.approx([0, 0, 1], abs=1e-6)


def test_extreme_strengths_stay_chances() -> None:
    found = placements(np.array([60.0, 0.0, -60.0]), np.array([0.1, 0.1, 0.1]))
    assert np.isfinite(found).all()
    assert found[0, 0] > 0.85


def test_raking_keeps_the_chances_to_win() -> None:
    winning = np.array([0.7, 0.2, 0.1])
    found = rake(np.full((3, 3), 1 / 3), winning)
    assert found[:, 0] == pytest.approx(winning)
    assert found.sum(axis=0) == pytest.approx(np.ones(3), abs=1e-6)
    assert found.sum(axis=1) == pytest.approx(np.ones(3))
