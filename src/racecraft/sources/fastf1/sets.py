"""At which visit to the pits each set of tyres was fitted, by a record that is not always on time.

The record of tyres is a feed of its own. It falls silent for half a race and catches up at once; it
tells of the set after next and leaves one out; it misses a visit. Where it runs on time, the number
of the stint goes on at every visit, so the numbers say which word belongs to which visit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import polars as pl

from racecraft.model.race import DOUBTS

if TYPE_CHECKING:
    from collections.abc import Sequence

# A drive-through is five to seven seconds shorter than the usual stop, the quickest stop two.
NO_STANDSTILL = timedelta(seconds=3.5)
STOPPAGE = timedelta(minutes=5)  # longer in the lane: the race was stopped
# What an explanation of the record costs: a set told of at another lap than that of its visit, the
# more if another was told of there; a number that does not go on with the visits; a set ignored.
ELSEWHERE, TAKEN, A_LAP, OUT_OF_NUMBER, IGNORED = 0.2, 0.05, 0.001, 1.0, 3.0


@dataclass(frozen=True)
class _Told:
    """A set as the table tells of it: from which lap on, in which stint."""

    lap: int
    stint: float | None


@dataclass(frozen=True)
class _Chance:
    """An occasion to fit a set: the start, or a visit to the pits.

    Parameters
    ----------
    number
        Of the stint that it begins, were the record complete.
    laps
        Laps of which one is the first on the new set; the last one counts if none is told of.
    noted
        The record took note of it at once.
    fits
        A set may have been fitted.
    """

    number: int
    laps: tuple[int, ...]
    noted: bool = False
    fits: bool = True


def fitted(
    told: pl.DataFrame, visits: pl.DataFrame, laps: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Sets of tyres on the laps on which they can have been fitted, and the doubts.

    Parameters
    ----------
    told
        Sets as the laps table tells of them, as ``TYRES``, with ``Stint``.
    visits
        ``PIT_VISITS``, with ``tyres_kept``, ``noted`` and ``within_lap`` of `with_record`.
    laps
        One row a lap, with ``car`` and ``lap``.
    """
    if visits.is_empty():
        return told, DOUBTS.empty()
    last = dict(laps.group_by("car").agg(pl.col("lap").max()).rows())
    quick = _too_quick(visits)
    rows: list[dict[str, Any]] = []
    doubts: list[dict[str, Any]] = []
    late_start = False
    for (car,), sets in told.sort("car", "lap").group_by("car", maintain_order=True):
        of_car = visits.filter(car=car).sort("lap").to_dicts()
        chances = _chances(of_car, int(last[car]), quick)
        each = sets.to_dicts()
        places = _placed(tuple(_Told(int(s["lap"]), s["Stint"]) for s in each), tuple(chances))
        for one, place in zip(each, places, strict=True):
            lap = _lap_of(int(one["lap"]), chances[place]) if place is not None else None
            late_start = late_start or (lap == 1 and one["lap"] > 1)
            if lap is not None:
                rows.append(one | {"lap": lap})
            if lap != one["lap"] and (lap is None or lap > 1):
                doubts.append({"car": car, "lap": lap or one["lap"], "reason": _why(one, lap)})
        doubts += [
            {"car": car, "lap": max(chance.laps) - (i > 0), "reason": _UNTOLD}
            for i, chance in enumerate(chances)
            if i and chance.fits and i not in places
        ]
    if late_start:
        doubts.append({"reason": "tyres are not told of on lap 1: the first set told of stands in"})
    table = pl.DataFrame(rows, schema=told.schema) if rows else told.clear()
    return table, DOUBTS.rows([{"table": "tyres"} | doubt for doubt in doubts])


