"""Where somebody started or qualified."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from racecraft.press_old.claim import Claim
    from racecraft.press_old.look import Look


def find(look: Look) -> Iterator[Claim]:
    """Places on the grid and rows of it, pole, the pit lane, places in qualifying."""
    s = look.s
    for i, role in look.roles.items():
        place = s.marks[i].kinds["ordinal"]
        for who in _starter(look, i) if role in ("grid", "row", "qualifying") else ():
            if role == "grid":
                yield look.claim("grid_position", [look.driver(who)], (i, i), value=place)
            elif role == "row":
                yield look.claim("grid_row", [look.driver(who)], (i, i), value=place)
            else:
                yield look.claim("qualifying_position", [look.driver(who)], (i, i), value=place)
    for i in s.find("POLE"):
        if s.near(i, "ordinal", "number", "MAIDEN", left=3, stop=",;") >= 0 and look.roles.get(
            s.near(i, "ordinal", left=3, stop=",;")
        ) not in ("grid", "finish", None):
            if s.near(i, "number", left=2) < 0:
                yield from (_pole(look, who, i) for who in _starter(look, i)[:1])
            continue
        session = "sprint" if s.near(i, "SPRINT", left=2, right=3, stop=",;") >= 0 else "race"
        for who in _starter(look, i)[:1]:
            yield _pole(look, who, i, session)
    for i in s.find("BESIDE"):
        beside = [p for p in look.people if p.i in (i - 1, i + 1)]
        for person in beside[:1] if s.has("POLE", "FRONT_ROW") else ():
            yield look.claim("grid_position", [look.driver(person.who)], (i, i), value=2)
    for i in s.find("PIT_LANE"):
        if s.near(i, "START", left=5, right=3) >= 0:
            for who in _starter(look, i)[:1]:
                yield look.claim("grid_position", [look.driver(who)], (i, i), value="PL")
    for i in s.find("FRONT_ROW", "BACK_ROW"):
        if s.at(i, "FRONT_ROW") and s.near(i, "ONLY", right=4, stop=",;") >= 0:
            yield from (_pole(look, who, i) for who in _starter(look, i)[:1])
        elif s.at(i, "FRONT_ROW"):
            for who in _starter(look, i):
                yield look.claim("grid_row", [look.driver(who)], (i, i), value=1)
        else:
            for who in _starter(look, i)[:1]:
                yield look.claim(
                    "grid_row", [look.driver(who)], (i, i), value=_last(look) // 2 + _last(look) % 2
                )
    for i in s.find("BACK_OF_GRID"):
        for who in _starter(look, i)[:1]:
            yield look.claim("grid_position", [look.driver(who)], (i, i), value=_last(look))


def _pole(look: Look, who: str, i: int, session: str = "race") -> Claim:
    return look.claim("grid_position", [look.driver(who)], (i, i), value=1, session=session)


def _last(look: Look) -> int:
    event = look.event
    return len(look.record.results(*event.key)) if event else 0


def _starter(look: Look, i: int) -> list[str]:
    """Who started there: "with Hamilton on pole" too."""
    return look.subject(i)
