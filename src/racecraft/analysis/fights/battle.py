"""One battle, line by line: its swaps, its turning points, and its story in a sentence or two."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from racecraft.analysis.fights.battle_words import told
from racecraft.analysis.fights.battles import BATTLES, battles, raced_by
from racecraft.analysis.fights.explain import (
    LOSSES,
    TURNING_POINTS,
    losses_of,
    name_of,
    turning_point,
)
from racecraft.analysis.fights.meetings import MEETINGS, meetings, met_words
from racecraft.analysis.order.classes import classes
from racecraft.analysis.order.gaps import INTERVALS, car_of, gaps
from racecraft.analysis.order.laps import laps
from racecraft.analysis.order.overtakes import overtakes
from racecraft.analysis.order.timing import timing
from racecraft.analysis.telemetry.corners import CORNER_LAPS, corners, has_corners
from racecraft.analysis.telemetry.pass_words import PASSES, passes
from racecraft.model.race import CAR, LAP, LINE
from racecraft.model.shown import Shown
from racecraft.model.table import TIME, Column, Table

if TYPE_CHECKING:
    from racecraft.model.race import Race

SWAPS = Table(
    "swaps",
    key=("lap", "line"),
    columns=(
        LAP,
        LINE,
        Column("passer", pl.String, "car that came out ahead"),
        Column("passed", pl.String, "car that fell behind"),
        Column("margin", TIME, "interval at that line"),
    ),
)

BATTLE_TYRES = Table(
    "battle_tyres",
    key=("car", "lap"),
    columns=(
        CAR,
        Column("lap", pl.Int16, "first lap of the battle on this set"),
        Column("compound", pl.String, "tyre compound; null where the source does not say"),
        Column("tyre_age", pl.Int16, "laps the set has done, this one included; null likewise"),
        Column("laps_on_set", pl.Int16, "laps since it was fitted, this one included"),
    ),
)

BATTLE_SEGMENTS = Table(
    "battle_segments",
    key=("car", "line"),
    columns=(
        CAR,
        Column("line", pl.String, "line at which the segment ends"),
        Column("lost", TIME, "on this segment against the driver's own reference, a lap: median of "
               "the battle; negative for a gain"),
        Column("worst", TIME, "the largest loss on it"),
        Column("worst_lap", pl.Int16, "on which lap"),
    ),
)  # fmt: skip

ON_THE_ROAD = ("on_track", "trouble", "start", "neutralised", "order_reset")  # have a place

BATTLE_LINES = Table("lines", key=("lap", "line"), columns=INTERVALS.columns[:3])


@dataclass(frozen=True, eq=False, repr=False)
class Battle(Shown):
    """A battle of two cars: their fiercest, with all others; or where they met without one.

    Attributes
    ----------
    row
        Its row of ``BATTLES``; all null but the two cars where they never fought.
    battles
        ``BATTLES``: every battle of the two, fiercest first.
    meetings
        ``MEETINGS``: laps on which they were close, battles or not, in order.
    swap_list
        ``SWAPS``: changes of order between the two.
    lines
        ``BATTLE_LINES``: how far `second` was behind `first`, negative when ahead.
    losses
        ``LOSSES`` of both, on every segment.
    turning_points
        ``TURNING_POINTS``: one for each swap; without a swap, the nearest thing to one.
    passes
        ``PASSES``: where on the track they passed each other, in battles or not, as far as
        telemetry tells.
    corners
        ``CORNER_LAPS`` of both on the laps of the turning points; empty without telemetry.
    segments
        ``BATTLE_SEGMENTS``: where each of the two lost and gained, by the finest segments of the
        source.
    tyres
        ``BATTLE_TYRES`` of both.
    tyre_words
        How their tyres differed, in a sentence.
    story
        One or two sentences.
    """

    row: dict[str, Any]
    battles: pl.DataFrame
    meetings: pl.DataFrame
    swap_list: pl.DataFrame
    lines: pl.DataFrame
    losses: pl.DataFrame
    turning_points: pl.DataFrame
    passes: pl.DataFrame
    corners: pl.DataFrame
    segments: pl.DataFrame
    tyres: pl.DataFrame
    tyre_words: str
    story: str


def battle(race: Race, drivers: tuple[str, str]) -> Battle:
    """The fiercest battle between two cars and all others; or the laps on which they met.

    Parameters
    ----------
    race
        Needs ``crossings``.
    drivers
        Two codes, in either order.

    Raises
    ------
    NotFoundError
        A car took no part.

    Examples
    --------
    >>> from racecraft.sources.sample.toy import toy_race
    >>> battle(toy_race(), ("HAM", "SAI")).story.split(". ")[1]
    'Hamilton passed in sector 2 of lap 2 and stayed ahead.'
    """
    of = [classes(race)[car_of(race, driver)] for driver in drivers]
    fought = battles(race, overall=of[0] != of[1]).filter(
        pl.col("first").is_in(drivers), pl.col("second").is_in(drivers)
    )
    met = meetings(race, drivers)
    if fought.is_empty():
        return _no_battle(race, drivers, met)
    told_of = battle_of(race, fought.row(0, named=True))
    return replace(told_of, battles=fought, meetings=met)


def battle_of(race: Race, row: dict[str, Any], *, by_corner: bool = True) -> Battle:
    """The battle of a row of ``BATTLES``; without its corners the telemetry is not read."""
    pair = (row["first"], row["second"])
    during = pl.col("lap").is_between(row["start_lap"], row["end_lap"])
    swaps = _swaps(race, pair, row["start_lap"], row["end_lap"])
    at = timing(race)
    begin = at.step_of(row["start_lap"], at.lines[0])
    end = at.step_of(row["end_lap"], at.lines[-1])
    lost = losses_of(race, pair, begin, end)
    tyres = _tyres(race, pair, row["start_lap"], row["end_lap"])
    points = _turning_points(race, swaps, pair, begin, end, by_corner=by_corner)
    told_by_corner = by_corner and has_corners(race)
    found = _passes(race, pair) if told_by_corner else PASSES.empty()
    return Battle(
        row=row,
        battles=BATTLES.rows([row]),
        meetings=MEETINGS.empty(),
        swap_list=swaps,
        lines=BATTLE_LINES.check(gaps(race, drivers=pair).filter(during)),
        losses=lost,
        turning_points=points,
        passes=found,
        corners=corners(race, laps=points["lap"].unique().sort().to_list(), drivers=pair)
        if told_by_corner
        else CORNER_LAPS.empty(),
        segments=_segments(lost),
        tyres=tyres,
        tyre_words=_tyre_words(race, pair, tyres),
        story=told(race, row, swaps, found),
    )


def _turning_points(
    race: Race,
    swaps: pl.DataFrame,
    pair: tuple[str, str],
    begin: int,
    end: int,
    *,
    by_corner: bool,
) -> pl.DataFrame:
    """Turning point of each swap, among the segments of the lap's length before it."""
    at = timing(race)
    found = []
    racing = raced_by(race, pair)
    for lap, line, passer, passed in swaps["lap", "line", "passer", "passed"].rows():
        step = at.step_of(lap, line)
        window = np.arange(max(begin, step - len(at.lines) + 1), step + 1)
        found.append(
            turning_point(race, window[racing[window]], passer, passed, by_corner=by_corner)
        )
    if not found:
        whole = np.arange(begin, end + 1)
        found.append(
            turning_point(race, whole[racing[whole]], pair[1], pair[0], by_corner=by_corner)
        )
    rows = [row for row in found if row is not None]
    unique = {(row["lap"], row["line"]): row for row in rows}
    return TURNING_POINTS.rows(list(unique.values()))


