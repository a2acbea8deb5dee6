"""By how much a rival must outscore somebody at the next event to stay in it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

import polars as pl

from racecraft.model.table import Column, Table
from racecraft.title.next.outcome_grid import cases, pairs_of_places
from racecraft.title.proof.bounds import at_best

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from racecraft.title.proof.remaining import Contest, Open

MARGINS = Table(
    "margins",
    key=("rival",),
    columns=(
        Column("rival", pl.String, "driver or team that can still pass"),
        Column(
            "held_off_with",
            pl.Float64,
            "most points by which it may outscore the one asked for at the event, sprint and race "
            "together, and not be able to pass any more; below zero: it must be outscored",
        ),
        Column("tie_with", pl.Float64, "margin that leaves it to countback; null: none does"),
        Column("passes_with", pl.Float64, "least margin with which it can still pass for sure"),
    ),
)


@dataclass(frozen=True)
class Duel:
    """What the margin at the next event decides between the target and one rival.

    A margin is what the rival scores more than the target, in points that count.

    Attributes
    ----------
    margins
        Every one there can be, in order, and whether the rival may still end up ahead with it:
        surely, never, or (None) depending on how the points were scored, by countback.
    """

    rival: int
    margins: tuple[tuple[float, bool | None], ...]

    @property
    def kept(self) -> float | None:
        """Largest margin with which he never can; None where there is none."""
        return max((margin for margin, may in self.margins if may is False), default=None)

    @property
    def sure(self) -> float | None:
        """Least margin with which he surely may; None where there is none."""
        return min((margin for margin, may in self.margins if may), default=None)

    @property
    def level(self) -> float | None:
        """Margin that leaves it to countback."""
        return next((margin for margin, may in self.margins if may is None), None)

    @property
    def clear(self) -> bool:
        """Whether larger margins are never worse for the rival, and at most one is a tie."""
        ranks = [{False: 0, None: 1, True: 2}[may] for _, may in self.margins]
        return ranks == sorted(ranks) and ranks.count(1) <= 1


def duel(rest: Contest, rival: int, sessions: int) -> Duel:
    """Margins at the next event, and what they decide against one rival.

    Parameters
    ----------
    rest
        What is left, around the driver or team asked for.
    rival
        The rival.
    sessions
        How many of the sessions to come belong to the event: 2 with the sprint.
    """
    passes: dict[float, set[bool | None]] = defaultdict(set)
    if rest.books.kind == "constructors" and not rest.books.best_car_only:
        decided = [replace(one, placed=frozenset({rest.target, rival})) for one in rest.open]
        after = replace(rest, open=(*decided[:sessions], *rest.open[sessions:]))
        short, _ = at_best(after, rival)
        for margin in _sums([team_margins(one, rest.books.cars) for one in rest.open[:sessions]]):
            passes[margin].add(None if margin == short else margin > short)
    else:
        earlier = _sums([margins_of(one) for one in rest.open[: sessions - 1]])
        for own, short, wins in _ends(rest, rival, sessions - 1):
            for before in earlier:
                tie = None if rest.books.best_car_only else wins
                passes[own + before].add(tie if before == short else before > short)
    return Duel(
        rival,
        tuple(
            (margin, answers.copy().pop() if len(answers) == 1 else None)
            for margin, answers in sorted(passes.items())
        ),
    )


def _ends(rest: Contest, rival: int, last: int) -> Iterable[tuple[float, float, bool]]:
    """Margin in the last session of the event, what the rival lacks then, and who wins a tie."""
    placed = [replace(one, placed=frozenset({rest.target, rival})) for one in rest.open[:last]]
    alone = replace(rest, open=(*placed, *rest.open[last:]))
    for mine, theirs in pairs_of_places(rest, last):
        for for_target in (True, False):
            for case in cases(alone, last, rival, mine, theirs, for_target=for_target):
                gained = case.books.totals - rest.books.totals
                margin = float(gained[rival] - gained[rest.target])
                yield (round(margin, 6), *at_best(case, rival))


def margins_of(one: Open) -> set[float]:
    """Points that one driver may score more than another in a race or sprint."""
    return team_margins(one, 1)


def team_margins(one: Open, cars: int) -> set[float]:
    """Points that one team may score more than another in a race or sprint."""
    worth = dict(zip(one.places, one.points, strict=True))
    kept = [taken for n in range(cars + 1) for taken in combinations(one.places, n)]
    scored = [(set(taken), sum(worth[place] for place in taken)) for taken in kept]
    laps = (-one.lap_points, 0.0, one.lap_points) if one.lap_points else (0.0,)
    apart = {
        theirs - mine for taken, theirs in scored for others, mine in scored if not taken & others
    }
    return {round(margin + lap, 6) for margin in apart for lap in laps}


def _sums(each: Sequence[Iterable[float]]) -> set[float]:
    found = {0.0}
    for margins in each:
        found = {round(before + margin, 6) for before in found for margin in margins}
    return found


def margins(duels: Sequence[Duel], names: Sequence[str]) -> pl.DataFrame:
    """Return ``MARGINS``: one row for each rival who can be held off."""
    rows: list[Mapping[str, object]] = [
        {
            "rival": names[one.rival],
            "held_off_with": one.kept,
            "tie_with": one.level,
            "passes_with": one.sure,
        }
        for one in duels
        if one.clear
    ]
    return MARGINS.rows(rows)
