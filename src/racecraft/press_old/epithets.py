"""The words that can stand for a driver, or beside his name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from racecraft.press_old.sentence import Mark, Sentence

# What can stand in a phrase for a driver, beside his name.
ELEMENTS = (
    "nationality",
    "national",
    "age",
    "times",
    "CHAMPION",
    "year_old",
    "LEADER",
    "POLESITTER",
    "WINNER",
    "REIGNING",
    "former",
    "team",
    "team_mate",
    "HOME",
    "MAIDEN",
    "countryman",
    "RECORD",
    "person",
    "pair",
)
HEADS = (
    "nationality",
    "age",
    "CHAMPION",
    "year_old",
    "person",
    "LEADER",
    "POLESITTER",
    "WINNER",
    "team_mate",
    "countryman",
)
YOUNGEST, OLDEST = 16, 99  # ages of people in a paddock; other numbers of years are no ages


def is_name(mark: Mark) -> bool:
    """Whether these words are the name of somebody who has driven."""
    value = mark.kinds.get("driver") or mark.kinds.get("driver_s") or mark.kinds.get("given")
    return bool(value)


def element(s: Sentence, j: int) -> int:
    """How many marks there are at a place that can stand in a phrase for a driver."""
    if not 0 <= j < len(s):
        return 0
    mark = s.marks[j]
    if mark.is_a("number") and (k := age_at(s, j)):
        return k
    if mark.is_a("year") and s.at(j + 1, "CHAMPION"):
        return 1
    if mark.is_a("place") and genitive(s, j) and mark.value[0][0] == "country":
        return 1
    if mark.is_a("ordinal", "OTHER") and s.at(j + 1, "team"):
        return 1
    if is_name(mark) and not mark.is_a("team", "nationality"):
        return 0
    return 1 if mark.is_a(*ELEMENTS) else 0


def age_at(s: Sentence, j: int) -> int:
    """How many marks an age has: "33-year-old", "32 Jahre alte"."""
    k = j + 1
    while k < len(s) and s.marks[k].word == "-":
        k += 1
    old_enough = YOUNGEST <= s.marks[j].kinds["number"] <= OLDEST
    return k - j + 1 if s.at(k, "year_old") and old_enough else 0


def said_at(s: Sentence, j: int) -> list[tuple[str, Any, int]]:
    """What the words at a place say of a driver: kind, value, place."""
    mark = s.marks[j]
    if mark.is_a("number") and age_at(s, j):
        return [("age", int(mark.kinds["number"]), j)]
    if mark.is_a("year"):
        return [("champion_of", mark.kinds["year"], j)]
    if mark.is_a("place"):
        return [("nationality", mark.value[0][1], j)]
    if mark.is_a("nationality") and not (mark.is_a("team") or _adjective_of_place(s, j)):
        return [("nationality", mark.kinds["nationality"][0], j)]
    if mark.is_a("national"):
        return [("nationality", mark.kinds["national"][0], j)]
    if mark.is_a("age"):
        return [("age", mark.kinds["age"], j)]
    if mark.is_a("team"):
        return [("team", mark.kinds["team"], j)]
    if mark.is_a("times"):
        champion = [("CHAMPION", None, j)] if mark.is_a("CHAMPION") else []  # "tricampeón"
        return [("titles", mark.kinds["times"], j), *champion]
    for kind in (
        "CHAMPION",
        "LEADER",
        "POLESITTER",
        "WINNER",
        "REIGNING",
        "former",
        "HOME",
        "team_mate",
        "countryman",
    ):
        if mark.is_a(kind):
            return [(kind, mark.value, j)]
    return []


def _adjective_of_place(s: Sentence, j: int) -> bool:
    return s.at(j + 1, "GP", "RACE", "FORM")


def genitive(s: Sentence, j: int) -> int:
    """How many marks make the name at ``j`` a genitive; 0 if it is none."""
    if s.at(j, "driver_s") and not s.at(j, "driver"):
        return 1
    if j + 1 >= len(s) or s.marks[j + 1].word not in s.grammar.genitive:
        return 0
    return 2 if s.marks[j + 1].word != "'" or s.marks[j].word.endswith(("s", "x", "z")) else 0
