"""Where a sentence is cut into parts: before each new verb that says something new."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from racecraft.press.lexicon.concepts import Concept, Kind

if TYPE_CHECKING:
    from racecraft.press.lexicon.vocabulary import Vocabulary
    from racecraft.press.reading.pieces import Piece

_HARD = frozenset(";:–—")
_BREAKS = frozenset(",.;:!?()")
_ASIDE = 8  # pieces that what is said in between has at most
_BEFORE_PLACE = 5  # pieces between a word that may be a verb and the place that it leads to


def parts(pieces: list[Piece], words: Vocabulary) -> list[tuple[str, list[Piece]]]:
    """Kind and pieces of every part; a part within another is taken out of it."""
    parts: list[tuple[str, list[Piece]]] = [("main", [])]
    outer: list[int] = []  # places in `parts` that go on after what is within them
    for i, piece in enumerate(pieces):
        cut = _cut(pieces, i, parts[-1][1], words)
        if cut == "(":
            outer.append(len(parts) - 1)
            parts.append(("aside", []))
            continue
        if outer and _returns(pieces, i, parts[-1][1], words):
            n = outer.pop()
            parts.append(parts[n])
            parts[n] = ("gone", [])
            continue
        if cut in ("relative", "aside") and not any(p.kind == "verb" for p in parts[-1][1]):
            outer.append(len(parts) - 1)
        if cut and cut != "(":
            parts.append((cut, []))
        parts[-1][1].append(piece)
    return sorted(
        ((kind, part) for kind, part in parts if kind != "gone" and part),
        key=lambda each: each[1][0].first,
    )


def _returns(pieces: list[Piece], i: int, part: list[Piece], words: Vocabulary) -> bool:
    """Whether what stood within a part ends here: at its bracket, or its second comma."""
    if pieces[i].word == ")":
        return True
    inside = any(p.kind == "verb" for p in part) or any(
        p.has(Concept.WHO, Concept.WHOSE) and not p.has(Concept.THE) for p in part[:2]
    )
    return pieces[i].word == "," and len(part) > 1 and inside and not _in_row(pieces, i, words)


def _cut(pieces: list[Piece], i: int, part: list[Piece], words: Vocabulary) -> str:
    """Kind of the part that begins at a piece; empty if none does."""
    piece = pieces[i]
    if piece.word == "(":
        return "("
    if not part:
        return ""
    if piece.word in _HARD:
        return "main"
    if piece.kind == "who" and _is_said(pieces, i):
        return "main"
    verb = any(p.kind == "verb" for p in part)
    if _is_relative(pieces, i, words):
        return "relative"
    if piece.has(Concept.WHEN, Concept.IF) and not _compares(pieces, i):
        last = words.verb_second and i + 1 < len(pieces) and pieces[i + 1].kind == "who"
        begins = last or _verb_follows(pieces, i) or (verb and _brackets_somebody(pieces, i))
        return "when" if begins else ""
    if piece.kind == "link" and piece.has(Concept.AFTER, Concept.PRIOR, Concept.AS, Concept.SINCE):
        return "when" if _is_subordinate(pieces, i, verb=verb) else ""
    if piece.word == "," or piece.has(Concept.AND, Concept.BUT):
        return _cut_at_joint(pieces, i, part, words, verb=verb)
    return "when" if verb and _with_somebody_doing(pieces, i) else ""


def _brackets_somebody(pieces: list[Piece], i: int) -> bool:
    """Whether somebody follows of whom more is said first: "while Leclerc, out in Q1, starts"."""
    k = i + 1
    while k < len(pieces) and pieces[k].has(Concept.THE) and pieces[k].kind == "link":
        k += 1
    after = pieces[k : k + 2]
    return len(after) > 1 and after[0].kind == "who" and after[1].word == ","


def _with_somebody_doing(pieces: list[Piece], i: int) -> bool:
    """Whether somebody is said to do something beside it: "with Hamilton holding a lead"."""
    after = pieces[i + 1 : i + 3]
    return (
        pieces[i].kind == "link" and pieces[i].has(Concept.WITH) and len(after) > 1
        and after[0].kind == "who" and after[1].kind == "verb"
    )  # fmt: skip


def _is_said(pieces: list[Piece], i: int) -> bool:
    """Whether it is somebody's words that begin: "Perez says Alonso deserved third"."""
    k = i - 1
    while k > 0 and pieces[k].has(Concept.THAT):
        k -= 1
    return pieces[k].kind == "link" and pieces[k].has(Concept.SAID) and _says_more(pieces, i)


def _says_more(pieces: list[Piece], i: int) -> bool:
    """Whether more than a name follows before the next break."""
    following = pieces[i + 1 : i + 2]
    return bool(following) and following[0].word not in _BREAKS


