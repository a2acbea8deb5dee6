"""The outline of a circuit for the replay: a lap driven, by where the car was at equal times."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from racecraft.analysis.order.timing import timing
from racecraft.analysis.telemetry.samples import samples_of

if TYPE_CHECKING:
    from racecraft.analysis.telemetry.samples import Samples
    from racecraft.model.race import Race

POINTS = 240  # of an outline
TRIED = 200  # laps, the fastest first
LONGEST_GAP_US = 2_000_000.0  # between two positions of the lap
CLOSES_M = 120.0  # between its first and its last point


def outline_of(race: Race) -> dict[str, list[float]] | None:
    """Outline of the circuit: the fastest lap whose positions are known from end to end.

    Returns
    -------
    dict
        `x` and `y` in metres, and `shares`: how much of the lap's time had passed at each point;
        None where no lap is known so.
    """
    at = timing(race)
    sent = {car: own for car, own in samples_of(race).items() if len(own.place_time) > POINTS // 4}
    columns = [i for i, car in enumerate(at.cars) if car in sent]
    if not columns:
        return None
    lap_time = (at.at_line - at.begun)[:, columns]
    order = np.argsort(np.where(np.isnan(lap_time), np.inf, lap_time), axis=None)
    for flat in order[:TRIED]:
        lap, which = divmod(int(flat), len(columns))
        car = columns[which]
        begin, end = at.begun[lap, car], at.at_line[lap, car]
        if lap and not np.isnan(end - begin) and (found := _lap(sent[at.cars[car]], begin, end)):
            return found
    return None


def _lap(own: Samples, begin: float, end: float) -> dict[str, list[float]] | None:
    """Where a car was on a lap; None where its positions have holes, or do not close."""
    inside = own.place_time[own.placed_in(begin, end)]
    gaps = np.diff(np.concatenate([[begin], inside, [end]]))
    if not len(inside) or gaps.max() > LONGEST_GAP_US:
        return None
    shares = np.linspace(0, 1, POINTS + 1)
    when = begin + shares * (end - begin)
    x, y = (np.interp(when, own.place_time, values) for values in (own.x_m, own.y_m))
    if np.hypot(x[-1] - x[0], y[-1] - y[0]) > CLOSES_M:
        return None
    x[-1], y[-1] = x[0], y[0]
    points: dict[str, Any] = {"x": x.round(1), "y": y.round(1), "shares": shares.round(5)}
    return {name: values.tolist() for name, values in points.items()}
