"""Points, places and gaps in the championship."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press_old.said.gaps import between, gaps, scores, totals_with_gaps
from racecraft.press_old.said.points import counts_something_else, held, told_with_gaps, totals

if TYPE_CHECKING:
    from collections.abc import Iterator

    from racecraft.press_old.claim import Claim, Entity
    from racecraft.press_old.look import Look


def find(look: Look) -> Iterator[Claim]:
    """Totals, gaps and places."""
    yield from totals_with_gaps(look)
    yield from gaps(look)
    yield from scores(look)
    yield from totals(look)
    yield from _places(look)
    yield from between(look)
    yield from teams_in(look)


def _places(look: Look) -> Iterator[Claim]:
    s = look.s
    for i, role in look.roles.items():
        if role == "standings_before":
            for who in look.subject(i)[:1]:
                yield look.claim(
                    "standings_position",
                    [look.driver(who)],
                    (i, i),
                    scope={"before": True},
                    value=s.marks[i].kinds["ordinal"],
                    event=look.now(),
                )
        if role == "standings":
            beside = [p.who for p in look.people if p.last == i - 2 and s.marks[i - 1].word == ","]
            for who in (beside or look.subject(i))[:1]:
                yield look.claim(
                    "standings_position",
                    [look.driver(who)],
                    (i, i),
                    value=s.marks[i].kinds["ordinal"],
                    event=look.now(),
                )
    for i in s.find("LEADS") if look.people or not s.has("CONSTRUCTORS") else ():
        if s.at(i + 1, "driver", "person"):  # a lead over somebody, for whatever place
            continue
        owner = look.subject(i)
        for who in owner[-1:]:
            yield look.claim(
                "standings_position", [look.driver(who)], (i, i), value=1, event=look.now()
            )


def teams_in(look: Look) -> Iterator[Claim]:
    """Points, places and gaps of teams, in a sentence that is about them."""
    s = look.s
    teams = [k for k in s.find("team") if not (s.at(k, "driver") and look.person_at(k))]
    if (
        not teams
        or (look.people and not s.has("CONSTRUCTORS"))
        or not s.has("POINTS", "CONSTRUCTORS", "STANDINGS")
    ):
        return
    now = look.now()

    def team(k: int) -> Entity:
        return look.team(s.marks[k].kinds["team"])

    told = told_with_gaps(look)
    totals = [
        k
        for k in s.find("number")
        if k not in told and not s.at(k, "year") and not counts_something_else(look, k)
    ]
    gap = next(
        (
            k
            for k in totals
            if s.near(
                k, "LEADS", "CLEAR", "AHEAD", "LEAD", "BEHIND", "MORE", left=9, right=3, stop=";"
            )
            >= 0
            and s.at(k + 1, "POINTS")
            and not held(look, k)
        ),
        -1,
    )
    if gap >= 0 and len(teams) >= 2:
        before = [k for k in teams if k < gap]
        second = before[1] if len(before) > 1 else next((k for k in teams if k > gap), teams[1])
        a, b = (teams[0], second) if second != teams[0] else (teams[0], teams[1])
        yield look.claim(
            "points_gap",
            [team(a), team(b)],
            (gap, gap),
            relation="over",
            unit="points",
            event=now,
            value=float(s.marks[gap].kinds["number"]),
            hedge=look.hedge(gap),
        )
    for k in totals:
        if k == gap or s.near(k, "CLEAR", "AHEAD", "MORE", right=3, stop=",;") >= 0:
            continue
        holder = [t for t in teams if t < k]
        pair = [
            n
            for n in totals
            if n != gap
            and abs(n - k) <= 3
            and s.marks[min(n, k) + 1].word in ("to", "-", "–", "om", "a", "zu", "tegen")
        ]
        if pair and len(teams) >= 2 and min(k, *pair) > teams[1]:
            holder = teams[:1] if k < pair[0] else teams[1:2]
        if holder and (k - holder[-1] <= 7 or pair):
            yield look.claim(
                "points_total",
                [team(holder[-1])],
                (k, k),
                value=float(s.marks[k].kinds["number"]),
                event=now,
            )
    for k, role in look.roles.items():
        holder = [t for t in teams if t < k and k - t <= 6]
        if role in ("standings", "finish") and holder:
            yield look.claim(
                "standings_position",
                [team(holder[-1])],
                (k, k),
                value=s.marks[k].kinds["ordinal"],
                event=now,
            )
