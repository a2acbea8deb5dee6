"""What is worked out lap by lap, once: of a race under way most laps do not change any more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Result = TypeVar("Result")


class ByLap:
    """Results by lap, each good for as long as what it was made of stays equal."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int], tuple[object, Any]] = {}

    def __reduce__(self) -> tuple[object, ...]:
        """Empty where it goes: what was worked out here need not be sent."""
        return ByLap, ()

    def made(self, what: str, lap: int, given: object, make: Callable[[], Result]) -> Result:
        """Result of a function of what is given, as it was if that was the same.

        Parameters
        ----------
        what
            Name of the result.
        given
            All that it depends on.

        Examples
        --------
        >>> known = ByLap()
        >>> known.made("sum", 1, (2, 3), lambda: 5), known.made("sum", 1, (2, 3), lambda: 0)
        (5, 5)
        >>> known.made("sum", 1, (2, 4), lambda: 6)
        6
        """
        before = self._known.get((what, lap))
        if before is not None and before[0] == given:
            result: Result = before[1]
            return result
        result = make()
        self._known[what, lap] = given, result
        return result

    def same(self, what: str, lap: int, value: Result) -> Result:
        """The value as it was before if it is equal, so that it need not be compared again."""
        return self.made(what, lap, value, lambda: value)
