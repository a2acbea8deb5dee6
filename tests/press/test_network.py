"""The network of the reader: it reads words and no names, the same alone as with others."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from racecraft.history.roster import Roster
from racecraft.press.intake.article import Article
from racecraft.press.reading import together
from racecraft.press.reading.network import LONGEST, NOBODY, NOTHING, distance, network
from racecraft.press.reading.reader import Reader
from racecraft.press.reading.relations import Passage, Relation, relations_of
from racecraft.press.reading.telling import Label
from racecraft.press.reading.wordpieces import UNKNOWN, word_pieces
from racecraft.sources.sample.sample import sample_season

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from racecraft.press.reading.bonds import Parsed
    from racecraft.press.reading.network import Network

KNOWN = {UNKNOWN: 0, "pole": 1, "sao": 2, "pau": 3, "##lo": 4, ",": 5, "3": 6, ".": 7, "8": 8}
TOLD = "{} won from pole. {} was second, 8.2 seconds behind, and third on the grid."


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], list[Parsed]]:
    """The sentences of a text as the network is given them."""
    reader = Reader(Roster([sample_season()]))

    def sentences(text: str) -> list[Parsed]:
        found: list[Parsed] = []

        def listen(told: Sequence[Parsed], _: Network, before: int = 0) -> list[list[Relation]]:
            found.extend(told[before:])
            return [[] for _ in told[before:]]

        monkeypatch.setattr(together, "relations_of", listen)
        reader.read(Article(text=text, date=date(2023, 11, 6), lang="en"))
        return found

    return sentences


def names(relations: list[list[Relation]]) -> list[tuple[Any, ...]]:
    """What is told of the how-manieth piece by which, and how likely."""
    return [
        (r.label, r.who.first if r.who else None, r.by.first if r.by else None, round(r.chance, 4))
        for of_one in relations for r in of_one
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "pieces"),
    [("São Paulo", [2, 3, 4]), ("POLE,", [1, 5]), ("3.8", [6, 7, 8]), ("Monza", [0]), ("", [])],
)
def test_words_are_cut_into_the_longest_pieces_that_are_known(text: str, pieces: list[int]) -> None:
    assert list(word_pieces(text, KNOWN)) == pieces


def test_whoever_is_named_the_same_is_read(parsed: Any) -> None:
    """The network sees no names, so that it cannot know who won."""
    one, other = (
        relations_of(parsed(TOLD.format(*pair)), network())
        for pair in (("Verstappen", "Norris"), ("Sargeant", "Zhou"))
    )
    assert names(one)
    assert names(one) == names(other)


def test_it_is_told_who_did_what(parsed: Any) -> None:
    found = [r for of_one in relations_of(parsed(TOLD.format("Verstappen", "Norris")), network())
             for r in of_one]  # fmt: skip
    told = {
        (Label.of(r.label).claim_type, r.who.word): r.chance
        for r in sorted(found, key=lambda r: r.chance) if r.who is not None
    }  # fmt: skip
    for said in (("finish_position", "verstappen"), ("finish_position", "norris"),
                 ("grid_position", "norris"), ("winning_margin", "verstappen")):  # fmt: skip
        assert told[said] > 0.5, said
    assert told.get(("grid_position", "verstappen"), 0) < told["grid_position", "norris"]


def test_a_text_reads_the_same_in_parts(parsed: Any) -> None:
    """Windows do not see each other but for the sentence before."""
    told = parsed(" ".join([TOLD.format("Verstappen", "Norris")] * 20))
    windows = list(Passage(told, network()).windows(0))
    assert len(windows) > 2
    assert [n for window in windows for n in window.new] == list(range(len(told)))
    whole = relations_of(told, network())
    first = relations_of(told[: windows[0].new[-1] + 1], network())
    assert names(whole[: len(first)]) == names(first)


def test_a_sentence_that_is_too_long_is_read_in_part(parsed: Any) -> None:
    told = parsed("Verstappen won, " + "and he won " * 300 + "and Norris was second.")
    passage = Passage(told, network())
    window = next(passage.windows(0))
    assert len(passage.encoded(window).row) <= LONGEST


def test_whoever_was_spoken_of_before_is_seen(parsed: Any) -> None:
    told = parsed("Norris had a good day. He finished second.")
    alone = relations_of(told, network(), 1)
    assert len(alone) == 1
    assert alone[0]


def test_distances_tell_before_from_behind() -> None:
    assert distance(None, 4) == NOBODY
    assert distance(4, None) == NOTHING
    assert distance(3, 5) != distance(5, 3)
    assert distance(0, 120) == distance(0, 100)


def test_every_label_is_of_a_type_that_there_is() -> None:
    for name in network().labels:
        label = Label.of(name)
        assert label.claim_type
        assert label.how in "#@="


def test_weights_are_numbers() -> None:
    for name, weight in network().weights.items():
        assert np.isfinite(weight).all(), name
