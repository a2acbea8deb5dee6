"""Random numbers that depend on the run, the lap and the car alone, whatever else happens."""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import uint64

from racecraft.sim.lapwise.step import step

GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)
_FIRST: Final = np.uint64(0xBF58476D1CE4E5B9)
_SECOND: Final = np.uint64(0x94D049BB133111EB)
_30: Final = np.uint64(30)
_27: Final = np.uint64(27)
_31: Final = np.uint64(31)


@step
def mixed(x: np.uint64) -> np.uint64:
    """64 random bits for each counter.

    References
    ----------
    Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
    """
    x = uint64(x)
    x = (x ^ (x >> _30)) * _FIRST
    x = (x ^ (x >> _27)) * _SECOND
    return np.uint64(x ^ (x >> _31))


@step
def drawn(stream: np.uint64, lap: int, car: int, which: int) -> np.uint64:
    """64 random bits of a stream for a car on a lap; `which` is below 4, `car` below 64."""
    counter = uint64((lap * 64 + car) * 4 + which + 1)
    return mixed(uint64(stream) + counter * GOLDEN)