def _cut_at_joint(
    pieces: list[Piece], i: int, part: list[Piece], words: Vocabulary, *, verb: bool
) -> str:
    """Whether something new begins after a comma or an "and", and what."""
    if pieces[i].kind not in ("punct", "link") or _in_row(pieces, i, words):
        return ""
    if i + 1 < len(pieces) and _is_relative(pieces, i + 1, words):
        return ""
    follows = _verb_follows(pieces, i)
    verb = verb or (_does_something(part) and _somebody_does(pieces, i + 1))
    if verb and (follows or _ranked(pieces, i + 1) or _acts(pieces, i + 1)):
        return "main"
    if pieces[i].word == "," and not verb and follows and part[-1].kind == "who":
        opened = any(p.word == "," for p in part)
        return "aside" if _comma_after(pieces, i) and not opened else ""
    return ""


def _does_something(part: list[Piece]) -> bool:
    """Whether a word that nobody knows stands where a verb does: "Ferrari drew a blank"."""
    return any(
        who.kind == "who" and word.kind == "word" and word.marks[0].text.islower()
        for who, word in pairwise(part)
    )


def _somebody_does(pieces: list[Piece], i: int) -> bool:
    """Whether somebody and a verb of his follow: "..., Leclerc retiring"."""
    while i < len(pieces) and pieces[i].kind == "link" and pieces[i].has(Concept.AND, Concept.THE):
        i += 1
    after = pieces[i : i + 2]
    return len(after) > 1 and after[0].kind == "who" and after[1].kind == "verb"


def _comma_after(pieces: list[Piece], i: int) -> bool:
    return any(p.word == "," for p in pieces[i + 1 :])


def _verb_follows(pieces: list[Piece], i: int, *, past_and: bool = False) -> bool:
    """Whether a verb comes before the next break."""
    for n in range(i + 1, min(i + 16, len(pieces))):
        p = pieces[n]
        if p.kind == "verb":
            return True
        if p.word in _HARD or p.has(Concept.BUT, Concept.WHEN):
            return False
        joint = p.word == "," or (p.has(Concept.AND) and p.kind == "link" and not past_and)
        if joint and not (n > i + 1 and _joins_people(pieces, n)):
            return _goes_on_after(pieces, n)
    return False


def _goes_on_after(pieces: list[Piece], n: int) -> bool:
    """Whether a verb stands after what is said in between: "Verstappen, in a hurt car, was"."""
    if pieces[n].word != "," or pieces[n - 1].kind != "who" or n + 1 >= len(pieces):
        return False
    if pieces[n + 1].kind == "who" or pieces[n + 1].has(Concept.AND, Concept.BUT):
        return False
    end = next((k for k in range(n + 1, min(n + _ASIDE, len(pieces)))
                if pieces[k].word in _BREAKS or pieces[k].kind == "verb"), None)  # fmt: skip
    if end is None or pieces[end].word != "," or end + 1 >= len(pieces):
        return False
    after = pieces[end + 1 : end + 3]
    return after[0].kind == "verb" or (after[0].kind == "word" and after[-1].kind == "verb")


def _joins_people(pieces: list[Piece], n: int) -> bool:
    """Whether a comma or "and" stands right between two people: "Perez and Sainz finished"."""
    k = n + 1
    while k < len(pieces) and pieces[k].has(Concept.AND, Concept.THE) and pieces[k].kind == "link":
        k += 1
    return pieces[n - 1].kind == "who" and k < len(pieces) and pieces[k].kind == "who"


def _ranked(pieces: list[Piece], i: int) -> bool:
    """Whether somebody and a place follow, with the verb left out: "Bottas third"."""
    while i < len(pieces) and pieces[i].has(Concept.AND, Concept.THE, Concept.WITH):
        i += 1
    if i + 1 < len(pieces) and pieces[i].kind == "who" and pieces[i + 1].word == ",":
        end = next((k for k in range(i + 2, min(i + _ASIDE, len(pieces)))
                    if pieces[k].word in _BREAKS or pieces[k].kind == "verb"), i)  # fmt: skip
        return pieces[end].word == "," and is_told_place(pieces, end + 1)
    return i + 1 < len(pieces) and pieces[i].kind == "who" and is_told_place(pieces, i + 1)


def _acts(pieces: list[Piece], i: int) -> bool:
    """Whether somebody, a word that may be a verb, and a place follow: "Kvyat stays sixth"."""
    while (
        i < len(pieces) and pieces[i].kind != "who" and pieces[i].kind in ("link", "word", "noun")
    ):
        i += 1
    following = pieces[i + 1 : i + 2 + _BEFORE_PLACE]
    if i >= len(pieces) or len(following) < 2 or following[0].kind not in ("word", "noun"):
        return False
    if following[1].has(Concept.AND) and len(following) > 2 and following[2].kind == "verb":
        return True  # "Leclerc spinde en eindigde als zesde"
    place = next((k for k, p in enumerate(following) if p.kind in ("rank", "row")), None)
    return place is not None and following[0].kind == "word" and all(
        p.kind in ("word", "link") or (p.mention is not None and p.mention.is_team)
        for p in following[:place]
    )  # fmt: skip


