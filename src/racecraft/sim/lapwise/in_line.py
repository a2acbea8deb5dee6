"""A lap after a standing start, or under a flag, to be compiled: one car behind the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from numba import float32

from racecraft.sim.lapwise.step import step
from racecraft.sim.lapwise.steps import goes_ahead, stop

if TYPE_CHECKING:
    import numpy as np

# isort: off
from racecraft.sim.lapwise.columns import (
    DOWN_AT, DRIVEN, FLAG, GAUSS, LANES, LAP_CATCH, LAP_SC, LAP_VSC, ON, ORDER, QUEUE,
    RESTART_SPREAD, SLOT, STANDING, START, START_SPREAD, STOPPING, TIME, UNLAPS, WORD,
)  # fmt: skip


@step
def in_line(
    lane: int, lap: int, laps: int, lap_s: np.float32, race: Any, cars: Any, normal: Any,
    next_tyre: Any, stop_s: Any, plan: Any, streams: Any, lanes: Any, reals: Any, wholes: Any,
    counts: Any,
) -> None:  # fmt: skip
    """Drive a lap after a standing start, or under a flag, in one lane."""
    on, standing = counts[ON + lane], counts[STANDING + lane] > 0
    flag, unlaps = counts[FLAG + lane], counts[UNLAPS + lane] > 0
    sharp = float32(1.0) if lap == 1 else race[RESTART_SPREAD]
    lead = float32(0.0)
    if flag == 3:  # the clock runs until the last car has closed up
        for k in range(on):
            i = k * LANES + lane
            down = float32(wholes[DOWN_AT + i])
            lead = max(lead, reals[TIME + i] - down * lap_s)
    for k in range(on):
        i = k * LANES + lane
        c = wholes[ORDER + i]
        own = c * LANES + lane
        if standing:
            start = cars[c, START] + cars[c, START_SPREAD] * reals[GAUSS + own]
            reals[DRIVEN + i] = reals[TIME + i] + lap_s + sharp * start
            while i > lane and reals[DRIVEN + i - LANES] > reals[DRIVEN + i]:
                goes_ahead(i, reals, wholes)
                i -= LANES
        else:
            reals[DRIVEN + i] = held_back(
                k, flag, unlaps, float32(wholes[DOWN_AT + i]) * lap_s, lap_s,
                reals[GAUSS + own], reals[TIME + i], reals[DRIVEN + max(i - LANES, lane)],
                reals[DRIVEN + lane], lead, race,
            )  # fmt: skip
        if wholes[WORD + own] & STOPPING > 0:
            stop(
                i, lane, lap, laps, race, normal, next_tyre, stop_s, plan, streams, lanes, reals,
                wholes, counts,
            )  # fmt: skip
    if standing and flag == 0:
        for k in range(1, on):
            i = k * LANES + lane
            reals[DRIVEN + i] = max(reals[DRIVEN + i], reals[DRIVEN + i - LANES] + float32(0.05))


@step
def held_back(
    k: int, flag: int, unlaps: bool, down_s: np.float32, lap_s: np.float32, gauss: np.float32,
    began: np.float32, ahead: np.float32, first: np.float32, lead: np.float32, race: Any,
) -> np.float32:  # fmt: skip
    """When the k-th car ends a lap under a flag."""
    at = float32(0.0)
    if flag == 1:
        at = began + lap_s * race[LAP_VSC] + float32(0.1) * gauss
        at = max(at, ahead + float32(0.2)) if k > 0 else at
    elif flag == 2 and k == 0:
        at = began + lap_s * race[LAP_SC]
    elif flag == 2:
        at = began + lap_s * race[LAP_CATCH] + float32(0.3) * gauss
        at = max(at, ahead + race[QUEUE])
        at = at if unlaps else max(at, first + down_s + float32(0.3) * float32(k))
    else:  # the race is stopped: one behind the other, in the order in which they came
        at = lead + lap_s + down_s + float32(k) * race[SLOT]
        at = max(at, ahead + race[SLOT]) if k > 0 else at
    return at
