"""Two accounts of one race become one, and what they disagree on becomes doubts.

The account with the finest crossings is followed; the others fill what it does not say. Clocks are
laid on each other by the median of their differences, and where they do not agree nothing is mixed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import reduce
from typing import TYPE_CHECKING, Literal

import polars as pl

from racecraft.errors import ArgumentError
from racecraft.model.race import DOUBTS, RACE_TABLES, Race
from racecraft.sources.sample.sample import SOURCE as SAMPLE
from racecraft.store.merge.differences import disagreements

if TYPE_CHECKING:
    from collections.abc import Sequence

ANCHOR_AGREES = timedelta(seconds=0.1)  # two clocks on one crossing, once laid on each other
LEAST_AGREEMENT = 0.8  # share of common crossings that must agree before anything is mixed

_CROSSING = ["car", "lap", "line"]
_SIDES: tuple[tuple[Literal["backward", "forward"], str], ...] = (
    ("backward", "before"),
    ("forward", "after"),
)


def reconcile(accounts: Sequence[Race]) -> Race:
    """One race of all that several sources say about it, in whatever order they are given.

    Parameters
    ----------
    accounts
        Accounts of the same session of the same event.

    Returns
    -------
    Race
        The crossings of the finest account, with its holes filled where the crossings before and
        after the hole agree within 0.1 s; every other field from the first account that has it,
        finest first. ``source`` names them all, ``doubts`` what they disagree on.

    Raises
    ------
    ArgumentError
        No account, or accounts of different races.

    Examples
    --------
    >>> from racecraft.sources.sample.toy import toy_race
    >>> whole = toy_race()
    >>> coarse = whole.with_tables(crossings=whole.crossings.filter(line="Line"))
    >>> reconcile([coarse, whole])
    <Race 2023 Toy Grand Prix: 3 cars, 45 crossings from toy>
    """
    if not accounts:
        raise ArgumentError("no account of a race to reconcile")
    if len({(race.series, race.season, race.event, race.session) for race in accounts}) > 1:
        raise ArgumentError("accounts of different races cannot become one")
    return reduce(_merge, _finest_first(accounts))


def coalesce(frames: Sequence[pl.DataFrame], key: Sequence[str]) -> pl.DataFrame:
    """Rows of all frames by key, each field from the first frame that has it."""
    with_rows = [frame for frame in frames if not frame.is_empty()]
    if len(with_rows) < 2:
        return with_rows[0] if with_rows else frames[0]
    return (
        pl.concat(with_rows)
        .group_by(key, maintain_order=True)
        .agg(pl.all().drop_nulls().first())
        .select(with_rows[0].columns)
    )


def _finest_first(accounts: Sequence[Race]) -> list[Race]:
    """Accounts by resolution, each once; ties are broken by what they say, not by their order."""
    ranked = sorted(accounts, key=_rank)
    return [
        race for i, race in enumerate(ranked) if i == 0 or not _says_the_same(ranked[i - 1], race)
    ]


def _rank(race: Race) -> tuple[int, int, int, str, int]:
    tables = race.tables.values()
    return (
        -race.crossings["line"].n_unique(),
        -race.crossings.height,
        -sum(table.height for table in tables),
        race.source,
        sum(int(table.hash_rows().sum() or 0) for table in tables if table.height),
    )


def _says_the_same(one: Race, other: Race) -> bool:
    return one.source == other.source and all(
        table.equals(other.tables[name]) for name, table in one.tables.items()
    )


def _merge(fine: Race, coarse: Race) -> Race:
    """Account `fine`, with what only `coarse` says, and doubts about what they disagree on."""
    offset, doubt = _offset(fine, coarse)
    other = coarse if offset is None else _shifted(coarse, offset)
    timed = offset is not None
    tables = {
        "entries": coalesce([fine.entries, other.entries], ["car"]),
        "lines": fine.lines if len(fine.lines) else other.lines,
        "crossings": _filled(fine, other) if timed else fine.crossings,
        "lap_chart": coalesce([fine.lap_chart, other.lap_chart], ["car", "lap"]),
        "tyres": _tyres(fine.tyres, other.tyres),
        "pit_visits": _pit_visits(fine.pit_visits, other.pit_visits, timed=timed),
        "classification": _classification(fine.classification, other.classification),
    }
    for name in ("control", "messages"):
        mine, theirs = fine.tables[name], other.tables[name]
        tables[name] = theirs if mine.is_empty() and timed else mine
    first, second = (other, fine) if _only_packaged(fine) and _sent(other) else (fine, other)
    tables["corners"] = first.corners if len(first.corners) else second.corners
    checked = {name: RACE_TABLES[name].check(table) for name, table in tables.items()}
    merged = replace(
        fine.with_tables(**checked).with_samples(_samples(fine, other, timed=timed)),
        source="+".join(dict.fromkeys((*fine.source.split("+"), *coarse.source.split("+")))),
        round=fine.round if fine.round is not None else coarse.round,
        date=fine.date or coarse.date,
    )
    return merged.with_tables(doubts=_doubts(fine, coarse, merged, doubt))


def _offset(fine: Race, coarse: Race) -> tuple[timedelta | None, str]:
    """What to add to the clock of `coarse`; None, and why, where it cannot be laid on `fine`."""
    differences = fine.crossings.join(coarse.crossings, on=_CROSSING, suffix="_other").select(
        ahead=pl.col("time") - pl.col("time_other")
    )["ahead"]
    names = f"{fine.source} and {coarse.source}"
    if differences.is_empty():
        if fine.clock == coarse.clock == "lights_out":
            return timedelta(0), ""
        return None, f"{names} have no crossing in common to lay their clocks on each other"
    offset = differences.median()
    if not isinstance(offset, timedelta):
        return None, f"{names} have no time in common"
    share = ((differences - offset).abs() <= ANCHOR_AGREES).sum() / differences.len()
    if share < LEAST_AGREEMENT:
        return None, f"the clocks of {names} agree at {share:.0%} of their crossings only"
    return offset, ""


def _shifted(race: Race, offset: timedelta) -> Race:
    """The race with every time since lights out moved by an offset."""
    times = {
        "crossings": ("time",),
        "control": ("from", "to"),
        "messages": ("time",),
        "pit_visits": ("time_in", "time_out"),
    }
    moved = race.with_tables(
        **{
            name: race.tables[name].with_columns(pl.col(*columns) + offset)
            for name, columns in times.items()
        }
    )
    samples = {
        name: rows if rows is None else rows.with_columns(pl.col("time") + offset)
        for name, rows in race.samples.items()
    }
    return moved.with_samples(samples)


def _samples(fine: Race, other: Race, *, timed: bool) -> dict[str, pl.LazyFrame | None]:
    """What the cars sent: of `fine`, and what it lacks of `other`, where their clocks agree.

    The sample has it of some laps only, so that of any other account comes first.
    """
    if timed and _only_packaged(fine) and _sent(other):
        fine, other = other, fine
    return {
        name: theirs if mine is None and timed else mine
        for (name, mine), theirs in zip(fine.samples.items(), other.samples.values(), strict=True)
    }


def _only_packaged(race: Race) -> bool:
    return race.source == SAMPLE


def _sent(race: Race) -> bool:
    """Whether cars of a race sent telemetry."""
    return race.telemetry is not None


def _filled(fine: Race, other: Race) -> pl.DataFrame:
    """Crossings of `fine`, its holes filled from `other` where their neighbours agree."""
    order = fine.lines.select("line", "order")
    have = _in_sequence(fine.crossings, order)
    theirs = _in_sequence(other.crossings, order)
    holes = theirs.join(have, on=_CROSSING, how="anti")
    if holes.is_empty():
        return fine.crossings
    anchors = have.join(theirs, on=_CROSSING, suffix="_other").select(
        "car",
        "at",
        agree=(pl.col("time") - pl.col("time_other")).abs() <= ANCHOR_AGREES,
    )
    placed = _around(_around(holes, anchors, "agree"), have.select("car", "at", "time"), "time")
    agree = pl.col("agree_before"), pl.col("agree_after")
    anchored = pl.any_horizontal(flag.is_not_null() for flag in agree)
    trusted = pl.all_horizontal(flag.fill_null(value=True) for flag in agree)
    in_time = pl.col("time").is_between(
        pl.col("time_before").fill_null(pl.col("time")),
        pl.col("time_after").fill_null(pl.col("time")),
    )
    new = placed.filter(anchored, trusted, in_time).select(fine.crossings.columns)
    return pl.concat([fine.crossings, new]).sort("car", "time", maintain_order=True)


def _around(holes: pl.DataFrame, known: pl.DataFrame, column: str) -> pl.DataFrame:
    """Holes, with what is known of that car next before and next after; all are in sequence."""
    for strategy, side in _SIDES:
        holes = holes.join_asof(
            known.rename({column: f"{column}_{side}"}),
            on="at",
            by="car",
            strategy=strategy,
            check_sortedness=False,
        )
    return holes


def _in_sequence(crossings: pl.DataFrame, order: pl.DataFrame) -> pl.DataFrame:
    """Crossings of the lines in `order`, with their place `at` in the course of the race."""
    return (
        crossings.join(order, on="line")
        .with_columns(at=pl.col("lap").cast(pl.Int32) * 1000 + pl.col("order"))
        .drop("order")
        .sort("at")
    )


def _tyres(mine: pl.DataFrame, theirs: pl.DataFrame) -> pl.DataFrame:
    """Sets of `mine`, and those of `theirs` for cars that have none; fields from either."""
    of_others = theirs.join(mine, on="car", how="anti")
    same_set = theirs.join(mine, on=["car", "lap"], how="semi")
    return coalesce([mine, of_others, same_set], ["car", "lap"])


def _pit_visits(mine: pl.DataFrame, theirs: pl.DataFrame, *, timed: bool) -> pl.DataFrame:
    """Visits of both; one that they place a lap apart is one visit, on the lap of `mine`."""
    if not timed:
        unknown = pl.lit(None, pl.Duration("us"))
        theirs = theirs.with_columns(time_in=unknown, time_out=unknown)
    near = pl.concat([mine.select("car", pl.col("lap") + step) for step in (-1, 1)])
    same = theirs.join(mine, on=["car", "lap"], how="semi")
    moved = theirs.join(same, on=["car", "lap"], how="anti").join(
        near, on=["car", "lap"], how="semi"
    )
    return coalesce([mine, theirs.join(moved, on=["car", "lap"], how="anti")], ["car", "lap"])


def _classification(mine: pl.DataFrame, theirs: pl.DataFrame) -> pl.DataFrame:
    """The official result, the later of two; what it leaves out from the other.

    A result without points is provisional: what the timing screens showed at the end.
    """
    if mine.is_empty() or theirs.is_empty():
        return theirs if mine.is_empty() else mine
    official, theirs_official = (table["points"].count() > 0 for table in (mine, theirs))
    since, theirs_since = mine["as_of"].max(), theirs["as_of"].max()
    later = bool(since and theirs_since and str(theirs_since) > str(since))
    if (theirs_official, later) > (official, False):
        mine, theirs = theirs, mine
    same_row = theirs.join(mine, on=["order", "car"], how="semi")
    return coalesce([mine, same_row], ["order", "car"])


def _doubts(fine: Race, coarse: Race, merged: Race, about_clocks: str) -> pl.DataFrame:
    """Doubts that still stand, those that come with what was taken over, and the new ones."""
    taken = [
        name for name, table in fine.tables.items() if table.is_empty() and len(merged.tables[name])
    ]
    filled = merged.crossings.join(fine.crossings, on=_CROSSING, how="anti")
    stand = fine.doubts.filter(~pl.col("table").is_in(taken)).join(
        filled.with_columns(table=pl.lit("crossings")), on=["table", *_CROSSING], how="anti"
    )
    notes = [
        filled.select(
            *_CROSSING,
            table=pl.lit("crossings"),
            reason=pl.lit(f"not in {fine.source}: taken from {coarse.source}"),
        ),
        disagreements(fine, coarse),
    ]
    if about_clocks:
        notes.append(pl.DataFrame({"table": ["crossings"], "reason": [about_clocks]}))
    came_with = coarse.doubts.filter(pl.col("table").is_in(taken))
    return pl.concat([stand, came_with, *(DOUBTS.check(note) for note in notes)]).unique(
        maintain_order=True
    )
