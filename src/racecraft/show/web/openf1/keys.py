"""Meetings and sessions, and the whole numbers that they are asked for by.

A meeting is numbered by its season and round, a session by its meeting and what it is: 202320 is
the twentieth round of 2023, 2023201 its race.
"""

from __future__ import annotations

import zlib
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from racecraft.model.terms import FORMULA_ONE
from racecraft.show.web.ergast.names import circuit_id

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from racecraft.model.season import Season
    from racecraft.show.web.shelf import Shelf

    Row = dict[str, Any]

KINDS = {"race": 1, "sprint": 2, "qualifying": 3}
NAMES = {"race": ("Race", "Race"), "sprint": ("Sprint", "Race"), "qualifying": ("Qualifying",) * 2}
LONGEST = timedelta(hours=2)
ROUNDS, MEETINGS = 100, 10  # the factors of the keys


def meetings(shelf: Shelf) -> list[Row]:
    """Every event of every season that is known, in order."""
    return [
        row
        for year in shelf.seasons()
        for row in shelf.of_season("openf1 meetings", shelf.season(year), _meetings)
    ]


def sessions(shelf: Shelf) -> list[Row]:
    """Every race, sprint and qualifying of which there are results, in order."""
    return [
        row
        for year in shelf.seasons()
        for row in shelf.of_season("openf1 sessions", shelf.season(year), _sessions)
    ]


def latest(shelf: Shelf) -> Row | None:
    """The last session whose timing is stored, or else the last one of all."""
    timed = {
        (row["season"] * ROUNDS + (row["round"] or 0)) * MEETINGS + KINDS[row["session"]]
        for row in shelf.races(series=FORMULA_ONE).iter_rows(named=True)
    }
    known = sessions(shelf)
    stored = [row for row in known if row["session_key"] in timed]
    return max(
        stored or known, key=lambda row: (row["date_start"], row["session_key"]), default=None
    )


def parts_of(session_key: int) -> tuple[int, int, str] | None:
    """Season, round and kind of a session; None where no session has such a key.

    >>> parts_of(2023201)
    (2023, 20, 'race')
    """
    meeting, kind = divmod(session_key, MEETINGS)
    season, number = divmod(meeting, ROUNDS)
    name = next((name for name, code in KINDS.items() if code == kind), None)
    return None if name is None else (season, number, name)


def beginning(day: date) -> datetime:
    """Moment from which a session is dated: midnight, for the hour is nowhere recorded."""
    return datetime.combine(day, time(), UTC)


def _meetings(season: Season) -> list[Row]:
    return [row for _, row in _each(season)]


def _each(season: Season) -> Iterator[tuple[str, Row]]:
    """Events of a season by their stable names, as meetings."""
    events = season.events.filter(pl.col("round").is_not_null() & pl.col("date").is_not_null())
    for event in events.sort("round").iter_rows(named=True):
        circuit = circuit_id(event["circuit"])
        begins = beginning(event["date"])
        yield (
            event["event"],
            {
                "circuit_key": _number(circuit),
                "circuit_short_name": event["locality"] or event["circuit"] or "",
                "country_code": None,
                "country_key": _number(event["country"] or ""),
                "country_name": event["country"] or "",
                "date_end": begins + LONGEST,
                "date_start": begins,
                "gmt_offset": "00:00:00",
                "is_cancelled": False,
                "location": event["locality"] or "",
                "meeting_key": season.season * ROUNDS + event["round"],
                "meeting_name": event["name"] or event["event"],
                "meeting_official_name": event["name"],
                "year": season.season,
            },
        )


def _sessions(season: Season) -> list[Row]:
    raced = set(season.results.select("event", "session").unique().rows())
    qualified = set(season.qualifying["event"])
    found = []
    for event, meeting in _each(season):
        for kind in ("qualifying", "sprint", "race"):
            there = event in qualified if kind == "qualifying" else (event, kind) in raced
            if there:
                name, of = NAMES[kind]
                own = {key: value for key, value in meeting.items() if "meeting_" not in key}
                key = meeting["meeting_key"]
                found.append(
                    {
                        **own,
                        "meeting_key": key,
                        "session_key": key * MEETINGS + KINDS[kind],
                        "session_name": name,
                        "session_type": of,
                    }
                )
    return found


def _number(text: str) -> int:
    """Whole number for a name, the same every time."""
    return zlib.crc32(text.encode()) % 1_000_000
