"""How likely is every place of a championship?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from racecraft.errors import ArgumentError
from racecraft.model.rulebook.book import book_of_season
from racecraft.model.season import DRIVER
from racecraft.model.table import Column, Table
from racecraft.sim.draws import Rest, ToCome, places_taken
from racecraft.sim.past_weekends import seats, weekends
from racecraft.sim.retirements import fastest_lap, retirements
from racecraft.sim.seed import check_seed
from racecraft.sim.strength import LAW, strengths
from racecraft.title.clinch import LAST_NEW_TEAM
from racecraft.title.proof.bounds import can_pass
from racecraft.title.proof.remaining import contest, nothing_but_wins, played
from racecraft.title.standings.ledger import ledger

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from racecraft.model.rulebook.rules import Championship
    from racecraft.model.season import Season
    from racecraft.sim.attrition import Ints
    from racecraft.sim.strength import Law
    from racecraft.title.standings.ledger import Ledger

RUNS = 100_000
MEMORY = 8  # seasons before this one that are looked at
HALF_A_RUN = 0.5  # what a place that was never taken, and is not out of reach, is credited with

_COLUMNS = (
    Column("points", pl.Float64, "points that count now"),
    Column("champion", pl.Float64, "probability of first place"),
    Column("error", pl.Float64, "standard error of `champion` that is due to chance in the runs"),
    Column("places", pl.List(pl.Float64), "probability of first place, second place, ..."),
    Column("errors", pl.List(pl.Float64), "standard errors of `places`"),
)
ODDS = Table("odds", key=("driver",), columns=(DRIVER, *_COLUMNS))
TEAM_ODDS = Table(
    "team_odds", key=("team",), columns=(Column("team", pl.String, "team as entered"), *_COLUMNS)
)


def odds(
    season: Season,
    *,
    after: int | str | None = None,
    history: Sequence[Season] | None = None,
    runs: int = RUNS,
    seed: int,
    kind: Championship = "drivers",
    law: Law = LAW,
    workers: int | None = None,
) -> pl.DataFrame:
    """Probability of every place of a championship, from many simulated rests of the season.

    Parameters
    ----------
    season
        Needs ``events``, ``drivers`` and ``results``; knows more with ``qualifying``. What came
        later than `after` is not looked at.
    after
        As in `racecraft.title.standings.standings`.
    history
        Seasons before it, from which the strengths are known at its start; without them less is
        known, and the odds are wider.
    runs
        How many rests of the season are drawn.
    seed
        The same seed gives the same odds, with however many workers.
    kind
        ``drivers`` or ``constructors``.
    law
        How strengths vary.
    workers
        Threads; left out, one per core.

    Returns
    -------
    DataFrame
        ``ODDS``, or ``TEAM_ODDS`` for constructors: who is most likely to be champion first.

    Raises
    ------
    ArgumentError
        `runs` or `workers` is not positive, `seed` is none, or there is no such championship.
    RuleError, NotFoundError, NotEnoughDataError
        As in `racecraft.title.standings.standings`.

    Notes
    -----
    In every run the strengths of drivers and cars are drawn from what is known of them, change
    from weekend to weekend, and have good and bad days; each race and sprint is an order drawn by
    the attrition model, without the cars that drop out. Points, dropped results and countback are
    those of the rulebook; a place that nothing separates is shared, as in the standings.

    A place is certain or impossible only where `racecraft.title` proves it; a possible place that
    no run took is credited with half a run.

    Examples
    --------
    >>> from racecraft.sources.sample.sample import sample_season
    >>> table = odds(sample_season(), after=20, runs=2000, seed=7)
    >>> table["driver", "champion"].row(0)
    ('VER', 1.0)
    """
    for name, value in (("runs", runs), ("workers", 1 if workers is None else workers)):
        if value < 1:
            raise ArgumentError(f"{name}={value}; expected 1 or more")
    check_seed(seed)
    books = ledger(season, after=after, kind=kind)
    open_places = reach(books)
    if books.left:
        rest = rest_of_season(season, books, history or (), law)
        taken = places_taken(rest, runs=runs, seed=seed, workers=workers)
        worth = np.where(open_places, taken + HALF_A_RUN, 0.0)
    else:
        worth = open_places.astype(float)
    chance = worth / worth.sum(axis=1, keepdims=True)
    error = np.sqrt(chance * (1 - chance) / runs)
    by_place = np.lexsort((books.places, *(-chance[:, ::-1].T)))
    totals = books.totals
    return (ODDS if kind == "drivers" else TEAM_ODDS).rows(
        [
            {
                "driver" if kind == "drivers" else "team": books.names[i],
                "points": round(float(totals[i]), 6),
                "champion": float(chance[i, 0]),
                "error": float(error[i, 0]),
                "places": chance[i].tolist(),
                "errors": error[i].tolist(),
            }
            for i in by_place
        ]
    )


def reach(books: Ledger) -> NDArray[np.bool_]:
    """Places that are not proven out of reach, shape ``(entrants, places)``.

    Nobody finishes better than by winning everything while nobody else scores; nor worse than
    behind all who could pass him, each for himself, by winning everything.
    """
    entrants = len(books.names)
    newcomers = int(books.kind == "drivers" or books.season <= LAST_NEW_TEAM)
    reach = np.zeros((entrants, entrants), dtype=np.bool_)
    for i in range(entrants):
        if books.excluded[i] or not books.left:
            reach[i, int(books.places[i]) - 1] = True
            continue
        alone = contest(books, i)
        wins = played(books, alone.open, nothing_but_wins(alone, i))
        rest = contest(books, i, newcomers=newcomers)
        passing = [can_pass(rest, rival) for rival in rest.rivals]
        worst = entrants if newcomers and passing[-1] else sum(passing) + 1
        reach[i, int(wins.places[i]) - 1 : worst] = True
    return reach


def rest_of_season(
    season: Season, books: Ledger, history: Sequence[Season] = (), law: Law = LAW
) -> Rest:
    """What is left of a season, and what is known of those who take part."""
    first = season.season - MEMORY
    before = sorted(
        (one for one in history if first <= one.season < season.season), key=lambda s: s.season
    )
    run = [(one.event, one.session) for one in books.sessions[: books.run]]
    past = [weekend for one in before for weekend in weekends(one)] + weekends(season, run)
    drivers, teams = seats(past)
    mean, covariance = strengths(past, law).cars(drivers, teams)
    races = [weekend for weekend in past if len(weekend.started)]
    now = Rest(
        sessions=_to_come(season, books),
        entrant=_entrants(season, books, drivers, teams),
        team=np.unique(teams, return_inverse=True)[1],
        mean=mean,
        covariance=covariance,
        car_step=np.full(len(mean), law.car_by_weekend),
        driver_step=np.full(len(mean), law.driver_by_weekend),
        day=law.day,
        retirements=retirements(races, drivers, teams, mean),
        lap_chances=fastest_lap(races),
        books=books,
    )
    return _ahead(now, law)


def _ahead(now: Rest, law: Law) -> Rest:
    """The rest of a season with the share of the spreads that its end is forecast with."""
    share = law.ahead * np.exp(-law.ahead_by_strength * (now.mean - now.mean.mean()))
    return replace(
        now,
        covariance=now.covariance * np.outer(share, share),
        car_step=now.car_step * share,
        driver_step=now.driver_step * share,
    )


def _to_come(season: Season, books: Ledger) -> tuple[ToCome, ...]:
    """Races and sprints that are left, worth what they are if they run their distance."""
    planned = replace(book_of_season(season), distance={})
    last = books.sessions[books.run - 1].event
    events = [last, *(one.event for one in books.left)]
    return tuple(
        ToCome(
            sprint=one.session == "sprint",
            begins=one.event != before,
            points=planned.scale(one.event, one.session, books.kind),
            lap_points=planned.lap_points(one.event, books.kind) * (one.session == "race"),
            lap_within=one.lap_within,
            countback=one.countback,
        )
        for one, before in zip(books.left, events, strict=False)
    )


def _entrants(season: Season, books: Ledger, drivers: Sequence[str], teams: Sequence[str]) -> Ints:
    """Whose points the cars score, as numbers on the books."""
    if books.kind == "drivers":
        named, of = season.drivers.select("driver", "driver_id"), drivers
    else:
        named, of = season.teams.select("team", "team_id"), teams
    codes = {stable or name: name for name, stable in named.iter_rows()}
    number = {name: i for i, name in enumerate(books.names)}
    return np.array([number[codes.get(one, one)] for one in of], dtype=np.int64)
