"""What moments say of causes that the tables know, and that one event is told once."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from own_race import laps_of, race_of
from racecraft.analysis.order.control import control, procession
from racecraft.sim.moments.causes import alone_on_the_grid, out_as_it_came
from racecraft.sim.moments.happening import Happening
from racecraft.sim.moments.moments import moments
from racecraft.sim.moments.told_once import told_once

FIELD = ("VER", "HAM", "ALO", "SAI", "LEC", "BOT", "NOR")


def field(laps: int = 12, apart: float = 1.0) -> dict[str, list[float]]:
    """Cars that drive round in line."""
    return {car: laps_of(*[90] * laps, start=i * apart) for i, car in enumerate(FIELD)}


def sentence(table: pl.DataFrame, kind: str, lap: int | None = None) -> str:
    rows = table.filter(kind=kind)
    return str((rows if lap is None else rows.filter(lap=lap))["sentence"][0])


def test_a_safety_car_is_told_with_who_stopped_under_it_and_who_did_not() -> None:
    cars = field() | {"HAM": laps_of(*[90] * 6, 92, 91, 89, 88, 84, 80, start=1)}
    race = race_of(
        cars, control=[("SC", 450, 810)], visits=[("HAM", 6, 530, 552)],
        tyres=[("HAM", 1, "hard"), ("HAM", 7, "soft"), ("VER", 1, "hard")],
    )  # fmt: skip
    told = sentence(moments(race, simulated=False), "safety car")
    assert "; HAM stopped for soft tyres, " in told
    assert " did not" in told
    assert " did not" not in sentence(
        moments(race_of(field(), control=[("SC", 450, 810)]), simulated=False), "safety car"
    )


def result(*gone: str, status: str, done: int, laps: int = 12) -> pl.DataFrame:
    """A classification in which some cars dropped out."""
    order = [car for car in FIELD if car not in gone] + list(gone)
    rows = [
        {"order": i, "car": car, "laps": done if car in gone else laps,
         "position": None if car in gone else i, "position_text": "R" if car in gone else str(i),
         "status": status if car in gone else "Finished"}
        for i, car in enumerate(order, 1)
    ]  # fmt: skip
    return pl.DataFrame(rows)


@pytest.mark.parametrize(
    ("pair", "status", "said"),
    [
        (("VER", "HAM"), "Collision", "VER from first and HAM from second dropped out by a coll"),
        (("VER", "NOR"), "Collision", "by a collision, with each other as it seems, on lap 6"),
        (("VER", "NOR"), "Engine", None),
    ],
)
def test_two_that_collided_are_told_together(
    pair: tuple[str, str], status: str, said: str | None
) -> None:
    cars = field() | {car: times[:5] for car, times in field().items() if car in pair}
    race = replace(race_of(cars), classification=result(*pair, status=status, done=5))
    told = moments(race, simulated=False).filter(kind="retirement")["sentence"]
    assert told.str.contains(said or "collision", literal=True).any() == (said is not None)


def test_cars_that_dropped_out_for_one_reason_are_listed() -> None:
    four = FIELD[:4]
    cars = field() | {car: times[:5] for car, times in field().items() if car in four}
    race = replace(race_of(cars), classification=result(*four, status="Engine", done=5))
    told = sentence(moments(race, simulated=False), "retirement")
    assert told.count("dropped out") == 4, "they were in different places"


def test_a_lapped_car_that_brought_out_a_flag_is_named() -> None:
    race = race_of(field() | {"NOR": laps_of(*[115] * 5)})
    assert list(out_as_it_came(race, 8)) == ["NOR"]  # gone on the leader's seventh lap or after
    assert out_as_it_came(race, 6) == {}


def test_who_alone_took_a_restart_from_the_grid() -> None:
    waiting = [90, 1800, 200, 120, *[90] * 6]
    cars = {car: laps_of(*waiting, start=i) for i, car in enumerate(FIELD)}
    cars["VER"] = laps_of(90, 1800, 190, 100, 112, *[90] * 5)
    visits = [(car, 3, 2085.0, 2110.0) for car in FIELD if car != "VER"]
    race = race_of(cars, grid=list(FIELD), control=[("red", 100, 1895)], visits=visits)
    assert alone_on_the_grid(race, 4) == {"alone": ("VER",), "stopped": 6}
    assert alone_on_the_grid(race_of(cars, grid=list(FIELD)), 4) == {}


def test_a_few_laps_without_a_change_were_no_racing() -> None:
    race = race_of(field(3), grid=list(FIELD))
    race = replace(race, classification=result(status="", done=3, laps=3))
    table = moments(race, simulated=False)
    assert table.filter(kind="start").is_empty()
    assert "3 laps that were driven were no racing, as it seems" in sentence(table, "safety car")
    assert control(race)["state"].to_list() == ["SC"], "and race control is told alike"
    swapped = field(3) | {"HAM": laps_of(90, 88, 90, start=1)}
    assert not procession(replace(race, crossings=race_of(swapped).crossings))


def test_who_changed_tyres_when_it_rained() -> None:
    laps = {"VER": 8, "HAM": 6} | dict.fromkeys(FIELD[2:], 7)
    times = {car: [90.0] * 12 for car in FIELD}
    for car, lap in laps.items():
        times[car][lap - 1 : lap + 1] = [105.0, 105.0]
    for lap in (6, 7):
        times["VER"][lap - 1] = 120.0  # on slicks in the rain
    race = race_of(
        {car: laps_of(*own, start=i) for i, (car, own) in enumerate(times.items())},
        tyres=[(car, 1, "soft") for car in FIELD]
        + [(car, lap + 1, "intermediate") for car, lap in laps.items()],
        visits=[(car, lap, 90.0 * lap, 90.0 * lap + 22) for car, lap in laps.items()],
    )
    told = sentence(moments(race, simulated=False), "rain")
    assert "HAM on lap 6" in told
    assert "VER on lap 8" in told


def test_a_place_on_the_podium_won_by_a_hair_is_told() -> None:
    cars = field(apart=3.0) | {"HAM": laps_of(*[90] * 11, 87.1, start=3)}
    told = moments(race_of(cars), simulated=False)["sentence"].to_list()
    assert any(
        each.startswith("VER beat HAM to first place at the flag by 0.100 s") for each in told
    )


def cut(*cars: str, position: int, loser_lap: int = 5) -> Happening:
    return Happening(
        kind="undercut", lap=5, last_lap=6, before=3, after=6, cars=cars,
        facts={"position": position, "loser_lap": loser_lap},
    )  # fmt: skip


def test_one_stop_that_cost_several_places_is_told_once() -> None:
    slow = Happening(
        kind="slow stop", lap=5, last_lap=6, before=4, after=6, cars=("VER",),
        facts={"slow_s": 6.3},
    )  # fmt: skip
    (told,) = told_once([slow, cut("SAI", "VER", position=4), cut("HAM", "VER", position=3)])
    assert told.cars == ("HAM", "SAI", "VER")
    assert told.facts["slow_s"] == 6.3
    lead = Happening(
        kind="lead change", lap=5, last_lap=5, before=4, after=5, cars=("ALO", "VER"),
        facts={"cause": "pit", "for_good": True},
    )  # fmt: skip
    (told,) = told_once([slow, lead, cut("SAI", "VER", position=4)])
    assert (told.kind, told.facts["slow_s"]) == ("lead change", 6.3)
    assert len(told_once([slow, cut("SAI", "VER", position=4, loser_lap=9)])) == 2


def test_who_came_from_far_back_to_the_podium_is_told() -> None:
    names = [*FIELD, *(f"C{i:02}" for i in range(8))]
    cars = {car: laps_of(*[90] * 8, start=i) for i, car in enumerate(names)}
    grid = [*names[1:], "VER"]
    classified = [(car, i, 8, 720.0 + i) for i, car in enumerate(names, 1)]
    table = moments(race_of(cars, grid=grid, classified=classified), simulated=False)
    assert "VER won from P15 on the grid" in sentence(table, "from the grid")
