"""The desk an article is laid on: read if need be, and checked against the seasons there are."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from racecraft.history.results import History
from racecraft.model.season import Season
from racecraft.press.intake.article import Article, read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from racecraft.model.race import Race
    from racecraft.press_old.finding import Finding


def fact_check(
    article: Article | str | bytes,
    seasons: Season | Iterable[Season] | History,
    *,
    event: tuple[int, int] | None = None,
    date: date | None = None,
    lang: str | None = None,
    race: Callable[[int, int, str], Race | None] | None = None,
    ask: Callable[[str, str], str] | None = None,
) -> list[Finding]:
    """Every claim that an article makes about racing, with what the data say of it.

    Parameters
    ----------
    article
        The article, or the text, Markdown or HTML that it is read from.
    seasons
        What to check it against; counts over careers need every season of them. A `History` of
        them saves time where many articles are checked.
    event
        Season and round that the article is about; left out, it is found out.
    date
        Day of the article, in place of what it says itself.
    lang
        Its language, in place of the one that it seems to be in.
    race
        Returns the timing of a race by season, round and session, or None without it: for what
        only timing can tell, such as who passed whom. Not for a `History`, which has its own.
    ask
        Asks a language model, as `racecraft.sources.http.chat_model.model_at` does: it may propose
        claims that the grammar has not found; they are checked like any other. Left out, no model
        is asked.

    Returns
    -------
    list of Finding
        In the order of the article; empty where it claims nothing about a race.

    Raises
    ------
    UnreadableError, NotEnoughDataError, ArgumentError
        As `racecraft.press.intake.article.read`; and of a model that is asked, as whatever asks it.

    Examples
    --------
    >>> from racecraft.sources.sample.sample import sample_season
    >>> text = "Fernando Alonso finished third in the 2023 São Paulo Grand Prix."
    >>> [finding.verdict for finding in fact_check(text, sample_season(), lang="en")][0]
    'supported'
    """
    from racecraft.press_old import check

    if not isinstance(article, Article):
        article = read(article, date=date, lang=lang)
    if not isinstance(seasons, History):
        each = [seasons] if isinstance(seasons, Season) else list(seasons)
        seasons = History(each, race=race)
    found = check.fact_check(article, seasons, event=event)
    return found if ask is None else _with_proposals(found, article, seasons, event, ask)


def _with_proposals(
    found: list[Finding],
    article: Article,
    record: History,
    event: tuple[int, int] | None,
    ask: Callable[[str, str], str],
) -> list[Finding]:
    """Findings, and those of claims that a model proposes and the grammar has not found."""
    from racecraft.press_old.finding import Finding
    from racecraft.press_old.proposals import proposals
    from racecraft.press_old.verdict import verdict

    known = {(finding.sentence, finding.claim_type, finding.subject) for finding in found}
    proposed = proposals(article, record, ask, event=event or _event_of(found))
    more = [
        Finding.of(claim, verdict(claim, record))
        for claim in proposed
        if (claim.sentence, claim.claim_type, claim.subject) not in known
    ]
    return sorted([*found, *more], key=lambda finding: finding.start)


def _event_of(found: list[Finding]) -> tuple[int, int] | None:
    """Season and round that most of the findings are about."""
    about = Counter((each.season, each.round) for each in found if each.season and each.round)
    return next(iter(about.most_common(1)), (None, 0))[0]
