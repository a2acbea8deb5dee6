"""How little a process that follows a race needs: one thread, and no memory that is free."""

from __future__ import annotations

import ctypes
import os
from contextlib import suppress

C_LIBRARY = "libc.so.6"
THREADS = "POLARS_MAX_THREADS"  # in the environment, read before the first table is made


def with_one_thread() -> dict[str, str]:
    """The environment, with one thread for tables where nobody asked for another number.

    They are small: it takes a fifth less of a processor.
    """
    return {THREADS: "1", **os.environ}


def give_back() -> None:
    """Give memory that is free back to the system, where the library that keeps it for later can.

    Over hours it would keep, of every look at a race that grows, a little more than of the one
    before.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(C_LIBRARY).malloc_trim(0)
