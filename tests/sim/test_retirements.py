from __future__ import annotations

import numpy as np
import pytest

from own_season import own_season
from racecraft.sim.past_weekends import weekends
from racecraft.sim.retirements import FIELD, RISK, fastest_lap, retirements
from racecraft.sources.sample.sample import sample_season


def test_knowing_nothing_all_are_alike() -> None:
    found = retirements([], ("aaa", "bbb"), ("red", "blue"), np.zeros(2))
    assert found.mean.tolist() == pytest.approx([FIELD[0] / sum(FIELD)] * 2)


def test_who_drops_out_is_expected_to() -> None:
    season = own_season(["AAA CCC DDD"] * 10, retired=dict.fromkeys(range(1, 11), "BBB"))
    found = retirements(
        weekends(season), ("aaa", "bbb", "ccc"), ("red", "red", "blue"), np.zeros(3)
    ).mean
    assert found[1] > found[0] > found[2] > 0  # his team mate's car is the same car


def test_a_strong_car_drops_out_less_often() -> None:
    found = retirements([], ("aaa", "bbb", "ccc"), ("red", "blue", "red"), np.array([2.0, 0, -2]))
    odds = found.mean / (1 - found.mean)
    average = FIELD[0] / FIELD[1]
    by = np.exp(2 * RISK.by_strength)
    assert odds.tolist() == pytest.approx([average / by, average, average * by])


def test_the_last_races_count_most() -> None:
    early = own_season(["AAA BBB"] * 40, retired=dict.fromkeys(range(1, 11), "CCC"))
    late = own_season(["AAA BBB"] * 40, retired=dict.fromkeys(range(31, 41), "CCC"))
    chances = [
        retirements(weekends(s), ("ccc",), ("blue",), np.zeros(1)).mean[0] for s in (early, late)
    ]
    assert chances[1] > 2 * chances[0]


def test_the_fastest_lap_is_set_by_somebody() -> None:
    found = fastest_lap(weekends(sample_season()))
    assert found.sum() == pytest.approx(1.0)
    assert found[0] == found.max()
    assert fastest_lap([]).sum() == pytest.approx(1.0)
