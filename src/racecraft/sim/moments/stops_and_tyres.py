"""Stops and changes of tyres that may have changed the outcome of a race."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from racecraft.analysis.fights.undercuts import undercuts
from racecraft.analysis.order.changes import positions
from racecraft.analysis.order.control import flags_by_lap, neutralised
from racecraft.analysis.order.stops import fitted_sets, stops
from racecraft.analysis.order.timing import timing
from racecraft.sim.moments.happening import MATTERS, Happening
from racecraft.sim.moments.lead import lead_changes, leader_on

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray

    from racecraft.model.race import Race

SLOW_STOP_S, GOOD_STOP_S = 4.0, 1.5  # beyond the median of the race, and below it
OFF_S = 8.0  # lost on the lap that ended in the pits: off the road, or hit
WET_TYRES = ("intermediate", "wet")
WRONG_FOR_LAPS = 6  # who changes back within so many was on the wrong ones
CUT_WITHIN_S, CUT_LAPS = 10.0, 12  # who are further apart do not contest a place by their stops


def changes_of_tyres(race: Race) -> Iterator[Happening]:
    """Where most of the field changed between dry and wet tyres, and who did so too soon."""
    turned = _changes_of_kind(race)
    yield from _wrong_tyres(turned)
    least = race.entries.height / 3
    for to_wet in (True, False):
        laps = turned.filter(wet=to_wet)["lap"].sort().to_list()
        for group in groups(laps, within=5):
            if len(group) < least:
                continue
            last = min(max(group) + 1, timing(race).laps)
            lost = [lap - 1 for lap in _lead_lost(race) if min(group) < lap <= last]
            changed = turned.filter(pl.col("wet") == to_wet, pl.col("lap").is_in(group))
            yield Happening(
                kind="rain" if to_wet else "drying track",
                lap=max(min(group) - 1, 1),
                last_lap=last,
                before=max(min(group) - 2, 0),
                after=min([last, *lost]),  # what came of that is told by itself
                facts={
                    "leader": leader_on(race, min(group) - 2),
                    "cars": changed["car"].n_unique(),
                    "laps": {car: lap - 1 for car, lap in changed["car", "lap"].rows()},
                },
            )


def _lead_lost(race: Race) -> list[int]:
    """Laps on which a lead was lost by trouble."""
    return [lap for *_, lap, _, cause in lead_changes(race) if cause in ("retirement", "trouble")]


def groups(laps: Sequence[int], *, within: int) -> list[list[int]]:
    """Numbers in order, in groups of those that are no further apart than so many."""
    groups: list[list[int]] = []
    for lap in laps:
        if groups and lap - groups[-1][-1] <= within:
            groups[-1].append(lap)
        else:
            groups.append([lap])
    return groups


def stops_that_mattered(race: Race) -> Iterator[Happening]:
    """Slow and good stops, and places won by stopping earlier or later than a rival."""
    own = list(_slow_and_good(race))
    yield from own
    slow = {(one.cars[0], one.lap) for one in own if one.kind == "slow stop"}
    yield from _cuts(race, slow)


def turned(race: Race) -> dict[tuple[str, int], str]:
    """Which kind of tyres a car changed to on a lap, where it was another kind: wet or dry."""
    rows = _changes_of_kind(race)["car", "lap", "wet"].rows()
    return {(car, lap - 1): "wet" if wet else "dry" for car, lap, wet in rows}


def _slow_and_good(race: Race) -> Iterator[Happening]:
    at = timing(race)
    place = positions(race)[len(at.lines) - 1 :: len(at.lines)]
    table = stops(race).filter(kind="stop")
    usual = table["duration"].median()
    off = _lost_on_the_way(race)
    stood_still = {lap for lap, state in flags_by_lap(race).items() if state == "red"}
    for car, lap, duration in table["car", "lap", "duration"].rows():
        if car not in at.cars or not 1 < lap <= at.laps or duration is None or usual is None:
            continue
        if stood_still & {lap, lap + 1}:  # repairs, while nobody raced
            continue
        slow = (duration - usual).total_seconds()
        was = int(place[lap - 2, at.cars.index(car)])
        if off.get((car, lap), 0.0) > OFF_S and 0 < was <= MATTERS:
            after = min(lap + 1, at.laps)
            yield Happening(
                kind="incident", lap=lap, last_lap=lap, before=lap - 1, after=after, cars=(car,),
                facts={"where": {car: was}, "gone": {}, "close": False, "in_lap": True,
                       "now": {car: int(place[after - 1, at.cars.index(car)])}},
            )  # fmt: skip
        elif (slow > SLOW_STOP_S or slow < -GOOD_STOP_S) and 0 < was <= MATTERS:
            yield Happening(
                kind="slow stop" if slow > 0 else "good stop", lap=lap,
                last_lap=min(lap + 1, at.laps), before=lap - 1,
                after=min(lap + 1, at.laps), cars=(car,), facts={"slow_s": slow, "was": was},
            )  # fmt: skip


def _lost_on_the_way(race: Race) -> dict[tuple[str, int], float]:
    """Seconds lost on a lap that ended in the pits, beyond what such laps cost others.

    Whoever spun, or was hit, and stopped at its end is seen to have been in trouble only by that.
    """
    at = timing(race)
    own = (at.at_line - at.begun) / 1e6
    slowed = neutralised(race).share(at.begun, at.at_line) > 0
    lost = {
        (car, lap): float(own[lap - 1, at.cars.index(car)] - own[lap - 2, at.cars.index(car)])
        for car, lap in stops(race).filter(kind="stop")["car", "lap"].rows()
        if car in at.cars
        and 2 < lap <= at.laps
        and not slowed[lap - 2 : lap, at.cars.index(car)].any()
    }
    known = [cost for cost in lost.values() if np.isfinite(cost)]
    usual = float(np.median(known)) if known else 0.0
    return {stop: cost - usual for stop, cost in lost.items() if np.isfinite(cost)}


def _cuts(race: Race, slow: AbstractSet[tuple[str, int]]) -> Iterator[Happening]:
    """Undercuts and overcuts; those that one car made at about one time are one.

    Who lost the place by a slow stop of his own lost it by that.
    """
    at = timing(race)
    place = positions(race)[len(at.lines) - 1 :: len(at.lines)]
    made: dict[tuple[str, str], list[Happening]] = {}
    kinds = turned(race)
    for row in undercuts(race).iter_rows(named=True):
        if row["kind"] not in ("undercut", "overcut") or not _contested(row):
            continue
        earlier, later = (row["first"], row["first_lap"]), (row["second"], row["second_lap"])
        (gainer, _), lost = (earlier, later) if row["kind"] == "undercut" else (later, earlier)
        last = min(max(row["first_lap"], row["second_lap"]) + 1, at.laps)
        now = place[last - 1, at.cars.index(gainer)] if gainer in at.cars else 0
        in_effect = 1 + len(_ahead_by_stops(race, place, gainer, last)) if now else 0
        if lost in slow or not 0 < now <= MATTERS:
            continue
        made.setdefault((row["kind"], gainer), []).append(
            Happening(
                kind=row["kind"], lap=last - 1, last_lap=last, before=row["first_lap"] - 1,
                after=last, cars=(gainer, lost[0]),
                facts={
                    "position": int(now),
                    "place_in_effect": in_effect,
                    "loser_lap": lost[1],
                    "turned": kinds.get((gainer, row["first_lap"]))
                    or kinds.get((gainer, row["second_lap"])),
                },
            )
        )  # fmt: skip
    for cuts in made.values():
        yield from _joined(sorted(cuts, key=lambda one: (one.before, one.after)))


def _ahead_by_stops(race: Race, place: NDArray[np.int64], car: str, lap: int) -> list[str]:
    """Cars ahead of one at the end of a lap that have stopped as often: others have yet to."""
    at = timing(race)
    made = stops(race).filter(pl.col("kind") == "stop", pl.col("lap") < lap)
    count = dict(made.group_by("car").len().rows())
    own = place[lap - 1, at.cars.index(car)]
    return [
        other
        for other, now in zip(at.cars, place[lap - 1], strict=True)
        if 0 < now < own and count.get(other, 0) >= count.get(car, 0)
    ]


def _joined(cuts: Sequence[Happening]) -> Iterator[Happening]:
    """Places that one car gained by one stop as one happening, from several others."""
    while cuts:
        first, *rest = cuts
        same = [one for one in rest if one.before < first.after]
        last = max([first, *same], key=lambda one: one.after)
        yield replace(
            last, before=first.before, lap=first.lap,
            cars=tuple(dict.fromkeys(car for one in (first, *same) for car in one.cars)),
        )  # fmt: skip
        cuts = [one for one in rest if one not in same]


def _changes_of_kind(race: Race) -> pl.DataFrame:
    """First laps of cars on wet tyres after dry ones, or the other way round."""
    sets = fitted_sets(race).filter(pl.col("compound").is_not_null()).sort("car", "lap")
    wet = sets.with_columns(wet=pl.col("compound").is_in(WET_TYRES))
    return wet.with_columns(was=pl.col("wet").shift().over("car")).filter(
        pl.col("was").is_not_null() & (pl.col("was") != pl.col("wet"))
    )


def _wrong_tyres(turned: pl.DataFrame) -> Iterator[Happening]:
    """Who changed between dry and wet tyres, and back within some laps."""
    for (car,), rows in turned.group_by("car", maintain_order=True):
        for (lap, wet), (back, _) in pairwise(rows["lap", "wet"].rows()):
            if back - lap <= WRONG_FOR_LAPS and lap > 2:
                yield Happening(
                    kind="wrong tyre", lap=lap - 1, last_lap=back, before=lap - 2, after=back,
                    cars=(str(car),), facts={"wet": wet, "back": back - 1},
                )  # fmt: skip


def _contested(row: dict[str, Any]) -> bool:
    """Whether two who stopped were near each other before, and answered one another."""
    near = row["before"] is not None and abs(row["before"].total_seconds()) <= CUT_WITHIN_S
    return near and abs(row["second_lap"] - row["first_lap"]) <= CUT_LAPS
