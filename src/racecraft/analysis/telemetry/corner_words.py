"""At which corner did a driver lose time, or gain it, and how does it show?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from racecraft.analysis.order.gaps import car_of
from racecraft.analysis.telemetry.corners import (
    MEASURES,
    has_corners,
    markers_of,
    passed,
    told_of,
    usual_of,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from racecraft.model.race import Race

# A speed or a place that is not usual: this far off, and this many of the deviations that the
# driver's other laps show, which are no smaller than what some four samples a second resolve. On
# made laps, thirty of a driver who varies by 2 km/h and 6 m, a throttle opened 25 m late is named
# four times in five, and a third of a lap like the others names a corner one time in seven
# (benchmarks/telemetry.py).
UNUSUAL = 2.5
LEAST = {"kmh": 3.0, "m": 15.0}
FINEST = {"kmh": 1.5, "m": 7.5}

# Where it is looked for: who loses time loses it in a corner, who gains it gains it on a straight
# first, in the tow of the car ahead.
LOST_BY = (("exit_kmh", "slowest_kmh"), ("top_kmh",))
GAINED_BY = (("top_kmh",), ("exit_kmh", "slowest_kmh"))
WHERE = {
    "exit_kmh": "out of Turn {}",
    "slowest_kmh": "in Turn {}",
    "top_kmh": "at the end of the straight before Turn {}",
}


def corner_words(race: Race, driver: str, lap: int, begin: float, end: float, *, lost: bool) -> str:
    """How a loss or gain between two times on a lap shows at a corner, after the driver's name.

    Empty where there is no telemetry, or nothing in it is unusual. Times in microseconds since
    lights out.
    """
    if not has_corners(race):
        return ""
    when = passed(race)[lap - 1, :, car_of(race, driver)]
    here = np.flatnonzero((when > begin) & (when <= end))
    if not len(here):
        return ""
    off, sureness = _unusual(race, driver, lap)
    names, _ = markers_of(race)
    for measures in LOST_BY if lost else GAINED_BY:
        columns = [MEASURES.index(name) for name in measures]
        sign = -1 if lost else 1
        sure = np.nan_to_num(sign * sureness[here][:, columns])
        row, column = np.unravel_index(sure.argmax(), sure.shape)
        if sure[row, column] > 0:
            corner, measure = int(here[row]), measures[column]
            return _words(names[corner], measure, off[corner], sureness[corner])
    return ""


def _words(
    corner: str, measure: str, off: NDArray[np.float64], sureness: NDArray[np.float64]
) -> str:
    speed = off[MEASURES.index(measure)]
    than = "faster" if speed > 0 else "slower"
    parts = [f"was {abs(speed):.0f} km/h {than} {WHERE[measure].format(corner)} than usual"]
    for name, words in (("braking_m", "braked {:.0f} m {}"),
                        ("full_throttle_m", "was on full throttle {:.0f} m {}")):  # fmt: skip
        place = off[MEASURES.index(name)] * (-1 if name == "braking_m" else 1)
        if sureness[MEASURES.index(name)] and measure != "top_kmh":
            parts.append(words.format(abs(place), "later" if place > 0 else "earlier"))
    return " and ".join(parts)


def _unusual(race: Race, driver: str, lap: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How far each measure of a lap is off the usual, and in deviations; zero where that is little.

    Both of shape (corners, measures).
    """
    usual, spread = usual_of(race, driver, lap)
    off = told_of(race, driver)[lap - 1, :, : len(MEASURES)] - usual
    units = [name.rsplit("_", 1)[1] for name in MEASURES]
    least, finest = (np.array([limit[unit] for unit in units]) for limit in (LEAST, FINEST))
    sureness = off / np.maximum(spread, finest)
    little = (np.abs(off) < least) | ~(np.abs(sureness) >= UNUSUAL)
    return off, np.where(little, 0.0, sureness)
