"""From the tables of f1db to seasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from racecraft.errors import TableError, UnreadableError
from racecraft.model.race import event_id
from racecraft.model.season import SEASON_TABLES, Season
from racecraft.model.terms import FORMULA_ONE
from racecraft.sources.ergast.driver_codes import codes
from racecraft.sources.f1db.results import AT, results
from racecraft.sources.f1db.teams import team_names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from racecraft.sources.f1db.names import Names

SOURCE = "f1db"

RENAMED = {("mexico", 2021): "Mexico City Grand Prix"}  # events, and since when they are called so
ZONES = {"las-vegas": "America/Los_Angeles"}  # races at night, on the next day in Greenwich
SHORTEST_NAME = 3  # letters: BMW, BRM


def seasons_of(tables: Mapping[str, pl.DataFrame], names: Names) -> list[Season]:
    """Seasons of the tables that `racecraft.sources.f1db.tables.read_tables` gives, in order.

    Raises
    ------
    UnreadableError
        A season breaks a promise of its tables, such as two events of one name.
    """
    tables = _with_teams(tables, names)
    drivers = _drivers(tables, names)
    events = _events(tables, names)
    event = events.select(*AT, "event")
    code = drivers.select("season", "driver", id="f1db_id")

    def placed(table: pl.DataFrame) -> pl.DataFrame:
        """Rows with the event and the code of the driver."""
        table = table.join(event, on=AT, maintain_order="left")
        if "driver_id" in table.columns:
            on = ["season", "driver_id"]
            table = table.join(
                code.rename({"id": "driver_id"}), on=on, how="left", maintain_order="left"
            )
        return table

    whole = {
        "events": events.sort(AT),
        "drivers": drivers.sort("season", "driver"),
        "teams": _teams(tables),
        "results": placed(results(tables)),
        "qualifying": placed(_qualifying(tables)),
        "sprint_qualifying": placed(_qualified(tables["sprint_qualifying_results"])),
        "pre_qualifying": placed(_qualified(tables["pre_qualifying_results"])),
        "pit_stops": placed(tables["pit_stops"].with_columns(duration="time")),
        "driver_standings": placed(_standings(tables, "driver")),
        "constructor_standings": placed(_standings(tables, "constructor")),
    }
    parts = {
        name: frame.partition_by("season", as_dict=True, include_key=False)
        for name, frame in whole.items()
    }
    return [
        _season(year, {name: part[year,] for name, part in parts.items() if (year,) in part})
        for year in tables["races"]["season"].unique().sort()
    ]


def _season(year: int, tables: Mapping[str, pl.DataFrame]) -> Season:
    try:
        return Season(
            season=year,
            series=FORMULA_ONE,
            source=SOURCE,
            rules=None,
            **{name: SEASON_TABLES[name].check(table) for name, table in tables.items()},
        )
    except TableError as error:
        raise UnreadableError(
            f"f1db, season {year}: {error.message}", season=year, table=error.facts.get("table")
        ) from error


def _events(tables: Mapping[str, pl.DataFrame], names: Names) -> pl.DataFrame:
    """Races with their names, circuits, days and laps."""
    titles = tables["grands_prix"].select("full_name", grand_prix_id="id")
    races = tables["races"].join(titles, on="grand_prix_id", maintain_order="left")
    name = pl.col("full_name")
    for (prix, since), title in RENAMED.items():
        of_it = (pl.col("grand_prix_id") == prix) & (pl.col("season") >= since)
        name = pl.when(of_it).then(pl.lit(title)).otherwise(name)
    places = _circuits(tables, names)
    run = tables["race_results"].group_by(AT).agg(run=pl.col("laps").max())
    sprinted = tables["sprint_race_results"].group_by(AT).agg(sprinted=pl.col("laps").max())
    has_result = pl.col("run").is_not_null()
    return (
        races.with_columns(name=name, date=_local_day())
        .with_columns(event=pl.col("name").map_elements(event_id, return_dtype=pl.String))
        .join(places, on="circuit_id", how="left", maintain_order="left")
        .join(run, on=AT, how="left", maintain_order="left")
        .join(sprinted, on=AT, how="left", maintain_order="left")
        .with_columns(
            laps=pl.when(has_result).then(pl.coalesce("laps", "run")),
            planned_laps=pl.when(has_result).then("scheduled_laps").otherwise(
                pl.coalesce("scheduled_laps", "laps")
            ),
            sprint_laps=pl.coalesce("sprinted", "sprint_race_laps"),
            course_km="course_length",
            qualifying_format=pl.col("qualifying_format").str.to_lowercase().str.replace_all(
                "_", " "
            ),
        )
    )  # fmt: skip


def _local_day() -> pl.Expr:
    """Day of a race where it is run: the source has the day of its start in Greenwich."""
    start = pl.col("date").cast(pl.Datetime("us")) + pl.col("time").str.to_time(
        "%H:%M", strict=False
    ).cast(pl.Duration("us"))
    day = pl.col("date")
    for circuit, zone in ZONES.items():
        there = start.dt.replace_time_zone("UTC").dt.convert_time_zone(zone).dt.date()
        day = pl.when(circuit_id=circuit).then(pl.coalesce(there, "date")).otherwise(day)
    return day


def _circuits(tables: Mapping[str, pl.DataFrame], names: Names) -> pl.DataFrame:
    countries = tables["countries"].select(country_id="id", land="name")
    known = names.circuits.rename({"id": "circuit_id"})
    return (
        tables["circuits"]
        .rename({"id": "circuit_id"})
        .join(countries, on="country_id", how="left")
        .join(known, on="circuit_id", how="left")
        .select(
            "circuit_id",
            circuit=pl.coalesce("circuit", "full_name"),
            locality=pl.coalesce("locality", "place_name"),
            country=pl.coalesce("country", "land"),
        )
    )


def _drivers(tables: Mapping[str, pl.DataFrame], names: Names) -> pl.DataFrame:
    """Drivers of each season with their codes; those that no other source names have new ones."""
    seen = pl.concat(
        table.select("season", id="driver_id")
        for table in tables.values()
        if {"season", "driver_id"} <= set(table.columns)
    ).unique()
    words = names.nationalities.rename({"country_id": "nationality_country_id"})
    demonyms = tables["countries"].select("demonym", nationality_country_id="id")
    drivers = (
        seen.join(tables["drivers"], on="id")
        .join(names.drivers, on="id", how="left")
        .join(words, on="nationality_country_id", how="left")
        .join(demonyms, on="nationality_country_id", how="left")
        .with_columns(
            driver_id=pl.coalesce("driver_id", pl.col("id").str.replace_all("-", "_")),
            given_name=pl.coalesce("given_name", "first_name"),
            family_name=pl.coalesce("family_name", "last_name"),
            nationality=pl.coalesce("nationality", "demonym"),
            number=pl.when("named").then("number").otherwise("permanent_number"),
            official=pl.when("named").then("code").otherwise("abbreviation"),
        )
    )
    known = {
        year: dict(part.select("driver_id", "driver").iter_rows())
        for (year,), part in names.codes.partition_by("season", as_dict=True).items()
    }
    made = [
        (year, driver_id, code)
        for (year,), part in drivers.partition_by("season", as_dict=True).items()
        for driver_id, code in codes(
            part.select("driver_id", "official", "family_name", "given_name").iter_rows(),
            known.get(year),
        ).items()
    ]
    schema = {"season": pl.Int16, "driver_id": pl.String, "driver": pl.String}
    return drivers.join(
        pl.DataFrame(made, schema=schema, orient="row"), on=["season", "driver_id"]
    ).rename({"id": "f1db_id"})


def _with_teams(tables: Mapping[str, pl.DataFrame], names: Names) -> dict[str, pl.DataFrame]:
    """Tables in which every car has the name of its team."""
    known = team_names(tables, names)
    on = ["season", "constructor_id", "engine_manufacturer_id"]
    return {
        name: table.join(known, on=on, how="left", nulls_equal=True, maintain_order="left")
        if set(on) <= set(table.columns)
        else table
        for name, table in tables.items()
    }


def _teams(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Teams of each season; of several constructors behind one name, the first."""
    countries = tables["countries"].select(country_id="id", nationality="demonym")
    makers = tables["constructors"].join(countries, on="country_id", how="left")
    return (
        pl.concat(
            tables[name].select("season", "team", "constructor_id")
            for name in ("race_results", "sprint_race_results", "constructor_standings")
        )
        .unique(["season", "team"], keep="first", maintain_order=True)
        .join(makers, left_on="constructor_id", right_on="id", how="left")
        .with_columns(team_id=pl.col("constructor_id").str.replace_all("-", "_"))
        .sort("season", "team")
    )


