"""On which laps did two cars meet?"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from racecraft.analysis.fights.battle_words import laps_words
from racecraft.analysis.fights.explain import name_of
from racecraft.analysis.order.gaps import gaps
from racecraft.analysis.order.overtakes import overtakes
from racecraft.model.race import LINE
from racecraft.model.table import TIME, Column, Table

if TYPE_CHECKING:
    from racecraft.model.race import Race

MET_S = 1.5  # two cars this close, on the same lap, have met; the interval that ends a battle

ON_THE_ROAD = ("on_track", "trouble", "start")
# How a change of order of each kind is told.
BY = {
    "on_track": "passed",
    "start": "passed at the start",
    "trouble": "passed, the other in trouble,",
    "pit": "came out ahead around a stop",
    "neutralised": "gained the place under neutralisation",
    "order_reset": "had the place back as the order was reset for the restart",
}

MEETINGS = Table(
    "meetings",
    key=("start_lap",),
    columns=(
        Column("start_lap", pl.Int16, "first of the laps on which the two met"),
        Column("end_lap", pl.Int16, "last of them"),
        Column("closest", TIME, "smallest interval on these laps"),
        Column("lap", pl.Int16, "on which lap that was"),
        LINE,
        Column("ahead", pl.String, "car ahead then"),
        Column("passes", pl.Int16, "changes of order between the two on these laps"),
        Column("sentence", pl.String, "the same in words"),
    ),
)


def meetings(race: Race, pair: tuple[str, str]) -> pl.DataFrame:
    """Laps on which two cars came within 1.5 s of each other, or changed order, ``MEETINGS``.

    A change of order by a stop or under neutralisation counts where they were close on that lap or
    the one before.
    """
    between = gaps(race, drivers=pair).filter(laps_apart=0)
    near = between.filter(pl.col("interval").abs() <= timedelta(seconds=MET_S))
    close = set(near["lap"])
    changes = _changes(race, pair).filter(
        pl.col("kind").is_in(ON_THE_ROAD) | pl.col("lap").is_in([*close, *(n + 1 for n in close)])
    )
    on_laps = between.filter(pl.col("lap").is_in([*close, *changes["lap"]]))
    if on_laps.is_empty():
        return MEETINGS.empty()
    apart = pl.col("lap").diff().fill_null(0) > 1
    parts = on_laps.with_columns(part=apart.cum_sum()).partition_by("part", maintain_order=True)
    return MEETINGS.rows([_meeting(race, pair, part, changes) for part in parts])


def met_words(race: Race, pair: tuple[str, str], met: pl.DataFrame) -> str:
    """Where two cars met that had no battle, in a sentence or two."""
    first, second = (name_of(race, driver) for driver in pair)
    if met.is_empty():
        return f"{first} and {second} did not fight: {_how_close(race, pair)}."
    return f"{first} and {second} had no battle; they met on {'; '.join(met['sentence'])}."


def _changes(race: Race, pair: tuple[str, str]) -> pl.DataFrame:
    return overtakes(race).filter(
        pl.col("passer").is_in(pair), pl.col("passed").is_in(pair), pl.col("margin").is_not_null()
    )


def _meeting(
    race: Race, pair: tuple[str, str], part: pl.DataFrame, changes: pl.DataFrame
) -> dict[str, object]:
    """Row of ``MEETINGS`` for laps in a row."""
    nearest = part.sort(pl.col("interval").abs(), maintain_order=True).row(0, named=True)
    begin, end = part["lap"][0], part["lap"][-1]
    passes = changes.filter(pl.col("lap").is_between(begin, end), pl.col("kind").is_in(list(BY)))
    ahead = pair[0] if nearest["interval"] >= timedelta(0) else pair[1]
    closest = f"closest {abs(nearest['interval'].total_seconds()):.3f} s"
    words = [
        f"{laps_words(begin, end)} ({closest} at {nearest['line']} of lap {nearest['lap']}, "
        f"{name_of(race, ahead)} ahead)",
        *(
            f"{name_of(race, passer)} {BY[kind]} on lap {lap}"
            for passer, lap, kind in passes["passer", "lap", "kind"].rows()
        ),
    ]
    return {
        "start_lap": begin,
        "end_lap": end,
        "closest": abs(nearest["interval"]),
        "lap": nearest["lap"],
        "line": nearest["line"],
        "ahead": ahead,
        "passes": passes.height,
        "sentence": ", ".join(words),
    }


def _how_close(race: Race, drivers: tuple[str, str]) -> str:
    between = gaps(race, drivers=drivers).filter(pl.col("laps_apart") == 0)
    if between.is_empty():
        return "they were never timed on the same lap"
    nearest = between.sort(pl.col("interval").abs()).row(0, named=True)
    seconds = abs(nearest["interval"].total_seconds())
    return f"they came no closer than {seconds:.3f} s, at {nearest['line']} of lap {nearest['lap']}"
