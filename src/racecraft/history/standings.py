"""Championships of all seasons: the standings after every race and sprint, and who won them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from racecraft.errors import RacecraftError
from racecraft.title.standings.ledger import ledgers
from racecraft.title.standings.standings import places_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from racecraft.model.packed import Row
    from racecraft.model.rulebook.rules import Championship
    from racecraft.model.season import Season
    from racecraft.title.standings.ledger import Ledger

    Books = Mapping[tuple[int, str], Ledger]


class Tables:
    """Standings, added up once a season and kept."""

    def __init__(self, seasons: Mapping[int, Season]) -> None:
        self._seasons = seasons
        self._books = cache(self._added_up)
        self.after = cache(self._after)

    def moments(self, season: int, kind: Championship) -> list[tuple[int, str]]:
        """Rounds and sessions after which the standings of a season are known, in order."""
        return list(self._books(season, kind))

    def champion(self, season: int, kind: Championship) -> str | None:
        """Name of the champion of a season that is over; None otherwise."""
        data = self._seasons[season]
        last = data.events.sort("round").tail(1)
        results = data.results.filter(session="race")["event"].unique().to_list()
        if last.is_empty() or last["event"].item() not in results:
            return None
        table = data.driver_standings if kind == "drivers" else data.constructor_standings
        first = table.filter(pl.col("event") == last["event"].item(), pl.col("position") == 1)
        if first.height == 1:
            return str(first["driver" if kind == "drivers" else "team"].item())
        rows = self.after(season, last["round"].item(), "race", kind)
        return str(rows[0][0]) if rows and rows[0][1] == 1 else None

    def _added_up(self, season: int, kind: Championship) -> Books:
        """Books of a season after each race and sprint; none where it cannot be added up."""
        try:
            books = ledgers(self._seasons[season], kind=kind)
        except (KeyError, RacecraftError):
            return {}
        last = [(each, each.sessions[each.run - 1]) for each in books]
        return {(session.round, session.session): each for each, session in last}

    def _after(self, season: int, round_: int, session: str, kind: Championship) -> list[Row]:
        """Name, position, points and wins after a race or sprint, first place first."""
        books = self._books(season, kind).get((round_, session))
        if books is None:
            return []
        name = "driver" if kind == "drivers" else "team"
        columns = (name, "position", "points", "wins")
        return [tuple(row[column] for column in columns) for row in places_of(books)]
