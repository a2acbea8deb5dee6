"""How often: wins of a season, a career, at a place, in a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press_old.claim import Entity
from racecraft.press_old.said.counted import counted_of, entities, unit_of
from racecraft.press_old.said.firsts import droughts, first, first_times, then_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from racecraft.press_old.claim import Claim
    from racecraft.press_old.look import Look


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
            for who in counted_of(look, i)[:1]:
                kind = "titles" if role == "title_count" else "career_count"
                unit = "" if role == "title_count" else "starts"
                yield look.claim(
                    kind,
                    [look.driver(who)],
                    (i, i),
                    value=n,
                    unit=unit,
                    event=look.event,
                    scope={"counted": True},
                )
    for i in s.find("number"):
        if s.at(i, "year") or s.at(i, "ordinal"):
            continue
        n = s.marks[i].kinds["number"]
        if s.near(i, "IN_A_ROW", right=5, stop=",;") >= 0:
            yield from _streak(look, i, int(n))
        elif (
            s.near(i, "VICTORY", "WIN", "PODIUM", "POLE", "STARTS", "TITLE", right=2, stop=",;-")
            >= 0
            and n == int(n)
        ) or (s.at(i - 1, "NUMBER_PLATE") and s.near(i, "VICTORY", "PODIUM", "POLE", left=3) >= 0):
            yield from _count(look, i, int(n))
    for i in s.find("ordinal", "number"):
        kinds = s.marks[i].kinds
        n = kinds["ordinal"] if "ordinal" in kinds else kinds["number"]
        if s.at(i + 1, "ATTEMPT") and not s.at(i, "year") and n > MOST_STARTS:
            for who in counted_of(look, i)[:1]:
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
                    "season_count",
                    [look.driver(who)],
                    (i, n),
                    value=int(kinds["times"] if "times" in kinds else kinds["number"]),
                    unit="wins",
                    event=look.event,
                )
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
    yield from droughts(look)
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
    yield from first_times(look)
    for i in s.find("MAIDEN"):
        if s.at(i + 1, "SPRINT", "RACE", "GP"):
            continue
        unit = unit_of(look, i)
        if unit:
            for entity in entities(look, i):
                yield look.claim(
                    "first_since",
                    [entity],
                    (i, i),
                    value="maiden",
                    unit=unit,
                    event=then_at(look, i),
                )


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
                "season_count",
                [look.driver(who)],
                (i, won),
                value=int(s.marks[i].kinds["number"]),
                unit="wins",
                event=run[-1],
            )


def _streak(look: Look, i: int, n: int) -> Iterator[Claim]:
    title = look.s.near(i, "TITLE", "CHAMPION", left=4, right=4, stop=",;")
    if title >= 0 and look.person_at(title) is None:
        for entity in entities(look, i):
            yield look.claim(
                "titles", [entity], (i, i), value=n, event=look.event, scope={"counted": True}
            )
        return
    unit = {
        "wins": "wins in a row",
        "podiums": "podiums in a row",
        "poles": "poles in a row",
        "points finishes": "points finishes in a row",
    }.get(unit_of(look, i), "wins in a row")
    for entity in entities(look, i):
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
    unit = unit_of(look, i)
    lately = s.near(i, "PREVIOUS", right=6, stop=",;")
    if lately >= 0 and s.near(lately, "RACE", right=3) >= 0:
        return  # "his fourth podium in the last five races"
    for entity in entities(look, i):
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
        venue = list(s.find("place", start=i, end=min(i + 8, other)))
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
        ever = (not season and s.near(i, "HOME", right=4, stop=",;") < 0) or s.near(
            i, "SINCE", right=6, stop=";"
        ) >= 0
        if n == 1 and s.marks[i].kinds.get("ordinal") and ever:
            yield from first(look, entity, i, unit, venue)
