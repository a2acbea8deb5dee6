"""Telling: what each label of the network means, and the value that a piece of a sentence gives.

A label is named after the type of its claim and how that is told: ``finish_position#`` by a figure,
``team@team`` by the name of a team, ``grid_position=1`` by no figure at all. Of a figure that lies
between two, ``points_gap#>`` is told of whoever is ahead and ``points_gap#<`` of the other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from racecraft.press.lexicon.concepts import Concept, Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from racecraft.press.reading.bonds import Parsed
    from racecraft.press.reading.clauses import Clause
    from racecraft.press.reading.pieces import Piece

Told = tuple[Any, dict[str, Any]]  # a value, and details

CAUSES = (
    Concept.COLLISION, Concept.ACCIDENT, Concept.CRASH, Concept.ENGINE, Concept.GEARBOX,
    Concept.HYDRAULICS, Concept.BRAKES, Concept.SUSPENSION, Concept.PUNCTURE, Concept.ELECTRICAL,
    Concept.POWER, Concept.FUEL, Concept.OIL, Concept.WATER,
)  # fmt: skip
# Words that may tell a claim for which there is no figure.
WORDS = {
    "finish_position": (
        Concept.WIN, Concept.VICTORY, Concept.WINNER, Concept.WON_BY, Concept.BEAT, Concept.PODIUM,
        Concept.COMPLETE_PODIUM, Concept.TOP, Concept.AT_THE_FLAG,
    ),
    "grid_position": (Concept.POLE, Concept.POLESITTER),
    "qualifying_position": (Concept.POLE, Concept.POLESITTER),
    "standings_position": (Concept.LEADS, Concept.LEADER, Concept.CHAMPION, Concept.CLINCH),
    "grid_row": (Concept.FRONT_ROW,),
    "podium": (Concept.PODIUM,),
    "fastest_lap": (Concept.FASTEST_LAP,),
    "retirement": (Concept.RETIRE, Concept.IS_OVER, *CAUSES),
    "relative_order": (
        Concept.AHEAD, Concept.BEHIND, Concept.BEAT, Concept.BEFORE,
        Concept.AFTER, Concept.FOLLOW, Concept.FOLLOWED_BY, Concept.PASS,
    ),
    "title_math": (Concept.CHAMPION, Concept.CLINCH, Concept.TITLE, Concept.CHAMPIONSHIP),
    "home_race": (Concept.HOME,),
}  # fmt: skip
# What may have happened on a lap, by what its clause speaks of.
_ON_A_LAP = (
    ((Concept.RETIRE, Concept.IS_OVER, *CAUSES), "retired", "retirement"),
    ((Concept.PIT,), "stopped", "pit"),
    ((Concept.LED, Concept.LEADS, Concept.LEAD), "led", "lead"),
)
_NAME = re.compile(r"(\w+)([#@=])([^<>]*)([<>]?)")
FIGURE, NAME, WORD = "#", "@", "="


@dataclass(frozen=True, slots=True)
class Label:
    """A type of claim, how it is told, what by, and whether of who is ahead or behind."""

    claim_type: str
    how: str
    what: str
    side: str

    @classmethod
    def of(cls, name: str) -> Label:
        """The label of a name; see the head of this file."""
        found = _NAME.fullmatch(name)
        assert found is not None, name  # noqa: S101
        return cls(*found.groups())

    def told_by(self, piece: Piece | None, clause: Clause) -> Told | None:
        """Value and details that a piece of a clause gives; None where it gives none."""
        if self.how == FIGURE:
            return (piece.n, {}) if piece is not None and piece.n is not None else None
        if self.how == NAME:
            tell = _BY_NAME.get(self.what)
            return tell(piece, clause) if tell and piece is not None else None
        if self.what.isdigit():
            return int(self.what), {}
        return _BY_WORD.get(self.what)


def telling_word(claim_type: str, who: Piece | None, parsed: Parsed) -> Piece:
    """The word that tells a claim about somebody without a figure: the nearest, or his verb."""
    words = [p for p in parsed.pieces if p.has(*WORDS.get(claim_type, ()))]
    words = words or [p for p in parsed.pieces if p.kind == "verb"] or list(parsed.pieces)
    near = who.first if who is not None else 0
    return min(words, key=lambda piece: abs(piece.first - near))


def is_team(piece: Piece) -> bool:
    """Whether a piece is the name of a team."""
    return piece.mention is not None and piece.mention.is_team


def nation_of(piece: Piece) -> str | None:
    """Code of the nation that a piece names, or that somebody is called by."""
    said = piece.mention.says("nationality") if piece.mention else None
    found = piece.value(Kind.NATIONALITY) or piece.value(Kind.NATIONAL)
    return str(said.value) if said else str(found) if found else None


def _nation(piece: Piece, _: Clause) -> Told | None:
    code = nation_of(piece)
    return (code, {}) if code else None


def _year(piece: Piece, _: Clause) -> Told | None:
    year = piece.value(Kind.YEAR) if piece.kind == "year" else None
    return (int(year), {"since": int(year)}) if year else None


def _team(piece: Piece, _: Clause) -> Told | None:
    team = piece.slot.value if is_team(piece) and piece.slot else None
    return (team.name, {"team": team}) if team else None


def _maiden(piece: Piece, _: Clause) -> Told | None:
    return ("maiden", {"maiden": True}) if piece.n == 1 or piece.n is None else None


def _cause(piece: Piece, _: Clause) -> Told | None:
    cause = next((c for c in CAUSES if piece.has(c)), None)
    return (cause.lower(), {}) if cause else None


def _on_a_lap(piece: Piece, clause: Clause) -> Told | None:
    """What happened on a lap, by the words of its clause."""
    for concepts, value, kind in _ON_A_LAP if piece.kind == "lap" and piece.n else ():
        if clause.has(*concepts):
            return value, {"kind": kind}
    return None


def _stop(piece: Piece, _: Clause) -> Told | None:
    return ("lap", {}) if piece.kind == "lap" and piece.n else None


def _venue(piece: Piece, _: Clause) -> Told | None:
    return ("circuit", {}) if piece.kind == "venue" else None


def _day(piece: Piece, _: Clause) -> Told | None:
    return ("weekday" if piece.kind == "weekday" else "day", {})


_BY_NAME: dict[str, Callable[[Piece, Clause], Told | None]] = {
    "year": _year, "since": _year, "team": _team, "maiden": _maiden, "cause": _cause,
    "lap": _on_a_lap, "stop": _stop, "nation": _nation, "venue": _venue, "date": _day,
}  # fmt: skip
_BY_WORD: dict[str, Told] = {
    "yes": (True, {}), "ahead": (True, {}), "secured": ("clinched", {}),
    "maiden": ("maiden", {"maiden": True}),
}  # fmt: skip
