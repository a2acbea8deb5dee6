"""The books of all languages say the same things, and fill their slots alike."""

from __future__ import annotations

import re
from typing import Any

import pytest

from racecraft.errors import ArgumentError
from racecraft.model.words.book import Book, languages, number, words_of

SLOT = re.compile(r"\{(\w+)")
OF_ENGLISH = ("statuses", "doubts", "values", "joints")  # what sources and audits say in English
GENERAL = {"names", "kept_after"}  # slots that English does without


def slots(patterns: Any) -> set[str]:
    text = patterns if isinstance(patterns, str) else " ".join(map(str, patterns))
    return set(SLOT.findall(text))


@pytest.mark.parametrize("lang", languages())
def test_a_language_says_everything_that_english_says(lang: str) -> None:
    english, own = words_of("en"), words_of(lang)
    assert own.keys() - english.keys() in (set(), set(OF_ENGLISH))
    for section, patterns in english.items():
        if isinstance(patterns, dict) and section != "story":
            missing = patterns.keys() - own[section].keys()
            more = {name.removesuffix("_many") for name in own[section]} - patterns.keys()
            assert (missing, more) == (set(), set()), section
    said, sentences = own["story"]["sentences"], english["story"]["sentences"]
    assert said.keys() == sentences.keys()


@pytest.mark.parametrize("section", ["championship", "counted", "moments", "records"])
@pytest.mark.parametrize("lang", languages())
def test_a_pattern_has_the_slots_that_its_name_promises(lang: str, section: str) -> None:
    """A slot that exists nowhere in English is never filled."""
    known = set().union(*(slots(told) for told in words_of("en")[section].values()))
    for name, told in words_of(lang)[section].items():
        assert slots(told) <= known | GENERAL, name
        if name.endswith("_many"):
            assert slots(told) == slots(words_of(lang)[section][name.removesuffix("_many")])


def test_numbers_places_and_lists_are_said_as_in_the_language() -> None:
    nl, es, en = Book("nl"), Book("es"), Book("en")
    assert (nl.filled(0.053, "3"), es.filled([1, 3], "for")) == (
        "0,053",
        "el liderato y la tercera posición",
    )
    assert [en.filled(n, "figure") for n in (1, 2, 11, 23, 111)] == [
        "1st", "2nd", "11th", "23rd", "111th",
    ]  # fmt: skip
    assert (en.filled(3, "lap"), en.filled(12, "lap")) == ("three laps", "12 laps")
    assert nl.filled((3, 5), "laps") == "de ronden 3 tot en met 5"
    assert es.sentence("la victoria de el piloto, (por 2 s) (motor)") == (
        "La victoria del piloto (por 2 s; motor)."
    )
    assert (number(7.5, "nl", 1), number(7.5, "en", 1)) == ("7,5", "7.5")


def test_a_language_that_is_not_known_is_an_error_with_those_that_are() -> None:
    with pytest.raises(ArgumentError, match="nothing is told in 'fi'") as error:
        words_of("fi")
    assert "en, es, nl" in str(error.value.hint)