def is_told_place(pieces: list[Piece], k: int) -> bool:
    """Whether a place stands there, past an article and a word: "a combative fourth"."""
    if k < len(pieces) and pieces[k].word == "," and _row_of_places(pieces, k + 1):
        return True
    if k < len(pieces) and pieces[k].has(Concept.A, Concept.THE, Concept.ONLY, Kind.HEDGE):
        k += 1
        k += k < len(pieces) and pieces[k].kind == "word"
    elif k < len(pieces) and pieces[k].has(Concept.FROM) and pieces[k].kind == "link":
        k += 1  # "startete von der Pole, Hamilton von Platz vier"
    return _row_of_places(pieces, k)


def _row_of_places(pieces: list[Piece], k: int) -> bool:
    return k < len(pieces) and pieces[k].kind in ("rank", "row")


def _is_relative(pieces: list[Piece], i: int, words: Vocabulary) -> bool:
    """Whether a relative clause begins: "who ...", ", der ... startete,"."""
    piece = pieces[i]
    if piece.has(Concept.FOR, Concept.OF, Concept.TO) and piece.kind == "link" and i + 1 < len(
        pieces
    ) and pieces[i + 1].has(Concept.WHO, Concept.WHOSE):  # fmt: skip
        return pieces[i - 1].word == "," and not pieces[i + 1].has(Concept.THAT, Concept.THE)
    after = i > 0 and (pieces[i - 1].kind in ("who", "venue", "noun", "rank", "year", "date", "lap")
                       or pieces[i - 1].word in (",", ")"))  # fmt: skip
    if piece.kind not in ("link", "noun") or not after:
        return False
    if piece.has(Concept.WHO, Concept.WHOSE):
        of_somebody = not piece.has(Concept.THAT, Concept.THE) and pieces[i - 1].word == ","
        return of_somebody or _verb_follows(pieces, i, past_and=True)
    if words.verb_second and piece.has(Concept.THE) and pieces[i - 1].word == ",":
        end = next((k for k in range(i + 1, len(pieces)) if pieces[k].word in (",", ".", ";")),
                   len(pieces))  # fmt: skip
        return pieces[end - 1].kind == "verb" and end - 1 > i
    return False


def _compares(pieces: list[Piece], i: int) -> bool:
    """Whether a word that may begin a clause only says as what: "als 8. ins Rennen"."""
    k = i + 1
    while k < len(pieces) and pieces[k].has(Concept.THE, Concept.A):
        k += 1
    return pieces[i].has(Concept.AS, Concept.THAN) and (
        k < len(pieces) and pieces[k].kind in ("rank", "nth", "noun", "number")
    )


def _is_subordinate(pieces: list[Piece], i: int, *, verb: bool) -> bool:
    """Whether "after", "before" or "as" begins a clause: somebody and a verb follow it."""
    if i + 1 >= len(pieces) or pieces[i + 1].kind not in ("who", "verb"):
        return False
    if pieces[i].has(Concept.AS) and pieces[i + 1].kind != "who":
        return False
    return (verb or pieces[i].has(Concept.AS)) and _verb_follows(pieces, i)


def _in_row(pieces: list[Piece], i: int, words: Vocabulary) -> bool:
    """Whether a comma or "and" stands between two people of a row, or two numbers."""
    k = i - 1
    while k >= 0 and (pieces[k].kind == "word" or pieces[k].word == ")") and i - k < 3:
        k -= 1
    j = i + 1
    while j < len(pieces) and (
        pieces[j].has(
            Concept.AND,
            Concept.THE,
            Concept.OTHER,
            Concept.OF,
            Concept.TO,
            Concept.AHEAD,
            Concept.BEHIND,
            Concept.FROM,
        )
        and pieces[j].kind in ("link", "noun")
    ):
        j += 1
    if k < 0 or j >= len(pieces):
        return False
    if pieces[i - 1].word == ")" or pieces[k].word == ")":
        k = _opening(pieces, i - 1) - 1
    same = pieces[k].kind == pieces[j].kind and pieces[k].kind in (
        "who",
        "venue",
        "rank",
        "year",
        "number",
        "measure",
    )
    if not same:
        return False
    return pieces[j].kind != "who" or not _begins_anew(pieces, j, k, words)


def _begins_anew(pieces: list[Piece], j: int, k: int, words: Vocabulary) -> bool:
    """Whether the second of two people does something else: "X won, Y finished third"."""
    following = pieces[j + 1] if j + 1 < len(pieces) else None
    if following is None or _row_goes_on(pieces, k):
        return False
    if following.kind == "verb":
        last = j + 2 >= len(pieces) or pieces[j + 2].kind == "punct"
        return not (words.verb_second and last)  # "kamen A und B ins Ziel"
    return is_told_place(pieces, j + 1)


def _row_goes_on(pieces: list[Piece], k: int) -> bool:
    """Whether the row of people before has no verb yet: "A, B and C finished ..."."""
    return not any(p.kind == "verb" for p in pieces[:k])


def _opening(pieces: list[Piece], k: int) -> int:
    while k > 0 and pieces[k].word != "(":
        k -= 1
    return k
