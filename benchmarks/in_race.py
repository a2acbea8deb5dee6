"""In-race chances, walk-forward: each season seen by parameters of those before it, with baselines.

`--season` and `--laps` score another season from a laps file of its own: fitted on all that came
before it. `--picture FILE` draws how often what was given a chance came (extra ``plots``).
"""

from __future__ import annotations

import argparse
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from harness import Mark, shared, show, stored_laps
from rich.console import Console
from rich.table import Table

from racecraft.model.folding import fold
from racecraft.sim.executor import Here
from racecraft.sim.lapwise.course import course
from racecraft.sim.lapwise.evidence import LEAST_LAPS
from racecraft.sim.lapwise.fit_races import fit_races
from racecraft.sim.lapwise.regress import logit
from racecraft.sim.lapwise.simulate import prepared, run_world

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from racecraft.model.race import Race
    from racecraft.sim.lapwise.parameters import Parameters
    from racecraft.sim.lapwise.runs import Runs
    from racecraft.store.store import Store

    Floats = NDArray[np.float64]

STAGES = (0.1, 0.25, 0.5, 0.75, 0.9)
TESTED = (2019, 2021, 2022)
LAPS = (2018, *TESTED)
TO_REACH = (1.10, 1.00, 0.80, 0.65, 0.38)  # winner's log loss
PODIUM_BY_POSITION = 0.8  # of the podium Brier score by position, at most
MOST_MISCALIBRATED = 0.03
RUNS, SEED = 4000, 1
LEADS = 0.97  # chance of the leader in the simplest baseline
CONSIDERED = 24  # places
HALF_A_RUN = 0.5


@dataclass(frozen=True, eq=False)
class Case:
    """A race at a stage: what was known then by car, and what came."""

    season: int
    race: str
    stage: float
    position: NDArray[np.int64]  # from 0; -1 for a car that is out
    gap: Floats
    left: int
    grid: Floats
    finish: NDArray[np.int64]  # from 1; 99 for a car that is not in the result
    win: Floats
    podium: Floats


def cases(race: Race, store: Store, parameters: Parameters | None, runs: int) -> list[Case]:
    """A race at every stage; without parameters what was known then, and no chances."""
    seasons = set(store.seasons())
    before = [store.load_season(y) for y in range(race.season - 3, race.season) if y in seasons]
    own = store.load_season(race.season) if race.season in seasons else None
    ready = prepared(race, season=own, history=before, parameters=parameters)
    cars = ready.run.cars
    listed = race.classification.sort("order")["car"].to_list()
    finish = np.array([listed.index(car) + 1 if car in listed else 99 for car in cars])
    found = []
    for stage in STAGES:
        lap = max(int(np.ceil(stage * ready.run.laps)), 1)
        world = ready.world(lap)
        position = np.full(len(cars), -1)
        position[world.order] = np.arange(len(world.order))
        win = podium = np.zeros(len(cars))
        if parameters is not None:
            win, podium = _read(run_world(ready, world, runs=runs, seed=SEED, pool=Here(2)))
        gap = np.where(position >= 0, world.cars[:, 0], np.nan)
        grid = np.nan_to_num(ready.known.grid, nan=1.0)
        left = ready.run.laps - lap
        found.append(
            Case(race.season, race.name, stage, position, gap, left, grid, finish, win, podium)
        )
    return found


def _read(done: Runs) -> tuple[Floats, Floats]:
    win = done.runs * done.mean(done.finish == 1) + HALF_A_RUN
    podium = (done.runs * done.mean(done.finish <= 3) + HALF_A_RUN) / (done.runs + 2 * HALF_A_RUN)
    return win / win.sum(), podium


def by_position(past: Sequence[Case], stage: float, within: int) -> Floats:
    """Share of cars in each place at a stage that came home within so many places."""
    hits, seen = np.full(CONSIDERED, 0.02), np.full(CONSIDERED, 0.4)
    for one in past:
        if one.stage == stage:
            running = one.position >= 0
            np.add.at(seen, one.position[running], 1)
            np.add.at(hits, one.position[running], one.finish[running] <= within)
    return hits / seen


def features(one: Case) -> Floats:
    """Position, gap, laps left and grid, as a conditional logit takes them."""
    position = np.maximum(one.position, 0)
    gap = np.nan_to_num(one.gap, nan=200.0)
    slow = gap / np.maximum(one.left, 1)
    columns = [
        position == 0, np.log1p(position), np.minimum(gap, 60) / 20, np.minimum(slow, 3),
        one.grid * 2, one.grid * one.left / 60,
    ]  # fmt: skip
    return np.stack(columns, axis=1).astype(float)


