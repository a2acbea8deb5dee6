"""The number from which chance begins."""

from __future__ import annotations

from racecraft.errors import ArgumentError

HINT = "any whole number: the same one gives the same runs"
BITS = 63


def check_seed(seed: int) -> None:
    """Refuse a seed that is none.

    Raises
    ------
    ArgumentError
        It is no whole number from 0 to 2**63.

    Examples
    --------
    >>> check_seed(-1)
    Traceback (most recent call last):
    ...
    racecraft.errors.ArgumentError: seed=-1; expected 0 or more
    hint: any whole number: the same one gives the same runs
    """
    try:
        whole = not isinstance(seed, bool) and int(seed) == seed
    except (TypeError, ValueError):
        whole = False
    if not whole or isinstance(seed, float):
        raise ArgumentError(f"seed={seed!r}; expected a whole number", hint=HINT)
    if seed < 0:
        raise ArgumentError(f"seed={seed}; expected 0 or more", hint=HINT)
    if seed >= 2**BITS:
        raise ArgumentError(f"seed={seed}; expected less than 2**{BITS}", hint=HINT)
