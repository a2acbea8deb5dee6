"""A report of a race, in English, Dutch or Spanish, from the data alone."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from racecraft.errors import NotEnoughDataError
from racecraft.press.intake.article import Article
from racecraft.press.writing.facts import Teller
from racecraft.press.writing.sentences import Narrator, check_installed, phrases

if TYPE_CHECKING:
    import polars as pl

    from racecraft.history.results import History
    from racecraft.model.race import Race
    from racecraft.model.terms import SessionName

PARAGRAPH = "\n\n"


def report(
    record: History,
    season: int,
    round: int,  # noqa: A002
    *,
    session: SessionName = "race",
    lang: str = "en",
    decided: pl.DataFrame | None = None,
) -> Article:
    """Report of a race or sprint as a newspaper would have it, made of what the record knows.

    Every sentence is a claim that `fact_check` can check against the same record. What happened on
    the track is told where the record has the timing of the race, by the moments that changed most;
    counts over careers where it has every season.

    Parameters
    ----------
    record
        Results and standings, and the timing where it is stored.
    season, round
        Which event.
    session
        Its race or its sprint.
    lang
        ``en``, ``nl`` or ``es``.
    decided
        ``MOMENTS`` of the race; left out, those of the formula.

    Raises
    ------
    NotFoundError
        The record has no result of it.
    ArgumentError
        No reports are written in that language.

    Examples
    --------
    >>> from racecraft.history.results import History
    >>> from racecraft.sources.sample.sample import sample_season
    >>> article = report(History([sample_season()]), 2023, 20, lang="nl")
    >>> article.title
    'Zege voor Max Verstappen in de Grote Prijs van São Paulo'
    """
    phrases(lang)
    check_installed()
    race = record.race(season, round, session)
    decided = _decided(record, race) if decided is None else decided
    teller = Teller.of(record, season, round, session, race, decided)
    people = {row.driver_id for row in teller.results}
    families = Counter(record.drivers[driver_id].family_name for driver_id in people)
    namesakes = frozenset(name for name, count in families.items() if count > 1)
    narrator = partial(Narrator, lang, namesakes, start=season + round, session=session)
    told = narrator().told
    text = PARAGRAPH.join(" ".join(map(told, facts)) for facts in teller.paragraphs())
    title = narrator().told(teller.headline())
    return Article(text=text, title=title, date=teller.day, lang=lang, source="racecraft")


def _decided(record: History, race: Race | None) -> pl.DataFrame | None:
    """Moments of the race, where its timing is known."""
    from racecraft.sim.moments.moments import moments

    if race is None:
        return None
    try:
        return moments(race, season=record.seasons.get(race.season), simulated=False)
    except NotEnoughDataError:
        return None
