"""Places lap by lap: all cars, those that mattered in colour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from racecraft.show.charts.shapes import (
    Band,
    Trace,
    family_names,
    flag_bands,
    last_lap,
    need_laps,
    places_by_lap,
    race_name,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from racecraft.model.race import Race

COLOURED = 7  # cars in colours that are told apart
FIRST_HOME = 3


@dataclass(frozen=True)
class LapChart:
    """What a lap chart shows; x is laps done, y a place.

    Attributes
    ----------
    title
        Which race.
    laps, cars
        Of the race, and in it.
    traces
        All cars, those in colour last, so that they are drawn above the others.
    out
        Cars that stopped, with the lap they completed last.
    bands
        Flags.
    """

    title: str
    laps: int
    cars: int
    traces: tuple[Trace, ...]
    out: dict[str, int]
    bands: tuple[Band, ...]


def lap_chart(race: Race, mattered: Sequence[str] = ()) -> LapChart:
    """What a lap chart shows.

    Parameters
    ----------
    race
        Needs ``crossings``.
    mattered
        Cars in colour, the first of them first; left out, the first of the classification.
    """
    need_laps(race)
    places = places_by_lap(race)
    laps = last_lap(places)
    home = [car for car in classified_cars(race) if car in places]
    wanted = list(dict.fromkeys([*home[:FIRST_HOME], *mattered, *(() if mattered else home)]))
    coloured = [car for car in wanted if car in places][:COLOURED]
    names = family_names(race)
    grey = [car for car in places if car not in coloured]
    traces = [
        Trace(
            car,
            names.get(car, car),
            tuple(float(lap) for lap in range(laps + 1)),
            tuple(float(places[car].get(lap, np.nan)) for lap in range(laps + 1)),
            coloured.index(car) if car in coloured else None,
        )
        for car in [*grey, *reversed(coloured)]
    ]
    return LapChart(
        title=race_name(race),
        laps=laps,
        cars=max(len(places), max(p for own in places.values() for p in own.values())),
        traces=tuple(traces),
        out=_stopped(race, places),
        bands=flag_bands(race),
    )


def who_mattered(moments: pl.DataFrame) -> list[str]:
    """Cars that the heaviest moments of a race are about."""
    if moments.is_empty():
        return []
    told = moments.filter(pl.col("rank") <= COLOURED).sort("rank")
    return list(dict.fromkeys(car for cars in told["drivers"] for car in cars.split()))


def classified_cars(race: Race) -> list[str]:
    """Cars in the order of the classification, or at the flag where there is none."""
    from racecraft.analysis.race import classified

    return [str(car) for car in classified(race)["car"]]


def _stopped(race: Race, places: dict[str, dict[int, int]]) -> dict[str, int]:
    """Cars without a place in the classification, and the last lap they did."""
    from racecraft.analysis.race import classified

    out = classified(race).filter(pl.col("position").is_null())["car"]
    return {car: max(places[car]) for car in out if car in places}
