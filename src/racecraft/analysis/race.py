"""The story of a race: who won, what was fought over, and how the order came about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from racecraft.analysis.audit import Audit, audit
from racecraft.analysis.fights.battle import Battle, battle_of
from racecraft.analysis.fights.battles import battles
from racecraft.analysis.order.classes import placed_in_class
from racecraft.analysis.order.drivers import crews
from racecraft.analysis.order.gaps import order
from racecraft.analysis.order.leading import laps_led
from racecraft.analysis.order.overtakes import overtakes
from racecraft.model.once import once_per
from racecraft.model.race import CAR, CLASSIFICATION
from racecraft.model.shown import Shown
from racecraft.model.table import TIME, Column, Table
from racecraft.model.terms import KINDS, THE_LINE

if TYPE_CHECKING:
    from racecraft.model.race import Race

DECISIVE = 3  # battles told by default
POINTS_PLACES = 10  # a battle for a place that scores counts for more

RESULT = Table(
    "result",
    key=("car",),
    columns=(
        Column("position", pl.Int16, "classified position, or at the flag where there is no "
               "classification; null if not classified"),
        CAR,
        Column("class", pl.String, "class of the car; null where all race in one"),
        Column("class_position", pl.Int16, "position in its class; null likewise, or if not "
               "classified"),
        Column("driver", pl.String, "code of the driver; null where several shared the car"),
        Column("name", pl.String, "name of the driver, or of all who shared the car"),
        Column("team", pl.String, "team as entered"),
        Column("grid", pl.Int16, "place on the grid; null from the pit lane, or unknown"),
        Column("laps", pl.Int16, "laps completed"),
        Column("time", TIME, "race time; null for lapped cars"),
        Column("gap", TIME, "behind the winner; null for lapped cars"),
        Column("status", pl.String, "Finished, +1 Lap, Collision, ..."),
        Column("points", pl.Float64, "points awarded"),
    ),
)  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class Story(Shown):
    """What happened in a race.

    Attributes
    ----------
    race
        The race it is about.
    result
        ``RESULT``.
    battles
        ``BATTLES``, fiercest first.
    decisive
        The battles that decided something, each with its story.
    led
        ``LAPS_LED``: who led how many laps, overall and in each class.
    kinds
        Changes of position by kind, and `flying_laps`: the overtakes that the published totals
        count.
    audit
        How far the reconstruction agrees with what was reported.
    """

    race: Race
    result: pl.DataFrame
    battles: pl.DataFrame
    decisive: list[Battle]
    led: pl.DataFrame
    kinds: dict[str, int]
    audit: Audit


def race(race: Race) -> Story:
    """Story of a race.

    Raises
    ------
    NotEnoughDataError
        The race has no crossings.

    Examples
    --------
    >>> from racecraft.sources.sample.toy import toy_race
    >>> story = race(toy_race())
    >>> story.kinds["on_track"]
    1
    """
    fought = battles(race)
    changes = overtakes(race)
    counts = dict(changes["kind"].value_counts().rows())
    return Story(
        race=race,
        result=race_result(race),
        battles=fought,
        decisive=[battle_of(race, row, by_corner=False) for row in _decisive(fought)],
        led=laps_led(race),
        kinds={
            **{kind: counts.get(kind, 0) for kind in KINDS},
            "flying_laps": overtakes(race, rule="flying_laps").height,
        },
        audit=audit(race),
    )


@once_per
def race_result(race: Race) -> pl.DataFrame:
    """``RESULT``: classification, or the order at the flag where a source has none.

    Its times likewise.
    """
    crew = crews(race)
    names = race.entries.select(
        "car",
        name=pl.coalesce(
            pl.concat_str("given_name", "family_name", separator=" "),
            pl.col("car").replace_strict(crew, default=None, return_dtype=pl.String),
        ),
        driver=pl.when(~pl.col("car").is_in(list(crew))).then("car"),
        entered="team",
        started="grid",
    )
    result = (
        classified(race)
        .join(names, on="car", how="left", maintain_order="left")
        .with_columns(team=pl.coalesce("team", "entered"), grid=pl.coalesce("grid", "started"))
    )
    return RESULT.check(placed_in_class(race, result))


def classified(race: Race) -> pl.DataFrame:
    """Classification, or the order at the flag where a source has none; its times likewise.

    The columns of ``CLASSIFICATION`` that are known, and `gap` to the winner on his lap.
    """
    return _at_flag(race) if race.classification.is_empty() else _classified(race)


def _at_flag(race: Race) -> pl.DataFrame:
    """Order at the flag, then the cars that were not running any more, by the laps they did."""
    down = pl.col("laps_down")
    running = (
        order(race)
        .rename({"lap": "laps"})
        .with_columns(
            status=pl.when(down > 0).then(
                pl.format(
                    "+{} Lap{}", down, pl.when(down > 1).then(pl.lit("s")).otherwise(pl.lit(""))
                )
            )
        )
    )
    laps = (
        race.crossings.filter(line=THE_LINE)
        .group_by("car")
        .agg(laps=pl.col("lap").max(), last=pl.col("time").max())
    )
    out = (
        race.entries.select("car")
        .join(running, on="car", how="anti", maintain_order="left")
        .join(laps, on="car", how="left", maintain_order="left")
        .sort("laps", "last", descending=[True, False], nulls_last=True, maintain_order=True)
        .select("car", pl.col("laps").fill_null(0), status=pl.lit("Not running at the flag"))
    )
    return pl.concat([running, out], how="diagonal_relaxed").with_columns(
        time=pl.when(pl.col("laps_down") == 0).then("time"),
        position_text=pl.col("position").cast(pl.String),
        team=pl.lit(None, pl.String),
        grid=pl.lit(None, pl.Int16),
    )


def _classified(race: Race) -> pl.DataFrame:
    """The classification, its times those at the flag where it has none."""
    listed = CLASSIFICATION.check(race.classification).sort("order")
    timed = order(race).filter(laps_down=0).select("car", at_flag="time")
    listed = listed.join(timed, on="car", how="left", maintain_order="left").with_columns(
        time=pl.coalesce("time", "at_flag") if listed["time"].is_null().all() else "time"
    )
    first = pl.col("time").first()
    on_lead_lap = (pl.col("laps") == pl.col("laps").first()).fill_null(value=True)
    return listed.with_columns(gap=pl.when(on_lead_lap).then(pl.col("time") - first))


def _decisive(fought: pl.DataFrame) -> list[dict[str, object]]:
    """Battles that decided a place: at the flag or with swaps, for places that matter, fiercest."""
    place = pl.coalesce("class_position", "position")
    matters = (
        pl.when(place == 1).then(4.0).when(place <= 3).then(2.0)
        .when(place <= POINTS_PLACES).then(1.0).otherwise(0.5)
    )  # fmt: skip
    weight = pl.col("intensity") * matters * pl.when("at_flag").then(2.0).otherwise(1.0)
    decided = fought.filter(pl.col("at_flag") | (pl.col("swaps") > 0))
    return decided.sort(weight, descending=True, maintain_order=True).head(DECISIVE).to_dicts()
