"""What a place, a count or a number of points is about: race or grid, season or career, gap or sum.

"third" alone may be a place in the race, on the grid, in the standings or on a lap. The verb
next to it and the nouns of its clause tell; what they leave open is told by the clause before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press.lexicon.concepts import Concept, Kind
from racecraft.press.reading.counting import of_count
from racecraft.press.reading.in_standings import is_told_in_standings, tells_a_sum
from racecraft.press.reading.measures import (
    MOST_OF_A_RACE,
    STANDINGS,
    is_compared,
    of_measure,
    verb_beside,
)  # fmt: skip

if TYPE_CHECKING:
    from racecraft.press.reading.clauses import Clause
    from racecraft.press.reading.pieces import Piece

_RUNNING = (
    Concept.RUNNING, Concept.LED, Concept.BACK_FROM, Concept.FIRST_LAP,
    Concept.PENULTIMATE_LAP, Concept.PASS, Concept.PIT, Concept.RED_FLAG, Concept.SAFETY_CAR,
    Concept.TO_GO, Concept.TURN,
)  # fmt: skip
_FINISHING = (
    Concept.FINISH, Concept.TAKE, Concept.BE, Concept.COMPLETE_PODIUM, Concept.WIN,
    Concept.COMPLETE_TOP_FIVE, Concept.COMPLETE_TOP_SIX, Concept.COMPLETE_TOP_TEN, Concept.LOSE,
    Concept.FOLLOW,
)  # fmt: skip
_LABELS = {
    "qualifying": (Concept.QUALIFY,),
    "grid": (Concept.GRID, Concept.START),
    "standings": (Concept.STANDINGS, Concept.CHAMPIONSHIP),
    "finish": (Concept.FINISH, Concept.RACE),
}
# What a numbered list may be of that is no result of a race.
_NO_RESULT = (
    *STANDINGS, Concept.GRID, Concept.START, Concept.QUALIFY, Concept.SPRINT, Concept.LAP,
    Concept.POLE, Concept.POINTS, Concept.SEASON, Concept.TITLE,
)  # fmt: skip
_FIGHTS = (Concept.BATTLE, Concept.RACE, Concept.CHASE, Concept.ATTEMPT)
WORDS_THERE = 3  # a verb, a preposition and a venue
NEAR = 5  # pieces after a place that may tell what it is in


def tag(clause: Clause, before: Clause | None, session: str = "race") -> None:
    """Say of every rank, count and measure of a clause what it is about.

    ``session`` is what the article as a whole is about: a place in a report of qualifying is one
    in qualifying, if nothing says otherwise.
    """
    last = ""
    for i, piece in enumerate(clause.pieces):
        if piece.kind == "rank":
            piece.about = _in_row(clause, i) or _of_rank(clause, i, piece, before)
            if not piece.about and _may_be_a_finish(clause, i, piece):
                piece.about, piece.guessed = "finish", True
            named = _is_part_of_name(clause, i, piece)
            piece.plain = piece.about == "finish" and _is_a_result(clause, i)
            if session == "lap" and piece.about in ("finish", "running", ""):
                piece.about = session  # it is on a lap that a live report tells of
            in_session = session == "qualifying" and not piece.plain
            if in_session and (piece.about == "finish" or not (piece.about or named)):
                piece.about = session
        elif piece.kind in ("nth", "count"):
            piece.about = of_count(clause, i, piece)
        elif piece.kind == "measure":
            goes_on = piece.elided and last and not piece.listed and not is_compared(clause, i)
            goes_on = goes_on or (piece.elided and last == "race" and _may_be_of_it(piece))
            piece.about = last if goes_on else of_measure(clause, i, piece)
            piece.about = "total" if piece.whose and not goes_on else piece.about
            last = piece.about


def _may_be_of_it(piece: Piece) -> bool:
    """Whether points may be those of a race: "scored 15 points and Perez 12"."""
    return (piece.n or 0) <= MOST_OF_A_RACE


def _in_row(clause: Clause, i: int) -> str:
    """What a place in a row of places is in: as that of the item before it."""
    if clause.pieces[i].whose != "after":
        return ""
    if clause.pieces[i + 1].has(Concept.FOR):
        return ""
    before = [p for p in clause.pieces[:i] if p.kind == "rank" and p.whose == "after"]
    if clause.pieces[i].numbered and not before:
        spoken = (clause, clause.before) if clause.before else (clause,)
        other = any(each.has(*_NO_RESULT) for each in spoken)
        return "" if other else "finish"
    outside = clause.kind == "relative" and clause.has(Concept.START, Concept.QUALIFY)
    return before[-1].about if before else "finish" if outside else ""


def _of_rank(clause: Clause, i: int, piece: Piece, before: Clause | None) -> str:
    """What a place is in: by the words around it first, then by the verb beside it."""
    earlier = _word_before(clause, i)
    if plain := _labelled(clause, i, before) or _plainly(clause, i, piece, earlier, before):
        return plain
    placed = earlier is not None and piece.has(Concept.PLACE) and earlier.last + 1 == piece.first
    if earlier is not None and earlier.has(Concept.FROM) and (
        placed or not earlier.has(Concept.OF)
    ):  # fmt: skip
        if clause.has(Concept.BACK_FROM) and not clause.has(Concept.START, Concept.GRID):
            return "running"  # "dropped from third to seventh"
        sums = any((p.n or 0) > MOST_OF_A_RACE for p in clause.find("measure"))
        return "" if clause.has(*STANDINGS) else "earlier" if sums else "from"
    if any(p.has(Concept.SINCE) and not _from_a_place(clause, k)
           for k, p in enumerate(clause.pieces[1:i], 1)):  # fmt: skip
        return "earlier"  # "his worst since the eleventh place at Spa"
    if _is_part_of_name(clause, i, piece):
        return ""
    if is_told_in_standings(clause, i, before):
        return "standings"
    if not _follows(clause, i, *STANDINGS):
        if _is_with_somebody(clause, i):
            return "finish"
        if _is_apposed(clause, i) and any(p.kind == "rank" for p in clause.pieces[i + 1 :]):
            return "finish"
        if _at_a_venue(clause, i):
            return "qualifying" if clause.has(Concept.QUALIFY) else "finish"
        if not clause.has(*STANDINGS) or clause.has(Concept.WIN):
            return _by_verb(clause, i, earlier, before)
    return "standings"


def _from_a_place(clause: Clause, k: int) -> bool:
    """Whether a word that may be "since" says from which place: "dal quindicesimo al settimo"."""
    return clause.pieces[k].has(Concept.FROM) and clause.pieces[k + 1].kind == "rank"


def _labelled(clause: Clause, i: int, before: Clause | None) -> str:
    """What a place is in by the label before its colon: "Qualified: 5th. Finished: 1st"."""
    if i != 1 or clause.pieces[0].word != ":" or before is None:
        return ""
    label = before.pieces[-1]
    for about, concepts in _LABELS.items():
        if label.has(*concepts):
            return about
    return ""


def _is_a_restart(clause: Clause, i: int) -> bool:
    """Whether it is a start that is counted: "après le deuxième départ", "the second start"."""
    beside = clause.pieces[i - 1 : i + 2]
    if clause.pieces[i].has(Concept.PLACE) or any(p.has(Concept.GRID) for p in beside):
        return False  # "la huitième place sur la grille"
    return i > 0 and len(beside) > 2 and beside[0].has(Concept.THE) and beside[2].has(Concept.START)


def _plainly(
    clause: Clause, i: int, piece: Piece, earlier: Piece | None, before: Clause | None
) -> str:
    """What a place is in that the words right beside it tell, whatever else a clause speaks of."""
    if _is_a_restart(clause, i):
        return "restart"
    if earlier is not None and earlier.has(Concept.COMPARED):
        return "compared"  # "never finished higher than eighth"
    missed = earlier is not None and earlier.has(Concept.NEARLY)
    if missed or _is_fought_for(clause, i, earlier):
        return "fought for"
    if _is_lost(clause, i):
        return "lost"
    if _is_at_the_start(clause, i):
        return "running"
    if any(p.has(Concept.WINNER) for p in clause.pieces[i + 1 : i + 2]):
        return "winners"  # "the fifth winner in five races"
    if _is_a_result(clause, i) or _became(clause, i):
        return "finish"
    if clause.has(Concept.ALL_TIME_LIST):
        return "ranking"
    on_grid = piece.has(Concept.GRID) or _follows(clause, i, Concept.GRID)
    return "grid" if on_grid or _left_out_start(clause, earlier, before) else ""


def _became(clause: Clause, i: int) -> bool:
    """Whether a place was reached at a venue, and that before it: "wurde in Spa Zweiter"."""
    verb, at, place = clause.pieces[i - 3 : i] if i >= WORDS_THERE else (None, None, None)
    there = place is not None and place.kind == "venue" and at is not None and at.has(Concept.AT)
    became = verb is not None and verb.kind == "verb" and verb.has(Concept.BE, Concept.FINISH)
    return there and became


def _is_at_the_start(clause: Clause, i: int) -> bool:
    """Whether it is at the start that somebody came there: "climbed to third at the start"."""
    after = clause.pieces[i + 1 : i + 4]
    at = bool(after) and after[0].has(Concept.AT, Concept.ON)
    return at and Concept.CLIMB in clause.verbal and any(p.has(Concept.START) for p in after)


def _is_lost(clause: Clause, i: int) -> bool:
    """Whether a place is one that somebody lost to another: "lost sixth to Rosberg"."""
    before, after = clause.pieces[:i], clause.pieces[i + 1 : i + 3]
    verb = next((p for p in reversed(before) if p.kind == "verb"), None)
    to = len(after) > 1 and after[0].has(Concept.TO) and after[1].kind == "who"
    return to and verb is not None and verb.has(Concept.LOSE)


def _is_fought_for(clause: Clause, i: int, earlier: Piece | None) -> bool:
    """Whether a place is what a fight is for, and reached by nobody yet: "a battle for P3"."""
    if earlier is None or not earlier.has(Concept.FOUGHT_FOR, Concept.BATTLE):
        return False
    told = (*_FIGHTS, Concept.FINISH, Concept.TAKE, Concept.WIN)
    last = next((k for k in range(i - 1, -1, -1) if clause.pieces[k].has(*told)), None)
    if last is None or not clause.pieces[last].has(*_FIGHTS):
        return False
    return not any(p.has(Concept.TAKE) for p in clause.pieces[:last])  # "won the fight for third"


def _is_a_result(clause: Clause, i: int) -> bool:
    """Whether a place is called one of the race: "the P4 finish", "third in the race, he leads"."""
    after = [p for p in clause.pieces[i + 1 : i + 4] if not p.has(Concept.THE, Concept.A)]
    if not after:
        return False
    if after[0].has(Concept.AT_THE_FLAG):
        return True
    if after[0].kind == "noun" and after[0].has(Concept.FINISH):
        return True
    of_race = len(after) > 1 and after[0].has(Concept.OF, Concept.AT)
    verb = verb_beside(clause, clause.pieces[i])
    started = verb is not None and verb.has(Concept.START, Concept.QUALIFY, *_RUNNING)
    return of_race and not started and after[1].kind == "noun" and after[1].has(Concept.RACE)


def _is_with_somebody(clause: Clause, i: int) -> bool:
    """Whether a place is of somebody beside what the clause tells: "with Russell fourth, ..."."""
    who = clause.pieces[i - 1] if i else None
    later = any(p.kind == "rank" for p in clause.pieces[i + 1 :])
    return bool(
        later and who and who.kind == "who"
        and Concept.WITH in clause.governed.get(who.first, frozenset())
    ) and not clause.has(Concept.START, Concept.GRID, Concept.QUALIFY)  # fmt: skip


def _may_be_a_finish(clause: Clause, i: int, piece: Piece) -> bool:
    """Whether a place that nothing tells more of stands beside somebody: "Vettel, only sixth"."""
    if clause.has(*STANDINGS, *_RUNNING, Concept.QUALIFY, Concept.SPRINT, Concept.START):
        return False
    if _is_part_of_name(clause, i, piece):
        return False
    for p in reversed(clause.pieces[max(i - 4, 0) : i]):
        if p.kind == "who":
            return True
        small = p.has(Concept.ONLY, Concept.THE, Concept.A, Concept.AS, Concept.AT, Kind.HEDGE)
        if not (small or p.word == "," or p.kind == "word"):
            return False
    return False


def _left_out_start(clause: Clause, earlier: Piece | None, before: Clause | None) -> bool:
    """Whether somebody started there, with the verb left out: "..., Hamilton von Platz vier"."""
    return bool(
        earlier and earlier.has(Concept.FROM) and not clause.verbs
        and before and before.has(Concept.START)
    )  # fmt: skip


def _word_before(clause: Clause, i: int) -> Piece | None:
    """The piece before a place, past articles; "dalla" is one, and says from where."""
    k = i - 1
    while k >= 0 and clause.pieces[k].has(Concept.THE, Concept.A, Concept.HIS) and not (
        clause.pieces[k].has(Concept.FROM, Concept.TO)
    ):  # fmt: skip
        k -= 1
    return clause.pieces[k] if k >= 0 else None


def _is_apposed(clause: Clause, i: int) -> bool:
    """Whether a place stands after somebody and a comma: "Räikkönen, second that day, ..."."""
    pieces = clause.pieces
    return i > 1 and pieces[i - 1].word == "," and pieces[i - 2].kind == "who"


def _by_verb(clause: Clause, i: int, earlier: Piece | None, before: Clause | None) -> str:
    """What a place is in by the verb that it completes."""
    piece = clause.pieces[i]
    laps = [p for p in clause.find("lap") if not p.has(Concept.LAST_LAP)]
    running = clause.has(*_RUNNING) or bool(laps)
    if earlier is not None and earlier.has(Concept.TO) and not clause.has(*_RUNNING):
        another = any(p.kind == "rank" for p in clause.pieces[:i])
        return "finish" if another else _reached(clause, piece)
    verb = verb_beside(clause, piece)
    if verb is None:
        row = _about_row(clause, i)
        return row or _without_verb(clause, i, before)
    if verb.has(Concept.START) and not verb.has(Concept.FINISH):
        return "finish" if _is_reached_after(clause, verb, piece) else "grid"
    if verb.has(Concept.QUALIFY):
        return "qualifying"
    if running:
        return "running"
    if verb.has(*_FINISHING):
        return "finish" if not tells_a_sum(clause) else "standings"
    with_it = earlier is not None and earlier.has(Concept.WITH) and piece.has(Concept.PLACE)
    return "finish" if with_it or _is_apposed(clause, i) else ""


def _is_reached_after(clause: Clause, start: Piece, piece: Piece) -> bool:
    """Whether it is a second place beside a start: "vertrokken vanaf plek acht werd hij derde"."""
    between = [p for p in clause.pieces if start.last < p.first < piece.first]
    became = any(p.kind == "verb" and p.has(Concept.FINISH, Concept.BE) for p in between)
    return became and any(p.kind == "rank" for p in between)


def _about_row(clause: Clause, i: int) -> str:
    """What a place without a verb is about that something is done with: "with a fifth place"."""
    k = i - 1
    while k >= 0 and (clause.pieces[k].kind == "rank" or clause.pieces[k].has(
        Concept.AND, Concept.A, Concept.THE)):  # fmt: skip
        k -= 1
    places = any(p.has(Concept.PLACE) for p in clause.find("rank"))
    return "finish" if k >= 0 and places and clause.pieces[k].has(Concept.WITH) else ""


def _reached(clause: Clause, piece: Piece) -> str:
    """What a place that somebody came to is about, by the verb that took him there."""
    verb = verb_beside(clause, piece)
    if verb is not None and verb.has(Concept.START, Concept.QUALIFY):
        return "grid" if verb.has(Concept.START) else "qualifying"
    return "finish"


def _at_a_venue(clause: Clause, i: int) -> bool:
    """Whether a place was taken at a venue: "only third at Spielberg"."""
    after = clause.pieces[i + 1 : i + 4]
    there = (
        len(after) > 1
        and after[0].has(Concept.AT, Concept.ON)
        and (after[1].kind == "venue" or (after[1].has(Concept.THE) and after[-1].kind == "venue"))
    )
    return there and not clause.has(Concept.START, Concept.GRID)


def _without_verb(clause: Clause, i: int, before: Clause | None) -> str:
    """What a place without a verb is about: that of the clause before."""
    while before is not None and before.kind == "relative" and before.before is not None:
        before = before.before  # "Norris, who started third, was fifth, and Piastri sixth"
    if before is None:
        return ""
    ranks = [p.about for p in before.find("rank") if p.about]
    ended = "finish" in ranks or before.has(Concept.WIN, Concept.FINISH)
    if ranks and not (ranks[-1] in ("grid", "from") and ended):
        return ranks[-1]
    if before.has(Concept.START, Concept.POLE) and not before.has(Concept.FINISH, Concept.WIN):
        return "grid"  # "startete von der Pole, Hamilton von Platz vier"
    beside = i and clause.pieces[i - 1].kind == "who"
    alone = clause.kind == "aside" and len(clause.pieces) == 1
    return "finish" if alone or (beside and ended) else ""


def _is_part_of_name(clause: Clause, i: int, piece: Piece) -> bool:
    """Whether an ordinal counts something unknown: "the third corner", "a second option"."""
    if piece.has(Concept.PLACE):
        return False
    if _follows(clause, i, Concept.SINCE, Concept.IN_A_ROW):
        return True
    determined = i > 0 and clause.pieces[i - 1].has(
        Concept.THE, Concept.A, Concept.HIS, Concept.IN_CAR
    )
    following = clause.pieces[i + 1] if i + 1 < len(clause.pieces) else None
    if following is None or following.has(Concept.WHO, Concept.THAT):
        relative = clause.after is not None and clause.after.kind == "relative"
        return determined and (relative or following is not None)  # "the first who won twice"
    if following.kind == "word":
        return determined
    if following.kind == "who":
        return bool(determined and following.mention and following.mention.is_team)
    if following.kind == "verb":
        return determined and following.has(Concept.BE)
    return following.kind == "noun" and not following.has(Concept.STANDINGS, Concept.CHAMPIONSHIP)


def _follows(clause: Clause, i: int, *concepts: str) -> bool:
    """Whether one of these follows a piece, with only small words between."""
    for p in clause.pieces[i + 1 : i + 1 + NEAR]:
        if p.kind == "rank":
            return False
        if p.has(*concepts):
            return True
        if p.kind not in ("link", "word"):
            return False
    return False
