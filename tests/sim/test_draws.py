from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from own_season import own_season
from racecraft.sim import draws as room
from racecraft.sim.draws import BLOCK, Rest, places_taken
from racecraft.sim.odds import rest_of_season
from racecraft.sim.strength import LAW
from racecraft.title.standings.ledger import ledger
from racecraft.title.standings.ranking import places


def small_rest(**changes: object) -> Rest:
    season = own_season(["AAA BBB CCC DDD"], to_come=3)
    return replace(rest_of_season(season, ledger(season), (), LAW), **changes)


def test_ranks_are_those_of_sorting() -> None:
    draw = np.random.default_rng(3)
    lasts = draw.standard_normal((7, 500)).astype(np.float32)
    out = draw.random((7, 500)) < 0.3
    ranks = room._ranks(lasts.copy(), out)
    for run in range(500):
        order = [car for car in np.argsort(-lasts[:, run]) if not out[car, run]]
        assert [int(ranks[car, run]) for car in order] == list(range(len(order)))
    assert (ranks[out] == 7).all()


@given(st.integers(0, 2**32 - 1))
def test_places_are_those_of_the_standings(seed: int) -> None:
    draw = np.random.default_rng(seed)
    points = draw.integers(0, 4, (6, 5)).astype(float) / 2
    counts = draw.integers(0, 3, (6, 5, 12))
    keys = [room._counted(one) for one in counts]
    first = np.stack([key[0] for key in keys], axis=1)
    first += room._units(points.T) << room.POINTS_FROM
    more = np.stack([key[1] for key in keys], axis=1)
    assert (room._places(first, more).T + 1).tolist() == places(points, counts).tolist()


def test_everybody_ends_up_somewhere() -> None:
    taken = places_taken(small_rest(), runs=3000, seed=1)
    assert taken.sum(axis=1).tolist() == [3000] * 4
    assert taken[:, 0].sum() >= 3000  # a place can be shared


def test_one_worker_and_many_agree() -> None:
    one, many = (places_taken(small_rest(), runs=3 * BLOCK + 5, seed=4, workers=w) for w in (1, 3))
    assert one.tolist() == many.tolist()


def test_more_runs_begin_with_the_same() -> None:
    few = places_taken(small_rest(), runs=BLOCK, seed=4)
    many = places_taken(small_rest(), runs=BLOCK + 1, seed=4)
    assert (many - few).sum() == 4
    assert (many >= few).all()


def test_one_race_is_the_attrition_model() -> None:
    """Two cars alike but for their strength, nobody drops out: e to e + 1."""
    season = own_season(["AAA CCC"], to_come=1)
    rest = rest_of_season(season, ledger(season), (), LAW)
    sure = replace(
        rest,
        mean=np.where(rest.entrant == 0, 0.0, 1.0),
        covariance=np.zeros((2, 2)),
        car_step=np.zeros(2),
        driver_step=np.zeros(2),
        day=0.0,
        retirements=replace(rest.retirements, for_it=np.full(2, 1e-9), against_it=np.full(2, 1e9)),
    )
    taken = places_taken(sure, runs=100_000, seed=2)
    # Who wins the second race has as many points; both have one win and one second place.
    beaten = np.e / (np.e + 1)
    assert taken[0, 0] == 100_000
    assert taken[1, 0] / 100_000 == pytest.approx(beaten, abs=0.005)
