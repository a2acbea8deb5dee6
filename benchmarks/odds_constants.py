"""The constants of the odds: how likely the seasons they were chosen by are under them and others.

Races and retirements are forecast one by one, each from those before it; final places from the
rounds of their season.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from odds import CONSOLE, FITTED, FORECAST, SEED, rounds_of, seasons_before, stored
from rich.table import Table

import racecraft.sim.odds as season_room
from racecraft.sim.draws import places_taken
from racecraft.sim.odds import MEMORY
from racecraft.sim.past_weekends import Weekend, weekends
from racecraft.sim.retirements import RISK, Risk, retirements
from racecraft.sim.strength import LAW, Law, Strengths
from racecraft.title.standings.ledger import ledger
from racecraft.title.standings.standings import standings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from racecraft.model.season import Season

RUNS = 4096
AHEAD = (
    (0.0, 0.0),
    (0.5, 0.0),
    (1.0, 0.0),
    (1.0, 0.2),
    (1.2, 0.1),
    (1.2, 0.2),
    (1.2, 0.3),
    (1.4, 0.2),
)
GROUPS = {"champion": 0, "leading three": 3, "leading eight": 8, "all drivers": 99}
LONG_AGO = 100  # races; what was before counts nothing in the chance to drop out
RANKS = ((1, 1), (2, 2), (3, 4), (5, 8), (9, 12), (13, 16), (17, 40))


def main() -> None:
    """Print them."""
    seasons = stored()
    if seasons:
        _fit(seasons)
        _drop_out(seasons)
        _choose(seasons)


def _fit(seasons: dict[int, Season]) -> None:
    """How probable the races were beforehand under the law, and under its neighbours."""
    past = [
        weekend
        for year in range(FITTED[0] - MEMORY, FITTED[-1] + 1)
        for weekend in weekends(seasons[year])
    ]
    best = _evidence(past, LAW)
    table = Table("law", "value", "a quarter less", "a quarter more", box=None)
    for name, value in asdict(LAW).items():
        if name in ("sprint", "ahead", "ahead_by_strength"):  # no sprints; of what is to come
            continue
        around = [
            f"{_evidence(past, replace(LAW, **{name: value * by})) - best:+.4f}"
            for by in (0.75, 1.25)
        ]
        table.add_row(name, f"{value:g}", *around)
    CONSOLE.print(f"log-probability of a race {FITTED[0]} to {FITTED[-1]}: {best:.4f}; and with")
    CONSOLE.print(table)


def _evidence(past: list[Weekend], law: Law) -> float:
    known = Strengths(law)
    return float(
        np.mean(
            [
                value
                for weekend in past
                for value in [known.learn(weekend, scored=weekend.season >= FITTED[0])]
                if weekend.season >= FITTED[0]
            ]
        )
    )


def _drop_out(seasons: dict[int, Season]) -> None:
    """How probable the retirements were beforehand, and who retires."""
    races = list(_starts(seasons))
    table = Table("risk", "value", "a quarter less", "a quarter more", box=None)
    fitted = [race for race in races if race.season in FITTED]
    best = _retired(fitted, RISK)
    for name, value in asdict(RISK).items():
        around = [
            f"{_retired(fitted, replace(RISK, **{name: value * by})) - best:+.2f}"
            for by in (0.75, 1.25)
        ]
        table.add_row(name, f"{value:g}", *around)
    none = _retired(fitted, replace(RISK, by_strength=0.0))
    CONSOLE.print(
        f"log-probability of the retirements: {best:.1f}; alike for the strong: {none:.1f}"
    )
    CONSOLE.print(table)
    table = Table("strength", *(f"{era[0]} to {era[-1]}" for era in (FITTED, FORECAST)), box=None)
    for first, last in RANKS:
        cells = []
        for era in (FITTED, FORECAST):
            own = [race for race in races if race.season in era]
            said = np.concatenate([race.chance(RISK)[race.rank(first, last)] for race in own])
            came = np.concatenate([race.out[race.rank(first, last)] for race in own])
            cells.append(f"{came.mean():.3f} (forecast {said.mean():.3f})")
        table.add_row(f"{first} to {last}", *cells)
    CONSOLE.print(table)


@dataclass(frozen=True, eq=False)
class Start:
    """Cars of a race whose strength was known, what went before, and which dropped out."""

    season: int
    past: list[Weekend]
    drivers: list[str]
    teams: list[str]
    strengths: np.ndarray
    out: np.ndarray

    def chance(self, risk: Risk) -> np.ndarray:
        """Of each car to drop out, as was to be expected."""
        return retirements(self.past, self.drivers, self.teams, self.strengths, risk).mean

    def rank(self, first: int, last: int) -> np.ndarray:
        """Whether a car is so strong, the strongest being first."""
        ranks = 1 + (-self.strengths).argsort().argsort()
        return (ranks >= first) & (ranks <= last)


def _starts(seasons: dict[int, Season]) -> Iterator[Start]:
    known = Strengths(LAW)
    past: list[Weekend] = []
    for year in range(FITTED[0] - MEMORY, FORECAST[-1] + 1):
        for at, weekend in enumerate(weekends(seasons[year])):
            if at and year >= FITTED[0] and len(weekend.started):
                drivers, teams = (
                    [names[car] for car in weekend.started]
                    for names in (weekend.drivers, weekend.teams)
                )
                yield Start(
                    season=year,
                    past=past[-LONG_AGO:],
                    drivers=drivers,
                    teams=teams,
                    strengths=known.cars(drivers, teams)[0],
                    out=np.isin(weekend.started, weekend.retired),
                )
            known.learn(weekend)
            if len(weekend.started):
                past.append(weekend)


def _retired(races: list[Start], risk: Risk) -> float:
    return sum(
        float(np.log(np.where(race.out, chance, 1 - chance)).sum())
        for race in races
        for chance in [race.chance(risk)]
    )


def _choose(seasons: dict[int, Season]) -> None:
    """Log loss of final places by the share of the spread with which they are forecast."""
    losses: dict[tuple[float, float], list[list[float]]] = {pair: [] for pair in AHEAD}
    for year in FITTED:
        season = seasons[year]
        final = dict(standings(season)["driver", "position"].rows())
        for after in rounds_of(season)[1:-1:3]:
            books = ledger(season, after=after)
            order = np.argsort(books.places, kind="stable")
            ended = [min(final[books.names[i]] or len(order), len(order)) for i in order]
            plain = replace(LAW, ahead=1.0, ahead_by_strength=0.0)
            now = season_room._rest(season, books, seasons_before(seasons, year), plain)
            for ahead, by_strength in AHEAD:
                law = replace(LAW, ahead=ahead, ahead_by_strength=by_strength)
                rest = season_room._ahead(now, law)
                taken = places_taken(rest, runs=RUNS, seed=SEED) + 0.5
                loss = -np.log(taken / taken.sum(axis=1, keepdims=True))[order]
                own = [loss[i, place - 1] for i, place in enumerate(ended)]
                champion = [loss[i, 0] for i, place in enumerate(ended) if place == 1]
                losses[ahead, by_strength].append(
                    [float(np.mean(own[:most] if most else champion)) for most in GROUPS.values()]
                )
    table = Table("ahead", "by strength", *GROUPS, box=None)
    for (ahead, by_strength), own in losses.items():
        means = np.nanmean(own, axis=0)
        table.add_row(f"{ahead:g}", f"{by_strength:g}", *(f"{mean:.3f}" for mean in means))
    CONSOLE.print(table)


if __name__ == "__main__":
    main()
