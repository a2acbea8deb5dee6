"""The words of a language: what a word or phrase stands for in the report of a race.

A language is one file of the folder ``languages``; which there are is found out by looking.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from racecraft.errors import ArgumentError
from racecraft.press.lexicon.concepts import Concept, Kind
from racecraft.press.lexicon.folding import fold
from racecraft.press.lexicon.number_words import LARGEST_WORD, number_words
from racecraft.press.lexicon.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

FOLDER = resources.files("racecraft.press.lexicon").joinpath("languages")
PARTED = " … "  # stands in a phrase for the words that part a verb from the rest of it
SHORTEST_STEM = 3
PLAIN = re.compile(r"[^\W\d_]+( [^\W\d_]+)*")  # words of letters alone

NEEDED = {
    "language": {
        "name", "verb_second", "drops_subject", "starters", "genitive", "abbreviations"
    },
    "numbers": {"ordinal", "decimal"},
    "calendar": {"months", "weekdays"},
    "units": set[str](), "hedges": set[str](), "grammar": set[str](), "concepts": set[str](),
    "countries": set[str](),
}  # fmt: skip

Reading = tuple[str, Any]  # what a phrase is (a `Concept` or `Kind`), and its value


def languages() -> tuple[str, ...]:
    """ISO 639-1 codes of the languages there is a file for."""
    files = (file.name for file in FOLDER.iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in files if name.endswith(".toml")))


@dataclass(frozen=True)
class Phrases:
    """Phrases by their words; the longest one that fits is the one that is meant."""

    whole: dict[tuple[str, ...], dict[str, Any]] = field(default_factory=dict)
    stems: dict[str, dict[str, Any]] = field(default_factory=dict)
    longest: dict[str, int] = field(default_factory=dict)

    def add(self, words: tuple[str, ...], reading: Reading) -> None:
        """Let a phrase mean something; what it meant before, it means as well."""
        if not words:
            return
        if len(words) == 1 and words[0].endswith("*"):
            self.stems.setdefault(words[0][:-1], {}).setdefault(*reading)
            return
        self.whole.setdefault(words, {}).setdefault(*reading)
        self.longest[words[0]] = max(len(words), self.longest.get(words[0], 0))

    def at(self, words: list[str], i: int) -> tuple[int, dict[str, Any]]:
        """Return how many words the longest phrase at ``i`` has, and what it can mean."""
        for n in range(min(self.longest.get(words[i], 0), len(words) - i), 0, -1):
            found = self.whole.get(tuple(words[i : i + n]))
            if found:
                return n, found
        for n in range(min(len(words[i]), 30), SHORTEST_STEM, -1):
            if words[i][:n] in self.stems:
                return 1, self.stems[words[i][:n]]
        return 0, {}


@dataclass(frozen=True)
class Vocabulary:
    """The file of a language, ready to be asked.

    ``parted`` are verbs that stand apart from what completes them: "viel ... uit". ``spelled``
    has what a word stands for in each of its spellings, where accents tell them apart.
    ``verb_second``: something first, the finite verb second, the subject on either side of it.
    ``drops_subject``: a verb without a subject goes on about whoever was spoken of.
    """

    lang: str
    name: str
    verb_second: bool
    drops_subject: bool
    phrases: Phrases
    parted: Phrases
    ordinal: re.Pattern[str]
    decimal: str
    starters: frozenset[str]
    genitive: frozenset[str]
    abbreviations: frozenset[str]
    after_place: frozenset[str]
    spelled: Mapping[str, Mapping[str, set[str]]]
    file: Mapping[str, Any]

    @property
    def full_stop(self) -> re.Pattern[str] | None:
        """Pattern of ordinals that end with a full stop, or None if none do."""
        return self.ordinal if self.ordinal.match("8.") else None

    def words_of(self, text: str) -> tuple[str, ...]:
        """Return the folded words of a phrase, divided as those of an article are."""
        if PLAIN.fullmatch(text):
            return tuple(fold(text).split())  # nearly all are, and need no dividing
        star = text.endswith("*")
        words = tuple(token.word for token in tokens(text.rstrip("*")))
        return (*words[:-1], words[-1] + "*") if star else words


@cache
def vocabulary(lang: str) -> Vocabulary:
    """Return the vocabulary of one of the `languages`.

    Raises
    ------
    ArgumentError
        There is no file for the language, something is missing in it, or a name in it is none
        of `Concept`.
    """
    if lang not in languages():
        raise ArgumentError(
            f"no vocabulary for the language {lang!r}", hint=f"one of {', '.join(languages())}"
        )
    try:
        raw = tomllib.loads(FOLDER.joinpath(f"{lang}.toml").read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ArgumentError(f"{lang}.toml is no TOML: {error}") from error
    _check_parts(lang, raw)
    _check_concepts(lang, raw)
    numbers, about = raw["numbers"], raw["language"]
    readings = list(_readings(lang, raw))
    made = Vocabulary(
        lang=lang,
        name=about["name"],
        verb_second=about["verb_second"],
        drops_subject=about["drops_subject"],
        phrases=Phrases(),
        parted=Phrases(),
        ordinal=re.compile(numbers["ordinal"]),
        decimal=numbers["decimal"],
        starters=frozenset(map(fold, about["starters"])),
        genitive=frozenset(map(fold, about["genitive"])),
        abbreviations=frozenset(map(fold, about["abbreviations"])),
        after_place=frozenset(map(fold, numbers.get("after_place", ()))),
        spelled=_spelled(readings),
        file=raw,
    )
    for phrase, reading in readings:
        verb, parted, rest = phrase.partition(PARTED)
        if parted:
            concept, words = reading[0], made.words_of(rest)
            made.parted.add(made.words_of(verb), (f"{concept} {rest}", (concept, words)))
        else:
            made.phrases.add(made.words_of(phrase), reading)
    return made


def _check_parts(lang: str, raw: Mapping[str, Any]) -> None:
    missing = [
        f"[{part}]" if part not in raw else f"{name} in [{part}]"
        for part, names in NEEDED.items()
        for name in (sorted(names - raw[part].keys()) if part in raw else [""])
    ]
    if missing:
        raise ArgumentError(f"{lang}.toml lacks {', '.join(missing)}", hint="en.toml has them all")


def _check_concepts(lang: str, raw: Mapping[str, Any]) -> None:
    unknown = [
        name
        for part in ("grammar", "concepts")
        for name in raw[part]
        if name not in Concept.__members__
    ]
    if unknown:
        raise ArgumentError(
            f"{lang}.toml names what is no concept: {', '.join(unknown)}",
            hint="see racecraft.press.lexicon.concepts",
        )


def _readings(lang: str, raw: Mapping[str, Any]) -> Iterator[tuple[str, Reading]]:
    """Every phrase of a language file with what it stands for, numbers in words first."""
    yield from _numbers(lang, raw["numbers"])
    for unit, words in raw["units"].items():
        for word in words:
            yield word, (Kind.UNIT, unit)
    for hedge, words in raw["hedges"].items():
        for word in words:
            yield word, (Kind.HEDGE, hedge)
    for part in ("concepts", "grammar"):
        for concept, words in raw[part].items():
            for word in words:
                yield word, (Concept[concept], None)
    yield from _calendar(raw["calendar"])


def _spelled(readings: Iterable[tuple[str, Reading]]) -> dict[str, dict[str, set[str]]]:
    """Words that accents tell apart ("e", "è"): what each spelling of them can stand for."""
    found: dict[str, dict[str, set[str]]] = {}
    for phrase, reading in readings:
        if " " not in phrase:
            found.setdefault(fold(phrase), {}).setdefault(phrase.lower(), set()).add(reading[0])
    return {word: kinds for word, kinds in found.items() if len(kinds) > 1}


def _numbers(lang: str, raw: Mapping[str, Any]) -> Iterator[tuple[str, Reading]]:
    words = number_words(lang)
    for n in range(LARGEST_WORD + 1):
        cardinal = words["cardinal"][n]
        for word in {cardinal, cardinal.replace("-", " "), cardinal.replace(" and ", " ")}:
            yield word, (Kind.NUMBER, n)
        for template in raw.get("times_of", ()) if 1 < n < 30 else ():
            yield template.format(cardinal=cardinal), (Kind.TIMES, n)
            yield template.format(cardinal=n), (Kind.TIMES, n)
        for template in raw.get("age_of", ()) if 15 < n < 60 else ():
            yield template.format(cardinal=cardinal), (Kind.AGE, n)
        if n and raw.get("ordinals_in_words", True):
            for word in _forms(words["ordinal"][n], raw.get("ordinal_endings", ())):
                yield word, (Kind.ORDINAL, n)
    tables = (
        (Kind.NUMBER, "words"), (Kind.ORDINAL, "ordinals"), (Kind.ORDINAL, "more_ordinals"),
        (Kind.TIMES, "times"),
    )  # fmt: skip
    for kind, table in tables:
        for word, n in raw.get(table, {}).items():
            yield word, (kind, n)


def _forms(ordinal: str, endings: list[list[Any]]) -> Iterator[str]:
    """An ordinal and its other genders and cases, by pairs of endings."""
    yield ordinal
    yield ordinal.replace("-", " ")
    for ending, others in endings:
        if ordinal.endswith(ending):
            for other in others:
                words = ordinal.split()
                stem = [word.removesuffix(ending) for word in words]
                yield " ".join(
                    part + other if word.endswith(ending) else part
                    for part, word in zip(stem, words, strict=True)
                )


def _calendar(raw: Mapping[str, Any]) -> Iterator[tuple[str, Reading]]:
    for number, names in enumerate(raw["months"], 1):
        for name in names:
            yield name, (Kind.MONTH, number)
    for number, names in enumerate(raw["weekdays"]):
        for name in names:
            yield name, (Kind.WEEKDAY, number)
