"""Odds of the championship, walk-forward: log loss of the champion, reliability, and speed.

With a path as its argument, the reliability diagram is drawn there (extra ``plots``).
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from harness import Mark, shared, show, timed
from rich.console import Console
from rich.table import Table

import racecraft.sim.odds as season_room
from racecraft.sim.draws import places_taken
from racecraft.sim.odds import MEMORY, odds
from racecraft.sim.strength import LAW
from racecraft.sources.ergast import dump
from racecraft.title.standings.ledger import ledger
from racecraft.title.standings.standings import standings

if TYPE_CHECKING:
    from racecraft.model.season import Season

FITTED = range(1991, 2014)  # all results count, and nothing of what is forecast
FORECAST = range(2014, 2025)
STAGES = {0.25: 0.25, 0.50: 0.40, 0.75: 0.11}  # of the season done: log loss to be reached
REFERENCE = {0.25: 0.262, 0.50: 0.420, 0.75: 0.112}
RUNS, MANY_LUCKS, SEED = 10_000, 100_000, 1
NEAR = 0.1  # of the season
SHARPNESS = np.geomspace(1.0, 40.0, 60)
BINS = (0.0, 0.01, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.95, 0.99, 1.0)
SPEED = 100_000  # rests of a season a second
CONSOLE = Console(width=160)


@dataclass(frozen=True, eq=False)
class Forecast:
    """Chances to be champion after a round by several models, and who it was."""

    season: int
    done: float
    stage: float | None
    chances: dict[str, dict[str, float]]
    champion: str

    def loss(self, model: str) -> float:
        """Log loss; a chance of nothing is that of half a run."""
        return -float(np.log(max(self.chances[model].get(self.champion, 0.0), 0.5 / RUNS)))


def main(picture: Path | None) -> list[Mark]:
    seasons = stored()
    if not seasons:
        return []
    sharpness = {year: _sharpness(seasons, year) for year in FORECAST}
    forecasts = [
        forecast for year in FORECAST for forecast in _forecasts(seasons, year, sharpness[year])
    ]
    marks = _losses(forecasts)
    _luck(forecasts)
    _by_season(forecasts)
    _reliability(forecasts, picture)
    return [*marks, _speed(seasons)]


def stored() -> dict[int, Season]:
    """Seasons fitted, forecast, and those before them; none where there are no files."""
    folder = shared()
    if folder is None:
        print("no seasons here: neither $RACECRAFT_SHARED nor ../shared")
        return {}
    files = dump.fetch(folder / "data" / "ergast")
    found, _ = dump.parse(files, seasons=range(FITTED[0] - MEMORY, FORECAST[-1] + 1))
    return {season.season: season for season in found}


def seasons_before(seasons: dict[int, Season], year: int) -> list[Season]:
    """Seasons from which the strengths at the start of one are known."""
    return [one for other, one in seasons.items() if year - MEMORY <= other < year]


def _sharpness(seasons: dict[int, Season], before: int, around: float | None = None) -> float:
    """Factor of the points gap that was best in earlier seasons, over all rounds or some."""
    losses = np.zeros(len(SHARPNESS))
    for year in range(FITTED[0], before):
        champion = _champion(seasons[year])
        rounds = rounds_of(seasons[year])
        for done, after in enumerate(rounds[:-1], start=1):
            if around is not None and abs(done / len(rounds) - around) > NEAR:
                continue
            names, gap = _gaps(seasons[year], after)
            powers = np.exp(SHARPNESS[:, None] * gap)
            chance = powers[:, names.index(champion)] if champion in names else 0.0
            losses -= np.log(np.maximum(chance / powers.sum(axis=1), 0.5 / RUNS))
    return float(SHARPNESS[losses.argmin()])


def _gaps(season: Season, after: int) -> tuple[list[str], np.ndarray]:
    """Everybody's distance to the leader as a share of what one can still score."""
    books = ledger(season, after=after)
    most = sum(session.most for session in books.left)
    return list(books.names), (books.totals - books.totals.max()) / most


def _forecasts(seasons: dict[int, Season], year: int, sharpness: float) -> list[Forecast]:
    season = seasons[year]
    rounds = rounds_of(season)
    history = seasons_before(seasons, year)
    stages = {round(stage * len(rounds)): stage for stage in STAGES}
    found = []
    for done, after in enumerate(rounds[:-1], start=1):
        table = odds(season, after=after, history=history, runs=RUNS, seed=SEED)
        names, gap = _gaps(season, after)
        chances = {
            "racecraft": dict(table["driver", "champion"].rows()),
            "softmax of the points gap": _softmax(names, sharpness * gap),
            "the leader": {standings(season, after=after)["driver"][0]: 1.0},
        }
        if done in stages:
            own = _sharpness(seasons, year, stages[done])
            chances["softmax fitted at the stage"] = _softmax(names, own * gap)
            chances["strengths taken as certain"] = _certain(season, after, history)
        found.append(
            Forecast(year, done / len(rounds), stages.get(done), chances, _champion(season))
        )
    return found


def _softmax(names: list[str], powers: np.ndarray) -> dict[str, float]:
    chances = np.exp(powers) / np.exp(powers).sum()
    return dict(zip(names, chances.tolist(), strict=True))


