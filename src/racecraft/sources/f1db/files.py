"""The files of f1db, from a folder or a ZIP archive: a release as CSV, or a checkout as YAML."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from racecraft.errors import UnreadableError
from racecraft.sources.f1db.tables import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EXPECTED = "a release of f1db as CSV, or a checkout with its src/data"
LARGEST_FILE = 100_000_000  # bytes; the largest table of a release has about four million
MOST_FILES = 200_000  # a checkout has about twenty-five thousand

# Folders of a checkout, and the table that each is.
PEOPLE = {
    "drivers": "drivers", "constructors": "constructors", "circuits": "circuits",
    "countries": "countries", "grands-prix": "grands_prix",
}  # fmt: skip
_OF_A_RACE = re.compile(r"(?:^|/)seasons/(\d{4})/races/(\d+)[^/]*/([a-z0-9-]+)\.ya?ml$")
_OF_SOMEBODY = re.compile(r"(?:^|/)([a-z-]+)/[^/]+\.ya?ml$")


def fetch(where: Path, *, season: int | None = None) -> dict[str, bytes]:
    """Files of a folder or of a ZIP archive that have something to tell, by their paths in it.

    Parameters
    ----------
    where
        The folder or the archive.
    season
        Of a checkout only the files of this year.

    Raises
    ------
    UnreadableError
        It is not there, is neither, holds no table of f1db, or one far larger than it can be.
    """
    if not where.exists():
        raise UnreadableError(f"{where}: not there; expected {EXPECTED}", path=str(where))
    try:
        files = dict(_in_folder(where, season) if where.is_dir() else _in_archive(where, season))
    except zipfile.BadZipFile as error:
        raise UnreadableError(
            f"{where}: neither a folder nor a ZIP archive; expected {EXPECTED}", path=str(where)
        ) from error
    except OSError as error:
        raise UnreadableError(
            f"{where}: {error.strerror or error}; expected {EXPECTED}", path=str(where)
        ) from error
    if not files:
        raise UnreadableError(f"{where}: no table of f1db; expected {EXPECTED}", path=str(where))
    return files


def table_of(path: str) -> str | None:
    """Table that a file is or is a part of; None where it is none.

    >>> table_of("f1db-races-race-results.csv"), table_of("raceResults.csv.gz")
    ('race_results', 'race_results')
    >>> table_of("src/data/seasons/2026/races/01-australia/pit-stops.yml")
    'pit_stops'
    >>> table_of("f1db-seasons-driver-standings.csv") is None
    True
    """
    if path.endswith((".yml", ".yaml")):
        return _table_of_yaml(path)
    name = PurePosixPath(path).name
    if not name.endswith((".csv", ".csv.gz")):
        return None
    stem = snake(name.removesuffix(".gz").removesuffix(".csv")).removeprefix("f1db_")
    found = stem if stem in COLUMNS else stem.removeprefix("races_")
    return found if found in COLUMNS else None


def place_of(path: str) -> tuple[int, int] | None:
    """Season and round of a file of a checkout; None of one that is about no race."""
    found = _OF_A_RACE.search(path)
    return (int(found[1]), int(found[2])) if found else None


def snake(name: str) -> str:
    """Name in snake case: that of a file or a column.

    >>> snake("engineManufacturerId"), snake("f1db-races-qualifying-1-results"), snake("q1")
    ('engine_manufacturer_id', 'f1db_races_qualifying_1_results', 'q1')
    >>> snake("qualifying1Results")
    'qualifying_1_results'
    """
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=\d)(?=[A-Z])|(?<=[a-z]{2})(?=\d[A-Z])", "_", name)
    return re.sub(r"[-\s]+", "_", spaced).lower()


def _table_of_yaml(path: str) -> str | None:
    if found := _OF_A_RACE.search(path):
        name = found[3].replace("-", "_")
        return "races" if name == "race" else name if name in COLUMNS else None
    somebody = _OF_SOMEBODY.search(path)
    return PEOPLE.get(somebody[1]) if somebody else None


def _wanted(path: str, season: int | None) -> bool:
    if table_of(path) is None:
        return False
    place = place_of(path)
    return season is None or place is None or place[0] == season


def _in_folder(folder: Path, season: int | None) -> Iterator[tuple[str, bytes]]:
    root = folder / "src" / "data"
    for number, path in enumerate(sorted((root if root.is_dir() else folder).rglob("*"))):
        if number > MOST_FILES:
            raise UnreadableError(f"{folder}: over {MOST_FILES} files; expected {EXPECTED}")
        name = path.relative_to(folder).as_posix()
        if _wanted(name, season) and path.is_file():
            _refuse_large(name, path.stat().st_size)
            yield name, _unpacked(name, path.read_bytes())


def _in_archive(path: Path, season: int | None) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        if len(members) > MOST_FILES:
            raise UnreadableError(f"{path}: over {MOST_FILES} files; expected {EXPECTED}")
        for member in members:
            if _wanted(member.filename, season):
                _refuse_large(member.filename, member.file_size)
                yield member.filename, _unpacked(member.filename, archive.read(member))


def _refuse_large(name: str, size: int) -> None:
    if size > LARGEST_FILE:
        raise UnreadableError(f"{name}: {size / 1e6:.0f} MB; expected {EXPECTED}", file=name)


def _unpacked(name: str, data: bytes) -> bytes:
    if not name.endswith(".gz"):
        return data
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
            plain = packed.read(LARGEST_FILE + 1)
    except (OSError, EOFError) as error:
        raise UnreadableError(f"{name}: not a gzip file", file=name) from error
    _refuse_large(name, len(plain))
    return plain