def conditional_logit(past: Sequence[Case]) -> Floats:
    """Coefficients that make the winners of races most likely."""
    found = np.zeros(6)
    data = [(features(one)[one.position >= 0], one.finish[one.position >= 0] == 1) for one in past]
    data = [(x, y) for x, y in data if y.any()]
    for _ in range(60):
        gradient, curvature = -0.5 * found, 0.5 * np.eye(6)
        for x, won in data:
            p = _softmax(x @ found)
            gradient += x[won][0] - p @ x
            curvature += x.T @ (x * p[:, None]) - np.outer(p @ x, p @ x)
        found = found + np.clip(np.linalg.solve(curvature, gradient), -1, 1)
    return found


def _softmax(scores: Floats) -> Floats:
    weight = np.exp(scores - scores.max())
    return weight / weight.sum()


@dataclass(frozen=True, eq=False)
class Scored:
    """Winner's log loss and podium Brier score of one case, by model."""

    loss: dict[str, float]
    brier: dict[str, float]


def scored(one: Case, past: Sequence[Case], weights: Floats, podium_line: Floats) -> Scored:
    running = one.position >= 0
    winner = int(np.argmin(one.finish))
    first = by_position(past, one.stage, 1)
    place = np.maximum(one.position, 0)
    floor = 1e-4
    leader = np.where(place == 0, LEADS, (1 - LEADS) / max(running.sum() - 1, 1))
    models = {
        "simulator": one.win,
        "leader": np.where(running, leader, floor),
        "position": np.where(running, first[place], floor),
        "logit": np.where(running, np.exp(np.clip(features(one) @ weights, -40, 40)), 0.0),
    }
    models["logit"] = models["logit"] / models["logit"].sum()
    models["position"] = models["position"] / models["position"].sum()
    counted = one.finish < 99
    came = (one.finish <= 3)[counted]
    of_three = np.where(running, by_position(past, one.stage, 3)[place], 0.002)
    line = 1 / (1 + np.exp(-(np.c_[np.ones(len(place)), features(one)] @ podium_line)))
    podium = {
        "simulator": one.podium,
        "position": of_three,
        "logit": np.where(running, line, 0.002),
    }
    return Scored(
        {name: -float(np.log(max(p[winner], floor))) for name, p in models.items()},
        {name: float(np.mean((p[counted] - came) ** 2)) for name, p in podium.items()},
    )


def calibration(chance: Floats, came: NDArray[np.bool_]) -> tuple[float, list[tuple[float, ...]]]:
    """Expected calibration error in ten bins, and the bins: chance, share, cars."""
    error, bins = 0.0, []
    for low in np.arange(10) / 10:
        here = (chance >= low) & (chance < low + 0.1 + (low > 0.85))
        if here.any():
            error += abs(chance[here].mean() - came[here].mean()) * here.mean()
            bins.append((chance[here].mean(), came[here].mean(), here.sum()))
    return float(error), bins


def main() -> int:
    warnings.simplefilter("ignore")
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--laps", type=Path, help="laps file of another season")
    told.add_argument("--season", type=int, help="its year")
    told.add_argument("--runs", type=int, default=RUNS)
    told.add_argument("--picture", type=Path, help="where the reliability diagram goes")
    asked = told.parse_args()
    if shared() is None:
        print("public data files absent")
        return 0
    with stored_laps(asked.season, asked.laps) as store:
        tested = TESTED if asked.season is None else (asked.season,)
        return report(store, tested, asked.runs, asked.picture)


def report(store: Store, tested: Sequence[int], runs: int, picture: Path | None = None) -> int:
    seasons = {year: store.load_season(year) for year in store.seasons()}
    years = {*LAPS, *tested}
    races = [race for race in store.load_races(session="race") if race.season in years]
    everything: list[tuple[Case, Scored]] = []
    for year in tested:
        before = [race for race in races if race.season < year]
        parameters = fit_races(before, seasons)
        past = [one for race in before for one in cases(race, store, None, runs)]
        line = {s: _podium_line([one for one in past if one.stage == s]) for s in STAGES}
        weights = {s: conditional_logit([one for one in past if one.stage == s]) for s in STAGES}
        now = [
            one
            for race in races
            if race.season == year and course(race).laps >= LEAST_LAPS
            for one in cases(race, store, parameters, runs)
        ]
        everything += [(one, scored(one, past, weights[one.stage], line[one.stage])) for one in now]
        print(f"{year}: {len(now) // len(STAGES)} races, fitted on {len(before)}", flush=True)
    if picture is not None:
        draw(everything, picture)
    return show(_tables(everything))


def _podium_line(past: Sequence[Case]) -> Floats:
    rows = [np.c_[np.ones(len(one.position)), features(one)][one.position >= 0] for one in past]
    came = [one.finish[one.position >= 0] <= 3 for one in past]
    found = logit(np.concatenate(rows), np.concatenate(came).astype(float), np.full(7, 0.5))
    return found.coefficients


