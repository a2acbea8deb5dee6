"""What happened for the first time, or for the first time since another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from racecraft.press_old.roles import COUNTED
from racecraft.press_old.said.counted import unit_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from racecraft.history.rows import Event
    from racecraft.press_old.claim import Claim, Entity
    from racecraft.press_old.look import Look


def first_times(look: Look) -> Iterator[Claim]:
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
                unit = unit_of(look, k - 1)
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
        unit = "lead" if s.at(k, "LEADER", "LEADS") else unit_of(look, k - 1)
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
        here = list(s.find("place"))
        if k >= 0:
            scope = {"venue": look.venue(here[0])} if here else {}
            for who in look.subject(k)[:1]:
                yield look.claim(
                    "first_since",
                    [look.driver(who)],
                    (i, k),
                    value="maiden",
                    unit=unit_of(look, k - 1),
                    scope=scope,
                    event=look.event,
                )


def droughts(look: Look) -> Iterator[Claim]:
    """``132 races without a win for Williams``, ``no podium since``, ``the last to win``."""
    s = look.s
    for i in s.find("number"):
        if s.at(i + 1, "RACE") and s.near(i, "NOT", right=4) >= 0 and not s.at(i, "year"):
            unit = unit_of(look, i)
            for entity in _team_or_driver(look, i):
                yield look.claim(
                    "first_since",
                    [entity],
                    (i, i + 1),
                    value={},
                    unit=unit,
                    event=look.event,
                    scope={"races": int(s.marks[i].kinds["number"])},
                )
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


def first(look: Look, entity: Entity, i: int, unit: str, venue: list[int]) -> Iterator[Claim]:
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


def then_at(look: Look, i: int) -> Event | None:
    """The event of a maiden win: in the year that stands beside it, at the place named."""
    s, event = look.s, look.event
    year = s.near(i, "year", right=8, stop=";")
    place = next(s.find("place"), -1)
    if year < 0 or event is None or place < 0:
        return event
    there = look.names.events_at(s.marks[place].kinds["place"], s.marks[year].kinds["year"])
    return there[0] if there else event


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
