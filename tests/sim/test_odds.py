from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from own_season import own_season
from own_title import extremes, random_books
from racecraft.errors import ArgumentError, NotEnoughDataError, NotFoundError, RuleError
from racecraft.model.season import Season
from racecraft.sim.odds import odds, reach, rest_of_season
from racecraft.sim.strength import LAW
from racecraft.sources.sample.sample import sample_season
from racecraft.title.clinch import clinch
from racecraft.title.standings.ledger import ledger
from racecraft.title.standings.standings import standings


@pytest.fixture(scope="module")
def season() -> Season:
    return sample_season()


def chances(table: pl.DataFrame) -> np.ndarray:
    return np.array(table["places"].to_list())


@pytest.mark.parametrize("kind", ["drivers", "constructors"])
@pytest.mark.parametrize("after", [5, "17:sprint", 20])
def test_chances_add_up(season: Season, after: int | str, kind: str) -> None:
    table = odds(season, after=after, runs=4000, seed=1, kind=kind)
    found = chances(table)
    assert found.sum(axis=1) == pytest.approx(np.ones(len(found)))
    assert found[:, 0].sum() == pytest.approx(1.0, abs=0.01)
    assert table["champion"].to_list() == found[:, 0].tolist()


def test_the_same_seed_gives_the_same_odds(season: Season) -> None:
    one, two = (odds(season, after=12, runs=3000, seed=5, workers=w) for w in (1, 2))
    assert one.equals(two)
    assert not one.equals(odds(season, after=12, runs=3000, seed=6))


def test_a_finished_season_is_certain(season: Season) -> None:
    for kind in ("drivers", "constructors"):
        table = odds(season, runs=10, seed=1, kind=kind)
        final = standings(season, kind=kind)
        assert table["champion"].to_list() == [1.0] + [0.0] * (table.height - 1)
        assert table[:, 0].to_list() == final[:, 1].to_list()
        assert table["error"].sum() == 0


def test_what_is_certain_is_what_title_proves(season: Season) -> None:
    for after in (16, "17:sprint", 20, 21):
        for row in odds(season, after=after, runs=500, seed=1).head(4).iter_rows(named=True):
            for position in (1, 2, 3):
                proven = clinch(season, after=after, driver=row["driver"], position=position)
                chance = sum(row["places"][:position])
                if chance > 1 - 1e-12:
                    assert proven.secured
                assert (chance > 0) == proven.possible
    assert odds(season, after="17:sprint", runs=500, seed=1)["champion"][0] == 1.0
    assert odds(season, after=16, runs=500, seed=1)["champion"][0] < 1.0
    second = {after: odds(season, after=after, runs=500, seed=1) for after in (20, 21)}
    assert second[20].filter(driver="PER")["places"][0][1] < 1
    assert second[21].filter(driver="PER")["places"][0][1] == 1


@pytest.mark.parametrize("seed", range(60))
def test_reach_holds_every_ending(seed: int) -> None:
    books = random_books(np.random.default_rng(seed))
    best, worst = extremes(books)
    for i, within in enumerate(reach(books)):
        assert within[best[i] - 1 : worst[i]].all()
        assert not within[: best[i] - 1].any()


def test_what_came_later_is_not_looked_at(season: Season) -> None:
    rounds = season.events.filter(pl.col("round") <= 12)["event"].to_list()
    then = Season(
        season=season.season,
        events=season.events,
        drivers=season.drivers,
        teams=season.teams,
        results=season.results.filter(pl.col("event").is_in(rounds)),
        qualifying=season.qualifying.filter(pl.col("event").is_in(rounds)),
    )
    now, later = (odds(one, after=12, runs=1000, seed=2) for one in (then, season))
    assert now.equals(later)


def test_history_makes_it_surer() -> None:
    past = [own_season(["AAA CCC BBB DDD"] * 15, year=year) for year in (2010, 2011)]
    begun = own_season(["CCC AAA BBB DDD"], to_come=9)
    without, knowing = (
        odds(begun, history=history, runs=4000, seed=1).filter(driver="AAA")["champion"][0]
        for history in (None, past)
    )
    assert knowing > without + 0.1


def test_seasons_to_come_are_no_history() -> None:
    begun = own_season(["CCC AAA BBB DDD"], to_come=3)
    future = own_season(["DDD BBB"] * 5, year=2013)
    known = odds(begun, history=[future, begun], runs=500, seed=1)
    assert known.equals(odds(begun, runs=500, seed=1))


@pytest.mark.parametrize(
    ("year", "kind"), [(1967, "drivers"), (1967, "constructors"), (1985, "drivers")]
)
def test_dropped_results_are_dropped(year: int, kind: str) -> None:
    begun = own_season(["AAA CCC BBB DDD"] * 3, year=year, to_come=2)
    table = odds(begun, runs=1000, seed=1, kind=kind)
    assert chances(table).sum(axis=1) == pytest.approx(np.ones(table.height))
    leader = "AAA" if kind == "drivers" else "Red"
    assert table.row(0)[0] == leader
    assert table["points"][0] == standings(begun, kind=kind)["points"][0]


def test_errors_shrink_with_the_root_of_the_runs(season: Season) -> None:
    few, many = (odds(season, after=10, runs=runs, seed=1) for runs in (1000, 16_000))
    ratio = few["errors"][1][1] / many["errors"][1][1]
    assert ratio == pytest.approx(4.0, rel=0.3)


def test_the_back_is_less_certain_than_the_front() -> None:
    begun = own_season(["AAA BBB CCC DDD"] * 6, to_come=9)
    books = ledger(begun)
    rest = rest_of_season(begun, books, (), LAW)
    front, back = rest.mean.argmax(), rest.mean.argmin()
    share = LAW.ahead * np.exp(-LAW.ahead_by_strength * (rest.mean - rest.mean.mean()))
    assert rest.driver_step.tolist() == pytest.approx((LAW.driver_by_weekend * share).tolist())
    assert rest.car_step[front] < LAW.car_by_weekend * LAW.ahead < rest.car_step[back]
    known = rest_of_season(
        begun, books, (), replace(LAW, ahead=1.0, ahead_by_strength=0.0)
    ).covariance
    assert rest.covariance == pytest.approx(known * np.outer(share, share))


def test_bad_questions(season: Season) -> None:
    with pytest.raises(ArgumentError, match="runs=0"):
        odds(season, after=5, runs=0, seed=1)
    with pytest.raises(ArgumentError, match="workers=0"):
        odds(season, after=5, seed=1, workers=0)
    with pytest.raises(ArgumentError, match="seed=-1"):
        odds(season, after=5, seed=-1)
    with pytest.raises(ArgumentError, match="riders"):
        odds(season, after=5, seed=1, kind="riders")
    with pytest.raises(NotFoundError, match="round 30"):
        odds(season, after=30, seed=1)
    with pytest.raises(NotEnoughDataError, match="not begun"):
        odds(own_season([], to_come=3), seed=1)
    with pytest.raises(NotEnoughDataError):
        odds(own_season(["AAA BBB"], to_come=3), after=2, seed=1)
    with pytest.raises(RuleError):
        odds(own_season(["AAA BBB"], year=1949, to_come=3), seed=1)
