"""One battle, line by line: its swaps, its turning points, and its story in a sentence or two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from racecraft.analysis.fights.battles import battles
from racecraft.analysis.fights.explain import (
    TURNING_POINTS,
    losses_of,
    name_of,
    segment_words,
    turning_point,
)
from racecraft.analysis.order.gaps import INTERVALS, car_of, gaps
from racecraft.analysis.order.laps import laps
from racecraft.analysis.order.overtakes import overtakes
from racecraft.analysis.order.timing import timing
from racecraft.analysis.telemetry.corners import CORNER_LAPS, corners
from racecraft.analysis.telemetry.distance import placed
from racecraft.errors import NotFoundError
from racecraft.model.race import DRIVER, LAP, LINE
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
    key=("driver", "lap"),
    columns=(
        DRIVER,
        Column("lap", pl.Int16, "first lap of the battle on this set"),
        Column("compound", pl.String, "tyre compound; null where the source does not say"),
        Column("tyre_age", pl.Int16, "laps the set has done, this one included; null likewise"),
        Column("laps_on_set", pl.Int16, "laps since it was fitted, this one included"),
    ),
)

BATTLE_SEGMENTS = Table(
    "battle_segments",
    key=("driver", "line"),
    columns=(
        DRIVER,
        Column("line", pl.String, "line at which the segment ends"),
        Column("lost", TIME, "on this segment against the driver's own reference, a lap: median of "
               "the battle; negative for a gain"),
        Column("worst", TIME, "the largest loss on it"),
        Column("worst_lap", pl.Int16, "on which lap"),
    ),
)  # fmt: skip

BATTLE_LINES = Table("lines", key=("lap", "line"), columns=INTERVALS.columns[:3])


@dataclass(frozen=True, eq=False)
class Battle:
    """A battle of two cars.

    Attributes
    ----------
    row
        Its row of ``BATTLES``.
    swap_list
        ``SWAPS``: changes of order between the two.
    lines
        ``BATTLE_LINES``: how far `second` was behind `first`, negative when ahead.
    losses
        ``LOSSES`` of both, on every segment.
    turning_points
        ``TURNING_POINTS``: one for each swap; without a swap, the nearest thing to one.
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
    swap_list: pl.DataFrame
    lines: pl.DataFrame
    losses: pl.DataFrame
    turning_points: pl.DataFrame
    corners: pl.DataFrame
    segments: pl.DataFrame
    tyres: pl.DataFrame
    tyre_words: str
    story: str


def battle(race: Race, drivers: tuple[str, str]) -> Battle:
    """The fiercest battle between two drivers.

    Parameters
    ----------
    race
        Needs ``crossings``.
    drivers
        Two codes, in either order.

    Raises
    ------
    NotFoundError
        A driver took no part, or the two never fought: the hint says how close they came.

    Examples
    --------
    >>> from racecraft.sources.sample.toy import toy_race
    >>> battle(toy_race(), ("HAM", "SAI")).story.split(". ")[1]
    'Hamilton passed in sector 2 of lap 2 and stayed ahead.'
    """
    for driver in drivers:
        car_of(race, driver)
    fought = battles(race).filter(pl.col("first").is_in(drivers), pl.col("second").is_in(drivers))
    if fought.is_empty():
        raise NotFoundError(
            f"no battle between {drivers[0]} and {drivers[1]} in {race.season} {race.name}",
            hint=_how_close(race, drivers),
            drivers=drivers,
        )
    return battle_of(race, fought.row(0, named=True))


def battle_of(race: Race, row: dict[str, Any], *, by_corner: bool = True) -> Battle:
    """The battle of a row of ``BATTLES``; without its corners the telemetry is not read."""
    pair = (row["first"], row["second"])
    during = pl.col("lap").is_between(row["start_lap"], row["end_lap"])
    swaps = SWAPS.check(
        overtakes(race).filter(
            during,
            pl.col("passer").is_in(pair),
            pl.col("passed").is_in(pair),
            pl.col("kind").is_in(["on_track", "trouble", "start"]),
        )
    )
    at = timing(race)
    begin = at.step_of(row["start_lap"], at.lines[0])
    end = at.step_of(row["end_lap"], at.lines[-1])
    lost = losses_of(race, pair, begin, end)
    tyres = _tyres(race, pair, row["start_lap"], row["end_lap"])
    points = _turning_points(race, swaps, pair, begin, end, by_corner=by_corner)
    told_by_corner = by_corner and placed(race) is not None
    return Battle(
        row=row,
        swap_list=swaps,
        lines=BATTLE_LINES.check(gaps(race, drivers=pair).filter(during)),
        losses=lost,
        turning_points=points,
        corners=corners(race, laps=points["lap"].unique().sort().to_list(), drivers=pair)
        if told_by_corner
        else CORNER_LAPS.empty(),
        segments=_segments(lost),
        tyres=tyres,
        tyre_words=_tyre_words(race, pair, tyres),
        story=told(race, row, swaps),
    )


