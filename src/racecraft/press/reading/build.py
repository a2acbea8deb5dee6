"""Claims made of frames that were found: slots, scope, how sure, and the words they stand in."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from racecraft.press.claim import Claim, Entity, EventRef, Scope, Slot
from racecraft.press.lexicon.concepts import Concept, Kind
from racecraft.press.reading.binding import side_by_side
from racecraft.press.reading.circumstances import is_at_a_place, is_reported, is_told_here
from racecraft.press.reading.clauses import distance
from racecraft.press.reading.details import details_of, is_since, year_is_apart

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from racecraft.press.claim import Modality
    from racecraft.press.lexicon.marks import Sentence
    from racecraft.press.reading.clauses import Clause
    from racecraft.press.reading.frames import Frame, Match
    from racecraft.press.reading.pieces import Piece

UNITS = {
    Concept.VICTORY: "wins", Concept.WIN: "wins", Concept.WINNER: "wins",
    Concept.PODIUM: "podiums", Concept.POLE: "poles", Concept.POLESITTER: "poles",
    Concept.FASTEST_LAP: "fastest laps", Concept.TITLE: "titles", Concept.CHAMPION: "titles",
    Concept.CHAMPIONSHIP: "titles", Concept.STARTS: "starts", Concept.ATTEMPT: "starts",
    Concept.RETIRE: "retirements", Concept.ONE_TWO: "one-twos", Concept.PIT: "stops",
    Concept.FRONT_ROW: "front rows", Concept.IN_POINTS: "points finishes",
    Concept.SPRINT: "sprints",
    Concept.RACE: "races", Concept.GP: "races", Concept.SEASON: "seasons",
    Concept.PENALTY: "penalties", Concept.SAFETY_CAR: "safety cars", Concept.RED_FLAG: "red flags",
}  # fmt: skip
PAIR = 2
OR_THIS = 0.4  # weight of the article's own race, beside that of the year of a paragraph
NO_VERB = 9.0  # distance to the verb of a clause without one
BESIDE = 3  # marks between a day and the place of its race
_AFTER_THE_RACE = frozenset(
    ("points_gap", "points_total", "standings_position", "titles", "title_math", "season_count",
     "career_count", "streak", "venue_count")
)  # fmt: skip
_OF_A_RACE = frozenset(
    ("finish_position", "grid_position", "qualifying_position", "podium", "retirement",
     "retirement_reason", "winning_margin", "time_gap", "fastest_lap", "relative_order")
)  # fmt: skip
_OPINION: Final = "opinion"
_PLAN: Final = "plan"
_HYPOTHESIS: Final = "hypothesis"
_SURE = {"before": 1.0, "after": 0.7, "relative": 0.8, "shared": 0.6}


@dataclass(frozen=True, slots=True)
class Context:
    """What a clause stands in: its sentence, its scope, everybody who is named around it."""

    sentence: Sentence
    scope: Scope
    named: tuple[Entity, ...]
    clauses: int
    to_go: int | None = None
    event_named: bool = False
    speaker: str | None = None
    countries: Mapping[str, str] = field(default_factory=dict)
    event_of: Callable[[Piece, int | None], EventRef | None] | None = None
    at_home: Callable[[int], EventRef | None] | None = None
    dated: int | None = None  # the year of the paragraph, in a text that has one for each
    extra: dict[str, float] = field(default_factory=dict)


def claims_of(match: Match, context: Context) -> Iterator[Claim]:
    """Claims that a frame in a clause makes: one for every member of a row."""
    details = details_of(match, context)
    if details is None or _never_since(match, context) or _of_another_month(match):
        return
    if _long_before(match) or _of_earlier_place(match) or _is_left_open(match):
        return
    if not match.frame.who:
        yield _claim(match, context, (), _own_value(match), details)
        return
    row = list(match.who)
    for piece, value in zip(row, _values(match, row), strict=True):
        if value is None or not _is_allowed(match, piece):
            continue
        if "in_year" in match.frame.needs:
            value = {"season": int(value)}
        slots = [p.slot for p in (piece, match.rival) if p is not None and p.slot is not None]
        if match.frame.against and match.rival is None:
            slots.append(_in_place(match.frame, slots))
        if match.rival is not None and not _is_pair(slots):
            continue
        if match.frame.turned:
            slots.reverse()
        yield _claim(match, context, tuple(slots), value, details, piece)


def _in_place(frame: Frame, slots: list[Slot[Entity]]) -> Slot[Entity]:
    """Whoever has the place that a frame is against: in the championship, or in the race."""
    role = "standings place" if frame.claim_type == "points_gap" else "place"
    if role != "place" and slots and slots[0].value.kind == "team":
        role = "team standings place"
    return Slot(Entity("role", role, f"P{frame.against}", frame.against), "assumed")


def _never_since(match: Match, context: Context) -> bool:
    """Whether something had not been done since a time: that says nothing of today."""
    return (
        match.clause.negated
        and "denial" not in match.frame.needs
        and any(m.is_a(Concept.SINCE) for m in context.sentence.marks)
    )


def _of_another_month(match: Match) -> bool:
    """Whether standings are told as they were in a month: "in April he was 46 points up"."""
    if match.frame.claim_type not in _AFTER_THE_RACE:
        return False
    months = (p.value(Kind.DATE) or {} for p in match.clause.find("date"))
    return any("month" in when and "day" not in when for when in months)


def _long_before(match: Match) -> bool:
    """Whether a win only tells when: "zwölf Monate nach dem Sieg von Gasly hat ..."."""
    pieces = match.clause.pieces
    k = pieces.index(match.anchor) - 1
    while k > 1 and (pieces[k].kind == "who" or pieces[k].has(Concept.THE, Concept.A)):
        k -= 1
    after = match.anchor.kind == "noun" and k > 1 and pieces[k].has(Concept.AFTER, Concept.PRIOR)
    return bool(
        (after and pieces[k - 2].n is not None) or (after and pieces[k - 1].unit == "years")
    )


def _of_earlier_place(match: Match) -> bool:
    """Whether a circuit only tells since when: "the first since Gasly at Monza in 2020"."""
    if "circuit" not in match.frame.needs:
        return False
    earlier = match.clause.pieces[: match.clause.pieces.index(match.anchor)]
    return any(p.has(Concept.SINCE) for p in earlier[1:])


def _is_left_open(match: Match) -> bool:
    """Whether a gap is one to somebody unsaid, or a distance a guess: "a further five points"."""
    i = match.clause.pieces.index(match.anchor)
    unsaid = bool(match.frame.against) and match.rival is None
    unsaid = unsaid or match.frame.claim_type == "points_total"  # "nog drie punten en hij is ..."
    further = any(p.has(Concept.FURTHER) for p in match.clause.pieces[max(i - 1, 0) : i + 2])
    before = match.rival is not None and match.rival.last < match.anchor.first
    unsaid = unsaid or (before and Concept.FURTHER not in match.frame.last)  # to whom, if not him
    about = match.frame.claim_type == "lap_count" and match.anchor.hedge != "exact"
    counts = match.frame.claim_type in ("season_count", "career_count")
    latest = counts and i > 0 and match.clause.pieces[i - 1].has(Concept.PREVIOUS)
    return (unsaid and further) or about or latest  # "including the last two races"


def _is_pair(slots: list[Slot[Entity]]) -> bool:
    """Whether two are different and both teams, or neither."""
    if len(slots) < PAIR or slots[0].value == slots[1].value:
        return False
    return (slots[0].value.kind == "team") == (slots[1].value.kind == "team")


def _own_value(match: Match) -> Any:
    """Value of a claim that is about the event itself."""
    if "circuit" in match.frame.needs:
        return match.anchor.marks[0].text
    if "total" in match.frame.needs:
        return match.anchor.marks[-1].kinds.get(Kind.NUMBER)
    return match.value


def _values(match: Match, row: list[Piece]) -> list[Any]:
    """The value for every member of a row: one each, counted on, or the same for all."""
    frame, value = match.frame, match.value
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number:
        return [value] * len(row)
    base = value + frame.offset
    if frame.from_rank:
        place = _place_told(match)
        return [place + frame.from_rank * value if place else None] * len(row)
    if frame.closes:
        return [base - len(row) + 1 + k for k in range(len(row))]
    if frame.step:
        return [base + frame.step * k for k in range(len(row))]
    both = match.anchor.kind == "count" and match.clause.has(Concept.EACH, Concept.BOTH)
    if len(row) == 1 or frame.each or both:
        return [base] * len(row)
    same = side_by_side(match.clause, match.anchor)
    if len(same) != len(row):
        return [None] * len(row)  # one place for several people: whose it is stays open
    k = same.index(match.anchor)
    return [base if n == k else None for n in range(len(row))]


def _place_told(match: Match) -> float | None:
    """The place that the subject of a clause, or of the one before, is said to have."""
    clause: Clause | None = match.clause
    for _ in range(PAIR):
        ranks = [p for p in clause.find("rank") if p.about == "finish"] if clause else []
        if len(ranks) == 1:
            return ranks[0].n
        clause = clause.before if clause else None
    return None


def _is_allowed(match: Match, piece: Piece) -> bool:
    return piece.slot is not None and piece.slot.value.kind in match.frame.kinds


def _claim(
    match: Match, context: Context, slots: tuple[Slot[Entity], ...], value: Any,
    details: dict[str, Any], piece: Piece | None = None,
) -> Claim:  # fmt: skip
    frame, anchor, s = match.frame, match.anchor, context.sentence
    if isinstance(value, float) and value == int(value) and anchor.unit != "seconds":
        value = int(value)
    modality, hedged = modality_of(match.clause, s, match.anchor)
    spanned = [p for p in (anchor, piece, match.rival) if p is not None and _is_in(p, s)]
    start = min(p.marks[0].start for p in spanned)
    end = max(p.marks[-1].end for p in spanned)
    denied = match.clause.negated and bool(frame.who) and "denial" not in frame.needs
    denied = denied and value != 0  # "n'a marqué aucun point": both words make one denial
    scope = _scope_of(match, context)
    if frame.claim_type == "relative_order" and anchor.about == "qualifying":
        scope = replace(scope, session=Slot("qualifying", "named"))
    if frame.claim_type in _AFTER_THE_RACE and scope.moment.value == "lap":
        scope = replace(scope, moment=Slot("unknown", "assumed"), lap=None)
    return Claim(
        claim_type=frame.claim_type,
        sentence=s.text,
        quote=s.text[start - s.start : end - s.start],
        start=start,
        end=end,
        subjects=slots,
        relation=(frame.relation or "over") if len(slots) == PAIR else "",
        value=value,
        unit=_unit(frame, anchor, value),
        hedge=anchor.hedge,
        scope=scope,
        polarity="denied" if denied else "affirmed",
        modality=modality,
        hedged=hedged,
        attributed_to=context.speaker if modality == _OPINION else None,
        details=details,
        named=context.named,
        features=features(match, context, [p for p in spanned if p is not anchor], slots),
    )


def _is_in(piece: Piece, s: Sentence) -> bool:
    """Whether a piece is of a sentence; somebody may be meant who stands in the one before."""
    return bool(piece.marks) and s.start <= piece.marks[0].start < s.end


def _scope_of(match: Match, context: Context) -> Scope:
    """Scope of a claim: of a day or circuit, the event of the place beside it."""
    scope, needs, anchor = context.scope, match.frame.needs, match.anchor
    if "next" in needs or "year" in needs:
        return Scope(moment=scope.moment)  # of the article's own race another one is the next
    venues = [p for p in match.clause.find("venue") if distance(p, anchor) <= BESIDE]
    if "day" in needs and anchor.kind == "date" and venues:
        return _at(min(venues, key=lambda p: distance(p, anchor)), match, context)
    if "circuit" in needs and not any(_is_a_name(p) for p in match.clause.find("venue")):
        return _at(anchor, match, context)
    if match.frame.claim_type == "pit_stop" and anchor.kind == "lap" and anchor.n:
        return replace(scope, lap=int(anchor.n))
    if match.frame.claim_type in _OF_A_RACE:
        return _at_home(_where_it_stands(match, context), context)
    return scope


def _at_home(scope: Scope, context: Context) -> Scope:
    """Of a history of a race, that race in the year that a sentence or paragraph names."""
    said, slot = scope.season.value, scope.event
    year = said or context.dated or 0
    if slot.bound != "assumed" or slot.value.step != 0 or not year or context.at_home is None:
        return scope
    if year > 0 and (event := context.at_home(year)):
        others = () if said else ((slot.value, OR_THIS),)
        return replace(scope, event=Slot(event, "carried", others))
    return scope if said else replace(scope, season=Slot(year, "carried"))


def _where_it_stands(match: Match, context: Context) -> Scope:
    """Of several places in a clause, the first one after what is said, or else the last before."""
    places = [p for p in match.clause.find("venue") if p.value(Kind.VENUE)]
    if len(places) < PAIR or context.scope.event.bound != "named":
        return context.scope
    there = [p for p in places if not is_since(match.clause, p)] or places
    later = [p for p in there if p.first > match.anchor.first]
    return _at((later or there[::-1])[0], match, context)


def _is_a_name(venue: Piece) -> bool:
    """Whether it is the name of a race, and no place alone."""
    places = venue.value(Kind.VENUE) or ()
    named = any(kind == "event" for kind, _ in places)
    return named or any(mark.is_a(Concept.GP) for mark in venue.marks)


def _at(venue: Piece, match: Match, context: Context) -> Scope:
    scope = context.scope
    when = match.anchor.value(Kind.DATE) or {}
    year = when.get("year") or scope.season.value or None
    event = context.event_of(venue, year) if context.event_of else None
    return replace(scope, event=Slot(event, "named")) if event else scope


def _unit(frame: Frame, anchor: Piece, value: Any) -> str:
    """What is counted or measured: as the frame says, else by the piece."""
    if frame.counts or (isinstance(value, str | bool) and anchor.kind != "nth"):
        return frame.counts
    if anchor.unit and anchor.kind == "measure":
        return anchor.unit
    return next((unit for concept, unit in UNITS.items() if anchor.has(concept)), "")


def modality_of(clause: Clause, sentence: Sentence, anchor: Piece) -> tuple[Modality, bool]:
    """How what a clause says of a piece is meant, and whether it is hedged."""
    if any(mark.quoted for mark in anchor.marks):
        return _OPINION, False
    if sentence.question:
        return "question", False
    if clause.conditional:
        return _HYPOTHESIS, False
    if clause.has(Concept.MODAL, Concept.CHASE) or _is_nearly(clause, anchor):
        return _PLAN, False
    hedged = clause.has(Concept.SEEM) and not _seems_safe(clause, anchor)
    return (_HYPOTHESIS if hedged else "fact"), hedged


def _is_nearly(clause: Clause, anchor: Piece) -> bool:
    """Whether something was nearly reached: "came close to victory", "estuvo cerca de ganar"."""
    reached = anchor.has(Concept.WIN, Concept.VICTORY, Concept.PODIUM, Concept.POLE)
    i = clause.pieces.index(anchor)
    beside = [*clause.pieces[max(i - 1, 0) : i], *clause.pieces[i + 1 : i + 2]]
    almost = any(p.kind != "link" and p.value(Kind.HEDGE) in ("almost", "about") for p in beside)
    near = any(p.has(Concept.NEARLY) for p in clause.pieces[:i])
    return reached and (near or (almost and anchor.kind == "verb"))


def _seems_safe(clause: Clause, anchor: Piece) -> bool:
    """Whether a lead is only said to seem safe: "what seemed to be an unassailable 32 points"."""
    return anchor.kind == "measure" and clause.has(Concept.UNASSAILABLE, Concept.CERTAIN)


def features(
    match: Match, context: Context, pair: list[Piece], slots: tuple[Slot[Entity], ...]
) -> dict[str, float]:
    """Numbers by which a model of confidence tells a sure reading from an unsure one."""
    clause, anchor = match.clause, match.anchor
    verb = clause.nearest(anchor, "verb")
    by_subject = "subject" in match.place
    return {
        "likely": match.frame.likely,
        "rest": float(match.frame.rest),
        f"frame {match.frame.claim_type} {match.frame.number}": 1.0,
        f"place {match.place}": 1.0,
        "people": float(sum(1 for _ in clause.find("who"))),
        "clauses": float(context.clauses),
        "pieces": float(len(clause.pieces)),
        "verb distance": float(distance(verb, anchor)) if verb else NO_VERB,
        "who distance": float(max((distance(p, anchor) for p in pair), default=0)),
        "subject": (_SURE.get(clause.how, 0.5) if by_subject else 0.9) if pair else 1.0,
        "shared": float(by_subject and clause.how == "shared"),
        "named": float(all(slot.bound == "named" for slot in slots)),
        "pronoun": float(any(slot.bound == "pronoun" for slot in slots)),
        "epithet": float(any(slot.bound == "epithet" for slot in slots)),
        "rivals": max((w for slot in slots for _, w in slot.others), default=0.0),
        "event named": float(context.scope.event.bound == "named"),
        "event assumed": float(context.scope.event.bound == "assumed"),
        "event open": float(bool(context.scope.event.others)),
        "elided": float(anchor.elided),
        "open count": float(anchor.kind == "count" and not anchor.about),
        "turned": float(match.frame.turned),
        "year apart": float(year_is_apart(clause, anchor)),
        "at a place": float(is_at_a_place(clause, anchor)),
        "here": float(is_told_here(clause)),
        "guessed": float(anchor.guessed),
        "plain": float(anchor.plain),
        "race named": float(context.event_named),
        "aside": float(clause.kind in ("aside", "relative")),
        "negated": float(clause.negated),
        "words": float(len(context.sentence.marks)),
        "reported": float(is_reported(anchor, context.sentence)),
        **context.extra,
    }


def named_in(clauses: Iterable[Clause]) -> tuple[Entity, ...]:
    """Everybody whom the clauses of a sentence name."""
    found = [p.slot.value for clause in clauses for p in clause.find("who") if p.slot]
    return tuple(dict.fromkeys(found))
