"""From dry tyres to wet ones, or back: once some have changed, the others do."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from racecraft.sim.lapwise import columns as k
from racecraft.sim.lapwise.course import HARD, INTERMEDIATE, RED, UNKNOWN, WET
from racecraft.sim.lapwise.parameters import Figure
from racecraft.sim.lapwise.regress import logit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from racecraft.sim.lapwise.course import Course
    from racecraft.sim.lapwise.evidence import Evidence
    from racecraft.sim.lapwise.parameters import Parameters

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]

SINCE = 3  # laps, over which cars are seen to change
LEAST = 0.15  # of the cars, from which a change is under way
OPTIONS = 5  # compounds that may be fitted
NAMES = ("change", "change_to_dry", "change_by_share")
LITTLE_SURE = 0.5


class Crossover(NamedTuple):
    """A change of tyres that is under way.

    Attributes
    ----------
    to_dry
        From wet tyres to dry ones; else to wet ones.
    late
        Cars that have not changed, ``(cars,)``.
    share
        Of the cars, that have.
    fitted
        Shares of the compounds that those are on, ``(5,)``.
    """

    to_dry: bool
    late: Flags
    share: float
    fitted: Floats

    @property
    def features(self) -> Floats:
        """What the log-odds that a late car changes on a lap are made of, ``(3,)``."""
        return np.array([1.0, self.to_dry, self.share])


def under_way(run: Course, lap: int) -> Crossover | None:
    """The change that is under way after a lap; None where there is none, or all have changed."""
    if lap <= SINCE or lap >= run.laps or (run.state[lap - SINCE : lap] == RED).any():
        return None
    here = run.end[lap - 1] < np.nanmin(run.end[lap], initial=np.inf)
    before = run.tyre[lap - 1 - SINCE]
    now = np.where(run.stopped[lap - 1], run.tyre[lap], run.tyre[lap - 1])
    known = here & (before != UNKNOWN) & (now != UNKNOWN)
    was, wet = before > HARD, now > HARD
    more = int((known & wet).sum()) - int((known & was).sum())
    if not known.any() or abs(more) < LEAST * known.sum():
        return None
    late = known & (wet == (more < 0))
    if not late.any():
        return None
    fitted = np.bincount(now[known & ~late], minlength=OPTIONS)[:OPTIONS].astype(float)
    share = 1 - late.sum() / known.sum()
    return Crossover(more < 0, late, float(share), fitted / fitted.sum())


def changes(run: Course) -> Floats:
    """Every lap of a car that is late to change: `Crossover.features`, and whether it did."""
    rows = []
    for lap in range(SINCE + 1, run.laps - 1):
        found = under_way(run, lap)
        if found is not None:
            late = np.flatnonzero(found.late & ~np.isnan(run.end[lap]))
            did = run.stopped[lap, late] & ((run.tyre[lap + 1, late] <= HARD) == found.to_dry)
            rows += [(*found.features, changed) for changed in did]
    return np.array(rows, float).reshape(-1, len(NAMES) + 1)


def fit_changes(seen: Sequence[Evidence]) -> dict[str, Figure]:
    """Log-odds that a car changes on a lap once others have."""
    table = np.concatenate([one.changes for one in seen])
    line = logit(table[:, :-1], table[:, -1], np.full(len(NAMES), LITTLE_SURE))
    return {
        name: Figure(float(value), float(error), len(table))
        for name, value, error in zip(NAMES, line.coefficients, line.errors, strict=True)
    }


def followed(
    change: Crossover,
    p: Parameters,
    stop_by_age: Floats,
    next_tyre: Floats,
    speaks: float,
) -> tuple[Floats, Floats]:
    """Tables of stops and of the next compound in which late cars follow those that changed.

    Parameters
    ----------
    speaks
        What the laps left add to the table of stops.
    """
    odds = float(change.features @ [p.of(name) for name in NAMES])
    late = range(INTERMEDIATE, WET + 1) if change.to_dry else range(HARD + 1)
    stops, fits = stop_by_age.copy(), next_tyre.copy()
    for tyre in late:
        stops[:, tyre * k.AGES : (tyre + 1) * k.AGES] = (odds + k.LOGIT_RANGE) * k.LOGIT_STEPS
        stops[:, tyre * k.AGES : (tyre + 1) * k.AGES] -= speaks
        fits[:, tyre] = np.cumsum(change.fitted)
    return stops, fits
