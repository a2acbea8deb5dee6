"""What places are enough at the next event: first, whatever others do; third, if a rival ..."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from racecraft.title.words import finish_words, listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from racecraft.title.words import Names

AHEAD = -1  # in the place of a rival's place: he must be behind
NO_PLACE = 0  # in ``CELLS``: behind all who score
MOST_CLAUSES = 6  # that are worth reading; further down the grid says more than words


@dataclass(frozen=True)
class Enough:
    """Own places at an event that are enough, if rivals are no higher than some place.

    Attributes
    ----------
    places
        Consecutive places, the best first; 0 stands for a place without points.
    rivals
        By name, the best place that the rival may have: 0 where he may not score, -1 where he
        must be behind. Empty where the places are enough whatever others do.
    """

    places: tuple[int, ...]
    rivals: Mapping[str, int]


def enough(cells: pl.DataFrame) -> list[Enough]:
    """Own places that are enough, the best first, and what must hold of the rivals with each.

    Parameters
    ----------
    cells
        ``CELLS`` of one session. A place is enough if every rival is held off: each is for itself,
        so what must hold of all is what must hold of each.

    Returns
    -------
    list of Enough
        Empty where a rival may be higher but not lower, which no rule of this kind says.
    """
    found: list[tuple[int, dict[str, int]]] = []
    last = cells["position"].max()
    for (place,), own in cells.partition_by("position", as_dict=True, maintain_order=True).items():
        needed: dict[str, int] = {}
        for (rival,), rows in own.partition_by("rival", as_dict=True, maintain_order=True).items():
            held = rows["holds_off"].to_list()
            first = held.index(True) if True in held else len(held)
            if not all(held[first:]):
                return []
            if first == len(held):
                needed = {}
                break
            if first:
                least = rows["rival_position"][first]
                behind = NO_PLACE if place == last else int(place) + 1
                needed[str(rival)] = AHEAD if place and least == behind else least
        else:
            found.append((int(place), needed))
    return [Enough(tuple(place for place, _ in group), needed) for needed, group in _runs(found)]


def enough_words(found: Sequence[Enough], names: Names) -> str:
    """Places that are enough as a clause.

    >>> from racecraft.title.words import Names
    >>> told = [Enough((1, 2), {}), Enough((3,), {"WEB": 2})]
    >>> enough_words(told, Names({"WEB": "Webber"}))
    'first or second, whatever others do; third, if Webber does not win'
    """
    clauses = [
        f"{_places(one.places)}, {_needs(one.rivals, names)}" for one in found[:MOST_CLAUSES]
    ]
    if len(found) > MOST_CLAUSES:
        clauses.append("and lower, with more conditions")
    return "; ".join(clauses)


def _runs(
    found: Sequence[tuple[int, dict[str, int]]],
) -> list[tuple[dict[str, int], list[tuple[int, dict[str, int]]]]]:
    return [(needed, list(group)) for needed, group in groupby(found, key=lambda one: one[1])]


def _places(places: Sequence[int]) -> str:
    words = [finish_words(place) for place in places]
    if len(words) > 2:
        return f"{words[0]} to {words[-1]}" if places[-1] else f"{words[0]} or lower"
    return listed(words, "or")


def _needs(rivals: Mapping[str, int], names: Names) -> str:
    if not rivals:
        return "whatever others do"
    behind = [names.short(name) for name, place in rivals.items() if place == AHEAD]
    winless = [names.short(name) for name, place in rivals.items() if place == 2]
    needs = [
        _need(names.short(name), place) for name, place in rivals.items() if place not in (AHEAD, 2)
    ]
    if winless:
        needs.insert(0, f"neither {' nor '.join(winless)} wins" if len(winless) > 1 else
                     f"{winless[0]} does not win")  # fmt: skip
    if behind:
        needs.insert(0, f"ahead of {listed(behind)}")
    return f"if {listed(needs)}"


def _need(name: str, place: int) -> str:
    if place == NO_PLACE:
        return f"{name} does not score"
    return f"{name} is {finish_words(place)} or lower"
