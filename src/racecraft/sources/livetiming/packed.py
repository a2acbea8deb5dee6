"""What the cars measured and where they were: ``CarData.z`` and ``Position.z``, packed streams.

Each message is JSON, deflated and written in base 64. Its entries bear the time of day at which
they were read; when the session began by that clock is told by the messages that came soonest
after being read.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import zlib
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from racecraft.model.race import DOUBTS
from racecraft.sources.livetiming.messages import read_moment
from racecraft.sources.shared.car_samples import CAR_ROWS, PLACE_ROWS, with_car_samples

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from racecraft.model.race import Race

CARS, PLACES = "CarData.z", "Position.z"
PACKED = (CARS, PLACES)
LARGEST = 2_000_000  # bytes of a message, unpacked; some take five thousand
MOST_MESSAGES = 200_000  # a race has some twenty thousand

# Numbers of the channels in ``CarData``.
CHANNELS = {"2": "speed", "3": "gear", "4": "throttle", "5": "brake", "45": "drs"}

Entry = tuple["datetime", str, dict[str, Any]]  # when it was read, number of the car, what was read

_LINE = re.compile(rb"(\d\d):(\d\d):(\d\d)\.(\d{3})\"([A-Za-z0-9+/=]+)\"")
_SAID = re.compile(rb"['\"](CarData|Position)\.z['\"]\s*[,}].{0,40}?['\"]([A-Za-z0-9+/=]{20,})['\"]"
                   rb".{0,40}?['\"](\d{4}-\d\d-\d\dT[\d:.]+Z?)['\"]")  # fmt: skip


def streams_of(files: Mapping[str, bytes]) -> dict[str, list[tuple[timedelta, bytes]]]:
    """Messages of the packed streams of an archive folder: clock of the stream, and what it says.

    Lines that are something else are passed over.
    """
    found = {}
    for name in PACKED:
        raw = files.get(f"{name}.jsonStream", b"")
        found[name] = [
            (timedelta(hours=int(h), minutes=int(m), seconds=int(s), milliseconds=int(ms)), text)
            for h, m, s, ms, text in _LINE.findall(raw)[:MOST_MESSAGES]
        ]
    return found


def said_in(content: bytes) -> dict[str, list[tuple[datetime, bytes]]]:
    """The same of a recording: the moment at which each was sent, and what it says."""
    found: dict[str, list[tuple[datetime, bytes]]] = {name: [] for name in PACKED}
    for name, text, told in _SAID.findall(content)[:MOST_MESSAGES]:
        moment = read_moment(told.decode())
        if moment is not None:
            found[f"{name.decode()}.z"].append((moment, text))
    return found


def unpacked(text: bytes) -> dict[str, Any] | None:
    """What a packed message says; None where it is broken.

    >>> unpacked(b"q64FAA=="), unpacked(b"no")
    ({}, None)
    """
    try:
        reader = zlib.decompressobj(-zlib.MAX_WBITS)
        said = json.loads(reader.decompress(base64.b64decode(text), LARGEST))
    except (ValueError, binascii.Error, zlib.error, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def with_packed(
    race: Race, messages: Mapping[str, list[tuple[Any, bytes]]], *, started: Any
) -> Race:
    """Race with what its cars sent.

    Parameters
    ----------
    messages
        By stream: the clock at which each was sent, and what it says.
    started
        The same clock at lights out.
    """
    codes = {number: car for number, car in race.entries["number", "car"].rows() if number}
    rows: dict[str, list[dict[str, Any]]] = {}
    broken = 0
    for name, said in messages.items():
        entries: list[tuple[Entry, Any]] = []
        for clock, text in said:
            message = unpacked(text)
            broken += message is None
            entries += [(entry, clock) for entry in _entries(name, message or {})]
        rows[name] = _rows(name, entries, codes, started)
    cars = pl.DataFrame(rows.get(CARS, []), schema=CAR_ROWS)
    places = pl.DataFrame(rows.get(PLACES, []), schema=PLACE_ROWS)
    race = with_car_samples(race, cars, places)
    if not broken:
        return race
    reason = f"{broken} messages of what the cars sent are broken: left out"
    doubt = DOUBTS.rows([{"table": "telemetry", "reason": reason}])
    return race.with_tables(doubts=pl.concat([race.doubts, doubt]))


def _entries(name: str, message: dict[str, Any]) -> Iterator[Entry]:
    listed = message.get("Entries" if name == CARS else "Position")
    for entry in listed if isinstance(listed, list) else ():
        if not isinstance(entry, dict):
            continue
        read = read_moment(entry.get("Utc" if name == CARS else "Timestamp"))
        cars = entry.get("Cars" if name == CARS else "Entries")
        if read is None or not isinstance(cars, dict):
            continue
        for number, told in cars.items():
            values = told.get("Channels") if name == CARS and isinstance(told, dict) else told
            if isinstance(values, dict):
                yield read, number, values


def _rows(
    name: str, entries: Iterable[tuple[Entry, Any]], codes: Mapping[str, str], started: Any
) -> list[dict[str, Any]]:
    """Rows of cars that took part, on the clock of the race."""
    told = list(entries)
    if not told:
        return []
    # What is read is sent later, never sooner: the least that lay between is all but nothing.
    began = max(read - (clock - started) for (read, _, _), clock in told)
    names = CHANNELS if name == CARS else {axis.upper(): axis for axis in "xyz"}
    return [
        {
            "car": codes[number], "time": read - began,
            **{column: _number(values.get(key)) for key, column in names.items()},
        }
        for (read, number, values), _ in told
        if number in codes
    ]  # fmt: skip


def _number(cell: object) -> float | None:
    return cell if isinstance(cell, int | float) and not isinstance(cell, bool) else None
