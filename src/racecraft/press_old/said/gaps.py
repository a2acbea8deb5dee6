"""How many points somebody is ahead of somebody else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from racecraft.press_old.said.points import (
    held,
    is_points,
    short_of,
    short_of_leader,
    told_with_gaps,
    when_of,
    with_gap,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from racecraft.history.results import Moment
    from racecraft.press_old.claim import Claim, Entity
    from racecraft.press_old.look import Look


NEAR_A_GAP = (
    "LEAD",
    "CLEAR",
    "AHEAD",
    "BEHIND",
    "LEADS",
    "CUT",
    "EXTEND",
    "APART",
    "MORE",
    "LEVEL",
)
BEYOND = ("CLEAR", "LEAD", "AHEAD", "MORE", "BEHIND")


def gaps(look: Look) -> Iterator[Claim]:
    """``leads by 32 points``, ``24 points ahead of X``, ``cut the lead from 33 to 26``."""
    chains = list(_chained(look))
    for i, rival in chains:
        for who in look.subject(i)[:1] or [look.topic]:
            if who and who != rival:
                order = [rival, who] if _really_behind(look, [who, rival]) else [who, rival]
                yield _gap(look, [look.driver(each) for each in order], i)
    ways = _ways(look)
    for before, now in ways:
        if pair := pair_of(look, now):
            yield _gap(look, pair, now, scope={})
            yield _gap(look, pair, before, scope={"before": True})
    taken = told_with_gaps(look) | {i for i, _ in chains} | {i for way in ways for i in way}
    for i in look.s.find("number"):
        if i not in taken and _is_gap(look, i) and (pair := pair_of(look, i)):
            yield _gap(look, pair, i)
            yield from _with_it(look, pair, i, taken)
    yield from short(look)
    yield from _growing(look)
    yield from _level(look)


def _gap(
    look: Look,
    pair: Sequence[Entity],
    i: int,
    *,
    value: float | str | None = None,
    scope: Mapping[str, Any] | None = None,
) -> Claim:
    """The gap that a number tells, or what is said of it otherwise."""
    if value is None:
        value = float(look.s.marks[i].kinds["number"])
    return look.claim(
        "points_gap",
        pair,
        (i, i),
        relation="over",
        value=value,
        hedge=look.hedge(i),
        unit="points",
        event=look.now(),
        scope=when_of(look) if scope is None else scope,
    )


def _is_gap(look: Look, i: int) -> bool:
    """Whether a number is how many points somebody is ahead, and not how many he has."""
    s = look.s
    if s.at(i, "year", "seconds") or s.near(i, "seconds", right=1) >= 0:
        return False
    context = s.at(i - 1, "by") and s.has("LEADS", "LEAD")
    context = context or s.near(i, *NEAR_A_GAP, left=9, right=5, stop=";:") >= 0
    attributive = s.at(i + 1, "UNIT") and s.near(i, "LEAD", right=4, stop=",;") >= 0
    if not ((is_points(look, i) and context) or attributive):
        return False
    ahead = s.near(i, "CLEAR", "LEAD", "MORE", left=3, right=3, stop=",;") >= 0
    scored = s.near(i, "SCORE", left=3, stop=",;") >= 0
    if scored or (s.near(i, "TAKE", left=6) >= 0 and not ahead):
        return False
    if s.near(i, "LEVEL", left=12) >= 0 and s.at(i - 1, "of", "with"):
        return False
    beyond = s.near(i, *BEYOND, right=4, stop=",;") >= 0
    if (s.at(i - 1, "with") and not beyond) or held(look, i):
        return False
    return beyond or s.near(i, "HAVE", left=2) < 0


def _with_it(look: Look, pair: Sequence[Entity], i: int, taken: set[int]) -> Iterator[Claim]:
    """Gaps in the same breath: the one before it, and those to other teams."""
    s = look.s
    before = s.near(i, "number", left=2, stop=",;")
    shrunk = s.near(i, "CUT", "EXTEND", "LEAD", left=8) >= 0
    if before >= 0 and shrunk and not s.at(before, "year"):
        taken.add(before)
        yield _gap(look, pair, before, scope={"before": True})
    for k in s.find("number", start=i + 1):
        if s.at(k + 1, "MORE") and s.at(k + 2, "team") and s.has("CONSTRUCTORS"):
            taken.add(k)
            yield _gap(look, [pair[0], look.team(s.marks[k + 2].kinds["team"])], k)


def _growing(look: Look) -> Iterator[Claim]:
    """``increased his lead``."""
    s = look.s
    for i in s.find("EXTEND"):
        number = next(s.find("number", start=i), i)
        if s.near(i, "LEAD", right=4) >= 0 and (pair := pair_of(look, number)):
            yield _gap(look, pair, i, value="lead increased", scope={"direction": "increased"})


def _level(look: Look) -> Iterator[Claim]:
    """``level on points with Vettel``."""
    s = look.s
    for i in s.find("LEVEL"):
        group = [*look.subject(i)[:1], *(p.who for p in look.list_after(i)[:1])]
        told = s.has("POINTS") or s.marks[i].word.endswith("points")
        if len(set(group)) == 2 and told:
            yield _gap(look, [look.driver(who) for who in group], i, value=0.0)


def totals_with_gaps(look: Look) -> Iterator[Claim]:
    """``with 64 points, 17 points ahead of Hunt``: what somebody has, and how much more it is."""
    s = look.s
    for i, gap, other in with_gap(look):
        constructors = s.has("CONSTRUCTORS")
        if s.at(other, "team") and (constructors or not look.person_at(other)):
            teams = [k for k in s.find("team", end=i) if constructors or not look.person_at(k)]
            holder = look.team(s.marks[teams[-1]].kinds["team"]) if teams else None
            rival: Entity | None = look.team(s.marks[other].kinds["team"])
        else:
            subject, person = look.subject(i), look.person_at(other)
            holder = look.driver(subject[-1]) if subject else None
            rival = look.driver(person.who) if person else None
        if holder is None or rival is None or holder.id == rival.id:
            continue
        total = float(s.marks[i].kinds["number"])
        yield look.claim("points_total", [holder], (i, i), value=total, event=look.now())
        behind = s.near(gap, "BEHIND", "LESS", right=3, stop=",;") >= 0
        pair = [rival, holder] if behind else [holder, rival]
        yield _gap(look, pair, gap, scope={})


def short(look: Look) -> Iterator[Claim]:
    """``17 points short of the leader``."""
    s = look.s
    for i in s.find("number"):
        rival = short_of(look, i) or short_of_leader(look, i)
        for who in look.subject(i)[:1] if rival else ():
            if who != rival:
                yield _gap(look, [look.driver(rival), look.driver(who)], i, scope={})


def between(look: Look) -> Iterator[Claim]:
    """``three places and 73 points ahead of Alonso``."""
    s = look.s
    for i in s.find("number"):
        if s.at(i + 1, "PLACE") and s.has("POINTS", "STANDINGS"):
            pair = pair_of(look, i)
            if pair:
                yield look.claim(
                    "standings_places_between",
                    list(pair),
                    (i, i + 1),
                    relation="over",
                    event=look.now(),
                    value=int(s.marks[i].kinds["number"]),
                )


def scores(look: Look) -> Iterator[Claim]:
    """``307 to 197``: what one has and what the other has, where it is clear who they are."""
    s = look.s
    for i in s.find("number"):
        if not (
            s.at(i + 1, "AGAINST")
            and s.at(i + 2, "number")
            and s.has("POINTS", "STANDINGS", "LEAD")
        ):
            continue
        pair = pair_of(look, i)
        figures = sorted((s.marks[k].kinds["number"], k) for k in (i, i + 2))
        for entity, (value, k) in zip(pair or (), reversed(figures), strict=False):
            yield look.claim(
                "points_total",
                [entity],
                (k, k),
                value=float(value),
                event=look.now(),
                scope=when_of(look),
            )


def pair_of(look: Look, i: int) -> tuple[Entity, Entity] | None:
    """Who is that many points ahead of whom."""
    s = look.s
    people = look.people
    subject = look.subject(i)
    right = [p for p in people if p.first > i and p.who not in subject]
    left = [p for p in people if p.last < i]
    if s.has("CONSTRUCTORS") or not people:
        teams = list(s.find("team"))
        if len(teams) >= 2:
            left_of, after = [k for k in teams if k < i], [k for k in teams if k > i]
            second = left_of[1] if len(left_of) > 1 else after[0] if after else teams[-1]
            a, b = (
                look.team(s.marks[teams[0]].kinds["team"]),
                look.team(s.marks[second].kinds["team"]),
            )
            return (a, b) if a.id != b.id else None
    behind = s.near(i, "BEHIND", right=3, stop=",;") >= 0 and s.near(i, "AHEAD", right=3) < 0
    both = [
        k for k in s.find("team", end=i) if s.at(k + 1, "person", "pair") and s.at(k - 1, "number")
    ]
    if both and not look.people:
        ids = s.marks[both[-1]].kinds["team"]
        mates = [w for w in look.setting.order if look.setting.team.get(w) in ids][:2]
        if len(mates) == 2:
            one, two = sorted(
                mates, key=lambda w: _really_behind(look, [w, next(m for m in mates if m != w)])
            )
            return look.driver(one), look.driver(two)
    who: list[str] = []
    if right and right[0].first - i <= 9:
        who = [*subject[:1], right[0].who]
    elif len(subject) >= 2:
        who = subject[:2]
    elif len(left) >= 2 and left[-1].who != left[-2].who:
        who = (
            [left[-2].who, left[-1].who]
            if left[-1].who in subject
            else [subject[0] if subject else left[0].who, left[-1].who]
        )
    if len(who) < 2 or who[0] == who[1]:
        moment: Moment = "before" if s.has("BEFORE") else "after"
        rows = look.record.standings(*look.event.key, when=moment) if look.event else ()
        if not subject or len(rows) < 2:
            return None
        leader, runner_up = rows[0].id, rows[1].id
        who = [subject[0], runner_up] if subject[0] == leader else [leader, subject[0]]
        return look.driver(who[0]), look.driver(who[1])
    a, b = look.driver(who[0]), look.driver(who[1])
    return (b, a) if behind or _really_behind(look, who) else (a, b)


def _chained(look: Look) -> Iterator[tuple[int, str]]:
    """``290 ahead of Pérez and 341 ahead of Hamilton``: each number with its rival."""
    s = look.s
    if not s.has("POINTS", "STANDINGS", "CHAMPIONSHIP"):
        return
    for i in s.find("number"):
        if s.at(i, "year") or s.at(i + 1, "LAP", "LAPS", "RACE", "PLACE", "VICTORY"):
            continue
        link = s.near(i, "AHEAD", "MORE", "CLEAR", "BEHIND", right=2, stop=",;")
        if s.at(i - 1, "with") and not s.at(link, "MORE", "CLEAR"):
            continue
        rival = next((p for p in look.people if p.first > i), None)
        counted = s.marks[i].text[0].isdigit() or s.at(i + 1, "POINTS")
        if counted and link >= 0 and rival and rival.first - link <= 3 and rival.how != "he":
            yield i, rival.who


def _ways(look: Look) -> list[tuple[int, int]]:
    """Places of the number before and the number now: "has gone from eight points to 23"."""
    s = look.s
    return [
        (i, now)
        for i in s.find("number")
        if (now := s.near(i, "number", right=4, stop=",;")) >= 0
        and s.at(i + 1, "POINTS")
        and s.near(i, "LEAD", left=9) >= 0
        and s.at(i - 1, "AHEAD", "START", "of")
    ]


def _really_behind(look: Look, who: list[str]) -> bool:
    """Whether the first of two has fewer points, and a gap between them is put his way round."""
    event = look.event
    if event is None:
        return False
    when: Moment = "before" if look.s.has("BEFORE") else "after"
    points = {row.id: row.points for row in look.record.standings(*event.key, when=when)}
    return points.get(who[0], 0) < points.get(who[1], 0)
