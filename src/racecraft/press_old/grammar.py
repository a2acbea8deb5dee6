"""The words of a language: what a word or phrase stands for in the report of a race."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

LANGUAGES = ("en", "nl", "de", "es", "it", "fr", "pt")
SHORT = 3  # letters of an abbreviation that is no word, its stop included
PARTED = " … "  # stands in a phrase for the words that part a verb from the rest of it
# Names that are abbreviations in some language: Dutch "bull." is a bulletin, and "max." at most.
NO_ABBREVIATIONS = frozenset((
    "al", "art", "bull", "cal", "del", "ed", "f1", "jan", "la", "mass", "max", "mf1", "pat", "rb",
    "red", "reg", "tom", "vern",
))  # fmt: skip
LARGEST_WORD = 400  # the largest number that is looked for in words
_OWN = str.maketrans({"ø": "o", "ß": "ss", "ł": "l", "æ": "ae", "’": "'", "‘": "'", "´": "'"})

Reading = tuple[str, Any]  # what a phrase is, and its value


def fold(text: str) -> str:
    """Return text in small letters and without accents, as it is compared."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(_OWN))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


@dataclass(frozen=True)
class Phrases:
    """Phrases by their words; the longest one that fits is the one that is meant."""

    whole: dict[tuple[str, ...], list[Reading]] = field(default_factory=dict)
    stems: dict[str, list[Reading]] = field(default_factory=dict)
    longest: dict[str, int] = field(default_factory=dict)

    def add(self, words: tuple[str, ...], reading: Reading) -> None:
        """Let a phrase mean something; what it meant before, it means as well."""
        if not words:
            return
        if len(words) == 1 and words[0].endswith("*"):
            self.stems.setdefault(words[0][:-1], []).append(reading)
            return
        readings = self.whole.setdefault(words, [])
        if reading not in readings:
            readings.append(reading)
        self.longest[words[0]] = max(len(words), self.longest.get(words[0], 0))

    def at(self, words: list[str], i: int) -> tuple[int, list[Reading]]:
        """Return how many words the longest phrase at ``i`` has, and what it can mean."""
        for n in range(min(self.longest.get(words[i], 0), len(words) - i), 0, -1):
            found = self.whole.get(tuple(words[i : i + n]))
            if found:
                return n, found
        for n in range(len(words[i]), 3, -1):
            if words[i][:n] in self.stems:
                return 1, self.stems[words[i][:n]]
        return 0, []


@dataclass(frozen=True)
class Grammar:
    """The grammar file of a language, ready to be asked.

    ``parted`` are verbs that stand apart from what completes them: "viel ... uit". ``articles``
    are the words that are an article, though with an accent or stress they would be a number.
    ``spelled`` has what a word stands for in each of its spellings, where accents tell them apart.
    """

    lang: str
    nlp: Any
    phrases: Phrases
    parted: Phrases
    ordinal: re.Pattern[str]
    decimal: str
    starters: frozenset[str]
    genitive: frozenset[str]
    articles: frozenset[str]
    after_place: frozenset[str]
    spelled: Mapping[str, Mapping[str, set[str]]]
    file: Mapping[str, Any]

    def words_of(self, text: str) -> tuple[str, ...]:
        """Return the folded words of a phrase, divided as those of an article are."""
        star = text.endswith("*")
        words = tuple(fold(token.text) for token in self.nlp.make_doc(text.rstrip("*")))
        return (*words[:-1], words[-1] + "*") if star else words


@cache
def grammar(lang: str) -> Grammar:
    """Return the grammar of a language, one of ``LANGUAGES``."""
    import spacy
    from spacy.util import compile_infix_regex

    raw = tomllib.loads(
        resources.files("racecraft.press_old")
        .joinpath("languages", f"{lang}.toml")
        .read_text("utf-8")
    )
    nlp = spacy.blank(lang)
    hyphens = [r"(?<=\w)[-–—/](?=\w)", r"(?<=[^\W\d])['’](?=[^\W\d])", r"(?<=\w)[()](?=\w)"]
    tokenizer: Any = nlp.tokenizer
    infixes = [*(nlp.Defaults.infixes or ()), *hyphens]
    tokenizer.infix_finditer = compile_infix_regex(infixes).finditer
    kept = raw["small"].get("abbreviations")
    tokenizer.rules = {
        text: rule for text, rule in tokenizer.rules.items() if _is_one_word(text, kept)
    }
    numbers = raw["numbers"]
    made = Grammar(
        lang=lang,
        nlp=nlp,
        phrases=Phrases(),
        parted=Phrases(),
        ordinal=re.compile(numbers["ordinal"]),
        decimal=numbers["decimal"],
        starters=frozenset(raw["small"]["starters"]),
        genitive=frozenset(fold(word) for word in raw["small"]["genitive"]),
        articles=frozenset(raw["small"].get("a", ())),
        after_place=frozenset(fold(word) for word in numbers.get("after_place", ())),
        spelled=_spelled(lang, raw),
        file=raw,
    )
    for phrase, reading in _readings(lang, raw):
        verb, parted, rest = phrase.partition(PARTED)
        if parted:
            made.parted.add(made.words_of(verb), (reading[0], made.words_of(rest)))
        else:
            made.phrases.add(made.words_of(phrase), reading)
    return made


