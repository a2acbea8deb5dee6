"""A race told by its result, where its timing is not stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from racecraft.model.terms import FORMULA_ONE

if TYPE_CHECKING:
    import polars as pl

    from racecraft.analysis.outcome import Outcome
    from racecraft.cli.verb import Asked
    from racecraft.model.race import Race
    from racecraft.model.season import Season

TIMED_SINCE = 1996  # first season of which lap times were published


def list_races(asked: Asked, season: int) -> None:
    """Answer with the races of a season: when, where, and who won."""
    from racecraft.show.outcome import season_table

    asked.table(season_table(asked.season(season)))


def told_by_result(asked: Asked, season: int, event: str) -> bool:
    """Answer with the result of a race, unless its timing is stored or nobody knows its result."""
    from racecraft.show.outcome import outcome_object, outcome_text

    known = by_result(asked, season, event)
    if known is None:
        return False
    told, meant, doubts = known
    how = _how_to_get_timing(told.season.season, told.event["event"], asked.session)
    said: dict[str, Any] = {
        "standings": meant, "doubts": doubts, "timing": how,
        "moments": decided_by_result(asked, told),
    }  # fmt: skip
    asked.told(
        lambda page: outcome_text(told, page, **said),
        lambda: outcome_object(told, **said),
        told.result,
    )
    return True


def by_result(
    asked: Asked, season: int, event: str, lang: str = "en"
) -> tuple[Outcome, str, list[str]] | None:
    """A race by its result, what it did to the standings, and what is not sure of it.

    None where its timing is stored, or nobody knows its result.
    """
    from racecraft.analysis.outcome import outcome
    from racecraft.lookup.find import find_event

    session = asked.session
    found = asked.season(season)
    name = find_event(asked.shelf.events(season, asked.series), event, season=season)
    timed = asked.shelf.races(season, series=asked.series).filter(event=name, session=session)
    if len(timed) or found.results.filter(event=name, session=session).is_empty():
        return None
    told = outcome(found, name, session)
    return told, _effect(found, name, session, lang), doubts_about(found, name, session)


def of_season(asked: Asked, race: Race, lang: str = "en") -> tuple[str, list[str]]:
    """What a race did to the standings, and what is not sure of its result.

    Nothing of either where the season is not stored.
    """
    from racecraft.errors import RacecraftError

    try:
        season = asked.shelf.load_season(race.season, series=race.series)
    except RacecraftError:
        return "", []
    return (
        _effect(season, race.event, race.session, lang),
        doubts_about(season, race.event, race.session),
    )


def decided_by_result(asked: Asked, told: Outcome) -> pl.DataFrame | None:
    """``MOMENTS`` of a race known by its result; None where the rules of its points are not."""
    from racecraft.cli.moments import weighed
    from racecraft.sim.moments.from_results import race_of_result

    if asked.series != FORMULA_ONE:
        return None
    race = race_of_result(told.season, told.event["event"], asked.session)
    return weighed(asked, race, simulated=False)


def doubts_about(season: Season, event: str, session: str) -> list[str]:
    """What is not sure of a result: what sources or the rules say otherwise, a sentence each."""
    from racecraft.title.standings.doubts import doubts_about_points

    of_points = doubts_about_points(season, [(event, session)])["reason"].to_list()
    of_sources = season.season_doubts.filter(event=event, session=session, table="results")
    return list(dict.fromkeys([*of_points, *of_sources["reason"].to_list()]))


def _effect(season: Season, event: str, session: str, lang: str) -> str:
    """What a race did to the standings; nothing where that cannot be worked out."""
    from racecraft.errors import RacecraftError
    from racecraft.title.effect import effect

    try:
        return effect(season, event, session, lang=lang)
    except RacecraftError:
        return ""


def _how_to_get_timing(season: int, event: str, session: str) -> str:
    """That the timing of a race is not stored, and the command that gets it."""
    said = f"Timing of this {session} is not stored"
    if season < TIMED_SINCE:
        return f"{said}: no lap times of races before {TIMED_SINCE} were published."
    sprint = " --session sprint" if session == "sprint" else ""
    return f"{said}: 'racecraft data fetch {season} {event}{sprint}' gets it where it can be had."
