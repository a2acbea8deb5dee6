"""How far two cars were apart in a battle, line by line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from racecraft.analysis.order.gaps import gaps
from racecraft.errors import NotEnoughDataError
from racecraft.model.clock import seconds
from racecraft.show.charts.shapes import Mark, family_names, race_name

if TYPE_CHECKING:
    from racecraft.analysis.fights.battle import Battle
    from racecraft.model.race import Race


AROUND_LAPS = 8  # before two who never fought last met


@dataclass(frozen=True)
class BattleChart:
    """What the picture of a battle shows.

    Attributes
    ----------
    title
        Which race.
    first, second, names
        Their cars, and what they are called.
    at
        Laps done, a point for each timing line.
    behind
        Seconds that `second` is behind `first`; negative when ahead.
    swaps
        Changes of order, in order; `car` came out ahead.
    """

    title: str
    first: str
    second: str
    names: dict[str, str]
    at: tuple[float, ...]
    behind: tuple[float, ...]
    swaps: tuple[Mark, ...]


def battle_chart(race: Race, battle: Battle) -> BattleChart:
    """What the picture of a battle shows.

    Raises
    ------
    NotEnoughDataError
        The two were never close for as long as a battle takes.
    """
    first, second = battle.row["first"], battle.row["second"]
    lines = race.lines.sort("order")["line"].to_list()
    place = {line: (i + 1) / len(lines) for i, line in enumerate(lines)}
    names = family_names(race)
    rows = (
        _shown(race, battle)
        .with_columns(
            s=seconds("interval"),
            at=pl.col("lap") - 1 + pl.col("line").replace_strict(place, return_dtype=pl.Float64),
        )
        .drop_nulls("s")
        .sort("at")
    )
    if rows.height < 2:
        raise NotEnoughDataError(
            f"{first} and {second} were not close for long enough to be drawn",
            hint=f"racecraft gaps {race.season} {race.event} {first} {second} has their interval",
        )
    swaps = [
        Mark(i, lap - 1 + place[line], 0.0, passer, lap, f"{names.get(passer, passer)}, lap {lap}")
        for i, (lap, line, passer) in enumerate(
            battle.swap_list["lap", "line", "passer"].iter_rows(), 1
        )
    ]
    return BattleChart(
        title=race_name(race),
        first=first,
        second=second,
        names={car: names.get(car, car) for car in (first, second)},
        at=tuple(rows["at"]),
        behind=tuple(rows["s"]),
        swaps=tuple(swaps),
    )


def _shown(race: Race, battle: Battle) -> pl.DataFrame:
    """Lines of the battle; of two who only met, those around the last time."""
    if battle.row["start_lap"] is not None or battle.lines.is_empty():
        return battle.lines
    last = battle.lines["lap"].to_list()[-1]
    both = gaps(race, drivers=(battle.row["first"], battle.row["second"]))
    return both.filter(pl.col("lap").is_between(last - AROUND_LAPS, last + 1))
