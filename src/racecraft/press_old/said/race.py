"""The event itself: where and when it was, how long, what comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press_old.claim import Entity
from racecraft.press_old.figures import as_date

if TYPE_CHECKING:
    from collections.abc import Iterator

    from racecraft.history.rows import Event
    from racecraft.press_old.claim import Claim
    from racecraft.press_old.look import Look


HALF_A_RACE = 40  # laps; fewer of them are not called a race
FULL_DISTANCE = (250, 320)  # kilometres


SATURDAY = 5  # Monday is 0; other days of a weekend are those of practice and of birthdays


def find(look: Look) -> Iterator[Claim]:
    """Venues, dates, numbers of laps and races."""
    if look.event is None:
        return
    yield from _venue(look, look.event)
    yield from _days(look, look.event)
    yield from _laps(look, look.event)
    yield from _distance(look, look.event)
    yield from _calendar(look, look.event)


def _venue(look: Look, event: Event) -> Iterator[Claim]:
    s = look.s
    done = set()
    for i in s.find("place"):
        places = s.marks[i].kinds["place"]
        circuits = [which for kind, which in places if kind == "circuit"]
        if not circuits or (s.number == 0 and i == 0):
            continue
        there = look.names.events_at(places, event.season)
        year = s.near(i, "year", "date", right=4, left=2, stop=";")
        year = -1 if s.at(year - 1, "SINCE") else year
        which = event
        if year >= 0:
            kinds = s.marks[year].kinds
            season = kinds.get("year") or kinds["date"].get("year")
            if season and season != event.season:
                continue
        if there and event not in there:
            which = there[0]
        if which.key in done:
            continue
        done.add(which.key)
        yield look.claim(
            "circuit",
            [look.event_entity(which)],
            (i, i),
            value=circuits[0],
            event=which,
            scope={"circuits": tuple(circuits)},
        )


def _days(look: Look, event: Event) -> Iterator[Claim]:
    s = look.s
    for i in s.find("date"):
        when = s.marks[i].kinds["date"]
        near = look.names
        places = [k for k in s.find("place") if abs(k - i) <= 8]
        which: Event | None = event
        if "day" in when and event.date:
            day = as_date(when, event.date)
            following = look.record.step(*event.key)
            if day and places:
                close = min(places, key=lambda k: abs(k - i))
                there = near.events_at(s.marks[close].kinds["place"], day.year)
                which = there[0] if there else (following if day > event.date else event)
            elif day and day > event.date and s.has("NEXT"):
                which = following
            if which and day:
                yield look.claim("date", [look.event_entity(which)], (i, i), value=day, event=which)
        elif "year" in when and s.at(i - 1, "SINCE") and (not places or places[-1] < i):
            continue
        elif "year" in when and places:
            there = near.events_at(s.marks[places[-1]].kinds["place"], when["year"])
            if there:
                yield look.claim(
                    "date",
                    [look.event_entity(there[0])],
                    (i, i),
                    value=s.marks[i].text,
                    event=there[0],
                    scope=when,
                )
    for i in s.find("weekday"):
        racing = s.marks[i].kinds["weekday"] >= SATURDAY
        if (
            racing
            and not s.quoted
            and not s.has("NEXT")
            and s.near(i, "date", left=2, right=2) < 0
            and s.near(i, "SPRINT", "QUALIFY", right=5, left=4) < 0
        ):
            yield look.claim(
                "date",
                [look.event_entity(event)],
                (i, i),
                value=s.marks[i].text,
                scope={"weekday": s.marks[i].kinds["weekday"]},
            )


def _laps(look: Look, event: Event) -> Iterator[Claim]:
    s = look.s
    for i in s.find("number"):
        n = s.marks[i].kinds["number"]
        if not 10 <= n <= 110:
            continue
        k = i + 1
        while k < len(s) and s.marks[k].word == "-":
            k += 1
        total = s.at(k, "LAPS", "LAP") and (
            (s.near(i, "of", left=2) >= 0 and s.near(i, "number", "LAP", left=4) >= 0)
            or s.near(k, "RACE", "GP", right=2) >= 0
            or s.near(i, "after", left=1) >= 0
        )
        of_total = (
            s.near(i, "of", left=2) >= 0
            and s.near(i, "LAP", left=5, stop=",;") >= 0
            and s.near(i, "number", left=4, stop=",;") >= 0
        )
        whole = (
            s.at(i - 1, "BEHIND")
            and n > HALF_A_RACE
            and not s.has("RUNNING", "PASS", "PIT", "LED", "RETIRE")
        )
        if total or of_total or (s.at(k, "LAPS") and whole):
            yield look.claim("lap_count", [look.event_entity(event)], (i, i), value=int(n))


def _distance(look: Look, event: Event) -> Iterator[Claim]:
    s = look.s
    for i in s.find("number"):
        unit = s.marks[i + 1].kinds.get("UNIT") if i + 1 < len(s) else None
        if (
            unit == "kilometres"
            and FULL_DISTANCE[0] <= s.marks[i].kinds["number"] <= FULL_DISTANCE[1]
        ):
            km = s.marks[i].kinds["number"]
            yield look.claim(
                "race_distance",
                [look.event_entity(event)],
                (i, i + 1),
                value=km,
                hedge=look.hedge(i),
            )


def _part_of(look: Look, i: int) -> int:
    """Place of the number that another is a part of: "12 of the season's 21 races"; or 0."""
    s = look.s
    part = s.near(i, "number", left=5, stop=",;")
    between = range(part + 1, i) if part >= 0 else ()
    return part if any(s.at(k, "of") for k in between) and not s.at(part, "year") else 0


def _so_far(look: Look, event: Event, part: int, i: int) -> Iterator[Claim]:
    """``after 12 of 21 races``, ``won 11 of the 17 races so far``: the round, and of how many."""
    s = look.s
    run, races = (int(s.marks[k].kinds["number"]) for k in (part, i))
    subject = [look.event_entity(event)]
    if s.at(part - 1, "after", "but"):
        season = Entity("season", str(event.season), str(event.season))
        yield look.claim("calendar", subject, (part, part), value=run, unit="round", event=event)
        yield look.claim("calendar", [season], (i, i), value=races, unit="races", event=event)
    elif s.near(part, "WIN", "VICTORY", "PODIUM", "POLE", left=4, right=2) >= 0:
        yield look.claim("calendar", subject, (i, i), value=races, unit="round", event=event)


def _dated(look: Look, event: Event) -> Event:
    """The event that a number of races is about: "after Qatar", "last year in Japan", "in 2002"."""
    s = look.s
    years = [s.marks[k].kinds["year"] for k in s.find("year") if not s.at(k - 1, "SINCE")]
    season = years[0] if years else event.season - s.has("LAST_YEAR")
    rounds = [s.marks[k].kinds["ordinal"] for k, role in look.roles.items() if role == "round"]
    if season != event.season and rounds:
        return next(
            (each for each in look.record.calendar(season) if each.round == rounds[0]), event
        )
    for k in s.find("place"):
        there = look.names.events_at(s.marks[k].kinds["place"], season)
        if there and (season != event.season or s.at(k - 1, "BEHIND")):
            return there[0]
    return event


def _calendar(look: Look, event: Event) -> Iterator[Claim]:
    s = look.s
    for i, role in look.roles.items():
        if role == "round":
            n = s.marks[i].kinds["ordinal"]
            following = look.record.step(*event.key)
            if (
                s.near(i, "NEXT", left=4) >= 0
                and s.near(i, "RACE", "GP", left=2) >= 0
                and following
            ):
                yield look.claim(
                    "calendar",
                    [look.event_entity(following)],
                    (i, i),
                    value=n,
                    unit="round",
                    event=following,
                )
            elif s.near(i, "NEXT", left=4) < 0:
                about = _dated(look, event)
                yield look.claim(
                    "calendar",
                    [look.event_entity(about)],
                    (i, i),
                    value=n,
                    unit="round",
                    event=about,
                )
    for i in s.find("number"):
        n = s.marks[i].kinds["number"]
        if n != int(n) or s.at(i, "year") or n > 24:
            continue
        race = s.near(i, "RACE", "GP", right=3, stop=",;")
        if race >= 0 and any(s.at(k, "number") for k in range(i + 1, race)):
            continue
        if race == i + 1 and (part := _part_of(look, i)):
            yield from _so_far(look, event, part, i)
            continue
        if (race >= 0 and s.near(race, "TO_GO", right=3) >= 0) or (
            race >= 0 and s.near(race, "TO_GO", left=3) >= 0
        ):
            about = _dated(look, event)
            yield look.claim(
                "calendar",
                [look.event_entity(about)],
                (i, i),
                value=int(n),
                unit="races left",
                event=about,
            )
        elif (
            race >= 0
            and s.near(i, "number", "ordinal", left=6) >= 0
            and s.near(i, "VICTORY", "WIN", left=3) >= 0
            and (s.at(i - 1, "of") or s.at(i - 2, "of"))
        ) or (
            (race >= 0 and s.near(i, "after", "but", left=3) >= 0)
            or (s.at(i - 1, "RACE") and not s.at(i + 1, "UNIT"))
        ):
            yield look.claim(
                "calendar", [look.event_entity(event)], (i, i), value=int(n), unit="round"
            )
    for i in s.find("NEXT"):
        places = [k for k in s.find("place") if abs(k - i) <= 9 or (k > i and i <= 2)]
        following = look.record.step(*event.key)
        if places and following and (s.near(i, "RACE", "GP", "place", right=6, left=2) >= 0):
            there = look.names.events_at(s.marks[places[0]].kinds["place"], following.season)
            if there:
                yield look.claim(
                    "calendar",
                    [look.event_entity(event)],
                    (i, places[0]),
                    value=there[0].name,
                    scope={"next": look.event_entity(there[0])},
                )
