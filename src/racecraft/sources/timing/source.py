"""Anybody's lap times, as ``data add timing`` and `load_laps` read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from racecraft.errors import ArgumentError
from racecraft.model.race import DOUBTS, Race
from racecraft.sources.shared.files import read_bytes
from racecraft.sources.shared.lap_rows import lap_rows
from racecraft.sources.shared.race_of_rows import tables_of_rows
from racecraft.sources.source import Question, Source
from racecraft.sources.timing.columns import find_columns
from racecraft.sources.timing.laps import Understood, understand
from racecraft.sources.timing.table import EXPECTED, text_of_file, text_of_frame

if TYPE_CHECKING:
    from collections.abc import Mapping

    from racecraft.sources.source import Asked, Progress

LARGEST_FILE = 200_000_000  # bytes
WELCOME = ("sector1", "pit", "class", "driver", "team", "compound", "position", "flag")
WORDS = {
    "sector1": "sectors", "pit": "stops", "compound": "tyres", "flag": "flags", "given_name":
    "given name", "family_name": "family name", "position": "position", "lap_time": "lap time",
    "time_of_day": "time of day", "elapsed": "elapsed time", "sector2": "sector 2",
    "sector3": "sector 3",
}  # fmt: skip


@dataclass(frozen=True)
class Fetched:
    """A table of laps as text, and what it is called in errors."""

    file: str
    table: pl.DataFrame


def load_laps(
    laps: Path | str | Any,
    *,
    event: str,
    season: int | None = None,
    series: str = "laps",
    columns: Mapping[str, str] | None = None,
) -> Race:
    """Race of anybody's lap times: a CSV file, a workbook, a polars or a pandas frame.

    Parameters
    ----------
    laps
        One row a car and lap, with columns for the car (or its driver or number), the lap, and one
        of lap time, time of day and elapsed time, under any of their usual names; sectors, stops,
        class, driver, team and tyres are read where they are. Times in seconds, ``m:ss.mmm`` or
        ``h:mm:ss``, or durations.
    event, season, series
        What the table does not say; left out, this year.
    columns
        Which column is what, where names alone do not tell: ``{"car": "Kart Nr."}``.

    Raises
    ------
    UnreadableError
        A column is missing, a cell is not what it should be, or the table contradicts itself.
    ArgumentError
        `columns` names what is not there; or a workbook, without the extra ``racecraft[xlsx]``.

    Examples
    --------
    >>> import polars as pl
    >>> table = pl.DataFrame({"Kart": [7, 9, 7, 9], "Lap": [1, 1, 2, 2],
    ...                       "Lap time": [41.2, 41.5, 40.9, 40.1]})
    >>> race = load_laps(table, event="Club night", season=2024)
    >>> race.crossings.filter(lap=2)["car"].to_list()
    ['7', '9']
    """
    if isinstance(laps, str | Path):
        fetched = fetch({"file": Path(laps)})
    else:
        fetched = Fetched("table", text_of_frame(laps, file="table"))
    year = date.today().year if season is None else season  # noqa: DTZ011, the year here
    return _race(fetched, columns or {}, series=series, season=year, event=event)


def fetch(asked: Asked, _: Progress | None = None) -> Fetched:
    """Cells of the file as text."""
    path: Path = asked["file"]
    data = read_bytes(path, expected=EXPECTED, largest=LARGEST_FILE)
    return Fetched(path.name, text_of_file(data, file=path.name))


def parse(fetched: Fetched, asked: Asked) -> list[Race]:
    """The race of its laps."""
    told = columns_of(asked["columns"])
    return [
        _race(fetched, told, series=asked["series"], season=asked["season"], event=asked["event"])
    ]


def notes(fetched: Fetched, asked: Asked) -> list[str]:
    """Which column was taken for what, what was not used, and what the race has to do without."""
    read = _understood(fetched, columns_of(asked["columns"]))
    taken = [f"{name!r} as {WORDS.get(role, role)}" for role, name in read.found.taken.items()]
    unused = read.found.unused
    without = [WORDS.get(role, role) for role in WELCOME if role not in read.found.taken]
    lines = [
        f"{fetched.file}: took {', '.join(taken)}",
        f"not used: {', '.join(map(repr, unused))}" if unused else "",
        f"did without: {', '.join(without)}" if without else "",
        *read.remarks,
    ]
    return [line for line in lines if line]


def columns_of(text: str | None) -> dict[str, str]:
    """Meanings of columns as somebody typed them: ``car=Kart Nr,lap=Runde``.

    Raises
    ------
    ArgumentError
        It is something else.

    Examples
    --------
    >>> columns_of("car=Kart Nr, lap=Runde")
    {'car': 'Kart Nr', 'lap': 'Runde'}
    """
    pairs = [pair.partition("=") for pair in (text or "").split(",") if pair.strip()]
    if any(not mark or not name.strip() for _, mark, name in pairs):
        raise ArgumentError(f"{text!r} names no columns", hint="as in car=Kart,lap=Round")
    return {role.strip().replace(" ", "_"): name.strip() for role, _, name in pairs}


def _understood(fetched: Fetched, told: Mapping[str, str]) -> Understood:
    found = find_columns(fetched.table, told, file=fetched.file)
    return understand(fetched.table, found, file=fetched.file)


def _race(
    fetched: Fetched, told: Mapping[str, str], *, series: str, season: int, event: str
) -> Race:
    read = _understood(fetched, told)
    laps = lap_rows(read.rows, file=fetched.file)
    tables = tables_of_rows(laps)
    remarks = [*read.remarks, "no result in this source: the order is the one at the flag"]
    doubts = DOUBTS.rows([{"table": "crossings", "reason": remark} for remark in read.remarks])
    result = DOUBTS.rows([{"table": "classification", "reason": remarks[-1]}])
    return Race(
        series=series,
        season=season,
        round=None,
        name=event,
        source="timing",
        clock=laps.clock,
    ).with_tables(**tables | {"doubts": pl.concat([tables["doubts"], doubts, result])})


SOURCE = Source(
    name="timing",
    reads="One race of your own lap times: a CSV file or a workbook, columns by their names.",
    origin="anybody's table of laps",
    questions=(
        Question("file", "CSV, or .xlsx with the extra racecraft[xlsx].", Path, "FILE"),
        Question("series", "Name of the championship or league."),
        Question("season", "Year.", int),
        Question("event", "Name of the event."),
        Question(
            "columns", "Which column is what, where names do not tell: car=Kart,lap=Round.",
            str | None, default=None,
        ),
    ),
    fetch=fetch,
    parse=parse,
    notes=notes,
    gives={
        "crossings": "1 or 3 lines a lap",
        "tyres": "if there",
        "pit_visits": "if there",
        "drivers_in_car": "if there",
        "control": "if there",
    },
    example='racecraft data add timing laps.csv --series club --season 2024 --event "Club night"',
)  # fmt: skip
