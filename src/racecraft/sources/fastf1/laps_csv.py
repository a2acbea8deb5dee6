"""The laps table of the FastF1 library, saved as CSV: one event or a season a file.

Both shapes in circulation are read: with sector session times, and without. `Time` is the session
clock at the end of the lap; only its differences are used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from racecraft.errors import UnreadableError
from racecraft.model.race import DOUBTS, is_event_name
from racecraft.sources.fastf1.laps_table import CLOCK_COLUMNS, NUMBER_COLUMNS, race_from_laps
from racecraft.sources.shared.csv_cells import read_csv

if TYPE_CHECKING:
    from pathlib import Path

    from racecraft.model.race import Race
    from racecraft.model.terms import SessionName

NEEDED = ("Time", "Driver", "LapNumber")
LARGEST_NUMBER = 10_000  # of laps, places, cars, rounds
LARGEST_FILE = 500_000_000  # bytes; a season is a few million

NULLS = ("", "NaT", "nan", "NaN", "NA", "N/A", "#N/A", "<NA>", "None", "null", "NULL")
SEPARATORS = (",", ";", "\t")
FEW = 3  # odd cells that a column may have
MOST_ODD = 0.1  # share of odd cells beyond which a column holds something else
FLAGS = ("FreshTyre", "Deleted")
TEXTS = ("Driver", "Team", "EventName", "Compound", "CompoundName", "TrackStatus")
OTHERS = (*FLAGS, *TEXTS)
ALIASES = {
    "round": "RoundNumber",
    "event": "EventName",
    "grandprix": "EventName",
    "lap": "LapNumber",
}

_DURATION = r"^(-?)(?:(\d+) days?,? )?\+?(?:(\d+):)?(\d{1,2}):(\d{1,2}(?:\.\d+)?)$"


def fetch(path: Path) -> bytes:
    """Bytes of a CSV file.

    Raises
    ------
    UnreadableError
        There is no such file, it is a folder, or it is far larger than a season can be.
    """
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise UnreadableError(
                f"{path.name}: {size / 1e6:.0f} MB, but a season of laps is a few",
                hint="give one season a file",
                file=path.name,
            )
        return path.read_bytes()
    except OSError as error:
        raise UnreadableError(
            f"{path}: {error.strerror}; expected a CSV file of laps", file=str(path)
        ) from error


def parse(
    data: bytes,
    *,
    season: int,
    file: str = "laps.csv",
    session: SessionName | None = None,
    event: str | None = None,
) -> list[Race]:
    """Races of a laps table, in order of their rounds.

    Parameters
    ----------
    data
        The CSV file.
    season
        Year of the season; the table does not say.
    file
        Its name, for errors; ``sprint`` in it means a sprint where ``session`` is not given.
    session
        ``race`` or ``sprint``.
    event
        Name of the event where the table has no ``EventName`` column.

    Raises
    ------
    UnreadableError
        The bytes are not such a table; says the line, the column and what was expected.

    Examples
    --------
    >>> csv = b'''Time,Driver,DriverNumber,LapNumber,LapTime,RoundNumber,EventName
    ... 0 days 01:01:30,VER,1,1,90.0,1,Toy Grand Prix
    ... 0 days 01:01:31,HAM,44,1,91.0,1,Toy Grand Prix
    ... '''
    >>> parse(csv, season=2023)
    [<Race 2023 Toy Grand Prix: 2 cars, 2 crossings from laps_csv>]
    """
    frame, odd = _typed(_read(data, file), file)
    if session is None:
        session = "sprint" if "sprint" in file.lower() else "race"
    if "EventName" not in frame.columns:
        if event is None:
            raise UnreadableError(
                f"{file}: no column EventName", hint="say which event it is", file=file
            )
        frame = frame.with_columns(EventName=pl.lit(event))
    if "RoundNumber" not in frame.columns:
        frame = frame.with_columns(RoundNumber=pl.lit(None, pl.Float64))
    frame = _with_event(frame, odd)
    events = frame.sort("RoundNumber", maintain_order=True).partition_by(
        "EventName", maintain_order=True
    )
    return [
        _with_odd_cells(
            race_from_laps(laps, season=season, session=session, file=file, source="laps_csv"),
            laps,
            odd,
        )
        for laps in events
    ]


def _with_event(frame: pl.DataFrame, odd: list[tuple[str, str, int]]) -> pl.DataFrame:
    """Rows with the name of an event; the odd one without is left out, and told."""
    sound = [name for name in frame["EventName"].drop_nulls().unique() if is_event_name(name)]
    nameless = ~pl.col("EventName").is_in(sound) | pl.col("EventName").is_null()
    lost = frame.filter(nameless)
    if not sound or lost.height > max(FEW, MOST_ODD * frame.height):
        return frame  # and an error, when its races are made
    odd += [("EventName", row["EventName"] or "", row["line"]) for row in lost.to_dicts()]
    return frame.filter(~nameless)


def _with_odd_cells(race: Race, laps: pl.DataFrame, odd: list[tuple[str, str, int]]) -> Race:
    """The race, with doubts about the cells of its rows that could not be read."""
    if not odd:
        return race
    where = {line: (car, lap) for line, car, lap in laps["line", "Driver", "LapNumber"].rows()}
    rows = [
        {
            "table": "crossings",
            "car": where[line][0],
            "lap": where[line][1] and int(where[line][1]),
            "reason": f"{column} is {found[:40]!r} on line {line}: taken as unknown",
        }
        for column, found, line in odd
        if line in where
    ]
    rows += [
        {"table": "crossings", "reason": f"line {line} of the file names no event: left out"}
        for column, _, line in odd
        if column == "EventName"
    ]
    return race.with_tables(doubts=pl.concat([race.doubts, DOUBTS.rows(rows)]))


def _read(data: bytes, file: str) -> pl.DataFrame:
    """Every cell as text, with the line it stands on, under the names that FastF1 gives."""
    heading = data.removeprefix(b"\xef\xbb\xbf").lstrip().split(b"\n", 1)[0]
    separator = max(SEPARATORS, key=lambda mark: heading.count(mark.encode()))
    expected = "the laps table of FastF1"
    frame = read_csv(data, file=file, expected=expected, nulls=NULLS, separator=separator)
    frame = frame.rename(_names(frame.columns))
    if missing := [name for name in NEEDED if name not in frame.columns]:
        raise UnreadableError(
            f"{file}: no column {missing[0]}; expected {expected}", file=file, column=missing[0]
        )
    if frame.is_empty():
        raise UnreadableError(f"{file}: a heading and no laps", file=file)
    if separator == ";":  # whoever writes it writes 92,372 too
        decimal = (
            pl.col(pl.String).exclude(TEXTS).str.replace(r"^([\d:. days+-]*\d),(\d+)$", "$1.$2")
        )
        frame = frame.with_columns(decimal)
    return frame


def _names(columns: list[str]) -> dict[str, str]:
    """FastF1's names of columns, whoever wrote them: ``lap_time``, ``Lap Time`` and ``lapTime``."""
    known = {_plain(name): name for name in (*CLOCK_COLUMNS, *NUMBER_COLUMNS, *OTHERS)} | ALIASES
    names: dict[str, str] = {}
    for column in columns:
        name = known.get(_plain(column))
        if name and name not in columns and name not in names.values():
            names[column] = name
    return names


