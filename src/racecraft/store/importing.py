"""Sources read into the store, whether somebody names one or asks for what is not there.

All that a source says is read before any of it is stored.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from racecraft.errors import ArgumentError, NotFoundError, SourceError, UnreachableError
from racecraft.model.race import DOUBTS, Race
from racecraft.model.season import Season
from racecraft.model.table import Column, Table
from racecraft.sources import registry
from racecraft.sources.source import NEEDED, tell
from racecraft.store.calendar import check_calendar
from racecraft.store.told import what_is_readable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from racecraft.errors import RacecraftError
    from racecraft.model.terms import SessionName
    from racecraft.sources.source import Account, Progress, Source
    from racecraft.store.accounts.parquet import Account as Stored
    from racecraft.store.store import Store

ADDED = Table(
    "added",
    key=(),
    columns=(
        Column("series", pl.String, "whose championship"),
        Column("season", pl.Int16, "year of the season"),
        Column("round", pl.Int16, "round; null for what is about a whole season"),
        Column("name", pl.String, "name of the event; null for what is about a whole season"),
        Column("session", pl.String, "race or sprint; null for what is about a whole season"),
        Column("source", pl.String, "whose account it is"),
        Column("outcome", pl.String, "added, updated, or unchanged: the source says what it said"),
        Column("gone", pl.List(pl.String), "events whose results it told before, and now not"),
    ),
)


def add_source(
    store: Store,
    name: str,
    answers: Mapping[str, object],
    *,
    progress: Progress | None = None,
    note: Callable[[str], None] | None = None,
) -> pl.DataFrame:
    """Read a source and store what it says; returns ``ADDED``.

    Parameters
    ----------
    name
        Of the source, as in ``racecraft data add NAME``.
    answers
        To its questions by their names; what is left out has its default.
    progress
        Called with what is being read, and how much of how much is done.
    note
        Called with every line that the source has to say of how it understood what it was given.

    Raises
    ------
    ArgumentError
        There is no such source, or a library that it needs is not installed.
    UnreadableError
        What it was given is not what it reads; says which file, and where. Nothing is stored then.
    UnreachableError
        No answer, or a refusal; says when to come back.
    """
    source = registry.source(name)
    asked = _answered(source, answers)
    fetched = source.fetch(asked, progress)
    accounts = list(source.parse(fetched, asked))
    if note and source.notes:
        for line in source.notes(fetched, asked):
            note(line)
    return add(store, accounts, progress=progress)


def add(
    store: Store, accounts: Iterable[Account], *, progress: Progress | None = None
) -> pl.DataFrame:
    """Store accounts of seasons and races that were read; returns ``ADDED``.

    Raises
    ------
    ArgumentError
        One of them has a name that cannot be that of a folder, or says what its season cannot
        have held; then none is stored.
    """
    told = [_named_as_in_the_calendar(store, account) for account in accounts]
    for account in told:
        store.folder_of(account)
        if isinstance(account, Race):
            check_calendar(store, account)
    rows = []
    for number, account in enumerate(told):
        tell(progress, "storing", number, len(told))
        rows.append(_stored(store, account))
    tell(progress, "storing", len(told), len(told))
    return ADDED.rows(rows)


def _named_as_in_the_calendar(store: Store, account: Account) -> Account:
    """A race under the name of the event of its day, whatever its source calls it."""
    if isinstance(account, Season) or account.date is None:
        return account
    try:
        calendar = store.events(account.season, account.series)
    except NotFoundError:
        return account
    if account.event in calendar["event"]:
        return account
    that_day = calendar.filter(date=account.date)["event"]
    return replace(account, event=that_day.item()) if len(that_day) == 1 else account


def fetch_season(store: Store, season: int, progress: Progress | None = None) -> None:
    """Fetch calendar, drivers, results and standings of a season, and store them.

    Raises
    ------
    UnreachableError
        No answer, or a refusal; says when to come back.
    """
    for source in registry.on_demand(season):
        if source.on_demand and source.on_demand.season:
            add(store, source.on_demand.season(season, progress))
            return


def fetch_race(
    store: Store,
    season: int,
    event: str,
    session: SessionName,
    progress: Progress | None = None,
    *,
    note: Callable[[str], None] | None = None,
) -> None:
    """Fetch the timing of a race, and what its season says of it, and store both.

    The sources are asked in the order of their ranks: the live timing archive, OpenF1,
    TracingInsights, jolpica.

    Parameters
    ----------
    event
        Stable name of an event in the calendar of the season.
    note
        Called with a line where the race comes from a poorer source than the best; so does a doubt.

    Raises
    ------
    UnreachableError
        No source of it answers.
    NotFoundError
        No source has it.
    """
    calendar = store.load_season(season)
    refused: list[tuple[str, RacecraftError]] = []
    for source in registry.on_demand(season):
        if not (source.on_demand and source.on_demand.race):
            continue
        try:
            accounts = _of_race(source, calendar, event, session, progress)
        except (SourceError, NotFoundError) as error:
            refused.append((source.name, error))
            continue
        said = _poorer(source, refused)
        if said and note:
            note(said)
        add(store, [_doubted(account, said) for account in accounts])
        break
    else:
        raise _nowhere(refused, season, event)
    if store.load_season(season).results.filter(event=event, session=session).is_empty():
        try:
            fetch_season(store, season, progress)
        except UnreachableError:
            return  # the race can be told without its official result


def _poorer(source: Source, refused: Sequence[tuple[str, RacecraftError]]) -> str:
    """What to say of a race that comes from a source which was not asked first."""
    if not refused:
        return ""
    best, error = refused[0]
    richer = registry.source(best).gives["crossings"]
    return (
        f"from {source.name}, {source.gives['crossings']}; {best} has {richer}, but {error.message}"
    )


def _doubted(account: Account, said: str) -> Account:
    """A race with a doubt that says what it lacks."""
    if not said or isinstance(account, Season):
        return account
    doubt = DOUBTS.rows([{"table": "crossings", "reason": said}])
    return account.with_tables(doubts=pl.concat([account.doubts, doubt]))


def _nowhere(
    refused: Sequence[tuple[str, RacecraftError]], season: int, event: str
) -> RacecraftError:
    """Why no source has a race, each in its own words; the hint of one that may have it later."""
    if not refused:
        return NotFoundError(f"no source has the timing of races of {season}", season=season)
    later = [error for _, error in refused if isinstance(error, UnreachableError)]
    passing = [error for error in later if "retry_at" in error.facts] or later
    told = "; ".join(f"{name}: {error.message}" for name, error in refused)
    if len(refused) == 1:
        told = refused[0][1].message
    if not passing:
        return NotFoundError(told, hint=refused[-1][1].hint, season=season, event=event)
    return UnreachableError(told, hint=passing[-1].hint, **passing[-1].facts)


def _answered(source: Source, answers: Mapping[str, object]) -> dict[str, object]:
    """Answer to every question of a source, given or by default."""
    asked = {q.name: answers.get(q.name, q.default) for q in source.questions}
    wrong = [name for name in answers if name not in asked]
    lacking = [name for name, answer in asked.items() if answer is NEEDED]
    for names, what in ((lacking, "must be told"), (wrong, "does not ask for")):
        if names:
            raise ArgumentError(
                f"source {source.name} {what} {names[0]!r}", hint=f"it is asked as {source.usage}"
            )
    return asked


def _of_race(
    source: Source, season: Season, event: str, session: SessionName, progress: Progress | None
) -> list[Account]:
    ask = source.on_demand.race if source.on_demand else None
    return list(ask(season, event, session, progress)) if ask else []


def _stored(store: Store, account: Account) -> dict[str, object]:
    told = {"series": account.series, "season": account.season, "source": account.source}
    if isinstance(account, Season):
        before = what_is_readable(store.folder_of(account))
        gone = _gone(before, account) if before else []
        return {**told, "outcome": store.add_season(account), "gone": gone}
    return {
        **told,
        "round": account.round,
        "name": account.name,
        "session": account.session,
        "outcome": store.add_race(account),
    }


def _gone(before: Stored, season: Season) -> list[str]:
    """Events whose results an account of a season had, and this one has not."""
    told = before.tables.get("results", season.results.clear())
    gone = told.join(season.results, on="event", how="anti")["event"]
    names = before.tables.get("events", season.events).filter(pl.col("event").is_in(gone.implode()))
    return names["name"].to_list()
