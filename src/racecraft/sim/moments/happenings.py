"""What happened in a race that may have changed its outcome: every candidate for a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from racecraft.analysis.order.changes import grid, positions
from racecraft.analysis.order.control import procession, standing_starts
from racecraft.analysis.order.overtakes import overtakes
from racecraft.analysis.order.stops import lane_laps, stops
from racecraft.analysis.order.timing import timing, untimed
from racecraft.errors import RuleError
from racecraft.model.once import once_per
from racecraft.model.rulebook.book import rulebook
from racecraft.sim.moments.causes import (
    alone_on_the_grid,
    met_at_start,
    only_two_by_collision,
    penalised_near,
)
from racecraft.sim.moments.fights import fights
from racecraft.sim.moments.happening import MATTERS, NEAR_FRONT, Happening
from racecraft.sim.moments.lead import (
    lead_changes,
    leader_on,
    leaders,
    may_have_passed,
    newer_tyres,
    out_of_the_pits,
    stopped_earlier,
    taken_in_effect,
)
from racecraft.sim.moments.neutralisations import neutralisations
from racecraft.sim.moments.stops_and_tyres import (
    changes_of_tyres,
    groups,
    stops_that_mattered,
    turned,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from racecraft.analysis.order.timing import Timing
    from racecraft.model.race import Race

PODIUM, CLIMB = 3, 10  # places gained that are a drive through the field
BY_A_HAIR_S = 0.5  # at the flag, after a pass on the last lap
REPASS_LAPS = 4  # a place taken back within so many laps
TOGETHER_S = 1.5  # two cars this close when trouble struck were in it together
LIMPING = 3  # who is passed by so many on the lap before he drops out was failing by then
FELL = 4  # who falls so far from a place near the front at a restart was in trouble
ODD_STOPS = 2  # stops on the lap of a restart that are no more than repairs


def happenings(race: Race) -> list[Happening]:
    """Every candidate, in order of time."""
    found = [
        *_start(race),
        *_passes(race),
        *_leads(race),
        *_troubles(race),
        *_restart_troubles(race),
        *neutralisations(race),
        *changes_of_tyres(race),
        *stops_that_mattered(race),
        *fights(race),
        *_after_flag(race),
        *_fastest_lap(race),
        *_climbs(race),
    ]
    return sorted(found, key=lambda one: (one.lap, one.before))


def _start(race: Race) -> Iterator[Happening]:
    at = timing(race)
    places = grid(race, at)
    if np.isnan(places).all() or procession(race):
        return
    now = positions(race)[len(at.lines) - 1]
    moves = {
        car: (int(was), int(place))
        for car, was, place in zip(at.cars, places, now, strict=True)
        if not np.isnan(was) and place
    }
    there = sorted(was for car, (was, _) in moves.items() if car not in _absent(race))
    stayed = {car for car, (was, now) in moves.items() if was in there[now - 1 : now]}
    yield Happening(
        kind="start", lap=1, before=0, after=1, last_lap=1,
        facts={"moves": moves, "led": leader_on(race, 1), "met": met_at_start(race),
               "only_by_absence": {car for car in stayed if moves[car][0] != moves[car][1]}},
    )  # fmt: skip
    for lap in sorted(standing_starts(race) - {1}):
        yield Happening(
            kind="restart",
            lap=lap,
            before=lap - 1,
            after=lap,
            last_lap=lap,
            facts={"from": "grid", **alone_on_the_grid(race, lap)},
        )


def _passes(race: Race) -> Iterator[Happening]:
    """Passes on the track that held to the end of their lap; a car passed by several is one."""
    table = overtakes(race).filter(
        pl.col("kind") == "on_track", pl.col("position") <= MATTERS, pl.col("lap") > 1
    )
    last: dict[frozenset[str], tuple[int, str]] = {}
    held: dict[tuple[int, str, str], list[dict[str, Any]]] = {}
    for row in table.iter_rows(named=True):
        pair = frozenset((row["passer"], row["passed"]))
        before = last.get(pair)
        back = (
            before is not None
            and before[1] == row["passed"]
            and row["lap"] - before[0] <= REPASS_LAPS
        )
        last[pair] = (row["lap"], row["passer"])
        if row["held"]:
            one = (row["lap"], row["passed"], "re-pass" if back else "pass")
            held.setdefault(one, []).append(row)
    for (lap, passed, kind), rows in held.items():
        rows.sort(key=lambda row: row["position"])
        yield Happening(
            kind=kind,
            lap=lap,
            last_lap=lap,
            before=lap - 1,
            after=lap,
            line=rows[0]["line"],
            cars=(*dict.fromkeys(row["passer"] for row in rows), passed),
            facts={
                "positions": [row["position"] for row in rows],
                "at_flag_s": _at_flag(race, rows) if lap == timing(race).laps else None,
            },
        )


def _at_flag(race: Race, rows: Sequence[dict[str, Any]]) -> float | None:
    """Seconds at the flag between two cars of which one passed the other; None of several."""
    at = timing(race)
    times = [at.at_line[-1, at.cars.index(rows[0][name])] for name in ("passed", "passer")]
    margin = float(times[0] - times[1]) / 1e6
    return margin if len(rows) == 1 and 0 < margin < BY_A_HAIR_S else None


def _leads(race: Race) -> Iterator[Happening]:
    """Changes of the lead from one lap's end to the next, and the one that was for good."""
    last_of_all = leaders(race)[-1][1]
    in_effect = taken_in_effect(race)
    kinds = turned(race)
    for new, old, lap, last, cause in lead_changes(race):
        maybe = may_have_passed(race, new, old, lap)
        back = cause == "pit" and not maybe and lap == last_of_all and in_effect < lap
        earlier = stopped_earlier(race, new, old, lap) if cause == "pit" and not maybe else 0
        yield Happening(
            kind="lead change",
            lap=lap,
            last_lap=lap,
            before=max(lap - 2 - earlier, 0) if earlier else lap - 1,
            after=lap,
            cars=(new, old),
            facts={
                "cause": cause, "for_good": lap == last_of_all, "led_to": last,
                "maybe_passed": maybe,
                "newer": newer_tyres(race, new, old, lap),
                "earlier": earlier,
                "in_effect": lap == in_effect,
                "regained": back,
                "turned": earlier and (kinds.get((new, lap - earlier))
                                       or kinds.get((new, lap - 1 - earlier))),
            },
        )  # fmt: skip


