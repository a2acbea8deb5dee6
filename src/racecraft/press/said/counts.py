"""How often: wins of a season, a career, at a place, in a row; the first since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press.look import COUNTED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from racecraft.press.claim import Claim
    from racecraft.press.look import Look


def find(look: Look) -> Iterator[Claim]:
    """Counts by ordinals and numbers, streaks, and what happened for the first time."""
    s = look.s
    for i, role in look.roles.items():
        n = s.marks[i].kinds["ordinal"]
        if role == "streak":
            yield from _streak(look, i, n)
        elif role == "count":
            yield from _count(look, i, n)
    for i in s.find("number"):
        if s.at(i, "year") or s.at(i, "ordinal"):
            continue
        n = s.marks[i].kinds["number"]
        if s.near(i, "IN_A_ROW", right=5, stop=",;") >= 0:
            yield from _streak(look, i, int(n))
        elif s.near(i, "VICTORY", "WIN", "PODIUM", "POLE", "STARTS", right=2, stop=",;-") >= 0 and n == int(n):
            yield from _count(look, i, int(n))
        elif s.at(i - 1, "NUMBER_PLATE") and s.near(i, "VICTORY", left=3) >= 0:
            yield from _count(look, i, int(n))
    for i in s.find("MAIDEN"):
        unit = _unit(look, i)
        if unit:
            for who in _who(look, i)[:1]:
                yield look.claim("first_since", [look.driver(who)], (i, i), value="maiden", unit=unit.rstrip("s"))


def _unit(look: Look, i: int) -> str:
    """What is counted: the noun that follows, or the one that the sentence or the last one counted."""
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


def _who(look: Look, i: int) -> list[str]:
    s = look.s
    after = [p for p in look.people if i < p.first <= i + 7 and s.at(p.first - 1, "of", "for")]
    team = [k for k in s.find("team", start=i, end=i + 5) if s.at(k - 1, "of", "for")]
    if owner := look.owner(i):
        return [owner]
    if after and not team:
        return [after[0].who]
    return look.subject(i)


def _entities(look: Look, i: int) -> list:
    s = look.s
    for k in s.find("team", start=i, end=min(i + 6, len(s))):
        if s.at(k - 1, "of", "for") and not look.person_at(k) and s.near(i, "his", left=3) < 0 and not look.owner(i):
            if s.at(i + 1, *COUNTED) or s.at(i - 1, "NUMBER_PLATE"):
                return [look.team(s.marks[k].kinds["team"])]
    if not look.people and (teams := [k for k in s.find("team", end=i)]):
        return [look.team(s.marks[teams[-1]].kinds["team"])]
    return [look.driver(who) for who in _who(look, i)[:1]]


def _streak(look: Look, i: int, n: int) -> Iterator[Claim]:
    unit = {"wins": "wins in a row", "podiums": "podiums in a row", "poles": "poles in a row",
            "points finishes": "points finishes in a row"}.get(_unit(look, i), "wins in a row")  # fmt: skip
    for entity in _entities(look, i):
        scope = {}
        year = look.s.near(i, "year", right=6, stop=";")
        if year >= 0 and look.event and look.s.marks[year].kinds["year"] != look.event.season:
            scope["season"] = look.s.marks[year].kinds["year"]
        yield look.claim("streak", [entity], (i, i), value=n, unit=unit, scope=scope)


def _count(look: Look, i: int, n: int) -> Iterator[Claim]:
    s = look.s
    unit = _unit(look, i)
    for entity in _entities(look, i):
        if unit == "titles":
            yield look.claim("titles", [entity], (i, i), value=n)
            continue
        venue = [k for k in s.find("place", start=i, end=min(i + 8, len(s)))]
        season = s.near(i, "THIS_SEASON", "SEASON", right=6, stop=";") >= 0
        career = s.near(i, "CAREER", right=6, stop=";") >= 0 and not season
        if season:
            yield look.claim("season_count", [entity], (i, i), value=n, unit=unit)
        elif career or unit == "starts":
            yield look.claim("career_count", [entity], (i, i), value=n, unit=unit)
        elif n == 1 and s.marks[i].kinds.get("ordinal"):
            pass
        elif venue:
            kind, which = s.marks[venue[0]].kinds["place"][0]
            yield look.claim("venue_count", [entity], (i, i), value=n, unit=unit, scope={"place": (kind, which)})
        else:
            yield look.claim("career_count" if n > 24 else "season_count", [entity], (i, i), value=n, unit=unit)
        if n == 1 and s.marks[i].kinds.get("ordinal"):
            since = s.near(i, "SINCE", right=6, stop=";")
            place = {}
            if venue and since < 0:
                kind, which = s.marks[venue[0]].kinds["place"][0]
                if kind != "event" or True:
                    place = {"place": (kind, which)}
            value = "since" if since >= 0 else "maiden"
            year = s.near(since, "year", "date", right=8) if since >= 0 else -1
            scope = dict(place)
            if year >= 0:
                kinds = s.marks[year].kinds
                scope["since"] = kinds.get("year") or kinds["date"].get("year")
            yield look.claim("first_since", [entity], (i, i), value=value, unit=unit.rstrip("s"), scope=scope)
