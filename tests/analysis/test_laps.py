from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import polars as pl
import pytest

from own_race import SECTORS, laps_of, race_of
from racecraft.analysis.order.control import control, standing_starts
from racecraft.analysis.order.gaps import gaps, order
from racecraft.analysis.order.laps import laps
from racecraft.analysis.order.reference import losses, reference
from racecraft.analysis.order.stints import stints
from racecraft.analysis.order.stops import stops
from racecraft.analysis.order.timing import timing
from racecraft.errors import ArgumentError, NotEnoughDataError, NotFoundError
from racecraft.model.race import DOUBTS, Race
from racecraft.sources.sample.sample import sample_race

if TYPE_CHECKING:
    from pathlib import Path

NO_STATUS = DOUBTS.rows([{"table": "control", "reason": "track status is not recorded"}])


def test_a_lap_time_is_never_taken_across_a_hole() -> None:
    race = race_of({"VER": [90, None, 272, 362]})
    assert laps(race)["lap"].to_list() == [1, 3, 4]
    assert [t and t.total_seconds() for t in laps(race)["lap_time"]] == [90, None, 90]


def test_without_lights_out_lap_one_has_no_time() -> None:
    race = race_of({"VER": laps_of(3690, 90)})
    on_session_clock = Race(
        season=2023, round=1, name="Own Grand Prix", clock="session",
        entries=race.entries, lines=race.lines, crossings=race.crossings,
    )  # fmt: skip
    assert laps(on_session_clock)["lap_time"].null_count() == 1


def test_tyres_age_with_the_laps_and_laps_know_the_lane() -> None:
    race = race_of(
        {"VER": laps_of(*[90] * 6)},
        visits=[("VER", 3, 265, 288)],
        tyres=[("VER", 1, "soft"), ("VER", 4, "hard")],
    )
    table = laps(race)
    assert table["compound"].to_list() == ["soft"] * 3 + ["hard"] * 3
    assert table["tyre_age"].to_list() == [1, 2, 3, 1, 2, 3]
    assert table.filter("in_lap")["lap"].to_list() == [3]
    assert table.filter("out_lap")["lap"].to_list() == [4]
    assert stints(race).select("start_lap", "end_lap", "compound").rows() == [
        (1, 3, "soft"),
        (4, 6, "hard"),
    ]


def test_a_visit_without_new_tyres_begins_no_stint() -> None:
    race = race_of(
        {"VER": laps_of(*[90] * 6), "HAM": laps_of(*[91] * 6)},
        visits=[("VER", 3, 265, 280), ("HAM", 4, 360, 380)],
        tyres=[("VER", 1, "soft"), ("HAM", 1, "soft"), ("HAM", 5, "hard")],
    )
    assert stops(race).filter(car="VER")["kind", "tyres_changed"].rows() == [
        ("drive_through", False)
    ]
    assert stints(race).filter(car="VER").height == 1


def test_the_field_through_the_lane_behind_the_safety_car_makes_no_stops() -> None:
    cars = {d: laps_of(90, 150, 150, 90, start=i) for i, d in enumerate(("VER", "HAM", "ALO"))}
    race = race_of(
        cars,
        control=[("SC", 100, 380)],
        visits=[(d, 2, 230 + i, 250 + i) for i, d in enumerate(cars)],
        tyres=[(d, 1, "soft") for d in cars],
    )
    assert set(stops(race)["kind"]) == {"transit"}


def test_waiting_under_a_red_flag_is_no_stop() -> None:
    race = race_of(
        {"VER": laps_of(90, 1800, 90)},
        control=[("red", 95, 1700)],
        visits=[("VER", 1, 89, 1750)],
        tyres=[("VER", 1, "soft"), ("VER", 2, "hard")],
    )
    assert stops(race)["kind"].to_list() == ["red_flag"]


def test_a_source_without_track_status_has_it_inferred_to_the_lap() -> None:
    slow = [90, 90, 130, 130, 90, 90, 90]
    race = race_of({"VER": laps_of(*slow), "HAM": laps_of(*slow, start=1)}, doubts=NO_STATUS)
    assert control(race).select("state", "basis").rows() == [("SC", "inferred")]
    begin, end = control(race)["from", "to"].row(0)
    assert begin.total_seconds() == pytest.approx(180, abs=2)
    assert end.total_seconds() == pytest.approx(440, abs=2)
    assert control(race_of({"VER": laps_of(*slow)})).is_empty(), "an all-green race stays green"


