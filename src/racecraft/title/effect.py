"""What did a race do to the standings?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from racecraft.errors import NotEnoughDataError, NotFoundError
from racecraft.model.words.book import Book, number
from racecraft.title.clinch import clinch
from racecraft.title.standings.calendar import calendar
from racecraft.title.standings.ledger import ledger
from racecraft.title.standings.standings import standings_of
from racecraft.title.words import Names

if TYPE_CHECKING:
    from racecraft.model.season import Season

WORDS = "championship"
TOLD = 10  # places of the championship that are worth a word


def effect(season: Season, event: str, session: str = "race", *, lang: str = "en") -> str:
    """What a race did to the drivers' championship, in a few sentences.

    Parameters
    ----------
    season
        Needs ``events``, ``drivers`` and ``results`` up to this race.
    event, session
        The race, by the stable name of its event.
    lang
        Language of the sentences.

    Returns
    -------
    str
        Who leads and by how much, who gained and lost a place among the first ten, and whether the
        title is decided.

    Raises
    ------
    ArgumentError
        Nothing is told in that language.
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
    book = Book(lang)
    sentences = [_lead(season, now, f"{event}:{session}", names, book)]
    if at:
        before = order[at - 1]
        was = standings_of(ledger(season, after=f"{before.event}:{before.session}"))
        moves = _moves(was, now, names, book)
        sentences.append(book.listed(moves) if moves else book.say("no_move", WORDS))
    return " ".join(map(book.sentence, sentences))


def _lead(season: Season, now: pl.DataFrame, after: str, names: Names, book: Book) -> str:
    first, second = now.head(2).iter_rows(named=True)
    slots = {
        "leader": names.short(first["driver"]),
        "second": names.short(second["driver"]),
        "points": number(first["points"], book.lang, 2),
        "gap": number(first["points"] - second["points"], book.lang, 2),
    }
    if first["position"] == second["position"]:
        return book.say("level", WORDS, **slots)
    how = "countback" if first["points"] == second["points"] else "leads"
    his = book.say("his", WORDS) if _decided(season, after, first["driver"]) else ""
    return book.say(how, WORDS, **slots, his=his)


def _decided(season: Season, after: str, driver: str) -> bool:
    """Whether the title is proven to be decided; what needs a solver is not, without one."""
    try:
        answer = clinch(season, after=after, driver=driver, position=1, look_ahead=False)
    except NotEnoughDataError:
        return False
    return answer.secured


def _moves(before: pl.DataFrame, now: pl.DataFrame, names: Names, book: Book) -> list[str]:
    """Who has another place than before, among the first ten."""
    both = now.join(before.select("driver", was="position"), on="driver", how="left")
    moved = both.filter(
        pl.col("position") <= TOLD, pl.col("was").is_null() | (pl.col("was") != pl.col("position"))
    )
    up = moved.filter(pl.col("was").is_null() | (pl.col("position") < pl.col("was")))
    down = both.filter(pl.col("was") <= TOLD, pl.col("position") > pl.col("was"))
    return [
        book.say(how, WORDS, name=names.short(driver), place=position)
        for how, rows in (("rose", up), ("fell", down))
        for driver, position in rows.select("driver", "position").iter_rows()
    ]
