"""The page that says how a language is added: its file is one that can be read."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from racecraft.errors import ArgumentError
from racecraft.press.lexicon.concepts import Concept

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "add-a-language.md"

pytest.importorskip("num2words")


def test_the_file_of_the_page_is_a_vocabulary() -> None:
    from racecraft.press.lexicon.vocabulary import vocabulary_of

    shown = re.search(r"```toml\n(# Swedish.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert shown is not None
    told = tomllib.loads(shown[1])
    words = vocabulary_of("sv", told)
    assert words.name == "Swedish"
    assert told["concepts"]["PODIUM"][0] == "pallen"
    assert Concept["PODIUM"] in Concept
    del told["calendar"]
    with pytest.raises(ArgumentError, match=r"sv.toml lacks \[calendar\]"):
        vocabulary_of("sv", told)
