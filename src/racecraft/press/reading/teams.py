"""Who drives for whom: "third for Lotus", "parked his Ferrari", "the McLarens of A and B"."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from racecraft.press.lexicon.concepts import Concept, Kind
from racecraft.press.reading.appositions import passing_claim
from racecraft.press.reading.clauses import distance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from racecraft.press.claim import Claim, Entity, Slot
    from racecraft.press.reading.build import Context
    from racecraft.press.reading.clauses import Clause
    from racecraft.press.reading.people import People
    from racecraft.press.reading.pieces import Piece

_DRIVEN = (
    Concept.FOR, Concept.IN_CAR, Concept.WITH, Concept.AT, Concept.ON, Concept.BY, Concept.OF,
)  # fmt: skip
_AT_THE_WHEEL = (
    Concept.WIN, Concept.FINISH, Concept.START, Concept.LED, Concept.TAKE, Concept.QUALIFY,
    Concept.BE, Concept.SCORE, Concept.RETIRE, Concept.IN_CAR, Concept.PIT, Concept.PASS,
    Concept.HAVE, Concept.BEAT, Concept.CLINCH, Concept.LEADS, Concept.RUNNING,
)  # fmt: skip
_BESIDE = 3  # marks between two who may share a team that is named near them
_REACH = 3  # pieces between a driver and the team that he is third for


def of_teams(clause: Clause, context: Context, people: People) -> Iterator[Claim]:
    """Claims that somebody drives for a team, or that two share one."""
    told: set[str] = set()
    for piece in clause.find("who"):
        mention = piece.mention
        if mention is None or not mention.is_team or mention.slot is None:
            continue
        if _is_a_month(clause, piece):
            continue
        team = mention.slot.value
        for driver, by_name in _drivers(clause, piece):
            slot = driver.mention.slot if driver.mention else None
            if slot is None or slot.value.kind == "team" or slot.value.id in told:
                continue
            told.add(slot.value.id)
            yield passing_claim("team", slot, team.name, piece, clause, context, by_name=by_name,
                                details={"team": team})  # fmt: skip
    yield from _in_doubt(clause, context, told, people)
    yield from _pairs(clause, context)


def entered_by(
    clauses: list[Clause], contexts: list[Context], made: list[Claim], people: People
) -> Iterator[Claim]:  # fmt: skip
    """Those of a sentence who are entered by a team that another clause of it names.

    "Mercedes had Hamilton eighth, and Russell retired": little is sure in it.
    """
    told = {
        (c.subjects[0].value.id, c.details["team"].id)
        for c in made
        if c.claim_type == "team" and c.details.get("team")
    }
    driven = {who for who, _ in told}
    named = [(n, p) for n, clause in enumerate(clauses) for p in clause.find("who")]
    for n, piece in named:
        slot = piece.mention.slot if piece.mention else None
        if slot is None or slot.value.kind != "team" or _is_a_month(clauses[n], piece):
            continue
        team = slot.value
        doubtful = replace(contexts[n], extra={**contexts[n].extra, "rest": 1.0})
        for _, other in named:
            driver = other.mention.slot if other.mention else None
            if driver is None or driver.value.kind != "driver" or driver.value.id in driven:
                continue
            if people.drives_for(driver.value.id, (team.id,)):
                driven.add(driver.value.id)
                yield passing_claim(
                    "team", driver, team.name, piece, clauses[n], doubtful, by_name=False,
                    details={"team": team},
                )  # fmt: skip


def _in_doubt(
    clause: Clause, context: Context, told: set[str], people: People
) -> Iterator[Claim]:  # fmt: skip
    """Whoever may be meant by a team that nobody is said to drive for; little is sure in it.

    Of several, those who are entered by that team: it is them that such a name calls to mind.
    """
    drivers = [p for p in clause.find("who") if p.mention and not p.mention.is_team]
    of_nobody = [
        p for p in clause.find("who")
        if p.mention and p.mention.is_team and p.mention.slot and not told
        and not _is_a_month(clause, p)
    ]  # fmt: skip
    doubtful = replace(context, extra={**context.extra, "rest": 1.0})
    for piece in of_nobody if drivers else ():
        team = piece.mention.slot.value  # type: ignore[union-attr]
        for slot in _perhaps_meant(drivers, piece, team, people):
            yield passing_claim("team", slot, team.name, piece, clause, doubtful, by_name=False,
                                details={"team": team})  # fmt: skip
    called = any(p.mention and p.mention.says(Concept.TEAM_MATE) for p in drivers)
    if of_nobody or (clause.has(Concept.PAIR, Concept.TEAM_MATE) and not called):
        yield from _perhaps_mates(drivers, clause, doubtful)


def _perhaps_meant(
    drivers: list[Piece], named: Piece, team: Entity, people: People
) -> list[Slot[Entity]]:  # fmt: skip
    """Those of several who are entered by a team; else whoever stands nearest to its name."""
    near = sorted(drivers, key=lambda p: distance(p, named))
    slots = [p.mention.slot for p in near if p.mention and p.mention.slot]
    slots = [slot for slot in slots if slot.value.kind == "driver"]
    entered = [slot for slot in slots if people.drives_for(slot.value.id, (team.id,))]
    return (entered or slots[:1]) if len(slots) > 1 else slots


def _perhaps_mates(drivers: list[Piece], clause: Clause, context: Context) -> Iterator[Claim]:
    """Two beside each other in a clause that speaks of one team, or of two of a kind."""
    for a, b in pairwise(drivers):
        one, two = (p.mention.slot if p.mention else None for p in (a, b))
        if one and two and one.value != two.value and distance(a, b) <= _BESIDE:
            yield _mates(one, two, a, clause, context)


def in_a_one_two(clause: Clause, context: Context) -> Iterator[Claim]:
    """Who came first and second where two of a team did: "a one-two, Vettel ahead of Leclerc"."""
    outer = clause.before is not None and clause.before.has(Concept.ONE_TWO)
    if not (clause.has(Concept.ONE_TWO) or outer) or clause.has(*_NO_RACE) or clause.negated:
        return
    drivers = [p for p in clause.find("who") if p.mention and not p.mention.is_team]
    for first, second in pairwise(drivers):
        between = [p for p in clause.pieces if first.last < p.first and p.last < second.first]
        ahead = any(p.has(Concept.AHEAD, Concept.BEAT, Concept.LED, Concept.LEADS) for p in between)
        close = all(p.kind in ("link", "verb") or p.has(Concept.TEAM_MATE) for p in between)
        if not ahead or not close or any(p.has(Concept.BEHIND, Concept.AND) for p in between):
            continue
        for place, piece in enumerate((first, second), 1):
            slot = piece.mention.slot if piece.mention else None
            if slot is not None and slot.value.kind == "driver":
                yield passing_claim(
                    "finish_position", slot, place, piece, clause, context,
                    by_name=slot.bound == "named",
                )  # fmt: skip
        return


_NO_RACE = (
    Concept.START, Concept.GRID, Concept.QUALIFY, Concept.SPRINT, Concept.STANDINGS,
    Concept.CHAMPIONSHIP, Concept.POLE, Concept.FRONT_ROW, Concept.RUNNING,
)  # fmt: skip


def shared_teams(made: list[Claim]) -> Iterator[Claim]:
    """Two in a sentence who are said to drive for one team are team-mates."""
    told = [c for c in made if c.claim_type == "team" and c.details.get("team")]
    for n, one in enumerate(told):
        for two in told[n + 1 :]:
            same = one.details["team"].id == two.details["team"].id
            if same and one.subjects[0].value != two.subjects[0].value:
                start, end = min(one.start, two.start), max(one.end, two.end)
                yield replace(
                    one, subjects=(one.subjects[0], two.subjects[0]), relation="&",
                    value="team-mates", details={}, start=start, end=end,
                    features={**one.features, "shared": 1.0},
                )  # fmt: skip


def _drivers(clause: Clause, team: Piece) -> Iterator[tuple[Piece, bool]]:
    """Who is said to drive for a team, and whether the words leave no doubt."""
    own = team.marks[0].is_a(Concept.HIS) or _before(clause, team, Concept.HIS)
    if own:
        before = clause.before.subject if clause.before else []
        owners = [p for p in clause.subject if p is not team] or before
        yield from ((p, True) for p in owners[:1] if not (p.mention and p.mention.is_team))
        return
    if not clause.governed.get(team.first, frozenset()) & frozenset(_DRIVEN):
        return
    row = _beside(clause, team)
    if row:
        yield from ((p, True) for p in row)
    elif clause.subject and clause.has(*_AT_THE_WHEEL) and not _between(clause, team):
        yield from ((p, False) for p in clause.subject)


def _is_a_month(clause: Clause, team: Piece) -> bool:
    """Whether the name of a team is a month there: "won in March"."""
    month = any(mark.is_a(Kind.MONTH) for mark in team.marks)
    return month and _before(clause, team, Concept.AT)


def _before(clause: Clause, piece: Piece, concept: str) -> bool:
    i = clause.pieces.index(piece)
    return i > 0 and clause.pieces[i - 1].has(concept)


def _between(clause: Clause, team: Piece) -> bool:
    """Whether somebody else stands between the subject and a team."""
    subject = clause.subject[-1]
    return any(subject.last < p.first < team.first for p in clause.find("who"))


def _beside(clause: Clause, team: Piece) -> list[Piece]:
    """Whoever stands right before a team, with his place between them: "Russell, third for"."""
    pieces = clause.pieces
    i = pieces.index(team)
    for k in range(i - 1, max(i - 2 - _REACH, -1), -1):
        p = pieces[k]
        if p.kind == "who":
            return [p] if p.mention and not p.mention.genitive else []
        if p.kind not in ("link", "rank", "row", "punct", "noun", "word") or p.has(Concept.BUT):
            return []
        if p.kind in ("noun", "word") and not p.has(Concept.PERSON, Concept.PLACE, Kind.HEDGE):
            return []
    return []


def _pairs(clause: Clause, context: Context) -> Iterator[Claim]:
    """Team-mates who share a team that is named once: "the McLarens of Norris and Piastri"."""
    row = [p for p in clause.find("who") if p.mention and p.mention.says("team")]
    for a, b in pairwise(row):
        one, two = a.mention, b.mention
        if one is None or two is None or not one.says(Concept.PAIR):
            continue
        shared = one.says("team") is two.says("team")
        if shared and one.slot is not None and two.slot is not None:
            yield _mates(one.slot, two.slot, a, clause, context)


def _mates(
    one: Slot[Entity], two: Slot[Entity], piece: Piece, clause: Clause, context: Context
) -> Claim:
    return passing_claim("team", one, "team-mates", piece, clause, context, by_name=True, mate=two)
