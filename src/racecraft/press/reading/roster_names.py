"""Names as one writes them in English, found in the roster: people, teams, nations, events."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from racecraft.history.names import own_names
from racecraft.history.nations import country
from racecraft.model.folding import fold
from racecraft.press.claim import Entity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from racecraft.history.roster import Roster
    from racecraft.history.rows import Event

ANY = re.compile(r"\b(?:grand prix|gp|race|weekend|circuit|the|of|qualifying)\b")
JUNIOR = re.compile(r",? jr\.?$", re.IGNORECASE)


@lru_cache(maxsize=4)
def names_of(roster: Roster) -> RosterNames:
    """The names in a roster, gathered once."""
    return RosterNames(roster)


class RosterNames:
    """Who or what a name means, preferably in a season."""

    def __init__(self, roster: Roster) -> None:
        self.roster = roster
        self._events: dict[tuple[str, int], tuple[Event, ...]] = {}
        self._own = own_names()

    def entity(self, name: str, season: int | None = None) -> Entity | None:
        """Driver, team or nation of that name; None where nobody is known by it."""
        driver, team = self.driver(name, season), self.team(name, season)
        if driver and team and len(name.split()) == 1:
            years = self.roster.drivers[driver.id].codes, self.roster.teams[team.id].seasons
            return driver if self._far(years[0], season) < self._far(years[1], season) else team
        if driver or team:
            return driver or team
        code = country(name)
        return Entity("nation", code, name) if code else None

    def driver(self, name: str, season: int | None = None) -> Entity | None:
        """Driver of that name: whoever raced in the season, or else the latest one."""
        wanted = fold(JUNIOR.sub("", name.strip()))
        ids = self._drivers.get(wanted, ())
        if not ids:
            return None
        best = min(ids, key=lambda each: self._far(self.roster.drivers[each].codes, season))
        return Entity("driver", best, self.roster.drivers[best].name)

    def team(self, name: str, season: int | None = None) -> Entity | None:
        """Team of that name, without the maker of its engine if need be."""
        wanted = fold(name)
        for words in (wanted, wanted.removesuffix(" f1"), *_without_engine(name)):
            if ids := self._teams.get(words):
                best = min(ids, key=lambda each: self._far(self.roster.teams[each].seasons, season))
                return Entity("team", best, self.roster.teams[best].name)
        return None

    def circuits(self, name: str) -> frozenset[str]:
        """Circuits that a name of a circuit or town can mean, in any season."""
        words = " ".join(ANY.sub(" ", fold(name)).split())
        return frozenset(
            event.circuit
            for event in self.roster.events
            if words and (words in self._aliases[event.circuit] or words == fold(event.locality))
        )

    def events(self, name: str, season: int) -> tuple[Event, ...]:
        """Events of a season that a name can mean, the likeliest first."""
        if (name, season) not in self._events:
            self._events[name, season] = self._events_of(name, season)
        return self._events[name, season]

    def _events_of(self, name: str, season: int) -> tuple[Event, ...]:
        words = " ".join(re.sub(r"\b(?:19|20)\d\d\b", "", ANY.sub(" ", fold(name))).split())
        calendar = self.roster.calendar(season)
        if not words:
            return ()
        code = country(words)
        scored = []
        for event in calendar:
            score = self._fit(event, words, code)
            if score:
                scored.append((-score, event.round, event))
        return tuple(event for _, _, event in sorted(scored))

    def _fit(self, event: Event, words: str, code: str | None) -> int:
        """How well a name fits an event: 4 its own, 3 another of its names, 2 place, 1 country."""
        own = ANY.sub(" ", fold(event.name)).split()
        if words.split() == own:
            return 4
        if words in self._aliases[event.name]:
            return 3
        if words in self._aliases[event.circuit] or words == fold(event.locality):
            return 2
        if code and (country(" ".join(own)) == code):
            return 4
        return int(bool(code) and country(event.country) == code)

    @cached_property
    def _aliases(self) -> Mapping[str, frozenset[str]]:
        found: dict[str, frozenset[str]] = defaultdict(frozenset)
        for table in ("events", "region", "places"):
            for name, others in self._own[table].items():
                words = {" ".join(ANY.sub(" ", fold(each)).split()) for each in others}
                found[name] |= words | {" ".join(ANY.sub(" ", fold(name)).split())}
        for event in self.roster.events:
            found[event.circuit] |= {" ".join(ANY.sub(" ", fold(event.circuit)).split())}
        return found

    @cached_property
    def _drivers(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, dict[str, None]] = defaultdict(dict)
        for driver_id, driver in self.roster.drivers.items():
            given, family = driver.given_name, driver.family_name
            names = {driver.name, family, f"{given.split()[0] if given else ''} {family}"}
            names |= {f"{given} {family.split()[-1]}" if family else given}
            names |= set(self._own["people"].get(driver_id, ()))
            for name in names:
                found[fold(name)][driver_id] = None
        return {name: tuple(ids) for name, ids in found.items()}

    @cached_property
    def _teams(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, dict[str, None]] = defaultdict(dict)
        for team_id, team in self.roster.teams.items():
            for name in (*team.names, *self._own["teams"].get(team_id, ()), team_id):
                for words in (fold(name), fold(name).removesuffix(" f1 team")):
                    found[words][team_id] = None
        return {name: tuple(ids) for name, ids in found.items()}

    @staticmethod
    def _far(years: Iterable[int], season: int | None) -> int:
        """How many seasons away somebody was; without a season, how long ago."""
        return min((abs(year - (season or 9999)) for year in years), default=9999)


def _without_engine(name: str) -> tuple[str, ...]:
    """Names of a team without the maker of its engine: ``Williams-Judd``."""
    first = re.split(r"[-/ ]", name.strip())[0]
    return (fold(first),) if first and fold(first) != fold(name) and "-" in name else ()
