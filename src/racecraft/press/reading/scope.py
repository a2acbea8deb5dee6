"""Scope: at which event, in which season and session, at what moment a clause holds.

A scope comes from the words of the clause, else from the rest of its sentence, else from the
heading or label above it, else it is that of the article. What nothing says is *assumed*.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from racecraft.press.claim import UNKNOWN_SEASON, EventRef, Scope, Slot
from racecraft.press.lexicon.concepts import Concept, Kind
from racecraft.press.lexicon.dates import as_date
from racecraft.press.reading.earlier import lap_label, without_earlier
from racecraft.press.reading.moments import moment_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from racecraft.press.claim import Bound, Moment, Session
    from racecraft.press.lexicon.names import Names
    from racecraft.press.reading.clauses import Clause
    from racecraft.press.reading.pieces import Piece

MANY = 4  # an article that names so many events tells of each in turn
OR_THIS = 0.4  # weight of the other event that may be meant
_THE_RACE = (Concept.RACE, Concept.GP, Concept.SEASON)  # what is told of them is of no sprint
A_LABEL = 6  # marks that a label or heading has at most


@dataclass(frozen=True, slots=True)
class Where:
    """What some words say of the scope; None for what they do not say."""

    event: EventRef | None = None
    season: int | None = None
    session: Session | None = None
    moment: Moment | None = None
    lap: int | None = None
    from_end: int | None = None
    last: EventRef | None = None

    def over(self, other: Where) -> Where:
        """What these words say, and what they leave open from others."""
        return Where(
            self.event or other.event, self.season or other.season, self.session or other.session,
            self.moment or other.moment, self.lap or other.lap, self.from_end or other.from_end,
            self.last,
        )  # fmt: skip


@dataclass
class Scopes:
    """Scopes of an article, from its first sentence on."""

    names: Names
    day: date | None
    heading: Where = field(default_factory=Where)
    label: Where = field(default_factory=Where)
    carried: Where = field(default_factory=Where)
    so_far: Where = field(default_factory=Where)
    later: Where = field(default_factory=Where)
    paragraph: int = -1
    events: Counter[str] = field(default_factory=Counter)
    home: str = ""  # the race that an article names first of all
    year: int | None = None  # the last one named in the paragraph
    told: int | None = None  # the last one named at all, in an article that tells of many
    dated: int | None = None  # the year that a paragraph begins with, or the last one after it
    of_many: bool = False
    of_sprint: bool = False  # whether the article reports a sprint
    lap: int | None = None
    opens: bool = False  # whether a sentence is the first of its paragraph
    goes_on: bool = False  # whether a sentence begins with "that": it is about what came before

    def begin(self, paragraph: int, pieces: list[Piece], clauses: list[Clause]) -> None:
        """Begin a sentence: note its label, and with a new paragraph forget what was carried."""
        if paragraph != self.paragraph:
            self.paragraph, self.carried, self.label = paragraph, Where(), self.heading
            self.year, self.lap, self.dated = None, None, None
            self.opens = True
        self.lap = lap_label(pieces) or self.lap
        self.goes_on = pieces[0].has(Concept.THAT)
        if _is_heading(pieces):
            found = self.where(pieces)
            self.heading = Where(found.event, found.season)
            self.label = self.heading
        elif label := _label(pieces):
            found = self.where(label)
            self.label = Where(found.event, found.season).over(self.heading)
        self.so_far = Where()
        main = next((c for c in clauses if c.kind == "main"), None)
        self.later = self.where(main.pieces) if main is not None else Where()

    def below_heading(self) -> Scope:
        """Scope of what stands below the last heading and says nothing of its own."""
        season = self.heading.season
        event = self.heading.event
        if event is not None and event.season is None and season:
            event = self._in_year(event, season)
        assumed: Slot[EventRef] = Slot(EventRef(step=0), "assumed")
        return Scope(
            Slot(event, "heading") if event is not None else assumed,
            Slot(season, "heading") if season else Slot(0, "assumed"),
        )

    def of(self, clause: Clause) -> tuple[Scope, Where]:
        """Scope of the next clause of a sentence: its own, or that of what comes before it."""
        own = self.where(clause.pieces)
        inherited = self.so_far.over(self.later)
        if own.event is not None and not own.season and _is_of_the_week(clause):
            inherited = replace(inherited, season=None)
        outer = own.over(inherited).over(self.label)
        if clause.kind != "relative":
            self.so_far = Where(own.event, own.season).over(self.so_far)
        season = Slot(0, "assumed")
        if outer.season:
            season = Slot(outer.season, "named" if own.season else "carried")
        return Scope(
            self._event_slot(own, inherited),
            season,
            self._session_slot(own, clause),
            Slot(own.moment, "named") if own.moment else Slot("unknown", "assumed"),
            own.lap or self.lap,
        ), own

    def _session_slot(self, own: Where, clause: Clause) -> Slot[Session]:
        """The session that is named, in a relative clause by what it leans on."""
        outer = clause.before if clause.kind == "relative" else None
        said = own.session or (self.where(outer.pieces).session if outer else None)
        if said is None and _goes_on(clause):
            said = self.where(clause.before.pieces).session if clause.before else None
        if said:
            return Slot(said, "named")
        of_sprint = self.of_sprint and not any(p.has(*_THE_RACE) for p in clause.pieces)
        return Slot("sprint", "heading") if of_sprint else Slot("race", "assumed")

    def _event_slot(self, own: Where, inherited: Where) -> Slot[EventRef]:
        season = own.season or inherited.season or self.label.season
        told: tuple[tuple[Where, Bound], ...] = (
            (own, "named"), (inherited, "carried"), (self.label, "heading"),
        )  # fmt: skip
        for where, bound in told:
            if where.event is not None:
                event = where.event
                if event.season is None and season and not event.step:
                    event = self._in_year(event, season)
                elif event.season is None and self.told and not event.step:
                    then = self._in_year(event, self.told)
                    if then.round is not None:
                        return Slot(then, "carried", ((event, OR_THIS),))
                this = ((EventRef(step=0), OR_THIS),) if event.step == -1 else ()  # "his last race"
                return Slot(event, bound, this)
        if self.carried.event is not None:
            return self._from_before(self.carried.event)
        return Slot(EventRef(step=0), "assumed")

    def _in_year(self, event: EventRef, season: int) -> EventRef:
        """The event of that name in a season, if there is just one."""
        found = [
            each for each in self.names.roster.calendar(season)
            if event.name in (each.name, each.circuit, each.country, each.locality)
        ]  # fmt: skip
        return EventRef(season, found[0].round if len(found) == 1 else None, event.name)

    def _from_before(self, last: EventRef) -> Slot[EventRef]:
        """The event of the sentence before, or that of the article: one of them, perhaps."""
        home = EventRef(step=0)
        if len(self.events) >= MANY or self.goes_on:
            return Slot(last, "carried", ((home, OR_THIS),))
        return Slot(home, "assumed", ((last, OR_THIS),))

    def end(self, sentence: Where) -> None:
        """End a sentence: what it named is carried on to the next."""
        self.year = sentence.season or self.year
        if self.of_many and sentence.season and (self.opens or self.dated):
            self.dated = sentence.season
        self.opens = False
        if self.of_many and sentence.season and sentence.season > 0:
            self.told = sentence.season
        if not self.home and sentence.event is not None and sentence.event.name:
            self.home = sentence.event.name
        if sentence.last is not None:
            self.carried = replace(sentence, event=sentence.last)

    def at_home(self, season: int) -> EventRef | None:
        """The race that an article is all about, in another year: "In 1976 Lauda won"."""
        if not self.home or 2 * self.events[self.home] < self.events.total():
            return None
        found = self._in_year(EventRef(name=self.home), season)
        return found if found.round else None

    # --- what words say -----------------------------------------------------------------------

    def where(self, pieces: Iterable[Piece]) -> Where:
        """What some pieces say of the scope."""
        pieces = list(pieces)
        year = self._year(without_earlier(pieces))
        events = self._events(without_earlier(pieces), year)
        event = events[0] if events else None
        session = self._session(pieces)
        lap, from_end = self._lap(pieces)
        moment = moment_of(pieces)
        if lap or from_end:
            moment = "lap"
        season = year or (event.season if event and event.season else None)
        last = events[-1] if events else None
        return Where(event, season, session, moment, lap, from_end, last)

    def _year(self, pieces: list[Piece]) -> int | None:
        years = [int(p.n) for p in pieces if p.kind == "year" and p.n]
        dates = [when["year"] for p in pieces if (when := p.value(Kind.DATE)) and "year" in when]
        years += [] if years or dates else self._told_from_another(pieces)
        since = any(p.has(Concept.SINCE) for p in pieces[1:])
        found = years + dates
        return found[0] if len(set(found)) == 1 and not since else None

    def _told_from_another(self, pieces: list[Piece]) -> list[int]:
        """A year that is told from the day of the article, or from the year named before."""
        if any(
            p.has(Concept.LAST_YEAR) and not (i and pieces[i - 1].has(Concept.HIS))
            for i, p in enumerate(pieces)
        ):  # and not "in his last season"
            return [self.day.year - 1 if self.day else UNKNOWN_SEASON]
        if any(p.has(Concept.YEAR_LATER) for p in pieces):
            last = self.year or self.told
            return [last + 1 if last and last > 0 else UNKNOWN_SEASON]
        return []

    def _events(self, pieces: list[Piece], year: int | None) -> list[EventRef]:
        venues = [
            p for i, p in enumerate(pieces)
            if p.kind == "venue" and self._is_place(pieces, i)
        ]  # fmt: skip
        if not venues:
            step = _step(pieces)
            first = year and any(p.has(Concept.OPENER) for p in pieces)
            return [EventRef(step=step)] if step else [EventRef(year, 1)] if first else []
        if len(venues) > 1 and self._is_at(venues[1], venues[0]):
            venues = venues[1:]  # "BARCELONA - Maldonado won the Spanish Grand Prix"
        found = list(dict.fromkeys(ref for p in venues if (ref := self.event_of(p, year))))
        if any(p.has(Concept.WEEK_EARLIER) for p in pieces) and year is None:
            return [replace(ref, step=-1) for ref in found]
        return found

    def _is_at(self, event: Piece, town: Piece) -> bool:
        """Whether a race that is called by its name has been held at a town or circuit."""
        names = {which for kind, which in event.value(Kind.VENUE) if kind == "event"}
        circuits = {which for kind, which in town.value(Kind.VENUE) if kind == "circuit"}
        return bool(names and circuits) and any(
            each.name in names and each.circuit in circuits for each in self.names.roster.events
        )

    def _is_place(self, pieces: list[Piece], i: int) -> bool:
        """Whether a venue says where something happened, and not where somebody is from."""
        venue, before = pieces[i], pieces[i - 1] if i else None
        k = i - 1
        while k > 0 and pieces[k].has(Concept.THE, Concept.OF) and not pieces[k].has(Concept.AT):
            k -= 1
        if any(p.has(Concept.SINCE) for p in pieces[max(k, 0) : i]) or _after_since(pieces, i):
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
            or (before.kind == "verb" and " " in before.word)  # "came in Hungary"
            or (pieces[k].kind == "verb" and pieces[k].has(Concept.WIN))  # "won de Britse GP"
        )

    def event_of(self, venue: Piece, year: int | None) -> EventRef | None:
        """The event that a place stands for; which one it is only in a year that is named."""
        places = venue.value(Kind.VENUE)
        kind, which = places[0]
        name = self.names.codes.get(which, which) if kind == "country" else which
        if sum(each == "circuit" for each, _ in places) > 1:
            name = venue.marks[0].text  # a town that has had several circuits
        self.events[name] += 1
        if year is None:
            return EventRef(name=name)
        found = self.names.events_at(places, year)
        return EventRef(year, found[0].round if found else None, name)

    def _session(self, pieces: list[Piece]) -> Session | None:
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


def _after_since(pieces: list[Piece], i: int) -> bool:
    """Whether a place tells since when: "the first podium since Kobayashi 2012 in Japan"."""
    for p in reversed(pieces[:i]):
        if p.kind == "verb":
            return False
        if p.has(Concept.SINCE) and p is not pieces[0]:
            return True
    return False


def _is_of_the_week(clause: Clause) -> bool:
    """Whether a day of the week is told: "last year he won here, and on Sunday at Spa he was"."""
    return any(p.kind == "weekday" for p in clause.pieces)


def _goes_on(clause: Clause) -> bool:
    """Whether it only goes on with what the same one did: "started the sprint first and came"."""
    first = clause.pieces[0]
    anew = any(p.kind in ("weekday", "date", "venue") or p.has(Concept.RACE, Concept.GP)
               for p in clause.pieces)  # fmt: skip
    return clause.how == "shared" and first.has(Concept.AND) and not anew


def _is_heading(pieces: list[Piece]) -> bool:
    """Whether a line is a heading that names a place or year: short, without verb or full stop."""
    return (
        len(pieces) <= A_LABEL
        and pieces[-1].word not in (".", "!", "?")
        and any(p.kind in ("venue", "year", "date") for p in pieces)
        and not any(p.kind in ("verb", "who") for p in pieces)
    )


def _label(pieces: list[Piece]) -> list[Piece]:
    """What stands before a colon or dash at the beginning: "2015: ...", "MONZA, Sept 3 - ..."."""
    for i, p in enumerate(pieces[: A_LABEL + 1]):
        if i and p.word in (":", "-", "–", "—"):
            return pieces[:i]
        if p.kind not in ("venue", "year", "date", "link", "weekday") and p.word not in (",", "."):
            return []
    return []


def _step(pieces: list[Piece]) -> int | None:
    """How many races later or earlier: "the previous race", "the next round"."""
    for a, b in pairwise(pieces):
        if b.has(Concept.RACE, Concept.GP) and b.kind not in ("venue", "count"):
            if a.has(Concept.NEXT):
                return 1
            if a.has(Concept.PREVIOUS):
                return -1
    return None
