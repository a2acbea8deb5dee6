"""What a safety car or a red flag changed: the same race without it, run by run."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from racecraft.errors import RacecraftError
from racecraft.sim.moments.happenings import PERIODS, neutralisations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from racecraft.model.race import Race
    from racecraft.sim.lapwise.start_from import Simulated
    from racecraft.sim.moments.happening import Happening


class Without(NamedTuple):
    """Of whom the chance to win changed most: with it, without it, and the error of the change."""

    car: str
    had: float
    otherwise: float
    error: float


def with_counterfactuals(
    race: Race, ready: Simulated, table: pl.DataFrame, *, runs: int, seed: int
) -> pl.DataFrame:
    """``MOMENTS``, and of each neutralisation the chance to win without it, where it is defined.

    Two worlds from the lap before it came out, with the same seed: one is neutralised on the laps
    on which the race was, the other is green on them. The difference is what it changed, whatever
    happened afterwards.
    """
    found = {(one.kind, one.lap): one for one in neutralisations(race) if one.kind in PERIODS}
    rows = []
    for row in table.iter_rows(named=True):
        one = found.get((row["kind"], row["lap"]))
        swung = _without(ready, one, runs=runs, seed=seed) if one is not None else None
        if swung is not None:
            row |= _told(race, row, swung)
        rows.append(row)
    return pl.DataFrame(rows, schema=table.schema)


def _without(ready: Simulated, one: Happening, *, runs: int, seed: int) -> Without | None:
    """Whose chance to win it changed most; None where the simulator cannot say."""
    from racecraft.sim.lapwise.changes import Flag
    from racecraft.sim.lapwise.what_if import twins_of

    state = PERIODS[one.kind]
    if one.lap < 2:
        return None
    try:
        world = ready.world(one.lap - 1)
        with_it, without = (
            Flag(flag, one.lap, min(one.last_lap, world.laps)).apply(ready, world)
            for flag in (state, "green")
        )
        twins = twins_of(ready, without, with_it, runs=runs, seed=seed)
    except RacecraftError:
        return None
    return _most(
        [
            Without(car, twins.after.chance(car), twins.before.chance(car), change.error)
            for car in twins.before.cars
            for change in [twins.change(car, "win")]
        ]
    )


def _most(all_of: Sequence[Without]) -> Without:
    return max(all_of, key=lambda one: abs(one.had - one.otherwise))


def _told(race: Race, row: dict[str, object], swung: Without) -> dict[str, object]:
    from racecraft.analysis.fights.explain import name_of

    change = swung.had - swung.otherwise
    told = {
        "counterfactual": round(change, 4),
        "counterfactual_car": swung.car,
        "counterfactual_error": round(swung.error, 4),
    }
    if abs(change) < max(0.03, 2 * swung.error):
        return told
    words = (
        f"Without it {name_of(race, swung.car)}'s chance to win would have been "
        f"{swung.otherwise:.0%}, not {swung.had:.0%}."
    )
    return {**told, "sentence": f"{row['sentence']} {words}"}
