"""How good forecasts are, gated at what is reached; `benchmarks/forecast.py` measures all races."""

from __future__ import annotations

import numpy as np
import pytest

import racecraft as rc
from racecraft.sim.prerace.field import fields
from racecraft.sim.prerace.outlook import Outlook

LEARNT, SCORED, EVERY = 2010, (2016, 2023), 4  # seasons, and every which race of the scored ones


@pytest.fixture(scope="module")
def placed() -> list[np.ndarray]:
    """Chances of every place, cars in the order of the result, walk-forward."""
    model, found = Outlook("after"), []
    for year in range(LEARNT, SCORED[1] + 1):
        for number, race in enumerate(fields(rc.load_season(year))):
            outset = model.knowledge.outset(race)
            assert race.result is not None
            if year >= SCORED[0] and number % EVERY == 0:
                found.append(model.chances(outset).places[race.result.order])
            model.take_in(race, outset)
    return found


def test_the_winner(placed: list[np.ndarray]) -> None:
    assert np.mean([-np.log(one[0, 0]) for one in placed]) < 1.065


def test_the_podium(placed: list[np.ndarray]) -> None:
    brier = [((one[:, :3].sum(axis=1) - (np.arange(len(one)) < 3)) ** 2).mean() for one in placed]
    assert np.mean(brier) < 0.0575


def test_every_place(placed: list[np.ndarray]) -> None:
    scores = []
    for one in placed:
        place = np.arange(len(one))
        came = place[:, None] <= place[None, :-1]
        apart = np.cumsum(one, axis=1)[:, :-1] - came
        scores.append((apart**2).sum(axis=1).mean() / (len(one) - 1))
    assert np.mean(scores) < 0.1137


def test_said_and_came_agree(placed: list[np.ndarray]) -> None:
    said = np.concatenate([one[:, :3].sum(axis=1) for one in placed])
    came = np.concatenate([np.arange(len(one)) < 3 for one in placed])
    for low, high in ((0, 0.1), (0.1, 0.4), (0.4, 0.7), (0.7, 1)):
        own = (said > low) & (said <= high)
        spread = np.sqrt((said[own] * (1 - said[own])).sum()) / own.sum()
        assert abs(said[own].mean() - came[own].mean()) < 3 * spread
