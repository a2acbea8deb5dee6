"""What must happen next: which results of the next race or sprint decide a place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from racecraft.model.table import Column, Table
from racecraft.title.contest import (
    NEWCOMER,
    NOBODY,
    Contest,
    Ending,
    best_place,
    nothing_but_wins,
    played,
)
from racecraft.title.passing import can_pass, passed_by
from racecraft.title.words import listed, place_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from racecraft.title.calendar import Session
    from racecraft.title.words import Names

NO_POINTS = 0  # finishing outside the points, or not at all
MOST_CHASERS = 8  # in what is solved to tell what can be decided next
MOST_RIVALS = 6  # in the table; with more of them, nothing is decided next

CELLS = Table(
    "cells",
    key=("rival", "position", "rival_position"),
    columns=(
        Column("rival", pl.String, "driver whose place matters as well"),
        Column("position", pl.Int16, "place of the driver asked for; 0: no points"),
        Column("rival_position", pl.Int16, "place of the rival; 0: no points"),
        Column(
            "secures",
            pl.Boolean,
            "the place is secured then, whatever else happens; null: "
            "too much else can happen to tell",
        ),
        Column("holds_off", pl.Boolean, "this rival cannot pass any more"),
        Column("out_of_reach", pl.Boolean, "the place cannot be reached any more"),
    ),
)


@dataclass(frozen=True, eq=False, kw_only=True)
class Next:
    """What the next race or sprint can decide.

    Attributes
    ----------
    round, event, session
        Which one it is.
    can_secure
        The place can be secured in it, which is proven.
    can_lose
        It can be put out of reach in it.
    cells
        ``CELLS``: for every rival who matters, what each pair of places decides. Where several
        do, each row is about one of them and leaves the others every place that is free. Empty
        for teams, which have two places each.
    sentence
        The shortest one that says it.
    """

    round: int
    event: str
    session: str
    can_secure: bool
    can_lose: bool
    cells: pl.DataFrame
    sentence: str


def next_session(rest: Contest, position: int, names: Names) -> Next:
    """What the next race or sprint can decide about a place.

    Parameters
    ----------
    rest
        What is left, around the driver or team asked for.
    position
        The place.
    names
        For the sentence.
    """
    session = rest.books.sessions[rest.open[0].at]
    best = passed_by(_after(rest, rest.target), position, most_chasers=MOST_CHASERS)
    can_secure = best.possible is False
    rivals = _contenders(rest) if can_secure else []
    hunters = _hunters(rest, position)
    who = names.short(rest.books.names[rest.target])
    told = f"{who} {{}} {place_words(position)} {_where(session)}"
    duels: list[Duel] = []
    if best.possible is None:
        sentence = f"Too many can still pass {who} to tell what comes next."
    elif not can_secure:
        sentence = told.format("cannot secure")
        sentence += " but can lose all chance of it." if hunters else "."
    elif len(rivals) > MOST_RIVALS or not _simple(rest, rivals):
        sentence = told.format("can secure") + "."
    else:
        duels = [_duel(rest, rival) for rival in rivals]
        settled = sum(duel.kept is None for duel in duels)
        if position - settled == 1:
            sentence = told.format("secures") + _conditions(rest, duels, names) + "."
        else:
            sentence = told.format("can secure") + "."
    cells = []
    matter = [*(d.rival for d in duels if d.kept is not None), *hunters]
    if rest.books.kind == "drivers" and len(matter) <= MOST_RIVALS:
        for rival in dict.fromkeys(matter):
            cells += _cells(
                rest,
                position,
                rival,
                can_secure=can_secure,
                can_lose=bool(hunters),
                most_chasers=MOST_CHASERS if len(matter) == 1 else 0,
            )
    return Next(
        round=session.round,
        event=session.name,
        session=session.session,
        can_secure=can_secure,
        can_lose=bool(hunters),
        cells=CELLS.rows(cells),
        sentence=sentence,
    )


def _where(session: Session) -> str:
    return f"in the {'sprint of the ' if session.session == 'sprint' else ''}{session.name}"


def _after(rest: Contest, winner: int) -> Contest:
    """Return what is left if the next session is all one driver's, and nobody else scores."""
    ending = nothing_but_wins(replace(rest, open=rest.open[:1]), winner)
    books = played(rest.books, rest.open, ending)
    return replace(rest, books=books, open=rest.open[1:])


def _contenders(rest: Contest) -> list[int]:
    """Rivals who are ahead, or may be in the end."""
    return [i for i in rest.rivals if can_pass(rest, i)]


def _simple(rest: Contest, rivals: Sequence[int]) -> bool:
    """Whether margins tell it all: one car each, every result counts, and everybody has a name."""
    books = rest.books
    return (
        books.kind == "drivers"
        and sum(books.best) >= len(books.sessions)
        and not any(books.names[i].startswith(NEWCOMER) for i in rivals)
    )


def _hunters(rest: Contest, position: int) -> list[int]:
    """Rivals who put the place out of reach if the next session is theirs."""
    if not _reachable(rest, position):
        return []
    return [i for i in rest.rivals if not _reachable(_after(rest, i), position)]


