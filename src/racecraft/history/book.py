"""What a history is read from: seasons themselves, or one file that was made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Protocol

from racecraft.model.packed import DAY, REAL, TEXT, WHOLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from racecraft.model.packed import Packed, Row
    from racecraft.model.rulebook.rules import Championship
    from racecraft.model.season import Season

# Columns of each table and their kinds, in order.
LAYOUT: dict[str, dict[str, str]] = {
    "events": {
        "round": WHOLE, "event": TEXT, "name": TEXT, "circuit": TEXT, "locality": TEXT,
        "country": TEXT, "date": DAY, "laps": WHOLE, "sprint_laps": WHOLE,
    },
    "drivers": {
        "driver": TEXT, "driver_id": TEXT, "given_name": TEXT, "family_name": TEXT,
        "date_of_birth": DAY, "nationality": TEXT, "number": WHOLE,
    },
    "teams": {"team": TEXT, "team_id": TEXT, "nationality": TEXT},
    "results": {
        "round": WHOLE, "session": TEXT, "order": WHOLE, "position": WHOLE, "position_text": TEXT,
        "driver": TEXT, "number": WHOLE, "team": TEXT, "grid": WHOLE, "laps": WHOLE,
        "time_s": REAL, "status": TEXT, "points": REAL, "fastest_lap": WHOLE, "fastest_lap_s": REAL,
    },
    "qualifying": {
        "round": WHOLE, "position": WHOLE, "driver": TEXT, "q1_s": REAL, "q2_s": REAL, "q3_s": REAL,
    },
    "pit_stops": {
        "round": WHOLE, "driver": TEXT, "stop": WHOLE, "lap": WHOLE, "duration_s": REAL,
    },
    "standings": {
        "kind": TEXT, "round": WHOLE, "session": TEXT, "name": TEXT, "position": WHOLE,
        "points": REAL, "wins": WHOLE,
    },
    "champions": {"kind": TEXT, "name": TEXT},
}  # fmt: skip


class Rows(Protocol):
    """What is known of some seasons, row by row, as it was reported: people by their codes."""

    @property
    def seasons(self) -> Mapping[int, Season]:
        """The seasons themselves, by year, in order."""

    def of_season(self, table: str, year: int, columns: Sequence[str] = ()) -> list[Row]:
        """Rows of a table of `LAYOUT` in one season, of all its columns or of some."""


class Book(Rows, Protocol):
    """Rows, and who was where in the standings."""

    def standings(self, year: int, round_: int, session: str, kind: Championship) -> list[Row]:
        """Name, position, points and wins after a race or sprint; nothing where not known."""

    def champion(self, year: int, kind: Championship) -> str | None:
        """Name of the champion of a season that is over; None otherwise."""


class SeasonRows:
    """Rows of seasons that are at hand."""

    def __init__(self, seasons: Iterable[Season]) -> None:
        self.seasons: Mapping[int, Season] = {
            season.season: season for season in sorted(seasons, key=lambda each: each.season)
        }
        self._rows: dict[tuple[str, int], list[Row]] = {}

    def of_season(self, table: str, year: int, columns: Sequence[str] = ()) -> list[Row]:
        """Rows of a table in one season, as `Rows` says."""
        from racecraft.history.gather import rows_of

        key = (table, year)
        if key not in self._rows:
            self._rows[key] = rows_of(self.seasons[year], table)
        if not columns:
            return self._rows[key]
        places = [list(LAYOUT[table]).index(name) for name in columns]
        return [tuple(row[place] for place in places) for row in self._rows[key]]


class PackedBook:
    """A book out of one file; a season itself is loaded only where it is asked for.

    Parameters
    ----------
    packed
        The file.
    load
        Gives a season by its year.
    """

    def __init__(self, packed: Packed, load: Callable[[int], Season]) -> None:
        self.of_season = packed.of_season
        self.seasons: Mapping[int, Season] = _Loaded(packed.years, load)
        self._after: dict[int, dict[Row, list[Row]]] = {}

    def standings(self, year: int, round_: int, session: str, kind: Championship) -> list[Row]:
        """Standings after a race or sprint, as `Book` says."""
        if year not in self._after:
            found: dict[Row, list[Row]] = {}
            for name, when, part, *row in self.of_season("standings", year):
                found.setdefault((name, when, part), []).append(tuple(row))
            self._after[year] = found
        return self._after[year].get((kind, round_, session), [])

    def champion(self, year: int, kind: Championship) -> str | None:
        """Champion of a season that is over, as `Book` says."""
        return next((name for of, name in self.of_season("champions", year) if of == kind), None)


class _Loaded(Mapping[int, "Season"]):
    """Seasons by year, each loaded when it is first looked at."""

    def __init__(self, years: Sequence[int], load: Callable[[int], Season]) -> None:
        self._loaded: dict[int, Season | None] = dict.fromkeys(years)
        self._load = load

    def __getitem__(self, year: int) -> Season:
        season = self._loaded[year]
        if season is None:
            season = self._loaded[year] = self._load(year)
        return season

    def __contains__(self, year: object) -> bool:
        return year in self._loaded

    def __iter__(self) -> Iterator[int]:
        return iter(self._loaded)

    def __len__(self) -> int:
        return len(self._loaded)
