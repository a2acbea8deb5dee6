from __future__ import annotations

import signal

import numpy as np
import polars as pl
import pytest

import racecraft as rc
from racecraft.errors import ArgumentError, NotEnoughDataError, NotFoundError, UnreadableError
from racecraft.sim.lapwise.changes import (
    FirstLap,
    Flag,
    NoStop,
    Out,
    Place,
    StaysIn,
    Stop,
)  # fmt: skip
from racecraft.sim.lapwise.course import course, state_after
from racecraft.sim.lapwise.gamble import gamble
from racecraft.sim.lapwise.parameters import Figure, read_parameters, shipped_parameters
from racecraft.sim.lapwise.simulate import chances, prepared, simulate
from racecraft.sim.lapwise.what_if import what_if
from racecraft.sources.sample.sample import sample_race, sample_season
from racecraft.sources.sample.toy import toy_race

BRAZIL, MEXICO, SEASON = sample_race(20), sample_race(19), sample_season()


def test_the_state_after_a_lap_is_the_order_then() -> None:
    for lap in (5, 20, 45, 71):
        state = state_after(BRAZIL, lap)
        cars = [course(BRAZIL).cars[car] for car in state.order]
        assert cars == rc.order(BRAZIL, lap=lap)[:, 1].to_list()
        assert state.gap[state.order[0]] == 0
        assert (np.diff(state.gap[state.order]) >= 0).all()


def test_chances_add_up_and_end_with_the_result() -> None:
    table = chances(BRAZIL, seed=1, runs=200, season=SEASON)
    assert table["lap"].n_unique() == 72
    sums = table.group_by("lap").agg(pl.col("win", "podium", "expected_points").sum())
    assert np.allclose(sums["win"], 1)
    assert np.allclose(sums["podium"], 3)
    assert (sums["expected_points"] <= 101 + 1e-9).all()
    last = table.filter(lap=71).row(0, named=True)
    assert last["car"] == "VER"
    assert last["win"] > 0.95
    for place in table.filter(lap=30)["places"]:
        assert sum(place) == pytest.approx(1)


def test_one_lap_of_all_is_that_lap_alone() -> None:
    every = chances(BRAZIL, seed=4, runs=100, season=SEASON)
    assert every.filter(lap=33).equals(chances(BRAZIL, 33, seed=4, runs=100, season=SEASON))


def test_the_same_seed_gives_the_same_runs_with_any_workers() -> None:
    one, two = (
        simulate(MEXICO, from_lap=20, runs=1500, seed=9, season=SEASON, workers=w) for w in (1, 2)
    )
    assert (one.finish == two.finish).all()
    other = simulate(MEXICO, from_lap=20, runs=1500, seed=10, season=SEASON)
    assert (one.finish != other.finish).any()


def _interrupts_after(count: int):
    def progress(what: str, done: int, of: int) -> None:
        del what
        if done >= count and done < of:
            signal.raise_signal(signal.SIGINT)

    return progress


@pytest.mark.parametrize("workers", [1, 2])
def test_stopped_by_ctrl_c_it_has_what_was_done(workers: int) -> None:
    asked = {"from_lap": 40, "seed": 9, "season": SEASON, "workers": workers}
    whole = simulate(MEXICO, runs=5000, **asked)
    cut = simulate(MEXICO, runs=5000, progress=_interrupts_after(3), **asked)
    assert cut.partial
    assert 0 < cut.runs < whole.runs
    assert (cut.finish == whole.finish[: cut.runs]).all()
    assert not whole.partial


def test_chances_stopped_by_ctrl_c_are_of_the_laps_done() -> None:
    cut = chances(BRAZIL, seed=1, runs=50, season=SEASON, progress=_interrupts_after(6))
    assert cut["lap"].unique().sort().to_list() == [0, 1, 2, 3, 4]
    with pytest.raises(KeyboardInterrupt):
        chances(BRAZIL, seed=1, runs=50, season=SEASON, progress=_interrupts_after(1))


