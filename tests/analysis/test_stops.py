"""What a visit to the pit lane was."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from own_race import laps_of, race_of
from racecraft.analysis.order.overtakes import overtakes
from racecraft.analysis.order.stints import stints
from racecraft.analysis.order.stops import fitted_sets, stops

if TYPE_CHECKING:
    from racecraft.model.race import Race

CARS = ("VER", "HAM", "ALO", "SAI")


def field(*slow: tuple[str, int, float], laps: int = 10) -> dict[str, list[float]]:
    """Four cars two seconds apart, with laps on which some lose seconds."""
    lost = {(car, lap): seconds for car, lap, seconds in slow}
    return {
        car: laps_of(*(90 + lost.get((car, lap), 0) for lap in range(1, laps + 1)), start=2.0 * i)
        for i, car in enumerate(CARS)
    }


def kinds(race: Race) -> dict[tuple[str, int], str]:
    return {(car, lap): kind for car, lap, kind in stops(race)["car", "lap", "kind"].rows()}


def hard(*more: tuple[str, int, str]) -> list[tuple[str, int, str]]:
    return [*((car, 1, "hard") for car in CARS), *more]


def test_a_repair_of_a_quarter_of_an_hour_is_a_stop() -> None:
    cars = field(("HAM", 5, 10), ("HAM", 6, 780))
    race = race_of(cars, visits=[("HAM", 5, 449, 1229)], tyres=hard(("HAM", 6, "soft")))
    assert kinds(race) == {("HAM", 5): "stop"}
    assert set(overtakes(race)["kind"]) == {"pit"}


def test_a_field_that_waits_in_the_lane_is_a_stoppage() -> None:
    cars = field(*((car, 6, 900) for car in CARS))
    visits = [(car, 5, 455 + 2 * i, 1300 + 2 * i) for i, car in enumerate(CARS)]
    race = race_of(cars, visits=visits, tyres=hard())
    assert set(kinds(race).values()) == {"red_flag"}


def test_the_lane_behind_the_safety_car_is_a_transit_for_lapped_cars_too() -> None:
    cars = field(*((car, lap, 40) for car in CARS for lap in (5, 6)))
    cars["SAI"] = laps_of(*[110] * 8)
    visits = [("VER", 6, 600, 620), ("HAM", 6, 602, 622), ("SAI", 5, 604, 624)]
    race = race_of(cars, visits=visits, tyres=hard(), control=[("SC", 380, 650)])
    assert set(kinds(race).values()) == {"transit"}


def test_a_car_that_never_leaves_the_lane_has_retired() -> None:
    cars = field()
    cars["SAI"] = cars["SAI"][:6]
    race = race_of(cars, visits=[("SAI", 6, 544, None)], tyres=hard())
    assert kinds(race) == {("SAI", 6): "retirement"}


def test_new_tyres_before_the_line_are_a_stop() -> None:
    race = race_of(
        field(("ALO", 4, 25)), visits=[("ALO", 4, 335, 357)], tyres=hard(("ALO", 4, "soft"))
    )
    row = stops(race).row(0, named=True)
    assert (row["kind"], row["compound"], row["tyres_changed"]) == ("stop", "soft", True)


def test_a_visit_is_a_drive_through_where_its_length_says_so() -> None:
    cars = field(("HAM", 5, 10), ("HAM", 6, 12), ("ALO", 7, 10), ("ALO", 8, 8))
    stop, short, as_long = ("HAM", 5, 450, 472), ("ALO", 7, 634, 651), ("ALO", 7, 634, 656.5)
    tyres = hard(("HAM", 6, "soft"))
    assert kinds(race_of(cars, visits=[stop, short], tyres=tyres))["ALO", 7] == "drive_through"
    assert kinds(race_of(cars, visits=[stop, as_long], tyres=tyres))["ALO", 7] == "stop"


def test_a_visit_is_a_drive_through_where_race_control_said_so() -> None:
    said = pl.DataFrame(
        [
            {"time": timedelta(seconds=500), "lap": 6, "category": "Other", "car": "ALO",
             "text": "DRIVE THROUGH PENALTY FOR CAR 14 (ALO)"}
        ]
    )  # fmt: skip
    cars = field(("ALO", 7, 10), ("ALO", 8, 12))
    race = race_of(cars, visits=[("ALO", 7, 634, 656)], tyres=hard(), messages=said)
    assert kinds(race) == {("ALO", 7): "drive_through"}


def test_a_set_noticed_late_was_fitted_at_the_last_stop() -> None:
    cars = field(("HAM", 5, 10), ("HAM", 6, 12))
    race = race_of(cars, visits=[("HAM", 5, 450, 472)], tyres=hard(("HAM", 9, "soft")))
    assert stops(race)["compound"].to_list() == ["soft"]
    assert fitted_sets(race).filter(car="HAM")["car", "lap", "compound"].rows() == [
        ("HAM", 1, "hard"), ("HAM", 6, "soft"),
    ]  # fmt: skip
    assert stints(race).filter(car="HAM")["start_lap", "compound"].rows() == [
        (1, "hard"), (6, "soft"),
    ]  # fmt: skip


def test_the_first_set_was_there_from_the_start() -> None:
    cars = field(("HAM", 5, 10), ("HAM", 6, 12))
    late = [("HAM", 2, "hard"), ("HAM", 6, "soft")]
    race = race_of(cars, visits=[("HAM", 5, 450, 472)], tyres=late)
    assert stints(race).filter(car="HAM")["start_lap", "compound"].rows() == [
        (1, "hard"), (6, "soft"),
    ]  # fmt: skip


def test_a_stop_without_a_set_is_one_whose_tyres_are_unknown() -> None:
    cars = field(("HAM", 3, 10), ("HAM", 4, 12), ("ALO", 7, 10), ("ALO", 8, 13))
    visits = [("HAM", 3, 270, 292), ("ALO", 7, 634, 656.5)]
    race = race_of(cars, visits=visits, tyres=hard(("HAM", 4, "soft")))
    told = stops(race).filter(car="ALO")["kind", "compound", "tyres_changed"].rows()
    assert told == [("stop", None, None)]
    assert stints(race).filter(car="ALO")["start_lap", "compound"].rows() == [
        (1, "hard"), (8, None),
    ]  # fmt: skip
