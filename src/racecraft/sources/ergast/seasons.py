"""From the tables of the Ergast schema to seasons and races."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from racecraft.errors import TableError, UnreadableError
from racecraft.model.race import event_id, is_event_name
from racecraft.model.season import Season
from racecraft.model.terms import FORMULA_ONE
from racecraft.sources.ergast.driver_codes import codes
from racecraft.sources.shared.race_from_lap_times import race_from_lap_times

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from racecraft.model.race import Race

_SESSION = {"results": "race", "sprint_results": "sprint"}
_FROM = {"events": "races", "teams": "constructors"}  # where a table has another name in the schema


def seasons_of(
    tables: Mapping[str, pl.DataFrame], *, source: str, files: Mapping[str, str] | None = None
) -> list[Season]:
    """Seasons of the tables that `read_tables` gives, in order.

    Drivers without a code get one that is unique in their season. The day from which a result was
    known is not in these tables. `files` names the file of each table, for errors.

    Raises
    ------
    UnreadableError
        A season breaks a promise of its tables, such as two events of one name.
    """
    races, drivers = _events(tables), _drivers(tables)
    year = races.select("raceId", "year", "event")
    code = drivers.select("year", "driverId", "driver")
    team = tables["constructors"].select("constructorId", team="name")

    def placed(table: pl.DataFrame) -> pl.DataFrame:
        """Rows with the season, the event, and the names that mean something in it."""
        table = table.join(year, on="raceId", maintain_order="left")
        if "driverId" in table.columns:
            table = table.join(code, on=["year", "driverId"], maintain_order="left")
        if "constructorId" in table.columns:
            table = table.join(team, on="constructorId", maintain_order="left")
        return table

    whole = {
        "events": races.sort("year", "round"),
        "drivers": drivers.sort("year", "driver"),
        "teams": _teams(tables),
        "results": placed(_results(tables)),
        "qualifying": placed(tables["qualifying"]),
        "pit_stops": placed(
            tables["pit_stops"].with_columns(duration=pl.coalesce("milliseconds", "duration"))
        ),
        "driver_standings": placed(tables["driver_standings"]),
        "constructor_standings": placed(tables["constructor_standings"]),
    }
    parts = {
        name: frame.partition_by("year", as_dict=True, include_key=False)
        for name, frame in whole.items()
    }
    return [
        _season(
            season,
            source,
            {name: part[(season,)] for name, part in parts.items() if (season,) in part},
            files or {},
        )
        for season in races["year"].unique().sort()
    ]


def races_of(tables: Mapping[str, pl.DataFrame], seasons: Sequence[Season]) -> list[Race]:
    """Races whose lap times are in the tables, made with the seasons of `seasons_of`."""
    by_year = {season.season: season for season in seasons}
    drivers = _drivers(tables)
    codes_by_year = {
        year: part.select("driverId", car="driver")
        for (year,), part in drivers.partition_by("year", as_dict=True).items()
    }
    laps = tables["lap_times"].with_columns(lap_time=pl.coalesce("milliseconds", "time"))
    by_race = laps.partition_by("raceId", as_dict=True)
    return [
        race_from_lap_times(
            by_year[race["year"]],
            race["event"],
            by_race[(race["raceId"],)].join(codes_by_year[race["year"]], on="driverId"),
        )
        for race in _events(tables).sort("year", "round").iter_rows(named=True)
        if (race["raceId"],) in by_race
    ]


def _season(
    year: int, source: str, tables: Mapping[str, pl.DataFrame], files: Mapping[str, str]
) -> Season:
    for name in tables["events"]["name"] if "events" in tables else ():
        if not is_event_name(name):
            file = files.get("races", source)
            raise UnreadableError(
                f"{file}, season {year}: event {name[:40]!r}; "
                "expected a name in letters and digits",
                file=file,
                season=year,
            )
    try:
        return Season(season=year, series=FORMULA_ONE, source=source, rules=None, **tables)
    except TableError as error:
        table = str(error.facts["table"])
        file = files.get(_FROM.get(table, table), source)
        raise UnreadableError(
            f"{file}, season {year}: {error.message}", file=file, season=year
        ) from error


def _events(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Races with their stable names, circuits, and laps as run."""
    run = (
        _all_results(tables)
        .group_by("raceId")
        .agg(
            laps=pl.col("laps").filter(session="race").max(),
            sprint_laps=pl.col("laps").filter(session="sprint").max(),
        )
    )
    names = tables["races"].select("name").unique()
    ids = names.with_columns(event=pl.col("name").map_elements(event_id, return_dtype=pl.String))
    circuits = tables["circuits"].select(
        "circuitId", "country", circuit="name", locality="location"
    )
    return (
        tables["races"]
        .join(ids, on="name")
        .join(circuits, on="circuitId")
        .join(run, on="raceId", how="left")
    )


def _all_results(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    return pl.concat(
        tables[name].with_columns(session=pl.lit(session)) for name, session in _SESSION.items()
    )


def _results(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Results of races and sprints, in the order of each list.

    A place claimed by two cars is nobody's; only the text keeps it. The same place for two drivers
    of one car is a shared drive. Cars that are laps down have no race time, whatever the source
    calls their time.
    """
    at = ["raceId", "session"]
    place = pl.col("positionText").cast(pl.Int16, strict=False)
    cars = pl.col("number").n_unique().over([*at, "positionText"])
    winner_laps = pl.col("laps").sort_by("positionOrder").first().over(at)
    return (
        _all_results(tables)
        .join(tables["status"].select("statusId", "status"), on="statusId", how="left")
        .with_columns(
            order="positionOrder",
            position=pl.when(cars == 1).then(place),
            position_text="positionText",
            grid=pl.when(pl.col("grid") > 0).then("grid"),
            time=pl.when(pl.col("laps") >= winner_laps).then("milliseconds"),
            fastest_lap="fastestLap",
            fastest_lap_time="fastestLapTime",
            as_of=pl.lit(None, pl.Date),
        )
        .sort("raceId", "session", "order")
    )


def _drivers(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Drivers of each season with their codes."""
    year = tables["races"].select("raceId", "year")
    seen = pl.concat(
        tables[name].select("raceId", "driverId")
        for name in (
            "results",
            "sprint_results",
            "qualifying",
            "pit_stops",
            "driver_standings",
            "lap_times",
        )
    ).unique()
    drivers = (
        seen.join(year, on="raceId")
        .select("year", "driverId")
        .unique()
        .join(tables["drivers"], on="driverId")
        .with_columns(driver_id=pl.coalesce("driverRef", "driverId"))
    )
    made = [
        (year, driver_id, code)
        for (year,), part in drivers.partition_by("year", as_dict=True).items()
        for driver_id, code in codes(
            part.select("driver_id", "code", "surname", "forename").iter_rows()
        ).items()
    ]
    schema = {"year": pl.Int16, "driver_id": pl.String, "driver": pl.String}
    return drivers.join(
        pl.DataFrame(made, schema=schema, orient="row"), on=["year", "driver_id"]
    ).rename({"forename": "given_name", "surname": "family_name", "dob": "date_of_birth"})


def _teams(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    year = tables["races"].select("raceId", "year")
    return (
        pl.concat(
            tables[name].select("raceId", "constructorId")
            for name in (*_SESSION, "constructor_standings")
        )
        .join(year, on="raceId")
        .select("year", "constructorId")
        .unique()
        .join(tables["constructors"], on="constructorId")
        .with_columns(team="name", team_id=pl.coalesce("constructorRef", "constructorId"))
        .sort("year", "team")
    )
