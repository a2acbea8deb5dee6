"""What the ordinals of a sentence tell: a place in the race, on the grid, a count, a streak."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from racecraft.press_old.look import Look

COUNTED = {
    "VICTORY": "wins",
    "PODIUM": "podiums",
    "POLE": "poles",
    "STARTS": "starts",
    "TITLE": "titles",
    "CHAMPION": "titles",
    "FASTEST_LAP": "fastest laps",
    "IN_POINTS": "points finishes",
    "POINTS": "points finishes",
}
LARGEST_FIELD = 40  # cars; a higher place than that is none
LONGEST_SEASON = 26  # rounds; a higher "grand prix" than that is one of a career
VERBS = (
    "WIN",
    "FINISH",
    "BE",
    "TAKE",
    "START",
    "QUALIFY",
    "RETIRE",
    "LEADS",
    "PASS",
    "HAVE",
    "CUT",
    "EXTEND",
    "COMPLETE_PODIUM",
    "COMPLETE_TOP_TEN",
    "COMPLETE_TOP_FIVE",
    "COMPLETE_TOP_SIX",
    "CLINCH",
    "PIT",
    "LED",
    "RUNNING",
    "BACK_FROM",
)


def roles_of(look: Look) -> dict[int, str]:
    """What every ordinal of a sentence tells, by its place; empty where it tells nothing known."""
    s = look.s
    found = {i: _role(look, i) for i in s.find("ordinal")}
    for i, k in pairwise(found):
        if k - i <= 3 and _from_to(look, i, k) and found[k] in ("finish", "running", "grid", ""):
            table = s.has("STANDINGS", "CHAMPIONSHIP", "LEADS")
            ways = ("standings_before", "standings") if table else ("grid", "finish")
            found[i], found[k] = ways
    high = {i for i in found if s.marks[i].kinds["ordinal"] > LARGEST_FIELD}
    return found | {i: "" for i in high if found[i] in ("finish", "grid", "standings", "running")}


def _from_to(look: Look, i: int, k: int) -> bool:
    """Whether two places are told as a way: "from 15th to fifth"."""
    s, small = look.s, look.s.grammar.file["small"]
    before = {s.marks[n].word for n in range(max(i - 2, 0), i)}
    between = {s.marks[n].word for n in range(i + 1, k)}
    return not before.isdisjoint(small.get("way_from", ())) and not between.isdisjoint(
        small.get("way_to", ())
    )


def _role(look: Look, i: int) -> str:
    for rule in (_by_form, _by_words_before, _by_words_after, _by_count):
        role = rule(look, i)
        if role is not None:
            return role
    return _place(look, i)


def _by_form(look: Look, i: int) -> str | None:
    """What its own form tells: "P4", "the runner-up", a second that is a time."""
    s = look.s
    if s.at(i, "UNIT") and (s.at(i - 1, "number") or s.marks[i - 1].word == "a"):
        return "unit"
    if s.at(i, "P") and s.near(i, "CLINCH", left=2) >= 0:
        return "title"
    if s.at(i, "P") and s.near(i, "STANDINGS", "CHAMPIONSHIP", right=5, stop=",;") >= 0:
        return "standings"
    if s.at(i, "P") and s.at(i - 1, "of") and not s.at(i - 2, "FINISH"):
        return "fought"
    if s.near(i, "BATTLE", left=5, stop=",;") >= 0 and s.near(i, "of", left=2) >= 0:
        return "fought"
    if s.at(i, "P") or s.marks[i].word in s.grammar.file["numbers"].get("ordinals", {}):
        if (
            s.near(i, "STANDINGS", "CHAMPIONSHIP", left=5, right=5) >= 0
            and s.near(i, "FINISH", right=1) < 0
        ):
            return "standings"
        return "finish"
    return None


def _by_words_before(look: Look, i: int) -> str | None:
    """What the words around it tell, those before it most of all."""
    s = look.s
    if (
        0 < i < len(s) - 1
        and (s.marks[i - 1].word, s.marks[i + 1].word) == ("(", ")")
        and look.person_at(i - 2)
        and not s.has("STANDINGS", "CHAMPIONSHIP", "QUALIFY", "GRID")
    ):
        return "finish"
    onward = s.near(i, "to", right=2)
    if (
        s.at(i - 2, "of")
        and s.at(i - 1, "the")
        and onward >= 0
        and s.near(onward, "ordinal", right=2) >= 0
    ):
        return "from"
    if s.near(i, "IN_A_ROW", right=4, stop=",;:()") >= 0 and not s.at(i + 1, "TIME"):
        return "streak"
    if s.near(i, "BACK_FROM", left=3) >= 0 and s.near(i, "GRID", right=1) >= 0:
        return "grid"
    if s.near(i, "BACK_FROM", left=2) >= 0 or s.at(look.verb(i), "BACK_FROM"):
        held = any(s.at(k, "ordinal") for k in range(i - 1))
        return "dropped" if held and s.has("PENALTY") else "running"
    if s.near(i, "BATTLE", left=4, stop=",;") >= 0 and s.near(i, "of", left=2) >= 0:
        return "fought"
    if s.at(i - 1, "START") and not s.at(i + 1, "PLACE"):
        return _place(look, i)
    if s.marks[i].kinds["ordinal"] == 1 and s.near(i, "SINCE", right=5, stop=",;.") >= 0:
        return "count"
    return None


def _by_words_after(look: Look, i: int) -> str | None:
    """What the nearest word after it tells that counts for something."""
    s = look.s
    for n, k in enumerate(range(i + 1, min(i + 5, len(s)))):
        if s.marks[k].word in ",;:.()" or (s.at(k, "but", "and") and not s.at(k, "of")):
            break
        if n == 0 and s.at(k, "team"):
            return "car"
        if n <= 1 and s.at(k, "ROW", "FRONT_ROW"):
            return "row"
        if n <= 2 and s.at(k, "LAP", "TURN", "FIRST_LAP", "person") and not look.person_at(k):
            return "lap"
        if n <= 1 and s.at(k, "RETIRE", "PENALTY", "MISTAKE"):
            return "retirement"
        if n <= 2 and s.at(k, "WINNER"):
            return "winners"
        if (
            n <= 3
            and not s.at(i - 1, "as")
            and s.at(k, *COUNTED)
            and not s.at(k, "FINISH")
            and (n == 0 or not s.at(k, "POINTS"))
        ):
            return "count"
        if n <= 2 and s.at(k, "PIT") and not s.at(k, "RETIRE"):
            return "stop"
        if n == 0 and s.at(k, "RACE", "GP"):
            if s.marks[i].kinds["ordinal"] > LONGEST_SEASON:
                return "starts"
            return "count" if s.at(i - 1, "his") and s.at(look.verb(i), "WIN") else "round"
        if n <= 1 and s.at(k, "ATTEMPT") and s.marks[i].kinds["ordinal"] > LONGEST_SEASON:
            return "starts"
        if n == 0 and s.at(k, "CHAMPIONSHIP") and s.at(i - 1, "his"):
            return "title_count"
        if n == 0 and s.at(k, "HOME"):
            return "home"
        if n == 0 and s.at(k, "RETIRE"):
            return ""
        if n == 0 and s.at(k, "TIME") and s.at(k + 1, "IN_A_ROW"):
            return "streak"
        counted = s.near(i, "POLE", "WIN", "VICTORY", "PODIUM", right=6, left=9, stop=",;") >= 0
        if n == 0 and s.at(k, "TIME") and counted:
            return "count"
        if n == 0 and s.at(k, "TIME"):
            champion = s.near(i, "CHAMPION", left=5, right=4) >= 0
            return "title_count" if champion else "times"
        if s.at(k, "of") and s.at(k + 1, "THIS_SEASON", "SEASON", "CALENDAR"):
            return "round" if s.near(i, "RACE", "GP", left=2, stop=";") >= 0 else "count"
        if s.at(k, *VERBS):
            break
    return None


def _by_count(look: Look, i: int) -> str | None:
    """What a count tells whose noun is not beside it."""
    s = look.s
    if s.near(i, "IN_A_ROW", right=2) >= 0:
        return "streak"
    if _counted_too(look, i):
        return "count"
    period = s.near(i, "THIS_SEASON", "CAREER", right=3, stop=",;") >= 0
    period = period and not s.at(i + 1, "PLACE") and s.near(i, "RACE", right=2) < 0
    if period and not s.at(look.verb(i), "START", "QUALIFY"):
        return "count" if s.near(i, "BE", "the", "his", left=1) >= 0 else "finish"
    if s.at(i - 1, "the") and s.at(i - 2, "and") and s.at(i + 1, "of") and s.has("VICTORY"):
        return "count"  # "his 66th win, the fourth of the year and the fourth in Germany"
    return None


def _counted_too(look: Look, i: int) -> bool:
    """Whether an ordinal counts what another one before it did: "104e succès et neuvième à Spa"."""
    s = look.s
    earlier = s.near(i, "ordinal", left=7, stop=";")
    return (
        earlier >= 0
        and s.near(earlier, *COUNTED, right=2, stop=",;") >= 0
        and s.near(i, "and", left=3) > earlier
        and s.at(i - 1, "and", "his", "the")
        and s.at(i + 1, "of", "to", "CAREER", "THIS_SEASON")
    )


def _place(look: Look, i: int) -> str:
    s = look.s
    verb = look.verb(i)
    if s.at(i, "GRID") or (s.at(i, "START") and not s.at(verb, "BACK_FROM", "RUNNING")):
        return "grid"  # "Startplatz zwei", "von Rang zwei"
    earlier = list(s.find("ordinal", start=i - 5, end=i))
    if earlier and s.at(verb, "START") and verb < earlier[-1] and not s.at(i - 1, "and"):
        return "running"
    if s.near(i, "ROW", right=2, left=1) >= 0:
        return "row"
    grid = s.near(i, "GRID", right=3, left=3, stop=",;")
    if 0 <= grid < i and any(s.at(k, "to") for k in range(grid + 1, i)):
        return "finish"
    if grid >= 0:
        return "grid"
    if s.at(i + 1, "of") and s.near(i, "STANDINGS", "CHAMPIONSHIP", right=3, stop=",;") >= 0:
        return "standings"
    if s.near(i, "STANDINGS", "CHAMPIONSHIP", left=6, right=6, stop=",;") >= 0 and not s.at(
        verb, "FINISH", "START"
    ):
        return "standings"
    if s.near(i, "SPRINT", left=6, right=6, stop=",;") >= 0:
        return "sprint"
    when = s.at(i - 1, "BE") and s.near(i, "WHEN", left=3, stop=",;") >= 0  # "quando era terzo"
    if when or (s.at(verb, "RUNNING") and not s.at(verb, "FINISH")) or s.at(i + 1, "RUNNING"):
        return "running"
    if s.at(verb, "QUALIFY") and not s.at(verb, "FINISH"):
        return "qualifying"
    if s.at(verb, "START") and abs(verb - i) <= 5 and not s.at(i - 1, "FINISH", "BE", "TAKE"):
        return "grid"
    if (
        s.near(i, "LAP", "LAPS", "FIRST_LAP", left=7, right=7) >= 0
        or s.near(i, "PASS", left=4) >= 0
    ) and not s.at(verb, "FINISH", "WIN"):
        return "running"
    if s.at(i + 1, "of") and s.at(i + 2, "driver") and s.at(verb, "TAKE"):
        return "running"
    if s.near(i, "UNIT", right=2, left=0) >= 0 and s.marks[i + 1].kinds.get("UNIT") == "points":
        return "standings"
    if s.near(i, "number", right=3) >= 0 and s.near(i, "POINTS", right=5) >= 0:
        return "finish" if s.at(verb, "TAKE", "FINISH", "WIN") else "standings"
    if (
        s.at(i + 1, "with", "to", "on")
        and s.at(i + 2, "number")
        and (s.has("POINTS", "STANDINGS") or look.in_a_list)
    ):
        return "standings"
    return "finish"
