"""From the track status of whole laps to intervals of time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHARE = 0.9  # of the laps under way; not all of them, since one car's record may be wrong


def intervals_from_laps(
    begun: NDArray[np.int64],
    ended: NDArray[np.int64],
    flagged: NDArray[np.bool_],
    *,
    while_nobody_laps: bool = False,
) -> list[tuple[int, int]]:
    """Intervals in which a state held that is known only by the laps on which it showed.

    A lap is flagged if the state held at any time between its beginning and its end. So a state
    holds at most where every lap under way is flagged; with the cars spread around the circuit
    that is exact to the time between two cars.

    Parameters
    ----------
    begun, ended
        Shape (laps,): time at which each lap began and ended, any unit.
    flagged
        Shape (laps,): whether the state showed on the lap.
    while_nobody_laps
        Whether the state, once it holds, goes on while no lap is under way, as a red flag does.

    Returns
    -------
    list of (from, to)
        In order, apart from one another.

    Examples
    --------
    >>> begun, ended = np.array([0, 10, 100, 110]), np.array([100, 110, 200, 210])
    >>> intervals_from_laps(begun, ended, np.array([False, True, True, True]))
    [(100, 210)]
    """
    times = np.unique(np.concatenate([begun, ended]))
    under_way = np.zeros(len(times), np.int64)
    under_flag = np.zeros(len(times), np.int64)
    for edges, step in ((begun, 1), (ended, -1)):
        at = np.searchsorted(times, edges)
        np.add.at(under_way, at, step)
        np.add.at(under_flag, at[flagged], step)
    under_way, under_flag = under_way.cumsum(), under_flag.cumsum()
    holds = (under_flag > 0) & (under_flag >= SHARE * under_way)
    if while_nobody_laps:
        last_lap_under_way = np.maximum.accumulate(
            np.where(under_way > 0, np.arange(len(times)), 0)
        )
        holds = holds[last_lap_under_way]
        holds[-1] = False
    edge = np.diff(holds.astype(np.int8), prepend=0, append=0)
    return [
        (int(times[a]), int(times[b]))
        for a, b in zip(np.flatnonzero(edge == 1), np.flatnonzero(edge == -1), strict=True)
    ]