@pytest.mark.parametrize(
    ("restart", "after", "standing"), [(150, 90, True), (92, 90, False), (150, 150, False)]
)
def test_a_standing_restart_shows_in_the_leaders_lap(
    restart: float, after: float, *, standing: bool
) -> None:
    race = race_of(
        {"VER": laps_of(90, 90, 1500, restart, after, 90, 90)}, control=[("red", 190, 1600)]
    )
    assert (4 in standing_starts(race)) is standing


def test_the_reference_is_the_median_of_free_laps_in_the_stint() -> None:
    alone = [90, 90, 91, 92, 90, 90]
    race = race_of({"VER": laps_of(95, *alone), "HAM": laps_of(105, *alone)})
    assert reference(race)[3, 0] == 90_000_000
    assert losses(race)[4, 0] == 2_000_000


def test_a_lapped_car_has_its_gap_and_knows_how_far_it_is_behind() -> None:
    race = race_of({"VER": laps_of(*[80] * 6), "SAR": laps_of(*[106] * 5)})
    between = gaps(race, drivers=("VER", "SAR"))
    assert between["laps_apart"].to_list() == [0, 0, 0, 1, 1]
    assert between["interval"][3].total_seconds() == 104
    assert order(race).select("car", "laps_down").rows() == [("VER", 0), ("SAR", 1)]
    assert order(race)["gap"].to_list()[1] is None


def test_the_order_leaves_out_cars_that_are_out() -> None:
    race = race_of({"VER": laps_of(90, 90, 90), "HAM": laps_of(91), "ALO": laps_of(92, 90, 90)})
    assert order(race, lap=1)["car"].to_list() == ["VER", "HAM", "ALO"]
    assert order(race, lap=2)["car"].to_list() == ["VER", "ALO"]
    assert order(race)["car"].to_list() == ["VER", "ALO"]


def test_what_is_not_there_is_said() -> None:
    race = race_of({"VER": laps_of(90, 90), "HAM": laps_of(91, 90)}, lines=("Line",))
    with pytest.raises(ArgumentError, match="no lap 3 in a race of 2"):
        order(race, lap=3)
    with pytest.raises(ArgumentError, match="no timing line 'S1'"):
        order(race, line="S1")
    with pytest.raises(NotFoundError, match="no driver 'ALO'"):
        gaps(race, drivers=("VER", "ALO"))
    with pytest.raises(NotEnoughDataError):
        gaps(Race(season=2023, round=1, name="Empty Grand Prix"))


def test_intervals_come_in_the_order_of_the_lap() -> None:
    race = race_of({"VER": [30, 60, 90], "HAM": [31, 62, 93]}, lines=SECTORS)
    assert gaps(race)["line"].unique(maintain_order=True).to_list() == list(SECTORS)


def test_the_winners_times_of_the_sample() -> None:
    for event, seconds in ((19, 7350.814), (20, 7008.894)):
        assert timing(sample_race(event)).flag == round(seconds * 1e6)


def test_sao_paulo_was_stopped_and_restarted_from_the_grid() -> None:
    race = sample_race(20)
    assert standing_starts(race) == {1, 4}
    assert control(race).filter(pl.col("state") == "red").height == 1


@pytest.mark.parametrize(
    ("event", "file"),
    [(19, "laps_2023_19_mexico_city.csv"), (20, "laps_2023_20_sao_paulo.csv")],
)
def test_the_order_of_all_71_laps_is_that_of_the_published_lap_times(
    shared: Path, event: int, file: str
) -> None:
    """The published lap times, added up by hand, give the published lap charts."""
    race = sample_race(event)
    total: dict[str, float] = {}
    by_lap: dict[int, dict[str, float]] = {}
    with (shared / "facts" / file).open(encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            driver, lap = row["driver"], int(row["lap"])
            if not row["lap_time_s"] or (lap > 1 and driver not in by_lap.get(lap - 1, {})):
                continue
            total[driver] = total.get(driver, 0.0) + float(row["lap_time_s"])
            by_lap.setdefault(lap, {})[driver] = total[driver]
    ours = laps(race).sort("lap", "position").group_by("lap", maintain_order=True).agg("car")
    assert len(by_lap) == 71
    for lap, drivers in ours.rows():
        assert drivers == sorted(by_lap[lap], key=lambda driver: by_lap[lap][driver])
