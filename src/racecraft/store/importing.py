"""What somebody has, or names, added to the store: all of it is read before any is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from racecraft.model.season import Season
from racecraft.model.table import Column, Table
from racecraft.store.load import store_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from racecraft.model.race import Race
    from racecraft.model.terms import SessionName
    from racecraft.store.fetching import Progress
    from racecraft.store.store import Store

    Account = Season | Race

ADDED = Table(
    "added",
    key=(),
    columns=(
        Column("season", pl.Int16, "year of the season"),
        Column("round", pl.Int16, "round; null for what is about a whole season"),
        Column("name", pl.String, "name of the event; null for what is about a whole season"),
        Column("session", pl.String, "race or sprint; null for what is about a whole season"),
        Column("source", pl.String, "whose account it is"),
        Column("outcome", pl.String, "added, updated, or unchanged: the source says what it said"),
    ),
)


def add_sample(*, store: Store | Path | str | None = None) -> pl.DataFrame:
    """Store the season and the races that are in the package; returns ``ADDED``."""
    from racecraft.sources.sample.sample import RACES, sample_race, sample_season

    return add([sample_season(), *(sample_race(event) for event in RACES)], store=store)


def add_ergast(
    folder: Path,
    *,
    season: int | None = None,
    store: Store | Path | str | None = None,
    progress: Progress | None = None,
) -> pl.DataFrame:
    """Store the seasons of a folder of Ergast tables, or one of them; returns ``ADDED``.

    Raises
    ------
    UnreadableError
        A table is missing, or not one of Ergast's; nothing is stored then.
    """
    from racecraft.sources.ergast import dump

    files = dump.fetch(folder)
    seasons, races = dump.parse(files, seasons=None if season is None else [season])
    return add([*seasons, *races], store=store, progress=progress)


def add_jolpica(
    season: int, *, store: Store | Path | str | None = None, progress: Progress | None = None
) -> pl.DataFrame:
    """Fetch a season from api, without lap times, and store it; returns ``ADDED``.

    Raises
    ------
    UnreachableError
        No answer, or a refusal; says when to come back.
    """
    from racecraft.sources.jolpica import api

    told, races = api.parse(api.fetch(season, progress=progress))
    return add([told, *races], store=store)


def add_laps(
    files: Sequence[Path],
    *,
    season: int,
    session: SessionName | None = None,
    store: Store | Path | str | None = None,
    progress: Progress | None = None,
) -> pl.DataFrame:
    """Store the races of CSV files of laps; returns ``ADDED``.

    Raises
    ------
    UnreadableError
        A file is not such a table; says which, and where. Nothing of any file is stored then.
    """
    from racecraft.sources.fastf1 import laps_csv

    races: list[Race] = []
    for number, file in enumerate(files):
        _tell(progress, f"reading {file.name}", number, len(files))
        told = laps_csv.parse(laps_csv.fetch(file), season=season, file=file.name, session=session)
        races += told
    return add(races, store=store, progress=progress)


def add_livetiming(
    where: str, *, store: Store | Path | str | None = None, progress: Progress | None = None
) -> pl.DataFrame:
    """Store a race of the live timing archive, from a folder or a URL; returns ``ADDED``.

    Raises
    ------
    UnreadableError
        A stream is not one of the live timing; nothing is stored then.
    UnreachableError
        The archive does not answer.
    """
    from racecraft.sources.livetiming import archive as livetiming

    return add([livetiming.parse(livetiming.fetch(where, progress=progress))], store=store)


def add_fastf1(
    season: int,
    event: str | int,
    *,
    session: SessionName = "race",
    telemetry: bool = False,
    store: Store | Path | str | None = None,
) -> pl.DataFrame:
    """Load a race by the FastF1 library, and store it; returns ``ADDED``.

    Parameters
    ----------
    telemetry
        What the cars measured too, some hundred megabytes to be fetched.

    Raises
    ------
    ArgumentError
        The library is not installed: it comes with the extra ``racecraft[fastf1]``.
    """
    from racecraft.sources.fastf1 import session as fastf1

    loaded = fastf1.fetch(season, event, session, telemetry=telemetry)
    corners = fastf1.fetch_corners(loaded) if telemetry else None
    return add([fastf1.parse(loaded, corners=corners)], store=store)


def add(
    accounts: Iterable[Account],
    *,
    store: Store | Path | str | None = None,
    progress: Progress | None = None,
) -> pl.DataFrame:
    """Store accounts of seasons and races that were read; returns ``ADDED``.

    Raises
    ------
    ArgumentError
        One of them has a name that cannot be that of a folder; then none is stored.
    """
    shelf = store_at(store)
    told = list(accounts)
    for account in told:
        shelf.folder_of(account)
    rows = []
    for number, account in enumerate(told):
        _tell(progress, "storing", number, len(told))
        rows.append(_stored(shelf, account))
    _tell(progress, "storing", len(told), len(told))
    return ADDED.rows(rows)


def _stored(shelf: Store, account: Account) -> dict[str, object]:
    if isinstance(account, Season):
        outcome = shelf.add_season(account)
        return {"season": account.season, "source": account.source, "outcome": outcome}
    return {
        "season": account.season,
        "round": account.round,
        "name": account.name,
        "session": account.session,
        "source": account.source,
        "outcome": shelf.add_race(account),
    }


def _tell(progress: Progress | None, what: str, done: int, total: int) -> None:
    if progress is not None:
        progress(what, done, total)
