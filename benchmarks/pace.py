"""Pace: laps that were held out, against three simpler models; order of pace against the result."""

from __future__ import annotations

import contextlib
import sys
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from harness import Mark, season_of_laps, shared, show
from rich.console import Console
from rich.table import Table

from racecraft.analysis.order.control import neutralised
from racecraft.analysis.pace.clean_laps import DrivenLaps, driven_laps
from racecraft.analysis.pace.pace import pace
from racecraft.analysis.pace.terms import fuel_prior
from racecraft.errors import NotEnoughDataError
from racecraft.model.terms import WET_COMPOUNDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from racecraft.model.race import Race

SEASONS = (2018, 2019, 2021, 2022)
SEED = 20
RUNS = 5
HELD_OUT = 0.2
FUEL_S_PER_KG = 0.03  # of the tools that correct lap times by one fixed number
PUBLISHED_S_PER_KG = 0.0309  # a hierarchical tyre model of 2022 to 2024
FEWEST_IN_STINT = 3


@dataclass(frozen=True)
class Score:
    """Median absolute errors on the laps of one race that were held out, and what else is told."""

    race: Race
    held: int
    errors: dict[str, float]
    coverage: float

    @property
    def best_baseline(self) -> float:
        """Smallest error of the others."""
        return min(error for name, error in self.errors.items() if name != "pace")


def main() -> list[Mark]:
    if shared() is None:
        print("no seasons here: neither $RACECRAFT_SHARED nor ../shared")
        return []
    seasons = {season: season_of_laps(season) for season in SEASONS}
    speed = _speed(season_of_laps(SEASONS[-1]))
    races = [race for season in seasons.values() for race in season]
    scores = [score for race in races if _dry(race) if (score := _scored(race))]
    _print_scores(scores)
    _print_order(races)
    return [*speed, *_marks(scores), _fuel(races)]


def _dry(race: Race) -> bool:
    return not race.tyres["compound"].is_in(WET_COMPOUNDS).any()


def _speed(races: list[Race]) -> list[Mark]:
    """Every race of a season several times, each time with nothing remembered of it."""
    took = np.array([[_seconds(race) for race in races] for _ in range(RUNS)])
    slowest = int(np.median(took, axis=0).argmax())
    return [
        Mark(f"pace of the {len(races)} races of {SEASONS[-1]}", tuple(took.sum(axis=1)), limit=20),
        Mark("pace of one race, the slowest", tuple(took[:, slowest]), limit=1,
             note=races[slowest].name),
    ]  # fmt: skip


def _seconds(race: Race) -> float:
    unknown = replace(race)
    began = time.perf_counter()
    with contextlib.suppress(NotEnoughDataError):
        pace(unknown)
    return time.perf_counter() - began


def _scored(race: Race) -> Score | None:
    laps = driven_laps(race)
    clean = np.flatnonzero(laps.clean)
    chance = np.random.default_rng([SEED, race.season, race.round or 0])
    held = chance.choice(clean, int(len(clean) * HELD_OUT), replace=False)
    known = laps.clean.copy()
    known[held] = False
    names = pl.DataFrame({"car": [laps.cars[c] for c in laps.car[held]],
                          "lap": laps.lap[held]}, schema_overrides={"lap": pl.Int16})  # fmt: skip
    try:
        predicted = pace(race, without=names).laps.join(
            names, on=["car", "lap"], maintain_order="right"
        )
    except NotEnoughDataError:
        return None
    kg = fuel_prior(race).load_kg * (0.5 - (laps.lap - 0.5) / laps.lap.max())
    guesses = {
        "pace": predicted["expected_s"].to_numpy(),
        "median of the driver": _medians(laps, known)[held],
        "stint, even, 0.03 s/kg": _stint_lines(laps, known, FUEL_S_PER_KG * kg)[held],
        "compound, even, 0.0309 s/kg": _compound_lines(laps, known, PUBLISHED_S_PER_KG * kg)[held],
    }
    true = laps.seconds[held]
    inside = predicted.select(pl.col("lap_time_s").is_between("low_s", "high_s")).to_series()
    return Score(
        race=race,
        held=len(held),
        errors={name: float(np.median(np.abs(true - guess))) for name, guess in guesses.items()},
        coverage=float(inside.mean() or 0.0),
    )


def _medians(laps: DrivenLaps, known: NDArray[np.bool_]) -> NDArray[np.float64]:
    guess = np.full(len(laps.lap), np.median(laps.seconds[known]))
    for car in np.unique(laps.car[known]):
        guess[laps.car == car] = np.median(laps.seconds[known & (laps.car == car)])
    return guess


