"""The laps table of the FastF1 library, saved as CSV: one event or a season a file.

Both shapes in circulation are read: with sector session times, and without. `Time` is the session
clock at the end of the lap; only its differences are used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from racecraft.errors import UnreadableError
from racecraft.sources.fastf1.laps_table import CLOCK_COLUMNS, NUMBER_COLUMNS, race_from_laps
from racecraft.sources.shared.csv_cells import read_csv

if TYPE_CHECKING:
    from pathlib import Path

    from racecraft.model.race import Race
    from racecraft.model.terms import SessionName

NEEDED = ("Time", "Driver", "LapNumber")
LARGEST_NUMBER = 10_000  # of laps, places, cars, rounds
LARGEST_FILE = 500_000_000  # bytes; a season is a few million

_DURATION = r"^(-?)(?:(\d+) days?,? )?\+?(\d+):(\d{2}):(\d{2}(?:\.\d+)?)$"


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
    frame = _typed(_read(data, file), file)
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
    events = frame.sort("RoundNumber", maintain_order=True).partition_by(
        "EventName", maintain_order=True
    )
    return [
        race_from_laps(laps, season=season, session=session, file=file, source="laps_csv")
        for laps in events
    ]


def _read(data: bytes, file: str) -> pl.DataFrame:
    """Every cell as text, with the line it stands on."""
    frame = read_csv(data, file=file, expected="the laps table of FastF1", needed=NEEDED)
    if frame.is_empty():
        raise UnreadableError(f"{file}: a heading and no laps", file=file)
    return frame


def _typed(frame: pl.DataFrame, file: str) -> pl.DataFrame:
    """Cells as what they say: clocks as durations, numbers as numbers; else an error."""
    clocks = [name for name in CLOCK_COLUMNS if name in frame.columns]
    numbers = [name for name in NUMBER_COLUMNS if name in frame.columns]
    typed = frame.with_columns(
        *(_clock(name) for name in clocks),
        *(_number(name) for name in numbers),
        *(pl.col(name) == "True" for name in ("FreshTyre", "Deleted") if name in frame.columns),
    )
    for names, what in ((clocks, "a time"), (numbers, "a number")):
        for name in names:
            lost = typed[name].is_null() & frame[name].is_not_null()
            if lost.any():
                row = frame.filter(lost).row(0, named=True)
                raise UnreadableError(
                    f"{file}, line {row['line']}, {name}: {row[name]!r}; expected {what}",
                    file=file,
                    line=row["line"],
                    column=name,
                )
    return typed


def _number(name: str) -> pl.Expr:
    number = pl.col(name).cast(pl.Float64, strict=False)
    return pl.when(number.abs() < LARGEST_NUMBER).then(number).alias(name)


def _clock(name: str) -> pl.Expr:
    """Seconds (``93.372``) or a duration (``0 days 00:01:33.372000``); negative is no time."""
    part = pl.col(name).str.extract_groups(_DURATION)
    whole = (
        part.struct[1].cast(pl.Float64, strict=False).fill_null(0) * 86400
        + part.struct[2].cast(pl.Float64) * 3600
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
