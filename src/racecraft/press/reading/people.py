"""Who is meant by a name: the people and teams that an article can speak of."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from racecraft.press.claim import Entity, Slot
from racecraft.press.lexicon.concepts import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from racecraft.history.roster import Roster
    from racecraft.press.claim import Bound
    from racecraft.press.lexicon.marks import Mark, Sentence
    from racecraft.press.lexicon.names import Names

DRIVER_S = "DRIVER_S"  # the genitive of a name, where it is one word with it
WELL_KNOWN = 4  # seasons after which a family name alone is somebody's
FORGOTTEN = 30  # years after which a name means somebody half as often
FULL, FIELD, KNOWN, SELDOM = 1.0, 0.5, 0.3, 0.02  # how likely a bearer of a name is meant


@dataclass
class People:
    """The roster as an article uses it: who it calls by the full name, and which years it is of."""

    roster: Roster
    names: Names
    seasons: frozenset[int] = frozenset()
    full: Counter[str] = field(default_factory=lambda: Counter[str]())

    def listen(self, sentences: Iterable[Sentence]) -> None:
        """Note who is called by more than the family name."""
        for sentence in sentences:
            for mark in sentence.marks:
                ids: tuple[str, ...] = mark.kinds.get(Kind.DRIVER) or mark.kinds.get(DRIVER_S, ())
                if len(ids) == 1 and " " in mark.word:
                    self.full[ids[0]] += 1

    @cached_property
    def entered(self) -> frozenset[str]:
        """Everybody who was entered in a season that the article is about."""
        return frozenset(
            driver
            for season in self.seasons
            for event in self.roster.calendar(season)
            for driver, _ in self.roster.entries(*event.key)
        )

    def is_person(self, mark: Mark) -> bool:
        """Whether the words of a mark can be the name of somebody here."""
        return bool(self.candidates(mark))

    def is_person_at(self, s: Sentence, i: int) -> bool:
        """Whether somebody may be named at a place of a sentence."""
        return 0 <= i < len(s.marks) and self.is_person(s.marks[i])

    def candidates(self, mark: Mark) -> list[tuple[str, float]]:
        """Everybody whom a name can mean, with how likely that is, the likeliest first."""
        ids = [*mark.kinds.get(Kind.DRIVER, ()), *mark.kinds.get(DRIVER_S, ())]
        if not ids:
            return self._by_given_name(mark)
        team = self._may_be_a_team(mark) and not any(self.full[who] for who in ids)
        weighed = [(who, self._weight(who, alone=" " not in mark.word)) for who in ids]
        if team or mark.is_a(Kind.VENUE, Kind.WEEKDAY, Kind.MONTH):
            weighed = [(who, w) for who, w in weighed if who in self.entered and not team]
        found = [(who, w) for who, w in weighed if w > 0]
        return sorted(found, key=lambda pair: -pair[1])

    def _may_be_a_team(self, mark: Mark) -> bool:
        """Whether a name is also that of a team, and one that raced in the article's seasons."""
        teams = [self.roster.teams[team] for team in mark.kinds.get(Kind.TEAM, ())]
        raced = any(self.seasons.intersection(team.seasons) for team in teams)
        return raced or (bool(teams) and not self.seasons)

    def _by_given_name(self, mark: Mark) -> list[tuple[str, float]]:
        ids = mark.kinds.get(Kind.GIVEN, ())
        named = [who for who in ids if self.full[who]] or [
            who for who in ids if who in self.entered
        ]
        return [(named[0], FULL)] if len(named) == 1 else []

    def _weight(self, who: str, *, alone: bool) -> float:
        if self.full[who] or (not alone and who in self.entered):
            return FULL
        if who in self.entered:
            return FIELD
        seasons = self.roster.drivers[who].codes
        near = min((abs(a - b) for a in seasons for b in self.seasons), default=0)
        if len(seasons) >= WELL_KNOWN or not alone:
            return KNOWN / (1 + near / FORGOTTEN)
        return SELDOM if near <= 1 else 0.0

    def slot(self, candidates: list[tuple[str, float]], bound: Bound = "named") -> Slot[Entity]:
        """A slot with the likeliest of these, and the others beside it."""
        (first, weight), *others = candidates
        close = tuple(
            (self.driver(who), round(w / weight, 3)) for who, w in others if w > weight * SELDOM
        )
        return Slot(self.driver(first), bound, close)

    def driver(self, who: str) -> Entity:
        """A driver by ``driver_id``."""
        return Entity("driver", who, self.roster.name(who))

    def team(self, team_id: str) -> Entity:
        """A team by ``team_id``."""
        return Entity("team", team_id, self.roster.teams[team_id].name)

    def team_of(self, ids: Iterable[str]) -> list[str]:
        """Teams of one name, those that raced in the seasons of the article first."""

        def far(team_id: str) -> int:
            years = self.roster.teams[team_id].seasons
            return min((abs(a - b) for a in years for b in self.seasons), default=0)

        return sorted(ids, key=far)

    def drives_for(self, who: str, team_ids: Iterable[str]) -> bool:
        """Whether somebody was entered by one of these teams in a season of the article."""
        wanted = set(team_ids)
        return any(wanted & set(self.roster.teams_of(who, season)) for season in self.seasons)

    def may_be_aged(self, who: str, age: int) -> bool:
        """Whether somebody was of that age in a season of the article."""
        born = self.roster.drivers[who].date_of_birth
        return born is not None and any(year - born.year in (age, age + 1) for year in self.seasons)
