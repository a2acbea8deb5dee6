"""The kindest reading of a claim: where it is open who is meant, whoever makes it true."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from racecraft.press_old.governed import is_object, is_rival
from racecraft.press_old.verdict import verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from racecraft.history.results import History
    from racecraft.press_old.claim import Claim, Verdict
    from racecraft.press_old.look import Look

OF_ONE = frozenset(
    (
        "finish_position",
        "grid_position",
        "grid_row",
        "qualifying_position",
        "standings_position",
        "points_total",
        "race_points",
        "season_count",
        "career_count",
        "venue_count",
        "streak",
        "first_since",
        "retirement",
        "retirement_reason",
        "fastest_lap",
        "home_race",
        "pit_stop",
        "sprint_position",
        "podium",
        "lap_of_event",
        "team",
        "titles",
        "age",
    )
)
COUNTS = frozenset(("first_since", "season_count", "career_count", "venue_count", "streak"))
OF_TWO = frozenset(("points_gap", "time_gap", "winning_margin", "qualifying_gap"))
PLACES = {
    "standings_position": ("STANDINGS", "CHAMPIONSHIP", "POINTS", "TITLE", "LEADER", "LEADS"),
    "grid_position": ("GRID", "START", "POLE", "ROW", "FRONT_ROW"),
    "qualifying_position": ("QUALIFY", "POLE", "GRID"),
}
NEAR = 8  # marks between somebody and what is said of him, at the most, to leave no doubt
MEMORY = 4  # people spoken of before who may be meant


def kindest(claim: Claim, look: Look, record: History) -> tuple[Claim, Verdict]:
    """A claim with its verdict; read otherwise, where that is possible and makes it true.

    An article is far oftener right than a reader is sure whom a pronoun means. Where somebody
    stands right beside what is said of him, nobody else is tried.
    """
    first = verdict(claim, record)
    if first.verdict != "contradicted":
        return claim, first
    for other in _readings(claim, look):
        found = verdict(other, record)
        if found.verdict == "supported":
            return other, found
    return claim, first


def _readings(claim: Claim, look: Look) -> Iterator[Claim]:
    i = next((n for n, mark in enumerate(look.s.marks) if mark.end >= claim.end), -1)
    drivers = all(subject.kind == "driver" for subject in claim.subjects)
    if i < 0 or not drivers or look.person_at(i) is not None or claim.scope.get("sure"):
        return
    others = list(dict.fromkeys(_others(look, i)))
    if claim.claim_type in OF_ONE and len(claim.subjects) == 1:
        if not _plain(look, i, claim.subjects[0].id):
            for who in others:
                yield replace(claim, subjects=(look.driver(who),))
        if claim.claim_type in COUNTS:
            yield from _of_teams(claim, look, i)
            yield from _of_other_times(claim, look, i)
        if claim.claim_type == "streak" and not claim.scope.get("before"):
            yield replace(claim, scope={**claim.scope, "before": True})
        counted = claim.claim_type == "titles" and claim.scope.get("counted")
        if counted and look.setting.titles(claim.subjects[0].id) == claim.value - 1:
            yield replace(claim, value=claim.value - 1)  # one that is still to be won
        if (
            claim.claim_type == "finish_position"
            and isinstance(claim.value, int)
            and not _finishing(look, i)
        ):
            for kind in PLACES:
                if not _spoken_of(look, kind):
                    continue
                yield replace(claim, claim_type=kind)
    elif claim.claim_type in OF_TWO:
        here = [p.who for p in look.people]
        people = list(dict.fromkeys([*here, *others]))
        said = {each.id for each in claim.subjects}
        named = {p.who for p in look.people if p.how == "name"}
        if len(set(here)) != 2 or not {each.id for each in claim.subjects} <= named:
            for a in people[:MEMORY]:
                for b in people[:MEMORY]:
                    if a != b and {a, b} != said:
                        yield replace(claim, subjects=(look.driver(a), look.driver(b)))


def _of_teams(claim: Claim, look: Look, i: int) -> Iterator[Claim]:
    """A count may be one of a team: of one that is named, or of the driver's own if he is not."""
    s = look.s
    named = [s.marks[k].kinds["team"] for k in s.find("team") if look.person_at(k) is None]
    who = claim.subjects[0].id
    own = look.setting.team.get(who) if not _plain(look, i, who) else None
    for ids in [*named, *([(own,)] if own else [])]:
        yield replace(claim, subjects=(look.team(ids),))


def _of_other_times(claim: Claim, look: Look, i: int) -> Iterator[Claim]:
    """A count of a season may be one of a career, where neither is named."""
    if claim.claim_type in ("streak", "first_since"):
        return
    season = look.s.near(i, "THIS_SEASON", "SEASON", right=7, left=3, stop=";") >= 0
    career = look.s.near(i, "CAREER", right=7, stop=";") >= 0
    if not season:
        yield replace(claim, claim_type="career_count")
    if not career:
        yield replace(claim, claim_type="season_count")


def _others(look: Look, i: int) -> Iterator[str]:
    """Everybody else who may be meant: in the sentence, nearest first, then before it."""
    here = sorted((p for p in look.people if not is_rival(look.s, p)), key=lambda p: abs(p.i - i))
    left = [person for person in here if person.last < i]
    yield from (person.who for person in left or here)
    if owner := look.owner(i):
        yield owner
    before, found = look.before, 0
    while before is not None and found < MEMORY:
        for person in reversed(before.s.people):
            found += 1
            yield person.who
        before = before.before


def _plain(look: Look, i: int, who: str) -> bool:
    """Whether the words leave no doubt that somebody is meant."""
    person = next((p for p in reversed(look.people) if p.who == who and p.last < i), None)
    if person is None or person.genitive or person.how in ("he", "him") or i - person.last > NEAR:
        return False
    between = [p for p in look.people if person.last < p.first and p.last < i]
    return not between and not is_object(look.s, person)


def _spoken_of(look: Look, kind: str) -> bool:
    """Whether places of a kind are spoken of in the sentence or in the one before it."""
    return look.s.has(*PLACES[kind]) or (
        look.before is not None and look.before.s.has(*PLACES[kind])
    )


def _finishing(look: Look, i: int) -> bool:
    """Whether a verb beside a place says that it is one in the race."""
    kinds = ("FINISH", "WIN", "COMPLETE_PODIUM")
    if look.s.at(look.verb(i), *kinds):
        return True
    return look.s.at(i, *kinds) or look.s.near(i, *kinds, left=3, right=2, stop=",;") >= 0
