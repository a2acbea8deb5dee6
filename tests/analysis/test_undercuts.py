"""Stops as decisions, on races small enough to check by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from own_race import laps_of, race_of
from racecraft.analysis.fights.battle import battle
from racecraft.analysis.fights.undercuts import pit_window, stop_losses, undercuts
from racecraft.errors import NotEnoughDataError, NotFoundError
from racecraft.sources.sample.sample import sample_race
from racecraft.sources.sample.toy import toy_race

if TYPE_CHECKING:
    from datetime import timedelta

    from racecraft.model.race import Race

# AAA leads BBB by a second, BBB stops on lap 5 and AAA on lap 7; in- and out-lap cost 20 s, worn
# tyres a second a lap.
LEADER = laps_of(100, 90, 90, 90, 90, 91, 96, 106, 90, 90, 90, 90)
HUNTER = laps_of(101, 90, 90, 90, 95, 105, 88, 88, 89, 89, 90, 90)
FAR = laps_of(140, 90, 90, 90, 90, 90, 90, 90, 90, 90, 90, 90)


def duel(**tables: object) -> Race:
    return race_of(
        {"AAA": LEADER, "BBB": HUNTER, "CCC": FAR},
        visits=[("AAA", 7, 640.0, 660.0), ("BBB", 5, 465.0, 485.0)],
        tyres=[("AAA", 1, "soft"), ("BBB", 1, "soft"), ("AAA", 8, "hard"), ("BBB", 6, "hard")],
        **tables,
    )


def seconds(time: timedelta) -> float:
    return time.total_seconds()


def test_an_undercut_is_measured_in_seconds_and_in_the_place() -> None:
    row = undercuts(duel()).row(0, named=True)
    assert (row["first"], row["first_lap"]) == ("BBB", 5)
    assert (row["second"], row["second_lap"]) == ("AAA", 7)
    assert seconds(row["before"]) == 1.0
    assert seconds(row["after"]) == HUNTER[7] - LEADER[7] == -6.0
    assert seconds(row["gained"]) == 7.0
    assert row["kind"] == "undercut"


def test_the_far_and_the_neutralised_are_left_out() -> None:
    assert undercuts(duel(), within_s=0.5).is_empty()
    assert undercuts(duel(), within_laps=1).is_empty()
    assert undercuts(duel(control=[("SC", 500.0, 560.0)])).is_empty()


def test_a_stop_costs_what_in_and_out_lap_take_beyond_the_reference() -> None:
    table = stop_losses(duel())
    assert table["lap"].to_list() == [7, 5]
    assert all(15 < seconds(lost) < 25 for lost in table["lost"])
    assert not table["neutralised"].any()


def test_a_stop_costs_places_too() -> None:
    rows = stop_losses(duel())["car", "position_before", "position_after", "compound"].rows()
    assert rows == [("AAA", 1, 2, "hard"), ("BBB", 2, 2, "hard")]
    visits = [("AAA", 1, 95.0, 115.0), ("BBB", 12, 1080.0, 1100.0)]
    early = race_of({"AAA": LEADER, "BBB": HUNTER}, visits=visits)
    places = stop_losses(early)["car", "position_before", "position_after"].rows()
    assert places == [("AAA", None, 1), ("BBB", 1, None)]


def test_the_pit_window_counts_who_would_be_ahead() -> None:
    window = pit_window(duel(), "AAA").filter(lap=3).row(0, named=True)
    assert window["position"] == 1
    assert (window["rejoins"], window["behind"], window["ahead_of"]) == (2, "BBB", "CCC")
    assert seconds(window["ahead_by"]) == pytest.approx(40 - 20, abs=3)


def test_without_stops_nobody_knows_what_one_costs() -> None:
    with pytest.raises(NotEnoughDataError, match="nobody stopped"):
        pit_window(toy_race(), "VER")
    with pytest.raises(NotFoundError):
        pit_window(sample_race(), "XXX")


def test_a_battle_tells_how_old_the_tyres_were() -> None:
    fought = battle(sample_race(), ("PER", "ALO"))
    assert (
        fought.tyre_words
        == "Pérez's tyres were 1 lap older than Alonso's; compounds are not known."
    )
    assert fought.tyres["laps_on_set"].to_list() == [5, 6]


def test_a_battle_tells_where_each_lost_and_gained() -> None:
    segments = battle(sample_race(), ("PER", "ALO")).segments
    row = segments.filter(car="ALO", line="S2").row(0, named=True)
    assert row["worst_lap"] == 70
    assert seconds(row["worst"]) == pytest.approx(1.18, abs=0.01)
    assert segments.height == 6
