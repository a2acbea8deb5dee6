"""Carry f1db's record of every World Championship race over into the package, in its own tables.

    python tools/build_record.py RECORD ERGAST

RECORD is the folder with the plain tables of f1db that docs/record.md describes; ERGAST a folder of
Ergast tables, whose names for people, cars and places are used, so that accounts of one race agree
on who is who. The files in src/racecraft/sources/record/data and src/racecraft/sources/f1db/names
are written anew.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
from zopfli.zlib import compress

from racecraft.model.folding import fold
from racecraft.sources.ergast import dump as ergast_dump
from racecraft.sources.f1db.corrections import corrected
from racecraft.sources.f1db.files import fetch
from racecraft.sources.f1db.names import TABLES, Names
from racecraft.sources.f1db.read import read_release
from racecraft.sources.f1db.seasons import seasons_of
from racecraft.sources.f1db.tables import read_tables
from racecraft.sources.record.file import FILE
from racecraft.sources.record.record import pack_record

if TYPE_CHECKING:
    from racecraft.model.season import Season

SOURCES = Path(__file__).parents[1] / "src/racecraft/sources"
LEVEL = 11  # of brotli, its highest: written once, read for ever


def main(record: Path, ergast: Path) -> None:
    """Write the names and the tables of the record."""
    tables = read_record(record)
    others, _ = ergast_dump.parse(ergast_dump.fetch(ergast))
    names = names_of(tables, others)
    write(SOURCES / "f1db/names", {name: getattr(names, name) for name in TABLES})
    content = pack_record(seasons_of(tables, names), compress)
    (SOURCES / "record/data" / FILE).write_bytes(content)
    print(f"{FILE:32} {len(content) / 1000:20.1f} kB")


def read_record(folder: Path) -> dict[str, pl.DataFrame]:
    """Tables of the record, checked, with what is known to be wrong in them put right."""
    return corrected(read_tables(read_release(fetch(folder)), files={}))


def names_of(tables: dict[str, pl.DataFrame], others: list[Season]) -> Names:
    """What the Ergast tables call whoever and whatever is in the record."""
    people = _people(tables["drivers"], others)
    events = pl.concat(
        season.events.select(
            "round", "circuit", "locality", "country", season=pl.lit(season.season)
        )
        for season in others
    )
    circuits = (
        tables["races"]
        .select(pl.col("season").cast(pl.Int32), "round", id="circuit_id")
        .join(events, on=["season", "round"])
        .unique("id", keep="last", maintain_order=True)
        .select("id", "circuit", "locality", "country")
        .sort("id")
    )
    return Names(
        drivers=people.drop("nationality"),
        codes=_codes(others),
        teams=_teams(tables, people, others),
        circuits=circuits,
        nationalities=_nationalities(tables["drivers"], people),
    )


def _people(drivers: pl.DataFrame, others: list[Season]) -> pl.DataFrame:
    """Drivers whom both know: by name, or else by their birthday."""
    known = pl.concat(
        season.drivers.with_columns(season=pl.lit(season.season)) for season in others
    ).unique("driver_id", keep="last", maintain_order=True)
    named = known.with_columns(
        whole=_folded(pl.concat_str("given_name", "family_name", separator=" "))
    )
    ours = drivers.with_columns(
        whole=_folded(pl.concat_str("first_name", "last_name", separator=" "))
    )
    same_name = ours.join(named, on="whole")
    rest = ours.join(same_name, on="id", how="anti")
    same_day = rest.join(
        named.join(same_name, on="driver_id", how="anti"), on="date_of_birth", how="inner"
    ).unique("id")
    both = pl.concat([same_name, same_day], how="diagonal")
    spelt = both["whole"].is_in(named["whole"].implode())
    return both.select(
        "id",
        "driver_id",
        code=pl.when(pl.col("number").is_not_null()).then("driver"),  # since 2014 it is official
        given_name=pl.when(spelt).then("given_name").otherwise("first_name"),
        family_name=pl.when(spelt).then("family_name").otherwise(_without_junior("last_name")),
        number="number",
        nationality="nationality",
        named=pl.lit(value=True),
    ).sort("id")


def _without_junior(column: str) -> pl.Expr:
    return pl.col(column).str.replace(r",? Jr\.$", "")


def _codes(others: list[Season]) -> pl.DataFrame:
    return pl.concat(
        season.drivers.select(
            pl.lit(season.season, pl.Int16).alias("season"), "driver_id", "driver"
        )
        for season in others
    ).sort("season", "driver_id")


def _teams(
    tables: dict[str, pl.DataFrame], people: pl.DataFrame, others: list[Season]
) -> pl.DataFrame:
    """Name that most of the results of a car have in a season."""
    theirs = pl.concat(
        season.results.filter(session="race")
        .join(season.events.select("event", "round"), on="event")
        .join(season.drivers.select("driver", "driver_id"), on="driver")
        .select(pl.lit(season.season, pl.Int16).alias("season"), "round", "driver_id", "team")
        for season in others
    )
    ours = tables["race_results"].join(
        people.select("id", ref="driver_id"), left_on="driver_id", right_on="id"
    )
    car = ["season", "constructor_id", "engine_manufacturer_id"]
    votes = (
        ours.join(
            theirs, left_on=["season", "round", "ref"], right_on=["season", "round", "driver_id"]
        )
        .group_by(*car, "team")
        .len()
        .sort(*car, "len", "team", descending=[False, False, False, True, False])
    )
    return votes.unique(car, keep="first", maintain_order=True).select(*car, "team")


def _nationalities(drivers: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Word for who comes from a country: the one that most of its drivers have."""
    votes = (
        people.join(drivers.select("id", country_id="nationality_country_id"), on="id")
        .group_by("country_id", "nationality")
        .len()
        .sort("country_id", "len", "nationality", descending=[False, True, False])
    )
    return votes.unique("country_id", keep="first", maintain_order=True).select(
        "country_id", "nationality"
    )


def _folded(text: pl.Expr) -> pl.Expr:
    return text.map_elements(fold, return_dtype=pl.String)


def write(folder: Path, tables: dict[str, pl.DataFrame]) -> None:
    """Write every table to a file of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    total = 0
    for name, table in tables.items():
        path = folder / f"{name}.parquet"
        table.write_parquet(path, compression="brotli", compression_level=LEVEL, statistics=False)
        total += path.stat().st_size
        print(f"{path.name:32} {table.height:6} rows {path.stat().st_size / 1000:7.1f} kB")
    print(f"{folder.name:32} {total / 1000:20.1f} kB")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
