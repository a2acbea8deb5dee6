"""The lexicon: languages found by looking, concepts checked, tokens, no word in code."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from racecraft.errors import ArgumentError
from racecraft.press.lexicon import vocabulary as lexicon
from racecraft.press.lexicon.concepts import Concept, Kind
from racecraft.press.lexicon.number_words import asked, number_words
from racecraft.press.lexicon.tokens import LONGEST_SENTENCE, mark_quotations, split, tokens
from racecraft.press.lexicon.vocabulary import languages, vocabulary

FIELDS = {"also", "quote"}  # names of fields that happen to be words of some language
PRESS = Path(lexicon.__file__).parents[1]


def test_languages_are_the_files_of_the_folder() -> None:
    folder = PRESS / "lexicon" / "languages"
    assert languages() == tuple(sorted(path.stem for path in folder.glob("*.toml")))
    assert {"de", "en", "es", "fr", "it", "nl", "pt"} <= set(languages())


def test_a_language_without_a_file_is_an_error() -> None:
    with pytest.raises(ArgumentError, match="no vocabulary"):
        vocabulary("xx")


def test_a_part_that_a_language_lacks_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lexicon, "FOLDER", tmp_path)
    (tmp_path / "xx.toml").write_text('[numbers]\nordinal = "x"\n')
    with pytest.raises(ArgumentError, match=r"xx.toml lacks .*\[calendar\]") as refused:
        vocabulary("xx")
    assert "decimal in [numbers]" in str(refused.value)
    (tmp_path / "xx.toml").write_text("[numbers")
    with pytest.raises(ArgumentError, match=r"xx.toml is no TOML"):
        vocabulary("xx")


def test_a_concept_that_there_is_not_is_an_error() -> None:
    raw = {"grammar": {"AND": ["and"]}, "concepts": {"WYN": ["won"]}}
    with pytest.raises(ArgumentError, match="WYN"):
        lexicon._check_concepts("en", raw)


@pytest.mark.parametrize("lang", languages())
def test_every_language_says_who_won_and_who_was_third(lang: str) -> None:
    words = vocabulary(lang)
    known = {kind for kinds in words.phrases.whole.values() for kind in kinds}
    assert {Concept.WIN, Concept.FINISH, Concept.AHEAD, Concept.BEHIND, Concept.LEAD} <= known
    assert {Concept.DEFICIT, Concept.RETIRE, Kind.ORDINAL, Kind.NUMBER, Kind.MONTH} <= known


@pytest.mark.parametrize("lang", languages())
def test_no_word_means_both_directions(lang: str) -> None:
    for words, kinds in vocabulary(lang).phrases.whole.items():
        assert not {Concept.AHEAD, Concept.BEHIND} <= kinds.keys(), words
        assert not {Concept.LEAD, Concept.DEFICIT} <= kinds.keys(), words
        assert not {Concept.MORE, Concept.LESS} <= kinds.keys(), words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Verstappen's 0.053s", ["Verstappen", "'s", "0.053s"]),
        ("didn't", ["did", "n't"]),
        ("1:38:12.618", ["1:38:12.618"]),
        ("33-year-old", ["33", "-", "year", "-", "old"]),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert [token.text for token in tokens(text)] == expected


def test_a_full_stop_stays_with_a_german_ordinal() -> None:
    german = vocabulary("de")
    line = tokens("Alonso wurde 15. und Stroll 8.", full_stop=german.full_stop)
    assert "15." in [token.text for token in line]
    assert len(list(split(line, german.starters))) == 1


def test_sentences_end_at_full_stops_and_are_never_endless() -> None:
    line = tokens("He won. She lost! Who led?")
    assert len(list(split(line, frozenset()))) == 3
    long = list(split(tokens("and " * 10_000), frozenset()))
    assert max(map(len, long)) <= LONGEST_SENTENCE


def test_quotations_of_a_few_words_are_names() -> None:
    line = tokens('Sergio "Checo" Perez said "we will win this one for sure" again.')
    mark_quotations(line)
    quoted = [token.text for token in line if token.quoted]
    assert "Checo" not in quoted
    assert "win" in quoted
    assert "again" not in quoted


def test_no_word_of_any_language_stands_in_code() -> None:
    english = {word for words in vocabulary("en").phrases.whole for word in words}
    others = {
        words[0]
        for lang in languages()
        if lang != "en"
        for words, kinds in vocabulary(lang).phrases.whole.items()
        if len(words) == 1 and words[0].isalpha() and len(words[0]) > 3 and Kind.UNIT not in kinds
    } - english
    for room in ("lexicon", "reading"):
        for path in (PRESS / room).glob("*.py"):
            found = _strings(path) & others - FIELDS
            assert not found, f"{path.name}: {sorted(found)}"


def _strings(path: Path) -> set[str]:
    """Strings of a file that are no documentation."""
    tree = ast.parse(path.read_text("utf-8"))
    documented = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in documented
    }


@pytest.mark.parametrize("lang", languages())
def test_numbers_written_down_are_those_of_the_library(lang: str) -> None:
    assert number_words(lang) == asked(lang), "run tools/build_number_words.py"