def _troubles(race: Race) -> Iterator[Happening]:
    """Cars that stopped for good or lost places in trouble; those close together in one."""
    at = timing(race)
    place = positions(race)
    size = len(at.lines)
    status = dict(race.classification["car", "status"].rows())
    out = {
        car: int(at.lap[at.last_step[i]]) if at.last_step[i] >= 0 else 0
        for i, car in enumerate(at.cars)
        if not at.finished[i] and at.last_step[i] < at.steps - size and car not in untimed(race)
    }
    lost = overtakes(race).filter(pl.col("kind") == "trouble")
    passed_by = _passed_by(race)
    struck: dict[str, list[tuple[int, int]]] = {}
    for car, lap in lost["passed", "lap"].rows():
        spans = struck.setdefault(car, [])
        if spans and lap - spans[-1][1] <= 2:
            spans[-1] = (spans[-1][0], lap)
        else:
            spans.append((lap, lap))
    events: list[tuple[int, int, str, bool]] = []
    for car, lap in out.items():
        spans = [span for span in struck.get(car, []) if span[1] >= lap - 1]
        into_garage = lap > 1 and (car, lap) in _into_garage(race)
        first = min([span[0] for span in spans], default=lap if into_garage else lap + 1)
        first -= passed_by.get((car, first - 1), 0) >= LIMPING and first > 2
        events.append((max(min(first, lap + 1), 1), lap + 1, car, True))
    for car, spans in struck.items():
        events += [(a, b, car, False) for a, b in spans if not (car in out and b >= out[car] - 1)]
    absent = _absent(race)
    for first, last, cars in _joined(at, events, only_two_by_collision(race, out), absent):
        before = max(first - 1, 0)
        where = {car: _place_before(race, place, car, before) for car in cars}
        gone = {car: status.get(car) or "" for car in cars if car in out and out[car] <= last}
        after = min(last, at.laps)
        yield Happening(
            kind="retirement" if gone else _kind_of_trouble(race, cars, first),
            lap=first,
            last_lap=min(last, at.laps),
            before=before,
            after=after,
            cars=tuple(cars),
            facts={
                "where": where,
                "gone": gone,
                "now": _places(at.cars, place, after * size - 1),
                "pitted": {car for car in cars if out_of_the_pits(race, car, before)},
                "close": before > 0 and all(_close(at, first, cars[0], car) for car in cars),
                "absent": absent,
                "met": met_at_start(race) if first == 1 and not gone else {},
                "penalised": None if gone else penalised_near(race, cars[0], first),
            },
        )


