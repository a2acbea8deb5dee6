"""Points of a driver, in the championship or in the race."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from racecraft.press_old.claim import Claim
    from racecraft.press_old.look import Look


MOST_A_RACE = 26  # points for a win with the fastest lap


def totals(look: Look) -> Iterator[Claim]:
    """``has 273 points``, ``Hamilton has 164 points, Bottas 117``, ``Norris (113)``."""
    s = look.s
    table = s.has("POINTS", "STANDINGS", "CHAMPIONSHIP", "UNIT")
    listing = look.before is not None and look.before.listing
    if not (table or listing) or (not look.people and s.has("CONSTRUCTORS")):
        return
    found = 0
    told = told_with_gaps(look)
    for i in s.find("number"):
        if (
            i in told
            or s.at(i, "year")
            or (s.at(i + 2, "driver") and s.marks[i + 1].word == ".")
            or s.at(i + 1, "AGAINST")
            or s.at(i - 1, "AGAINST")
            or s.near(i, "LEAD", left=2, stop=",;") >= 0
            or (s.at(i - 1, "to") and s.at(i - 2, "number") and s.has("LEAD", "CUT", "EXTEND"))
            or (not s.marks[i].text[0].isdigit() and not is_points(look, i))
        ):
            continue
        value = float(s.marks[i].kinds["number"])
        if s.near(i, "LEAD", left=9, right=3) >= 0 and not s.at(i - 1, "HAVE"):
            continue
        if counts_something_else(look, i) or _counts_a_lead(look, i):
            continue
        holder = ""
        person = [p for p in look.people if p.last < i]
        if person and i - person[-1].last <= 7:
            gap = range(person[-1].last + 1, i)
            if all(
                s.at(
                    k,
                    "HAVE",
                    "BE",
                    "on",
                    "to",
                    "of",
                    "the",
                    "team",
                    "with",
                    "BEHIND",
                    "number",
                    "word",
                    "HEDGE",
                    "ordinal",
                    "STANDINGS",
                    "PLACE",
                    "FINISH",
                    "and",
                    "TAKE",
                )
                or s.marks[k].word in ",(-–—:"
                for k in gap
            ):
                direct = (
                    s.marks[i - 1].word == "("
                    or s.at(i - 1, "HAVE", "of", "with", "on", "to", "team", "person", "HEDGE")
                    or i - 1 == person[-1].last
                )
                if direct or s.marks[i - 1].word == ",":
                    holder = person[-1].who
        owner = [p for p in s.people if p.genitive and i - 3 <= p.last < i]
        if owner and (found or is_points(look, i)):
            holder = owner[-1].who
        said_before = (
            s.at(i - 1, "of", "HAVE", "with")
            or (s.at(i - 2, "HAVE") and s.at(i - 1, "there"))
            or (found and s.at(i + 1, "HAVE"))
        )
        with_ = said_before and (is_points(look, i) or s.at(i - 2, "ordinal") or found)
        if not holder and (
            with_ or (is_points(look, i) and s.near(i, "HAVE", "TAKE", "SCORE", left=4) >= 0)
        ):
            holder = (look.subject(i) or [""])[0]
        if not holder:
            continue
        if not (
            is_points(look, i) or found or listing or s.has("STANDINGS", "CHAMPIONSHIP", "LEADS")
        ):
            continue
        beyond = ("CLEAR", "LEAD") if s.at(i - 1, "with") else ("CLEAR", "AHEAD", "LEAD")
        short = short_of(look, i) or short_of_leader(look, i)
        if s.near(i, *beyond, right=2, stop=",;().") >= 0 or short:
            continue
        scored = s.near(i, "SCORE", left=5, stop=",;") >= 0
        scored |= s.near(i, "TAKE", left=5, stop=",;") >= 0 and value <= MOST_A_RACE
        if scored and not s.has("STANDINGS", "CHAMPIONSHIP"):
            yield look.claim("race_points", [look.driver(holder)], (i, i), value=value)
            continue
        found += 1
        group = (
            look.together([p for p in look.people if p.last < i])
            if s.near(i, "LEVEL", right=3) >= 0
            else [holder]
        )
        if s.near(i, "LEVEL", right=3) >= 0:
            group = list(dict.fromkeys([p.who for p in look.people if p.last < i]))[-2:]
        for who in group:
            yield look.claim(
                "points_total",
                [look.driver(who)],
                (i, i),
                value=value,
                event=look.now(),
                scope=when_of(look),
            )
    look.listing = found > 0


def is_points(look: Look, i: int) -> bool:
    """Whether a number is one of points."""
    s = look.s
    unit = s.near(i, "UNIT", right=2, stop=",;().")
    if s.at(i + 1, "MORE") and any(s.at(k, "POINTS") for k in range(i)):
        return True  # "Hij telt 188 punten, 17 meer dan Vettel"
    return (
        unit >= 0
        and s.marks[unit].kinds["UNIT"] == "points"
        and s.near(i, "number", right=unit - i) < 0
    )


def with_gap(look: Look) -> Iterator[tuple[int, int, int]]:
    """A total, the gap that comes right after it, and whom that is to."""
    s = look.s
    for i in s.find("number"):
        gap = next((k for k in s.find("number", start=i + 1, end=i + 5)), -1)
        between = s.marks[i + 1 : gap]
        if gap < 0 or not all(m.is_a("UNIT", "POINTS", "and") or m.word in ",–-" for m in between):
            continue
        other = s.near(gap, "driver", "team", "person", right=5, stop=",;().")
        said = s.near(gap, "AHEAD", "BEHIND", "CLEAR", "MORE", right=max(other - gap, 0)) >= 0
        more = s.at(other - 1, "HEDGE", "of_whom") and s.at(other - 2, "POINTS")
        if is_points(look, i) and other >= 0 and (said or more):
            yield i, gap, other


def told_with_gaps(look: Look) -> set[int]:
    """Numbers of which it is clear what they are, as in a total with its gap."""
    return {k for i, gap, _ in with_gap(look) for k in (i, gap)}


def when_of(look: Look) -> dict[str, bool]:
    """Whether points are spoken of as they were before the race."""
    return {"before": True} if look.s.has("BEFORE") else {}


def held(look: Look, i: int) -> bool:
    """Whether points are what somebody has, not what he leads by: "führt mit 223 Punkten vor"."""
    s = look.s
    bracketed = s.marks[i - 1].word == "(" and i + 2 < len(s) and s.marks[i + 2].word == ")"
    return bracketed or (
        s.at(i - 1, "with") and s.near(i, "LEAD", "CLEAR", "MORE", right=4, stop=",;") < 0
    )


def short_of(look: Look, i: int) -> str:
    """Whoever is that many points away: "a 17 puntos de Vettel", "à 17 points du leader"."""
    s = look.s
    if not (s.at(i - 1, "to", "on") and s.at(i + 1, "POINTS") and s.at(i + 2, "of", "by")):
        return ""
    return next((p.who for p in look.people if i + 2 < p.first <= i + 4), "")


def short_of_leader(look: Look, i: int) -> str:
    """``Pérez volgt op één punt``: nobody is named from whom that is counted but the leader."""
    s = look.s
    follows = s.at(i - 1, "on") and s.at(i + 1, "POINTS") and s.near(i, "FINISH", left=4) >= 0
    return look.setting.leader if follows and s.near(i, "ordinal", left=4, right=4) < 0 else ""


def counts_something_else(look: Look, i: int) -> bool:
    """Whether a number is one of laps, races, seconds: not of points."""
    s = look.s
    following = s.marks[i + 1] if i + 1 < len(s) else None
    if following is None:
        return False
    if following.is_a(
        "LAPS",
        "LAP",
        "RACE",
        "VICTORY",
        "WIN",
        "PODIUM",
        "POLE",
        "times",
        "GP",
        "year_old",
        "PLACE",
        "STARTS",
        "person",
        "TO_GO",
        "TITLE",
        "SPRINT",
    ):
        return True
    if following.word in ("-", "th", "%") or (
        following.is_a("UNIT") and following.kinds["UNIT"] != "points"
    ):
        return True
    return s.at(i - 1, "LAP", "RACE", "NUMBER_PLATE", "TURN", "TOP") or s.marks[i - 1].word in (
        "formula",
        "p",
        "turn",
    )


def _counts_a_lead(look: Look, i: int) -> bool:
    """Whether a number is counted from somebody before it: "son avance sur Vettel à 30"."""
    s = look.s
    before = [p for p in look.people if i - 5 <= p.last < i]
    return bool(before) and (
        s.marks[i - 1].word != "("
        and s.near(before[-1].first, "AHEAD", "BEHIND", left=2) >= 0
        and s.near(before[-1].first, "LEAD", "CUT", "EXTEND", left=6) >= 0
    )
