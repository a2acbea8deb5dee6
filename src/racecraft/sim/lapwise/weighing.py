"""What each run counts: those won by drivers and cars who are worth more than their laps say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from racecraft.sim.lapwise import columns as k

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from racecraft.sim.lapwise.prior import Known
    from racecraft.sim.lapwise.start_from import Simulated
    from racecraft.sim.lapwise.world import World

    Floats = NDArray[np.float64]

FEATURES = ("win_strength", "win_race_pace", "win_fresh")
NAMES = (*FEATURES, *(f"{name}_late" for name in FEATURES))


def weights(ready: Simulated, world: World, finish: NDArray[np.uint8]) -> Floats:
    r"""What each run counts, by who wins it; ``(runs,)`` with mean 1.

    Notes
    -----
    Exponential tilting: a run counts :math:`e^{x\beta}` with x the features of its winner. So the
    odds of winning move by the same factor, all else given who wins stays as it was driven, and
    all chances are still read off one array.
    """
    p = ready.parameters
    worth = features(ready.known, world) @ np.array([p.of(name) for name in NAMES])
    score = worth[finish.argmin(axis=1)]
    found = np.exp(score - score.max())
    return np.asarray(found / found.mean())


def features(known: Known, world: World) -> Floats:
    """Strength, race pace and freshness of tyres of every car, and how they change over a race.

    Shape ``(cars, 6)``: each against the mean of those that are running, tyres in tens of laps;
    then the same, from less to more as the race is done. Zero for cars that are out.
    """
    fresh = -world.states[:, k.AGE] / 10
    table = np.column_stack([known.standing, fresh])
    running = world.order
    found = np.zeros_like(table)
    if len(running):
        found[running] = table[running] - table[running].mean(axis=0)
    late = 2 * world.from_lap / world.laps - 1
    return np.concatenate([found, late * found], axis=1)
