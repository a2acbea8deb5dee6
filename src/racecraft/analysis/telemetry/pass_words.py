"""How a pass shows in the telemetry of the two, in sentences, each with its error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from racecraft.analysis.telemetry.corners import EXTRAS, MEASURES, markers_of, told_once
from racecraft.analysis.telemetry.distance import placed
from racecraft.analysis.telemetry.passes import interval_s, pass_place
from racecraft.analysis.telemetry.phases import gained, has_lap, lap_phases
from racecraft.model.race import LAP
from racecraft.model.table import Column, Table

if TYPE_CHECKING:
    from collections.abc import Callable

    from racecraft.analysis.telemetry.distance import Track
    from racecraft.analysis.telemetry.passes import PassPlace
    from racecraft.model.race import Race

PASSES = Table(
    "passes",
    key=("lap", "line"),
    columns=(
        LAP,
        Column("line", pl.String, "timing line at which the order was seen to have changed"),
        Column("passer", pl.String, "car that came out ahead"),
        Column("passed", pl.String, "car that fell behind"),
        Column("where", pl.String, "into Turn 1, on the straight from Turn 3 to Turn 4, ..."),
        Column("from_m", pl.Float64, "metres from the Line: last place where the passer was surely "
               "behind"),
        Column("level_m", pl.Float64, "where the two were level"),
        Column("to_m", pl.Float64, "first place where the passer was surely ahead"),
        Column("sentence", pl.String, "how it shows in the telemetry, with its errors"),
    ),
)  # fmt: skip

MOST_PLACES = 3  # at which the interval before a pass is told
LIFTED, FULL = 90.0, 98.0  # percent of throttle
SURE = 2.0  # standard errors from which a gain is told without its doubt
LATER_M = 5.0  # by which somebody brakes later, beyond the error, to be told
FASTER_KMH = 5.0


def passes(race: Race, swaps: pl.DataFrame, name: Callable[[str], str]) -> pl.DataFrame:
    """Where on the track each of these swaps was; returns ``PASSES``, without those not known.

    Parameters
    ----------
    swaps
        With lap, line, passer and passed.
    name
        What a car is called.
    """
    rows = []
    for lap, line, passer, passed in swaps["lap", "line", "passer", "passed"].rows():
        found = pass_place(race, passer, passed, lap, line)
        if found is not None:
            rows.append(
                {
                    "lap": lap, "line": line, "passer": passer, "passed": passed,
                    "where": found.words, "from_m": found.begin_m, "level_m": found.at_m,
                    "to_m": found.end_m, "sentence": ". ".join(pass_words(race, found, name)),
                }
            )  # fmt: skip
    return PASSES.rows(rows)


def pass_words(race: Race, found: PassPlace, name: Callable[[str], str]) -> list[str]:
    """Sentences about a pass whose place is known.

    Where it was, how close the two were on the way there, where the passer gained it, and what the
    other did with his throttle or brakes. Silent about what is within the error.

    Parameters
    ----------
    race
        Needs ``crossings``, ``telemetry`` and ``corners``.
    found
        Of ``pass_place``.
    name
        What a car is called.
    """
    track = placed(race)
    if track is None:
        return []
    passer, passed = name(found.passer), name(found.passed)
    told = [
        f"{passer} got ahead of {passed} {found.words} of lap {found.lap}, "
        f"{_metres(found.begin_m, found.end_m)} the Line: "
        f"level within the error for {found.level_s:.1f} s"
    ]
    told += _on_the_way(race, track, found, passer)
    told += _gains(race, track, found, passer)
    told += _lift(race, track, found, passed)
    told += _brakes(race, found, passer)
    return told


def _metres(begin_m: float, end_m: float) -> str:
    if end_m <= 0:
        return f"{-end_m:.0f} to {-begin_m:.0f} m before"
    if begin_m < 0:
        return f"between {-begin_m:.0f} m before and {end_m:.0f} m after"
    return f"{begin_m:.0f} to {end_m:.0f} m after"


def _on_the_way(race: Race, track: Track, found: PassPlace, passer: str) -> list[str]:
    """How far behind the passer was at the Line and at the corners before."""
    names, markers = markers_of(race)
    places = [("at the Line", 0.0)] if found.lap > 1 and found.at_m > 0 else []
    places += [(f"at Turn {n}", m) for n, m in zip(names, markers, strict=True) if m < found.at_m]
    places = places[:1] + places[1:][-(MOST_PLACES - 1) :]
    at = (found.lap - 1) * track.length_m + np.array([place for _, place in places])
    if not len(at):
        return []
    behind, error = interval_s(track, at, found.passer, found.passed)
    parts = [
        f"{gap:.2f} s {where}"
        for (where, _), gap, unsure in zip(places, behind, error, strict=True)
        if gap > unsure
    ]
    if not parts:
        return []
    far = ", ".join(parts)
    return [f"{passer} was behind by {far} (give or take {np.nanmedian(error):.2f} s)"]


def _gains(race: Race, track: Track, found: PassPlace, passer: str) -> list[str]:
    """Corner or straight on which the passer gained most about the pass, and what stands apart."""
    if not all(has_lap(track, car, found.lap) for car in (found.passer, found.passed)):
        return []
    phases = lap_phases(race, lap=found.lap, drivers=(found.passer, found.passed))
    straight = pl.col("phase") == "straight"
    stretches = (
        phases.with_columns(stretch=(straight != straight.shift()).fill_null(True).cum_sum())
        .group_by("stretch", maintain_order=True)
        .agg(
            pl.col("phase").first() == "straight",
            pl.col("from_m").first(),
            pl.col("to_m").last(),
            first=pl.col("corner").first(),
            last=pl.col("corner").last(),
            one=pl.col("first_kmh").last(),
            other=pl.col("second_kmh").last(),
        )
        .filter(pl.col("from_m") <= found.end_m, pl.col("to_m") >= found.begin_m - 1000)
    )
    best, words = 0.0, ""
    for row in stretches.rows(named=True):
        pair = (found.passer, found.passed)
        gain, error = gained(track, found.lap, pair, row["from_m"], row["to_m"])
        if not gain > max(error, best):
            continue
        best = gain
        where = _stretch_words(row)
        speeds = ""
        if row["phase"] and abs(row["one"] - row["other"]) >= FASTER_KMH:
            speeds = f", at {row['one']:.0f} against {row['other']:.0f} km/h at its end"
        surely = "" if gain > SURE * error else "probably "
        words = f"{passer} {surely}gained most {where}: {gain:.2f} s (give or take {error:.2f} s)"
        words += speeds
    return [words] if words else []


def _stretch_words(row: dict[str, object]) -> str:
    if row["phase"]:
        return f"on the straight to Turn {row['first']}" if row["first"] else "on the last straight"
    if row["first"] == row["last"]:
        return f"in Turn {row['first']}"
    return f"in Turns {row['first']} to {row['last']}"


def _lift(race: Race, track: Track, found: PassPlace, passed: str) -> list[str]:
    """Where the passed car lifted in the corner before the straight on which it was passed."""
    names, markers = markers_of(race)
    before = int(np.searchsorted(markers, found.at_m)) - 1
    if before < 1 or not found.words.startswith(("on the straight", "out of")):
        return []
    start = (found.lap - 1) * track.length_m
    own = track.cars[found.passed]
    first, last = markers[max(before - 2, 0)] + 30.0, markers[before] + 100.0
    here = own.between(start + first, start + last)
    throttle, place = own.throttle[here], own.place_m[here] - start
    if not len(throttle) or np.isnan(throttle).all():
        return []
    # The last lift on the way: from where it is shut last to where it is full again.
    shut = np.flatnonzero(throttle < LIFTED)
    if not len(shut):
        return []
    full = shut[-1] + 1 + np.flatnonzero(throttle[shut[-1] + 1 :] >= FULL)
    run = shut[-1] - int(np.argmax(throttle[shut[-1] :: -1] >= FULL)) + 1
    if throttle[shut[-1] :: -1].max() < FULL:
        run = 0
    lowest = run + int(np.argmin(throttle[run : shut[-1] + 1]))
    corner = int(np.abs(markers - place[lowest]).argmin())
    words = f"{passed} lifted to {throttle[lowest]:.0f} % at Turn {names[corner]}"
    if len(full):
        words += f" and was on full throttle from {place[full[0]]:.0f} m after the Line"
        if place[full[0]] < markers[before]:
            words += f", through Turn {names[before]}"
    return [words + _against_own(race, track, found, corner, before)]


def _against_own(race: Race, track: Track, found: PassPlace, corner: int, before: int) -> str:
    """What that cost him against his own lap before, or the one after."""
    names, markers = markers_of(race)
    own = track.cars[found.passed]
    for other in (found.lap - 1, found.lap + 1):
        if other < 2 or not has_lap(track, found.passed, other):
            continue
        ends = np.array([markers[corner], markers[before]]) if corner < before else np.array(
            [markers[before], markers[before] + 100.0]
        )  # fmt: skip
        took = []
        for lap in (found.lap, other):
            when = own.at((lap - 1) * track.length_m + ends, own.time) / 1e6
            took.append(float(when[1] - when[0]))
        lost = took[0] - took[1]
        error = float(np.median(own.error_m / np.maximum(own.speed_kmh / 3.6, 5.0))) * np.sqrt(2)
        if np.isnan(lost) or abs(lost) < 0.01:
            return ""
        where = (
            f"from Turn {names[corner]} to Turn {names[before]}"
            if corner < before
            else f"out of Turn {names[before]}"
        )
        kind = "slower" if lost > 0 else "faster"
        doubt = f"give or take {error:.2f} s" + (": it may be nothing" if abs(lost) < error else "")
        return f"; {where} he was {abs(lost):.2f} s {kind} than on his lap {other} ({doubt})"
    return ""


def _brakes(race: Race, found: PassPlace, passer: str) -> list[str]:
    """Who braked later into the corner of a pass, and by how much."""
    names, markers = markers_of(race)
    after = int(np.searchsorted(markers, found.at_m - 50.0))
    if after >= len(names) or not found.words.startswith("into"):
        return []
    columns = [MEASURES.index("braking_m"), len(MEASURES) + EXTRAS.index("braking_error_m")]
    (one, one_error), (other, other_error) = (
        told_once(race, car, found.lap, after)[columns] for car in (found.passer, found.passed)
    )
    later, error = other - one, float(np.hypot(one_error, other_error))
    if np.isnan(later) or abs(later) < max(error, LATER_M):
        return []
    kind = "later" if later > 0 else "earlier"
    return [
        f"{passer} braked {abs(later):.0f} m {kind} into Turn {names[after]} "
        f"(give or take {error:.0f} m)"
    ]
