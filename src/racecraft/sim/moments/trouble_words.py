"""Trouble in a sentence: who dropped out, fell back or collided, from where and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from racecraft.sim.moments.causes import collided
from racecraft.sim.moments.telling import laps_words, listed, met_words, place_or_first

if TYPE_CHECKING:
    from racecraft.sim.moments.telling import Told


def trouble_words(told: Told) -> str:
    """Cars in trouble on a lap, or that did not start."""
    gone: Any = told.one.facts["gone"]
    grid: Any = told.one.facts.get("grid", {})
    if collided(gone) and len(told.one.cars) == 2 and told.one.lap > 1 and not grid:
        return _collision(told)
    absent: Any = told.one.facts.get("absent", ())
    restart = " at the restart" if told.one.facts.get("restart") else ""
    when = "" if set(told.one.cars) <= set(absent) else f"{restart} on {laps_words(told.one)}"
    if not gone and len(told.one.cars) > 1:
        where: Any = told.one.facts["where"]
        cars = sorted(told.one.cars, key=lambda car: where.get(car) or 99)
        fell = listed([f"{told.name(car)}{_fell(told, car)}" for car in cars])
        return f"{fell} lost places in trouble{when}"
    parts = [_struck(told, car, grid.get(car)) for car in told.one.cars]
    alike = {
        part.removeprefix(told.name(car)) for car, part in zip(told.one.cars, parts, strict=True)
    }
    if len(parts) > 1 and len(alike) == 1:  # all of them the same
        parts = [f"{listed([told.name(car) for car in told.one.cars])}{alike.pop()}"]
    return f"{listed(parts)}{when}{_penalised_near(told)}"


def _fell(told: Told, car: str) -> str:
    """From where to where a car fell."""
    now: Any = told.one.facts["now"]
    return f"{_was(told, car)}{f' to {place_or_first(now[car])}' if now.get(car) else ''}"


def _struck(told: Told, car: str, grid: int | None) -> str:
    """One car in trouble: that it dropped out, and why; or how far it fell."""
    gone: Any = told.one.facts["gone"]
    absent: Any = told.one.facts.get("absent", ())
    slot = f", {place_or_first(grid)} on the grid," if grid else ""
    name, was = f"{told.name(car)}{slot}", "" if slot else _was(told, car)
    if car in gone:
        why = f" ({gone[car].lower()})" if gone[car] else ""
        what = "did not start" if car in absent else f"dropped out{was}"
        return f"{name} {what}{why}" if "," not in was else f"{name}{was} dropped out{why}"
    fell = _fell(told, car)
    comma = "," if fell and not fell.startswith(",") else ""
    return f"{name} lost places in trouble{comma}{fell}{met_words(told, car)}"


def _was(told: Told, car: str) -> str:
    """Where a car was before it met trouble: of one that had just stopped no place says that."""
    where: Any = told.one.facts["where"]
    pitted: Any = told.one.facts.get("pitted", ())
    if car in pitted:
        return ", just out of the pits,"
    return f" from {place_or_first(where[car])}" if where.get(car) else ""


def _penalised_near(told: Told) -> str:
    other = told.one.facts.get("penalised")
    if not other:
        return ""
    return f"; {told.name(str(other))}, close by then, was penalised after the flag"


def _collision(told: Told) -> str:
    """Two that dropped out by a collision; where they were not close, that it only seems so."""
    where: Any = told.one.facts["where"]
    cars = [
        f"{told.name(car)}{_was(told, car)}"
        for car in sorted(told.one.cars, key=lambda car: where.get(car) or 99)
    ]
    sure = "" if told.one.facts.get("close") else ", with each other as it seems,"
    return f"{listed(cars)} dropped out by a collision{sure} on {laps_words(told.one)}"
