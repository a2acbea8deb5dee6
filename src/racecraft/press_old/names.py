"""The names of people, teams and places, as an article may write them."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from typing import TYPE_CHECKING, Any

from racecraft.press.writing.sentences import WRITTEN, event_in_words
from racecraft.press_old.grammar import Grammar, Phrases, fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from racecraft.history.results import History
    from racecraft.history.rows import Event

Place = tuple[str, str]  # what kind of place it is (country, circuit or event), and which


def _own_names() -> dict[str, dict[str, Any]]:
    text = resources.files("racecraft.history").joinpath("names.toml").read_text("utf-8")
    return tomllib.loads(text)


@dataclass(eq=False)
class Names:
    """Every name there is in the data of some seasons, and those that the press adds."""

    record: History

    def __post_init__(self) -> None:
        """Read the names that the press adds."""
        self.own = _own_names()
        self._phrases: dict[str, Phrases] = {}

    def phrases(self, grammar: Grammar) -> Phrases:
        """Names in the spelling of a language, each with what it can stand for."""
        if grammar.lang not in self._phrases:
            phrases = Phrases()
            gathered: dict[tuple[str, ...], dict[str, list[Any]]] = defaultdict(dict)
            for name, kind, value in self._all(grammar):
                words = grammar.words_of(name)
                values = gathered[words].setdefault(kind, [])
                if value not in values:
                    values.append(value)
            for words, kinds in gathered.items():
                for kind, values in kinds.items():
                    phrases.add(words, (kind, tuple(values)))
            self._phrases[grammar.lang] = phrases
        return self._phrases[grammar.lang]

    def _all(self, grammar: Grammar) -> Iterator[tuple[str, str, Any]]:
        yield from self._people(grammar)
        yield from self._teams()
        yield from self._places(grammar)
        for code, words in grammar.file.get("demonyms", {}).items():
            for word in words:
                yield word, "nationality", code
        for code, words in grammar.file.get("adjectives", {}).items():
            for word in words:
                yield word, "national", code
                for noun in ("Grand Prix", "GP"):
                    yield f"{word} {noun}", "place", ("country", code)

    def _people(self, grammar: Grammar) -> Iterator[tuple[str, str, str]]:
        suffix = "" if grammar.lang in ("en", "es", "it", "fr", "pt") else "s"
        for driver in self.record.drivers.values():
            given, family = driver.given_name, driver.family_name
            names = {f"{given} {family}", family, f"{given.split()[-1]} {family}"}
            names |= set(self.own["people"].get(driver.driver_id, ()))
            for name in names:
                yield name, "driver", driver.driver_id
                if suffix and not name.endswith("s"):
                    yield name + suffix, "driver_s", driver.driver_id
            yield given.split()[0], "given", driver.driver_id

    def _teams(self) -> Iterator[tuple[str, str, str]]:
        for team in self.record.teams.values():
            for name in (*team.names, *self.own["teams"].get(team.team_id, ())):
                yield name, "team", team.team_id

    def _places(self, grammar: Grammar) -> Iterator[tuple[str, str, Place]]:
        from babel import Locale

        territories = Locale.parse(grammar.lang).territories
        for code in dict.fromkeys([*self.codes, *self.own["nationalities"].values()]):
            for name in (territories.get(code), *grammar.file.get("countries", {}).get(code, ())):
                if name:
                    yield name, "place", ("country", code)
        circuits: dict[str, set[str]] = defaultdict(set)
        for event in self.record.events:
            circuits[event.circuit] |= {event.circuit}
            if event.locality and not event.locality.endswith(("State", "Province", "County")):
                circuits[event.circuit].add(event.locality)
        for circuit, names in circuits.items():
            for name in names | set(self.own["places"].get(circuit, ())):
                if fold(name) not in self._country_names:
                    yield name, "place", ("circuit", circuit)
        for event_name in {event.name for event in self.record.events}:
            own = self.own["events"].get(event_name, ())
            for name in (event_name, event_name.replace("Grand Prix", "GP"), *own):
                yield name, "place", ("event", event_name)
            if grammar.lang in WRITTEN and not self._named_so(event_name):
                spoken = event_in_words(event_name, grammar.lang)
                yield spoken.partition(" ")[2], "place", ("event", event_name)
            for name in self.own["region"].get(event_name, ()):
                yield name, "place", ("event", event_name)

    def _named_so(self, event_name: str) -> bool:
        """Whether an event is named after a country, and so is known by any name of that."""
        stem = event_name.removesuffix(" Grand Prix")
        return stem in self.own["nationalities"] or fold(stem) in self._country_names

    @cached_property
    def _country_names(self) -> set[str]:
        return {fold(event.country) for event in self.record.events}

    @cached_property
    def codes(self) -> dict[str, str]:
        """Code of every country that an event was held in, with its name in the calendar."""
        from babel import Locale

        territories = {
            fold(name): code
            for code, name in Locale.parse("en").territories.items()
            if len(code) == 2
        }
        found = {}
        for event in self.record.events:
            code = self.own["countries"].get(event.country) or territories.get(fold(event.country))
            if code:
                found[code] = event.country
        return found

    def country(self, event: Event) -> str:
        """Code of the country of an event."""
        return next((code for code, name in self.codes.items() if name == event.country), "") or (
            self.own["countries"].get(event.country, "")
        )

    def nationality(self, driver_id: str) -> str:
        """Code of the country that a driver has raced for."""
        driver = self.record.drivers.get(driver_id)
        return self.own["nationalities"].get(driver.nationality, "") if driver else ""

    def country_name(self, code: str) -> str:
        """Name of a country in English."""
        from babel import Locale

        return str(Locale.parse("en").territories.get(code, code))

    def events_at(self, places: tuple[Place, ...], season: int) -> list[Event]:
        """Events of a season that such a name can mean, likeliest first."""
        calendar = self.record.calendar(season)
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
        words |= {
            self.codes.get(code, ""),
            {"US": "United States", "AE": "Abu Dhabi"}.get(code, ""),
        }
        return {f"{word} Grand Prix" for word in words}
