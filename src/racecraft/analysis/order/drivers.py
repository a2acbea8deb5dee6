"""Who drove which lap?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from racecraft.model.race import Race


def with_drivers(race: Race, table: pl.DataFrame) -> pl.DataFrame:
    """Rows of a table by `car` and `lap`, with who drove that lap as ``driver``.

    Where one driver a car drove the whole race that is the key of the car, his code. Where several
    did, and nobody says who drove a lap, it is null.

    Examples
    --------
    >>> from racecraft.sources.sample.toy import toy_race
    >>> race = toy_race()
    >>> with_drivers(race, race.crossings.head(1))["driver"].item()
    'VER'
    """
    if race.drivers_in_car.is_empty():
        return table.with_columns(driver=pl.col("car"))
    shared = race.drivers_in_car["car"].unique().implode()
    alone = pl.when(~pl.col("car").is_in(shared)).then("car")
    return table.join(
        race.drivers_in_car, on=["car", "lap"], how="left", maintain_order="left"
    ).with_columns(driver=pl.coalesce("driver", alone))


def driver_on(race: Race, car: str, lap: int) -> str | None:
    """Who drove a car on a lap; None where several shared it and nobody says."""
    asked = pl.DataFrame({"car": [car], "lap": [lap]}, schema_overrides={"lap": pl.Int16})
    found: str | None = with_drivers(race, asked)["driver"].item()
    return found


def crews(race: Race) -> dict[str, str]:
    """Drivers of every car that several shared, in the order in which they first drove it."""
    seen = race.drivers_in_car.sort("lap").unique(["car", "driver"], maintain_order=True)
    told = seen.group_by("car", maintain_order=True).agg(pl.col("driver").str.join(" / "))
    return dict(told.iter_rows())
