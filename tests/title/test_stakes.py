"""What must happen next: sprint weekends, teams, seasons of dropped results."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from own_seasons import all_seasons
from racecraft.sources.sample.sample import sample_season
from racecraft.title.clinch import clinch

if TYPE_CHECKING:
    from pathlib import Path

    from racecraft.model.season import Season

SPRINT = {1: 8, 2: 7, 3: 6, 4: 5, 5: 4, 6: 3, 7: 2, 8: 1, 0: 0}
RACE = {1: 25, 2: 18, 3: 15, 4: 12, 5: 10, 6: 8, 7: 6, 8: 4, 9: 2, 10: 1, 0: 0}


@pytest.fixture(scope="module")
def seasons(shared: Path) -> dict[int, Season]:
    return all_seasons(shared)


def test_a_sprint_weekend_by_hand() -> None:
    # 400 against 223 points before Qatar, and 146 to be had after it: a lead of 146 is enough,
    # for Verstappen has won more races; he may lose 31 of his 177, or 5 in the sprint alone,
    # after which 172 are to be had
    answer = clinch(sample_season(), after=16, driver="VER")
    upcoming = answer.next
    assert upcoming is not None
    assert answer.sentence == (
        "Verstappen secures the title in the Qatar Grand Prix unless Pérez outscores him by 32 or "
        "more; in its sprint already unless Pérez outscores him by 6 or more."
    )
    assert upcoming.margins.rows() == [("PER", 31.0, None, 32.0)]
    for cell in upcoming.cells.iter_rows(named=True):
        mine, theirs = cell["position"], cell["rival_position"]
        if cell["session"] == "sprint":
            assert cell["secures"] == (SPRINT[theirs] - SPRINT[mine] <= 5), cell
        else:
            margin = RACE[theirs] + bool(theirs) - RACE[mine]
            assert cell["secures"] == (margin + 8 <= 31), cell
            assert cell["sprint_margin"] == min(8, 31 - margin), cell


def test_each_of_several_rivals_has_to_be_held_off() -> None:
    # Hamilton third with 226, Alonso 198, Norris 195, Sainz 192; one race of 26 after this one
    upcoming = clinch(sample_season(), after=20, driver="HAM", position=3).next
    assert upcoming is not None
    held = {rival: most for rival, most, *_ in upcoming.margins.iter_rows()}
    assert held == {"ALO": 1.0, "NOR": 4.0, "SAI": 7.0}
    won = upcoming.cells.filter(position=1)
    assert won["secures"].all()
    assert upcoming.cells["secures"].null_count() == 0


def test_teams_are_told_by_margins() -> None:
    # 392 against 388, the last race: Ferrari has one win, Mercedes none
    upcoming = clinch(sample_season(), after=21, team="Mercedes", position=2).next
    assert upcoming is not None
    assert upcoming.cells.is_empty()
    assert upcoming.margins.rows() == [("Ferrari", 3.0, 4.0, 5.0)]
    assert upcoming.sentence == (
        "Mercedes secures second in the Abu Dhabi Grand Prix unless Ferrari outscores it by 5 or "
        "more (or 4 with the better countback)."
    )


def test_dropped_results_have_margins_in_points_that_count(seasons: dict[int, Season]) -> None:
    told = clinch(seasons[1988], after=14, driver="SEN").next
    assert told is not None
    secured = told.cells.filter("secures")
    assert secured["position"].unique().to_list() == [1]  # by winning, wherever Prost is
    assert len(secured) == 6
    assert "in points that count" in told.sentence
    told = clinch(seasons[1976], after=15, driver="HUN").next
    assert told is not None
    assert told.margins.row(0) == ("LAU", -3.0, None, -2.0)  # 65 and six wins against 68 and five


def test_a_race_to_come_is_worth_full_points(seasons: dict[int, Season]) -> None:
    before = clinch(seasons[2021], after=11, driver="VER")
    assert before.points_available == 11 * 26 + 2 * 3
    assert clinch(seasons[2021], after=12, driver="VER").points == before.points + 12.5