def told(race: Race, row: dict[str, Any], swaps: pl.DataFrame) -> str:
    """Story of a battle: who, for what, how long, how close, the last swaps, and the end of it."""
    first, second, ahead = (name_of(race, row[who]) for who in ("first", "second", "ahead_at_end"))
    laps = "1 lap" if row["laps"] == 1 else f"{row['laps']} laps"
    fight = (
        f"{first} and {second} fought for {_place(row['position'])} over {laps} "
        f"({row['start_lap']} to {row['end_lap']}), "
        f"within 1.0 s at {row['share_within_1s']:.0%} of the timing lines."
    )
    passes = ", ".join(_pass_words(race, *swap) for swap in _last_swaps(swaps))
    if row["at_flag"]:
        end = f"{ahead} was ahead at the flag by {row['margin'].total_seconds():.3f} s."
        return f"{fight} {passes}; {end}" if passes else f"{fight} {end}"
    return f"{fight} {passes} and stayed ahead." if passes else f"{fight} {ahead} kept the place."


def _last_swaps(swaps: pl.DataFrame, most: int = 3) -> list[tuple[int, str, str, bool]]:
    """Lap, line and passer of the last swaps, and whether the place is told to be taken back."""
    shown = swaps.tail(most).with_row_index()
    return shown.select("lap", "line", "passer", back=pl.col("index") > 0).rows()


def _pass_words(race: Race, lap: int, line: str, passer: str, back: bool) -> str:
    where = segment_words(race, line)
    verb = "took it back" if back else "passed"
    return f"{name_of(race, passer)} {verb}{where + ' of' if where else ' on'} lap {lap}"


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
    for lap, line, passer, passed in swaps["lap", "line", "passer", "passed"].rows():
        step = at.step_of(lap, line)
        window = np.arange(max(begin, step - len(at.lines) + 1), step + 1)
        found.append(turning_point(race, window, passer, passed, by_corner=by_corner))
    if not found:
        whole = np.arange(begin, end + 1)
        found.append(turning_point(race, whole, pair[1], pair[0], by_corner=by_corner))
    rows = [row for row in found if row is not None]
    unique = {(row["lap"], row["line"]): row for row in rows}
    return TURNING_POINTS.rows(list(unique.values()))


def _segments(lost: pl.DataFrame) -> pl.DataFrame:
    known = lost.drop_nulls("loss")
    worst = pl.col("loss").arg_max()
    return BATTLE_SEGMENTS.check(
        known.group_by("driver", "line", maintain_order=True).agg(
            lost=pl.col("loss").median(),
            worst=pl.col("loss").max(),
            worst_lap=pl.col("lap").get(worst),
        )
    )


def _tyres(race: Race, pair: tuple[str, str], begin: int, end: int) -> pl.DataFrame:
    """Sets of tyres that the two were on during a battle."""
    first_lap = pl.col("lap").first().over("driver", "stint")
    own = laps(race).filter(pl.col("driver").is_in(pair))
    during = own.with_columns(laps_on_set=pl.col("lap") - first_lap + 1).filter(
        pl.col("lap").is_between(begin, end)
    )
    return BATTLE_TYRES.check(
        during.unique(["driver", "stint"], keep="first").sort("driver", "lap")
    )


def _tyre_words(race: Race, pair: tuple[str, str], tyres: pl.DataFrame) -> str:
    """How the tyres of the two differed when the battle began."""
    rows = [tyres.filter(driver=driver) for driver in pair]
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


def _how_close(race: Race, drivers: tuple[str, str]) -> str:
    between = gaps(race, drivers=drivers).filter(pl.col("laps_apart") == 0)
    if between.is_empty():
        return "they were never timed on the same lap"
    nearest = between.sort(pl.col("interval").abs()).row(0, named=True)
    seconds = abs(nearest["interval"].total_seconds())
    return f"closest: {seconds:.3f} s, at {nearest['line']} of lap {nearest['lap']}"


def _place(place: int) -> str:
    words = {1: "the lead", 2: "second", 3: "third", 4: "fourth", 5: "fifth", 6: "sixth",
             7: "seventh", 8: "eighth", 9: "ninth", 10: "tenth"}  # fmt: skip
    return words.get(place, f"P{place}")
