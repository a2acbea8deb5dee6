"""Rows of a history as the record has them, which need not be kept a second time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from racecraft.history.book import LAYOUT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from racecraft.model.packed import Packed, Row

# By what a history sorts the rows of a table, which are not in that order as they were reported.
SORTED = {
    "results": ("event",),
    "qualifying": ("event",),
    "pit_stops": ("event", "driver", "stop"),
}
TIMES = {"fastest_lap_s": "fastest_lap_time"}  # elsewhere the name without its unit
NOT_KNOWN = {"position_text": "", "status": "", "points": 0.0}  # of a result


class RecordRows:
    """Rows of a record, whose seasons are packed by their own tables and columns.

    Parameters
    ----------
    record
        Its file: durations are in milliseconds there.
    """

    def __init__(self, record: Packed) -> None:
        self._record = record
        self._orders: dict[tuple[str, int], list[int]] = {}
        self._rounds: dict[int, dict[str, int]] = {}

    def of_season(self, table: str, year: int, columns: Sequence[str] = ()) -> list[Row]:
        """Rows of a table of `LAYOUT` in one season; none of those that are added up."""
        if table not in self._record.tables or year not in self._record.marks:
            return []
        told = [self._column(table, year, name) for name in columns or LAYOUT[table]]
        if table in SORTED:
            order = self._order(table, year)
            told = [[column[at] for at in order] for column in told]
        return list(zip(*told, strict=True))

    def _order(self, table: str, year: int) -> list[int]:
        if (table, year) not in self._orders:
            keys = self._record.of_season(table, year, SORTED[table])
            self._orders[table, year] = sorted(range(len(keys)), key=keys.__getitem__)
        return self._orders[table, year]

    def _column(self, table: str, year: int, name: str) -> list[Any]:
        if name == "round" and table != "events":
            rounds = self._rounds_of(year)
            return [rounds[event] for event in self._plain(table, year, "event")]
        if name.endswith("_s"):
            times = self._plain(table, year, TIMES.get(name, name.removesuffix("_s")))
            return [None if time is None else time / 1000 for time in times]
        values = self._plain(table, year, name)
        if table == "results" and name == "number":
            return [int(number) if number and number.isdecimal() else None for number in values]
        if table == "results" and name in NOT_KNOWN:
            return [NOT_KNOWN[name] if value is None else value for value in values]
        return values

    def _rounds_of(self, year: int) -> dict[str, int]:
        if year not in self._rounds:
            self._rounds[year] = dict(self._record.of_season("events", year, ("event", "round")))
        return self._rounds[year]

    def _plain(self, table: str, year: int, name: str) -> list[Any]:
        if name not in self._record.columns(table):  # of nobody
            return [None] * self._record.heights(table)[year]
        return self._record.part(table, year, name)
