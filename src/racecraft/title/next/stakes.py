"""What must happen next: which results of the next event decide a place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from racecraft.title.next.margins import MARGINS, duel, margins, margins_of
from racecraft.title.next.outcome_grid import CELLS, cells
from racecraft.title.proof.bounds import can_pass, passed_by
from racecraft.title.proof.remaining import NEWCOMER, Contest, best_place, nothing_but_wins, played
from racecraft.title.words import listed, place_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from racecraft.title.next.margins import Duel
    from racecraft.title.words import Names

MOST_RIVALS = 6  # in the tables and the sentence; of more, nothing can be said in short


@dataclass(frozen=True, eq=False, kw_only=True)
class Next:
    """What the next event can decide.

    Attributes
    ----------
    round, event
        Which one it is.
    session
        Its first session still to come: a sprint comes before the race.
    can_secure
        The place can be secured at the event, which is proven.
    can_lose
        It can be put out of reach there.
    cells
        ``CELLS``: for every session to come of the event and every rival who matters, what each
        pair of places decides. Where several rivals matter, each row is about one of them and
        leaves the others every place that is free. Empty for teams, which have two places each.
    margins
        ``MARGINS``: by how much each rival may outscore the one asked for at the event, and not be
        able to pass any more. Empty where dropped results make it a question of places.
    sentence
        The shortest one that says it.
    """

    round: int
    event: str
    session: str
    can_secure: bool
    can_lose: bool
    cells: pl.DataFrame
    margins: pl.DataFrame
    sentence: str


def next_event(rest: Contest, position: int, names: Names) -> Next:
    """What the next event can decide about a place.

    Parameters
    ----------
    rest
        What is left, around the driver or team asked for.
    position
        The place.
    names
        For the sentence.
    """
    first = rest.books.sessions[rest.open[0].at]
    sessions = sum(rest.books.sessions[one.at].round == first.round for one in rest.open)
    can_secure = _can_secure(rest, position, sessions)
    hunters = _hunters(rest, position, sessions)
    duels = _duels(rest, sessions) if can_secure else []
    held = [one for one in duels if one.kept is not None]
    told = _Told(rest, position, names, first.name)
    if not can_secure:
        sentence = told.not_yet(lost=bool(hunters))
    elif not duels or position - (len(duels) - len(held)) != 1 or not all(d.clear for d in duels):
        sentence = told.maybe()
    else:
        early = sessions > 1 and _can_secure(rest, position, 1)
        sentence = told.if_(held, _duels(rest, 1) if early else [])
    return Next(
        round=first.round,
        event=first.name,
        session=first.session,
        can_secure=can_secure,
        can_lose=bool(hunters),
        cells=_cells(rest, position, sessions, [one.rival for one in held], hunters, can_secure),
        margins=margins(held, rest.books.names) if duels else MARGINS.rows([]),
        sentence=sentence,
    )


def _can_secure(rest: Contest, position: int, sessions: int) -> bool:
    return not passed_by(_after(rest, rest.target, sessions), position).possible


def _after(rest: Contest, winner: int, sessions: int) -> Contest:
    """Return what is left if the next sessions are all one's, and nobody else scores."""
    endings = nothing_but_wins(replace(rest, open=rest.open[:sessions]), winner)
    books = played(rest.books, rest.open, endings)
    return replace(rest, books=books, open=rest.open[sessions:])


def _hunters(rest: Contest, position: int, sessions: int) -> list[int]:
    """Rivals who put the place out of reach if the next sessions are theirs."""
    if best_place(rest) > position:
        return []
    return [i for i in rest.rivals if best_place(_after(rest, i, sessions)) > position]


def _duels(rest: Contest, sessions: int) -> list[Duel]:
    """Duels with all who are ahead, or may be in the end; none where they are too many to tell."""
    rivals = [i for i in rest.rivals if can_pass(rest, i)]
    if len(rivals) > MOST_RIVALS or any(rest.books.names[i].startswith(NEWCOMER) for i in rivals):
        return []
    return [duel(rest, i, sessions) for i in rivals]


