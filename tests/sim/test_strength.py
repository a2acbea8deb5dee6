from __future__ import annotations

import numpy as np
import pytest

from own_season import own_season
from racecraft.sim.past_weekends import weekends
from racecraft.sim.strength import LAW, Strengths, strengths
from racecraft.sources.sample.sample import sample_season


def test_who_wins_is_strong() -> None:
    known = strengths(weekends(own_season(["AAA CCC BBB DDD"] * 6)))
    mean, covariance = known.cars(("aaa", "bbb", "ccc", "ddd"), ("red", "red", "blue", "blue"))
    assert mean[0] == mean.max()
    assert mean[3] == mean.min()
    assert np.linalg.eigvalsh(covariance).min() > 0


def test_more_races_make_it_surer() -> None:
    def spread(races: int) -> float:
        return _spread(strengths(weekends(own_season(["AAA CCC BBB DDD"] * races))))

    assert spread(1) > spread(4) > spread(12)


def test_team_mates_differ_by_the_drivers_alone() -> None:
    assert _spread(Strengths()) == pytest.approx(2 * LAW.driver**2)


def test_the_order_of_names_does_not_matter() -> None:
    one = strengths(weekends(own_season(["AAA CCC BBB"] * 3))).cars(("aaa", "ccc"), ("red", "blue"))
    two = strengths(weekends(own_season(["AAA CCC BBB"] * 3))).cars(("ccc", "aaa"), ("blue", "red"))
    assert one[0].tolist() == pytest.approx(two[0][::-1].tolist())


def test_who_was_away_begins_anew() -> None:
    known = strengths(weekends(own_season(["AAA CCC BBB"] * 6)))
    for season in (2013, 2014, 2015):
        known.begin(season)
    mean, _ = known.cars(("aaa",), ("red",))
    assert mean[0] == pytest.approx(LAW.newcomer, abs=LAW.newcomer)
    assert len(known.mean) == 2


def test_a_winter_makes_it_less_sure() -> None:
    known = strengths(weekends(own_season(["AAA CCC BBB"] * 6)))
    before = _spread(known)
    known.begin(2013)
    assert _spread(known) == pytest.approx(before + 2 * LAW.driver_by_season**2)


def test_races_are_likelier_than_at_random() -> None:
    known = Strengths()
    evidence, at_random = 0.0, 0.0
    for weekend in weekends(sample_season()):
        evidence += known.learn(weekend, scored=True)
        at_random -= float(np.log(np.arange(1, len(weekend.race) + 1)).sum())
    assert evidence > at_random + 22 * 5


def _spread(known: Strengths) -> float:
    """Variance of the difference of two team mates."""
    _, covariance = known.cars(("aaa", "bbb"), ("red", "red"))
    return float(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1])