def _segments(lost: pl.DataFrame) -> pl.DataFrame:
    known = lost.drop_nulls("loss")
    worst = pl.col("loss").arg_max()
    return BATTLE_SEGMENTS.check(
        known.group_by("car", "line", maintain_order=True).agg(
            lost=pl.col("loss").median(),
            worst=pl.col("loss").max(),
            worst_lap=pl.col("lap").get(worst),
        )
    )


def _tyres(race: Race, pair: tuple[str, str], begin: int, end: int) -> pl.DataFrame:
    """Sets of tyres that the two were on during a battle."""
    first_lap = pl.col("lap").first().over("car", "stint")
    own = laps(race).filter(pl.col("car").is_in(pair))
    during = own.with_columns(laps_on_set=pl.col("lap") - first_lap + 1).filter(
        pl.col("lap").is_between(begin, end)
    )
    return BATTLE_TYRES.check(during.unique(["car", "stint"], keep="first").sort("car", "lap"))


def _tyre_words(race: Race, pair: tuple[str, str], tyres: pl.DataFrame) -> str:
    """How the tyres of the two differed when the battle began."""
    rows = [tyres.filter(car=driver) for driver in pair]
    if any(row.is_empty() for row in rows):
        return ""
    first, second = (row.row(0, named=True) for row in rows)
    known = first["tyre_age"] is not None and second["tyre_age"] is not None
    age = "tyre_age" if known else "laps_on_set"
    older = first[age] - second[age]
    one, other = (name_of(race, driver) for driver in (pair if older >= 0 else pair[::-1]))
    count = "1 lap" if abs(older) == 1 else f"{abs(older)} laps"
    words = (
        f"{one}'s tyres were {count} older than {other}'s"
        if older
        else f"{one} and {other} were on tyres of the same age"
    )
    compounds = (first["compound"], second["compound"])
    if None in compounds:
        return f"{words}; compounds are not known."
    if compounds[0] == compounds[1]:
        return f"{words}, {compounds[0]} both."
    names = [name_of(race, driver) for driver in pair]
    return f"{words}; {names[0]} was on {compounds[0]}, {names[1]} on {compounds[1]}."


