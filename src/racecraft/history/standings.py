"""Championships of all seasons: the standings after every race and sprint, and who won them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from racecraft.errors import RacecraftError
from racecraft.history.rows import Standing
from racecraft.title.standings.ledger import ledgers
from racecraft.title.standings.standings import standings_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from racecraft.model.rulebook.rules import Championship
    from racecraft.model.season import Season
    from racecraft.title.standings.ledger import Ledger

    Books = Mapping[tuple[int, str], Ledger]


class Tables:
    """Standings, added up once a season and kept."""

    def __init__(
        self,
        seasons: Mapping[int, Season],
        drivers: Mapping[int, Mapping[str, str]],
        teams: Mapping[int, Mapping[str, str]],
    ) -> None:
        self._seasons = seasons
        self._names = {"drivers": drivers, "constructors": teams}
        self._books = cache(self._added_up)
        self.after = cache(self._after)

    def _added_up(self, season: int, kind: Championship) -> Books:
        """Books of a season after each race and sprint; none where it cannot be added up."""
        try:
            books = ledgers(self._seasons[season], kind=kind)
        except (KeyError, RacecraftError):
            return {}
        last = [(each, each.sessions[each.run - 1]) for each in books]
        return {(session.round, session.session): each for each, session in last}

    def _after(
        self, season: int, round_: int, session: str, kind: Championship
    ) -> tuple[Standing, ...]:
        """Standings after a race or sprint, first place first; empty where not known."""
        books = self._books(season, kind).get((round_, session))
        if books is None:
            return ()
        ids = self._ids(season, kind)
        who = "driver" if kind == "drivers" else "team"
        rows = standings_of(books).select(who, "position", "points", "wins").rows()
        return tuple(Standing(ids.get(name, name), *rest) for name, *rest in rows)

    def champion(self, season: int, kind: Championship) -> str | None:
        """Id of the champion of a season that is over; None otherwise."""
        data = self._seasons[season]
        last = data.events.sort("round").tail(1)
        results = data.results.filter(session="race")["event"].unique().to_list()
        if last.is_empty() or last["event"].item() not in results:
            return None
        table = data.driver_standings if kind == "drivers" else data.constructor_standings
        first = table.filter(pl.col("event") == last["event"].item(), pl.col("position") == 1)
        if first.height == 1:
            name = str(first["driver" if kind == "drivers" else "team"].item())
            return self._ids(season, kind).get(name, name)
        rows = self.after(season, last["round"].item(), "race", kind)
        return rows[0].id if rows and rows[0].position == 1 else None

    def _ids(self, season: int, kind: Championship) -> Mapping[str, str]:
        return self._names[kind].get(season, {})
