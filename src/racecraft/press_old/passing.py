"""What is said of somebody in passing, after his name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from racecraft.press_old.epithets import element, genitive, said_at

if TYPE_CHECKING:
    from racecraft.press_old.people import Cast
    from racecraft.press_old.sentence import Person, Sentence


def say_after(cast: Cast, s: Sentence, person: Person, people: list[Person]) -> None:
    """What follows a name and belongs to it: "of McLaren", "(24)", ", the 2007 champion,"."""
    j = person.last + 1
    taken = {k for other in people for k in range(other.first, other.last + 1)}
    if person.how in ("he", "him", "his") or person.genitive:
        return
    if j < len(s) and s.marks[j].word == "(":
        k = j + 1
        while k < len(s) and s.marks[k].word != ")" and k - j < 6:
            if s.at(k, "team"):
                person.said.append(("team", s.marks[k].kinds["team"], k))
            elif (
                s.at(k, "number")
                and s.marks[k + 1].word in (")", ",")
                and 16 < s.marks[k].value < 60
                and not s.has("POINTS", "STANDINGS", "CHAMPIONSHIP")
            ):
                person.said.append(("age?", int(s.marks[k].value), k))
            k += 1
        j = k + 1 if k < len(s) and s.marks[k].word == ")" else j
    k = j + 2 + s.at(j + 2, "the")
    if (
        j < len(s)
        and s.marks[j].word == ","
        and s.at(j + 1, "of")
        and cast.team_at(s, k)
        and s.at(k + 1, "punct")
    ):
        person.said.append(("team", s.marks[k].kinds["team"], k))  # "Leclerc, da Ferrari,"
    for _ in range(2):
        k = j
        if s.at(k, "of"):
            k += 1
            while (
                k < len(s)
                and k not in taken
                and (s.at(k, "the", "OTHER", "ordinal", "word", "HOME") and not s.at(k, "team"))
                and k - j < 4
            ):
                k += 1
            if s.at(k, "team") and not genitive(s, k) and k not in taken:
                person.said.append(("team", s.marks[k].kinds["team"], k))
                j = k + 1
            elif (
                s.at(k, "place")
                and k == j + 1
                and s.marks[k].value[0][0] == "country"
                and (s.marks[j].word in ("of", "uit", "aus", "de", "di"))
            ):
                person.said.append(("nationality?", s.marks[k].value[0][1], k))
                j = k + 1
    if j < len(s) and s.marks[j].word in (",", "-", "–", "—"):
        k = j + 1
        found: list[tuple[str, Any, int]] = []
        while (
            k < len(s) and k not in taken and s.marks[k].word not in (",", ".", ";", "-", "–", "—")
        ):
            if step := element(s, k):
                found += said_at(s, k)
                k += step
            elif s.at(k, "the", "of", "former", "word", "and", "HAVE", "year"):
                if s.at(k, "year"):
                    found.append(("champion_of", s.marks[k].kinds["year"], k))
                k += 1
            else:
                found = []
                break
        if (
            k == j + 2
            and s.at(j + 1, "number")
            and abs(cast.age(person.who) - s.marks[j + 1].value) <= 2
        ):
            found = [("age", int(s.marks[j + 1].value), j + 1)]
        kinds = {kind for kind, _, _ in found}
        if kinds & {
            "titles",
            "champion_of",
            "age",
            "CHAMPION",
            "LEADER",
            "POLESITTER",
            "nationality",
        } and ("champion_of" not in kinds or "CHAMPION" in kinds):
            person.said += [fact for fact in found if fact[0] != "team_mate"]


def is_apposition(s: Sentence, person: Person, people: list[Person]) -> bool:
    """Whether a phrase without a name only says more of whoever was named just before."""
    if not people or person.how in ("name", "he", "him", "his") or people[-1].genitive:
        return False
    if any(kind == "team_mate" for kind, _, _ in person.said):
        return False
    gap = range(people[-1].last + 1, person.first)
    return (
        len(gap) == 1
        and s.marks[gap[0]].word in (",", "(", "-", "–", "—")
        and (
            person.last + 1 >= len(s)
            or s.marks[person.last + 1].word in (",", ".", ")", "-", "–", "—")
            or s.at(person.last + 1, "but", "of", "he")
        )
    )
