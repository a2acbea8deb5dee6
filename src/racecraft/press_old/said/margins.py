"""By how many seconds somebody was ahead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press_old.said.placing import finished

if TYPE_CHECKING:
    from collections.abc import Iterator

    from racecraft.press_old.claim import Claim
    from racecraft.press_old.look import Look


def margins(look: Look) -> Iterator[Claim]:
    """Seconds at the flag or in qualifying, with who was ahead of whom."""
    s = look.s
    for i in s.find("seconds"):
        seconds = s.marks[i].kinds["seconds"]
        if seconds > 600 or s.near(i, "PENALTY", right=8, left=5) >= 0:
            continue
        qualifying = s.near(i, "QUALIFY", "POLE", left=7, right=7, stop=",;") >= 0
        crossing = s.near(i, "FINISH", "WIN", left=3) >= 0
        qualifying = qualifying and not crossing
        if not qualifying and s.near(i, "LAP", "FASTEST_LAP", left=3, right=6, stop=",;") >= 0:
            continue
        pair = _pair(look, i)
        if pair is None:
            continue
        a, b = pair
        if a == b:
            continue
        first = look.setting.order[:1]
        kind = (
            "qualifying_gap"
            if qualifying
            else "winning_margin"
            if first and a == first[0]
            else "time_gap"
        )
        yield look.claim(
            kind,
            [look.driver(a), look.driver(b)],
            (i, i),
            relation="over",
            value=seconds,
            hedge=look.hedge(i),
            scope={"decimals": s.marks[i].kinds.get("decimals", 0)},
        )
        rival = next((p for p in look.people if p.who == b and p.first > i), None)
        if kind == "winning_margin" and rival and b not in look.known | look.placed:
            look.placed[b] = 2  # a winner's margin is over the second
            yield finished(look, b, 2, i, rival.last, sure=True)


def _pair(look: Look, i: int) -> tuple[str, str] | None:
    """Who was that much ahead of whom; where the words do not say, as they finished."""
    s, order = look.s, look.setting.order
    subject = look.subject(i)
    here = [p.who for p in look.people if not p.genitive]
    near = next(
        (p.who for p in look.people if p.first > i and p.first - i <= 8 and p.who not in subject),
        "",
    )
    rival = next((p for p in look.people if p.who == near and p.first > i), None)
    links = ("AHEAD", "BEHIND", "BEAT", "LOSE", "of", "by", "HEADS_HOME", "FOLLOWED_BY", "VERSUS")
    if rival and not any(s.at(k, *links) for k in range(i + 1, rival.i)):
        near = ""
    after = s.near(i, "CLEAR", right=2)
    if (
        after >= 0
        and after + 1 < len(s)
        and s.marks[after + 1].word in ",.;"
        and not s.at(after, "AHEAD")
    ):
        near = ""
        last = max((place for place in look.placed.values()), default=0)
        if len(subject) == 1 and s.marks[after].word.startswith("further") and last > 1:
            return order[last - 2], subject[0]
    if not here or (s.has("they") and len(set(here)) < 2):
        both = look.both()
        if both and not (len(here) == 1 and here[0] in order[:1]):
            return _as_finished(order, *both)
    if len(subject) >= 2:
        return subject[0], subject[1]
    if near and subject:
        behind = s.near(i, "BEHIND", right=3, left=2) >= 0 and s.near(i, "AHEAD", right=3) < 0
        behind |= s.near(i, "on", left=2) >= 0 and s.at(i + 1, "of")
        behind |= s.at(i - 1, "to") and s.at(i + 1, "of", "by")
        lost = s.near(i, "LOSE", left=7) >= 0
        return (near, subject[0]) if behind or lost else (subject[0], near)
    beaten = [p.who for p in look.people if p.last < i and p.who not in subject and not p.genitive]
    if subject and beaten and s.near(i, "BEAT", left=9, stop=",;") >= 0:
        return subject[0], beaten[-1]
    if subject and len(order) > 1:
        if subject[0] == order[0] and s.near(i, "BEHIND", right=2) < 0:
            return order[0], order[1]
        return (order[0], subject[0]) if subject[0] != order[0] else None
    return None


def _as_finished(order: tuple[str, ...], a: str, b: str) -> tuple[str, str]:
    places = {who: n for n, who in enumerate(order)}
    return (a, b) if places.get(a, 99) <= places.get(b, 99) else (b, a)
