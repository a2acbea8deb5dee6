"""Which seasons, races and sprints are stored, and whose accounts of them there are."""

from __future__ import annotations

import re
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any

import polars as pl

from racecraft.errors import ArgumentError, UnreadableError
from racecraft.model.race import RACE_FACTS
from racecraft.model.reported import check_series
from racecraft.model.table import Column, Table
from racecraft.model.terms import FORMULA_ONE
from racecraft.sources.sample.sample import RACES, sample_race
from racecraft.store.accounts.manifest import MANIFEST
from racecraft.store.accounts.parquet import read_manifest
from racecraft.store.bounds import check_season

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from racecraft.store.accounts.manifest import Manifest

RACES_STORED = Table(
    "races",
    key=("series", "season", "event", "session"),
    columns=(
        Column("series", pl.String, "whose championship: f1, imsa, ..."),
        Column("season", pl.Int16, "year of the season"),
        Column("round", pl.Int16, "round of the season; null if no source says"),
        Column("event", pl.String, "stable name of the event within its season"),
        Column("name", pl.String, "name of the event"),
        Column("session", pl.String, "race or sprint"),
        Column("source", pl.String, "whose accounts there are"),
        Column("resolution", pl.String, "laps, sectors or mini-sectors"),
        Column("fetched", pl.Datetime("us", "UTC"), "when the last of them was stored; null for "
               "the sample, which is always there"),
    ),
)  # fmt: skip

_LINES_PER_LAP = {0: None, 1: "laps", 2: "sectors", 3: "sectors"}
_NAME = re.compile(r"[\w+-][\w+.-]{0,99}", re.ASCII)


def series_folder(store: Path, series: str) -> Path:
    """Folder of everything stored of one series; seasons of Formula 1 lie in the store itself."""
    return store if series == FORMULA_ONE else store / f"series={_named(check_series(series))}"


def season_folder(store: Path, season: int, series: str = FORMULA_ONE) -> Path:
    """Folder of everything stored of one season."""
    return series_folder(store, series) / f"season={season}"


def race_folder(season: Path, event: str, session: str) -> Path:
    """Folder of the accounts of one race, by the stable name of its event, never by its round."""
    return season / f"event={_named(event)}" / f"session={_named(session)}"


def account_folder(folder: Path, source: str) -> Path:
    """Folder of what one source says, in the folder of a season or of a race."""
    return folder / f"source={_named(source)}"


def account_folders(folder: Path) -> list[Path]:
    """Folders of the accounts in the folder of a season or of a race, in order of their names.

    One without a manifest is no account yet.
    """
    return [path for path in _below(folder, "source") if (path / MANIFEST).is_file()]


def every_folder(store: Path) -> Iterator[Path]:
    """Folders of all accounts in a store, and of those that are none yet."""
    for season in season_folders(store):
        yield from accounts_of_season(season)


def accounts_of_season(season: Path) -> Iterator[Path]:
    """Folders of all accounts of a season and of its races, and of those that are none yet."""
    yield from _below(season, "source")
    for race in race_folders(season):
        yield from _below(race, "source")


def season_folders(store: Path) -> list[Path]:
    """Folders of seasons of every series, whatever year they bear."""
    series = [store, *_below(store, "series")]
    return [season for folder in series for season in _below(folder, "season")]


def series_stored(store: Path) -> list[str]:
    """Names of the series of which there are folders, Formula 1 first."""
    return [FORMULA_ONE, *(_name(folder) for folder in _below(store, "series"))]


def seasons_stored(store: Path, series: str = FORMULA_ONE) -> dict[int, list[str]]:
    """Sources that told about a season, by its year; of some years only races are stored."""
    found = {}
    for path in _below(series_folder(store, series), "season"):
        accounts = account_folders(path)
        year = season_of(path)
        if year is not None and (accounts or any(map(account_folders, race_folders(path)))):
            found[year] = [_name(account) for account in accounts]
    return found