def _tables(everything: Sequence[tuple[Case, Scored]]) -> list[Mark]:
    marks = []
    table = Table(box=None, header_style="bold")
    for column in (
        "done", "races", "winner: simulator", "leader", "position", "logit", "against logit",
        "podium: simulator", "position", "logit", "against position",
    ):  # fmt: skip
        table.add_column(column, justify="right")
    for stage, limit in zip(STAGES, TO_REACH, strict=True):
        here = [(one, s) for one, s in everything if one.stage == stage]
        loss = {n: np.array([s.loss[n] for _, s in here]) for n in here[0][1].loss}
        brier = {n: np.array([s.brier[n] for _, s in here]) for n in here[0][1].brier}
        better = loss["simulator"] - loss["logit"]
        closer = brier["simulator"] - brier["position"]
        table.add_row(
            f"{stage:.0%}", str(len(here)), _with_error(loss["simulator"], 3),
            *(f"{loss[n].mean():.3f}" for n in ("leader", "position", "logit")),
            _with_error(better, 3), f"{brier['simulator'].mean():.4f}",
            *(f"{brier[n].mean():.4f}" for n in ("position", "logit")), _with_error(closer, 4),
        )  # fmt: skip
        marks.append(
            Mark(f"winner log loss, {stage:.0%} done", tuple(_one(loss["simulator"])), "nats",
                 limit=limit, note=f"logit {loss['logit'].mean():.3f}, paired "
                 f"{_with_error(better, 3)}")
        )  # fmt: skip
        marks.append(
            Mark(f"podium Brier, {stage:.0%} done", tuple(_one(brier["simulator"])), "",
                 limit=round(PODIUM_BY_POSITION * float(brier["position"].mean()), 5),
                 note=f"position {brier['position'].mean():.4f}, paired "
                 f"{_with_error(closer, 4)}")
        )  # fmt: skip
    Console(width=170).print(table)
    for name, p, came in said_and_came(everything):
        error, bins = calibration(p, came)
        print(f"reliability of {name}: chance, share, cars")
        print("  " + "  ".join(f"{a:.2f}:{b:.2f} ({int(n)})" for a, b, n in bins))
        marks.append(
            Mark(f"calibration error, {name}", (round(error, 4),), "", limit=MOST_MISCALIBRATED)
        )
    worst = sorted(everything, key=lambda pair: -pair[1].loss["simulator"])[:8]
    print("most surprised by: " + "; ".join(
        f"{fold(one.race)} {one.season} at {one.stage:.0%} ({s.loss['simulator']:.1f})"
        for one, s in worst
    ))  # fmt: skip
    return marks


def said_and_came(
    everything: Sequence[tuple[Case, Scored]],
) -> list[tuple[str, Floats, NDArray[np.bool_]]]:
    """Chances of all cars at all stages, and whether they came true."""
    return [
        (
            name,
            np.concatenate([getattr(one, name) for one, _ in everything]),
            np.concatenate([one.finish <= within for one, _ in everything]),
        )
        for name, within in (("win", 1), ("podium", 3))
    ]


def draw(everything: Sequence[tuple[Case, Scored]], picture: Path) -> None:
    """Share of cars that did it against the chance they were given; bars of two standard errors."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 4.5), layout="constrained")
    titles = {"win": "Win", "podium": "Podium"}
    for axes, (name, p, came) in zip(
        figure.subplots(1, 2, sharey=True), said_and_came(everything), strict=True
    ):
        error, bins = calibration(p, came)
        said, share, cars = np.array(bins).T
        spread = 2 * np.sqrt(np.maximum(share * (1 - share), 0.25 / cars) / cars)
        low, high = np.minimum(spread, share), np.minimum(spread, 1 - share)
        axes.plot([0, 1], [0, 1], color="0.7", linewidth=1)
        axes.errorbar(said, share, (low, high), fmt="o-", color="#1f5fa8", capsize=3)
        for x, y, count in zip(said, share, cars, strict=True):
            axes.annotate(f"{int(count)}", (x, y), (6, -12), textcoords="offset points",
                          fontsize=8, color="0.4")  # fmt: skip
        axes.set(xlabel="chance given", xlim=(-0.02, 1.02), ylim=(-0.02, 1.02),
                 title=f"{titles[name]}: calibration error {error:.3f}")  # fmt: skip
        axes.spines[["top", "right"]].set_visible(False)
    figure.axes[0].set_ylabel("share of them that did")
    figure.savefig(picture, dpi=130)


def _one(values: Floats) -> list[float]:
    return [round(float(values.mean()), 4)]


def _with_error(values: Floats, digits: int) -> str:
    error = values.std(ddof=1) / np.sqrt(len(values)) if len(values) > 1 else 0.0
    return f"{values.mean():.{digits}f} ± {error:.{digits}f}"


if __name__ == "__main__":
    sys.exit(main())
