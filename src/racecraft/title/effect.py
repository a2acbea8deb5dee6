"""What did a race do to the standings?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from racecraft.errors import NotEnoughDataError, NotFoundError
from racecraft.title.clinch import clinch
from racecraft.title.standings.calendar import calendar
from racecraft.title.standings.ledger import ledger
from racecraft.title.standings.standings import standings_of
from racecraft.title.words import Names, listed, place_words

if TYPE_CHECKING:
    from racecraft.model.season import Season

TOLD = 10  # places of the championship that are worth a word


def effect(season: Season, event: str, session: str = "race") -> str:
    """What a race did to the drivers' championship, in a few sentences.

    Parameters
    ----------
    season
        Needs ``events``, ``drivers`` and ``results`` up to this race.
    event, session
        The race, by the stable name of its event.

    Returns
    -------
    str
        Who leads and by how much, who gained and lost a place among the first ten, and whether the
        title is decided.

    Raises
    ------
    RuleError, NotFoundError, NotEnoughDataError
        As in `racecraft.title.standings.standings`.

    Examples
    --------
    >>> from racecraft.sources.sample.sample import sample_season
    >>> effect(sample_season(), "mexico-city-grand-prix").split(". ")[1]
    'Sainz rose to fourth and Alonso fell to fifth.'
    """
    order = calendar(season)
    run = [(one.event, one.session) for one in order]
    if (event, session) not in run:
        raise NotFoundError(
            f"the results of {season.season} do not have the {session} {event!r}", event=event
        )
    at = run.index((event, session))
    now = standings_of(ledger(season, after=f"{event}:{session}"))
    names = Names.of(season, "drivers")
    sentences = [_lead(season, now, f"{event}:{session}", names)]
    if at:
        before = order[at - 1]
        moves = _moves(
            standings_of(ledger(season, after=f"{before.event}:{before.session}")), now, names
        )
        sentences.append(moves or "No place among the first ten changed.")
    return " ".join(sentences)


def _lead(season: Season, now: pl.DataFrame, after: str, names: Names) -> str:
    first, second = now.head(2).iter_rows(named=True)
    leader, points = names.short(first["driver"]), first["points"]
    if first["position"] == second["position"]:
        return f"{leader} and {names.short(second['driver'])} lead with {points:g} points each."
    lead = f"leads {names.short(second['driver'])} by {points - second['points']:g}"
    if points == second["points"]:
        lead = f"leads {names.short(second['driver'])} on countback"
    tail = "; the title is his" if _decided(season, after, first["driver"]) else ""
    return f"{leader} has {points:g} points and {lead}{tail}."


def _decided(season: Season, after: str, driver: str) -> bool:
    """Whether the title is proven to be decided; what needs a solver is not, without one."""
    try:
        answer = clinch(season, after=after, driver=driver, position=1, look_ahead=False)
    except NotEnoughDataError:
        return False
    return answer.secured


def _moves(before: pl.DataFrame, now: pl.DataFrame, names: Names) -> str:
    """Who has another place than before, among the first ten."""
    both = now.join(before.select("driver", was="position"), on="driver", how="left")
    moved = both.filter(
        pl.col("position") <= TOLD, pl.col("was").is_null() | (pl.col("was") != pl.col("position"))
    )
    up = moved.filter(pl.col("was").is_null() | (pl.col("position") < pl.col("was")))
    gained = [
        f"{names.short(driver)} rose to {_place(position)}"
        for driver, position in up.select("driver", "position").iter_rows()
    ]
    down = both.filter(pl.col("was") <= TOLD, pl.col("position") > pl.col("was"))
    lost = [
        f"{names.short(driver)} fell to {_place(position)}"
        for driver, position in down.select("driver", "position").iter_rows()
    ]
    return f"{listed([*gained, *lost])}." if gained or lost else ""


def _place(position: int) -> str:
    return "first" if position == 1 else place_words(position)
