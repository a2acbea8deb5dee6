from __future__ import annotations

from typing import TYPE_CHECKING

from own_seasons import all_seasons
from racecraft.sources.sample.sample import sample_season
from racecraft.title.effect import effect

if TYPE_CHECKING:
    from pathlib import Path


def test_the_first_race_has_no_standings_before_it() -> None:
    told = effect(sample_season(), "bahrain-grand-prix")
    assert told == "Verstappen has 25 points and leads Pérez by 7."


def test_places_that_changed_hands_are_told() -> None:
    told = effect(sample_season(), "sao-paulo-grand-prix")
    assert "Alonso rose to fourth" in told
    assert "Sainz fell to sixth" in told


def test_the_title_was_decided_in_a_sprint() -> None:
    before = effect(sample_season(), "japanese-grand-prix")
    after = effect(sample_season(), "qatar-grand-prix", "sprint")
    assert "the title is his" not in before
    assert after == (
        "Verstappen has 407 points and leads Pérez by 184; the title is his. "
        "No place among the first ten changed."
    )


def test_level_on_points_one_leads_on_countback(shared: Path) -> None:
    season = all_seasons(shared)[2021]
    told = effect(season, "saudi-arabian-grand-prix")
    assert told.startswith("Verstappen has 369.5 points and leads Hamilton on countback.")
