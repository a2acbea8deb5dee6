"""One event once: a stop that cost several places, or the lead, is one thing that happened."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from racecraft.sim.moments.happening import Happening

CUTS = ("undercut", "overcut")


def told_once(found: Sequence[Happening]) -> list[Happening]:
    """Happenings, those of one stop as one.

    Whoever gained places by the same stop of the same car are in one; how slow that stop was is
    said by the change of the lead that it made, or else by the places that were lost by it.
    """
    kept = _cuts_joined(found)
    for stop in [one for one in kept if one.kind == "slow stop"]:
        made = _made_by(stop.cars[0], stop.lap, kept)
        if made is not None:
            told = replace(
                made,
                before=min(made.before, stop.before),
                facts={**made.facts, "slow_s": stop.facts["slow_s"]},
            )
            kept = [told if one is made else one for one in kept if one is not stop]
    leads = [one for one in kept if _by_a_stop(one)]
    return [one for one in kept if not any(_is_of_lead(one, lead) for lead in leads)]


def _cuts_joined(found: Sequence[Happening]) -> list[Happening]:
    """Undercuts of one car by several, or overcuts, as one: it stopped but once.

    Of its cars the first ``gainers`` gained, the others lost.
    """
    joined: dict[tuple[Any, ...], Happening] = {}
    rest: list[Happening] = []
    for one in found:
        if one.kind not in CUTS or len(one.cars) != 2:
            rest.append(one)
            continue
        key = (one.cars[1:], one.facts["loser_lap"], one.kind)
        before = joined.get(key)
        if before is None:
            joined[key] = one
            continue
        first, second = sorted((before, one), key=lambda each: _position(each))
        joined[key] = replace(
            first,
            cars=(*first.cars[: gainers(first)], *second.cars),
            facts={**first.facts, "gainers": gainers(first) + gainers(second)},
            lap=min(first.lap, second.lap),
            last_lap=max(first.last_lap, second.last_lap),
        )
    return sorted([*rest, *joined.values()], key=lambda one: (one.lap, one.before))


def gainers(one: Happening) -> int:
    """How many of the cars of an undercut or overcut gained by it: the first ones."""
    return int(str(one.facts.get("gainers", 1)))


def _position(one: Happening) -> int:
    return int(str(one.facts["position"]))


def _by_a_stop(one: Happening) -> bool:
    return one.kind == "lead change" and one.facts["cause"] == "pit"


def _made_by(car: str, lap: int, found: Sequence[Happening]) -> Happening | None:
    """What a stop of a car made: the lead lost by it, or else the places."""
    of_it = [
        one
        for one in found
        if one.cars
        and one.cars[-1] == car
        and ((_by_a_stop(one) and one.lap in (lap, lap + 1)) or _loser_lap(one) == lap)
    ]
    return min(of_it, key=lambda one: one.kind != "lead change", default=None)


def _loser_lap(one: Happening) -> object:
    return one.facts["loser_lap"] if one.kind in CUTS else None


def _is_of_lead(one: Happening, lead: Happening) -> bool:
    """Whether places were lost by the stop that lost the lead."""
    return (
        one.kind in CUTS
        and set(one.cars[gainers(one) :]) == {lead.cars[-1]}
        and _loser_lap(one) in (lead.lap, lead.lap - 1)
    )
