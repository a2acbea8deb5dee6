"""What a change does to the championship, and races without one thing that happened."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from racecraft.cli.main import app
from racecraft.errors import ArgumentError
from racecraft.sim.lapwise.changes import Earlier, FirstLap, OtherTyres, Out
from racecraft.sim.lapwise.counterfactual import (
    neutralisations,
    retired_after,
    without_flag,
    without_retirement,
)
from racecraft.sim.lapwise.gamble import gamble
from racecraft.sim.lapwise.runs import measured
from racecraft.sim.lapwise.simulate import prepared, simulate
from racecraft.sim.lapwise.title_runs import title_race
from racecraft.sim.lapwise.what_if import what_if
from racecraft.sim.odds import odds
from racecraft.sources.sample.sample import sample_race, sample_season

if TYPE_CHECKING:
    from click.testing import Result

BRAZIL, MEXICO, SEASON = sample_race(20), sample_race(19), sample_season()
WORTH = {"runs": 2000, "seed": 3, "season": SEASON}


WRONG_USAGE = 2  # exit status


def whatif(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["whatif", *arguments], terminal_width=200)


def test_places_in_the_championship_are_those_of_its_odds() -> None:
    title = title_race(MEXICO, SEASON)
    assert title is not None
    assert title.open["PER"] == 2  # Verstappen is champion already
    runs = title.with_title(simulate(MEXICO, **WORTH))
    mine = measured(runs, "PER", "title").mean()
    told = odds(SEASON, after=18, seed=3, runs=20_000).filter(driver="PER")["places"][0]
    assert mine == pytest.approx(told[0] + told[1], abs=0.1)


def test_a_title_that_is_open_hangs_on_the_race() -> None:
    early = pl.col("event").is_in(SEASON.events.sort("round")["event"][:11].to_list())
    swapped = pl.col("driver").replace({"VER": "PER", "PER": "VER"})
    results = SEASON.results.with_columns(driver=pl.when(early).then(swapped).otherwise("driver"))
    level = replace(SEASON, results=results)  # he is level with Verstappen then
    twins = what_if(MEXICO, Out("PER"), **WORTH | {"season": level})
    row = twins.table().filter(car="PER").row(0, named=True)
    assert row["title_place"] == 1
    assert row["title_change"] < -3 * row["title_error"] < 0
    assert row["title_after"] == pytest.approx(row["title_before"] + row["title_change"])


def test_a_change_that_is_none_leaves_the_title_alone() -> None:
    twins = what_if(MEXICO, from_lap=31, **WORTH)
    assert twins.change("PER", "title") == (0.0, 0.0)


def test_without_a_season_nothing_is_said_of_the_title() -> None:
    twins = what_if(MEXICO, Out("HAM"), runs=200, seed=1)
    assert twins.table()["title_change"].null_count() == len(twins.before.cars)
    assert np.isnan(twins.change("PER", "title").change)
    assert title_race(replace(MEXICO, event="nowhere"), SEASON) is None


def test_a_gamble_has_a_break_even_for_the_championship() -> None:
    told = gamble(MEXICO, "PER", hold=5, go_for=1, **WORTH)
    assert told.break_even("points") < told.break_even("title") < 1
    unknown = gamble(MEXICO, "PER", hold=5, go_for=1, runs=200, seed=1)
    assert unknown.break_even("title") is None


def test_stops_as_run_can_come_earlier_or_be_for_other_tyres() -> None:
    ready = prepared(BRAZIL, season=SEASON)
    made = [lap + 1 for lap in np.flatnonzero(ready.run.stopped[:, ready.run.cars.index("NOR")])]
    lap = next(lap for lap in made if lap > 20)
    asked = {"from_lap": 20, "strategy": "as_run", **WORTH}
    early = what_if(BRAZIL, Earlier("NOR", lap - 22), **asked)
    assert abs(early.change("NOR").change) > 0
    hard = what_if(BRAZIL, OtherTyres("NOR", "hard"), **asked)
    assert (hard.before.finish != hard.after.finish).any()
    for change in (Earlier("NOR", 60), OtherTyres("NOR", "purple")):
        with pytest.raises(ArgumentError):
            what_if(BRAZIL, change, **asked)
    with pytest.raises(ArgumentError, match="no stop to come"):
        what_if(BRAZIL, Earlier("NOR", 1), from_lap=20, **WORTH)


def test_a_race_without_its_red_flag() -> None:
    ready = prepared(MEXICO, season=SEASON)
    flags = neutralisations(ready.run)
    assert any("red" in one.states and one.first <= 33 <= one.last for one in flags)
    twins = without_flag(ready, 33, runs=1000, seed=1)
    assert twins.before.lap == flags[-1].first - 1
    better = twins.change("VER", "win")  # he led, and lost his lead and his tyres
    assert better.change > 2 * better.error
    with pytest.raises(ArgumentError, match="no flag on lap 60"):
        without_flag(ready, 60, runs=10, seed=1)


def test_a_race_without_a_retirement() -> None:
    ready = prepared(MEXICO, season=SEASON)
    assert retired_after(ready.run, "PER") == 1
    twins = without_retirement(ready, "PER", runs=500, seed=1)
    assert twins.before.table().filter(car="PER")["expected_points"][0] == 0
    assert twins.change("PER", "place").change < -5
    with pytest.raises(ArgumentError, match="did not drop out"):
        without_retirement(ready, "VER", runs=10, seed=1)


def test_the_command_says_what_it_does_to_the_championship() -> None:
    said = whatif("2023", "mexico", "--driver", "PER", "--hold", "5", "--runs", "2000")
    assert "for 2nd in the championship" in " ".join(said.output.split())
    said = whatif("2023", "mexico", "--undo-retirement", "PER", "--runs", "2000")
    assert "2nd in the championship, at best: Pérez from" in said.output
    said = whatif("2023", "brazil", "--from-lap", "20", "--earlier", "NOR:3", "--runs", "500",
                  "--format", "json")  # fmt: skip
    told = json.loads(said.output)
    assert told["change"] == "NOR makes its next stop 3 laps earlier"
    assert {"title_change", "title_error", "places_change"} <= set(told["cars"][0])
    said = whatif("2023", "mexico", "--without-flag", "33", "--runs", "500")
    assert said.exit_code == 0


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (("--first-lap", "PER:x:1"), "two numbers"),
        (("--earlier", "PER"), "expected CAR:LAPS"),
    ],
)
def test_changes_that_are_mistyped(asked: tuple[str, ...], message: str) -> None:
    said = whatif("2023", "mexico", *asked)
    assert isinstance(said.exception, ArgumentError)
    assert message in said.exception.message
    assert said.exception.hint


def test_first_laps_by_command() -> None:
    said = whatif("2023", "mexico", "--first-lap", "PER:1.5:0.4", "--runs", "300")
    assert "goes out with a chance of 0.4" in " ".join(said.output.split())
    assert FirstLap("PER", 1.5, 0.4).out == 0.4


@pytest.mark.parametrize(
    "asked", [("--without-flag", "33", "--out", "PER"), ("--driver", "PER"), ()]
)
def test_options_that_do_not_go_together_are_wrong_usage(asked: tuple[str, ...]) -> None:
    assert whatif("2023", "mexico", *asked).exit_code == WRONG_USAGE
