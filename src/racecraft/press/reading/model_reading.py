"""What a language model has read in an article, made into claims; nothing of it is believed yet."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from racecraft.press.claim import Claim, Entity, EventRef, Scope, Slot
from racecraft.press.reading.model_values import (
    as_annotated,
    details_of,
    figure_of,
    hedge_of,
    unit_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from racecraft.press.claim import Bound, Modality, Moment, Session
    from racecraft.press.intake.article import Article
    from racecraft.press.reading.roster_names import RosterNames

TOGETHER = frozenset(("team", "position_swaps"))  # two of them are one claim
PAIRS = frozenset(
    (
        "points_gap", "winning_margin", "time_gap", "relative_order", "qualifying_gap",
        "standings_places_between", "position_swaps", "lap_of_event", "fastest_lap",
    )
)  # fmt: skip
OF_AN_EVENT = frozenset(
    ("circuit", "date", "calendar", "lap_count", "red_flag", "safety_car", "event", "race_time")
)
MODALITIES: dict[str, Modality] = {
    "planned": "plan", "plan": "plan", "hypothetical": "hypothesis", "hypothesis": "hypothesis",
    "question": "question", "hoped": "hope", "opinion": "opinion", "counterfactual": "hypothesis",
}  # fmt: skip
MOMENTS: dict[str, Moment] = {
    "result": "result", "grid": "start", "start": "start", "after the race": "after",
    "before the race": "before", "season so far": "season so far", "career": "career",
    "end of season": "end of season", "end of the season": "end of season",
}  # fmt: skip
SESSIONS: dict[str, Session] = {
    "race": "race", "sprint": "sprint", "qualifying": "qualifying", "practice": "practice",
    "sprint qualifying": "sprint qualifying", "grid": "grid",
}  # fmt: skip
LONGEST = 400  # characters of a value


@dataclass(frozen=True, slots=True)
class ModelReader:
    """Makes claims of what a model says that an article says.

    Rows whose words are not in the text, or whose type is not known, are dropped.
    """

    article: Article
    names: RosterNames
    known_types: frozenset[str]

    def claims(self, rows: Iterable[Mapping[str, Any]]) -> tuple[Claim, ...]:
        """Claims in the order of the text."""
        found = [claim for row in rows for claim in self._claims(row)]
        return tuple(sorted(found, key=lambda claim: (claim.start, claim.end)))

    def _claims(self, row: Mapping[str, Any]) -> Iterator[Claim]:
        kind = row.get("claim_type")
        span = self._span(row)
        if kind not in self.known_types or span is None:
            return
        season = row.get("season") if isinstance(row.get("season"), int) else None
        value = row.get("value")
        value = value[:LONGEST] if isinstance(value, str) else value
        kind, value = as_annotated(kind, value, str(row.get("quote") or ""))
        for subjects, relation in self._subjects(str(row.get("subject") or ""), kind, season):
            yield self._claim(row, kind, span, subjects, relation, value, season)

    def _claim(
        self,
        row: Mapping[str, Any],
        kind: str,
        span: tuple[int, int, str],
        subjects: tuple[Entity, ...],
        relation: Any,
        value: Any,
        season: int | None,
    ) -> Claim:
        start, end, sentence = span
        quote = str(row.get("quote") or "")
        unit = unit_of(kind, row.get("unit"), value)
        polarity = str(row.get("polarity") or "affirmed")
        scope = self._scope(row, kind, season)
        details = details_of(kind, value, row, self.names, season)
        if kind in OF_AN_EVENT and any(each.kind in ("event", "person") for each in subjects):
            subjects = ()  # the scope names the event
        return Claim(
            claim_type=kind,
            sentence=sentence,
            quote=quote,
            start=start,
            end=end,
            subjects=tuple(Slot(each, self._bound(each, quote)) for each in subjects),
            relation=relation,
            value=figure_of(kind, value),
            unit=unit,
            hedge=hedge_of(quote, kind, value),
            scope=scope,
            polarity="denied" if polarity in ("negated", "denied") else "affirmed",
            modality=MODALITIES.get(polarity, "fact"),
            hedged=bool(row.get("hedged")),
            attributed_to=row.get("attributed_to") or None,
            details=details,
            features={"stated": float(row.get("confidence") or 0.5)},
            source="model",
        )

    def _bound(self, entity: Entity, quote: str) -> Bound:
        """Whether the words of the claim name somebody, or something else tells who is meant."""
        from racecraft.model.folding import fold

        words = set(fold(quote).split())
        return "named" if words & set(fold(entity.name).split()) else "carried"

    def _span(self, row: Mapping[str, Any]) -> tuple[int, int, str] | None:
        """Where the words of a claim are in the article, and the sentence they are in."""
        text = self.article.text
        sentence, quote = str(row.get("sentence") or ""), str(row.get("quote") or "")
        at = _find(text, sentence)
        if at is None:
            return None
        inside = _find(text[at[0] : at[1]], quote) if quote else None
        start, end = (at[0] + inside[0], at[0] + inside[1]) if inside else at
        return start, end, text[at[0] : at[1]]

    def _subjects(
        self, subject: str, kind: str, season: int | None
    ) -> Iterator[tuple[tuple[Entity, ...], Any]]:
        """Whom a claim is about: pairs for what is about two, one after the other otherwise."""
        over = re.split(r"\s+over\s+|\s+past\s+", subject)
        if len(over) == 2:
            for first in _listed(over[0]):
                for second in _listed(over[1]):
                    yield (self._entity(first, season), self._entity(second, season)), "over"
            return
        each = [self._entity(name, season) for name in _listed(subject)]
        if len(each) == 2 and kind in TOGETHER | PAIRS:
            if kind != "team" or {one.kind for one in each} == {"driver"}:
                yield tuple(each), "&"
            if kind != "team":
                return
        for one in each:
            yield (one,), ""

    def _entity(self, name: str, season: int | None) -> Entity:
        if found := self.names.entity(name, season):
            return found
        if re.fullmatch(r"(?:19|20)\d\d(?: (?:season|world championship))?", name, re.IGNORECASE):
            return Entity("season", name[:4], name)
        for year in (season,) if season else ():
            if events := self.names.events(name, year):
                return Entity("event", events[0].id, events[0].full_name)
        return Entity("person", "", name)

    def _scope(self, row: Mapping[str, Any], kind: str, season: int | None) -> Scope:
        name = row.get("event") or (row.get("subject") if kind in OF_AN_EVENT else None)
        event = self._event(str(name), season) if name else None
        moment, lap = _moment(str(row.get("moment") or ""))
        if (
            lap is None
            and row.get("unit") in ("lap", "laps")
            and kind in ("lap_of_event", "pit_stop")
        ):
            lap = figure_of(kind, row.get("value"))
        session = SESSIONS.get(str(row.get("session") or ""), "race")
        return Scope(
            event=event or Slot(EventRef(), "unbound" if name else "assumed"),
            season=Slot(season or 0, "named" if season else "assumed"),
            session=Slot(session, "named" if row.get("session") else "assumed"),
            moment=Slot(moment, "named" if moment != "unknown" else "assumed"),
            lap=lap if isinstance(lap, int) else None,
        )

    def _event(self, name: str, season: int | None) -> Slot[EventRef]:
        if season is None:
            return Slot(EventRef(name=name), "unbound")
        events = self.names.events(name, season)
        if not events:
            return Slot(EventRef(season=season, name=name), "unbound")
        refs = [EventRef(each.season, each.round, name) for each in events]
        return Slot(refs[0], "named", tuple((ref, 0.3) for ref in refs[1:3]))


def _find(text: str, words: str) -> tuple[int, int] | None:
    """Span of some words in a text, whatever the white space between them."""
    words = words.strip()
    if not words:
        return None
    if (at := text.find(words)) >= 0:
        return at, at + len(words)
    pattern = r"\s+".join(re.escape(word) for word in words.split())
    found = re.search(pattern, text)
    return (found.start(), found.end()) if found else None


def _listed(names: str) -> list[str]:
    return [name.strip() for name in re.split(r"\s+&\s+|,\s+|\s+and\s+", names) if name.strip()]


def _moment(said: str) -> tuple[Moment, int | None]:
    if found := re.fullmatch(r"lap (\d+)", said):
        return "lap", int(found[1])
    return MOMENTS.get(said, "unknown"), None