def _stint_lines(
    laps: DrivenLaps, known: NDArray[np.bool_], fuel_s: NDArray[np.float64]
) -> NDArray[np.float64]:
    """A line through the laps of every stint, less fuel; where there is none, the median."""
    guess = _medians(laps, known)
    key = laps.car * 1000 + laps.stint
    for stint in np.unique(key[known]):
        here = known & (key == stint)
        if here.sum() >= FEWEST_IN_STINT:
            line = np.polyfit(laps.age[here], (laps.seconds - fuel_s)[here], 1)
            guess[key == stint] = (np.polyval(line, laps.age) + fuel_s)[key == stint]
    return guess


def _compound_lines(
    laps: DrivenLaps, known: NDArray[np.bool_], fuel_s: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Least squares of driver, compound, and even wear of each compound, less fuel."""
    driver = laps.car[:, None] == np.arange(len(laps.cars))
    compound = laps.compound[:, None] == np.arange(len(laps.compounds))
    columns = np.concatenate([driver, compound[:, 1:], compound * laps.age[:, None]], axis=1)
    fit = np.linalg.lstsq(columns[known], (laps.seconds - fuel_s)[known], rcond=None)[0]
    return np.asarray(columns @ fit + fuel_s)


def _print_scores(scores: list[Score]) -> None:
    names = list(scores[0].errors)
    table = Table("race", "held out", *names, "within 90 %", box=None, header_style="bold")
    for score in scores:
        table.add_row(
            f"{score.race.season} {score.race.name}",
            str(score.held),
            *(f"{score.errors[name]:.3f}" for name in names),
            f"{score.coverage:.0%}",
        )
    Console(width=160).print(table)


def _marks(scores: list[Score]) -> list[Mark]:
    count = len(scores)
    error = np.median([score.errors["pace"] for score in scores])
    marks = []
    for name in scores[0].errors:
        if name != "pace":
            beaten = sum(score.errors["pace"] < score.errors[name] for score in scores)
            other = np.median([score.errors[name] for score in scores])
            marks.append(
                Mark(
                    f"races in which pace predicts no better than: {name}",
                    (1 - beaten / count,),
                    unit="",
                    limit=0.1,
                    note=f"better in {beaten} of {count}; median error {error:.3f} s, "
                    f"theirs {other:.3f} s",
                )
            )
    every = sum(score.errors["pace"] < score.best_baseline for score in scores)
    marks.append(Mark("races in which any of them is as good", (1 - every / count,), unit="",
                      limit=0.1, note=f"better than all in {every} of {count}"))  # fmt: skip
    held = sum(score.held for score in scores)
    inside = sum(score.coverage * score.held for score in scores) / held
    marks.append(Mark("coverage of the 90 % interval, off by", (abs(inside - 0.9),), unit="",
                      limit=0.05, note=f"{inside:.1%} of {held} laps"))  # fmt: skip
    return marks


def _print_order(races: list[Race]) -> None:
    """Order of race pace against the classification, where nothing but pace decided."""
    table = Table("dry race without neutralisation", "cars", "Spearman", box=None)
    found = []
    for race in races:
        if not _dry(race) or len(neutralised(race).begin):
            continue
        both = _placed(race).join(pace(race).drivers, on="car")
        both = both.filter(pl.col("laps") >= 20)
        rho = both.select(pl.corr("place", "pace_s", method="spearman")).item()
        found.append(rho)
        table.add_row(f"{race.season} {race.name}", str(both.height), f"{rho:.3f}")
    table.add_row("median", "", f"{np.median(found):.3f}")
    Console(width=160).print(table)


def _placed(race: Race) -> pl.DataFrame:
    """Place at the flag of the cars that took it; the laps tables have no classification."""
    from racecraft.analysis.order.gaps import order
    from racecraft.analysis.order.timing import timing

    at = timing(race)
    took = [driver for driver, there in zip(at.cars, at.finished, strict=True) if there]
    flag = order(race).filter(pl.col("car").is_in(took))
    return flag.select("car", place="position")


def _fuel(races: list[Race]) -> Mark:
    """Cross-check: what a kilogram costs, over all dry races, against the published figure."""
    values = [pace(race).terms.filter(term="fuel")["value"].item() for race in races if _dry(race)]
    return Mark("fuel, over dry races", tuple(values), unit="s/kg",
                note="published: 0.0309, 90 % within 0.0226 and 0.0390")  # fmt: skip


if __name__ == "__main__":
    sys.exit(show(main()))