def _qualifying(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Qualifying of every format: parts, or the sessions of two days, and the time that counted."""
    rows = _qualified(tables["qualifying_results"])
    for part, name in (("q1", "qualifying_1_results"), ("q2", "qualifying_2_results")):
        session = (
            tables[name]
            .unique([*AT, "driver_id"], keep="first")
            .select(*AT, "driver_id", on_the_day="time")
        )
        rows = (
            rows.join(session, on=[*AT, "driver_id"], how="left", maintain_order="left")
            .with_columns(pl.coalesce(part, "on_the_day").alias(part))
            .drop("on_the_day")
        )
    return rows


def _qualified(table: pl.DataFrame) -> pl.DataFrame:
    """Rows of a table of qualifying, by the order in which it lists the cars."""
    return table.unique([*AT, "driver_id"], keep="first", maintain_order=True).select(
        *AT, "driver_id", "q1", "q2", "q3", "time", position="order"
    )


def _engines_apart(table: pl.DataFrame) -> pl.DataFrame:
    """Constructors' standings in which a team that f1db ranks once for each engine has two names.

    The better placed one keeps its own; the other has its engine in it: Brabham, Brabham-BMW.
    """
    of_team = ["season", "team"]
    pairs = (
        table.group_by(*of_team, "engine_manufacturer_id")
        .agg(points=pl.col("points").max(), order=pl.col("order").min())
        .sort("points", "order", descending=[True, False])
        .with_columns(first=pl.int_range(pl.len()).over(of_team) == 0)
        .select(*of_team, "engine_manufacturer_id", "first")
    )
    engine = pl.col("engine_manufacturer_id").str.replace_all("-", " ")
    name = pl.when(engine.str.len_chars() <= SHORTEST_NAME).then(
        engine.str.to_uppercase()
    ).otherwise(engine.str.to_titlecase())  # fmt: skip
    return table.join(
        pairs, on=[*of_team, "engine_manufacturer_id"], how="left", nulls_equal=True,
        maintain_order="left",
    ).with_columns(
        team=pl.when("first").then("team").otherwise(pl.format("{}-{}", "team", name))
    )  # fmt: skip


def _standings(tables: Mapping[str, pl.DataFrame], kind: str) -> pl.DataFrame:
    """Published standings, with the wins that there were by then."""
    table = tables[f"{kind}_standings"]
    who = "driver_id" if kind == "driver" else "team"
    won = (
        tables["race_results"]
        .filter(position="1")
        .unique([*AT, who])
        .group_by(*AT, who)
        .agg(won=pl.len())
    )
    keys = ["season", who]
    if kind == "constructor":
        table = _engines_apart(table)
    after = table.join(won, on=keys, how="left", suffix="_won").filter(
        pl.col("round_won").is_null() | (pl.col("round_won") <= pl.col("round"))
    )
    wins = after.group_by(*AT, who).agg(wins=pl.col("won").sum())
    return (
        table.join(wins, on=[*AT, who], how="left", maintain_order="left")
        .with_columns(
            pl.col("wins").fill_null(0), position=pl.col("position").cast(pl.Int16, strict=False)
        )
        .sort(*AT, "order")
    )