def _cells(
    rest: Contest,
    position: int,
    sessions: int,
    held: Sequence[int],
    hunters: Sequence[int],
    at_event: bool,
) -> pl.DataFrame:
    """``CELLS`` for every session of the event that can decide something.

    Where anybody who wins puts the place out of reach, they are about those to be held off. What
    can be secured at the event is known; of two sessions each is asked about.
    """
    matter = list(dict.fromkeys([*held, *hunters]))
    if len(matter) > MOST_RIVALS:
        matter = list(held)
    if rest.books.kind != "drivers" or not 0 < len(matter) <= MOST_RIVALS:
        return CELLS.rows([])
    rows = []
    for number in range(sessions):
        alone = replace(
            rest, open=(rest.open[number], *rest.open[:number], *rest.open[number + 1 :])
        )
        can_secure = at_event and (sessions == 1 or _can_secure(alone, position, 1))
        can_lose = bool(hunters) and (sessions == 1 or bool(_hunters(alone, position, 1)))
        sprint = sorted(margins_of(rest.open[0])) if number else ()
        if can_secure or can_lose or number:
            for rival in matter:
                rows += cells(
                    rest,
                    number,
                    position,
                    rival,
                    can_secure=can_secure,
                    can_lose=can_lose,
                    sprint_margins=sprint,
                )
    return CELLS.rows(rows)


@dataclass(frozen=True)
class _Told:
    """Sentences about a place at an event."""

    rest: Contest
    position: int
    names: Names
    event: str

    def not_yet(self, *, lost: bool) -> str:
        """Nothing can be secured."""
        tail = " but can lose all chance of it." if lost else "."
        return f"{self._start('cannot secure')}{tail}"

    def maybe(self) -> str:
        """It can be secured, in more ways than a sentence says."""
        return f"{self._start('can secure')}."

    def if_(self, duels: Sequence[Duel], sprint: Sequence[Duel]) -> str:
        """What must happen against every rival, at the event and, if it can be, in its sprint."""
        told = self._start("secures") + self._conditions(duels)
        held = [one for one in sprint if one.kept is not None]
        settled = len(sprint) - len(held)
        if sprint and self.position - settled == 1 and all(one.clear for one in sprint):
            told += f"; in its sprint already{self._conditions(held)}"
        return f"{told}."

    @property
    def who(self) -> str:
        return self.names.short(self.rest.books.names[self.rest.target])

    def _start(self, verb: str) -> str:
        return f"{self.who} {verb} {place_words(self.position)} in the {self.event}"

    def _conditions(self, duels: Sequence[Duel]) -> str:
        """What must happen against every rival, so that none of them can end up ahead."""
        he, him = ("he", "him") if self.rest.books.kind == "drivers" else ("it", "it")
        needs, unless = [], []
        for one in duels:
            kept, level, sure = one.kept, one.level, one.sure
            if kept is None or (level is None and sure is None):
                continue
            name = self.names.short(self.rest.books.names[one.rival])
            least = min(abs(margin) for margin, _ in one.margins if margin)
            if kept > 0 or (kept == 0 and level is None and sure == least):
                unless.append(f"{name} outscores {him}{self._by(sure, level, least)}")
            elif kept == 0:
                needs.append(f"{name} does not outscore {him}")
            else:
                by = self._by(-kept, level and -level, least)
                needs.append(f"{he} outscores {name}{by}")
        told = f" if {listed(needs)}" if needs else ""
        if unless:
            told += f"{',' if needs else ''} unless {listed(unless, 'or')}"
        return told

    def _by(self, points: float | None, level: float | None, least: float) -> str:
        """By how many points one must be outscored, and what a tie does."""
        books = self.rest.books
        counted = " in points that count" if sum(books.best) < len(books.sessions) else ""
        if points is None:
            return f" by {level:g}{counted} with the better countback"
        if level is not None:
            return f" by {points:g} or more{counted} (or {level:g} with the better countback)"
        return counted if points <= least else f" by {points:g} or more{counted}"
