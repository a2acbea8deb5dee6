"""Answers of the jolpica API, which are nested, as the flat tables of the Ergast schema."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import polars as pl

from racecraft.errors import UnreadableError
from racecraft.sources.ergast.tables import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Row = dict[str, Any]
    Tables = dict[str, list[Row]]

MOST_ROWS = 100_000  # of one answer; the laps of a race are some 1500


def page_extent(body: bytes, page: str) -> tuple[int, int]:
    """Rows that a page spans at most, and rows of the whole answer.

    Raises
    ------
    UnreadableError
        The body is no answer of the API.
    """
    answer = _answer(body, page)
    extent = []
    for field, least in (("limit", 1), ("total", 0)):
        text = str(answer.get(field))
        if not text.isdecimal() or not least <= int(text) <= MOST_ROWS:
            raise _wrong(page, field, answer.get(field), f"a whole number up to {MOST_ROWS}")
        extent.append(int(text))
    return extent[0], extent[1]


def text_tables(pages: Mapping[str, bytes]) -> dict[str, pl.DataFrame]:
    """Tables of text, as `read_tables` takes them, with the number of each record as ``line``.

    Parameters
    ----------
    pages
        JSON by what was asked: ``2023/results/?limit=100&offset=0``, pages of an answer in order.

    Raises
    ------
    UnreadableError
        An answer is not as the API gives it; says which, and where.
    """
    rows: Tables = defaultdict(list)
    for page, body in pages.items():
        what = page.split("?")[0].strip("/").rsplit("/", 1)[-1]
        if what not in _READERS:
            raise _wrong(page, "path", what, f"one of {', '.join(_READERS)}")
        _READERS[what](_Node(_answer(body, page), page, "MRData"), rows)
    _once(rows, "circuits", "circuitId")
    _once(rows, "drivers", "driverId")
    _once(rows, "constructors", "constructorId")
    _once(rows, "driver_standings", "raceId", "driverId")
    _once(rows, "constructor_standings", "raceId", "constructorId")
    _in_order(rows["results"])
    _in_order(rows["sprint_results"])
    rows["status"] = [
        {"statusId": status, "status": status}
        for status in sorted({row["statusId"] for row in _all_results(rows) if row["statusId"]})
    ]
    return {
        name: pl.DataFrame(
            [[row.get(column) for column in columns] for row in rows[name]],
            schema=dict.fromkeys(columns, pl.String),
            orient="row",
        ).with_row_index("line", offset=1)
        for name, columns in COLUMNS.items()
    }


class _Node:
    """A place in an answer, which is walked with errors that say where one is."""

    def __init__(self, value: object, page: str, path: str) -> None:
        self.value, self.page, self.path = value, page, path

    def __getitem__(self, field: str) -> _Node:
        """Return what is in a field that must be there."""
        found = self.get(field)
        if found is None:
            raise _wrong(self.page, f"{self.path}.{field}", None, "a value")
        return found

    def get(self, field: str) -> _Node | None:
        """Return what is in a field that need not be there."""
        if not isinstance(self.value, dict):
            raise _wrong(self.page, self.path, self.value, "an object")
        found = self.value.get(field)
        return None if found is None else _Node(found, self.page, f"{self.path}.{field}")

    def each(self, field: str) -> Iterator[_Node]:
        """Give the items of a list; none if it is not there."""
        items = self.get(field)
        if items is None:
            return
        if not isinstance(items.value, list):
            raise _wrong(self.page, items.path, items.value, "a list")
        for number, item in enumerate(items.value):
            yield _Node(item, self.page, f"{items.path}[{number}]")

    def text(self, *fields: str) -> str | None:
        """Return the text at the end of the fields; None if one of them is not there, or empty."""
        node: _Node | None = self
        for field in fields:
            node = node.get(field) if node is not None else None
        if node is None:
            return None
        if isinstance(node.value, bool) or not isinstance(node.value, str | int | float):
            raise _wrong(self.page, node.path, node.value, "text")
        return str(node.value) or None


def _answer(body: bytes, page: str) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as error:
        start = body[:40].decode("utf-8", "replace")
        raise _wrong(page, "answer", start, "JSON") from error
    if not isinstance(answer, dict) or not isinstance(answer.get("MRData"), dict):
        raise _wrong(page, "answer", answer, "an object with MRData")
    data: dict[str, Any] = answer["MRData"]
    return data


def _wrong(page: str, path: str, found: object, expected: str) -> UnreadableError:
    what = "nothing" if found is None else repr(str(found)[:40])
    return UnreadableError(
        f"jolpica {page}, {path}: {what}; expected {expected}", page=page, path=path
    )


def _race(race: _Node) -> str:
    return f"{race.text('season')}/{race.text('round')}"


def _races(data: _Node, rows: Tables) -> None:
    for race in data["RaceTable"].each("Races"):
        circuit = race["Circuit"]
        rows["races"].append(
            {
                "raceId": _race(race),
                "year": race.text("season"),
                "round": race.text("round"),
                "circuitId": circuit.text("circuitId"),
                "name": race.text("raceName"),
                "date": race.text("date"),
            }
        )
        rows["circuits"].append(
            {
                "circuitId": circuit.text("circuitId"),
                "name": circuit.text("circuitName"),
                "location": circuit.text("Location", "locality"),
                "country": circuit.text("Location", "country"),
            }
        )


def _driver(driver: _Node, rows: Tables) -> str | None:
    """Note the driver, and return his name."""
    name = driver.text("driverId")
    rows["drivers"].append(
        {
            "driverId": name,
            "driverRef": name,
            "number": driver.text("permanentNumber"),
            "code": driver.text("code"),
            "forename": driver.text("givenName"),
            "surname": driver.text("familyName"),
            "dob": driver.text("dateOfBirth"),
            "nationality": driver.text("nationality"),
        }
    )
    return name


def _constructor(constructor: _Node, rows: Tables) -> str | None:
    """Note the team, and return its name."""
    name = constructor.text("constructorId")
    rows["constructors"].append(
        {
            "constructorId": name,
            "constructorRef": name,
            "name": constructor.text("name"),
            "nationality": constructor.text("nationality"),
        }
    )
    return name


def _drivers(data: _Node, rows: Tables) -> None:
    for driver in data["DriverTable"].each("Drivers"):
        _driver(driver, rows)


def _constructors(data: _Node, rows: Tables) -> None:
    for constructor in data["ConstructorTable"].each("Constructors"):
        _constructor(constructor, rows)


def _results(field: str, table: str) -> Callable[[_Node, Tables], None]:
    def read(data: _Node, rows: Tables) -> None:
        for race in data["RaceTable"].each("Races"):
            for result in race.each(field):
                gap = result.text("Time", "time") or ""
                rows[table].append(
                    {
                        "raceId": _race(race),
                        "driverId": _driver(result["Driver"], rows),
                        "constructorId": _constructor(result["Constructor"], rows),
                        "number": result.text("number"),
                        "grid": result.text("grid"),
                        "positionText": result.text("positionText"),
                        "points": result.text("points"),
                        "laps": result.text("laps"),
                        # A car that stopped but is classified has a gap below zero: "+-1:53:44.8".
                        # Its time is that of its last lap, which is no race time.
                        "milliseconds": None if "-" in gap else result.text("Time", "millis"),
                        "fastestLap": result.text("FastestLap", "lap"),
                        "fastestLapTime": result.text("FastestLap", "Time", "time"),
                        "statusId": result.text("status"),
                    }
                )

    return read


def _qualifying(data: _Node, rows: Tables) -> None:
    for race in data["RaceTable"].each("Races"):
        for result in race.each("QualifyingResults"):
            rows["qualifying"].append(
                {
                    "raceId": _race(race),
                    "driverId": _driver(result["Driver"], rows),
                    "position": result.text("position"),
                    "q1": result.text("Q1"),
                    "q2": result.text("Q2"),
                    "q3": result.text("Q3"),
                }
            )


def _pit_stops(data: _Node, rows: Tables) -> None:
    for race in data["RaceTable"].each("Races"):
        for stop in race.each("PitStops"):
            fields = ("driverId", "stop", "lap", "duration")
            rows["pit_stops"].append(
                {"raceId": _race(race)} | {field: stop.text(field) for field in fields}
            )


def _laps(data: _Node, rows: Tables) -> None:
    for race in data["RaceTable"].each("Races"):
        for lap in race.each("Laps"):
            for timing in lap.each("Timings"):
                fields = ("driverId", "position", "time")
                rows["lap_times"].append(
                    {"raceId": _race(race), "lap": lap.text("number")}
                    | {field: timing.text(field) for field in fields}
                )


def _standings(field: str, table: str) -> Callable[[_Node, Tables], None]:
    def read(data: _Node, rows: Tables) -> None:
        for after in data["StandingsTable"].each("StandingsLists"):
            for row in after.each(field):
                who = (
                    {"driverId": _driver(row["Driver"], rows)}
                    if table == "driver_standings"
                    else {"constructorId": _constructor(row["Constructor"], rows)}
                )
                fields = ("points", "position", "wins")
                rows[table].append(
                    {"raceId": _race(after), **who} | {name: row.text(name) for name in fields}
                )

    return read


def _once(rows: Tables, table: str, *key: str) -> None:
    """Keep the last record of each key: the same driver comes with each of his results."""
    rows[table] = list({tuple(row[name] for name in key): row for row in rows[table]}.values())


def _in_order(results: list[Row]) -> None:
    """Number the results of each race as they come, whatever place they claim."""
    listed: dict[str, int] = defaultdict(int)
    for row in results:
        listed[row["raceId"]] += 1
        row["positionOrder"] = str(listed[row["raceId"]])


def _all_results(rows: Tables) -> Iterator[Row]:
    yield from rows["results"]
    yield from rows["sprint_results"]


_READERS: dict[str, Callable[[_Node, Tables], None]] = {
    "races": _races,
    "drivers": _drivers,
    "constructors": _constructors,
    "results": _results("Results", "results"),
    "sprint": _results("SprintResults", "sprint_results"),
    "qualifying": _qualifying,
    "pitstops": _pit_stops,
    "laps": _laps,
    "driverstandings": _standings("DriverStandings", "driver_standings"),
    "constructorstandings": _standings("ConstructorStandings", "constructor_standings"),
}
