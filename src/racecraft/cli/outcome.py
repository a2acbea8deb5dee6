"""A race told by its result, where its timing is not stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.cli import answer

if TYPE_CHECKING:
    from pathlib import Path

    from racecraft.cli.answer import Form
    from racecraft.model.season import Season
    from racecraft.model.terms import SessionName

TIMED_SINCE = 1996  # first season of which lap times were published


def list_races(season: int, form: Form | None, output: Path | None, store: Path | None) -> None:
    """Answer with the races of a season: when, where, and who won."""
    from racecraft.cli.title import find_season
    from racecraft.show.outcome import season_table

    answer.table(season_table(find_season(season, store)), form, output)


def told_by_result(
    season: int,
    event: str,
    session: SessionName,
    form: Form | None,
    output: Path | None,
    store: Path | None,
) -> bool:
    """Answer with the result of a race, unless its timing is stored or nobody knows its result."""
    import racecraft as rc
    from racecraft.analysis.outcome import outcome
    from racecraft.cli.title import find_season
    from racecraft.lookup.find import find_event
    from racecraft.show.outcome import outcome_object, outcome_text

    shelf = rc.Store(store)
    found = find_season(season, store)
    name = find_event(shelf.events(season), event, season=season)
    timed = shelf.races(season).filter(event=name, session=session)
    if len(timed) or found.results.filter(event=name, session=session).is_empty():
        return False
    told = outcome(found, name, session)
    meant = _effect(found, name, session)
    how = _how_to_get_timing(told.season.season, told.event["event"], session)
    if answer.form_of(form, output) == "table":
        answer.text(lambda page: outcome_text(told, page, standings=meant, timing=how), output)
    else:
        answer.thing(outcome_object(told, standings=meant, timing=how), told.result, form, output)
    return True


def _effect(season: Season, event: str, session: str) -> str:
    """What a race did to the standings; nothing where that cannot be worked out."""
    from racecraft.errors import RacecraftError
    from racecraft.title.effect import effect

    try:
        return effect(season, event, session)
    except RacecraftError:
        return ""


def _how_to_get_timing(season: int, event: str, session: str) -> str:
    """That the timing of a race is not stored, and the command that gets it."""
    said = f"Timing of this {session} is not stored"
    if season < TIMED_SINCE:
        return f"{said}: no lap times of races before {TIMED_SINCE} were published."
    sprint = " --session sprint" if session == "sprint" else ""
    return f"{said}: 'racecraft data fetch {season} {event}{sprint}' gets it where it can be had."