def _swaps(race: Race, pair: tuple[str, str], begin: int, end: int) -> pl.DataFrame:
    return SWAPS.check(
        overtakes(race, overall=True).filter(
            pl.col("lap").is_between(begin, end),
            pl.col("passer").is_in(pair),
            pl.col("passed").is_in(pair),
            pl.col("kind").is_in(["on_track", "trouble", "start"]),
        )
    )


def _passes(race: Race, pair: tuple[str, str]) -> pl.DataFrame:
    """Where on the track two cars passed each other, all through the race."""
    changes = overtakes(race, overall=True).filter(
        pl.col("passer").is_in(pair), pl.col("passed").is_in(pair),
        pl.col("kind").is_in(ON_THE_ROAD),
    )  # fmt: skip
    return passes(race, changes, partial(name_of, race))


def _no_battle(race: Race, pair: tuple[str, str], met: pl.DataFrame) -> Battle:
    """What there is to tell of two cars that never fought."""
    row = dict.fromkeys(BATTLES.schema) | {
        "series": race.series, "season": race.season, "round": race.round,
        "session": race.session,
        "first": pair[0], "second": pair[1],
    }  # fmt: skip
    during = pl.col("lap").is_in(
        [lap for a, b in met["start_lap", "end_lap"].rows() for lap in range(a, b + 1)]
    )
    return Battle(
        row=row,
        battles=BATTLES.empty(),
        meetings=met,
        swap_list=SWAPS.empty(),
        lines=BATTLE_LINES.check(gaps(race, drivers=pair).filter(during)),
        losses=LOSSES.empty(),
        turning_points=TURNING_POINTS.empty(),
        passes=_passes(race, pair) if has_corners(race) else PASSES.empty(),
        corners=CORNER_LAPS.empty(),
        segments=BATTLE_SEGMENTS.empty(),
        tyres=BATTLE_TYRES.empty(),
        tyre_words="",
        story=met_words(race, pair, met),
    )
