"""Records that races set, by the results in the package."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from racecraft.history.results import History
from racecraft.history.stored import history_at_hand
from racecraft.model.words.book import Book
from racecraft.sim.moments.from_results import race_of_result
from racecraft.sim.moments.moments import moments
from racecraft.sim.moments.records import records
from racecraft.sim.moments.words import record_words
from racecraft.sources.record.record import record_season
from racecraft.store.store import Store

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> History:
    """All seasons of the package."""
    folder: Path = tmp_path_factory.mktemp("store")
    record = history_at_hand(Store(folder), 2023)
    assert record is not None
    return record


def told(past: History, season: int, event: str) -> dict[str, str]:
    found = records(race_of_result(record_season(season), event), past)
    return {
        one.cars[0]: "; ".join(record_words(each, Book("en")) for each in one.facts["records"])  # type: ignore[attr-defined]
        for one in found
    }


@pytest.mark.parametrize(
    ("season", "event", "car", "words"),
    [
        (1971, "italian-grand-prix", "GET", "won by 0.010 s, the closest finish yet"),
        (1983, "united-states-west-grand-prix", "WAT", "P22 on the grid, further back than"),
        (2016, "spanish-grand-prix", "VER", "youngest winner yet, at 18 years and 228 days"),
        (2020, "portuguese-grand-prix", "HAM", "set a record of 92 wins"),
        (2021, "hungarian-grand-prix", "OCO", "took his first win in his 78th start"),
        (2023, "italian-grand-prix", "VER", "set a record of 10 wins in a row"),
    ],
)
def test_records_that_everybody_knows(
    past: History, season: int, event: str, car: str, words: str
) -> None:
    events = record_season(season).events["event"]
    meant = next(one for one in events if one == event or event.split("-")[0] in one)
    assert words in told(past, season, meant)[car]


def test_an_old_winner_sets_no_record(past: History) -> None:
    assert "HAM" not in told(past, 2019, "german-grand-prix")


def test_nothing_is_told_where_seasons_are_missing() -> None:
    season = record_season(2016)
    race = race_of_result(season, "spanish-grand-prix")
    assert records(race, History([season])) == []


def test_a_record_stands_behind_what_decided_the_race_and_says_what_it_rests_on(
    past: History,
) -> None:
    season = record_season(2016)
    race = race_of_result(season, "spanish-grand-prix")
    table = moments(race, season=season, record=past)
    row = table.filter(kind="record").row(0, named=True)
    assert row["rank"] > 1
    assert row["evidence"] == "results of all 940 races since 1950"
