"""How often: wins of a season, a career, at a place, in a row; the first since."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from racecraft.press.claim import Entity
from racecraft.press.look import COUNTED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from racecraft.press.claim import Claim
    from racecraft.press.look import Look
    from racecraft.press.rows import Event


MOST_STARTS = 8  # an attempt of a higher number is a start of a career, not a restart of a race


def find(look: Look) -> Iterator[Claim]:
    """Counts by ordinals and numbers, streaks, and what happened for the first time."""
    s = look.s
    for i, role in look.roles.items():
        n = s.marks[i].kinds["ordinal"]
        if role == "streak":
            yield from _streak(look, i, n)
        elif role == "winners" and look.event:
            season = Entity("season", str(look.event.season), str(look.event.season))
            yield look.claim("season_count", [season], (i, i), value=n, unit="winners")
        elif role == "count":
            yield from _count(look, i, n)
        elif role in ("title_count", "starts"):
            for who in _who(look, i)[:1]:
                kind = "titles" if role == "title_count" else "career_count"
                unit = "" if role == "title_count" else "starts"
                yield look.claim(
                    kind, [look.driver(who)], (i, i), value=n, unit=unit, event=look.event,
                    scope={"counted": True},
                )  # fmt: skip
    for i in s.find("number"):
        if s.at(i, "year") or s.at(i, "ordinal"):
            continue
        n = s.marks[i].kinds["number"]
        if s.near(i, "IN_A_ROW", right=5, stop=",;") >= 0:
            yield from _streak(look, i, int(n))
        elif s.near(
            i, "VICTORY", "WIN", "PODIUM", "POLE", "STARTS", "TITLE", right=2, stop=",;-"
        ) >= 0 and n == int(n):
            yield from _count(look, i, int(n))
        elif s.at(i - 1, "NUMBER_PLATE") and s.near(i, "VICTORY", "PODIUM", "POLE", left=3) >= 0:
            yield from _count(look, i, int(n))
    for i in s.find("ordinal", "number"):
        n = s.marks[i].kinds.get("ordinal", s.marks[i].kinds.get("number"))
        if s.at(i + 1, "ATTEMPT") and not s.at(i, "year") and n > MOST_STARTS:
            for who in _who(look, i)[:1]:
                yield look.claim(
                    "career_count",
                    [look.driver(who)],
                    (i, i),
                    value=int(n),
                    unit="starts",
                    event=look.event,
                )
    for i in s.find("WIN"):
        n = s.near(i, "times", right=1)
        n = (
            n
            if n >= 0
            else s.near(i, "number", right=1)
            if s.at(i + 2, "of") and s.near(i, "RACE", right=5) >= 0
            else -1
        )
        if n >= 0:
            kinds = s.marks[n].kinds
            for who in look.subject(i)[:1]:
                yield look.claim(
                    "season_count", [look.driver(who)], (i, n), value=int(kinds.get("times", kinds.get("number"))),
                    unit="wins", event=look.event,
                )  # fmt: skip
    yield from _share(look)
    for i in s.find("VICTORY", "WIN"):
        if (
            s.near(i, "NOT", left=4, stop=",;") >= 0
            and (s.has("THIS_SEASON", "SEASON", "STANDINGS", "CHAMPIONSHIP") or s.at(i + 1, "ALL"))
            and s.near(i, "SINCE", right=3) < 0
        ):
            for who in look.subject(i)[:1]:
                yield look.claim(
                    "season_count",
                    [look.driver(who)],
                    (i, i),
                    value=0,
                    unit="wins",
                    event=look.event,
                )
    yield from _droughts(look)
    for i in s.find("times"):
        teams = [k for k in s.find("team") if not look.person_at(k)]
        passing = {k for p in look.people for _, _, k in p.said}
        if (
            s.near(i, "CHAMPION", left=2, right=2) >= 0
            and teams
            and i not in passing
            and s.has("CONSTRUCTORS")
        ):
            team = look.team(s.marks[teams[-1]].kinds["team"])
            yield look.claim("titles", [team], (i, i), value=s.marks[i].kinds["times"])
    yield from _first_times(look)
    for i in s.find("MAIDEN"):
        if s.at(i + 1, "SPRINT", "RACE", "GP"):
            continue
        unit = _unit(look, i)
        if unit:
            for entity in _entities(look, i):
                yield look.claim(
                    "first_since", [entity], (i, i), value="maiden", unit=unit, event=_then(look, i)
                )


def _then(look: Look, i: int) -> Event | None:
    """The event of a maiden win: in the year that is named beside it, at the place of the sentence."""
    s, event = look.s, look.event
    year = s.near(i, "year", right=8, stop=";")
    place = next(s.find("place"), -1)
    if year < 0 or event is None or place < 0:
        return event
    there = look.names.events_at(s.marks[place].kinds["place"], s.marks[year].kinds["year"])
    return there[0] if there else event


def _first_times(look: Look) -> Iterator[Claim]:
    """``leads for the first time``, ``won there for the first time since 2021``."""
    s = look.s
    for i in s.find("FIRST"):
        since = s.near(i, "SINCE", right=2)
        year = s.near(since, "year", right=3) if since >= 0 else -1
        if since >= 0 and year < 0:
            continue
        value: Any = {"season": s.marks[year].kinds["year"]} if since >= 0 else "maiden"
        if s.near(i, "THIS_SEASON", left=4, right=3) >= 0 and not s.has("LEADER", "LEADS"):
            k = s.near(
                i, "WIN", "VICTORY", "PODIUM", "POLE", "IN_POINTS", left=8, right=8, stop=";"
            )
            for who in look.subject(k)[:1] if k >= 0 else ():
                unit = _unit(look, k - 1)
                yield look.claim(
                    "season_count", [look.driver(who)], (i, k), value=1, unit=unit, event=look.event
                )
            continue
        k = s.near(
            i,
            "LEADER",
            "LEADS",
            "WIN",
            "VICTORY",
            "PODIUM",
            "POLE",
            "IN_POINTS",
            left=8,
            right=8,
            stop=";",
        )
        if k < 0:
            continue
        unit = "lead" if s.at(k, "LEADER", "LEADS") else _unit(look, k - 1)
        here = [
            j for j in s.find("place") if since >= 0 or s.marks[j].kinds["place"][0][0] != "country"
        ]
        scope = {"venue": look.venue(here[0])} if here and unit != "lead" else {}
        for who in look.subject(k)[:1]:
            yield look.claim(
                "first_since",
                [look.driver(who)],
                (i, k),
                value=value,
                unit=unit,
                scope=scope,
                event=look.event,
            )
    for i in s.find("NEVER_BEFORE"):
        k = s.near(i, "WIN", "VICTORY", "PODIUM", "POLE", "IN_POINTS", right=12)
        here = [j for j in s.find("place")]
        if k >= 0:
            scope = {"venue": look.venue(here[0])} if here else {}
            for who in look.subject(k)[:1]:
                yield look.claim(
                    "first_since", [look.driver(who)], (i, k), value="maiden", unit=_unit(look, k - 1),
                    scope=scope, event=look.event,
                )  # fmt: skip


def _share(look: Look) -> Iterator[Claim]:
    """``zes van de acht races won``: where the verb comes last, so many of all there were."""
    s = look.s
    for i in s.find("number"):
        k = i + 2 + s.at(i + 2, "the")
        if not (s.at(i + 1, "of") and s.at(k, "number") and s.at(k + 1, "RACE", "GP")):
            continue
        won, years = s.near(k, "WIN", right=3, stop=",;"), list(s.find("year"))
        if won < 0 or look.event is None or s.at(i, "year"):
            continue
        season = s.marks[years[-1]].kinds["year"] if years else look.event.season
        run = [each for each in look.record.calendar(season) if each.key <= look.event.key]
        for who in look.subject(won)[:1] if run else ():
            yield look.claim(
                "season_count", [look.driver(who)], (i, won), value=int(s.marks[i].kinds["number"]),
                unit="wins", event=run[-1],
            )  # fmt: skip


def _droughts(look: Look) -> Iterator[Claim]:
    """``132 races without a victory for Williams``, ``not on the podium since``, ``the last ... to win``."""
    s = look.s
    for i in s.find("number"):
        if s.at(i + 1, "RACE") and s.near(i, "NOT", right=4) >= 0 and not s.at(i, "year"):
            unit = _unit(look, i)
            for entity in _team_or_driver(look, i):
                yield look.claim(
                    "first_since", [entity], (i, i + 1), value={}, unit=unit, event=look.event,
                    scope={"races": int(s.marks[i].kinds["number"])},
                )  # fmt: skip
    for i in s.find("SINCE"):
        if (
            s.near(i, "NOT", left=8) >= 0
            and s.near(i, *COUNTED, "WIN", left=6) >= 0
            and not s.at(i - 1, "NOT")
        ):
            unit = "podiums" if s.near(i, "PODIUM", left=6) >= 0 else "wins"
            for entity in _team_or_driver(look, i, left=True):
                yield from _first_after(look, entity, i, unit)
    for i in s.find("PREVIOUS"):
        team = s.near(i, "team", right=2)
        if (
            team >= 0
            and s.near(i, "WIN", "VICTORY", "PODIUM", right=5) >= 0
            and s.has("year", "date")
        ):
            unit = "podiums" if s.near(i, "PODIUM", right=5) >= 0 else "wins"
            yield from _first_after(look, look.team(s.marks[team].kinds["team"]), i, unit)


def _team_or_driver(look: Look, i: int, *, left: bool = False) -> list[Entity]:
    s = look.s
    span = s.find("team", end=i) if left else s.find("team", start=i)
    teams = [k for k in span if not look.person_at(k)]
    if teams:
        return [look.team(s.marks[teams[0]].kinds["team"])]
    return [look.driver(who) for who in look.subject(i)[:1]]


def _first_after(look: Look, entity: Entity, i: int, unit: str) -> Iterator[Claim]:
    """A claim of the last time before, whose year or place is named after a mark."""
    s = look.s
    year = next(
        (
            k
            for k in s.find("year", "date", start=i)
            if "year" in s.marks[k].kinds or "year" in s.marks[k].kinds["date"]
        ),
        -1,
    )
    if year < 0 or look.event is None:
        return
    kinds = s.marks[year].kinds
    value: dict[str, int] = {"season": kinds.get("year") or kinds["date"]["year"]}
    place = next(s.find("place", start=i), -1)
    if place >= 0:
        there = look.names.events_at(s.marks[place].kinds["place"], value["season"])
        if there and there[0].key < look.event.key:
            value["round"] = there[0].round
    yield look.claim("first_since", [entity], (i, year), value=value, unit=unit, event=look.event)


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


def _entities(look: Look, i: int) -> list[Entity]:
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
        ):
            if s.at(i + 1, *COUNTED) or s.at(i - 1, "NUMBER_PLATE") or k == i + 2:
                return [look.team(s.marks[k].kinds["team"])]
    topical = 1 + s.at(1, "the")
    if s.at(0, "about_whom") and s.at(topical, "team") and not look.person_at(topical):
        return [look.team(s.marks[topical].kinds["team"])]
    if not look.people and (teams := [k for k in s.find("team", end=i)]):
        return [look.team(s.marks[teams[-1]].kinds["team"])]
    return [look.driver(who) for who in _who(look, i)[:1]]


def _streak(look: Look, i: int, n: int) -> Iterator[Claim]:
    title = look.s.near(i, "TITLE", "CHAMPION", left=4, right=4, stop=",;")
    if title >= 0 and look.person_at(title) is None:
        for entity in _entities(look, i):
            yield look.claim(
                "titles", [entity], (i, i), value=n, event=look.event, scope={"counted": True}
            )
        return
    unit = {"wins": "wins in a row", "podiums": "podiums in a row", "poles": "poles in a row",
            "points finishes": "points finishes in a row"}.get(_unit(look, i), "wins in a row")  # fmt: skip
    for entity in _entities(look, i):
        scope: dict[str, object] = {}
        if (
            look.s.near(i, "UNIT", right=2, stop=",;") >= 0
            and look.s.near(i, "IN_A_ROW", right=4) >= 0
        ):
            unit_at = look.s.near(i, "UNIT", right=2, stop=",;")
            if look.s.marks[unit_at].kinds["UNIT"] == "years":
                scope["venue"] = True
        year = look.s.near(i, "year", right=6, stop=";")
        if year >= 0 and look.event and look.s.marks[year].kinds["year"] != look.event.season:
            scope["season"] = look.s.marks[year].kinds["year"]
        yield look.claim(
            "streak", [entity], (i, i), value=n, unit=unit, scope=scope, event=look.event
        )


def _count(look: Look, i: int, n: int) -> Iterator[Claim]:
    s = look.s
    unit = _unit(look, i)
    lately = s.near(i, "PREVIOUS", right=6, stop=",;")
    if lately >= 0 and s.near(lately, "RACE", right=3) >= 0:
        return  # "his fourth podium in the last five races"
    for entity in _entities(look, i):
        if unit == "titles":
            chased = s.near(i, "CHASE", "STILL_POSSIBLE", "MODAL", left=5, right=8, stop=",;") >= 0
            yield look.claim(
                "titles",
                [entity],
                (i, i),
                value=n - chased,
                event=look.event,
                scope={"counted": True},
            )
            continue
        other = next(s.find("ordinal", start=i + 1), len(s))
        venue = [k for k in s.find("place", start=i, end=min(i + 8, other))]
        season_at = s.near(i, "THIS_SEASON", "SEASON", right=6, stop=";")
        season = season_at >= 0 and not any(s.at(k, "ordinal") for k in range(i + 1, season_at))
        nearest = s.near(i, "THIS_SEASON", "SEASON", "CAREER", right=6, stop=";")
        career = s.at(nearest, "CAREER")
        season = season and not career
        if season and n == 1 and s.near(i, "CHASE", left=4) >= 0:
            yield look.claim("season_count", [entity], (i, i), value=0, unit=unit, event=look.event)
            continue
        if season:
            yield look.claim("season_count", [entity], (i, i), value=n, unit=unit, event=look.event)
        elif career or unit == "starts":
            yield look.claim("career_count", [entity], (i, i), value=n, unit=unit, event=look.event)
        elif n == 1 and s.marks[i].kinds.get("ordinal"):
            pass
        elif venue:
            scope = {"venue": look.venue(venue[0])}
            yield look.claim(
                "venue_count", [entity], (i, i), value=n, unit=unit, scope=scope, event=look.event
            )
        else:
            yield look.claim(
                "career_count" if n > 24 else "season_count",
                [entity],
                (i, i),
                value=n,
                unit=unit,
                event=look.event,
            )
        ever = (
            not season
            and s.near(i, "HOME", right=4, stop=",;") < 0
            or s.near(i, "SINCE", right=6, stop=";") >= 0
        )
        if n == 1 and s.marks[i].kinds.get("ordinal") and ever:
            yield from _first(look, entity, i, unit, venue)


def _first(look: Look, entity: Entity, i: int, unit: str, venue: list[int]) -> Iterator[Claim]:
    """``his first win``, ``since 2013``, ``in Spain``."""
    s = look.s
    since = s.near(i, "SINCE", right=6, stop=";")
    if (
        since < 0
        and s.near(i, "UNIT", "SEASON", right=7, stop=",;") >= 0
        and s.near(i, "HEDGE", "number", right=5) >= 0
    ):
        return  # "his first win in more than a year"
    if since >= 0 and any(s.at(k, "ordinal") for k in range(i + 1, since)):
        since = -1
    if since < 0:
        scope = (
            {"venue": look.venue(venue[0])} if venue and look.s.near(i, "GP", right=4) < 0 else {}
        )
        here = venue and look.event in look.names.events_at(
            s.marks[venue[0]].kinds["place"], look.event.season if look.event else 0
        )
        if here and not s.at(venue[0] - 1, "of"):
            scope = {}
        yield look.claim("first_since", [entity], (i, i), value="maiden", unit=unit, scope=scope)
        return
    year = s.near(since, "year", "date", right=8)
    value: dict[str, int] = {}
    if year >= 0:
        kinds = s.marks[year].kinds
        value["season"] = kinds.get("year") or kinds["date"].get("year")
    place = s.near(since, "place", right=5)
    if place >= 0 and look.event:
        there = look.names.events_at(
            s.marks[place].kinds["place"], value.get("season") or look.event.season
        )
        if there and there[0].key < look.event.key:
            value |= {"season": there[0].season, "round": there[0].round}
    yield look.claim("first_since", [entity], (i, i), value=value, unit=unit, event=look.event)
