"""Sentences about a race in a language, made of its own patterns."""

from __future__ import annotations

import re
from collections import ChainMap
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from racecraft.errors import NotEnoughDataError
from racecraft.model.words.book import contracted, words_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from racecraft.history.rows import Driver
    from racecraft.model.terms import SessionName
    from racecraft.press.writing.fact import Fact

SLOT = re.compile(r"\{(\w+)(?::(\w+))?\}")
GRAND_PRIX = " Grand Prix"
UP_TO = 12  # numbers that are written in words


def phrases(lang: str) -> Mapping[str, Any]:
    """Patterns of stories in a language, as its file has them.

    Raises
    ------
    ArgumentError
        No reports are written in that language.
    """
    told: Mapping[str, Any] = words_of(lang)["story"]
    return told


def event_in_words(name: str, lang: str, season: int | None = None) -> str:
    """Event as a language calls it, with its article, and its year if one is given.

    Examples
    --------
    >>> event_in_words("Styrian Grand Prix", "nl"), event_in_words("Italian Grand Prix", "es", 1988)
    ('de Grote Prijs van Stiermarken', 'el Gran Premio de Italia de 1988')
    """
    spoken = phrases(lang)
    stem = name.removesuffix(GRAND_PRIX)
    known = stem in spoken["places"]
    kind = "grand_prix" if known or name.endswith(GRAND_PRIX) else "other_event"
    if known and GRAND_PRIX not in name:  # such as the Indianapolis 500
        kind = "other_event"
    pattern: str = spoken[kind if season is None else f"{kind}_of_year"]
    told = pattern.format(place=spoken["places"].get(stem, stem), year=season)
    return contracted(told, words_of(lang))


@dataclass
class Narrator:
    """Tells one fact after the other: names people in full once, and varies its sentences.

    Parameters
    ----------
    lang
        One of those that races are told in.
    namesakes
        Family names that more than one driver of the race has.
    start
        Which variant of a sentence comes first; another for every race.
    session
        What is told: of a sprint some sentences are others.

    Examples
    --------
    >>> from racecraft.press.writing.fact import Fact
    >>> narrator = Narrator("nl")
    >>> narrator.told(Fact("races_left_more", {"n": 3}))
    'Er zijn dit seizoen nog drie races te gaan.'
    """

    lang: str
    namesakes: frozenset[str] = frozenset()
    start: int = 0
    session: SessionName = "race"
    _named: set[str] = field(default_factory=set)
    _used: dict[str, int] = field(default_factory=dict)

    def told(self, fact: Fact) -> str:
        """Sentence that tells a fact."""
        variants = self._patterns[fact.kind]
        number = self._used.setdefault(fact.kind, self.start)
        self._used[fact.kind] += 1
        pattern = variants[number % len(variants)]
        text = SLOT.sub(lambda slot: self._filled(fact.slots[slot[1]], slot[2]), pattern)
        text = contracted(text, words_of(self.lang))
        return text[:1].upper() + text[1:].replace("..", ".")  # after "Jr."

    @property
    def _patterns(self) -> Mapping[str, Any]:
        spoken = phrases(self.lang)
        own = spoken["sprint"] if self.session == "sprint" else {}
        return ChainMap(own, spoken["sentences"])

    def _filled(self, value: Any, form: str | None) -> str:
        """Value as its slot wants it."""
        match form:
            case None:
                return self._plain(value)
            case "ordinal" | "nth":
                return self._ordinal(value, form)
            case "word":
                return self._number(value)
            case "weekday":
                return self._day(value, "EEEE")
            case "date":
                return self._day(value, phrases(self.lang)["date"])
            case "year":
                return event_in_words(value.name, self.lang, value.season)
            case _:
                return self._counted(value, form)

    def _plain(self, value: Any) -> str:
        from racecraft.history.rows import Driver, Event

        match value:
            case Driver():
                return self._person(value)
            case Event():
                return event_in_words(value.name, self.lang)
            case list():
                from babel.lists import format_list

                listed = [self._plain(item) for item in value]
                return format_list(listed, locale=phrases(self.lang)["locale"])
            case str() if value in phrases(self.lang)["causes"]:
                return str(phrases(self.lang)["causes"][value])
            case _:
                return str(value)

    def _person(self, driver: Driver) -> str:
        """Full name at the first mention, the family name afterwards."""
        alone = driver.family_name not in self.namesakes
        known = driver.driver_id in self._named and alone
        self._named.add(driver.driver_id)
        return driver.family_name if known else driver.name

    def _ordinal(self, number: int, form: str) -> str:
        spoken = phrases(self.lang)
        words = spoken["nths"] if form == "nth" and spoken["nths"] else spoken["ordinals"]
        if number <= len(words):
            return str(words[number - 1])
        figures = spoken["figures"]
        last_two, last = str(number % 100), str(number % 10)
        pattern: str = figures.get(last_two, figures.get(last, spoken["figure"]))
        return pattern.format(n=number)

    def _number(self, number: int) -> str:
        """Small numbers in words."""
        from num2words import num2words

        return str(num2words(number, lang=self.lang)) if number <= UP_TO else str(number)

    def _counted(self, number: float, unit: str) -> str:
        from babel.numbers import format_decimal

        one, more = phrases(self.lang)["units"][unit]
        shown = format_decimal(number, format="0.###", locale=phrases(self.lang)["locale"])
        return str((one if number == 1 else more).format(n=shown))

    def _day(self, day: date, pattern: str) -> str:
        from babel.dates import format_date

        return format_date(day, pattern, locale=phrases(self.lang)["locale"])


def check_installed() -> None:
    """Say so where what numbers, lists and dates are written with is not installed."""
    try:
        import babel
        import num2words
    except ImportError as error:
        raise NotEnoughDataError(
            "what reports are written with is not installed", hint="pip install 'racecraft[report]'"
        ) from error
    del babel, num2words