def test_stops_as_run_are_those_of_the_race() -> None:
    runs = simulate(MEXICO, from_lap=60, runs=300, seed=1, season=SEASON, strategy="as_run")
    assert runs.chance("VER") > 0.9
    given = simulate(MEXICO, from_lap=40, runs=300, seed=1, strategy={"VER": [(50, "soft")]})
    assert given.notes


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"runs": 0}, "runs=0"),
        ({"seed": 1.5}, "whole number"),
        ({"seed": True}, "whole number"),
        ({"seed": -1}, "seed=-1"),
        ({"from_lap": 72}, "no lap 72"),
        ({"from_lap": -1}, "no lap -1"),
        ({"strategy": "fast"}, "no strategy"),
        ({"strategy": {"HAM": [(0, "soft")]}}, "no stop on lap 0"),
        ({"strategy": {"HAM": [(71, "soft")]}}, "no stop on lap 71"),
        ({"strategy": {"HAM": [(40, "purple")]}}, "no compound"),
        ({"workers": 0}, "workers=0"),
        ({"workers": "cloud"}, "neither a number"),
    ],
)
def test_what_no_race_could_have_is_one_error(asked: dict[str, object], message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        simulate(BRAZIL, **{"seed": 1, "runs": 10} | asked)


def test_a_driver_who_is_not_there() -> None:
    with pytest.raises(NotFoundError):
        simulate(BRAZIL, runs=10, seed=1).chance("SEN")
    with pytest.raises(ArgumentError):
        simulate(BRAZIL, runs=10, seed=1).chance("VER", position=21)


def test_a_race_without_laps_or_rivals_says_so() -> None:
    empty = BRAZIL.with_tables(crossings=BRAZIL.crossings.clear())
    with pytest.raises(NotEnoughDataError):
        simulate(empty, runs=10, seed=1)
    toy = toy_race()
    key = toy.entries.columns[0]
    alone = toy.with_tables(
        crossings=toy.crossings.filter(pl.col(key) == "HAM"),
        entries=toy.entries.filter(pl.col(key) == "HAM"),
    )
    with pytest.raises(NotEnoughDataError, match="one car"):
        simulate(alone, runs=10, seed=1)
    one_lap = toy.with_tables(crossings=toy.crossings.filter(lap=1))
    with pytest.raises(NotEnoughDataError, match="1 lap"):
        simulate(one_lap, runs=10, seed=1)


def test_a_small_race_can_be_simulated() -> None:
    runs = simulate(toy_race(), runs=50, seed=1)
    assert runs.finish.shape == (50, 3)
    assert "grid alone" in " ".join(runs.notes)


class TestWhatIf:
    def test_no_change_changes_nothing(self) -> None:
        twins = what_if(MEXICO, from_lap=31, runs=300, seed=2, season=SEASON)
        assert (twins.before.finish == twins.after.finish).all()
        assert twins.change("VER").change == 0

    def test_a_stop_too_many_costs(self) -> None:
        twins = what_if(
            BRAZIL, Stop("VER", 69, "soft"), from_lap=65, runs=500, seed=1, season=SEASON
        )
        lost = twins.change("VER")
        assert lost.change < -3 * lost.error
        assert not lost.within_noise
        assert twins.table()["car"][0] == "VER"

    def test_a_better_place_on_the_grid_is_worth_something(self) -> None:
        twins = what_if(MEXICO, Place("BOT", 1), runs=2000, seed=1, season=SEASON)
        assert twins.change("BOT", "place").change < 0

    def test_retirements_undone_and_made(self) -> None:
        back = what_if(MEXICO, StaysIn("PER"), from_lap=1, runs=300, seed=1, season=SEASON)
        assert back.change("PER", "place").change <= 0
        gone = what_if(MEXICO, Out("VER"), from_lap=20, runs=300, seed=1, season=SEASON)
        assert gone.after.chance("VER") == 0
        assert (np.sort(gone.after.finish, axis=1) == np.arange(1, 21)).all()

    def test_flags_stops_and_first_laps(self) -> None:
        green = what_if(MEXICO, Flag("green"), from_lap=31, runs=200, seed=1, season=SEASON)
        assert green.after.runs == 200
        risky = what_if(MEXICO, FirstLap("PER", 2.0, 0.5), runs=300, seed=1, season=SEASON)
        out = risky.after.table().filter(car="PER")["dnf"][0]
        assert out > 0.4
        never = what_if(BRAZIL, NoStop("HAM"), from_lap=40, runs=100, seed=1, season=SEASON)
        assert never.after.runs == 100

    @pytest.mark.parametrize(
        "change",
        [
            Stop("HAM", 0, "soft"), Stop("HAM", 71, "soft"), Stop("HAM", 50, "slick"),
            Flag("purple"), Flag("SC", 3, 4), Place("HAM", 0), FirstLap("HAM", 1.0, 0.1),
        ],
    )  # fmt: skip
    def test_changes_that_cannot_be_made(self, change: object) -> None:
        with pytest.raises(ArgumentError):
            what_if(BRAZIL, change, from_lap=10, runs=10, seed=1)

    def test_holding_a_place_or_going_for_the_lead(self) -> None:
        told = gamble(MEXICO, "PER", hold=5, go_for=1, runs=4000, seed=1, season=SEASON)
        assert 0.3 < told.break_even("points") < 1
        assert told.break_even("win") < told.break_even("points")
        assert told.break_even_error() < 0.05


class TestParameters:
    def test_every_figure_has_an_error_and_a_source(self) -> None:
        shipped = shipped_parameters()
        assert shipped.provenance["races"] > 80
        for name, figure in shipped.figures.items():
            assert np.isfinite(figure.value), name
            assert figure.error >= 0, name

    def test_a_file_comes_back_as_it_was(self, tmp_path) -> None:
        path = tmp_path / "mine.json"
        shipped_parameters().save(path)
        assert read_parameters(path).plain == shipped_parameters().plain
        assert read_parameters(path).mark == shipped_parameters().mark

    @pytest.mark.parametrize(
        ("old", "new", "message"),
        [
            ('"version": 5', '"version": 99', "version 99"),
            ('"races": 8', '"races": 9', "changed after"),
            ("{", "[", "holds no parameters"),
        ],
    )
    def test_files_of_others_are_refused(self, tmp_path, old: str, new: str, message: str) -> None:
        path = tmp_path / "mine.json"
        shipped_parameters().save(path)
        path.write_text(path.read_text().replace(old, new, 1))
        with pytest.raises(UnreadableError, match=message):
            read_parameters(path)
        with pytest.raises(UnreadableError, match="cannot be read"):
            read_parameters(tmp_path / "nowhere.json")

    def test_a_circuit_that_nobody_fitted_is_an_average_one(self) -> None:
        shipped = shipped_parameters()
        assert shipped.figure("pit_loss", "Nowhere") == shipped.figures["pit_loss"]
        assert isinstance(shipped.figure("pit_loss", "Circuit de Monaco"), Figure)


def test_the_speed_of_a_race_does_not_depend_on_later_laps() -> None:
    whole = prepared(BRAZIL, season=SEASON)
    cut = BRAZIL.with_tables(crossings=BRAZIL.crossings.filter(pl.col("lap") <= 40))
    half = prepared(cut, season=SEASON)
    cars = [half.run.cars.index(car) for car in whole.run.cars]
    assert np.allclose(whole.pace.mean[30], half.pace.mean[30][cars])
