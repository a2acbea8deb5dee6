"""Memory that is free, given back."""

from __future__ import annotations

import ctypes
from contextlib import suppress

C_LIBRARY = "libc.so.6"


def give_back() -> None:
    """Give memory that is free back to the system, where the library that keeps it for later can.

    Over hours it would keep, of every look at a race that grows, a little more than of the one
    before.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(C_LIBRARY).malloc_trim(0)
