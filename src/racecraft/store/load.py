"""Races and seasons by name: from the store, or else fetched, stored and given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.errors import ArgumentError, NotFoundError, UnreachableError
from racecraft.lookup.find import find_event
from racecraft.model.reported import check_series
from racecraft.model.terms import FORMULA_ONE, SESSIONS
from racecraft.store.accounts.folders import check_season
from racecraft.store.importing import fetch_race, fetch_season
from racecraft.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from racecraft.model.race import Race
    from racecraft.model.season import Season
    from racecraft.model.terms import SessionName
    from racecraft.sources.source import Progress

NAMED = 5  # how many stored races an error names


def load_race(
    season: int,
    event: int | str,
    *,
    session: SessionName = "race",
    series: str = FORMULA_ONE,
    store: Store | Path | str | None = None,
    as_of: date | None = None,
    progress: Progress | None = None,
    note: Callable[[str], None] | None = None,
) -> Race:
    """Race of a season: a stored one, or else one that is fetched, and stored for the next time.

    Parameters
    ----------
    season
        Year.
    event
        Round, name, country or place, with or without accents.
    session
        ``race`` or ``sprint``.
    series
        Whose championship it is a race of: ``f1``, ``imsa``, or as you called it when you added it.
        Only races of Formula 1 are fetched.
    store
        A store or its folder; left out, ``$RACECRAFT_STORE`` or else the user's data folder.
    as_of
        Day on which the classification held; left out, the one that holds now.
    progress
        Called while something is fetched with what it is, and how much of how much is done.
    note
        Called with a line where the race was fetched from a poorer source than the best.

    Raises
    ------
    NotFoundError
        There is no such event or session.
    UnreachableError
        The race is not stored, and no source of it answers; the hint names what is stored.
    ArgumentError
        The text may mean several events, or there can be no such season or session.

    Examples
    --------
    >>> load_race(2023, "Interlagos")
    <Race 2023 São Paulo Grand Prix: 20 cars, 3250 crossings from sample>
    """
    _check(season, session, series)
    shelf = store_at(store)
    try:
        return shelf.load_race(season, event, session=session, series=series, as_of=as_of)
    except NotFoundError:
        if series != FORMULA_ONE:
            raise
        found = _event(shelf, season, event, progress)
    if shelf.races(season, series=series).filter(event=found, session=session).is_empty():
        _check_was_run(shelf, season, found, session)
        try:
            fetch_race(shelf, season, found, session, progress, note=note)
        except UnreachableError as error:
            raise _offline(shelf, error, season, found, session) from error
    return shelf.load_race(season, found, session=session, as_of=as_of)


def load_season(
    season: int,
    *,
    series: str = FORMULA_ONE,
    store: Store | Path | str | None = None,
    as_of: date | None = None,
    progress: Progress | None = None,
) -> Season:
    """Season with its calendar, drivers, results and standings; fetched if it is not stored.

    Parameters
    ----------
    as_of
        Day as of which to give it: events run by then, with the results that held on that day.
    season, series, store, progress
        As in `load_race`.

    Raises
    ------
    UnreachableError
        The season is not stored, and its source does not answer.

    Examples
    --------
    >>> load_season(2023)
    <Season 2023: 22 events, 560 results from f1db+sample>
    """
    _check(season, "race", series)
    shelf = store_at(store)
    if series == FORMULA_ONE:
        _fetch_calendar(shelf, season, progress)
    return shelf.load_season(season, series=series, as_of=as_of)


def load_races(
    season: int | None = None,
    *,
    session: str | None = None,
    series: str | None = FORMULA_ONE,
    store: Store | Path | str | None = None,
) -> list[Race]:
    """Every race that is stored, in order; nothing is fetched.

    Parameters
    ----------
    season
        Only races of this year.
    session
        Only ``race`` or only ``sprint``.
    series
        Only races of this series; None for those of every one.
    store
        As in `load_race`.

    Examples
    --------
    >>> [race.name for race in load_races(2023)]
    ['Mexico City Grand Prix', 'São Paulo Grand Prix']
    """
    return store_at(store).load_races(season, session=session, series=series)


def seasons_before(shelf: Store, season: int, most: int, series: str = FORMULA_ONE) -> list[Season]:
    """Stored seasons before one, in order: none that is more than `most` years older."""
    years = sorted(year for year in shelf.seasons(series) if season - most <= year < season)
    return [shelf.load_season(year, series=series) for year in years]


def stored_timing(shelf: Store) -> Callable[[int, int, str], Race | None]:
    """Function of season, round and session: the timing of that F1 race, None if not stored."""

    def timing(season: int, round_: int, session: str) -> Race | None:
        if not shelf.has_timing(season):
            return None
        try:
            return shelf.load_race(season, round_, session=session)
        except NotFoundError:
            return None

    return timing


def store_at(store: Store | Path | str | None) -> Store:
    """Store at a folder, or the usual one."""
    return store if isinstance(store, Store) else Store(store)


def _event(shelf: Store, season: int, event: int | str, progress: Progress | None) -> str:
    """Stable name of an event; of a season whose calendar is not stored, that is fetched first."""
    if season in shelf.seasons():
        try:
            return find_event(shelf.events(season), event, season=season)
        except NotFoundError:
            if len(shelf.load_season(season).events):
                raise
    _fetch_calendar(shelf, season, progress)
    return find_event(shelf.events(season), event, season=season)


def _fetch_calendar(shelf: Store, season: int, progress: Progress | None) -> None:
    if season in shelf.seasons() and len(shelf.load_season(season).events):
        return
    try:
        fetch_season(shelf, season, progress)
    except UnreachableError as error:
        raise _offline(shelf, error, season) from error


def _check(season: int, session: str, series: str) -> None:
    if session not in SESSIONS:
        raise ArgumentError(f"no session {session!r}", hint=f"one of {', '.join(SESSIONS)}")
    check_season(season, check_series(series))


def _check_was_run(shelf: Store, season: int, event: str, session: str) -> None:
    """An event whose race has results, but that has none of a sprint, had no sprint."""
    results = shelf.load_season(season).results.filter(event=event)["session"]
    if len(results) and session not in results:
        raise NotFoundError(
            f"the {_name(shelf, season, event)} had no {session}",
            season=season,
            event=event,
            session=session,
        )


def _offline(
    shelf: Store, error: UnreachableError, season: int, event: str = "", session: str = "race"
) -> UnreachableError:
    """The same error, of what was asked for, with what there is instead."""
    what = _name(shelf, season, event) if event else f"season {season}"
    sprint = " sprint" if session == "sprint" else ""
    kept = shelf.races(series=FORMULA_ONE)
    near = kept.filter(season=season)
    races = [
        f"{row['season']} {row['name']}" + (" sprint" if row["session"] == "sprint" else "")
        for row in (kept if near.is_empty() else near).iter_rows(named=True)
    ]
    if not event and (years := shelf.seasons(FORMULA_ONE)):
        races = [f"the seasons {min(years)} to {max(years)}"]
    more = f" and {len(races) - NAMED} more" if len(races) > NAMED else ""
    stored = f"stored: {', '.join(races[:NAMED])}{more}" if races else "no race is stored"
    return UnreachableError(
        f"the {what}{sprint} is not stored and could not be fetched: {error.message}",
        hint="; ".join(filter(None, (error.hint, stored))),
        **{**error.facts, "season": season, "event": event, "session": session},
    )


def _name(shelf: Store, season: int, event: str) -> str:
    return f"{season} {shelf.events(season).filter(event=event)['name'].item()}"
