"""Places that follow from another one: ``fourth, ahead of A, B and C``."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from racecraft.press_old.governed import told_of
from racecraft.press_old.said.placing import ahead_of, finished

if TYPE_CHECKING:
    from collections.abc import Iterator

    from racecraft.press_old.claim import Claim
    from racecraft.press_old.look import Look
    from racecraft.press_old.sentence import Person


def chains(look: Look, placed: dict[str, int]) -> Iterator[Claim]:
    """``fourth, ahead of A, B and C``: places that follow from another one."""
    s = look.s
    for i in s.find("AHEAD", "BEHIND", "FOLLOWED_BY", "HEADS_HOME", "BEAT"):
        if s.at(i, "START", "LAP") and s.near(i, "POLE", right=1) >= 0:
            continue
        front = s.at(i, "BEHIND") and not s.at(i, "FOLLOWED_BY")
        after = look.list_after(i)
        if after and s.at(i, "about_whom") and told_of(s, i, after[0]):
            continue
        if not after or s.near(i, "NOT", left=7, stop=",;") >= 0:
            continue
        if any(
            s.at(k, "COLLISION", "ACCIDENT", "PIT", "PENALTY", "RETIRE")
            for k in range(i + 1, after[0].first)
        ):
            continue
        step = s.near(i, "number", left=2) if s.near(i, "PLACE", left=1) >= 0 else -1
        step = int(s.marks[step].kinds["number"]) if step >= 0 else 1
        if (
            s.near(i, "seconds", "number", left=3) >= 0
            and s.near(i, "ordinal", "PLACE", left=1, right=1) < 0
        ):
            continue
        if (
            s.near(
                i,
                "STANDINGS",
                "CHAMPIONSHIP",
                "LAP",
                "LAPS",
                "POINTS",
                "GRID",
                "LEAD",
                "QUALIFY",
                "SPRINT",
                left=6,
                right=8,
                stop=";",
            )
            >= 0
        ):
            continue
        left = [
            p
            for p in look.people
            if p.last < i and p.who in placed and p.who not in {q.who for q in after}
        ]
        known = look.known | placed
        holders = [w for w in look.subject(i) if w in known] or [p.who for p in left[-1:]]
        finishing = s.near(i, "FINISH", "TAKE", "HEADS_HOME", "BEAT", left=2) >= 0 or s.at(
            i, "HEADS_HOME", "BEAT"
        )
        told = any(w in placed for w in holders)
        if not holders and finishing and len(after) > 1 and s.number < 2 and not front:
            for who in look.subject(i)[:1]:
                placed[who] = 1
                yield finished(look, who, 1, i, i)
                holders = [who]
                known = look.known | placed
        fought = [k for k in s.find("ordinal", end=i) if s.near(k, "BATTLE", left=4) >= 0]
        if fought and not front and not s.has("LOSE"):
            for n, who in enumerate([*look.subject(i)[:1], after[0].who]):
                placed[who] = s.marks[fought[-1]].kinds["ordinal"] + n
                yield finished(look, who, placed[who], i, after[0].last)
            continue
        if front and (led := _followers(look, i, after[0])):
            before = (look.known | placed).get(after[0].who)
            for n, p in enumerate(led if before else ()):
                placed[p.who] = (before or 0) + 1 + n
                yield finished(look, p.who, placed[p.who], i, p.last)
            continue
        third = s.near(i, "ordinal", right=1)
        if third >= 0 and look.roles[third] == "finish" and not front and not told:
            for who in look.subject(i)[:1]:
                placed[who] = s.marks[third].kinds["ordinal"] - 1
                yield finished(look, who, placed[who], i, third)
            continue
        if s.at(i, "BEAT") and not front:
            for who in look.subject(i)[:1]:
                yield from (ahead_of(look, who, p.who, i) for p in after if p.who != who)
        if holders and holders[-1] in known and (finishing or told):
            # those who follow a wrong place are judged by where it ought to have been
            anchor = look.setting.place(holders[-1]) or known[holders[-1]]
            first = anchor - len(after) if front else anchor
            yield from _swapped(look, [p.who for p in after], i)
            for n, p in enumerate(after):
                place = first + n + (0 if front else step)
                if p.who in known or place < 1:
                    continue
                there = look.setting.place(p.who)
                if there and (there > anchor if front else there < anchor):
                    pair = (p.who, holders[-1]) if front else (holders[-1], p.who)
                    yield ahead_of(look, *pair, i)
                    continue
                nearby = (
                    any(
                        k > p.last and k - p.last <= 5 and role == "finish"
                        for k, role in look.roles.items()
                    )
                    and p is after[-1]
                )
                if nearby:
                    continue
                placed[p.who] = place
                yield finished(look, p.who, place, p.first, p.last)
            continue
        for who in look.subject(i)[:1]:
            for p in after:
                if p.who != who:
                    yield ahead_of(look, p.who, who, i) if front else ahead_of(look, who, p.who, i)


def _swapped(look: Look, group: list[str], i: int) -> Iterator[Claim]:
    """Neighbours in a list of finishers who finished the other way round."""
    for a, b in pairwise(group):
        ahead, behind = look.setting.place(a), look.setting.place(b)
        if ahead and behind and ahead > behind:
            yield ahead_of(look, a, b, i)


def _followers(look: Look, i: int, front: Person) -> list[Person]:
    """``Achter hem finishten A, B en C``: those who come after somebody, in their order."""
    s = look.s
    verb = front.last + 1
    starts = i == 0 or s.marks[i - 1].word in ",;:"
    if not (starts and s.at(verb, "FINISH", "BE")) or any(
        role == "finish" for role in look.roles.values()
    ):
        return []
    return look.list_after(verb)


def elsewhere(look: Look) -> Iterator[Claim]:
    """``third places in Spain, Monaco and Canada``, ``a third win after Melbourne and Spa``."""
    s = look.s
    event = look.event
    lists = [(i, i + 3, s.marks[i].kinds["ordinal"]) for i in look.roles if s.at(i + 1, "PLACE")]
    for i in s.find("VICTORY"):
        place = s.near(i, "place", right=6, stop=",;.")
        if (
            s.near(i, "ordinal", left=2) >= 0
            and place >= 0
            and s.at(place - 1, "after", "but")
            and not (s.at(place - 1, "SINCE"))
        ):
            lists.append((i, place, 1))
    for i, k, value in lists:
        if event is None or not (s.at(k, "place") and s.at(k - 1, "of", "after", "but")):
            continue
        while k < len(s) and (s.at(k, "place", "and") or s.marks[k].word == ","):
            if s.at(k, "place"):
                there = look.names.events_at(s.marks[k].kinds["place"], event.season)
                for who in look.subject(i)[:1] if there and there[0].key != event.key else ():
                    yield look.claim(
                        "finish_position",
                        [look.driver(who)],
                        (i, k),
                        event=there[0],
                        value=value,
                    )
            k += 1


def losses(look: Look) -> Iterator[Claim]:
    """``the loser against Alonso``, ``humble in defeat``."""
    s = look.s
    for i in s.find("LOSE"):
        if (
            s.near(i, "PASS", "ordinal", "PLACE", "points", "LEAD", right=4) >= 0
            or s.at(i, "PASS")
            or s.has("LAP")
        ):
            continue
        loser = next(iter(look.subject(i)), "")
        rival = next((p.who for p in look.people if i < p.first and p.who != loser), "")
        rival = rival or next((p.who for p in look.others(i) if p.who != loser and p.last < i), "")
        if not rival and s.marks[i].word in s.grammar.file["small"].get("defeat", ()):
            order = look.setting.order
            ahead = order[order.index(loser) - 1] if loser in order[1:] else ""
            rival = ahead if any(ahead == who for _, who in look.cast.spoken) else ""
        if loser and rival:
            qualifying = s.near(i, "QUALIFY", left=9, right=4) >= 0
            claim = ahead_of(look, rival, loser, i)
            yield replace(claim, session="qualifying") if qualifying else claim
