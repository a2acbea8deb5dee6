"""What no table can decide: incidents, opinions, money, the weather."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press_old.said.course import lap_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from racecraft.press_old.claim import Claim
    from racecraft.press_old.look import Look

TYPES = {
    "TEAM_ORDERS": "team_order",
    "WEATHER": "weather",
    "TYRES": "tyres",
    "ODDS": "odds",
    "SPECTATORS": "attendance",
    "MONEY": "finance",
    "FORM": "form",
    "MISTAKE": "incident",
}


def find(look: Look) -> Iterator[Claim]:
    """One claim a sentence for each matter that is spoken of."""
    s = look.s
    for concept, kind in TYPES.items():
        for i in s.find(concept):
            who = look.subject(i)[:1]
            event = [look.event_entity(look.event)] if look.event else []
            subjects = (
                event
                if kind in ("weather", "attendance", "finance")
                else [look.driver(w) for w in who]
            )
            if kind == "form":
                yield from _form(look, i)
            elif kind == "incident" and who:
                yield _mistake(look, i, who[0])
            elif subjects:
                yield look.claim(kind, subjects, (i, i), value=s.marks[i].text)
            break
    if s.quoted or (s.has("SAID") and not s.has("number", "ordinal")):
        who = [p.who for p in look.subjects[:1]] or ([look.topic] if look.topic else [])
        if who:
            yield look.claim("quote", [look.driver(who[0])], (0, len(s) - 1), value=s.text)


def _form(look: Look, i: int) -> Iterator[Claim]:
    """``Pérez's pace ... had improved since Austin``."""
    s, event = look.s, look.event
    owner = [p for p in s.people if p.genitive and p.last < i]
    who = owner[-1].who if owner else next(iter(look.subject(i)), "")
    since = next(s.find("SINCE", start=i), -1)
    place = s.near(since, "place", right=4) if since >= 0 else -1
    there = (
        look.names.events_at(s.marks[place].kinds["place"], event.season)
        if place >= 0 and event
        else []
    )
    scope = {"since": look.event_entity(there[0])} if there else {}
    if who:
        yield look.claim(
            "form",
            [look.driver(who)],
            (i, max(i, place)),
            value="improved",
            scope=scope,
            event=event,
        )


def _mistake(look: Look, i: int, who: str) -> Claim:
    """``he didn't come out of Turn 3 properly``: of a lap, or of the fight that is spoken of."""
    lap = lap_at(look, i)[0] if look.s.has("LAP", "LAST_LAP") else None
    rival = next((each for each in look.both() if each != who), "")
    scope = {"other": look.driver(rival)} if rival and look.s.has("TURN") else {}
    return look.claim(
        "incident", [look.driver(who)], (i, i), value=look.s.marks[i].text, lap=lap, scope=scope
    )
