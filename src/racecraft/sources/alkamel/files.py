"""Which files of a folder belong to which race, and what their names say of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePath

from racecraft.errors import ArgumentError, UnreadableError
from racecraft.sources.shared.files import read_bytes

LARGEST_FILE = 200_000_000  # bytes; a race of 24 hours is five million
EXPECTED = "the analysis file of a race"

# Folders and files of sessions that are no races.
_NO_RACE = re.compile(
    r"practice|qualif|warm.?up|hyperpole|shakedown|weather|pit.?stop|\\bentry|combined|"
    r"(?<![a-z])(?:grid|test)(?![a-z])",
    re.IGNORECASE,
)
_OF_CLASSES = re.compile(r"class(?!if)|category|hour ?by", re.IGNORECASE)
_STAMP = re.compile(r"(?<!\d)(20\d{2})(\d{2})(\d{2})(?:\d{4})?(?!\d)")
_HOUR = re.compile(r"hour[ _]*(\d{1,2})", re.IGNORECASE)
_ROUND = re.compile(r"^(\d{1,2})[-_ ](?!hour)(.*\D.*)$", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(20\d{2}|19\d{2})(?!\d)")
_SERIES = re.compile(
    r"\b(?:imsa|wec|elms|alms|mlmc|fia|aco|weathertech|race|session|results?)\b"
    r"|championship|challenge|series|\bcup\b|^\d{3}_",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Published:
    """Files of one race as bytes by their names, and what is said of it where they lie."""

    laps: dict[str, bytes]
    results: dict[str, bytes]
    date: date | None = None
    season: int | None = None
    event: str | None = None
    round: int | None = None


def published(folder: Path) -> list[Published]:
    """Races of a folder, or of one file: the last hour of each, and its final result.

    Raises
    ------
    UnreadableError
        There is no such folder, or nothing in it is the analysis or the result of a race.
    """
    if not folder.exists():
        raise UnreadableError(f"{folder}: not there; expected a folder of Al Kamel's files")
    paths = [folder] if folder.is_file() else sorted(folder.rglob("*"))
    tables = [p for p in paths if p.is_file() and p.suffix.lower().endswith("csv")]
    races: dict[str, dict[str, list[Path]]] = {}
    for path in tables:
        kind = _kind(path)
        if kind is not None:
            races.setdefault(_race_of(path, folder), {}).setdefault(kind, []).append(path)
    if not races:
        raise UnreadableError(
            f"{folder}: none of {len(tables)} CSV files is {EXPECTED}, or its result",
            hint="Al Kamel calls them 23_Analysis_Race.CSV or 23_Time Cards_Race.CSV, and "
            "03_Classification_Race.CSV or 03_Results_Race.CSV",
            path=str(folder),
        )
    return _told_apart({key: _published(kinds) for key, kinds in races.items()})


def _kind(path: Path) -> str | None:
    """``laps`` or ``results`` by the names of the columns; None for other files and sessions."""
    sessions = [folder for folder in path.parts[-4:-1] if _STAMP.match(folder)]
    if any(_NO_RACE.search(name) for name in (path.name, *sessions)):
        return None
    try:
        with path.open("rb") as file:
            head = file.readline(20_000)
    except OSError as error:
        raise UnreadableError(f"{path}: {error.strerror}; expected {EXPECTED}") from error
    code = "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    cells = re.split(r"[,;\t|]", head.decode(code, errors="ignore"))
    names = {cell.strip(' "\r\n').upper() for cell in cells}
    if {"NUMBER", "LAP_NUMBER"} <= names:
        return "laps"
    if "NUMBER" in names and names & {"POSITION", "POS"} and names & {"LAPS", "TOTAL_TIME"}:
        return "results"
    return None


def _race_of(path: Path, folder: Path) -> str:
    """What files of one race have in common: the folder without its hour, and the date."""
    parts = path.parent.relative_to(folder if folder.is_dir() else path.parent).parts
    stamp = _STAMP.search(path.name)
    which = re.search(r"race[ _]*(\d)(?!\d)", path.stem, re.IGNORECASE)
    kept = [part for part in parts if not _HOUR.search(part)]
    return "/".join([*kept, stamp.group() if stamp else "", which.group(1) if which else ""])


def _published(kinds: dict[str, list[Path]]) -> Published:
    laps = sorted(kinds.get("laps", []), key=_rank)[-1:]
    results = sorted(kinds.get("results", []), key=_rank)[-1:]
    some = (laps or results)[0].absolute()
    told = [some.name, *(part for part in reversed(some.parent.parts))]
    day = next((found for part in told[:4] if (found := _STAMP.search(part))), None)
    number, event = _event(told[1:])
    years = [found for part in told[:5] if (found := _YEAR.search(part))]
    when = None if day is None else _date(day)
    year = when.year if when else int(years[0].group()) if years else None
    return Published(
        laps={
            path.name: read_bytes(path, expected=EXPECTED, largest=LARGEST_FILE) for path in laps
        },
        results={
            path.name: read_bytes(path, expected=EXPECTED, largest=LARGEST_FILE) for path in results
        },
        date=when,
        season=year,
        event=event,
        round=number,
    )


def _told_apart(races: dict[str, Published]) -> list[Published]:
    """Races in order; two of one event bear its name and their number."""
    events = [(told.season, told.event) for told in races.values()]
    return [
        replace(told, event=f"{told.event} Race {which}")
        if (which := key.rpartition("/")[2]) and events.count((told.season, told.event)) > 1
        else told
        for key, told in races.items()
    ]


def _rank(path: Path) -> tuple[bool, int, bool, bool, str]:
    """Sorts what is final last: all classes, the last hour, with every loop, not provisional."""
    hours = [int(h) for part in path.parts[-3:] for h in _HOUR.findall(part)]
    name = path.name.lower()
    return (
        not _OF_CLASSES.search(name),
        max(hours, default=99 if "final" in name else 0),
        "provisional" not in name,
        "sections" in name,
        name,
    )


def _event(folders: list[str]) -> tuple[int | None, str | None]:
    """Round and name of the event, from the first folder that names one, as 07_SPA does."""
    for folder in folders[:5]:
        if _HOUR.search(folder) or _STAMP.search(folder):
            continue
        if (found := _ROUND.match(folder)) and not _SERIES.search(folder.replace("_", " ")):
            return int(found.group(1)), _as_name(found.group(2))
        if found := _YEAR.search(folder):
            rest = _SERIES.sub(" ", _YEAR.sub(" ", re.sub(r"[-_]+", " ", folder)))
            if re.search(r"[^\W\d]{2}", rest):
                return None, _as_name(rest)
    return None, None


def _as_name(text: str) -> str:
    words = " ".join(re.sub(r"[-_]+", " ", text).split())
    if words not in (words.lower(), words.upper()):
        return words
    return " ".join(word.title() if word[0].isalpha() else word.lower() for word in words.split())


def _date(stamp: re.Match[str]) -> date | None:
    try:
        return date(*map(int, stamp.groups()))
    except ValueError:
        return None


def named(told: Published, asked_season: int | None, asked_event: str | None) -> tuple[int, str]:
    """Season and event of a race, as somebody said or as its files do.

    Raises
    ------
    ArgumentError
        Neither says.
    """
    season, event = asked_season or told.season, asked_event or told.event
    files = ", ".join(PurePath(name).name for name in (*told.laps, *told.results))
    for what, found in (("season", season), ("event", event)):
        if not found:
            raise ArgumentError(
                f"{files}: neither the files nor their folders say which {what} it is",
                hint=f"add --{what} {'YEAR' if what == 'season' else 'NAME'}",
            )
    return int(season or 0), str(event)