def _certain(season: Season, after: int, history: list[Season]) -> dict[str, float]:
    """Chances if the strengths were exactly as expected now, and stayed so."""
    books = ledger(season, after=after)
    rest = season_room._rest(season, books, history, LAW)
    still = np.zeros(len(rest.mean))
    known = replace(
        rest, covariance=np.zeros_like(rest.covariance), car_step=still, driver_step=still
    )
    taken = places_taken(known, runs=RUNS, seed=SEED)
    return dict(zip(books.names, taken[:, 0] / RUNS, strict=True))


def _losses(forecasts: list[Forecast]) -> list[Mark]:
    """Table of log losses by stage, with the standard error over the seasons."""
    models = next(one for one in forecasts if one.stage).chances
    table = Table("model", *(f"{stage:.0%} done" for stage in STAGES), "every round", box=None)
    for model in models:
        cells = []
        for stage in STAGES:
            losses = [one.loss(model) for one in forecasts if one.stage == stage]
            if model == "the leader":
                cells.append(f"right in {np.mean(np.array(losses) < 0.1):.0%}")
            else:
                error = np.std(losses, ddof=1) / np.sqrt(len(losses))
                cells.append(f"{np.mean(losses):.3f} ± {error:.3f}")
        everywhere = [one.loss(model) for one in forecasts if model in one.chances]
        complete = len(everywhere) == len(forecasts) and model != "the leader"
        table.add_row(model, *cells, f"{np.mean(everywhere):.3f}" if complete else "")
    CONSOLE.print(table)
    return [
        Mark(
            f"log loss of the champion, {stage:.0%} done",
            (float(np.mean([one.loss("racecraft") for one in forecasts if one.stage == stage])),),
            unit="nats",
            limit=limit,
            note=f"reference {REFERENCE[stage]:g}",
        )
        for stage, limit in STAGES.items()
    ]


def _luck(forecasts: list[Forecast]) -> None:
    """Which log loss was to be expected if the forecast chances were exactly true."""
    draw = np.random.default_rng(SEED)
    table = Table("if the chances are true", "expected", "as low as it was", "mark", box=None)
    for stage, limit in STAGES.items():
        drawn, came = np.zeros(MANY_LUCKS), 0.0
        own = [one for one in forecasts if one.stage == stage]
        for one in own:
            chances = np.array(list(one.chances["racecraft"].values()))
            chances = chances[chances > 0] / chances.sum()
            drawn -= np.log(draw.choice(chances, MANY_LUCKS, p=chances)) / len(own)
            came += one.loss("racecraft") / len(own)
        table.add_row(
            f"{stage:.0%} done",
            f"{drawn.mean():.3f}",
            f"{np.mean(drawn <= came):.0%}",
            f"{np.mean(drawn <= limit):.1%}",
        )
    CONSOLE.print(table)


def _by_season(forecasts: list[Forecast]) -> None:
    table = Table("season", "champion", *(f"{stage:.0%} done" for stage in STAGES), box=None)
    for year in FORECAST:
        own = [one for one in forecasts if one.season == year and one.stage]
        cells = [f"{one.chances['racecraft'].get(one.champion, 0.0):.3f}" for one in own]
        table.add_row(str(year), own[0].champion, *cells)
    CONSOLE.print(table)


def _reliability(forecasts: list[Forecast], picture: Path | None) -> None:
    """How often those forecast with such a chance became champion, over all rounds and drivers."""
    pairs = pl.DataFrame(
        [
            (chance, driver == one.champion)
            for one in forecasts
            for driver, chance in one.chances["racecraft"].items()
        ],
        schema={"chance": pl.Float64, "came": pl.Boolean},
        orient="row",
    )
    table = Table("chance", "forecasts", "on average", "came true", box=None)
    points = []
    for low, high in pairwise(BINS):
        own = pairs.filter(pl.col("chance").is_between(low, high, closed="right"))
        if own.height:
            said, came = own["chance"].to_numpy().mean(), own["came"].to_numpy().mean()
            points.append((said, came, own.height))
            table.add_row(f"{low:.0%} to {high:.0%}", str(own.height), f"{said:.3f}", f"{came:.3f}")
    CONSOLE.print(table)
    if picture:
        _draw(points, picture)


def _draw(points: list[tuple[float, float, int]], picture: Path) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5, 5), layout="constrained")
    axes = figure.add_subplot(
        xlabel="forecast chance of the championship", ylabel="share that became champion"
    )
    axes.plot([0, 1], [0, 1], color="0.7", linewidth=1)
    said, came, number = zip(*points, strict=True)
    axes.scatter(said, came, s=[12 * np.log1p(n) for n in number])
    figure.savefig(picture)


def _speed(seasons: dict[int, Season]) -> Mark:
    """Rests of a season a second from the middle of 2021: eleven weekends, two with a sprint."""
    season = seasons[2021]
    rest = season_room._rest(season, ledger(season, after=11), seasons_before(seasons, 2021), LAW)
    mark = timed(
        "rests of a season simulated a second",
        lambda: places_taken(rest, runs=season_room.RUNS, seed=SEED),
        runs=5,
    )
    rates = tuple(season_room.RUNS / value for value in mark.values)
    return replace(mark, values=rates, unit="/s", least=SPEED)


def rounds_of(season: Season) -> list[int]:
    """Numbers of the rounds in order."""
    return season.events.sort("round")["round"].to_list()


def _champion(season: Season) -> str:
    return str(standings(season)["driver"][0])


if __name__ == "__main__":
    sys.exit(show(main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)))
