"""What a safety car or a red flag changed: the same race without it, run by run."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from racecraft.errors import RacecraftError
from racecraft.sim.moments.causes import raced_beyond
from racecraft.sim.moments.facts import named, read, written
from racecraft.sim.moments.neutralisations import PERIODS
from racecraft.sim.moments.weights import struck_by
from racecraft.sim.moments.words import in_words
from racecraft.sim.moments.worth import CHANCE, whose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from racecraft.model.race import Race
    from racecraft.sim.lapwise.start_from import Simulated
    from racecraft.sim.moments.happening import Happening
    from racecraft.sim.moments.outlook import Outlook


class Without(NamedTuple):
    """A car's chance to win with it and without it, and the error of the difference."""

    car: str
    had: float
    otherwise: float
    error: float

    @property
    def change(self) -> float:
        """What it did to the chance."""
        return self.had - self.otherwise


def with_counterfactuals(
    race: Race,
    ready: Simulated,
    outlook: Outlook,
    table: pl.DataFrame,
    found: Sequence[Happening],
    *,
    runs: int,
    seed: int,
) -> pl.DataFrame:
    """``MOMENTS``, and of each neutralisation the chance to win without it, where it is defined.

    Two worlds from the lap before it came out, with the same seed: one is neutralised on the laps
    on which the race was, the other is green on them. The difference is what it changed, whatever
    happened afterwards. It is that of the car whose chance the sentence gives, and joins the
    sentence where both say the same of it. Who was out by its end, or in the trouble that it came
    for, has none: without the flag he would not have had his race back.
    """
    periods = {(one.kind, one.lap): one for one in found if one.kind in PERIODS}
    rows = []
    for row in table.iter_rows(named=True):
        one = periods.get((row["kind"], row["lap"]))
        if one is not None and not {"planned", "in_line"} & one.facts.keys():
            raced_on = raced_beyond(race, one.last_lap) - struck_by(one, found)
            all_of = _without(ready, one, raced_on, runs=runs, seed=seed)
            row |= _told(race, outlook, one, row, all_of)
        rows.append(row)
    return pl.DataFrame(rows, schema=table.schema)


def _without(
    ready: Simulated, one: Happening, raced_on: set[str], *, runs: int, seed: int
) -> dict[str, Without]:
    """By car: its chance with it and without; empty where the simulator cannot say."""
    from racecraft.sim.lapwise.changes import Flag
    from racecraft.sim.lapwise.what_if import twins_of

    state = PERIODS[one.kind]
    if one.lap < 2:
        return {}
    try:
        world = ready.world(one.lap - 1)
        with_it, without = (
            Flag(flag, one.lap, min(one.last_lap, world.laps)).apply(ready, world)
            for flag in (state, "green")
        )
        twins = twins_of(ready, without, with_it, runs=runs, seed=seed)
    except RacecraftError:
        return {}
    return {
        car: Without(car, twins.after.chance(car), twins.before.chance(car), change.error)
        for car in twins.before.cars
        if car in raced_on
        for change in [twins.change(car, "win")]
    }


def _told(
    race: Race,
    outlook: Outlook,
    one: Happening,
    row: dict[str, object],
    all_of: dict[str, Without],
) -> dict[str, object]:
    """Columns of the counterfactual, and the sentence, longer where it says the same."""
    if not all_of:
        return {}
    win = outlook.win[[one.before, one.after]]
    happened = {car: (float(a), float(b)) for car, a, b in zip(outlook.cars, *win, strict=True)}
    theirs = whose(one, str(row["drivers"]).split(), happened, CHANCE)
    if theirs is not None and theirs not in all_of:
        return {}
    swung = all_of[theirs] if theirs else max(all_of.values(), key=lambda each: abs(each.change))
    known: dict[str, object] = {
        "counterfactual": round(swung.change, 4),
        "counterfactual_car": swung.car,
        "counterfactual_error": round(swung.error, 4),
    }
    before, after = happened.get(swung.car, (0.0, 0.0))
    against = swung.change * (after - before) < 0
    if against or abs(swung.change) < max(CHANCE, 2 * swung.error):
        return known
    without = {
        "car": swung.car, "lap": one.lap - 1, "had": round(swung.had, 4),
        "otherwise": round(swung.otherwise, 4),
    }  # fmt: skip
    facts = named(race, {**read(str(row["facts"])), "without": without})
    return {**known, "sentence": in_words(facts), "facts": written(facts)}
