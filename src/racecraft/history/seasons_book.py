"""A book of seasons that are at hand: their standings are added up when they are asked for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, get_args

from racecraft.history.book import SeasonRows
from racecraft.history.gather import rows_of
from racecraft.history.standings import Tables
from racecraft.model.rulebook.rules import Championship

if TYPE_CHECKING:
    from racecraft.model.packed import Row
    from racecraft.model.season import Season

KINDS: tuple[Championship, ...] = get_args(Championship)


class SeasonsBook(SeasonRows):
    """Rows of seasons that are at hand, and their standings."""

    def standings(self, year: int, round_: int, session: str, kind: Championship) -> list[Row]:
        """Standings after a race or sprint, as `Book` says."""
        return self._tables.after(year, round_, session, kind)

    def champion(self, year: int, kind: Championship) -> str | None:
        """Champion of a season that is over, as `Book` says."""
        return self._tables.champion(year, kind)

    @cached_property
    def _tables(self) -> Tables:
        return Tables(self.seasons)


def every_row_of(season: Season, table: str) -> list[Row]:
    """Rows of one table of `LAYOUT`, of which standings and champions are added up."""
    if table == "standings":
        return _standings(season)
    if table == "champions":
        tables = Tables({season.season: season})
        told = ((kind, tables.champion(season.season, kind)) for kind in KINDS)
        return [(kind, name) for kind, name in told if name]
    return rows_of(season, table)


def _standings(season: Season) -> list[Row]:
    """Both championships after every race and sprint."""
    tables, year = Tables({season.season: season}), season.season
    return [
        (kind, round_, session, *row)
        for kind in KINDS
        for round_, session in tables.moments(year, kind)
        for row in tables.after(year, round_, session, kind)
    ]
