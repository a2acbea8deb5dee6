"""Putting places in order: who has which in which of several sessions that are alike."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from racecraft.title.proof.milp import Model
from racecraft.title.proof.remaining import NOBODY, Ending
from racecraft.title.proof.stock import LAP

if TYPE_CHECKING:
    from collections.abc import Sequence

    from racecraft.title.proof.remaining import Open

HALF = 0.5  # above it, a variable of the model says yes


@dataclass
class Share:
    """What is to be had in sessions that are alike, and how often.

    Attributes
    ----------
    places
        By entrant and place.
    laps
        Fastest laps by entrant.
    both
        Places with the fastest lap of the same session, by entrant and place.
    """

    places: Counter[tuple[int, int]] = field(default_factory=Counter)
    laps: Counter[int] = field(default_factory=Counter)
    both: Counter[tuple[int, int]] = field(default_factory=Counter)

    def add(self, who: int, place: int, times: int) -> None:
        """Add a place; the fastest lap as 0, the two together as a place below 0."""
        if place > LAP:
            self.places[who, place] += times
        elif place == LAP:
            self.laps[who] += times
        else:
            self.both[who, -place] += times


def arranged(group: Sequence[Open], share: Share, *, cars: int) -> list[Ending] | None:
    """Endings of sessions that are alike; None if the places cannot be put in any order.

    Parameters
    ----------
    group
        The sessions.
    share
        What is to be had.
    cars
        Places that one entrant may have in one session.
    """
    if not share.places and not share.laps:
        return []
    model = Model()
    sessions = range(len(group))
    when = {(i, p, s): model.variable(1) for i, p in share.places for s in sessions}
    lap_when = {(i, s): model.variable(1) for i in share.laps for s in sessions}
    for (i, p), times in share.places.items():
        model.row([(when[i, p, s], 1.0) for s in sessions], least=times, most=times)
    for i, times in share.laps.items():
        model.row([(lap_when[i, s], 1.0) for s in sessions], least=times, most=times)
    for (i, p), times in share.both.items():
        both = [model.variable(1) for _ in sessions]
        for s, v in enumerate(both):
            model.row([(v, 1.0), (when[i, p, s], -1.0)], most=0)
            model.row([(v, 1.0), (lap_when[i, s], -1.0)], most=0)
        model.row([(v, 1.0) for v in both], least=times)
    for s, one in enumerate(group):
        for place in {p for _, p in share.places}:
            model.row([(when[i, p, s], 1.0) for i, p in share.places if p == place], most=1)
        for who in {i for i, _ in share.places}:
            model.row([(when[i, p, s], 1.0) for i, p in share.places if i == who], most=cars)
        model.row([(lap_when[i, s], 1.0) for i in share.laps], most=1)
        if one.lap_within is None:
            continue
        for who in share.laps:
            in_time = [
                (when[i, p, s], -1.0) for i, p in share.places if i == who and p <= one.lap_within
            ]
            model.row([(lap_when[who, s], 1.0), *in_time], most=0)
    values = model.solution()
    if values is None:
        return None
    return [
        Ending(
            at=one.at,
            places={p: i for i, p in share.places if values[when[i, p, s]] > HALF},
            fastest_lap=next((i for i in share.laps if values[lap_when[i, s]] > HALF), NOBODY),
        )
        for s, one in enumerate(group)
    ]
