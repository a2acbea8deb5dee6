"""The names of people, teams and places, as an article may write them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from racecraft.history.names import own_names
from racecraft.press.lexicon.concepts import Kind
from racecraft.press.lexicon.folding import fold
from racecraft.press.lexicon.vocabulary import Phrases, Vocabulary, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from racecraft.history.roster import Roster
    from racecraft.history.rows import Event

Place = tuple[str, str]  # what kind of place it is (country, circuit or event), and which
_REGIONS = ("State", "Province", "County")


@dataclass(eq=False)
class Names:
    """Every name there is in the data of some seasons, and those that the press adds."""

    roster: Roster
    _phrases: dict[str, Phrases] = field(default_factory=dict)

    @cached_property
    def own(self) -> dict[str, Any]:
        """Names that no results table has."""
        return own_names()

    def phrases(self, words: Vocabulary) -> Phrases:
        """Names in the spelling of a language, each with what it can stand for."""
        if words.lang not in self._phrases:
            gathered: dict[tuple[str, ...], dict[str, list[Any]]] = defaultdict(dict)
            for name, kind, value in self._all(words):
                values = gathered[words.words_of(name)].setdefault(kind, [])
                if value not in values:
                    values.append(value)
            phrases = Phrases()
            for spelled, kinds in gathered.items():
                for kind, values in kinds.items():
                    phrases.add(spelled, (kind, tuple(values)))
            self._phrases[words.lang] = phrases
        return self._phrases[words.lang]

    def _all(self, words: Vocabulary) -> Iterator[tuple[str, str, Any]]:
        yield from self._people(words)
        yield from self._teams()
        yield from self._places(words)
        for code, spoken in words.file.get("demonyms", {}).items():
            for word in spoken:
                yield word, Kind.NATIONALITY, code
        for code, spoken in words.file.get("adjectives", {}).items():
            for word in spoken:
                yield word, Kind.NATIONAL, code
        for code, spoken in (
            words.file.get("demonyms", {}) | words.file.get("adjectives", {})
        ).items():
            for word in spoken:
                for noun in words.file["concepts"].get("GP", ())[:6]:
                    yield f"{word} {noun}", Kind.VENUE, ("country", code)

    def _people(self, words: Vocabulary) -> Iterator[tuple[str, str, str]]:
        own = self.own["people"]
        genitive = words.verb_second  # "Verstappens Vorsprung"
        for driver in self.roster.drivers.values():
            given, family = driver.given_name, driver.family_name
            names = {f"{given} {family}", family, f"{given.split()[-1] if given else ''} {family}"}
            names |= set(own.get(driver.driver_id, ()))
            for name in names:
                yield name, Kind.DRIVER, driver.driver_id
                if genitive and not name.endswith("s"):
                    yield f"{name}s", "DRIVER_S", driver.driver_id
            if given:
                yield given.split()[0], Kind.GIVEN, driver.driver_id

    def _teams(self) -> Iterator[tuple[str, str, str]]:
        for team in self.roster.teams.values():
            for name in (*team.names, *self.own["teams"].get(team.team_id, ())):
                yield name, Kind.TEAM, team.team_id
                if not name.endswith("s"):
                    yield f"{name}s", Kind.TEAM, team.team_id  # "both McLarens"

    def _places(self, words: Vocabulary) -> Iterator[tuple[str, str, Place]]:
        for code, names_ in words.file["countries"].items():
            for name in names_:
                yield name, Kind.VENUE, ("country", code)
        circuits: dict[str, set[str]] = defaultdict(set)
        for event in self.roster.events:
            circuits[event.circuit] |= {event.circuit}
            if event.locality and not event.locality.endswith(_REGIONS):
                circuits[event.circuit].add(event.locality)
        for circuit, names in circuits.items():
            for name in names | set(self.own["places"].get(circuit, ())):
                if fold(name) not in self._country_names:
                    yield name, Kind.VENUE, ("circuit", circuit)
        for event_name in {event.name for event in self.roster.events}:
            own = self.own["events"].get(event_name, ())
            for name in (event_name, event_name.replace("Grand Prix", "GP"), *own,
                         *self.own["region"].get(event_name, ())):  # fmt: skip
                yield name, Kind.VENUE, ("event", event_name)

    @cached_property
    def _country_names(self) -> set[str]:
        return {fold(event.country) for event in self.roster.events}

    @cached_property
    def codes(self) -> dict[str, str]:
        """Code of every country that an event was held in, with its name in the calendar."""
        territories = {
            fold(name): code
            for code, names in vocabulary("en").file["countries"].items()
            for name in names
        }
        found = {}
        for event in self.roster.events:
            code = self.own["countries"].get(event.country) or territories.get(fold(event.country))
            if code:
                found[code] = event.country
        return found

    @cached_property
    def _code_of(self) -> dict[str, str]:
        own: dict[str, str] = self.own["countries"]
        return {name: code for code, name in self.codes.items()} | own

    def country(self, event: Event) -> str:
        """Code of the country of an event."""
        return self._code_of.get(event.country, "")

    def nationality(self, driver_id: str) -> str:
        """Code of the country that a driver has raced for."""
        driver = self.roster.drivers.get(driver_id)
        return self.own["nationalities"].get(driver.nationality, "") if driver else ""

    def events_at(self, places: tuple[Place, ...], season: int) -> list[Event]:
        """Events of a season that such a name can mean, likeliest first."""
        calendar = self.roster.calendar(season)
        for kind, which in sorted(places, key=lambda place: place[0] == "country"):
            if kind == "event":
                found = [event for event in calendar if event.name == which]
                aliases = [name for name, others in self.own["events"].items() if which in others]
                found = found or [event for event in calendar if event.name in aliases]
            elif kind == "circuit":
                found = [event for event in calendar if event.circuit == which]
            else:
                found = [event for event in calendar if self.country(event) == which]
                name = self._named_after(which)
                found.sort(key=lambda event: event.name not in name)
            if found:
                return found
        return []

    def _named_after(self, code: str) -> set[str]:
        words = {name for name, country in self.own["nationalities"].items() if country == code}
        words |= {self.codes.get(code, "")} | set(self.own.get("titled", {}).get(code, ()))
        return {f"{word} Grand Prix" for word in words}
