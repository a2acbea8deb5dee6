"""How much of the machine a question that anybody can type may take."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_BYTES = 4_000_000_000  # beyond what the process has taken before


@contextmanager
def limited_memory(most: int = MOST_BYTES) -> Iterator[None]:
    """Let the process take so many bytes more at most, where the system can be told so.

    What asks for more fails at once, before the machine begins to swap.
    """
    try:
        import resource

        taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        before = resource.getrlimit(resource.RLIMIT_AS)
        allowed = taken + most
        if resource.RLIM_INFINITY != before[1] < allowed:
            allowed = before[1]
        resource.setrlimit(resource.RLIMIT_AS, (allowed, before[1]))
    except (ImportError, OSError, ValueError):
        yield
        return
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)