def _passed_by(race: Race) -> dict[tuple[str, int], int]:
    """How many passed a car on the track on a lap."""
    found = overtakes(race).filter(kind="on_track").group_by("passed", "lap").len()
    return {(car, lap): number for car, lap, number in found.rows()}


def _place_before(race: Race, place: NDArray[np.int64], car: str, lap: int) -> int:
    """Place of a car at the end of a lap, of one on its way into the garage that before; or 0."""
    at = timing(race)
    step = (lap - ((car, lap) in _into_garage(race))) * len(at.lines) - 1
    return int(place[step, at.cars.index(car)]) if step >= 0 else 0


@once_per
def _into_garage(race: Race) -> set[tuple[str, int]]:
    """Cars that were driven into the garage for good, and the lap on which they were."""
    return set(stops(race).filter(kind="retirement")["car", "lap"].rows())


@once_per
def _absent(race: Race) -> set[str]:
    """Cars that are in the result and did not start."""
    return set(race.classification.filter(position_text="W")["car"])


def _kind_of_trouble(race: Race, cars: Sequence[str], lap: int) -> str:
    """An incident; or, of one car that had to stop at once for it, what looks like a puncture."""
    at = timing(race)
    in_lane = lane_laps(race)
    alone = len(cars) == 1 and 1 < lap <= at.laps
    return "puncture" if alone and in_lane[lap - 1, at.cars.index(cars[0])] else "incident"


def _restart_troubles(race: Race) -> Iterator[Happening]:
    """Cars that fell far back on the lap of a restart, where everybody was close.

    Those that ran in consecutive places are one: they may have met.
    """
    at = timing(race)
    place = positions(race)[len(at.lines) - 1 :: len(at.lines)]
    stopped = lane_laps(race)
    for lap in sorted({one.lap for one in _restarts(race)}):
        was, now = place[lap - 2], place[lap - 1]
        fell = (was > 0) & (was <= NEAR_FRONT) & (now >= was + FELL)
        planned = stopped[lap - 1].sum() > ODD_STOPS  # few stop at once but to be repaired
        cars = [int(car) for car in np.flatnonzero(fell & ~(stopped[lap - 1] & planned))]
        for group in groups(sorted(int(was[car]) for car in cars), within=1):
            names = [at.cars[car] for car in cars if was[car] in group]
            yield Happening(
                kind="incident", lap=lap, last_lap=lap, before=lap - 1, after=lap,
                cars=tuple(names),
                facts={"where": _places(at.cars, place, lap - 2), "gone": {}, "restart": True,
                       "now": _places(at.cars, place, lap - 1)},
            )  # fmt: skip


def _restarts(race: Race) -> list[Happening]:
    found = [*_start(race), *neutralisations(race)]
    return [one for one in found if one.kind == "restart" and 1 < one.lap <= timing(race).laps]


