"""Where in a store everything lies; it imports nothing that takes long."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from racecraft.errors import ArgumentError, UnreadableError
from racecraft.model.terms import FORMULA_ONE
from racecraft.store.replies import usual_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

MANIFEST = "manifest.json"
FIRST_SEASON = 1950
FIRST_RACE = 1894  # from Paris to Rouen
_NAME = re.compile(r"[\w+-][\w+.-]{0,99}", re.ASCII)


def store_folder(named: Path | str | None) -> Path:
    """Folder of a store: the one that is named, or the usual one; it need not be there.

    Raises
    ------
    ArgumentError
        There is a file where the folder should be, or no folder can have this name.
    """
    folder = Path(named) if named else usual_folder()
    if why := _no_folder(folder):
        raise ArgumentError(
            f"the store {folder} {why}; expected a folder",
            hint="name another with --store DIR or RACECRAFT_STORE",
            store=str(folder),
        )
    return folder


def check_season(season: int, series: str = FORMULA_ONE) -> None:
    """Refuse a year without a championship.

    Raises
    ------
    ArgumentError
        It is before the first one, or later than next year.
    """
    this_year = datetime.now(UTC).year
    first = FIRST_SEASON if series == FORMULA_ONE else FIRST_RACE
    if not first <= season <= this_year + 1:
        what = "the championship" if series == FORMULA_ONE else "motor racing"
        raise ArgumentError(
            f"no season {season}",
            hint=f"{what} began in {first}, and this is {this_year}",
            season=season,
        )


def series_folder(store: Path, series: str) -> Path:
    """Folder of everything stored of one series; seasons of Formula 1 lie in the store itself."""
    if series == FORMULA_ONE:
        return store
    from racecraft.model.reported import check_series

    return store / f"series={_named(check_series(series))}"


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


def _no_folder(path: Path) -> str:
    """Why a path is no folder of a store, be it one that is yet to be made; empty if it can be."""
    if "\0" in str(path):
        return "cannot be: a null byte in it"
    try:
        return "is a file" if path.exists() and not path.is_dir() else ""
    except OSError as error:
        return f"cannot be: {error.strerror}"