def _plain(name: str) -> str:
    return "".join(filter(str.isalnum, name)).lower()


def _typed(frame: pl.DataFrame, file: str) -> tuple[pl.DataFrame, list[tuple[str, str, int]]]:
    """Cells as what they say: clocks as durations, numbers as numbers.

    A cell that says something else is unknown, and told: column, what was found, line. Where more
    than a few do it is another table, and an error.
    """
    clocks = [name for name in CLOCK_COLUMNS if name in frame.columns]
    numbers = [name for name in NUMBER_COLUMNS if name in frame.columns]
    flags = [name for name in FLAGS if name in frame.columns]
    status = [name for name in ("TrackStatus",) if name in frame.columns]
    typed = frame.with_columns(
        *(_clock(name) for name in clocks),
        *(_number(name) for name in numbers),
        *(pl.col(name).str.to_lowercase().is_in(["true", "1", "1.0"]) for name in flags),
        *(pl.col(name).str.strip_suffix(".0") for name in status),
    )
    odd: list[tuple[str, str, int]] = []
    for names, what in ((clocks, "a time"), (numbers, "a number")):
        for name in names:
            lost = frame.filter(typed[name].is_null() & frame[name].is_not_null())
            if lost.height > max(FEW, MOST_ODD * frame.height):
                row = lost.row(0, named=True)
                raise UnreadableError(
                    f"{file}, line {row['line']}, {name}: {row[name]!r}; expected {what}",
                    file=file,
                    line=row["line"],
                    column=name,
                )
            odd += [(name, row[name], row["line"]) for row in lost.iter_rows(named=True)]
    return typed, odd


def _number(name: str) -> pl.Expr:
    number = pl.col(name).cast(pl.Float64, strict=False)
    return pl.when(number.abs() < LARGEST_NUMBER).then(number).alias(name)


def _clock(name: str) -> pl.Expr:
    """Seconds (``93.372``) or a duration (``0 days 00:01:33.372000``); negative is no time."""
    part = pl.col(name).str.extract_groups(_DURATION)
    whole = (
        part.struct[1].cast(pl.Float64, strict=False).fill_null(0) * 86400
        + part.struct[2].cast(pl.Float64, strict=False).fill_null(0) * 3600
        + part.struct[3].cast(pl.Float64) * 60
        + part.struct[4].cast(pl.Float64)
    )
    second = (
        pl.when(part.struct[0] == "")
        .then(whole)
        .otherwise(pl.col(name).cast(pl.Float64, strict=False))
    )
    valid = second.is_finite() & second.is_between(0, 10 * 86400)
    return (
        pl.when(valid)
        .then((second * 1_000_000).round().cast(pl.Int64, strict=False))
        .cast(pl.Duration("us"))
        .alias(name)
    )