def _reachable(rest: Contest, position: int) -> bool:
    return best_place(rest) <= position


def _cells(
    rest: Contest, position: int, rival: int, *, can_secure: bool, can_lose: bool, most_chasers: int
) -> list[dict[str, object]]:
    """What each pair of places of the target and one rival decides."""
    places = (*rest.open[0].places, NO_POINTS)
    return [
        {
            "rival": rest.books.names[rival],
            "position": mine,
            "rival_position": theirs,
            "secures": can_secure
            and _secured_in_all(
                _cases(rest, rival, mine, theirs, for_target=False), position, most_chasers
            ),
            "holds_off": not any(
                can_pass(case, rival)
                for case in _cases(rest, rival, mine, theirs, for_target=False)
            ),
            "out_of_reach": can_lose
            and not any(
                _reachable(case, position)
                for case in _cases(rest, rival, mine, theirs, for_target=True)
            ),
        }
        for mine in places
        for theirs in places
        if mine != theirs or mine == NO_POINTS
    ]


def _secured_in_all(cases: Sequence[Contest], position: int, most_chasers: int) -> bool | None:
    """Whether the place is secured in all of some cases; None where it was not worth solving."""
    found = [passed_by(case, position, most_chasers=most_chasers).possible for case in cases]
    return False if True in found else None if None in found else True


def _cases(rest: Contest, rival: int, mine: int, theirs: int, *, for_target: bool) -> list[Contest]:
    """Return what is left if two have these places: with and without the fastest lap.

    For the target at his best he has it if he may; at his worst the rival may have it, or anybody
    else.
    """
    one = rest.open[0]
    placed = {
        place: who for place, who in ((mine, rest.target), (theirs, rival)) if place != NO_POINTS
    }
    holder = rest.target if for_target else rival
    his = mine if for_target else theirs
    may = bool(one.lap_points) and (
        one.lap_within is None or (his != NO_POINTS and his <= one.lap_within)
    )
    laps = [holder] if may and for_target else [NOBODY, *([holder] if may else [])]
    cases = []
    for lap in laps:
        books = played(rest.books, rest.open, [Ending(at=one.at, places=placed, fastest_lap=lap)])
        free = [
            (place, points)
            for place, points in zip(one.places, one.points, strict=True)
            if place not in placed
        ]
        partly = replace(
            one,
            places=tuple(place for place, _ in free),
            points=tuple(points for _, points in free),
            lap_points=one.lap_points if lap == NOBODY else 0.0,
            placed=frozenset({rest.target, rival}),
        )
        cases.append(Contest(books=books, open=(partly, *rest.open[1:]), target=rest.target))
    return cases


@dataclass(frozen=True)
class Duel:
    """What the margin in the next session decides between the target and one rival.

    A margin is what the rival scores more than the target.

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
    def sure(self) -> float:
        """Least margin with which he surely may."""
        return min(margin for margin, may in self.margins if may)

    @property
    def level(self) -> float | None:
        """Margin that leaves it to countback."""
        return next((margin for margin, may in self.margins if may is None), None)


def _duel(rest: Contest, rival: int) -> Duel:
    places = (*rest.open[0].places, NO_POINTS)
    passes: dict[float, set[bool]] = {}
    for mine in places:
        for theirs in places:
            if mine == theirs != NO_POINTS:
                continue
            for for_target in (True, False):
                for case in _cases(rest, rival, mine, theirs, for_target=for_target):
                    gained = case.books.totals - rest.books.totals
                    margin = round(float(gained[rival] - gained[rest.target]), 6)
                    passes.setdefault(margin, set()).add(can_pass(case, rival))
    return Duel(
        rival,
        tuple(
            (margin, None if len(answers) > 1 else answers.pop())
            for margin, answers in sorted(passes.items())
        ),
    )


def _conditions(rest: Contest, duels: Sequence[Duel], names: Names) -> str:
    """What must happen against every rival, so that none of them can end up ahead."""
    who = names.short(rest.books.names[rest.target])
    needs, unless = [], []
    for duel in duels:
        name, level, kept = names.short(rest.books.names[duel.rival]), duel.level, duel.kept
        if kept is None:
            continue
        steps = [abs(margin) for margin, _ in duel.margins if margin]
        if kept > 0 or (kept == 0 and level is None and duel.sure == min(steps)):
            by = _by(duel.sure, level, min(steps))
            unless.append(f"{name} outscores {who}{by}")
        elif kept == 0:
            needs.append(f"{name} does not outscore {who}")
        else:
            needs.append(f"{who} outscores {name}{_by(-kept, level and -level, min(steps))}")
    told = f" if {listed(needs)}" if needs else ""
    if unless:
        told += f"{',' if needs else ''} unless {listed(unless, 'or')}"
    return told


def _by(points: float, level: float | None, least: float) -> str:
    """By how many points one must be outscored, and what a tie does."""
    if level is not None:
        return f" by {points:g} or more (or {level:g} with the better countback)"
    return "" if points <= least else f" by {points:g} or more"
