"""One event once: a stop that cost several places, or the lead, is one thing that happened."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from racecraft.sim.moments.happening import Happening

CUTS = ("undercut", "overcut")
MOST_OF_IT = 0.4  # of what a restart changed
FIGHTS = ("pass", "re-pass", "lead change", "battle", "undercut", "overcut")
LEAD_LOST_WITHIN = 2  # laps
JUST_BEFORE_FLAG = 3  # laps: nothing else happened between trouble and its penalty
ONE_STOP_LAPS = 6  # within which several got ahead of one car by its stop
TROUBLES = ("incident", "puncture", "retirement")
OF_ALL = ("restart", "rain", "drying track")  # of the whole field, and told once
APART = (
    "title decided",
    "penalty",
    "disqualification",
    "fastest lap",
    "record",
)  # told beside whatever else
LOST = ("retirement", "trouble")  # how a lead is lost by the one who had it


def told_once(found: Sequence[Happening]) -> list[Happening]:
    """Happenings, those of one stop as one.

    Whoever gained places by the same stop of the same car are in one; how slow that stop was is
    said by the change of the lead that it made, or else by the places that were lost by it.
    """
    kept = _cuts_joined([one for one in found if not _is_of_trouble(one, found)])
    for stop in [one for one in kept if one.kind == "slow stop"]:
        made = _made_by(stop.cars[0], stop.lap, kept)
        if made is not None:
            told = replace(
                made,
                before=min(made.before, stop.before),
                facts={**made.facts, "slow_s": stop.facts["slow_s"]},
            )
            kept = [told if one is made else one for one in kept if one is not stop]
    kept = [_with_its_trouble(one, kept) for one in kept]
    kept = _punished(kept)
    leads = [one for one in kept if _by_a_stop(one)]
    return [one for one in kept if not any(_is_of_lead(one, lead) for lead in leads)]


def _punished(found: Sequence[Happening]) -> list[Happening]:
    """Trouble close to the flag and the penalty of who was close by then as one."""
    kept = list(found)
    for one in found:
        punished = one.facts.get("penalised")
        penalty = next(
            (each for each in found if each.kind == "penalty" and each.cars[0] == punished), None
        )
        if penalty is not None and penalty.lap - one.lap <= JUST_BEFORE_FLAG:
            to = {"road": penalty.facts["road"], "official": penalty.facts["now"]}
            told = replace(
                one, cars=(*one.cars, penalty.cars[0]), after=penalty.after, facts=one.facts | to
            )
            kept = [told if each is one else each for each in kept if each is not penalty]
    return kept


def is_told_by_a_fight(row: dict[str, Any], rows: Sequence[dict[str, Any]]) -> bool:
    """Whether what a restart changed was a pass on its lap, which is told instead."""
    return row["kind"] == "restart" and any(
        other["kind"] in (*FIGHTS, *TROUBLES)
        and other["evidence"] == row["evidence"]
        and other["weight"] >= MOST_OF_IT * row["weight"]
        for other in rows
    )


def says_the_same(row: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether a moment is told by a heavier one: on the same laps, to the same cars."""
    one, told = row["happening"], other["happening"]
    overlap = one.lap <= told.last_lap and told.lap <= one.last_lap
    if "lead change" in (one.kind, told.kind) and {one.kind, told.kind} & set(TROUBLES):
        lead, out = (one, told) if one.kind == "lead change" else (told, one)
        return _is_its_trouble(lead, out)
    if one.kind in APART or not overlap:
        return False
    mine, its = set(row["drivers"].split()), set(other["drivers"].split())
    if not mine & its:
        return False
    if row["evidence"] == other["evidence"] and "restart" in (one.kind, told.kind):
        return True  # what happened on the lap of a restart, and the restart
    if one.kind in OF_ALL and told.kind in OF_ALL:
        return row["drivers"].split()[-1] in its or row["drivers"].split()[0] in its
    if one.kind == told.kind == "pass" and one.lap == told.lap and one.cars[:-1] == told.cars[:-1]:
        return True  # the same cars passed several
    fights = one.kind in FIGHTS and told.kind in FIGHTS
    shorter = one.last_lap - one.lap <= told.last_lap - told.lap
    return mine <= its and (one.kind == told.kind or (fights and (one.lap == told.lap or shorter)))


def _is_of_trouble(one: Happening, found: Sequence[Happening]) -> bool:
    """Whether a car was passed, or stopped for long, because it was in the trouble of a lap."""
    into_the_pits = one.kind == "slow stop" or "in_lap" in one.facts
    if one.kind not in ("pass", "re-pass") and not into_the_pits:
        return False
    laps = (one.lap, one.lap - 1) if into_the_pits else (one.lap,)
    return any(
        other is not one
        and other.kind in TROUBLES
        and other.lap in laps
        and one.cars[-1] in other.cars
        for other in found
    )


def _with_its_trouble(lead: Happening, found: Sequence[Happening]) -> Happening:
    """A lead lost by trouble, until that was over, and with why its car dropped out."""
    if lead.kind != "lead change" or lead.facts["cause"] not in LOST:
        return lead
    for other in found:
        if other.kind in TROUBLES and _is_its_trouble(lead, other):
            gone: Any = other.facts["gone"]
            why = {"why": gone.get(lead.cars[1], "")}
            return replace(lead, after=max(lead.after, other.after), facts={**lead.facts, **why})
    return lead


def _is_its_trouble(lead: Happening, out: Happening) -> bool:
    """Whether what one car met with is what lost it the lead."""
    near = abs(out.lap - lead.lap) <= LEAD_LOST_WITHIN
    return lead.facts["cause"] in LOST and near and set(out.cars) <= set(lead.cars)


def _cuts_joined(found: Sequence[Happening]) -> list[Happening]:
    """Undercuts of one car by several, or overcuts, as one: it stopped but once.

    Of its cars the first ``gainers`` gained, the others lost.
    """
    joined: list[Happening] = []
    rest: list[Happening] = []
    for one in found:
        if one.kind not in CUTS:
            rest.append(one)
            continue
        same = next((other for other in joined if _of_one_stop(one, other)), None)
        if same is None:
            joined.append(one)
            continue
        joined.remove(same)
        first, second = sorted((same, one), key=_position)
        won = (*first.cars[: gainers(first)], *second.cars[: gainers(second)])
        lost = [car for each in (first, second) for car in each.cars[gainers(each) :]]
        joined.append(
            replace(
                first,
                cars=(*won, *dict.fromkeys(car for car in lost if car not in won)),
                facts={**first.facts, "gainers": len(won)},
                before=min(first.before, second.before),
                after=max(first.after, second.after),
                lap=min(first.lap, second.lap),
                last_lap=max(first.last_lap, second.last_lap),
            )
        )
    return sorted([*rest, *joined], key=lambda one: (one.lap, one.before))


def _of_one_stop(one: Happening, other: Happening) -> bool:
    """Whether cars got ahead by the stop of one car; of an overcut perhaps of one more by then."""
    (won, lost), (others_won, others_lost) = (
        ({*each.cars[: gainers(each)]}, {*each.cars[gainers(each) :]}) for each in (one, other)
    )
    if one.kind != other.kind or won & others_won or not lost & others_lost:
        return False
    if lost == others_lost:
        return one.facts["loser_lap"] == other.facts["loser_lap"]
    return one.kind == "overcut" and abs(one.last_lap - other.last_lap) <= ONE_STOP_LAPS


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
