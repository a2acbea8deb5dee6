"""Three letters for every driver, also for those who raced before there were codes."""

from __future__ import annotations

from itertools import combinations, product
from string import ascii_lowercase
from typing import TYPE_CHECKING

from racecraft.model.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


def codes(
    drivers: Iterable[tuple[str, str | None, str, str | None]],
    known: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Code of each driver, unique among them.

    Official codes stand. The others are the first three letters of the family name or, where that
    is taken, its first with later letters of the whole name. The same drivers always get the same
    codes.

    Parameters
    ----------
    drivers
        Stable name, official code if there is one, family name, given name.
    known
        Codes that some of them have from elsewhere, by stable name; these stand.

    Examples
    --------
    >>> codes([("hill", None, "Hill", "Phil"), ("ghill", None, "Hill", "Graham")])
    {'ghill': 'HIL', 'hill': 'HIP'}
    """
    in_order = sorted(drivers, key=lambda driver: driver[0])
    given = {who: known[who] for who, *_ in in_order if known and who in known}
    taken = set(given.values())
    for driver, official, _, _ in in_order:
        if driver not in given and official is not None and official not in taken:
            given[driver] = official
            taken.add(official)
    for driver, _, family, first in in_order:
        if driver not in given:
            code = next(code for code in _candidates(family, first or "") if code not in taken)
            given[driver] = code
            taken.add(code)
    return given


def _candidates(family: str, first: str) -> Iterator[str]:
    """Codes for a name, the most telling first; all there are in the end."""
    letters = [letter for letter in fold(f"{family} {first}") if letter in ascii_lowercase]
    for rest in combinations(letters[1:], 2):
        yield (letters[0] + "".join(rest)).upper()
    for three in product(ascii_lowercase, repeat=3):
        yield "".join(three).upper()
