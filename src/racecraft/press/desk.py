"""The desk an article is laid on: read if need be, and checked against the seasons there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.model.season import Season
from racecraft.press.reading import Article, read
from racecraft.press.record import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from racecraft.model.race import Race
    from racecraft.press.finding import Finding


def fact_check(
    article: Article | str | bytes,
    seasons: Season | Iterable[Season] | Record,
    *,
    event: tuple[int, int] | None = None,
    date: date | None = None,
    lang: str | None = None,
    race: Callable[[int, int, str], Race | None] | None = None,
) -> list[Finding]:
    """Every claim that an article makes about racing, with what the data say of it.

    Parameters
    ----------
    article
        The article, or the text, Markdown or HTML that it is read from.
    seasons
        What to check it against; counts over careers need every season of them. A `Record` of
        them saves time where many articles are checked.
    event
        Season and round that the article is about; left out, it is found out.
    date
        Day of the article, in place of what it says itself.
    lang
        Its language, in place of the one that it seems to be in.
    race
        Returns the timing of a race by season, round and session, or None without it: for what
        only timing can tell, such as who passed whom. Not for a `Record`, which has its own.

    Returns
    -------
    list of Finding
        In the order of the article; empty where it claims nothing about a race.

    Raises
    ------
    UnreadableError, NotEnoughDataError, ArgumentError
        As `racecraft.press.reading.read`.

    Examples
    --------
    >>> from racecraft.sources.sample import sample_season
    >>> text = "Fernando Alonso finished third in the 2023 São Paulo Grand Prix."
    >>> [finding.verdict for finding in fact_check(text, sample_season(), lang="en")][0]
    'supported'
    """
    from racecraft.press import check

    if not isinstance(article, Article):
        article = read(article, date=date, lang=lang)
    if not isinstance(seasons, Record):
        each = [seasons] if isinstance(seasons, Season) else list(seasons)
        seasons = Record(each, race=race)
    return check.fact_check(article, seasons, event=event)