def _readings(lang: str, raw: Mapping[str, Any]) -> Iterator[tuple[str, Reading]]:
    """Every phrase of a grammar file with what it stands for, numbers in words first."""
    yield from _numbers(lang, raw["numbers"])
    for unit, words in raw["units"].items():
        for word in words:
            yield word, ("UNIT", unit)
    for hedge, words in raw["hedges"].items():
        for word in words:
            yield word, ("HEDGE", hedge)
    for role, words in (raw["people"] | raw["small"]).items():
        for word in words:
            if role not in ("starters", "way_from", "way_to", "defeat", "genitive", "name_prefix"):
                yield word, (role, None)
    for concept, words in raw["concepts"].items():
        for word in words:
            yield word, (concept, None)
    yield from _calendar(lang)


def _spelled(lang: str, raw: Mapping[str, Any]) -> dict[str, dict[str, set[str]]]:
    """Words that accents tell apart ("e", "è"): what each spelling of them can stand for."""
    found: dict[str, dict[str, set[str]]] = {}
    for phrase, reading in _readings(lang, raw):
        spelling = phrase.lower()
        found.setdefault(fold(phrase), {}).setdefault(spelling, set()).add(reading[0])
    return {word: kinds for word, kinds in found.items() if len(kinds) > 1 and " " not in word}


def _is_one_word(text: str, abbreviations: Iterable[str] | None) -> bool:
    """Whether a word with its full stop is an abbreviation; else the stop ends a sentence.

    Where a language names its abbreviations, no other long ones are left.
    """
    stem = text.removesuffix(".")
    if stem.lower() in NO_ABBREVIATIONS:
        return False
    if abbreviations is None or stem == text or len(text) <= SHORT or not stem.isalpha():
        return True
    return fold(stem) in map(fold, abbreviations)


def _numbers(lang: str, raw: Mapping[str, Any]) -> Iterator[tuple[str, Reading]]:
    from num2words import num2words

    for n in range(LARGEST_WORD + 1):
        cardinal = num2words(n, lang=lang)
        for word in {cardinal, cardinal.replace("-", " "), cardinal.replace(" and ", " ")}:
            yield word, ("number", n)
        for template in raw.get("times_of", ()) if 1 < n < 30 else ():
            yield template.format(cardinal=cardinal), ("times", n)
            yield template.format(cardinal=n), ("times", n)
        for template in raw.get("age_of", ()) if 15 < n < 60 else ():
            yield template.format(cardinal=cardinal), ("age", n)
        if n and raw.get("ordinals_in_words", True):
            ordinal = num2words(n, lang=lang, to="ordinal")
            for word in _forms(ordinal, raw.get("ordinal_endings", ())):
                yield word, ("ordinal", n)
    tables = (
        ("number", "words"), ("ordinal", "ordinals"), ("ordinal", "more_ordinals"),
        ("times", "times"),
    )  # fmt: skip
    for kind, table in tables:
        for word, n in raw.get(table, {}).items():
            yield word, (kind, n)


def _forms(ordinal: str, endings: list[list[str]]) -> Iterator[str]:
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


def _calendar(lang: str) -> Iterator[tuple[str, Reading]]:
    from babel import Locale

    locale = Locale.parse(lang)
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for number, name in locale.months[context][width].items():
                if len(name) > 2:
                    yield name, ("month", number)
                    yield name.rstrip("."), ("month", number)
        for number, name in locale.days[context]["wide"].items():
            yield name, ("weekday", number)
