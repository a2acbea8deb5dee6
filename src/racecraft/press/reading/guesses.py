"""Guesses: what a piece may say where no frame has read it, by a model learned from examples.

A frame is a way to say a claim that somebody has thought of; there are always more. So each figure
and each telling word is also weighed by what stands around it (`cues`): how likely it is that it
tells a place on the grid, a gap in points, a retirement. Of whom it is said is weighed by the bonds
of its sentence. Guesses are kept apart from claims: nobody is accused because of one; they may
agree with the data, and are worth a tick where they surely do.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from racecraft.press.claim import Scope
from racecraft.press.lexicon.concepts import Concept, Kind
from racecraft.press.reading.bonds import FIGURES, chances_of
from racecraft.press.reading.build import UNITS, claims_of
from racecraft.press.reading.cues import cues_of
from racecraft.press.reading.frames import Frame, Match
from racecraft.press.reading.rivals import PAIRED, chances_of_pairs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from racecraft.press.claim import Claim, Entity
    from racecraft.press.reading.bonds import Parsed
    from racecraft.press.reading.build import Context
    from racecraft.press.reading.clauses import Clause
    from racecraft.press.reading.pieces import Piece

_IN_ORDER = (Concept.AHEAD, Concept.BEHIND)
LEAST = 0.08  # chance of what is said, and of whom, from which a guess is worth a look
# Types that a figure tells by itself, of somebody or of the event.
BY_FIGURE = frozenset(
    ("finish_position", "grid_position", "qualifying_position", "grid_row", "sprint_position",
     "standings_position", "points_total", "race_points", "career_count", "season_count",
     "venue_count", "streak", "titles", "age", "debut_season", "laps_led", "pit_stop", "lap_count")
) | PAIRED  # fmt: skip
OF_THE_EVENT = frozenset(("lap_count",))
CAUSES = (
    Concept.COLLISION, Concept.ACCIDENT, Concept.CRASH, Concept.ENGINE, Concept.GEARBOX,
    Concept.HYDRAULICS, Concept.BRAKES, Concept.SUSPENSION, Concept.PUNCTURE, Concept.ELECTRICAL,
    Concept.POWER, Concept.FUEL, Concept.OIL, Concept.WATER,
)  # fmt: skip
# What may have happened on a lap, by what its clause speaks of.
ON_A_LAP = (
    ((Concept.RETIRE, Concept.IS_OVER, *CAUSES), "retired", "retirement"),
    ((Concept.PIT,), "stopped", "pit"),
    ((Concept.LED, Concept.LEADS, Concept.LEAD), "led", "lead"),
)
SAME_GAP = {"winning_margin": "time_gap"}  # until it is known who has won
Told = tuple[Any, dict[str, Any]]  # a value, and details


@dataclass(frozen=True, slots=True)
class Label:
    """What a piece may tell, by its name in the model: "grid_position"; "grid_position=1" for pole.

    That is a type of claim, and the value of it where that is not the figure of the piece.
    """

    name: str

    @property
    def claim_type(self) -> str:
        """The type alone."""
        return self.name.partition("=")[0]

    @property
    def is_first(self) -> bool:
        """Whether it tells a first of its kind."""
        return self.claim_type == "first_since"

    def told_by(self, piece: Piece, clause: Clause) -> Told | None:
        """Value and details that a piece tells; None where it cannot tell this."""
        value = self.name.partition("=")[2]
        if tell := _VALUES.get(value):
            return tell(piece, clause)
        if value:
            return None if piece.n else (int(value), {})
        return (piece.n, {}) if piece.n is not None else None


def is_telling(piece: Piece) -> bool:
    """Whether a piece can tell something: a figure, a year, a team, a word with a meaning."""
    if piece.kind in FIGURES or piece.kind == "year" or is_team(piece) or piece.has(*_IN_ORDER):
        return True
    return piece.kind in ("verb", "noun") and bool(piece.concepts)


def is_team(piece: Piece) -> bool:
    """Whether a piece is the name of a team."""
    return piece.mention is not None and piece.mention.is_team


def chances_of_kinds(i: int, parsed: Parsed) -> dict[str, float]:
    r"""How likely the ``i``-th piece tells each type of claim.

    Notes
    -----
    For each type :math:`p = 1 / (1 + e^{-(w_0 + \sum_c w_c)})`, summed over the cues around it.
    """
    fitted = weights()
    scores: defaultdict[str, float] = defaultdict(float, fitted["intercepts"])
    for cue in cues_of(i, parsed):
        for label, weight in fitted["cues"].get(cue, {}).items():
            scores[label] += weight
    return {label: 1.0 / (1.0 + math.exp(-score / 100)) for label, score in scores.items()}


def guesses(
    parsed: Parsed, contexts: Sequence[Context], claims: Iterable[Claim]
) -> Iterator[Claim]:
    """What the pieces of a sentence may say beside what was read in it."""
    made = list(claims)
    read = {_key(c, slot.value) for c in made for slot in c.subjects}
    read |= {_key(c, None) for c in made if not c.subjects}
    for i, piece in enumerate(parsed.pieces):
        if not is_telling(piece):
            continue
        context = contexts[parsed.clause_of[piece.first]]
        for name, chance in chances_of_kinds(i, parsed).items():
            if chance < LEAST:
                continue
            kind = Label(name)
            guess = _of_two if kind.claim_type in PAIRED else _guess
            for claim in guess(kind, chance, piece, parsed, context):
                who = {slot.value for slot in claim.subjects}
                known = any(_key(claim, one) in read for one in who or (None,))
                if not known and claim.modality == "fact" and claim.polarity == "affirmed":
                    told = float(any(_is_inside(piece, c) for c in made))
                    yield replace(claim, features={**claim.features, "read otherwise": told})


def _key(claim: Claim, who: Entity | None) -> tuple[str, Entity | None]:
    return SAME_GAP.get(claim.claim_type, claim.claim_type), who


def _is_inside(piece: Piece, claim: Claim) -> bool:
    """Whether a piece is among the words of a claim."""
    return claim.start <= piece.marks[0].start and piece.marks[-1].end <= claim.end


def _guess(
    kind: Label, chance: float, piece: Piece, parsed: Parsed, context: Context
) -> Iterator[Claim]:
    """Claims of that kind about each of whom it may be said."""
    people: Iterable[tuple[Piece | None, float]] = (
        [(None, 1.0)] if kind.claim_type in OF_THE_EVENT else _people(piece, parsed)
    )
    said = kind.told_by(piece, parsed.at(piece))
    if said is None:
        return
    value, details = said
    for who, share in people:
        if chance * share < LEAST:
            return
        frame = Frame(
            kind.claim_type, who=("near",) if who else (), rest=True, likely=chance * share,
            details=details, counts=_counted(piece, parsed) if kind.is_first else "",
        )  # fmt: skip
        match = Match(frame, parsed.at(piece), piece, (who,) if who else (), None, value, "near")
        for claim in claims_of(match, context):
            told = {**claim.features, "guessed kind": chance, "guessed who": share}
            yield replace(claim, features=told, scope=_scope(claim, piece), source="guess")


def _scope(claim: Claim, piece: Piece) -> Scope:
    """Scope of a guess: the lap that it tells; of a first since a year, not that year."""
    if claim.details.get("kind"):
        return replace(claim.scope, lap=int(piece.n or 0))
    if claim.claim_type == "first_since" and piece.kind == "year":
        return Scope(moment=claim.scope.moment)
    return claim.scope


def _counted(piece: Piece, parsed: Parsed) -> str:
    """What is the first of its kind: as the piece says, or else its clause; a win otherwise."""
    told = (piece, *parsed.at(piece).pieces)
    return next((unit for p in told for concept, unit in UNITS.items() if p.has(concept)), "wins")


def _of_two(
    kind: Label, chance: float, piece: Piece, parsed: Parsed, context: Context
) -> Iterator[Claim]:
    """A claim that somebody is ahead of somebody by a figure: the likeliest two, never turned."""
    fitted = weights()["pairs"]
    said = kind.told_by(piece, parsed.at(piece))
    pairs = chances_of_pairs(piece, parsed, fitted["cues"], fitted["intercept"])
    if said is None or not pairs or chance * pairs[0][1] < LEAST:
        return
    (ahead, behind), share = pairs[0]
    turned = ahead is None
    who, rival = (behind, None) if ahead is None else (ahead, behind)
    frame = Frame(
        kind.claim_type, who=("near",), rival=("near",) if rival else (), rest=True, turned=turned,
        against="" if rival else "1" if turned else "2", likely=chance * share,
    )  # fmt: skip
    members = (who,) if who is not None else ()
    match = Match(frame, parsed.at(piece), piece, members, rival, said[0], "near")
    for claim in claims_of(match, context):
        told = {**claim.features, "guessed kind": chance, "guessed pair": share}
        yield replace(claim, features=told, source="guess")


def _people(piece: Piece, parsed: Parsed) -> list[tuple[Piece, float]]:
    """Whom something may be said of, each once, the likeliest first."""
    found: dict[Entity, tuple[Piece, float]] = {}
    for who, chance in chances_of(piece, parsed):
        if who is None or who.slot is None:
            continue
        first, sum_ = found.get(who.slot.value, (who, 0.0))
        found[who.slot.value] = (first, sum_ + chance)
    return sorted(found.values(), key=lambda each: -each[1])


@cache
def weights() -> Mapping[str, Any]:
    """Weights of the cues in hundredths, and what each type starts from, as their file has them."""
    file = resources.files("racecraft.press.reading").joinpath("guesses.json")
    found: Mapping[str, Any] = json.loads(file.read_text("utf-8"))
    return found


def _year(piece: Piece, _: Clause) -> Told | None:
    year = piece.value(Kind.YEAR) if piece.kind == "year" else None
    return (int(year), {"since": int(year)}) if year else None


def _since(piece: Piece, clause: Clause) -> Told | None:
    return _year(piece, clause) if clause.has(Concept.SINCE) else None


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
    for concepts, value, kind in ON_A_LAP if piece.kind == "lap" and piece.n else ():
        if clause.has(*concepts):
            return value, {"kind": kind}
    return None


# How a piece tells a value that is not its figure, by the name of it in the model.
_VALUES: dict[str, Callable[[Piece, Clause], Told | None]] = {
    "year": _year,
    "since": _since,
    "team": _team,
    "maiden": _maiden,
    "cause": _cause,
    "lap": _on_a_lap,
    "stop": lambda piece, _: ("lap", {}) if piece.kind == "lap" and piece.n else None,
    "secured": lambda piece, _: None if piece.n else ("clinched", {}),
    "ahead": lambda piece, _: None if piece.n else (True, {}),
    "yes": lambda piece, _: None if piece.n else (True, {}),
}
