"""What is taken out of the store, account by account."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import polars as pl

from racecraft.errors import NotFoundError, RacecraftError
from racecraft.lookup.find import find_event
from racecraft.model.race import event_id
from racecraft.model.table import Column, Table
from racecraft.store.accounts.disk import settle
from racecraft.store.accounts.folders import MANIFEST, accounts_of_season, series_of

if TYPE_CHECKING:
    from pathlib import Path

    from racecraft.store.store import Store

REMOVED = Table(
    "removed",
    key=(),
    columns=(
        Column("season", pl.Int32, "year, or what bore its name"),
        Column("event", pl.String, "stable name of the event; null for what is about a season"),
        Column("session", pl.String, "race or sprint; null for what is about a season"),
        Column("source", pl.String, "whose account it was"),
    ),
)


def remove(
    store: Store,
    folder: Path,
    event: int | str | None,
    session: str | None,
    source: str | None,
) -> pl.DataFrame:
    """Take accounts out of the folder of a season, with one writer; as `Store.remove`."""
    season = int(folder.name.partition("=")[2])
    wanted = {
        "event": None if event is None else _event(store, folder, event),
        "session": session,
        "source": source,
    }
    rows = []
    for account in list(accounts_of_season(folder)):
        told = dict(
            part.split("=", 1) for part in account.relative_to(store.folder).parts if "=" in part
        )
        if all(told.get(name) == value for name, value in wanted.items() if value is not None):
            _take_out(account)
            rows.append({**told, "season": season})
    if not rows:
        what = " ".join(str(value) for value in (event, session, source) if value is not None)
        raise NotFoundError(
            f"nothing of {season}{' ' + what if what else ''} is stored",
            hint="'racecraft data list' names what is; what is in the package stays",
            season=season,
        )
    _sweep(folder)
    return REMOVED.rows(rows)


def _event(store: Store, folder: Path, event: int | str) -> str:
    """Stable name of an event, of a season that may be beyond reading too."""
    season = int(folder.name.partition("=")[2])
    try:
        return find_event(store.events(season, series_of(folder)), event, season=season)
    except RacecraftError:
        return event_id(str(event))


def _take_out(account: Path) -> None:
    """Remove an account: without its manifest it is none, whatever becomes of its tables."""
    (account / MANIFEST).unlink(missing_ok=True)
    settle(account)
    shutil.rmtree(account)


def _sweep(folder: Path) -> None:
    """Remove folders in which nothing is left, from inside out."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()
    if not any(folder.iterdir()):
        folder.rmdir()
