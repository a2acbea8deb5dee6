"""What is settled in the championship, and what is still open."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from racecraft.press_old.claim import Claim
    from racecraft.press_old.look import Look


def find(look: Look) -> Iterator[Claim]:
    """Titles that are won, certain, or still possible."""
    s = look.s
    for i in s.find("CLINCH", "UNASSAILABLE", "CERTAIN", "STILL_POSSIBLE"):
        open_ = s.at(i, "STILL_POSSIBLE")
        if s.has("ONE_TWO"):
            for k in list(s.find("team"))[:1]:
                yield look.claim(
                    "title_math",
                    [look.team(s.marks[k].kinds["team"])],
                    (k, i),
                    value="one-two",
                    hedge="almost",
                )
            break
        near = s.near(
            i,
            "TITLE",
            "CHAMPIONSHIP",
            "CHAMPION",
            "CONSTRUCTORS",
            "ordinal",
            "STANDINGS",
            left=5,
            right=6,
            stop=";",
        )
        if near < 0 and not s.at(i, "UNASSAILABLE", "STILL_POSSIBLE"):
            continue
        near = i if s.at(i, "CHAMPION") else near
        place = s.marks[near].kinds.get("ordinal", 1) if near >= 0 else 1
        teams = list(s.find("team", end=i))
        if s.has("CONSTRUCTORS") and teams:
            yield look.claim(
                "title_math",
                [look.team(s.marks[teams[-1]].kinds["team"])],
                (teams[-1], max(near, i)),
                value="possible" if open_ else "secured",
                scope={"position": place},
            )
            continue
        leads = s.near(i, "LEADS", "LEAD", "EXTEND", left=8) if s.at(i, "UNASSAILABLE") else -1
        for who in look.subject(leads if leads >= 0 else i)[:1]:
            if leads >= 0 and "ordinal" not in (s.marks[near].kinds if near >= 0 else {}):
                place = _place_led(look, who)
            if s.at(i, "CLINCH") and near >= 0 and s.at(near, "TITLE", "CHAMPION", "CHAMPIONSHIP"):
                n = s.near(near, "ordinal", left=3)
                if n >= 0:
                    continue
                yield look.claim(
                    "titles",
                    [look.driver(who)],
                    (i, near),
                    value={"season": look.event.season if look.event else 0},
                )
            else:
                past = (
                    open_
                    and s.near(i, "BE", left=4) >= 0
                    and any(
                        s.marks[k].word in s.grammar.file["people"].get("past", ())
                        for k in s.find("BE")
                    )
                )
                yield look.claim(
                    "title_math",
                    [look.driver(who)],
                    (i, max(near, i)),
                    value="possible" if open_ else "secured",
                    scope={"position": place} | ({"before": True} if past else {}),
                )


def _place_led(look: Look, who: str) -> int:
    """Place that a lead over somebody named is for: second, where the two are second and third."""
    rows = look.record.standings(*look.event.key) if look.event else ()
    places = {row.id: row.position or 0 for row in rows}
    behind = [
        p.who for p in look.people if p.who != who and places.get(p.who, 0) > places.get(who, 0)
    ]
    return places.get(who, 1) if behind else 1
