"""How a race went, in order of time: facts for a report, those that changed most."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import polars as pl

from racecraft.analysis.fights.hardest_fought import hardest_fought
from racecraft.analysis.order.changes import positions
from racecraft.analysis.order.control import procession
from racecraft.analysis.order.overtakes import overtakes
from racecraft.analysis.order.timing import timing
from racecraft.press.writing.fact import Fact
from racecraft.sim.moments.causes import collided
from racecraft.sim.moments.happenings import happenings
from racecraft.sim.moments.lead import leaders, newer_tyres
from racecraft.sim.moments.moments import weight_of
from racecraft.sim.moments.told_once import gainers, told_once
from racecraft.sim.moments.words import NEWER_LAPS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from racecraft.history.rows import Driver
    from racecraft.model.race import Race
    from racecraft.sim.moments.happening import Happening

PASSES_FOR = 3  # places that passes are told for
TAKEN_BACK = 5  # laps within which a place is taken back
FRONT = 3  # places whose loss by trouble is told
FELL = 4  # places lost by trouble that are told
LONG, FOUGHT_FOR, FIERCE = 6, 6, 4  # laps of a battle, for what place, among so many hottest
SCORED = 10  # place at the flag whose loss by a penalty is told
LAST = 500  # order of what is told last of a lap
TOLD = 9  # facts of the race that are told besides what always is
HEAVY = 6  # a change of the lead by a stop is told if it is among so many heaviest moments
FIRST = 3  # and a place that was won by a stop, wherever, if it is among these
PERIODS = {
    "safety car": "safety_car", "virtual safety car": "virtual_safety_car", "red flag": "red_flag",
}  # fmt: skip


class _Told(NamedTuple):
    """A fact, and when it was and what it changed."""

    lap: int
    order: int
    weight: float
    fact: Fact


@dataclass(frozen=True, eq=False)
class Course:
    """What can be told of a race that was timed.

    Parameters
    ----------
    race
        Its timing.
    people
        By car: who drove it.
    decided
        Its ``MOMENTS``.
    """

    race: Race
    people: Mapping[str, Driver]
    decided: pl.DataFrame

    def facts(self) -> list[Fact]:
        """What happened, in order of laps: the start, what always is told, what changed most."""
        found = [
            _Told(one.lap, order, weight_of(self.decided, one), fact)
            for order, one in enumerate(self._happenings)
            for fact in self._told(one)
        ]
        found += [_Told(lap, LAST, 0.0, fact) for lap, fact in [*self._passes(), *self._fights()]]
        always = [row for row in found if row.fact.kind in ALWAYS]
        rest = sorted((row for row in found if row not in always), key=lambda row: -row.weight)
        kept = [row for row in found if row in always or row in rest[:TOLD]]
        told = [row.fact for row in sorted(kept, key=lambda row: row[:2])]
        in_line = [Fact("in_line", {})] if procession(self.race) else []
        return self._each_once([*in_line, *told])

    def out_from(self) -> set[str]:
        """Cars whose retirement is told among these facts."""
        return {
            car
            for one in self._happenings
            for fact in self._told(one)
            if fact.kind in ("lead_out", "out_from")
            for car in one.cars
            if self.people.get(car) in (fact.slots.get("old"), fact.slots.get("driver"))
        }

    def collided(self) -> set[str]:
        """Cars whose collision of two is told among these facts."""
        return {car for one in self._happenings if self._is_of_two(one) for car in one.cars}

    @cached_property
    def _happenings(self) -> list[Happening]:
        return told_once(happenings(self.race))

    @property
    def _laps(self) -> int:
        return timing(self.race).laps

    def _each_once(self, facts: list[Fact]) -> list[Fact]:
        """Facts, a safety car that came out before being the next one, and none twice."""
        told: list[Fact] = []
        for fact in facts:
            again = any(other.kind in (fact.kind, f"{fact.kind}_again") for other in told)
            kind = f"{fact.kind}_again" if again and fact.kind in AGAIN else fact.kind
            if Fact(kind, fact.slots) not in told:
                told.append(Fact(kind, fact.slots))
        return _in_a_row(told)

    def _told(self, one: Happening) -> Iterator[Fact]:
        """What there is to tell of a happening; nothing where somebody is not known."""
        tell = TELL.get(one.kind)
        if tell is not None and all(car in self.people for car in one.cars):
            yield from tell(self, one)

    def _start(self, one: Happening) -> Iterator[Fact]:
        met: Any = one.facts["met"]
        for car, other in met.items():
            if {car, other} <= self.people.keys():
                yield Fact("met", {"driver": self.people[car], "other": self.people[other]})
        yield from self._led_first()

    def _led_first(self) -> Iterator[Fact]:
        """Who led after the first lap, if it was not all the way; ahead of whom he took it from."""
        stints = leaders(self.race)
        first = stints[0][0]
        on_pole = self.race.entries.filter(grid=1)["car"].to_list()
        if first not in self.people or not {*on_pole} <= self.people.keys():
            return
        slots = {"driver": self.people[first]}
        lost = [car for car in on_pole if car != first and car not in self._out_by(1)]
        if lost:
            yield Fact("led_first_lap", {**slots, "pole": self.people[lost[0]]})
        elif len(stints) > 1:
            yield Fact("lap_one_led", slots)
        if len(stints) == 1 and self._laps > 1:
            yield Fact("led_all", slots)

    def _period(self, one: Happening) -> Iterator[Fact]:
        seen = "_seen" if one.facts.get("inferred") else ""
        if not (seen and one.kind == "virtual safety car"):
            yield Fact(f"{PERIODS[one.kind]}{seen}", {"lap": one.lap})
            yield from self._stopped(one)
        if one.kind == "red flag":
            yield from self._resumed(one)

    def _resumed(self, one: Happening) -> Iterator[Fact]:
        """Who leads as a race that was stopped goes on, if it was another who led before."""
        changes = [each for each in self._happenings if self._is_under(one, each)]
        if changes and {changes[0].cars[1], changes[-1].cars[0]} <= self.people.keys():
            old, new = changes[0].cars[1], changes[-1].cars[0]
            yield Fact("resumed_led", {"new": self.people[new], "old": self.people[old]})

    def _is_under(self, stopped: Happening, other: Happening) -> bool:
        """Whether the lead changed while a race was stopped: by the order of the restart."""
        return (
            other.kind == "lead change"
            and other.facts["cause"] in ("neutralised", "order_reset")
            and stopped.lap <= other.lap <= stopped.last_lap
        )

    def _stopped(self, one: Happening) -> Iterator[Fact]:
        """Who stopped under it of those whom it concerned, where others of them did not."""
        rows = self.decided.filter(kind=one.kind, lap=one.lap)["drivers"]
        front: Any = one.facts["front"]
        cars = dict.fromkeys(
            [*(" ".join(rows)).split(), *front[:2], *filter(None, [one.facts["won_by_it"]])]
        )
        stopped: Any = one.facts["stopped"]
        raced_on: Any = one.facts["raced_on"]
        known = self.people.keys() & raced_on
        came = [self.people[car] for car in cars if car in stopped and car in known]
        stayed = [self.people[car] for car in cars if car not in stopped and car in known]
        if came and stayed and self._is_heavy(one):
            kind = "stopped_then_one" if len(came) == 1 else "stopped_then_more"
            yield Fact(kind, {"names": came, "others": stayed})

    def _restart(self, one: Happening) -> Iterator[Fact]:
        """Who alone took it from the grid."""
        alone: Any = one.facts.get("alone", ())
        if len(alone) == 1 and alone[0] in self.people:
            yield Fact("alone", {"driver": self.people[alone[0]], "lap": one.lap})

    def _lead(self, one: Happening) -> Iterator[Fact]:
        new, old = (self.people[car] for car in one.cars)
        slots = {"new": new, "old": old, "lap": one.lap}
        cause, for_good = one.facts["cause"], one.facts["for_good"]
        if cause in ("retirement", "trouble"):
            out = one.cars[1] in self._out_by(one.lap + 2)
            yield Fact("lead_out" if out else "lead_lost", slots)
        elif cause == "pit" and (for_good or self._is_heavy(one)):
            yield self._by_a_stop(one, slots)
        elif cause in ("neutralised", "order_reset", "start", "") and not self._by_a_restart(one):
            yield Fact("lead_lost", slots)
        if for_good and one.lap < self._laps and cause != "on_track":
            yield Fact("led_to_flag", {"new": new})

    def _by_a_restart(self, one: Happening) -> bool:
        return any(
            self._is_under(each, one) for each in self._happenings if each.kind == "red flag"
        )

    def _by_a_stop(self, one: Happening, slots: dict[str, Any]) -> Fact:
        """A lead that changed as one stopped: slowly, or perhaps on the track before."""
        if "slow_s" in one.facts:
            slow = round(float(str(one.facts["slow_s"])), 1)
            return Fact("lead_slow_stop", {**slots, "slow": slow})
        return Fact("lead_at_stop" if one.facts["maybe_passed"] else "lead_pit", slots)

    def _trouble(self, one: Happening) -> Iterator[Fact]:
        facts: Any = one.facts
        where, gone = facts["where"], facts["gone"]
        if self._is_of_two(one):
            names = [self.people[car] for car in one.cars]
            yield Fact("collided" if one.facts["close"] else "collided_seems",
                       {"names": names, "lap": one.last_lap})  # fmt: skip
            return
        for car in one.cars:
            place = where.get(car) or 0
            if car in gone and 1 < place <= FRONT:
                lap = one.lap if one.last_lap == one.lap + 1 else one.last_lap  # as moments say it
                slots = {"driver": self.people[car], "position": place, "lap": lap}
                yield Fact("out_from", slots)
            elif car not in gone and 0 < place <= FRONT:
                now = facts["now"].get(car) or 0
                slots = {"driver": self.people[car], "position": place, "lap": one.lap}
                if now >= place + FELL:
                    yield Fact("fell_back", slots)
        if facts.get("official"):  # and the penalty of who was close by
            yield from self._put_back(str(facts["penalised"]))

    def _is_of_two(self, one: Happening) -> bool:
        """Whether two dropped out by a collision, after the first lap."""
        gone: Any = one.facts.get("gone", {})
        return len(one.cars) == 2 and one.lap > 1 and collided(gone)

    def _rain(self, one: Happening) -> Iterator[Fact]:
        """The change of tyres, and who of those it mattered to came first, and who last."""
        laps: Any = one.facts["laps"]
        most = sorted(laps.values())[len(laps) // 2] if laps else one.lap
        yield Fact("to_wet" if one.kind == "rain" else "to_dry", {"lap": most})
        rows = self.decided.filter(kind=one.kind, lap=one.lap)["drivers"]
        told = dict.fromkeys([*(" ".join(rows)).split(), str(one.facts["leader"])])
        cars = sorted((car for car in told if car in laps), key=lambda car: laps[car])
        if len(cars) > 1 and laps[cars[0]] < laps[cars[-1]] and {*cars} <= self.people.keys():
            first, last = cars[0], cars[-1]
            yield Fact("changed", {"first": self.people[first], "lap": laps[first],
                                   "last": self.people[last], "later": laps[last]})  # fmt: skip

    def _cut(self, one: Happening) -> Iterator[Fact]:
        gainer, loser = (self.people[one.cars[i]] for i in (0, gainers(one)))
        struck = overtakes(self.race).filter(
            pl.col("lap").is_between(one.before - 2, one.last_lap),
            pl.col("kind") == "trouble", pl.col("passed") == one.cars[gainers(one)],
        )  # fmt: skip
        near = int(str(one.facts["position"])) <= FRONT and self._is_heavy(one)
        if struck.is_empty() and (near or self._is_heavy(one, among=FIRST)):
            yield Fact(one.kind, {"gainer": gainer, "loser": loser})

    def _after_flag(self, one: Happening) -> Iterator[Fact]:
        if one.kind == "penalty":
            yield from self._put_back(self._loser(one))
            return
        car = one.cars[0]
        road = self._on_road(car)
        slots: dict[str, Any] = {"driver": self.people[car], "road": road}
        yield Fact("disqualified_from" if road else "disqualified", slots)

    def _put_back(self, car: str) -> Iterator[Fact]:
        """Who was put back from one of the first places by a penalty after the flag."""
        road = self._on_road(car)
        position = dict(self.race.classification["car", "position"].rows()).get(car)
        if road and position and road < position and road <= SCORED:
            slots = {"driver": self.people[car], "road": road, "position": position}
            yield Fact("penalty_to", slots)

    def _held_off(self, one: Happening) -> Iterator[Fact]:
        """Who was kept behind to the flag by less than a second for the win."""
        if one.facts.get("held") and one.facts.get("held_to_flag"):
            ahead, behind = (self.people[car] for car in one.cars)
            yield Fact("held_off", {"ahead": ahead, "behind": behind})

    def _loser(self, one: Happening) -> str:
        """Who lost places after the flag: the car that fell furthest."""
        position = dict(self.race.classification["car", "position"].rows())
        return max(one.cars, key=lambda car: (position.get(car) or 99) - (self._on_road(car) or 99))

    def _on_road(self, car: str) -> int | None:
        """Place of a car when it took the flag; None if it did not on the lap of the first."""
        at = timing(self.race)
        if car not in at.cars:
            return None
        number = at.cars.index(car)
        place = int(positions(self.race)[-1, number]) if at.finished[number] else 0
        return place or None

    def _passes(self) -> Iterator[tuple[int, Fact]]:
        """Return the last pass on the track for each of the first places, in order of laps."""
        rows = overtakes(self.race).filter(
            pl.col("kind") == "on_track",
            pl.col("held"),
            pl.col("position") <= PASSES_FOR,
            pl.col("passer").is_in(list(self.people)),
            pl.col("passed").is_in(list(self.people)),
        ).sort("lap")  # fmt: skip
        last = {row["position"]: row for row in rows.to_dicts()}
        for row in sorted(last.values(), key=lambda row: (row["lap"], row["position"])):
            slots = {"passer": self.people[row["passer"]], "passed": self.people[row["passed"]],
                     "lap": row["lap"], "position": row["position"]}  # fmt: skip
            lost = rows.filter(
                pl.col("lap").is_between(row["lap"] - TAKEN_BACK, row["lap"] - 1),
                passer=row["passed"], passed=row["passer"], position=row["position"],
            )  # fmt: skip
            kind = "pass_for_lead" if row["position"] == 1 else "pass_for"
            if len(lost):
                yield row["lap"], Fact("took_back", {**slots, "before": lost["lap"][-1]})
            else:
                yield row["lap"], Fact(kind, slots)
                newer = newer_tyres(self.race, row["passer"], row["passed"], row["lap"])
                if row["position"] == 1 and newer >= NEWER_LAPS:
                    yield row["lap"], Fact("newer_tyres", {"driver": slots["passer"], "n": newer})

    def _fights(self) -> Iterator[tuple[int, Fact]]:
        """Battles of many laps that were hard fought, and of which no place was taken back."""
        known = pl.col("first").is_in(list(self.people)) & pl.col("second").is_in(list(self.people))
        long = (pl.col("laps") >= LONG) & (pl.col("position") <= FOUGHT_FOR)
        for row in hardest_fought(self.race).head(FIERCE).filter(known & long).to_dicts():
            behind = row["second"] if row["ahead_at_end"] == row["first"] else row["first"]
            slots = {"ahead": self.people[row["ahead_at_end"]], "behind": self.people[behind],
                     "position": row["position"], "start": row["start_lap"],
                     "end": row["end_lap"]}  # fmt: skip
            yield row["start_lap"], Fact("fought", slots)

    def _is_heavy(self, one: Happening, *, among: int = HEAVY) -> bool:
        weights = self.decided["weight"].head(among).to_list()
        return bool(weights) and weight_of(self.decided, one) >= weights[-1]

    def _out_by(self, lap: int) -> set[str]:
        """Cars that were not running any more at the end of a lap."""
        at = timing(self.race)
        last = (at.last_step + 1) // len(at.lines)
        gone = np.flatnonzero(~at.finished & (last < lap))
        return {at.cars[int(car)] for car in gone}


def _in_a_row(facts: list[Fact]) -> list[Fact]:
    """Facts, safety cars that follow each other with nothing between told as one."""
    told: list[Fact] = []
    for kind, group in groupby(facts, key=lambda fact: fact.kind.removesuffix("_again")):
        same = list(group)
        if kind in TOGETHER and len(same) > 1:
            again = "_again" if same[0].kind.endswith("_again") else ""
            laps = [str(fact.slots["lap"]) for fact in same]
            same = [Fact(f"{kind}s{again}", {"laps": laps})]
        told += same
    return told


TELL: dict[str, Callable[[Course, Happening], Iterator[Fact]]] = {
    "start": Course._start,
    "safety car": Course._period,
    "virtual safety car": Course._period,
    "red flag": Course._period,
    "lead change": Course._lead,
    "retirement": Course._trouble,
    "incident": Course._trouble,
    "puncture": Course._trouble,
    "rain": Course._rain,
    "drying track": Course._rain,
    "undercut": Course._cut,
    "overcut": Course._cut,
    "restart": Course._restart,
    "battle": Course._held_off,
    "penalty": Course._after_flag,
    "disqualification": Course._after_flag,
}
AGAIN = frozenset({
    "safety_car", "virtual_safety_car", "red_flag", "safety_car_seen", "red_flag_seen",
})  # fmt: skip
TOGETHER = frozenset({"safety_car", "virtual_safety_car"})
ALWAYS = AGAIN | {
    "led_first_lap", "lap_one_led", "led_all", "led_to_flag", "lead_out", "disqualified_from",
    "penalty_to", "pass_for_lead", "pass_for", "took_back", "fell_back", "newer_tyres",
    "stopped_then_one", "stopped_then_more", "alone", "to_wet", "to_dry", "changed", "collided",
    "collided_seems", "lead_slow_stop", "lead_at_stop", "held_off",
}  # fmt: skip
