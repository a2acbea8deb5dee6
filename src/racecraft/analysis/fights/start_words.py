"""The start in sentences: only what stands apart, each with its error."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from racecraft.analysis.fights.explain import name_of
from racecraft.analysis.telemetry.corners import markers_of
from racecraft.analysis.telemetry.from_grid import from_grid
from racecraft.analysis.telemetry.launch import first_corner

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from racecraft.model.race import Race

MANY = 2  # places gained or lost on lap 1 from which they are told
FRONT = 4  # cars at the first corner whose braking is told
PAIRS = 3  # of cars side by side that are told
LONG_S = 1.0  # for which two overlap at least to be told
VAGUE_S, VAGUE_M = 0.3, 30.0  # standard errors from which nothing is told of a car
OFF_SLOT_M = 3.0  # by which a position is off its slot, from where it is told
SURE = 2.0  # standard errors from which an order is told without its doubt


def start_words(
    race: Race, table: pl.DataFrame, beside: pl.DataFrame, lost: pl.DataFrame
) -> tuple[str, ...]:
    """Sentences about a start, of its tables ``STARTS``, ``ABREAST`` and ``LOST_SPEED``."""
    name = partial(name_of, race)
    parts = [*_led(race, table, name), *_moved(table, name), *_dropped(race, table, name)]
    if table["to_100_s"].is_not_null().sum() > 1:
        parts += [*_launch(table, name), *_at_braking(race, table, name)]
        parts += braked_words(race, table, name)
        parts += _side_by_side(table, beside, name)
        parts += _off_their_slots(race, name)
    parts += _contacts(lost, name)
    if len(beside):
        parts.append("who was on the inside, positions do not tell: side by side they are one line")
    return tuple(f"{part[0].upper()}{part[1:]}." for part in parts)


def braked_words(race: Race, table: pl.DataFrame, name: Callable[[str], str]) -> Iterator[str]:
    """Who braked when for the first corner, of the cars in front there."""
    corner = first_corner(race)
    known = table.filter(pl.col("braked_error_m") < VAGUE_M)
    front = known.drop_nulls("place_braking").sort("place_braking").head(FRONT)
    if front.height < 2 or corner is None:
        return
    rows = front.sort("braked_m", descending=True).to_dicts()
    turn = markers_of(race)[0][corner]
    parts = [
        f"{name(row['car'])} {row['braked_m']:.0f} m before it (give or take "
        f"{row['braked_error_m']:.0f} m), {row['braked_s']:.2f} s after lights out, at "
        f"{row['braked_kmh']:.0f} km/h"
        for row in rows
    ]
    yield f"brakes on for Turn {turn}: {'; '.join(parts)}"
    last, before = rows[-1], rows[-2]
    later = before["braked_m"] - last["braked_m"]
    error = float(np.hypot(last["braked_error_m"], before["braked_error_m"]))
    if later > error / 2:
        surely = "" if later > SURE * error else "probably "
        yield (
            f"{name(last['car'])} {surely}braked last of them, {later:.0f} m after "
            f"{name(before['car'])} (give or take {error:.0f} m)"
        )


def _led(race: Race, table: pl.DataFrame, name: Callable[[str], str]) -> Iterator[str]:
    done = table.filter(pl.col("place") <= 3)
    if done["place"].to_list()[:1] != [1]:
        return
    first = done.row(0, named=True)
    begun = f", from {ordinal(first['grid'])} on the grid" if first["grid"] else ""
    others = [name(car) for car in done["car"][1:]]
    rest = f", ahead of {' and '.join(others)}" if others else ""
    yield f"{name(first['car'])} led at the end of lap 1{begun}{rest}"
    if race.session == "race" and not table["grid"].is_not_null().any():
        yield "places on the grid are not known, so neither are those gained"


def _moved(table: pl.DataFrame, name: Callable[[str], str]) -> Iterator[str]:
    """Who gained most on lap 1, and who lost most."""
    known = table.drop_nulls("gained")
    for sign, verb in ((1, "gained"), (-1, "lost")):
        moved = known.filter(pl.col("gained") * sign >= MANY).sort(
            pl.col("gained") * -sign, "place", maintain_order=True
        )
        parts = [
            f"{name(row['car'])} {abs(row['gained'])} ({ordinal(row['grid'])} to "
            f"{ordinal(row['place'])})"
            for row in moved.head(3).iter_rows(named=True)
        ]
        if parts:
            yield f"most places {verb} on lap 1: {', '.join(parts)}"


def _dropped(race: Race, table: pl.DataFrame, name: Callable[[str], str]) -> Iterator[str]:
    """Who did not complete lap 1, of those who started."""
    out = [name(car) for car in table.filter(pl.col("place").is_null())["car"]]
    in_pits = set(race.pit_visits.filter(pl.col("lap") == 1)["car"])
    stopped = [name(car) for car in table["car"] if car in in_pits]
    if len(stopped) * 2 > table.height:
        yield "the whole field came through the pit lane at the end of lap 1: the race was stopped"
        stopped = []
    if out:
        yield f"not timed at the end of lap 1: {', '.join(out)}"
    if stopped:
        yield f"in the pit lane at the end of lap 1: {', '.join(stopped)}"


def _launch(table: pl.DataFrame, name: Callable[[str], str]) -> Iterator[str]:
    """Who got away best and worst, as far as readings some tenths apart tell."""
    known = table.drop_nulls(["to_100_s", "to_200_s"]).sort("to_200_s")
    if known.height < 2:
        return
    best, worst = known.row(0, named=True), known.row(-1, named=True)
    error = best["launch_error_s"]
    of = f" of the {known.height} with telemetry"
    if worst["to_200_s"] - best["to_200_s"] < error:
        yield f"no launch stands apart{of}: 200 km/h within {error:.2f} s of each other"
        return
    took = [f"{row['to_100_s']:.2f} s, {row['to_200_s']:.2f} s" for row in (best, worst)]
    yield (
        f"best to 200 km/h{of}: {name(best['car'])} (100 and 200 km/h after {took[0]}); slowest: "
        f"{name(worst['car'])} ({took[1]}), each give or take {error:.2f} s"
    )


def _at_braking(race: Race, table: pl.DataFrame, name: Callable[[str], str]) -> Iterator[str]:
    """The order at the first braking point, and who was level there within the error."""
    known = table.filter(pl.col("behind_error_s") < VAGUE_S).sort("place_braking")
    corner = first_corner(race)
    if known.height < 2 or corner is None:
        return
    rows = known.to_dicts()
    level = [rows[0]]
    for row in rows[1:]:
        if row["behind_braking_s"] > SURE * row["behind_error_s"]:
            break
        level.append(row)
    where = f"where they brake for Turn {markers_of(race)[0][corner]}"
    if len(level) == 1:
        yield f"{_from(rows[0], name)} was first {where}"
    else:
        cars = [_from(row, name) for row in level[:FRONT]]
        error = max(row["behind_error_s"] for row in level[1:])
        yield (
            f"{', '.join(cars[:-1])} and {cars[-1]} were level {where}, within the error of "
            f"{error:.2f} s"
        )
    whole = known.height == table.height
    up = [row for row in rows if whole and (row["grid"] or 0) - row["place_braking"] >= MANY]
    if up:
        parts = [f"{name(r['car'])} {r['grid'] - r['place_braking']}" for r in up[:3]]
        yield f"places gained to there: {', '.join(parts)}"


def _from(row: dict[str, Any], name: Callable[[str], str]) -> str:
    return f"{name(row['car'])}" + (f" (from {ordinal(row['grid'])})" if row["grid"] else "")


def _side_by_side(
    table: pl.DataFrame, beside: pl.DataFrame, name: Callable[[str], str]
) -> Iterator[str]:
    """The pairs in front that overlapped longest."""
    front = table.drop_nulls("place_braking").sort("place_braking").head(2 * FRONT)["car"]
    pairs = beside.filter(
        pl.col("car").is_in(front.to_list()), pl.col("other").is_in(front.to_list()),
        pl.col("to_s") - pl.col("from_s") >= LONG_S,
    ).sort(pl.col("from_s") - pl.col("to_s"), maintain_order=True)  # fmt: skip
    parts = [
        f"{name(row['car'])} and {name(row['other'])} for {row['to_s'] - row['from_s']:.1f} s "
        f"({row['from_s']:.1f} to {row['to_s']:.1f} s after lights out)"
        for row in pairs.head(PAIRS).iter_rows(named=True)
    ]
    if parts:
        yield f"side by side by more than the error, for so long at least: {', '.join(parts)}"


def _off_their_slots(race: Race, name: Callable[[str], str]) -> Iterator[str]:
    """Whose positions do not fit the grid, where its slots say where the cars were."""
    grid = from_grid(race)
    if grid is None:
        return
    parts = [
        f"{name(car)}'s {abs(off):.0f} m {'ahead of' if off > 0 else 'behind'} it"
        for car, off in sorted(grid.off_m.items(), key=lambda row: -abs(row[1]))
        if abs(off) > OFF_SLOT_M
    ]
    if parts:
        yield (
            "cars are placed by their slots on the grid and their speed, for positions do not all "
            f"stand on the slot: {', '.join(parts[:PAIRS])}"
        )


def _contacts(lost: pl.DataFrame, name: Callable[[str], str]) -> Iterator[str]:
    for row in lost.iter_rows(named=True):
        where = f" {row['where']}" if row["where"] else ""
        yield (
            f"{name(row['car'])} lost {row['before_kmh'] - row['after_kmh']:.0f} km/h within "
            f"{row['took_s']:.1f} s{where}, {row['time_s']:.1f} s after lights out "
            f"({row['before_kmh']:.0f} to {row['after_kmh']:.0f} km/h): more than brakes do at "
            "that speed, so probably a contact"
        )


def ordinal(number: int) -> str:
    """A place in words up to tenth, then as P11."""
    words = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
             "tenth")  # fmt: skip
    return words[number - 1] if 0 < number <= len(words) else f"P{number}"
