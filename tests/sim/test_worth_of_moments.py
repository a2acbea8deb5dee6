"""Whose chance the sentence of a moment gives, and what it says of the race without a flag."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from own_race import laps_of, race_of
from racecraft.sim.moments.counterfactual import with_counterfactuals
from racecraft.sim.moments.happening import Happening
from racecraft.sim.moments.moments import weighed
from racecraft.sim.moments.outlook import Outlook, by_formula
from racecraft.sim.moments.worth import whose
from racecraft.sources.livetiming import archive

if TYPE_CHECKING:
    from pathlib import Path

CARS = ("VER", "HAM", "ALO")


def happened(kind: str, *cars: str, **facts: object) -> Happening:
    return Happening(kind=kind, lap=3, last_lap=4, before=2, after=4, cars=cars, facts=facts)


@pytest.mark.parametrize(
    ("one", "chance", "car"),
    [
        (happened("lead change", "HAM", "VER"), {"HAM": (0.5, 0.1), "VER": (0.3, 0.8)}, None),
        (happened("lead change", "HAM", "VER"), {"HAM": (0.1, 0.2), "VER": (0.8, 0.3)}, "HAM"),
        (happened("lead change", "HAM", "VER"), {"HAM": (0.4, 0.1), "VER": (0.8, 0.3)}, "VER"),
        (
            happened("lead change", "HAM", "VER", cause="retirement"),
            {"HAM": (0.1, 0.6), "VER": (0.9, 0.0)},
            "VER",
        ),
        (happened("retirement", "VER", "HAM"), {"VER": (0.2, 0.0), "HAM": (0.1, 0.6)}, "VER"),
        (happened("penalty", "VER", "HAM"), {"VER": (1.0, 0.0), "HAM": (0.0, 1.0)}, "VER"),
        (happened("safety car"), {"VER": (0.9, 0.5), "HAM": (0.1, 0.2)}, "VER"),
        (
            happened("start", moves={"VER": (1, 2), "HAM": (3, 3)}),
            {"VER": (0.3, 0.5), "HAM": (0.2, 0.25)},
            "HAM",
        ),
    ],
)
def test_a_sentence_gives_a_chance_that_moved_as_it_says(
    one: Happening, chance: dict[str, tuple[float, float]], car: str | None
) -> None:
    assert whose(one, list(chance), chance, 0.03) == car


class _Twins:
    """Chances with a flag and without it, as two worlds would have them."""

    def __init__(self, had: dict[str, float], otherwise: dict[str, float]) -> None:
        self.after, self.before = _World(had), _World(otherwise)

    def change(self, car: str, what: str) -> object:
        class Change:
            error = 0.01

        assert what == "win"
        return Change


class _World:
    def __init__(self, chances: dict[str, float]) -> None:
        self.cars, self.chances = list(chances), chances

    def chance(self, car: str) -> float:
        return self.chances[car]


class _Ready:
    """Stands in for a race made ready to be simulated."""

    def world(self, lap: int) -> object:
        assert lap == 4

        class World:
            laps = 10

        return World


@pytest.mark.parametrize(
    ("had", "otherwise", "told"),
    [
        ((0.2, 0.7, 0.1), (0.6, 0.3, 0.1), "HAM wins 70% of races with it and 30% without it"),
        ((0.5, 0.2, 0.3), (0.2, 0.6, 0.2), None),  # what happened moved the other way
        ((0.5, 0.5, 0.0), (0.49, 0.51, 0.0), None),  # within the error
    ],
)
def test_a_flag_is_told_against_the_race_without_it_where_both_say_the_same(
    monkeypatch: pytest.MonkeyPatch,
    had: tuple[float, ...],
    otherwise: tuple[float, ...],
    told: str | None,
) -> None:
    twins = _Twins(dict(zip(CARS, had, strict=True)), dict(zip(CARS, otherwise, strict=True)))
    monkeypatch.setattr("racecraft.sim.lapwise.what_if.twins_of", lambda *_, **__: twins)
    monkeypatch.setattr("racecraft.sim.lapwise.changes.Flag.apply", lambda *_: None)
    sentence = _with_a_safety_car((0.7, 0.2, 0.1), (0.2, 0.75, 0.05))["sentence"]
    assert "HAM's chance to win 20% to 75%" in sentence
    assert (told in sentence) if told else ("Simulated" not in sentence)


def test_who_is_out_when_the_flag_ends_has_no_race_without_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    twins = _Twins(dict(zip(CARS, (0.0, 0.7, 0.3), strict=True)), dict.fromkeys(CARS, 1 / 3))
    monkeypatch.setattr("racecraft.sim.lapwise.what_if.twins_of", lambda *_, **__: twins)
    monkeypatch.setattr("racecraft.sim.lapwise.changes.Flag.apply", lambda *_: None)
    row = _with_a_safety_car((0.9, 0.1, 0.0), (0.0, 0.3, 0.7), out="VER")
    assert row["counterfactual_car"] != "VER"
    assert "VER wins" not in row["sentence"]


def _with_a_safety_car(
    before: tuple[float, ...], after: tuple[float, ...], out: str = ""
) -> dict[str, object]:
    """A race with a safety car on laps 5 to 7, its row of ``MOMENTS`` with its counterfactual."""
    cars = {car: laps_of(*[90] * (5 if car == out else 10), start=i) for i, car in enumerate(CARS)}
    race = race_of(cars, control=[("SC", 400, 560)])
    win = np.vstack([np.tile(before, (5, 1)), np.tile(after, (7, 1))])
    outlook = Outlook(
        cars=CARS, win=win, podium=win, points=win * 25, title=None, error=np.zeros_like(win),
        basis="simulated",
    )  # fmt: skip
    found = [Happening(kind="safety car", lap=5, last_lap=7, before=4, after=7)]
    table = weighed(race, outlook, found)
    told = with_counterfactuals(race, _Ready(), outlook, table, found, runs=1, seed=1)  # type: ignore[arg-type]
    return told.filter(kind="safety car").row(0, named=True)


def test_nobody_need_stop_in_a_sprint_under_way(shared: Path) -> None:
    """Who has new tyres when most have not leads no sprint, be it short of half its laps."""
    [folder] = (shared / "data" / "livetiming").glob("*Azerbaijan*Sprint")
    race = archive.parse(archive.fetch(folder))
    early = race.with_tables(crossings=race.crossings.filter(pl.col("lap") <= 8))
    outlook = by_formula(early, distance=17)
    assert outlook.win[:, outlook.cars.index("OCO")].max() < 0.01  # last, on the tyres of lap 3
    assert outlook.win[8, outlook.cars.index("PER")] > 0.3
