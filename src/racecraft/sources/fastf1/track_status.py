"""From the track status, of whole laps or as it changed, to intervals of time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from racecraft.model.terms import State

SHARE = 0.9  # of the laps under way; not all of them, since one car's record may be wrong

# Codes of the official track status; any other, such as 1, means clear.
STATUS: dict[str, State] = {"2": "yellow", "4": "SC", "5": "red", "6": "VSC", "7": "VSC"}


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


def intervals_from_changes(
    changes: Iterable[tuple[timedelta, str]],
) -> list[tuple[timedelta, timedelta | None, State]]:
    """Intervals in which each state held, from the changes of the official track status.

    A virtual safety car that is ending still holds. What began before lights out begins there.

    Parameters
    ----------
    changes
        Time since lights out, and code: 1 clear, 2 yellow, 4 SC, 5 red, 6 VSC, 7 VSC ending.

    Returns
    -------
    list of (from, to, state)
        In order; ``to`` is None where the state held until the end.

    Examples
    --------
    >>> at = [timedelta(seconds=s) for s in (10, 40, 50, 70)]
    >>> intervals_from_changes(zip(at, ["6", "7", "1", "5"]))
    ... # doctest: +NORMALIZE_WHITESPACE
    [(datetime.timedelta(seconds=10), datetime.timedelta(seconds=50), 'VSC'),
     (datetime.timedelta(seconds=70), None, 'red')]
    """
    found: list[tuple[timedelta, timedelta | None, State]] = []
    since, held = timedelta(0), None
    for time, code in sorted(changes):
        state = STATUS.get(code)
        if state == held:
            continue
        if held is not None and time > since:
            found.append((since, time, held))
        since, held = max(time, timedelta(0)), state
    if held is not None:
        found.append((since, None, held))
    return found
