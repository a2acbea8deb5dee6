"""Putting places in order: who has which in which of several sessions that are alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.title.contest import NOBODY, Ending
from racecraft.title.model import Model

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from racecraft.title.contest import Open


def arranged(
    group: Sequence[Open],
    had: Mapping[tuple[int, int], int],
    laps: Mapping[int, int],
    cars: int,
) -> list[Ending] | None:
    """Endings of sessions that are alike; None if the places cannot be put in any order.

    Parameters
    ----------
    group
        The sessions.
    had
        How often an entrant has a place, by entrant and place.
    laps
        How often an entrant has the fastest lap.
    cars
        Places that one entrant may have in one session.
    """
    if not any(had.values()) and not any(laps.values()):
        return []
    model = Model()
    sessions = range(len(group))
    when = {
        (i, p, s): model.variable(1) for (i, p), times in had.items() if times for s in sessions
    }
    lap_when = {(i, s): model.variable(1) for i, times in laps.items() if times for s in sessions}
    for i, p in {(i, p) for i, p, _ in when}:
        times = had[i, p]
        model.row([(when[i, p, s], 1.0) for s in sessions], least=times, most=times)
    for i in {i for i, _ in lap_when}:
        model.row([(lap_when[i, s], 1.0) for s in sessions], least=laps[i], most=laps[i])
    for s, one in enumerate(group):
        for place in {p for _, p, _ in when}:
            own = [(v, 1.0) for (_, p, t), v in when.items() if (p, t) == (place, s)]
            model.row(own, most=1)
        for who in {i for i, _, _ in when}:
            own = [(v, 1.0) for (i, _, t), v in when.items() if (i, t) == (who, s)]
            model.row(own, most=cars)
        model.row([(v, 1.0) for (_, t), v in lap_when.items() if t == s], most=1)
        for (i, t), v in lap_when.items():
            if t == s and one.lap_within is not None:
                in_time = [
                    (w, -1.0) for (j, p, r), w in when.items()
                    if (j, r) == (i, s) and p <= one.lap_within
                ]  # fmt: skip
                model.row([(v, 1.0), *in_time], most=0)
    values = model.solution()
    if values is None:
        return None
    return [
        Ending(
            at=one.at,
            places={p: i for (i, p, t), v in when.items() if t == s and values[v] > 1 / 2},
            fastest_lap=next(
                (i for (i, t), v in lap_when.items() if t == s and values[v] > 1 / 2), NOBODY
            ),
        )
        for s, one in enumerate(group)
    ]
