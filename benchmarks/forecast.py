"""Forecasts of races before they start, walk-forward, beside simpler models; and their speed.

With a path as its argument, the scores of every race are written there.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from harness import Mark, show
from rich.console import Console
from rich.table import Table

import racecraft as rc
from racecraft.sim.attrition import attrition
from racecraft.sim.prerace.field import fields
from racecraft.sim.prerace.outlook import Outlook
from racecraft.sim.prerace.placement import attrition_law, placements

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from racecraft.sim.prerace.field import Field

FIRST, LAST = 1990, 2025
FORECAST, CHECK = (2014, 2024), (2025, 2025)
MARKS = {"log loss of the winner": 1.20, "podium Brier per car": 0.062, "places RPS": 0.113}
SCORES = (
    "log loss of the winner", "podium Brier per car", "places RPS", "win Brier per car",
    "points Brier per car",
)  # fmt: skip
LEAST = 1e-9
EMPIRICAL_SEASONS, EMPIRICAL_BEFORE = 10, 0.5  # seasons; of a race in every place
BINS = (0.0, 0.01, 0.03, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 1.0)
CONSOLE = Console(width=170)
OURS, BEFORE = "racecraft", "racecraft, before qualifying"
GRID, ATTRITION, POOL = "grid only, empirical", "attrition: driver, car, grid", "mean of three"


@dataclass(frozen=True, eq=False)
class Scored:
    """One race with the placement chances of every model, cars in the order of the result."""

    race: Field
    chances: dict[str, np.ndarray] = field(default_factory=dict)

    def scores(self, model: str) -> np.ndarray:
        """As `SCORES`."""
        return scored(self.chances[model])


def main(page: Path | None) -> list[Mark]:
    races = [race for year in range(FIRST, LAST + 1) for race in fields(rc.load_season(year))]
    first = next(i for i, race in enumerate(races) if race.season == FORECAST[0])
    found = [Scored(race) for race in races[first:]]
    for name, model in (
        (OURS, racecraft("after")),
        (BEFORE, racecraft("before")),
        (GRID, grid_only),
        (ATTRITION, weighted_attrition(half_life=30.0)),
    ):
        _fill(found, name, model(races, first))
    qualified = weighted_attrition(half_life=30.0, with_gap=True)(races, first)
    apart = weighted_attrition(half_life=30.0, with_gap=True, finishers=True)(races, first)
    _fill(found, POOL, [np.mean(three, axis=0) for three in zip(
        (one.chances[GRID] for one in found), qualified, apart, strict=True)])  # fmt: skip
    for span in (FORECAST, CHECK):
        _compare([one for one in found if span[0] <= one.race.season <= span[1]], span)
    own = [one for one in found if one.race.season <= FORECAST[1]]
    _by_season(found)
    _reliability(own)
    _weaknesses(own)
    if page:
        _write(page, found)
    means = np.mean([one.scores(OURS) for one in own], axis=0)
    marks = [
        Mark(f"forecast after qualifying: {name}", (float(means[i]),), unit="", limit=MARKS[name])
        for i, name in enumerate(SCORES)
        if name in MARKS
    ]
    return [*marks, _speed()]


def scored(chances: np.ndarray) -> np.ndarray:
    """Scores of placement chances, cars in the order of the result; see `SCORES`."""
    cars = len(chances)
    place = np.arange(cars)
    came = place[:, None] <= place[None, :-1]
    rps = ((np.cumsum(chances, axis=1)[:, :-1] - came) ** 2).sum(axis=1).mean() / (cars - 1)

    def brier(paid: int) -> float:
        return float(((chances[:, :paid].sum(axis=1) - (place < paid)) ** 2).mean())

    winner = -np.log(max(chances[0, 0] / chances[:, 0].sum(), LEAST))
    return np.array([winner, brier(3), rps, brier(1), brier(10)])


def racecraft(moment: str) -> Callable[[Sequence[Field], int], list[np.ndarray]]:
    """Chances by racecraft, every race seen with what was learnt from those before it."""

    def chances(races: Sequence[Field], first: int) -> list[np.ndarray]:
        model, found = Outlook(moment), []
        for i, race in enumerate(races):
            seen = race if moment == "after" else race.before_qualifying()
            outset = model.knowledge.outset(seen)
            if i >= first:
                found.append(model.chances(outset).places[race.result.order])
            model.take_in(race, outset)
        return found

    return chances


def grid_only(races: Sequence[Field], first: int) -> list[np.ndarray]:
    """How often cars on a slot took each place in the ten seasons before."""
    found = []
    for i, race in enumerate(races[first:], start=first):
        counts = np.full((40, 40), EMPIRICAL_BEFORE)
        for past in races[:i]:
            if past.season >= race.season - EMPIRICAL_SEASONS:
                slots = past.slots[past.result.order].astype(int) - 1
                counts[slots, np.arange(past.cars)] += 1
        chances = counts[race.slots[race.result.order].astype(int) - 1, : race.cars]
        found.append(chances / chances.sum(axis=1, keepdims=True))
    return found


def weighted_attrition(
    *, half_life: float, with_gap: bool = False, finishers: bool = False
) -> Callable[[Sequence[Field], int], list[np.ndarray]]:
    """Attrition with an effect of each driver and car, the slot, and the gap in qualifying.

    Half-life and ridge are round numbers. With `finishers` those who dropped out have no say, and
    do so in the share of their team, shrunk to the field's.
    """

    def chances(races: Sequence[Field], first: int) -> list[np.ndarray]:
        found, start = [], {}
        for i in range(first, len(races)):
            past = races[max(0, i - int(4 * half_life)) : i]
            start = _effects(past, half_life, with_gap, finishers, start)
            race = races[i]
            strengths = np.array(
                [sum(start.get(k, 0.0) * v for k, v in car) for car in _cars(race, with_gap)]
            )
            retiring = _share(past, race) if finishers else np.zeros(race.cars)
            found.append(placements(strengths, retiring, attrition_law)[race.result.order])
        return found

    return chances


def _cars(race: Field, with_gap: bool) -> list[list[tuple[str, float]]]:
    gap = np.where(np.isnan(race.pace), np.nanmax(race.pace, initial=0.0), race.pace)
    gap = np.minimum(gap, 4.0)
    return [
        [
            (f"driver {race.drivers[car]}", 1.0),
            (f"car {race.teams[car]}", 1.0),
            ("slot", -float(np.log(race.slots[car]))),
            *([("gap", -float(gap[car]))] if with_gap else []),
        ]
        for car in range(race.cars)
    ]


def _effects(
    past: Sequence[Field],
    half_life: float,
    with_gap: bool,
    finishers: bool,
    start: dict[str, float],
) -> dict[str, float]:
    """Ridge fit of all effects by Newton's method."""
    tables = [_cars(one, with_gap) for one in past]
    names = sorted({name for table in tables for car in table for name, _ in car})
    number = {name: i for i, name in enumerate(names)}
    designs = []
    for one, table in zip(past, tables, strict=True):
        order = one.result.order
        kept = order[one.result.classified[order]] if finishers else order
        design = np.zeros((len(kept), len(names)))
        for row, car in enumerate(kept):
            for name, value in table[car]:
                design[row, number[name]] = value
        designs.append(design)
    ridge = np.array([0.1 if name in ("slot", "gap") else 2.0 for name in names])
    worth = np.array([start.get(name, 0.0) for name in names])
    weights = 0.5 ** (np.arange(len(past))[::-1] / half_life)
    for _ in range(3):
        gradient, curvature = -ridge * worth, np.diag(ridge)
        for design, weight in zip(designs, weights, strict=True):
            if len(design) > 1:
                one = attrition(design @ worth)
                gradient += weight * design.T @ one.gradient
                curvature += weight * design.T @ one.curvature @ design
        worth = worth + np.linalg.solve(curvature, gradient)
    return dict(zip(names, worth.tolist(), strict=True))


