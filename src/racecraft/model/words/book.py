"""The words of one language, from its file in this folder, and how its slots are filled."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from string import Formatter
from typing import TYPE_CHECKING, Any

from racecraft.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Words = dict[str, Any]  # of a language, by section
LOOSE_COMMA = re.compile(r",(?=[,.;:)]|\s*$| \()")


def languages() -> list[str]:
    """Languages that races are told in.

    Examples
    --------
    >>> languages()
    ['en', 'es', 'nl']
    """
    folder = resources.files("racecraft.model.words")
    names = [file.name for file in folder.iterdir()]
    return sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


@cache
def words_of(lang: str) -> Words:
    """Words in a language, by section of its file.

    Raises
    ------
    ArgumentError
        There are none in that language.
    """
    if lang not in languages():
        raise ArgumentError(
            f"nothing is told in {lang!r}", hint=f"one of {', '.join(languages())}", lang=lang
        )
    file = resources.files("racecraft.model.words").joinpath(f"{lang}.toml")
    words: Words = tomllib.loads(file.read_text("utf-8"))
    return words


def number(value: float, lang: str, digits: int = 0) -> str:
    """A number as it is written in a language.

    Examples
    --------
    >>> number(0.0534, "nl", 3)
    '0,053'
    >>> number(18.0, "en", 1)
    '18'
    """
    text = f"{value:.{digits}f}"
    if digits and digits < 3:
        text = text.rstrip("0").rstrip(".")
    return text.replace(".", words_of(lang)["decimal"])


def contracted(text: str, words: Mapping[str, Any]) -> str:
    """Words drawn together that a language draws together: Spanish *de el* is *del*."""
    for apart, together in words["story"]["contractions"]:
        text = re.sub(apart, together, text)
    return text


@dataclass(frozen=True)
class Book:
    """Fills the patterns of one language.

    A pattern is found by its name; its plural, where a language has one, stands below the name with
    ``_many``, and is taken for more than one of `names`. What follows the colon of a slot says how
    it is filled: ``nth``, ``for`` and ``place`` for places, ``laps`` for the first and the last of
    some, ``pct`` for a share, ``figure`` for a number in a row, a number of digits, or a thing that
    is counted.

    Examples
    --------
    >>> nl = Book("nl")
    >>> nl.say("retook", names=["Alonso"], other="Pérez", places=[3], lap=71, corner="", flag="")
    'Alonso heroverde de derde plaats in ronde 71 op Pérez'
    >>> Book("en").listed(["Norris", "Leclerc", "Sainz"])
    'Norris, Leclerc and Sainz'
    """

    lang: str

    def say(self, name: str, section: str = "moments", /, **slots: Any) -> str:
        """A pattern by its name, with its slots filled."""
        patterns = words_of(self.lang)[section]
        names = slots.get("names")
        many = isinstance(names, list | tuple) and len(names) > 1
        pattern: str = patterns.get(f"{name}_many" if many else name, patterns[name])
        return _Filler(self).vformat(pattern, (), slots)

    def form(self, name: str, section: str, n: int, /, **slots: Any) -> str:
        """The form of a pattern for none, for one, or for more."""
        forms: Sequence[str] = words_of(self.lang)[section][name]
        return _Filler(self).vformat(forms[min(n, 2)], (), slots)

    def sentence(self, told: str) -> str:
        """What is told as a sentence of its own: its first letter a capital, no comma too many."""
        text = contracted(LOOSE_COMMA.sub("", told), words_of(self.lang)).replace(") (", "; ")
        return f"{text[:1].upper()}{text[1:]}."

    def listed(self, items: Sequence[str]) -> str:
        """Items in a row."""
        if len(items) < 2:
            return "".join(items)
        both = words_of(self.lang)["moments"]["and"]
        return f"{', '.join(items[:-1])} {both} {items[-1]}"

    def has(self, name: str, section: str) -> bool:
        """Whether there is a word of that name."""
        return name in words_of(self.lang).get(section, {})

    def status(self, status: str) -> str:
        """How a race ended for somebody, within a sentence."""
        known: Mapping[str, str] = words_of(self.lang).get("statuses", {})
        return known.get(status.lower(), status.lower())

    def filled(self, value: Any, how: str) -> str:
        """A value as its slot wants it."""
        if isinstance(value, list | tuple) and how != "laps":
            return self.listed([self.filled(item, how) for item in value])
        if not how:
            return str(value)
        if how.isdigit():
            return f"{value:.{how}f}".replace(".", words_of(self.lang)["decimal"])
        ways: dict[str, Callable[[Any], str]] = {
            "nth": self._nth, "place": self._place, "for": self._for, "laps": self._laps,
            "pct": self._share, "figure": self._figure,
        }  # fmt: skip
        return ways[how](value) if how in ways else self._counted(value, how)

    def _pattern(self, name: str) -> str:
        return str(words_of(self.lang)["moments"][name])

    def _nth(self, place: int) -> str:
        words = self._pattern("ordinals").split()
        return words[place - 1] if place <= len(words) else self._pattern("nth").format(n=place)

    def _place(self, place: int) -> str:
        return self._pattern("place").format(nth=self._nth(place))

    def _for(self, place: int) -> str:
        return self._pattern("lead") if place == 1 else self._place(place)

    def _laps(self, laps: Sequence[int]) -> str:
        first, last = laps
        return self._pattern("laps" if last > first else "lap").format(first=first, last=last)

    def _share(self, share: float) -> str:
        return self._pattern("percent").format(n=f"{100 * share:.0f}")

    def _figure(self, n: int) -> str:
        story = words_of(self.lang)["story"]
        figures: Mapping[str, str] = story["figures"]
        pattern = figures.get(str(n % 100), figures.get(str(n % 10), story["figure"]))
        return str(pattern).format(n=n)

    def _counted(self, n: float, thing: str) -> str:
        words, forms = self._pattern("numbers").split(), words_of(self.lang)["counted"][thing]
        known = isinstance(n, int) and n < len(words)
        shown = words[int(n)] if known else number(n, self.lang, 1)
        return str(forms[min(int(n), 2)] if n == int(n) else forms[2]).format(n=shown)


class _Filler(Formatter):
    """Fills the slots of a pattern by what follows their colon."""

    def __init__(self, book: Book) -> None:
        self.book = book

    def format_field(self, value: Any, format_spec: str) -> str:
        return self.book.filled(value, format_spec)
