"""Which set of tyres was a car on, where the source lost count of them?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from racecraft.model.once import once_per
from racecraft.model.race import TYRES

if TYPE_CHECKING:
    import polars as pl

    from racecraft.model.race import Race

    Row = dict[str, Any]


@once_per
def tyre_sets(race: Race) -> pl.DataFrame:
    """Sets of tyres by the lap that they were fitted for, where the pit lane says another.

    A set is fitted in the pit lane. One that begins where its car was not there was first noticed
    then: it was fitted at the last visit that no set is told of, or was on the car from the start.

    Returns
    -------
    DataFrame
        ``TYRES``, in order of car and lap.
    """
    visits: dict[str, list[int]] = {}
    for car, lap in race.pit_visits.sort("lap")["car", "lap"].rows():
        visits.setdefault(car, []).append(lap)
    rows: list[Row] = []
    for (_,), sets in race.tyres.sort("car", "lap").group_by("car", maintain_order=True):
        been = visits.get(sets["car"][0], [])
        rows += _placed(sets.to_dicts(), been) if been else sets.to_dicts()
    return TYRES.rows(rows)


def _placed(sets: list[Row], visits: list[int]) -> list[Row]:
    """Sets of one car, each on the lap after a visit to the pit lane where one can be meant."""
    placed: list[Row] = []
    for one in sets:
        lap = one["lap"]
        begun = placed[-1]["lap"] if placed else 0
        unclaimed = [visit for visit in visits if begun <= visit < lap - 1]
        if lap - 1 in visits or lap in visits:
            placed.append(one)
        elif unclaimed:
            placed.append(_fitted_for(unclaimed[-1] + 1, one))
        else:
            placed.append(one if placed else _fitted_for(1, one))
    return placed


def _fitted_for(lap: int, one: Row) -> Row:
    """A set as it was on an earlier lap."""
    age = None if one["age"] is None else max(one["age"] - (one["lap"] - lap), 0)
    return one | {"lap": lap, "age": age}
