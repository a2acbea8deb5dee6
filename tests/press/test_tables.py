"""Tables that were pasted as text: rows mean what the head of their columns says, or nothing."""

from __future__ import annotations

from datetime import date

import pytest

from racecraft.history.roster import Roster
from racecraft.press.intake.article import Article
from racecraft.press.reading.reader import Reader
from racecraft.sources.sample.sample import sample_season

DAY = date(2023, 11, 6)
RESULT = """Result

| Pos | Driver | Team | Grid | Pts |

| 1 | Max Verstappen | Red Bull | 1 | 25 |

| 2 | Lando Norris | McLaren | 6 | 19 |"""
STANDINGS = """Standings

Pos  Driver  Points

1  Verstappen  524

2  Pérez  258"""


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(Roster([sample_season()]))


def claims(reader: Reader, text: str) -> set[tuple[str, str, object]]:
    read = reader.read(Article(text=text, date=DAY, lang="en")).claims
    return {(claim.claim_type, claim.subject, claim.value) for claim in read}


def test_rows_of_a_result_say_what_its_head_means(reader: Reader) -> None:
    assert claims(reader, RESULT) == {
        ("finish_position", "Max Verstappen", 1),
        ("grid_position", "Max Verstappen", 1),
        ("race_points", "Max Verstappen", 25),
        ("team", "Max Verstappen", "Red Bull"),
        ("finish_position", "Lando Norris", 2),
        ("grid_position", "Lando Norris", 6),
        ("race_points", "Lando Norris", 19),
        ("team", "Lando Norris", "McLaren"),
    }


def test_rows_of_standings_are_places_and_sums(reader: Reader) -> None:
    assert claims(reader, STANDINGS) == {
        ("standings_position", "Max Verstappen", 1),
        ("points_total", "Max Verstappen", 524),
        ("standings_position", "Sergio Pérez", 2),
        ("points_total", "Sergio Pérez", 258),
    }


def test_rows_without_a_head_say_nothing(reader: Reader) -> None:
    rows = "| 3 | Fernando Alonso | Aston Martin | 4 | 15 |"
    text = RESULT.replace("| Pos | Driver | Team | Grid | Pts |\n\n", "") + f"\n\n{rows}"
    assert not claims(reader, text)
