"""The reader: an article in, everything that it says out, without a look at any result."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from racecraft.press.claim import Claim, Reading, Scope
from racecraft.press.lexicon.concepts import Concept, Kind
from racecraft.press.lexicon.marks import Sentence, sentences
from racecraft.press.lexicon.names import Names
from racecraft.press.lexicon.vocabulary import vocabulary
from racecraft.press.reading import about
from racecraft.press.reading.ages import ages
from racecraft.press.reading.appositions import said_in_passing
from racecraft.press.reading.bonds import bonded, parsed_of
from racecraft.press.reading.build import NO_VERB, PAIR, Context, claims_of, named_in
from racecraft.press.reading.circumstances import (
    has_places_of_two_kinds,
    is_live,
    provisional_sentences,
)
from racecraft.press.reading.clauses import Clause, clauses_of
from racecraft.press.reading.conditions import conditional_sentences
from racecraft.press.reading.counting import MOST_ROUNDS
from racecraft.press.reading.earlier import date_back, looks_back
from racecraft.press.reading.followers import followers
from racecraft.press.reading.frames import frames_that, is_read, matches
from racecraft.press.reading.grid import Grid
from racecraft.press.reading.knockout import parts_reached
from racecraft.press.reading.locate import clues, likely_seasons
from racecraft.press.reading.mentions import find_mentions
from racecraft.press.reading.people import People
from racecraft.press.reading.pieces import pieces_of
from racecraft.press.reading.racing import is_about_racing
from racecraft.press.reading.resolve import Resolver
from racecraft.press.reading.scope import Scopes
from racecraft.press.reading.scores import sums_of
from racecraft.press.reading.sessions import (
    is_of_a_sprint,
    names_an_event,
    qualifying_paragraphs,
    session_of,
)
from racecraft.press.reading.tables import claims_of_rows, tables
from racecraft.press.reading.teams import entered_by, in_a_one_two, of_teams, shared_teams
from racecraft.press.reading.together import Told, weighed_together
from racecraft.press.reading.topic import HEADED, topics
from racecraft.press.reading.years import at_each_counted, in_each_year

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from racecraft.history.roster import Roster
    from racecraft.press.claim import Entity, EventRef
    from racecraft.press.intake.article import Article
    from racecraft.press.lexicon.vocabulary import Vocabulary


class Reader:
    """Reads articles of any of the languages; what it learned of the roster is kept.

    Parameters
    ----------
    roster
        Who exists. Nothing here asks it who won.
    """

    def __init__(self, roster: Roster) -> None:
        self.roster = roster
        self.names = Names(roster)

    def read(self, article: Article) -> Reading:
        """Everything that an article says, and which events it may be about.

        Parameters
        ----------
        article
            Its text in paragraphs, its day and its language.

        Returns
        -------
        Reading
            Claims in the order of the text; clues to the event, the likeliest first.
        """
        words = vocabulary(article.lang)
        marked = list(sentences(article.text, words, self.names))
        date_back(marked, article.date)
        seasons = likely_seasons(marked, article.date, self.roster)
        people = People(self.roster, self.names, frozenset(seasons))
        people.listen(marked)
        found = clues(marked, article.date, self.names, people)
        guessed: list[Claim] = []
        said = weighed_together(self._sentences(marked, article, words, people), guessed)
        return Reading(
            claims=tuple(with_margins(over_careers(said, people))),
            guesses=tuple(over_careers(guessed, people)),
            clues=tuple(found),
            lang=article.lang,
            day=article.date,
            about_racing=is_about_racing(marked),
        )

    def _sentences(
        self, marked: list[Sentence], article: Article, words: Vocabulary, people: People
    ) -> Iterator[Told | Iterator[Claim]]:  # fmt: skip
        resolver = Resolver(people)
        previous: Clause | None = None
        session = session_of(marked)
        of_qualifying = qualifying_paragraphs(marked)
        named = names_an_event(marked)
        back = looks_back(marked)
        live, provisional = is_live(article.text), provisional_sentences(marked)
        supposed = conditional_sentences(marked, words)
        title = list(sentences(article.title, words, self.names)) if article.title else []
        of_sprint = is_of_a_sprint(title, marked)
        scopes = Scopes(self.names, article.date, of_many=back, of_sprint=of_sprint)
        grid = Grid()
        spoken_of = topics(marked, title, people)
        listed = tables(marked, people)
        row_of = {n: table for table in listed for n in table.paragraphs}
        for sentence in marked:
            if table := row_of.get(sentence.paragraph):
                if table in listed:
                    listed.remove(table)
                    yield claims_of_rows(table, scopes.below_heading(), people)
                continue
            if all(_SAYS_NOTHING.issuperset(mark.kinds) for mark in sentence.marks):
                continue
            pieces = pieces_of(sentence, find_mentions(sentence, people, words))
            resolver.topic = spoken_of[sentence.number]
            headed = resolver.topic[1] >= HEADED
            parsed = clauses_of(sentence, pieces, words, headed=headed)
            resolver.clauses(sentence.number, parsed)
            scopes.begin(sentence.paragraph, pieces, parsed)
            whole = scopes.where(pieces)
            made: list[Claim] = []
            contexts: list[Context] = []
            two_kinds = float(has_places_of_two_kinds(sentence))
            for clause in parsed:
                here = "qualifying" if sentence.paragraph in of_qualifying else session
                here = "lap" if scopes.lap else here
                about.tag(clause, clause.before or previous, here)
                scope, own = scopes.of(clause)
                context = Context(
                    sentence,
                    scope,
                    named_in(parsed),
                    len(parsed),
                    own.from_end,
                    named,
                    countries=self.names.codes,
                    event_of=scopes.event_of,
                    at_home=scopes.at_home if back else None,
                    dated=scopes.dated,
                    extra={
                        "looks back": float(back),
                        "conditions": float(sentence.number in supposed),
                        "provisional": provisional[sentence.number],
                        "places of two kinds": two_kinds,
                        "running": float(live and not clause.has(*_ENDS)),
                    },
                )
                contexts.append(context)
                made += _of_clause(clause, context, people)
            made += entered_by(parsed, contexts, made, people)
            previous = next((c for c in reversed(parsed) if c.kind == "main"), previous)
            scopes.end(whole)
            made = [_on_the_day_of_writing(claim, article.date) for claim in made]
            made = grid.places(sentence.paragraph, parsed, made)
            kept = _without_repeats([*made, *shared_teams(made), *sums_of(made, parsed)])
            whole_sentence = parsed_of(parsed, article.lang)
            qualifying = session == "qualifying" or sentence.paragraph in of_qualifying
            kept = bonded(kept, whole_sentence)
            out = _disqualified(parsed)
            left = [
                claim for claim in kept
                if not (qualifying and _is_a_finish(claim)) and not _is_on_the_road(claim, out)
            ]  # fmt: skip
            yield Told(whole_sentence, contexts, kept, left)


# What tells in a live report that it is the result that is told, and not how the race stands.
_ENDS = (
    Concept.FINISH, Concept.WIN, Concept.VICTORY, Concept.WINNER, Concept.PODIUM,
    Concept.COMPLETE_PODIUM, Concept.COMPLETE_TOP_FIVE, Concept.COMPLETE_TOP_SIX,
    Concept.COMPLETE_TOP_TEN, Concept.BEAT, Concept.RETIRE,
)  # fmt: skip


# Kinds of pieces without which nothing is claimed.
_TELLING = frozenset(("who", "venue", "lap", "measure", "count", "nth", "date"))


# Kinds of marks that no claim is made of.
_SAYS_NOTHING = frozenset((Kind.WORD, Kind.PUNCT, Kind.PARTICLE))


def read_document(article: Article, roster: Roster) -> Reading:
    """Everything that an article says; the reader of a roster is kept for the next article."""
    return _reader(roster).read(article)


def _of_clause(clause: Clause, context: Context, people: People) -> Iterator[Claim]:
    if not clause.kinds & _TELLING and not clause.subject:
        return
    read: set[int] = set()
    for rest in (False, True):
        for frame in frames_that(rest=rest):
            for match in matches(frame, clause):
                if rest and is_read(match, read):
                    continue
                for claim in claims_of(match, context):
                    if not rest:
                        read.add(match.anchor.first)
                    for each in in_each_year(claim, clause, context):
                        yield from at_each_counted(each, clause, context)
    yield from said_in_passing(clause, context, people)
    yield from ages(clause, context)
    yield from parts_reached(clause, context)
    yield from of_teams(clause, context, people)
    yield from in_a_one_two(clause, context)
    yield from followers(clause, context)


# Types of which somebody has just one at an event, or at a moment of a season.
_ONE_EACH = frozenset(
    (
        "finish_position", "grid_position", "qualifying_position", "standings_position",
        "points_total", "sprint_position", "grid_row", "retirement_reason",
    )
)  # fmt: skip


def _without_repeats(made: list[Claim]) -> list[Claim]:
    """Each claim once: of several readings of the same words, or of two values, the likeliest."""
    found: dict[tuple[object, ...], Claim] = {}
    for claim in made:
        who = tuple(slot.value.id or slot.value.name for slot in claim.subjects)
        value = "" if claim.claim_type in _ONE_EACH else f"{claim.value} {claim.unit}"
        key = (claim.claim_type, who, value, claim.scope.event.value)
        known = found.get(key)
        if known is not None and known.value != claim.value:
            known, claim = _contested(known), _contested(claim)
            found[key] = known
        if known is None or _sureness(claim) > _sureness(known):
            found[key] = claim
    return sorted(found.values(), key=lambda claim: claim.start)


def _contested(claim: Claim) -> Claim:
    """A claim beside which the same was read with another value."""
    return replace(claim, features={**claim.features, "two values": 1.0})


def over_careers(claims: Iterable[Claim], people: People) -> Iterator[Claim]:
    """Claims in which wins of whoever races no more are those of a career, if no season is named.

    So are more wins than a season has races.
    """
    for claim in claims:
        who = claim.subjects[0].value if claim.subjects else None
        if _may_be_of_the_season(claim, people):
            claim = replace(claim, features={**claim.features, "rest": 1.0})
        if claim.claim_type != "season_count" or who is None or who.kind != "driver" or (
            not isinstance(claim.value, int | float)
        ):  # fmt: skip
            yield claim
        elif claim.features.get("year apart") or claim.value > MOST_ROUNDS or (
            claim.scope.season.bound == "assumed"
            and people.seasons and who.id not in people.entered
        ):  # fmt: skip
            scope = Scope(session=claim.scope.session, moment=claim.scope.moment)
            yield replace(claim, claim_type="career_count", scope=scope)
        else:
            yield claim


def _may_be_of_the_season(claim: Claim, people: People) -> bool:
    """Whether a count may as well be one of the season: "Verstappen has 17 wins"."""
    if claim.claim_type != "career_count" or not claim.features.get("open count"):
        return False
    few = isinstance(claim.value, int | float) and claim.value <= MOST_ROUNDS
    return few and bool(claim.subjects) and claim.subjects[0].value.id in people.entered


def with_margins(claims: Iterable[Claim]) -> list[Claim]:
    """Claims in which seconds behind whoever is said to have won are a winning margin."""
    found = list(claims)
    winners = {
        (claim.scope.event.value, claim.subjects[0].value)
        for claim in found
        if claim.claim_type == "finish_position" and claim.value == 1 and claim.polarity != "denied"
    }
    named = [
        replace(claim, claim_type="winning_margin") if _is_margin(claim, winners) else claim
        for claim in found
    ]
    return [each for claim in named for each in (claim, *_second_of(claim, named))]


def _second_of(claim: Claim, claims: Iterable[Claim]) -> Iterator[Claim]:
    """Whoever the winner was so many seconds ahead of was second, if no place is said of him."""
    behind = claim.features.get("turned")  # "four seconds behind the winner" may be any place
    if claim.claim_type != "winning_margin" or len(claim.subjects) < PAIR or behind:
        return
    rival = claim.subjects[1]
    placed = any(
        each.claim_type == "finish_position" and each.sentence == claim.sentence
        and each.subjects and each.subjects[0].value == rival.value
        for each in claims
    )  # fmt: skip
    if rival.value.kind == "driver" and not placed:
        yield replace(
            claim, claim_type="finish_position", subjects=(rival,), relation="", value=2, unit="",
            hedge="exact", features={**claim.features, "of margin": 1.0},
        )  # fmt: skip


def _is_margin(claim: Claim, winners: set[tuple[EventRef, Entity]]) -> bool:
    if claim.claim_type != "time_gap" or not claim.subjects or claim.relation != "over":
        return False
    first = claim.subjects[0].value
    if first.kind == "role":
        return first.id == "winner" or (first.id == "place" and first.of == "1")
    return any(first == who for event, who in winners if event == claim.scope.event.value)


def _on_the_day_of_writing(claim: Claim, day: date | None) -> Claim:
    """A day without a verb that is the article's own may only tell when it was written."""
    told = (claim.details.get("month"), claim.details.get("day"))
    own = claim.claim_type == "date" and day is not None and told == (day.month, day.day)
    if not own or claim.features.get("verb distance") != NO_VERB:
        return claim
    return replace(claim, features={**claim.features, "rest": 1.0})


def _is_a_finish(claim: Claim) -> bool:
    """Whether it is a place in the race itself, in an article on qualifying."""
    plain = bool(claim.features.get("plain"))
    assumed = claim.scope.event.bound == "assumed"
    return claim.claim_type == "finish_position" and assumed and not plain


def _disqualified(parsed: Iterable[Clause]) -> set[Entity]:
    """Who is said to have been disqualified."""
    return {
        who.mention.slot.value
        for clause in parsed
        if clause.has(Concept.DISQUALIFIED)
        for who in clause.subject
        if who.mention and who.mention.slot
    }


def _is_on_the_road(claim: Claim, out: set[Entity]) -> bool:
    """Whether it is a place that was lost again: "was second but was disqualified"."""
    return claim.claim_type == "finish_position" and any(s.value in out for s in claim.subjects)


def _sureness(claim: Claim) -> tuple[float, float]:
    features = claim.features
    far = features.get("who distance", 0.0) + features.get("verb distance", 0.0)
    return features["likely"] * features.get("subject", 0.9), -far


@lru_cache(maxsize=2)
def _reader(roster: Roster) -> Reader:
    return Reader(roster)