def _places(cars: list[str], place: NDArray[np.int64], step: int) -> dict[str, int]:
    return dict(zip(cars, map(int, place[step]), strict=True))


def _joined(
    at: Timing,
    events: list[tuple[int, int, str, bool]],
    pairs: Sequence[set[str]],
    absent: set[str],
) -> list[tuple[int, int, list[str]]]:
    """Troubles that began on one lap to cars that ran close together, or that collided, as one."""
    joined: list[tuple[int, int, list[str]]] = []
    for first, last, car, _ in sorted(events):
        near = next(
            (
                i
                for i, (other_first, _, cars) in enumerate(joined)
                if any({car, other} in pairs for other in cars)
                or (
                    other_first == first
                    and not absent & {car, *cars}
                    and any(_close(at, first, car, other) for other in cars)
                )
            ),
            None,
        )
        if near is None:
            joined.append((first, last, [car]))
        else:
            begun, until, cars = joined[near]
            joined[near] = (begun, max(until, last), [*cars, car])
    return joined


def _close(at: Timing, lap: int, one: str, other: str) -> bool:
    if lap < 2:
        return True
    a, b = (at.at_line[lap - 2, at.cars.index(car)] for car in (one, other))
    return bool(abs(a - b) <= TOGETHER_S * 1e6)


def _after_flag(race: Race) -> Iterator[Happening]:
    """Places that changed hands after the flag, by whoever lost them."""
    at = timing(race)
    laps = at.laps
    road = _places(at.cars, positions(race), -1)
    table = overtakes(race).filter(kind="classification")
    texts = dict(race.classification["car", "position_text"].rows())
    out = [car for car, text in texts.items() if text in ("D", "E")]
    for car in out:
        yield Happening(
            kind="disqualification", lap=laps, last_lap=laps, before=laps, after=laps + 1,
            line="classification", cars=(car,), facts={"road": road.get(car)},
        )  # fmt: skip
    for passed in table["passed"].unique(maintain_order=True):
        gained = table.filter(passed=passed)
        if passed in out:
            continue
        yield Happening(
            kind="penalty", lap=laps, last_lap=laps, before=laps, after=laps + 1,
            line="classification", cars=(passed, *gained["passer"].to_list()[:2]),
            facts={
                "places": gained.height, "road": road.get(passed),
                "now": dict(race.classification["car", "position"].rows()).get(passed),
            },
        )  # fmt: skip


def _climbs(race: Race) -> Iterator[Happening]:
    """Who came from far back onto the podium."""
    start = dict(race.entries["car", "grid"].rows())
    rows = race.classification.drop_nulls("position").filter(pl.col("position") <= PODIUM)
    laps = timing(race).laps
    for car, place in rows["car", "position"].rows():
        if (start.get(car) or 0) - place >= CLIMB:
            yield Happening(
                kind="from the grid", lap=laps, last_lap=laps, before=0, after=laps, cars=(car,),
                facts={"grid": start[car], "position": place, "timed": True},
            )  # fmt: skip


def _fastest_lap(race: Race) -> Iterator[Happening]:
    """Whose fastest lap scored: who was awarded more than his place is worth."""
    try:
        book = rulebook(race.season)
        worth = book.lap_points(race.event) if race.session == "race" else 0.0
        scale = book.scale(race.event, race.session)
    except RuleError:
        return
    if not worth:
        return
    rows = race.classification.drop_nulls(["position", "points", "fastest_lap"])
    for car, place, points, lap in rows["car", "position", "points", "fastest_lap"].rows():
        of_place = scale[place - 1] if place <= len(scale) else 0.0
        if abs(points - of_place - worth) < 1e-6:
            yield Happening(
                kind="fastest lap", lap=lap, last_lap=lap, before=timing(race).laps,
                after=timing(race).laps + 1, cars=(car,), facts={"points": worth},
            )  # fmt: skip
