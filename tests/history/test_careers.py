"""Counts, runs of races, first and last times, on seasons small enough to count by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from gold_claims import question_of
from own_season import own_season
from racecraft.errors import NotEnoughDataError
from racecraft.history.careers import done, longest, pasts, ranked, run, venues, whole
from racecraft.history.lineage import kin, readings
from racecraft.history.results import History
from racecraft.press.claim import Entity
from racecraft.press.judging.judge import verdict

if TYPE_CHECKING:
    from racecraft.press.judging.question import Question

ANN = Entity("driver", "aaa", "Ann")
BEA = Entity("driver", "bbb", "Bea")
RED = Entity("team", "red", "Red")


@pytest.fixture(scope="module")
def record() -> History:
    """Two seasons: Ann wins the last of 2014 and the first two of 2015, is second, wins again."""
    return History(
        [
            own_season(["BBB AAA CCC", "AAA BBB CCC"], year=2014),
            own_season(["AAA CCC BBB", "AAA BBB CCC", "CCC AAA BBB", "AAA CCC BBB"], year=2015),
        ]
    )


def claim(kind: str, entity: Entity, value: object, round_: int = 4, **rest: object) -> Question:
    told = {"season": 2015, "round": round_, **rest}
    return question_of(claim_type=kind, subjects=(entity,), value=value, **told)


def test_wins_up_to_an_event(record: History) -> None:
    (past,) = pasts(record, ANN, (2015, 3))
    assert len(done(past, "wins", record)) == 3
    assert len(done(past, "podiums", record)) == 5
    assert len(done(past.since(first=(2015, 0)), "wins", record)) == 2


def test_a_run_of_races_ends_at_the_latest(record: History) -> None:
    (past,) = pasts(record, ANN, (2015, 2))
    assert [row.key for row in run(past, done(past, "wins", record))] == [
        (2014, 2), (2015, 1), (2015, 2),
    ]  # fmt: skip
    (past,) = pasts(record, ANN, (2015, 3))
    assert run(past, done(past, "wins", record)) == ()
    assert len(longest(past, done(past, "wins", record))) == 3


def test_both_cars_of_a_team_count_once(record: History) -> None:
    past = pasts(record, RED, (2015, 4))[0]
    keys = [row.key for row in done(past, "one-twos", record)]
    assert keys == [(2014, 1), (2014, 2), (2015, 2)]
    assert len(done(past, "double podiums", record)) == 6


def test_ranking_counts_everybody(record: History) -> None:
    assert ranked(record, "wins", (2015, 4)) == [("aaa", 4), ("bbb", 1), ("ccc", 1)]


def test_a_venue_is_a_circuit_or_an_event(record: History) -> None:
    assert venues(record, "race-1", None) == (frozenset({(2014, 1), (2015, 1)}),)
    with pytest.raises(NotEnoughDataError):
        venues(record, "nowhere", None)


def test_what_is_counted_must_be_known(record: History) -> None:
    with pytest.raises(NotEnoughDataError, match="how many cakes"):
        done(pasts(record, ANN, (2015, 4))[0], "cakes", record)


def test_careers_need_every_season(record: History) -> None:
    with pytest.raises(NotEnoughDataError) as raised:
        whole(record, ANN)
    assert raised.value.hint == "racecraft data add jolpica 2013, and back to 1950"


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (claim("season_count", ANN, 3, unit="wins"), "supported"),
        (claim("season_count", ANN, 2, unit="wins"), "contradicted"),
        (claim("season_count", ANN, 2, unit="wins", scope={"before": True}), "supported"),
        (claim("season_count", ANN, 4, unit="wins"), "contradicted"),
        (claim("season_count", RED, 3, unit="wins"), "supported"),
        (claim("streak", ANN, 1, unit="wins in a row"), "supported"),
        (claim("streak", ANN, 2, 2, unit="wins in a row"), "supported"),
        (claim("streak", ANN, 3, 2, unit="wins in a row"), "supported"),
        (claim("streak", ANN, 4, 2, unit="wins in a row"), "contradicted"),
        (claim("streak", BEA, 0, 3, unit="wins in a row"), "supported"),
        (claim("streak", ANN, 2, unit="wins", scope={"season": 2015}), "supported"),
        (claim("career_count", ANN, 4, unit="wins"), "uncheckable"),
        (claim("ranking", ANN, 1, unit="wins", scope={"season": 2015}), "supported"),
        (claim("ranking", BEA, 1, unit="wins", scope={"season": 2015}), "contradicted"),
    ],
)
def test_counts_are_judged(one: Question, expected: str, record: History) -> None:
    found = verdict(one, record)
    assert found.verdict == expected, found.reason


def test_a_young_driver_needs_only_his_own_years() -> None:
    season = own_season(["AAA BBB"], year=2014)
    born = season.drivers.with_columns(date_of_birth=date(1998, 1, 1))
    record = History([replace(season, drivers=born)])
    one = claim("career_count", ANN, 1, 1, unit="wins", season=2014)
    assert verdict(one, record).verdict == "supported"
    first = claim("first_since", ANN, "maiden", 1, unit="wins", season=2014)
    assert verdict(first, record).verdict == "supported"
    assert verdict(claim("debut_season", ANN, 2014, 1, season=2014), record).verdict == "supported"


def test_a_team_is_its_name_or_its_lineage() -> None:
    same, line = readings("aston_martin", 2023)
    assert [each.team_id for each in same] == ["aston_martin"]
    assert ("force_india", 2008, 2018) in line
    assert kin("sauber", 2021) == {"sauber", "bmw_sauber", "alfa"}
    assert kin("alfa", 1980) == {"alfa"}
    assert "lotus_f1" not in kin("team_lotus", 2013)