def _share(past: Sequence[Field], race: Field) -> np.ndarray:
    """Share of starts of a team that ended without a place, lately, helped by the field's."""
    out, starts = dict.fromkeys(race.teams, 0.0), dict.fromkeys(race.teams, 0.0)
    recent = past[-40:]
    for one in recent:
        for car, team in enumerate(one.teams):
            if team in out:
                starts[team] += 1
                out[team] += not one.result.classified[car]
    rate = np.mean(np.concatenate([~one.result.classified for one in recent]))
    return np.array([(out[team] + 20 * rate) / (starts[team] + 20) for team in race.teams])


def _fill(found: Sequence[Scored], name: str, chances: Iterable[np.ndarray]) -> None:
    for one, own in zip(found, chances, strict=True):
        one.chances[name] = own


def _compare(found: Sequence[Scored], span: tuple[int, int]) -> None:
    """Means of all models, and what they differ by from racecraft, with standard errors."""
    table = Table("model", *SCORES, box=None, title=f"{span[0]} to {span[1]}, {len(found)} races")
    own = np.array([one.scores(OURS) for one in found])
    for model in (OURS, GRID, ATTRITION, POOL, BEFORE):
        scores = np.array([one.scores(model) for one in found])
        error = 2 * scores.std(axis=0, ddof=1) / np.sqrt(len(scores))
        cells = [f"{m:.4f} ± {e:.4f}" for m, e in zip(scores.mean(axis=0), error, strict=True)]
        table.add_row(model, *cells)
        if model != OURS:
            apart = scores - own
            error = apart.std(axis=0, ddof=1) / np.sqrt(len(apart))
            table.add_row(
                "  worse by, with its standard error",
                *(f"{m:+.4f} ({e:.4f})" for m, e in zip(apart.mean(axis=0), error, strict=True)),
            )
    CONSOLE.print(table)