def with_record(visits: pl.DataFrame, laps: pl.DataFrame) -> pl.DataFrame:
    """Visits with what the record of tyres made of each.

    ``noted``: the number of the stint went on. ``tyres_kept``: it did, on the same tyres, which
    aged by a lap; null where that cannot be told. ``within_lap``: the lane was left before the
    Line.
    """
    record, on = ("Stint", "TyreLife", "compound"), ["car", "lap"]
    now = laps.select(*on, "Time", *record)
    then = now.select("car", pl.col("lap") - 1, *(pl.col(c).alias(f"then_{c}") for c in record))
    joined = (
        visits.with_columns(pl.col("lap").cast(pl.Float64))
        .join(now, on=on, how="left", maintain_order="left")
        .join(then, on=on, how="left", maintain_order="left")
    )
    noted = (pl.col("then_Stint") > pl.col("Stint")).fill_null(value=False)
    same = (pl.col("then_TyreLife") == pl.col("TyreLife") + 1) & (
        pl.col("then_compound") == pl.col("compound")
    )
    return joined.with_columns(
        noted=noted,
        tyres_kept=pl.when(noted & same.fill_null(value=False)).then(pl.lit(value=True)),
        within_lap=(pl.col("time_out") < pl.col("Time")).fill_null(value=False),
    ).drop("Time", *record, *(f"then_{c}" for c in record))


_UNTOLD = (
    "no set is recorded at this visit to the pits: whether tyres were changed, and for which, is "
    "not known"
)


def _why(one: dict[str, Any], lap: int | None) -> str:
    if lap is None:
        return f"a set from lap {one['lap']:g} on, though no stop was made: left out"
    return f"a set from lap {one['lap']:g} on by the source, from lap {lap} on by the stops"


def _too_quick(visits: pl.DataFrame) -> timedelta:
    """Length of a visit too short for a standstill; nought where nothing tells."""
    may_be_stops = visits.filter(
        pl.col("lap") > 1, pl.col("tyres_kept").is_null(), pl.col("duration") < STOPPAGE
    )
    usual = may_be_stops["duration"].median()
    return usual - NO_STANDSTILL if isinstance(usual, timedelta) else timedelta(0)


def _chances(visits: Sequence[dict[str, Any]], last: int, quick: timedelta) -> list[_Chance]:
    """The start, and the visits at which a car may have been given another set, in order."""
    found = [_Chance(1, (1,))]
    for visit in visits:
        lap = int(visit["lap"])
        short = visit["duration"] is not None and visit["duration"] < quick
        if lap >= last or (short and not visit["noted"]):
            continue
        laps = (lap, lap + 1) if visit["within_lap"] else (lap + 1,)
        found.append(
            _Chance(len(found) + 1, laps, noted=visit["noted"], fits=not visit["tyres_kept"])
        )
    return found


def _lap_of(told: int, chance: _Chance) -> int:
    return told if told in chance.laps else max(chance.laps)


def _placed(told: tuple[_Told, ...], chances: tuple[_Chance, ...]) -> list[int | None]:
    """Chance at which each set was fitted, in order, where that costs least; None for none."""

    @cache
    def best(i: int, before: int, stint: float | None) -> tuple[float, tuple[int | None, ...]]:
        if i == len(told):
            return 0.0, ()
        cost, rest = best(i + 1, before, None)
        found = cost + IGNORED, (None, *rest)
        for at in range(before + 1, len(chances)):
            own = _cost(told[i], chances, at, before, stint)
            if own is not None:
                cost, rest = best(i + 1, at, told[i].stint)
                found = min(found, (own + cost, (at, *rest)), key=lambda one: one[0])
        return found

    return list(best(0, -1, None)[1])


def _cost(
    one: _Told, chances: tuple[_Chance, ...], at: int, before: int, stint: float | None
) -> float | None:
    """What it costs to take a set for fitted at a chance; None where it cannot have been."""
    chance = chances[at]
    since = chance.number - (chances[before].number if before >= 0 else 1)
    stint = stint if before >= 0 else 1.0
    in_number = one.stint is None or stint is None or one.stint - stint == since
    cost = 0.0 if in_number else OUT_OF_NUMBER
    if one.lap in chance.laps:
        return cost
    if not chance.fits or (chance.noted and not in_number):
        return None
    away = min(abs(one.lap - lap) for lap in chance.laps)
    return cost + ELSEWHERE + A_LAP * away + (TAKEN if chance.noted else 0.0)
