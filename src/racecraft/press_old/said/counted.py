"""What is counted, and of whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press_old.roles import COUNTED

if TYPE_CHECKING:
    from racecraft.press_old.claim import Entity
    from racecraft.press_old.look import Look


def unit_of(look: Look, i: int) -> str:
    """What is counted: the noun that follows, or the one that was counted before."""
    s = look.s
    for k in range(i + 1, min(i + 6, len(s))):
        if s.marks[k].word in ",;.":
            break
        for kind, unit in COUNTED.items():
            if s.at(k, kind):
                return unit
    for k in range(i - 1, -1, -1):
        for kind, unit in COUNTED.items():
            if s.at(k, kind) and kind not in ("CHAMPION", "TITLE"):
                return unit
    return "wins"


def counted_of(look: Look, i: int) -> list[str]:
    """Drivers whose deeds are counted at a place."""
    s = look.s
    after = [p for p in look.people if i < p.first <= i + 7 and s.at(p.first - 1, "of", "for")]
    team = [k for k in s.find("team", start=i, end=i + 5) if s.at(k - 1, "of", "for")]
    if owner := look.owner(i):
        return [owner]
    if after and not team:
        return [after[0].who]
    return look.subject(i)


def entities(look: Look, i: int) -> list[Entity]:
    """Drivers or teams whose deeds are counted at a place."""
    s = look.s
    if s.at(i - 2, "team") and s.marks[i - 1].word in s.grammar.genitive:
        return [look.team(s.marks[i - 2].kinds["team"])]
    if s.at(i + 1, "of") and s.at(i + 2, "team"):
        return [look.team(s.marks[i + 2].kinds["team"])]
    for k in s.find("team", start=i, end=min(i + 6, len(s))):
        if (
            s.at(k - 1, "of", "for")
            and not look.person_at(k)
            and s.near(i, "his", left=3) < 0
            and not look.owner(i)
        ) and (s.at(i + 1, *COUNTED) or s.at(i - 1, "NUMBER_PLATE") or k == i + 2):
            return [look.team(s.marks[k].kinds["team"])]
    topical = 1 + s.at(1, "the")
    if s.at(0, "about_whom") and s.at(topical, "team") and not look.person_at(topical):
        return [look.team(s.marks[topical].kinds["team"])]
    if not look.people and (teams := list(s.find("team", end=i))):
        return [look.team(s.marks[teams[-1]].kinds["team"])]
    return [look.driver(who) for who in counted_of(look, i)[:1]]