def _by_season(found: Sequence[Scored]) -> None:
    table = Table("season", "races", *SCORES[:3], f"{GRID}: winner", f"{POOL}: winner", box=None)
    for year in sorted({one.race.season for one in found}):
        own = [one for one in found if one.race.season == year]
        means = np.mean([one.scores(OURS) for one in own], axis=0)
        others = [np.mean([one.scores(name)[0] for one in own]) for name in (GRID, POOL)]
        table.add_row(str(year), str(len(own)), *(f"{value:.4f}" for value in means[:3]),
                      *(f"{value:.4f}" for value in others))  # fmt: skip
    CONSOLE.print(table)


def _reliability(found: Sequence[Scored]) -> None:
    """How often what was given such a chance came true, and how far off that is on average."""
    table = Table("chance", *(f"{what}: cars, said, came" for what in ("win", "podium", "points")),
                  box=None)  # fmt: skip
    pairs = []
    for paid in (1, 3, 10):
        said = np.concatenate([one.chances[OURS][:, :paid].sum(axis=1) for one in found])
        came = np.concatenate([np.arange(one.race.cars) < paid for one in found])
        pairs.append((said, came))
    off = np.zeros(3)
    for low, high in pairwise(BINS):
        cells = []
        for i, (said, came) in enumerate(pairs):
            own = (said > low) & (said <= high)
            if own.any():
                off[i] += own.mean() * abs(said[own].mean() - came[own].mean())
                cells.append(f"{own.sum():5d}  {said[own].mean():.3f}  {came[own].mean():.3f}")
            else:
                cells.append("")
        table.add_row(f"{low:.0%} to {high:.0%}", *cells)
    table.add_row("calibration error", *(f"{one:.4f}" for one in off))
    CONSOLE.print(table)


def _weaknesses(found: Sequence[Scored]) -> None:
    """The races that cost most, and what kinds of race do."""
    table = Table("race", "winner", "slot", "chance", "log loss", box=None)
    losses = np.array([one.scores(OURS)[0] for one in found])
    for i in np.argsort(-losses)[:12]:
        race = found[i].race
        first = race.result.order[0]
        table.add_row(f"{race.season} {race.event}", race.codes[first], f"{race.slots[first]:.0f}",
                      f"{np.exp(-losses[i]):.4f}", f"{losses[i]:.2f}")  # fmt: skip
    CONSOLE.print(table)
    many = np.array([(~one.race.result.classified).sum() >= 5 for one in found])
    early = np.array([one.race.round <= 4 for one in found])
    behind = np.array([one.race.slots[one.race.result.order[0]] > 3 for one in found])
    for name, which in (
        ("five or more drop out", many),
        ("rounds 1 to 4", early),
        ("won from behind slot 3", behind),
    ):
        CONSOLE.print(
            f"{name}: {which.sum()} races, log loss {losses[which].mean():.2f}; "
            f"others {losses[~which].mean():.2f}"
        )


def _write(page: Path, found: Sequence[Scored]) -> None:
    lines = [
        "# Forecasts race by race",
        "",
        "Scores of `racecraft forecast` after qualifying, each race seen with what was known",
        "before it; written by `benchmarks/forecast.py`. See [forecast](definitions/forecast.md).",
        "",
        "| race | winner | chance given | log loss of the winner | podium Brier per car | RPS |",
        "|---|---|---|---|---|---|",
    ]
    for one in found:
        loss, podium, rps, _, _ = one.scores(OURS)
        code = one.race.codes[one.race.result.order[0]]
        lines.append(
            f"| {one.race.season} {one.race.event.removesuffix('-grand-prix')} | {code} "
            f"| {np.exp(-loss):.3f} | {loss:.3f} | {podium:.4f} | {rps:.4f} |"
        )
    page.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _speed() -> Mark:
    """Processor time of one forecast from stored seasons, everything learnt anew."""
    season = rc.load_season(2024)
    history = [rc.load_season(year) for year in range(2008, 2024)]
    values = []
    for _ in range(3):
        began = time.process_time()
        rc.forecast(season, "Abu Dhabi", history=history)
        values.append(time.process_time() - began)
    return Mark(
        "forecast of one race, everything learnt anew", tuple(values), limit=5.0, note="processor"
    )


if __name__ == "__main__":
    sys.exit(show(main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)))
