from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from racecraft.errors import NotFoundError
from racecraft.model.season import Season
from racecraft.sources.shared.race_from_lap_times import race_from_lap_times

if TYPE_CHECKING:
    from racecraft.model.race import Race


def season(laps: dict[str, int], year: int = 2023) -> Season:
    order = list(laps)
    return Season(
        season=year,
        events=pl.DataFrame(
            {"event": ["toy-grand-prix"], "name": ["Toy Grand Prix"], "round": [1],
             "date": [date(year, 6, 4)]}
        ),
        drivers=pl.DataFrame({"driver": order}),
        results=pl.DataFrame(
            {
                "event": "toy-grand-prix",
                "session": "race",
                "order": range(1, len(order) + 1),
                "position_text": [str(place) for place in range(1, len(order) + 1)],
                "driver": order,
                "laps": list(laps.values()),
            }
        ),
    )  # fmt: skip


def race(rows: list[tuple[object, ...]], *columns: str) -> Race:
    """Race of rows of driver, lap and durations in seconds."""
    frame = pl.DataFrame(rows, schema=["car", "lap", *columns], orient="row")
    laps = frame.with_columns(
        (pl.col(name).cast(pl.Float64) * 1e6).round().cast(pl.Duration("us")) for name in columns
    )
    completed = dict(laps.group_by("car").agg(pl.col("lap").max()).sort("car").iter_rows())
    return race_from_lap_times(season(completed), "toy-grand-prix", laps)


def times(race: Race, driver: str) -> list[tuple[int, str, float]]:
    rows = race.crossings.filter(car=driver)["lap", "line", "time"].rows()
    return [(lap, line, time.total_seconds()) for lap, line, time in rows]


def test_a_hole_ends_the_record_of_that_car_alone() -> None:
    told = race(
        [("VER", 1, 90), ("VER", 2, None), ("VER", 3, 90), ("HAM", 1, 91), ("HAM", 2, 92)],
        "lap_time",
    )
    assert times(told, "VER") == [(1, "Line", 90.0)]
    assert times(told, "HAM") == [(1, "Line", 91.0), (2, "Line", 183.0)]
    assert told.doubts.filter(table="crossings")["car", "lap"].rows() == [("VER", 2)]
    assert told.lap_chart.filter(car="VER")["lap"].to_list() == [1, 3]


def test_a_lap_that_is_not_listed_is_a_hole_too() -> None:
    told = race([("VER", 1, 90), ("VER", 3, 90)], "lap_time")
    assert times(told, "VER") == [(1, "Line", 90.0)]
    assert told.doubts.filter(table="crossings")["lap"].to_list() == [2]


def test_sectors_from_either_end_of_the_lap() -> None:
    sectors = ("lap_time", "sector1", "sector2", "sector3")
    told = race(
        [
            ("VER", 1, 90, 30, 31, 29),
            ("VER", 2, 90, None, 30, 30),  # from the end
            ("VER", 3, 90, 30, 30, None),  # from the beginning
            ("VER", 4, 90, None, 30, None),  # from neither
            ("VER", 5, None, 30, 30, None),  # the car stops in sector 3
        ],
        *sectors,
    )
    assert times(told, "VER") == [
        (1, "S1", 30.0), (1, "S2", 61.0), (1, "Line", 90.0),
        (2, "S1", 120.0), (2, "S2", 150.0), (2, "Line", 180.0),
        (3, "S1", 210.0), (3, "S2", 240.0), (3, "Line", 270.0),
        (4, "Line", 360.0),
        (5, "S1", 390.0), (5, "S2", 420.0),
    ]  # fmt: skip
    assert told.doubts.filter(lap=4)["line"].to_list() == ["S1", "S2"]


def test_two_stops_on_one_lap_are_one_visit() -> None:
    laps = pl.DataFrame({"car": ["VER"], "lap": [1], "lap_time": [timedelta(seconds=90)]})
    stops = pl.DataFrame(
        {"car": ["VER"] * 3, "lap": [1, 1, 2],
         "duration": [timedelta(seconds=20), timedelta(seconds=25), None]}
    )  # fmt: skip
    told = race_from_lap_times(season({"VER": 1}), "toy-grand-prix", laps, pit_stops=stops)
    assert told.pit_visits["lap", "duration"].rows() == [(1, timedelta(seconds=45)), (2, None)]


def test_no_event() -> None:
    with pytest.raises(NotFoundError):
        race_from_lap_times(season({"VER": 1}), "nowhere", pl.DataFrame())


lap_ms = st.none() | st.integers(60_000, 2_000_000)


@given(st.lists(st.lists(lap_ms, min_size=1, max_size=8), min_size=1, max_size=4))
def test_crossings_are_the_sums_of_the_laps_before_the_first_hole(cars: list[list[int]]) -> None:
    rows = [
        (f"{'ABCD'[car]}AA", lap, None if time is None else time / 1000)
        for car, laps in enumerate(cars)
        for lap, time in enumerate(laps, 1)
    ]
    told = race(rows, "lap_time")
    for car, laps in enumerate(cars):
        whole = laps[: laps.index(None)] if None in laps else laps
        sums = [sum(whole[: lap + 1]) for lap in range(len(whole))]
        known = told.crossings.filter(car=f"{'ABCD'[car]}AA")["time"]
        assert [round(time.total_seconds() * 1000) for time in known] == sums
