"""What no table can decide: incidents, opinions, money, the weather."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from racecraft.press.claim import Claim
    from racecraft.press.look import Look

TYPES = {"TEAM_ORDERS": "team_order", "WEATHER": "weather", "TYRES": "tyres", "ODDS": "odds", "SPECTATORS": "attendance",
         "MONEY": "finance", "FORM": "form", "MISTAKE": "incident"}  # fmt: skip


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
            if subjects:
                yield look.claim(kind, subjects, (i, i), value=s.marks[i].text)
            break
    if s.quoted or s.has("SAID") and not s.has("number", "ordinal"):
        who = [p.who for p in look.subjects[:1]] or ([look.topic] if look.topic else [])
        if who:
            yield look.claim("quote", [look.driver(who[0])], (0, len(s) - 1), value=s.text)