def season_of(folder: Path) -> int | None:
    """Year of the folder of a season; None where it is none that there can be."""
    year = _name(folder)
    try:
        check_season(int(year), series_of(folder))
    except (ArgumentError, ValueError):
        return None
    return int(year) if year == str(int(year)) else None


def series_of(season: Path) -> str:
    """Series of the folder of a season."""
    kind, _, name = season.parent.name.partition("=")
    return name if kind == "series" else FORMULA_ONE


def races_stored(
    store: Path, *, season: int | None = None, series: str | None = None, sample: bool = True
) -> pl.DataFrame:
    """Return ``RACES_STORED``: one row per race or sprint of which there is an account.

    Parameters
    ----------
    store
        Folder of the store.
    season, series
        Only that one.
    sample
        Whether the races of the sample are there too.
    """
    rows: dict[tuple[str, int, str, str], dict[str, Any]] = {}
    accounts = [*_accounts_of_races(store, season), *(_accounts_in_sample() if sample else ())]
    for facts, lines, fetched in accounts:
        if season in (None, facts["season"]) and series in (None, facts["series"]):
            key = (facts["series"], facts["season"], facts["event"], facts["session"])
            row = rows.setdefault(key, {**facts, "lines": 0, "sources": set(), "fetched": None})
            row["lines"] = max(row["lines"], lines)
            row["sources"].add(facts["source"])
            row["round"] = facts["round"] if row["round"] is None else row["round"]
            row["fetched"] = max(filter(None, (row["fetched"], fetched)), default=None)
    return in_order(
        RACES_STORED.rows(
            [
                {
                    **{name: row[name] for name in RACES_STORED.schema.names() if name in row},
                    "source": "+".join(sorted(row["sources"])),
                    "resolution": _LINES_PER_LAP.get(row["lines"], "mini-sectors"),
                }
                for row in rows.values()
            ]
        )
    )


def in_order(stored: pl.DataFrame) -> pl.DataFrame:
    """Races by series, season and round; unknown rounds come last, a sprint before its race."""
    weekend = pl.col("session").replace_strict({"sprint": 0, "race": 1}, return_dtype=pl.Int8)
    other = pl.col("series") != FORMULA_ONE
    return stored.sort(other, "series", "season", "round", "event", weekend, nulls_last=True)


def _accounts_of_races(
    store: Path, season: int | None
) -> Iterator[tuple[dict[str, Any], int, datetime | None]]:
    """Facts, lines per lap and time of storing of every account of a race."""
    seasons = [path for path in season_folders(store) if season in (None, season_of(path))]
    for race in chain.from_iterable(map(race_folders, seasons)):
        for account in account_folders(race):
            manifest = manifest_of(account)
            if manifest is None:
                continue
            lines = manifest.tables.get("lines")
            yield manifest.facts, lines.rows if lines else 0, manifest.fetched


def manifest_of(account: Path) -> Manifest | None:
    """Manifest of an account; None where it cannot be read, so that one spoils no list of all."""
    try:
        return read_manifest(account)
    except (UnreadableError, FileNotFoundError):
        return None


@cache
def _accounts_in_sample() -> list[tuple[dict[str, Any], int, None]]:
    races = [sample_race(event) for event in RACES]
    return [
        ({name: getattr(race, name) for name in RACE_FACTS}, race.lines.height, None)
        for race in races
    ]


def race_folders(season: Path) -> Iterator[Path]:
    """Folders of the races and sprints of a season."""
    return chain.from_iterable(_below(event, "session") for event in _below(season, "event"))


def _below(folder: Path, kind: str) -> list[Path]:
    """Folders of one kind in another, which need not exist: ``kind=name``."""
    try:
        return sorted(path for path in folder.iterdir() if path.name.startswith(f"{kind}="))
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise UnreadableError(
            f"{folder}: {error.strerror}; expected a folder of the store",
            hint="name another store with --store DIR or RACECRAFT_STORE",
            file=str(folder),
        ) from error


def _name(folder: Path) -> str:
    return folder.name.partition("=")[2]


def _named(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ArgumentError(
            f"{name!r} cannot name a folder of the store", hint="letters, digits, -, _, + and ."
        )
    return name
