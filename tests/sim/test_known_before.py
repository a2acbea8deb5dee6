"""What is known before a race: pace of drivers and cars, and how often places were taken."""

from __future__ import annotations

import numpy as np
import pytest

from racecraft.sim.prerace.outlook import UsualPlaces
from racecraft.sim.prerace.pace import QUALIFYING, Pace

DRIVERS = ("anna", "bert", "cleo", "dirk")
TEAMS = ("red", "red", "blue", "blue")


def learnt(seen: list[np.ndarray], season: int = 2012) -> Pace:
    pace = Pace(QUALIFYING)
    for one in seen:
        pace.expect(season, DRIVERS, TEAMS)
        pace.learn(DRIVERS, TEAMS, one)
    return pace


def test_differences_that_are_always_there_are_found() -> None:
    pace = learnt([np.array([0.0, 0.2, 1.0, 1.2])] * 30)
    found = pace.expect(2012, DRIVERS, TEAMS)
    assert found - found[0] == pytest.approx([0, 0.2, 1.0, 1.2], abs=0.05)


def test_how_far_all_are_behind_says_nothing() -> None:
    one = learnt([np.array([0.0, 0.2, 1.0, 1.2])] * 10).expect(2012, DRIVERS, TEAMS)
    two = learnt([np.array([3.0, 3.2, 4.0, 4.2])] * 10).expect(2012, DRIVERS, TEAMS)
    assert two - two[0] == pytest.approx(one - one[0], abs=0.02)


def test_one_bad_day_is_forgiven() -> None:
    usual = [np.array([0.0, 0.2, 1.0, 1.2])] * 10
    fair = learnt(usual).expect(2012, DRIVERS, TEAMS)
    hurt = learnt([*usual, np.array([5.0, 0.2, 1.0, 1.2])]).expect(2012, DRIVERS, TEAMS)
    assert hurt - hurt[1] == pytest.approx(fair - fair[1], abs=0.2)


def test_who_set_no_lap_teaches_nothing() -> None:
    pace = learnt([np.array([0.0, 0.2, 1.0, 1.2])] * 5)
    before = pace.mean.copy()
    pace.learn(DRIVERS, TEAMS, np.full(4, np.nan))
    assert pace.mean == pytest.approx(before)


def test_a_winter_makes_cars_less_certain() -> None:
    pace = learnt([np.array([0.0, 0.2, 1.0, 1.2])] * 10)
    apart = np.array([0.0, 0.0, 0.0, 0.0, 1.0, -1.0])  # the cars of the two teams
    before = apart @ pace.covariance @ apart
    pace.reach_season(2013)
    assert apart @ pace.covariance @ apart > before + QUALIFYING.car_by_season**2


def test_usual_places_follow_what_happened() -> None:
    usual = UsualPlaces()
    ranks = np.arange(5)
    flat = usual.of(ranks)
    assert flat == pytest.approx(np.full((5, 5), 0.2))
    for _ in range(50):
        usual.learn(ranks, np.array([0, 1, 2, 3, 4]))
    found = usual.of(ranks)
    assert (found.argmax(axis=1) == ranks).all()
    assert found.sum(axis=0) == pytest.approx(np.ones(5), abs=1e-6)
    assert found.sum(axis=1) == pytest.approx(np.ones(5))
