"""Guesses: what pieces may say where no frame has read it; never a reason to accuse anybody."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from racecraft.history.results import History
from racecraft.history.roster import Roster
from racecraft.press.fact_check import fact_check, judge_reading
from racecraft.press.intake.article import Article
from racecraft.press.reading import together
from racecraft.press.reading.reader import Reader
from racecraft.sources.sample.sample import sample_season

if TYPE_CHECKING:
    from collections.abc import Iterator

    from racecraft.press.claim import Reading

DAY = date(2023, 11, 6)
TRAINING = Path(__file__).parent / "training"
FILES = sorted(TRAINING.glob("*.txt"))
# A list as newspapers print it, which no frame reads.
RESULT = "Result of the Sao Paulo Grand Prix: 1. M. Verstappen; 2. L. Norris; 3. F. Alonso."


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(Roster([sample_season()]))


@pytest.fixture(scope="module")
def training() -> Iterator[Any]:
    """How the texts for training are read."""
    benchmarks = str(Path(__file__).parents[2] / "benchmarks")
    sys.path.insert(0, benchmarks)
    from press_sentences import training_texts

    yield training_texts
    sys.path.remove(benchmarks)


def read(reader: Reader, text: str, lang: str = "en") -> Reading:
    return reader.read(Article(text=text, date=DAY, lang=lang))


def said(reading: Reading) -> set[tuple[str, str, Any]]:
    return {(claim.claim_type, claim.subject, claim.value) for claim in reading.guesses}


def test_places_of_a_list_are_guessed(reader: Reader) -> None:
    found = said(read(reader, RESULT))
    assert ("finish_position", "Lando Norris", 2) in found
    assert ("finish_position", "Fernando Alonso", 3) in found


def test_without_relations_nothing_is_guessed(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(together, "relations_of", _nothing)
    assert not read(reader, RESULT).guesses


def test_claims_are_the_same_with_guesses_and_without(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = read(reader, f"{RESULT} Verstappen won from pole.")
    monkeypatch.setattr(together, "relations_of", _nothing)
    alone = read(reader, f"{RESULT} Verstappen won from pole.")
    assert alone.claims
    assert whole.guesses
    seen = [replace(claim, features={}) for claim in whole.claims]
    assert seen == [replace(claim, features={}) for claim in alone.claims]


def _nothing(told: Any, _: Any, before: int = 0) -> list[list[Any]]:
    return [[] for _ in told[before:]]


@pytest.mark.parametrize("place", [2, 4, 9])
def test_nobody_is_accused_because_of_a_guess(place: int) -> None:
    text = RESULT.replace("3. F. Alonso", f"{place}. F. Alonso")
    checked = fact_check(text, sample_season(), date=DAY, lang="en", event=(2023, 20))
    told = [f for f in checked.findings if f.subject == "Fernando Alonso"]
    assert all(found.verdict != "contradicted" for found in told)
    assert not any(f.verdict == "supported" and f.value == place for f in told)


def test_a_guess_changes_no_verdict_on_a_claim(reader: Reader) -> None:
    history = History([sample_season()])
    whole = read(reader, f"{RESULT} Verstappen won from pole. Alonso was fifth on the grid.")
    alone = replace(whole, guesses=())
    with_guesses, without = (
        [(f.claim_type, f.subject, f.verdict, f.confidence) for f in judge_reading(r, history)]
        for r in (whole, alone)
    )
    assert set(without) <= set(with_guesses)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_texts_for_training_say_what_is_noted(file: Path, training: Any) -> None:
    """Every claim is of a type that there is, and its words stand in its text."""
    from racecraft.press.claims.registry import claim_types

    texts = list(training(file))
    assert len(texts) > 100
    for article, claims in texts:
        assert claims is not None
        for claim in claims:
            assert claim["claim_type"] in claim_types(), claim
            words = re.sub(r"\s+", " ", claim["quote"])
            assert words in re.sub(r"\s+", " ", article.text), claim
