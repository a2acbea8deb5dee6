"""Texts that are no race article: an answer, or one error, never a verdict about something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from own_seasons import all_seasons
from racecraft.errors import RacecraftError, UnreadableError
from racecraft.history.results import History
from racecraft.press.fact_check import fact_check
from racecraft.press.intake.article import LARGEST_FILE
from racecraft.sources.sample.sample import sample_season

if TYPE_CHECKING:
    from pathlib import Path

RECORD = History([sample_season()])
FOOTBALL = """
Rovers came from behind to win 3-2 at home on Saturday and climb to fourth place in the table, two
points behind the leaders. Miller scored the first after 12 minutes, and the 33-year-old captain
finished the season with 21 goals. The visitors, who started the day in second, lost their third
match in a row and were reduced to ten men after a red card. It was the first win at the ground
since 2019. Rovers have 61 points with two matches left to play.
"""
VOETBAL = """
De thuisploeg won zaterdag met 3-2 en klom naar de vierde plaats, twee punten achter de koploper. De
33-jarige aanvoerder maakte zijn 21e doelpunt van het seizoen. Het was de derde zege op rij en de
eerste sinds 2019. Er zijn nog twee wedstrijden te gaan.
"""
NOVEL = """
The old house stood at the end of the lane, where the road to the harbour turned, and for thirty
years nobody had lived in it but the widow and her cat. On the first Sunday of November she put on
her best hat, took the second chair from the window, and sat down to wait. Her son had finished
school at seventeen and gone to sea; the third letter had come from Lisbon, the fourth never came.
"""
POLITICS = """
The senator leads by 12 points in the latest poll, ahead of the governor, who started the race from
behind. The 54-year-old has won three primaries in a row and needs 40 more delegates to clinch.
"""


@pytest.mark.parametrize(
    "text", [FOOTBALL, VOETBAL, NOVEL, NOVEL * 100, POLITICS],
    ids=["football", "voetbal", "novel", "whole novel", "politics"],
)  # fmt: skip
def test_no_claims_about_a_race(text: str) -> None:
    assert fact_check(text, RECORD).findings == ()


@pytest.fixture(scope="module")
def whole(shared: Path) -> History:
    """All seasons since 1950, with somebody of nearly every name."""
    return History(list(all_seasons(shared).values()))


ELSEWHERE = """
The visitors beat the hosts 3-1 on Sunday. Palmer scored first, but Hamilton equalised. The striker
Senna finished with two goals, and Jordan came second in the group. It was his 14th goal of the
season. The team leads by 4 points after the win in Barcelona on 3 May 2021.
"""


@pytest.mark.parametrize(
    "text", [FOOTBALL, VOETBAL, NOVEL, POLITICS, ELSEWHERE],
    ids=["football", "voetbal", "novel", "politics", "namesakes"],
)  # fmt: skip
def test_nor_where_all_seasons_have_somebody_of_every_name(text: str, whole: History) -> None:
    assert fact_check(text, whole).findings == ()


def test_without_any_season_there_is_nothing_to_say() -> None:
    assert fact_check("Fernando Alonso finished third in Brazil.", [], lang="en").findings == ()


@pytest.mark.parametrize(
    "data", [b"", b"\x00\x01" * 500, b"x" * 10_000_000, b"<html><script>won()</script></html>"],
    ids=["empty", "binary", "10 MB", "scripts"],
)  # fmt: skip
def test_what_cannot_be_read(data: bytes) -> None:
    with pytest.raises(UnreadableError):
        fact_check(data, RECORD)


def test_a_page_of_links_and_scripts_is_no_article() -> None:
    page = "<html><body>" + '<a href="/x">Verstappen wins</a><script>f()</script>' * 3_000
    assert len(page) < LARGEST_FILE
    try:
        findings = fact_check(page, RECORD, lang="en")
    except RacecraftError:
        return
    assert all(finding.verdict != "contradicted" for finding in findings)
