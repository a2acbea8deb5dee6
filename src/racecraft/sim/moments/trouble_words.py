"""Trouble in a sentence: who dropped out, fell back or collided, from where and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from racecraft.sim.moments.words import Told

    Car = Mapping[str, Any]


def trouble_words(told: Told) -> str:
    """Cars in trouble on a lap, or that did not start."""
    facts = told.facts
    each: Sequence[Car] = facts["each"]
    if facts["collided"]:
        return _collision(told, each)
    late = ""
    if facts["penalised"]:
        road, now = facts.get("road"), facts.get("official")
        pattern = "penalised_to" if road and now else "penalised"
        late = told.say(pattern, name=told.name(facts["penalised"]), road=road, now=now)
    when = _when(told, each)
    alike = _alike(each)
    if _from_the_grid(each):
        return _out_of_the_grid(told, each, when)
    if alike is not None:
        return f"{_struck(told, alike, [one['car'] for one in each], when)}{late}"
    if not any(_is_out(one) for one in each):
        cars = sorted(each, key=lambda one: one["was"] or 99)
        parts = [_fell(told, one, [one["car"]]) for one in cars]
        return f"{told.say('in_trouble', parts=parts, met='', when=when)}{late}"
    parts = [_struck(told, one, [one["car"]], "") for one in each]
    return f"{told.say('parts', parts=parts, when=when)}{late}"


def puncture_words(told: Told) -> str:
    """A car that had to stop for its trouble."""
    return told.say("puncture", told=trouble_words(told))


def _when(told: Told, each: Sequence[Car]) -> str:
    """The laps of it; nothing of cars that did not start."""
    if all(one["absent"] for one in each):
        return ""
    laps = _laps(told)
    return told.say("when_restart" if told.facts["restart"] else "when", laps=laps)


def _laps(told: Told) -> tuple[int, int]:
    """First and last lap of it: of one who dropped out within a lap, the one that was his last."""
    first, last = told.facts["lap"], told.facts["last_lap"]
    if last > first + 1:
        return first, last
    only = last if all(map(_is_out, told.facts["each"])) else first
    return only, only


def _alike(each: Sequence[Car]) -> Car | None:
    """What is to be told of all of them, where it is the same."""
    first, *rest = ({**one, "car": "", "now": _is_out(one) or one["now"]} for one in each)
    if any(one != first for one in rest) or (rest and not _is_out(first)):
        return None
    return each[0]


def _from_the_grid(each: Sequence[Car]) -> bool:
    """Whether several dropped out for one reason, of whom their places on the grid are known.

    That some had gone far enough to be classified is left to the result.
    """
    first, *rest = (
        {**one, "car": "", "grid": bool(one["grid"]), "classified": None} for one in each
    )
    return bool(rest) and bool(first["grid"]) and _is_out(first) and all(
        one == first for one in rest
    )  # fmt: skip


def _out_of_the_grid(told: Told, each: Sequence[Car], when: str) -> str:
    """Several that dropped out for one reason, each with his place on the grid."""
    first, *rest = each
    cars = [told.say("named_grid", name=told.name(first["car"]), grid=first["grid"])] + [
        told.say("named_grid_too", name=told.name(one["car"]), grid=one["grid"]) for one in rest
    ]
    why = told.say("why", why=told.book.status(first["gone"])) if first["gone"] else ""
    return told.say("absent" if first["absent"] else "gone", names=cars, why=why, when=when)


def _is_out(one: Car) -> bool:
    return one["gone"] is not None


def _struck(told: Told, one: Car, cars: Sequence[str], when: str) -> str:
    """Cars in trouble: that they dropped out, and why; or how far one fell."""
    names, grid, was = told.names(cars), one["grid"], one["was"]
    met = told.say("met", name=told.name(one["met"])) if one["met"] else ""
    if not _is_out(one):
        return told.say("in_trouble", parts=_fell(told, one, cars), met=met, when=when)
    why = told.say("why", why=told.book.status(one["gone"])) if one["gone"] else ""
    if one["absent"]:
        return told.say("absent_grid" if grid else "absent", names=names, grid=grid, why=why)
    if one["gone"].lower().startswith("fatal"):
        return told.say("killed", names=names, when=when)
    pattern = "gone_grid" if grid else "gone_pits" if one["pitted"] else "gone_from"
    if not (grid or one["pitted"] or was):
        pattern = "gone"
    text = told.say(pattern, names=names, grid=grid, place=was, why=why, when=when)
    place = one.get("classified")
    return f"{text}{told.say('classified', place=place)}" if place else text


def _fell(told: Told, one: Car, cars: Sequence[str]) -> str:
    """From where to where a car fell: of one that had just stopped no place says the former."""
    now = one["now"]
    if one["pitted"]:
        pattern = "fell_pits_to" if now else "fell_pits"
    elif one["was"]:
        pattern = "fell" if now else "lost_from"
    else:
        pattern = "fell_to" if now else "lost"
    return told.say(pattern, names=told.names(cars), was=one["was"], now=now)


def _collision(told: Told, each: Sequence[Car]) -> str:
    """Two that dropped out by a collision; where they were not close, that it only seems so."""
    parts = [
        told.say(
            "named_pits" if one["pitted"] else "named_from" if one["was"] else "named",
            name=told.name(one["car"]), place=one["was"],
        )
        for one in sorted(each, key=lambda one: one["was"] or 99)
    ]  # fmt: skip
    sure = "collided" if told.facts["close"] else "collided_seems"
    return told.say(sure, parts=parts, laps=_laps(told))
