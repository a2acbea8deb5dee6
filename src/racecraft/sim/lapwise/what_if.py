"""The same race twice, with one thing changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from racecraft.model.shown import Shown
from racecraft.model.table import Column, Table
from racecraft.sim.executor import executor
from racecraft.sim.lapwise.runs import measured, swing
from racecraft.sim.lapwise.simulate import (
    RUNS,
    check_lap,
    check_runs,
    prepared,
    run_world,
    with_strategy,
)
from racecraft.sim.lapwise.title_runs import title_race

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from racecraft.model.race import Race
    from racecraft.model.season import Season
    from racecraft.sim.executor import Executor, Workers
    from racecraft.sim.lapwise.changes import Change
    from racecraft.sim.lapwise.parameters import Parameters
    from racecraft.sim.lapwise.runs import Runs, Swing
    from racecraft.sim.lapwise.simulate import Progress, Strategy
    from racecraft.sim.lapwise.start_from import Simulated
    from racecraft.sim.lapwise.title_runs import TitleRace
    from racecraft.sim.lapwise.world import World

TWINS = Table(
    "twins",
    key=("car",),
    columns=(
        Column("car", pl.String, "car: in Formula One the code of its driver"),
        Column("win_before", pl.Float64, "chance to win without the change"),
        Column("win_after", pl.Float64, "and with it"),
        Column("win_change", pl.Float64, "difference over the same runs"),
        Column("win_error", pl.Float64, "standard error of the difference"),
        Column("points_before", pl.Float64, "points to be expected without the change"),
        Column("points_after", pl.Float64, "and with it"),
        Column("points_change", pl.Float64, "difference over the same runs"),
        Column("points_error", pl.Float64, "standard error of the difference"),
        Column("places_change", pl.Float64, "change of the expected place; negative is better"),
        Column("places_error", pl.Float64, "standard error of the difference"),
        Column("title_place", pl.Int16, "best place in the championship that is open to the driver "
               "before the race: 1 is the title; null where it is not known"),
        Column("title_before", pl.Float64, "chance of that place at the end of the season"),
        Column("title_after", pl.Float64, "and with the change"),
        Column("title_change", pl.Float64, "difference over the same runs"),
        Column("title_error", pl.Float64, "standard error of the difference"),
    ),
)  # fmt: skip


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Twins(Shown):
    """One race with and without a change: the same seed, run by run."""

    before: Runs
    after: Runs

    def change(self, car: str, what: str = "points") -> Swing:
        """Change of a measure of `racecraft.sim.lapwise.runs.measured`, with its error."""
        return swing(self.before, self.after, car, what)

    def table(self) -> pl.DataFrame:
        """``TWINS``: those first for whom most changes."""
        rows = []
        for car in self.before.cars:
            win, points, place = (self.change(car, what) for what in ("win", "points", "place"))
            rows.append(
                self._title(car)
                | {
                    "car": car,
                    "win_before": self.before.chance(car),
                    "win_after": self.after.chance(car),
                    "win_change": win.change,
                    "win_error": win.error,
                    "points_before": float(measured(self.before, car, "points").mean()),
                    "points_after": float(measured(self.after, car, "points").mean()),
                    "points_change": points.change,
                    "points_error": points.error,
                    "places_change": place.change,
                    "places_error": place.error,
                }
            )
        most = pl.col("points_change").abs() + pl.col("places_change").abs() / 100
        return TWINS.rows(rows).sort(most, descending=True)

    def _title(self, car: str) -> dict[str, float | None]:
        before, after = (measured(runs, car, "title") for runs in (self.before, self.after))
        if self.before.title is None or np.isnan(before).any():
            return {}
        change = self.change(car, "title")
        return {
            "title_place": self.before.title.open[car],
            "title_before": float(before.mean()),
            "title_after": float(after.mean()),
            "title_change": change.change,
            "title_error": change.error,
        }

    def _sentences(self) -> Iterator[tuple[str, str]]:
        runs = self.before
        yield "runs", f"{runs.runs} runs from lap {runs.lap} of {runs.laps}, with and without"

    def _tables(self) -> Iterator[tuple[str, pl.DataFrame]]:
        yield "difference", self.table()


def what_if(
    race: Race,
    *changes: Change,
    from_lap: int = 0,
    runs: int = RUNS,
    seed: int,
    season: Season | None = None,
    history: Sequence[Season] = (),
    strategy: Strategy = "policy",
    parameters: Parameters | None = None,
    workers: Workers = None,
    progress: Progress | None = None,
) -> Twins:
    """A race twice from one lap: as it was then, and with changes.

    Parameters
    ----------
    changes
        Of `racecraft.sim.lapwise.changes`: `Stop`, `Earlier`, `OtherTyres`, `NoStop`, `Flag`,
        `Place`, `FirstLap`, `StaysIn` or `Out`.
    race, from_lap, runs, seed, season, history, strategy, parameters, workers, progress
        As in `racecraft.simulate`. With a `season` the change of the title is told, too.

    Raises
    ------
    ArgumentError
        A change that cannot be made from that lap.

    Notes
    -----
    Chance is drawn by run, lap and car, so that everything the change does not touch stays as it
    was: the difference is the change.

    Examples
    --------
    >>> from racecraft.sim.lapwise.changes import Stop
    >>> from racecraft.sources.sample.sample import sample_race
    >>> twins = what_if(sample_race(20), Stop("HAM", 40, "soft"), from_lap=35, runs=200, seed=7)
    >>> twins.before.runs == twins.after.runs
    True
    """
    check_runs(runs, seed)
    ready = prepared(race, season=season, history=history, parameters=parameters)
    world = with_strategy(ready, ready.world(check_lap(ready, from_lap)), strategy)
    other = world
    for change in changes:
        other = change.apply(ready, other)
    with executor(workers, compiled=True) as pool:
        return twins_of(
            ready, world, other, runs=runs, seed=seed, pool=pool,
            title=title_race(race, season, history), progress=progress,
        )  # fmt: skip


def twins_of(
    ready: Simulated,
    world: World,
    other: World,
    *,
    runs: int,
    seed: int,
    pool: Executor | None = None,
    title: TitleRace | None = None,
    progress: Progress | None = None,
) -> Twins:
    """Two worlds of a race made ready, run with the same seed."""
    before, after = (
        run_world(ready, one, runs=runs, seed=seed, pool=pool, progress=progress)
        for one in (world, other)
    )
    if title is not None:
        before, after = title.with_title(before), title.with_title(after)
    return Twins(before=before, after=after)
