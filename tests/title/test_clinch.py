"""What is secured and what is out of reach, against facts and against brute force."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

import racecraft as rc
from own_seasons import all_seasons
from own_title import extremes, random_books
from racecraft.errors import ArgumentError, NotFoundError
from racecraft.sources.sample.sample import sample_season
from racecraft.title.clinch import clinch, clinch_when
from racecraft.title.proof.bounds import passed_by
from racecraft.title.proof.exact_model import solve
from racecraft.title.proof.remaining import contest, nothing_but_wins, played

if TYPE_CHECKING:
    from pathlib import Path

    from racecraft.model.season import Season

CASES = 400  # benchmarks/title.py asks 10,000


def test_answers_are_those_of_brute_force() -> None:
    for seed in range(CASES):
        books = random_books(np.random.default_rng(seed))
        best, worst = extremes(books)
        for i in range(len(books.names)):
            rest = contest(books, i)
            endings = nothing_but_wins(rest, i)
            assert played(books, rest.open, endings).places[i] == best[i], seed
            for number in range(1, len(books.names)):
                verdict = passed_by(rest, number)
                assert verdict.possible == (worst[i] > number), seed
                if verdict.possible:
                    after = played(books, rest.open, verdict.endings)
                    assert after.places[i] > number, seed


def test_the_solver_alone_agrees_with_brute_force() -> None:
    for seed in range(CASES // 4):
        books = random_books(np.random.default_rng(10_000 + seed))
        _, worst = extremes(books)
        for i in range(len(books.names)):
            rest = contest(books, i)
            for number in range(1, len(books.names)):
                endings = solve(rest, rest.rivals, number)
                assert (endings is not None) == (worst[i] > number), seed


def test_second_place_of_2023() -> None:
    season = sample_season()
    open_ = clinch(season, after=20, driver="PER", position=2)
    assert (open_.secured, open_.possible, open_.points, open_.points_available) == (
        False, True, 258.0, 52.0,
    )  # fmt: skip
    assert open_.rivals.filter("can_still_pass")["name"].to_list() == ["VER", "HAM"]
    assert open_.counterexample["name"].unique().to_list() == ["HAM"]
    assert clinch(season, after=21, driver="PER", position=2).secured
    champion = clinch(season, after="17:sprint", driver="VER")
    assert champion.secured
    assert not clinch(season, after=16, driver="VER").secured
    assert not clinch(season, after="17:sprint", driver="PER").possible


def test_the_cells_of_las_vegas_2023_by_hand() -> None:
    season = sample_season()
    upcoming = clinch(season, after=20, driver="PER", position=2).next
    assert upcoming is not None
    assert upcoming.can_secure
    assert not upcoming.can_lose
    scale = {1: 25, 2: 18, 3: 15, 4: 12, 5: 10, 6: 8, 7: 6, 8: 4, 9: 2, 10: 1, 0: 0}
    for cell in upcoming.cells.iter_rows(named=True):
        mine, theirs = scale[cell["position"]], scale[cell["rival_position"]]
        lead = 258 - 226 + mine - theirs - (1 if cell["rival_position"] else 0)
        if lead != 26:  # a tie goes by countback
            assert cell["secures"] == (lead > 26), cell


def test_when_each_place_of_2023_was_secured() -> None:
    table = clinch_when(sample_season())
    assert table["position", "name", "round", "session"].rows()[:2] == [
        (1, "VER", 17, "sprint"), (2, "PER", 21, "race"),
    ]  # fmt: skip
    teams = clinch_when(sample_season(), kind="constructors")
    assert teams["name", "round"].row(0) == ("Red Bull", 16)


def test_bad_questions() -> None:
    season = sample_season()
    for position in (0, -1, 23):
        with pytest.raises(ArgumentError) as error:
            clinch(season, position=position)
        assert error.value.hint
    with pytest.raises(NotFoundError, match="took no part"):
        clinch(season, driver="SCH")
    with pytest.raises(NotFoundError, match="by then"):
        clinch(season, driver="RIC", after=1)
    with pytest.raises(NotFoundError, match="took no part"):
        clinch(season, team="Lotus")
    with pytest.raises(ArgumentError):
        clinch(season, driver="VER", team="Red Bull")


@pytest.fixture(scope="module")
def seasons(shared: Path) -> dict[int, Season]:
    return all_seasons(shared)


def test_who_lost_his_life_can_be_passed_and_pass_nobody() -> None:
    season = rc.load_season(1961)
    assert not clinch(season, after=6, driver="HIP", look_ahead=False).secured
    assert clinch(season, after=7, driver="HIP", look_ahead=False).secured
    assert not clinch(season, after=7, driver="VON", look_ahead=False).possible
    assert clinch_when(rc.load_season(1970)).row(0)[:3] == (1, "RIN", 12)


def test_permutations_that_were_in_the_papers(seasons: dict[int, Season]) -> None:
    told = clinch(seasons[2024], after=21, driver="VER").sentence
    assert told == (
        "Verstappen secures the title in the Las Vegas Grand Prix "
        "unless Norris outscores him by 3 or more."
    )
    told = clinch(seasons[2008], after=17, driver="HAM").sentence
    assert told.endswith("unless Massa outscores him by 7 or more.")
    assert clinch(seasons[2007], after=16, driver="RAI").possible
    assert clinch(seasons[1988], after=15, driver="SEN").secured
    assert not clinch(seasons[1988], after=14, driver="SEN").secured


@pytest.mark.parametrize("year", [1958, 1967, 1979, 1982, 1999, 2012, 2024])
@pytest.mark.parametrize("kind", ["drivers", "constructors"])
def test_nobody_lost_what_he_had_secured(seasons: dict[int, Season], year: int, kind: str) -> None:
    season = seasons[year]
    final = clinch_when(season, kind=kind)  # type: ignore[arg-type]
    assert final["round"].is_not_null().all()
    champion = final.row(0, named=True)
    half = season.events["round"].max() // 2  # type: ignore[operator]
    who = {"driver" if kind == "drivers" else "team": champion["name"]}
    answer = clinch(season, after=half, **who)  # type: ignore[arg-type]
    assert answer.possible
    assert not answer.secured or champion["round"] <= half
    rivals = final.filter(pl.col("position") > 1)["name"].to_list()[:3]
    for rival in rivals:
        other = {"driver" if kind == "drivers" else "team": rival}
        assert not clinch(season, after=champion["round"], **other).possible  # type: ignore[arg-type]


def test_without_looking_ahead_the_answer_is_the_same() -> None:
    season = sample_season()
    whole = clinch(season, after=20, driver="PER", position=2)
    bare = clinch(season, after=20, driver="PER", position=2, look_ahead=False)
    assert bare.next is None
    assert (bare.secured, bare.possible, bare.bound) == (whole.secured, whole.possible, whole.bound)
