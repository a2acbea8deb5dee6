"""The field of a race as it is known before the start, and apart from that how the race ended."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from racecraft.sim.past_weekends import DID_NOT_START, FULL_GRID, Weekend, seats

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from racecraft.model.season import Season
    from racecraft.sim.attrition import Floats, Ints

FAR_OFF = 7.0  # percent behind the best of a session: no lap at speed
MOST_BEHIND = 6.0  # percent: who loses more had trouble
LAST = 1000  # a place behind all others
LINKED = 4  # cars that must have driven in two parts of qualifying to compare these


@dataclass(frozen=True, eq=False, kw_only=True)
class Result:
    """How a race ended, in the numbering of the cars of its field.

    Attributes
    ----------
    order
        All cars that started, in the order of the result.
    classified
        Whether each has a place, shape ``(cars,)``.
    behind
        Time behind the winner in percent of his, NaN where not classified; shape ``(cars,)``.
    fastest
        Place of the car that set the fastest lap; None where unknown, or where it has no place.
    """

    order: Ints
    classified: np.ndarray[Any, np.dtype[np.bool_]]
    behind: Floats
    fastest: int | None


@dataclass(frozen=True, eq=False, kw_only=True)
class Field:
    """Cars in the order of the grid, and what their weekend showed before the race.

    Attributes
    ----------
    event, circuit
        Stable name of the event; name of its circuit, empty where unknown.
    codes, drivers, teams
        Driver as in the tables of the season; stable names of driver and team.
    slots
        Places on the grid as started, from 1; the pit lane comes last. Shape ``(cars,)``.
    known_grid
        Whether that grid is reported, and not taken from qualifying.
    pace
        Best lap of qualifying in percent of the best of all, parts of it made comparable; NaN where
        there is none. Shape ``(cars,)``.
    qualifying, sprint
        Cars in their order there; empty where there was none.
    result
        None where the race is to come.
    """

    season: int
    round: int
    event: str
    circuit: str
    codes: tuple[str, ...]
    drivers: tuple[str, ...]
    teams: tuple[str, ...]
    slots: Floats
    known_grid: bool
    pace: Floats
    qualifying: Ints
    sprint: Ints
    result: Result | None = None

    @property
    def cars(self) -> int:
        """How many start."""
        return len(self.drivers)

    def before_qualifying(self) -> Field:
        """The same field before anything of its weekend was seen."""
        none = np.zeros(0, dtype=np.int64)
        return replace(
            self,
            pace=np.full(self.cars, np.nan),
            qualifying=none,
            sprint=none,
            known_grid=False,
        )

    def weekend(self) -> Weekend:
        """The same as the strength of drivers and cars is learnt from."""
        none = np.zeros(0, dtype=np.int64)
        result = self.result
        return Weekend(
            season=self.season,
            drivers=self.drivers,
            teams=self.teams,
            race=none if result is None else result.order[result.classified[result.order]],
            sprint=self.sprint,
            qualifying=self.qualifying,
            started=none if result is None else np.arange(self.cars),
            retired=none if result is None else np.flatnonzero(~result.classified),
            fastest=None if result is None else result.fastest,
        )


def fields(season: Season, *, before: int | None = None) -> list[Field]:
    """Fields of the races of a season with their results, in order of the rounds.

    Parameters
    ----------
    season
        Needs ``events`` and ``results``; knows more with ``qualifying``.
    before
        Only rounds before this one.
    """
    book = _Book(season)
    found = []
    for event in season.events.sort("round").iter_rows(named=True):
        number = event["round"]
        if before is not None and number is not None and number >= before:
            continue
        if (race := book.race(event["event"])) is not None and race.height > 1:
            found.append(book.field(event, race, with_result=True))
    return found


def field_of(season: Season, event: str, past: Sequence[Field] = ()) -> Field | None:
    """Field of one event without its result; None where nobody is known to take part.

    Of a race that was run everything but who started, where and for whom is left unread. One
    that is to come is made of its qualifying, in that order; drivers who have no result in the
    season yet are taken to drive for whom they last did in `past`.
    """
    book = _Book(season)
    row = season.events.filter(pl.col("event") == event).row(0, named=True)
    race = book.race(event)
    if race is None:
        race = book.qualified_only(event, past)
    return None if race is None else book.field(row, race, with_result=False)


def field_of_cars(
    season: Season, event: str, cars: Sequence[tuple[str, str, str]], *, sprint: bool = True
) -> Field:
    """Field of an event whose cars are known, in their order, without its result.

    Parameters
    ----------
    cars
        Driver as in the tables of the season, and stable names of driver and team.
    sprint
        Whether the sprint of the weekend may be looked at.
    """
    book = _Book(season)
    found = season.events.filter(pl.col("event") == event)
    row: dict[str, Any] = found.row(0, named=True) if len(found) else {}
    codes, drivers, teams = zip(*cars, strict=True)
    number = {code: i for i, code in enumerate(codes)}
    ranked = book.qualified.get((event,))
    placed: Iterable[str] = (
        [] if ranked is None else ranked.drop_nulls("position").sort("position")["driver"]
    )
    order = [number[driver] for driver in placed if driver in number]
    return Field(
        season=season.season,
        round=row.get("round") or 0,
        event=event,
        circuit=row.get("circuit") or "",
        codes=codes,
        drivers=drivers,
        teams=teams,
        slots=np.arange(1.0, len(cars) + 1),
        known_grid=False,
        pace=_pace(ranked, number),
        qualifying=np.array(order if len(order) >= FULL_GRID * len(cars) else [], np.int64),
        sprint=book.sprint(event, number) if sprint else np.zeros(0, np.int64),
    )


class _Book:
    """The tables of a season, race by race, with stable names."""

    def __init__(self, season: Season) -> None:
        self.season = season
        out = pl.col("position_text").is_in(DID_NOT_START) & pl.col("position").is_null()
        results = (
            self._named(season.results.filter(~out.fill_null(value=False)))
            .sort("order")
            .unique(["event", "session", "by"], keep="first", maintain_order=True)
        )
        self.results = results.partition_by("event", "session", as_dict=True, maintain_order=True)
        self.qualified = season.qualifying.partition_by("event", as_dict=True, maintain_order=True)

    def _named(self, table: pl.DataFrame) -> pl.DataFrame:
        season = self.season
        return (
            table.join(season.drivers.select("driver", "driver_id"), on="driver", how="left")
            .join(season.teams.select("team", "team_id"), on="team", how="left")
            .with_columns(
                by=pl.coalesce("driver_id", "driver"),
                of=pl.coalesce("team_id", "team").fill_null(""),
            )
        )

    def race(self, event: str) -> pl.DataFrame | None:
        return self.results.get((event, "race"))

    def qualified_only(self, event: str, past: Sequence[Field]) -> pl.DataFrame | None:
        """Rows as of a result for a race that is to come: who has qualified, without a grid."""
        ranked = self.qualified.get((event,))
        if ranked is None:
            return None
        latest = self.season.results.drop_nulls("team").unique(
            "driver", keep="last", maintain_order=True
        )
        rows = ranked.select("driver").join(
            latest.select("driver", "team"), on="driver", how="left", maintain_order="left"
        )
        before = {
            driver: team
            for one in past
            for driver, team in zip(one.drivers, one.teams, strict=True)
        }
        drove_for = pl.col("by").replace_strict(before, default="", return_dtype=pl.String)
        return self._named(
            rows.with_columns(
                grid=pl.lit(None, pl.Int16), order=pl.int_range(1, pl.len() + 1, dtype=pl.Int16)
            )
        ).with_columns(of=pl.when(pl.col("team").is_null()).then(drove_for).otherwise("of"))

    def field(self, event: dict[str, Any], race: pl.DataFrame, *, with_result: bool) -> Field:
        name = event["event"]
        ranked = self.qualified.get((name,))
        place = {} if ranked is None else dict(ranked.select("driver", "position").iter_rows())
        rows = sorted(
            race.to_dicts(),
            key=lambda row: (
                row["grid"] or LAST,
                place.get(row["driver"]) or LAST,
                row["by"],
            ),
        )
        number = {row["driver"]: i for i, row in enumerate(rows)}
        order = [number[d] for d in sorted(place, key=lambda d: place[d] or LAST) if d in number]
        if len(order) < FULL_GRID * len(rows):
            order = list(range(len(rows))) if race["grid"].count() else []
        return Field(
            season=self.season.season,
            round=event["round"] or 0,
            event=name,
            circuit=event["circuit"] or "",
            codes=tuple(row["driver"] for row in rows),
            drivers=tuple(row["by"] for row in rows),
            teams=tuple(row["of"] for row in rows),
            slots=np.arange(1.0, len(rows) + 1),
            known_grid=race["grid"].count() > 0,
            pace=_pace(ranked, number),
            qualifying=np.array(order, dtype=np.int64),
            sprint=self.sprint(name, number),
            result=_result(race, number) if with_result else None,
        )

    def sprint(self, event: str, number: dict[str, int]) -> Ints:
        sprint = self.results.get((event, "sprint"))
        if sprint is None:
            return np.zeros(0, dtype=np.int64)
        placed = sprint.drop_nulls("position").sort("position", "order")["driver"]
        return np.array([number[d] for d in placed if d in number], dtype=np.int64)


def _result(race: pl.DataFrame, number: dict[str, int]) -> Result:
    order = np.array([number[d] for d in race["driver"]], dtype=np.int64)
    placed = np.zeros(len(order), dtype=np.bool_)
    placed[order] = race["position"].is_not_null().to_numpy()
    seconds = race["time"].dt.total_microseconds().cast(pl.Float64).fill_null(np.nan).to_numpy()
    laps = race["laps"].cast(pl.Float64).fill_null(np.nan).to_numpy()
    behind = 100 * (seconds / seconds[0] - 1)
    lapped = np.isnan(seconds) & (laps < laps[0])
    behind = np.where(lapped, 100 * (laps[0] / np.maximum(laps, 1) - 1), behind)
    found = np.full(len(order), np.nan)
    found[order] = np.minimum(behind, MOST_BEHIND)
    timed = race.drop_nulls("fastest_lap_time").sort("fastest_lap_time")
    return Result(
        order=order,
        classified=placed,
        behind=np.where(placed, found, np.nan),
        fastest=timed["position"][0] if timed.height else None,
    )


def _pace(ranked: pl.DataFrame | None, number: dict[str, int]) -> Floats:
    """Best lap of qualifying in percent of the best; a track that gets faster is allowed for.

    Parts of qualifying are made comparable by the cars that drove in both.
    """
    pace = np.full(len(number), np.nan)
    if ranked is None:
        return pace
    parts = [name for name in ("q1", "q2", "q3") if ranked[name].count()]
    laps = np.full((len(number), max(len(parts), 1)), np.nan)
    for row in ranked.iter_rows(named=True):
        if row["driver"] not in number:
            continue
        for at, part in enumerate(parts or ["time"]):
            if (lap := row[part]) is not None and lap.total_seconds() > 0:
                laps[number[row["driver"]], at] = 100 * np.log(lap.total_seconds())
    if np.isnan(laps).all():
        return pace
    driven = ~np.isnan(laps)
    best = np.where(driven, laps, np.inf).min(axis=0)
    laps[driven & (laps > best + FAR_OFF)] = np.nan
    level = _levels(laps)
    driven = ~np.isnan(laps)
    fastest = np.where(driven, laps - level, np.inf).min(axis=1)
    return np.where(driven.any(axis=1), fastest - fastest.min(), np.nan)


def _levels(laps: Floats) -> Floats:
    """How slow each part of qualifying was, from the cars that drove in it and in the one before.

    Parameters
    ----------
    laps
        Logarithms of best laps in percent, NaN where none; shape ``(cars, parts)``.
    """
    level = np.zeros(laps.shape[1])
    for part in range(1, laps.shape[1]):
        change = laps[:, part] - laps[:, part - 1]
        both = change[~np.isnan(change)]
        level[part] = level[part - 1] + (np.median(both) if len(both) >= LINKED else 0.0)
    return level


def expected_field(season: Season, event: str, past: Sequence[Field]) -> Field | None:
    """Field of an event of which nothing is known: who is expected to drive, by `seats`.

    None where no race of the season was run before it.
    """
    if not past or past[-1].season != season.season:
        return None
    drivers, teams = seats([one.weekend() for one in past])
    codes = {d: code for one in past for d, code in zip(one.drivers, one.codes, strict=True)}
    row = season.events.filter(pl.col("event") == event).row(0, named=True)
    none = np.zeros(0, dtype=np.int64)
    return Field(
        season=season.season,
        round=row["round"] or 0,
        event=event,
        circuit=row["circuit"] or "",
        codes=tuple(codes[driver] for driver in drivers),
        drivers=tuple(drivers),
        teams=tuple(teams),
        slots=np.arange(1.0, len(drivers) + 1),
        known_grid=False,
        pace=np.full(len(drivers), np.nan),
        qualifying=none,
        sprint=none,
    )


def on_grid(field: Field, codes: Sequence[str]) -> Field:
    """A field in another order of the grid; who is not named starts behind, in the order it had."""
    rest = [code for code in field.codes if code not in codes]
    order = [field.codes.index(code) for code in (*codes, *rest)]
    number = {car: i for i, car in enumerate(order)}

    def moved(cars: Ints) -> Ints:
        return np.array([number[int(car)] for car in cars], dtype=np.int64)

    return replace(
        field,
        codes=tuple(field.codes[car] for car in order),
        drivers=tuple(field.drivers[car] for car in order),
        teams=tuple(field.teams[car] for car in order),
        known_grid=True,
        pace=field.pace[order],
        qualifying=moved(field.qualifying),
        sprint=moved(field.sprint),
    )
