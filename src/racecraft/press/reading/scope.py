"""Scope: at which event, in which season and session, at what moment a clause holds.

A scope comes from the words of the clause, else from the rest of its sentence, else from the
heading or label above it, else it is that of the article. What nothing says is *assumed*.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from racecraft.press.claim import EventRef, Scope, Slot
from racecraft.press.lexicon.concepts import Concept, Kind
from racecraft.press.lexicon.dates import as_date

if TYPE_CHECKING:
    from collections.abc import Iterable

    from racecraft.history.rows import Event
    from racecraft.press.lexicon.marks import Sentence
    from racecraft.press.lexicon.names import Names
    from racecraft.press.reading.clauses import Clause
    from racecraft.press.reading.pieces import Piece

SOON = timedelta(days=4)  # an article on a race may be written so long before it ends
MANY = 4  # an article that names so many events tells of each in turn
A_LABEL = 6  # marks that a label or heading has at most


@dataclass(frozen=True, slots=True)
class Where:
    """What some words say of the scope; None for what they do not say."""

    event: EventRef | None = None
    season: int | None = None
    session: str | None = None
    moment: str | None = None
    lap: int | None = None
    from_end: int | None = None
    places: int = 0

    def over(self, other: Where) -> Where:
        """What these words say, and what they leave open from others."""
        return Where(
            self.event or other.event, self.season or other.season, self.session or other.session,
            self.moment or other.moment, self.lap or other.lap, self.from_end or other.from_end,
            self.places,
        )  # fmt: skip


@dataclass
class Scopes:
    """Scopes of an article, from its first sentence on."""

    names: Names
    day: date | None
    year: int | None = None
    label: Where = field(default_factory=Where)
    carried: Where = field(default_factory=Where)
    paragraph: int = -1
    events: Counter[str] = field(default_factory=Counter)

    def begin(self, paragraph: int) -> None:
        """Begin a sentence; with a new paragraph, what was carried ends."""
        if paragraph != self.paragraph:
            self.paragraph, self.carried, self.label = paragraph, Where(), self.heading
            self.heading_used = True

    heading: Where = field(default_factory=Where)
    heading_used: bool = True

    def of(self, clause: Clause, sentence: Where) -> tuple[Scope, Where]:
        """Scope of a clause, given what its whole sentence says."""
        own = self.where(clause.pieces)
        outer = own.over(sentence).over(self.label)
        bound = "named" if own.event or own.season else "carried" if sentence.event else "heading"
        event = Slot(EventRef(step=0), "assumed")
        if outer.event is not None:
            event = Slot(outer.event, bound)  # type: ignore[arg-type]
        elif self.carried.event is not None:
            event = self._from_before(own)
        season = Slot(0, "assumed")
        if year := (outer.season or (outer.event.season if outer.event else None)):
            season = Slot(year, "named" if own.season else "carried")
        return Scope(
            event,
            season,
            Slot(outer.session, "named") if outer.session else Slot("race", "assumed"),  # type: ignore[arg-type]
            Slot(outer.moment, "named") if outer.moment else Slot("unknown", "assumed"),  # type: ignore[arg-type]
            outer.lap,
        ), own

    def _from_before(self, own: Where) -> Slot[EventRef]:
        """The event of the sentence before, or that of the article: one of them, perhaps."""
        del own
        assert self.carried.event is not None  # noqa: S101
        home, last = EventRef(step=0), self.carried.event
        if len(self.events) >= MANY:
            return Slot(last, "carried", ((home, 0.4),))
        return Slot(home, "assumed", ((last, 0.4),))

    def end(self, sentence: Where) -> None:
        """End a sentence: what it named is carried on to the next."""
        if sentence.event is not None:
            self.carried = sentence

    # --- what words say -----------------------------------------------------------------------

    def where(self, pieces: Iterable[Piece]) -> Where:
        """What some pieces say of the scope."""
        pieces = list(pieces)
        year = self._year(pieces)
        event, places = self._event(pieces, year)
        session = self._session(pieces)
        lap, from_end = self._lap(pieces)
        moment = _moment(pieces)
        if lap or from_end:
            moment = "lap"
        season = year or (event.season if event and event.season else None)
        return Where(event, season, session, moment, lap, from_end, places)

    def _year(self, pieces: list[Piece]) -> int | None:
        years = [int(p.n) for p in pieces if p.kind == "year" and p.n]
        dates = [when["year"] for p in pieces if (when := p.value(Kind.DATE)) and "year" in when]
        if any(p.has(Concept.LAST_YEAR) for p in pieces) and self.day:
            years.append(self.day.year - 1)
        since = any(p.has(Concept.SINCE) for p in pieces)
        found = years + dates
        return found[0] if len(set(found)) == 1 and not since else None

    def _event(self, pieces: list[Piece], year: int | None) -> tuple[EventRef | None, int]:
        venues = [
            p for i, p in enumerate(pieces)
            if p.kind == "venue" and self._is_place(pieces, i)
        ]  # fmt: skip
        if not venues:
            step = _step(pieces)
            return (EventRef(step=step), 1) if step else (None, 0)
        refs = list(dict.fromkeys(ref for p in venues if (ref := self.event_of(p, year))))
        return (refs[0] if refs else None), len(refs)

    def _is_place(self, pieces: list[Piece], i: int) -> bool:
        """Whether a venue says where something happened, and not where somebody is from."""
        venue, before = pieces[i], pieces[i - 1] if i else None
        k = i - 1
        while k > 0 and pieces[k].has(Concept.THE, Concept.OF) and not pieces[k].has(Concept.AT):
            k -= 1
        if any(p.has(Concept.SINCE) for p in pieces[max(k, 0) : i]):
            return False
        named_so = any(kind != "country" for kind, _ in venue.value(Kind.VENUE))
        if named_so or any(mark.is_a(Concept.GP) for mark in venue.marks):
            return True
        following = pieces[i + 1] if i + 1 < len(pieces) else None
        if following is not None and following.word in ("'s", "'"):
            return False
        return (
            before is None
            or before.has(
                Concept.AT,
                Concept.ON,
                Concept.FROM,
                Concept.AFTER,
                Concept.FOR,
                Concept.TO,
                Concept.AND,
            )
            or before.word in (",", ":")
        )

    def event_of(self, venue: Piece, year: int | None) -> EventRef | None:
        """The event that a place stands for, in a year or in that of the article."""
        places = venue.value(Kind.VENUE)
        season = year or self.year
        found: list[Event] = self.names.events_at(places, season) if season else []
        if year is None and self.day and len(found) != 1:
            found = [e for e in found if e.date and e.date <= self.day + SOON][-1:] or found
        kind, which = places[0]
        name = self.names.codes.get(which, which) if kind == "country" else which
        if year is not None:
            self.events[name] += 1
            return EventRef(year, found[0].round, name) if found else EventRef(year, None, name)
        if found and self.day and found[0].date and found[0].date > self.day + SOON:
            # a race to come, or that of the year before
            self.events[name] += 1
            return EventRef(None, None, name)
        self.events[name] += 1
        return EventRef(season, found[0].round, name) if found else EventRef(None, None, name)

    def _session(self, pieces: list[Piece]) -> str | None:
        if any(p.has(Concept.SPRINT) for p in pieces):
            return "sprint"
        return None

    def _lap(self, pieces: list[Piece]) -> tuple[int | None, int | None]:
        for i, p in enumerate(pieces):
            if p.kind == "lap":
                if p.has(Concept.FIRST_LAP):
                    return 1, None
                if p.has(Concept.PENULTIMATE_LAP):
                    return None, 1
                if p.has(Concept.LAST_LAP):
                    return None, 0
                return (int(p.n) if p.n else None), None
            following = pieces[i + 1 : i + 3]
            if (
                p.kind == "measure"
                and p.unit == "laps"
                and any(f.has(Concept.TO_GO) for f in following)
            ):
                return None, int(p.n or 0)
        return None, None

    def date_of(self, piece: Piece) -> date | None:
        """Day that is written, in the year nearest to the article."""
        when = piece.value(Kind.DATE)
        return as_date(when, self.day) if when else None


def session_of(marked: Iterable[Sentence]) -> str:
    """Session that an article reports: qualifying, if it speaks more of that than of a race."""
    qualifying = race = 0
    for sentence in marked:
        kinds = {kind for mark in sentence.marks for kind in mark.kinds}
        qualifying += bool(kinds & {Concept.QUALIFY, Concept.POLE})
        race += bool(kinds & _OF_A_RACE)
    return "qualifying" if qualifying >= MANY and qualifying > race else "race"


_OF_A_RACE = frozenset(
    (
        Concept.WIN, Concept.VICTORY, Concept.RETIRE, Concept.PODIUM, Concept.WINNER,
        Concept.FASTEST_LAP, Concept.PIT,
    )
)  # fmt: skip


def _step(pieces: list[Piece]) -> int | None:
    """How many races later or earlier: "the previous race", "the next round"."""
    for a, b in pairwise(pieces):
        if b.has(Concept.RACE, Concept.GP) and b.kind != "venue":
            if a.has(Concept.NEXT):
                return 1
            if a.has(Concept.PREVIOUS):
                return -1
    return None


def _moment(pieces: list[Piece]) -> str | None:
    if any(p.has(Concept.BEFORE, Concept.PRIOR) and not _before_somebody(pieces, p)
           for p in pieces):  # fmt: skip
        return "before"
    if any(p.has(Concept.CAREER) for p in pieces):
        return "career"
    if any(p.has(Concept.THIS_SEASON) for p in pieces):
        return "season so far"
    return None


def _before_somebody(pieces: list[Piece], prior: Piece) -> bool:
    """Whether "before" stands before somebody and not before a race."""
    following = next((p for p in pieces if p.first > prior.last and not p.has(Concept.THE)), None)
    return prior.has(Concept.PRIOR) and (
        following is None or not following.has(Concept.RACE, Concept.GP, Concept.START)
    )
