"""How a step of the compiled loop is compiled: by itself, and put into the loop by LLVM."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

from numba import njit

# Of the loop and of each of its steps.
HOW: Final[dict[str, Any]] = {
    "error_model": "numpy", "fastmath": {"nnan", "nsz", "contract"}, "nogil": True,
    "no_cpython_wrapper": True, "no_cfunc_wrapper": True, "_nrt": False,
}  # fmt: skip

_Step = TypeVar("_Step", bound=Callable[..., Any])


def step(function: _Step) -> _Step:
    """Compile a function that only the compiled loop calls."""
    compiled: _Step = njit(forceinline=True, **HOW)(function)
    return compiled
