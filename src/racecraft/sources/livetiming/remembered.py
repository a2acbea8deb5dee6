"""Messages that came before, by a number of each: hours of them in little room."""

from __future__ import annotations

from array import array
from bisect import bisect_left

PACKED = 5000  # of the latest, which are then sorted and packed: eight bytes each


class Remembered:
    """Numbers of 64 bits that were noted."""

    def __init__(self) -> None:
        self._latest: set[int] = set()
        self._packs: list[array[int]] = []

    def note(self, number: int) -> bool:
        """Note a number; False where it was noted before.

        >>> noted = Remembered()
        >>> noted.note(-7), noted.note(7), noted.note(-7)
        (True, True, False)
        """
        if number in self._latest or any(_holds(pack, number) for pack in self._packs):
            return False
        self._latest.add(number)
        if len(self._latest) >= PACKED:
            self._packs.append(array("q", sorted(self._latest)))
            self._latest = set()
        return True


def _holds(pack: array[int], number: int) -> bool:
    at = bisect_left(pack, number)
    return at < len(pack) and pack[at] == number
