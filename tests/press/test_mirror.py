"""Claims about two, told the other way round: none of them is supported."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from racecraft.press.claim import Entity
from racecraft.press.intake.article import read
from racecraft.press.judging.judge import verdict
from racecraft.press.judging.question import Question
from racecraft.sources.sample.sample import sample_season

if TYPE_CHECKING:
    from racecraft.history.results import History

HERE = Path(__file__).parent / "articles"
PAIRS = ("points_gap", "time_gap", "relative_order", "qualifying_gap", "standings_places_between")


@pytest.fixture(scope="module")
def record() -> History:
    from racecraft.history.results import History

    return History([sample_season()])


@pytest.mark.parametrize("kind", PAIRS)
def test_a_direction_is_true_one_way_at_most(record: History, kind: str) -> None:
    drivers = [Entity("driver", row.driver_id, row.driver) for row in record.results(2023, 20)[:6]]
    true = 0
    for first, second in permutations(drivers, 2):
        asked = Question(
            claim_type=kind, subjects=(first, second), relation="over", value=1, season=2023,
            round=20,
        )  # fmt: skip
        found = verdict(asked, record)
        if isinstance(found.found, int | float) and found.found > 0:
            asked = replace(asked, value=found.found)
            found = verdict(asked, record)
        if found.verdict == "supported":
            true += 1
            turned = replace(asked, subjects=(second, first))
            assert verdict(turned, record).verdict != "supported"
    assert true > 5


@pytest.mark.parametrize("name", ["Pérez", "Hamilton"])
def test_who_leads_is_not_turned_round(record: History, name: str) -> None:
    from racecraft.press.fact_check import fact_check

    other = {"Pérez": "Hamilton", "Hamilton": "Pérez"}[name]
    text = f"date: 2023-11-06\n\n{name} leads {other} by 32 points after the São Paulo Grand Prix."
    found = fact_check(read(text, lang="en"), record, min_confidence=0.0)
    gaps = [each.leaning for each in found if each.claim_type == "points_gap"]
    assert gaps == ["supported" if name == "Pérez" else "contradicted"]
