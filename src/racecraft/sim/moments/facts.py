"""What is known of a moment, of which it is worded: who, what, from whom, where, how it swung."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from racecraft.analysis.fights.explain import name_of
from racecraft.analysis.telemetry.corners import has_corners
from racecraft.analysis.telemetry.passes import pass_place
from racecraft.model.once import once_per
from racecraft.sim.moments.causes import collided, told_apart
from racecraft.sim.moments.told_once import CUTS, gainers
from racecraft.sim.moments.weights import was_fatal
from racecraft.sim.moments.worth import worth

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from racecraft.model.race import Race
    from racecraft.sim.moments.happening import Happening

    Facts = dict[str, Any]

MANY = 3  # cars that stopped, of whom all are named
TELLS_ALL = (  # nothing to add to what they say
    "title decided", "fastest lap", "record", "penalty", "disqualification", "from the grid",
)  # fmt: skip


class _Of(NamedTuple):
    """A happening, and whom it concerns, who gained most first."""

    race: Race
    one: Happening
    cars: Sequence[str]


def facts_of(race: Race, one: Happening, cars: Sequence[str], chance: Facts) -> Facts:
    """Everything that the sentence of a moment needs, in any language.

    Parameters
    ----------
    cars
        Whom it concerns, who gained most first.
    chance
        By car: chances to win and points before and after it.

    Returns
    -------
    dict
        As ``json`` has it: ``kind``, ``lap``, ``last_lap``, ``cars``, what goes with the kind, what
        it did to whose chances as ``swing``, and the ``names`` of the cars in it.
    """
    of_kind = _OF_KIND.get(one.kind, _plain)(_Of(race, one, cars))
    facts = {
        "kind": one.kind,
        "lap": one.lap,
        "last_lap": max(one.last_lap, one.lap),
        "cars": list(one.cars or cars),
        **of_kind,
    }
    tells_all = one.kind in TELLS_ALL or "away" in one.facts or was_fatal(one)
    swing = None if tells_all else worth(one, cars, chance)
    if swing is not None:
        facts["swing"] = swing
    return named(race, facts)


def named(race: Race, facts: Facts) -> Facts:
    """Facts with the names of the cars that are in them."""
    there = written(facts)
    cars = [car for car in _entered(race) if f'"{car}"' in there]
    return {**facts, "names": {car: name_of(race, car) for car in cars}}


@once_per
def _entered(race: Race) -> list[str]:
    """Cars that took part, in the order of their entries."""
    return list(dict.fromkeys(race.entries["car"].to_list()))


def written(facts: Facts) -> str:
    """Facts as one value of a table."""
    return json.dumps(facts, ensure_ascii=False)


def read(told: str) -> Facts:
    """Facts of a row of ``MOMENTS``."""
    facts: Facts = json.loads(told)
    return facts


def _start(of: _Of) -> Facts:
    if "away" in of.one.facts:
        return {name: of.one.facts[name] for name in ("away", "of")}
    moves: Any = of.one.facts["moves"]
    met: Any = of.one.facts["met"]
    shown = sorted(set(of.cars) & set(moves), key=lambda car: moves[car][1])
    return {
        "moves": [{"car": car, "was": moves[car][0], "now": moves[car][1], "met": met.get(car)}
                  for car in shown],
    }  # fmt: skip


def _pass(of: _Of) -> Facts:
    positions: Any = of.one.facts["positions"]
    corner = None
    if of.race.telemetry is not None and len(of.one.cars) == 2 and has_corners(of.race):
        place = pass_place(of.race, of.one.cars[0], of.one.cars[1], of.one.lap, of.one.line)
        corner = None if place is None else {"how": place.where.how, "turns": place.where.turns}
    return {
        "back": of.one.kind == "re-pass",
        "places": list(dict.fromkeys(positions)),
        "corner": corner,
        "at_flag_s": of.one.facts["at_flag_s"],
    }


def _lead(of: _Of) -> Facts:
    known = (
        "cause",
        "why",
        "slow_s",
        "earlier",
        "maybe_passed",
        "newer",
        "for_good",
        "regained",
        "turned",
    )
    return {name: of.one.facts[name] for name in known if name in of.one.facts}


def _period(of: _Of) -> Facts:
    if "planned" in of.one.facts:
        told = {name: of.one.facts[name] for name in ("planned", "half")}
        return {**told, "in_line": of.one.facts.get("in_line", False)}
    return {
        "inferred": bool(of.one.facts.get("inferred")),
        "out": of.one.facts.get("out", {}),
        **_stopped(of),
    }


def _stopped(of: _Of) -> Facts:
    """Who stopped under it, and who of its cars did not; nothing where all or none did."""
    stopped: Any = of.one.facts.get("stopped", {})
    raced_on: Any = of.one.facts.get("raced_on", ())
    front: Any = of.one.facts.get("front", ())
    concerned = list(dict.fromkeys((*of.cars, *front[:2])))
    others = front if of.one.facts.get("won_by_it") else ()
    came = [car for car in dict.fromkeys((*concerned, *others)) if car in stopped]
    came = came if len(came) <= MANY else [car for car in concerned if car in stopped]
    stayed = [car for car in concerned if car not in stopped and car in raced_on]
    if not came or not stayed:
        return {}
    return {"stopped": {car: stopped[car] for car in came}, "stayed": stayed}


def _restart(of: _Of) -> Facts:
    alone: Any = of.one.facts.get("alone", ())
    return {
        "from": of.one.facts["from"],
        "alone": list(alone),
        **({"others": of.one.facts["stopped"]} if alone else {}),
    }


def _rain(of: _Of) -> Facts:
    laps: Any = of.one.facts["laps"]
    leader: Any = of.one.facts["leader"]
    each = told_apart(list(dict.fromkeys((*of.cars, leader))), laps)
    return {"count": of.one.facts["cars"], "each": [[lap, list(who)] for lap, who in each]}


def _trouble(of: _Of) -> Facts:
    where: Any = of.one.facts["where"]
    now: Any = of.one.facts["now"]
    gone: Any = of.one.facts["gone"]
    grid: Any = of.one.facts.get("grid", {})
    absent: Any = of.one.facts.get("absent", ())
    pitted: Any = of.one.facts.get("pitted", ())
    met: Any = of.one.facts.get("met", {})
    classified: Any = of.one.facts.get("classified", {})
    punished: Facts = {
        name: of.one.facts[name] for name in ("road", "official") if name in of.one.facts
    }
    together = collided(gone) and len(of.one.cars) == 2 and of.one.lap > 1 and not grid
    return {
        "each": [
            {"car": car, "gone": gone.get(car), "was": where.get(car) or None,
             "now": now.get(car) or None, "grid": grid.get(car), "met": met.get(car),
             "absent": car in absent, "pitted": car in pitted,
             **({"classified": classified[car]} if car in classified else {})}
            for car in of.one.cars
            if not punished or car != of.one.facts["penalised"]
        ],
        "collided": together,
        "close": bool(of.one.facts.get("close")),
        "restart": bool(of.one.facts.get("restart")),
        "penalised": of.one.facts.get("penalised"),
        **punished,
    }  # fmt: skip


def _cut(of: _Of) -> Facts:
    slow = {"slow_s": of.one.facts["slow_s"]} if "slow_s" in of.one.facts else {}
    return {
        "gainers": gainers(of.one),
        "place": of.one.facts["position"],
        "place_in_effect": of.one.facts["place_in_effect"],
        "tyres": of.one.facts.get("turned"),
        **slow,
    }


def _battle(of: _Of) -> Facts:
    row: Any = of.one.facts.get("row")
    if row is None:  # no battle, and yet it was close at the flag
        return {"place": of.one.facts["position"], "at_flag_s": of.one.facts["margin_s"]}
    return {
        "place": row["position"],
        "start_lap": row["start_lap"],
        "end_lap": row["end_lap"],
        "swaps": row["swaps"],
        "held": bool(of.one.facts.get("held")),
        "at_flag_s": row["margin"].total_seconds() if row["at_flag"] else None,
    }


def _plain(of: _Of) -> Facts:
    """Facts of a kind that are simple already."""
    return dict(of.one.facts)


_OF_KIND: dict[str, Callable[[_Of], Facts]] = {
    "start": _start,
    "pass": _pass,
    "re-pass": _pass,
    "lead change": _lead,
    "incident": _trouble,
    "retirement": _trouble,
    "puncture": _trouble,
    "safety car": _period,
    "virtual safety car": _period,
    "red flag": _period,
    "restart": _restart,
    "rain": _rain,
    "drying track": _rain,
    **dict.fromkeys(CUTS, _cut),
    "battle": _battle,
}
