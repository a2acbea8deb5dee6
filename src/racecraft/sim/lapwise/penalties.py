"""Seconds that race control has given a car which it has yet to serve."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from racecraft.model.race import Race
    from racecraft.sim.lapwise.course import Course

    Floats = NDArray[np.float64]

_GIVEN = re.compile(r"\b(\d+) SECOND TIME PENALTY FOR CAR (\d+) \((\w+)\)")
_SERVED = "PENALTY SERVED"


def penalties_due(race: Race, run: Course, lap: int) -> Floats | None:
    """Seconds of penalties announced and not yet served after a lap of the leader, ``(cars,)``.

    A penalty is served by the next stop, or when race control says so. None where no message of
    race control is known, so that nobody knows what was announced.
    """
    if race.messages.is_empty():
        return None
    due = np.zeros(len(run.cars))
    now = np.nanmin(run.end[lap - 1], initial=np.inf) * 1e6 if lap else 0.0
    said = race.messages.filter(race.messages["time"].dt.total_microseconds() <= now)
    for time, text in said.sort("time")["time", "text"].iter_rows():
        given = _GIVEN.search(text or "")
        if given is None or given[3] not in run.cars:
            continue
        car = run.cars.index(given[3])
        if _SERVED in text:
            due[car] = max(due[car] - float(given[1]), 0.0)
        elif not (run.stopped[:lap, car] & (run.end[:lap, car] > time.total_seconds())).any():
            due[car] += float(given[1])
    return due
