"""What a car is called: a chassis and an engine in f1db, one name elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping

    from racecraft.sources.f1db.names import Names

CAR = ["constructor_id", "engine_manufacturer_id"]


def team_names(tables: Mapping[str, pl.DataFrame], names: Names) -> pl.DataFrame:
    """Name of every car of every season.

    Parameters
    ----------
    tables
        Tables with a constructor and an engine, and those of `constructors`.
    names
        Names that are known. A car of another season is called what that constructor with that
        engine was called last, or else what the constructor was; a new constructor as f1db has it.

    Returns
    -------
    DataFrame
        ``season``, ``constructor_id``, ``engine_manufacturer_id``, ``team``.
    """
    cars = pl.concat(
        table.select("season", *CAR)
        for table in tables.values()
        if {"season", *CAR} <= set(table.columns)
    ).unique()
    last = names.teams.sort("season")
    by_car = last.unique(CAR, keep="last").select(*CAR, of_car="team")
    by_maker = last.unique("constructor_id", keep="last").select("constructor_id", of_maker="team")
    own = tables["constructors"].select("name", constructor_id="id")
    return (
        cars.join(names.teams, on=["season", *CAR], how="left", nulls_equal=True)
        .join(by_car, on=CAR, how="left", nulls_equal=True)
        .join(by_maker, on="constructor_id", how="left")
        .join(own, on="constructor_id", how="left")
        .select("season", *CAR, team=pl.coalesce("team", "of_car", "of_maker", "name"))
    )
