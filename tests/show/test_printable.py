"""No control character reaches a screen, whoever put it into a name."""

from __future__ import annotations

import unicodedata

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from racecraft.show.page import Page
from racecraft.show.printable import on_screen, printable
from racecraft.show.text import table_text

ANYTHING = st.text(st.characters(codec="utf-8") | st.sampled_from("\x1b\x07\x9b[]0m;\ufdd0\u202e"))


@given(ANYTHING)
def test_printable_text_has_no_control_characters(text: str) -> None:
    left = {c for c in printable(text) if unicodedata.category(c) == "Cc"}
    assert left <= {"\n"}


@given(ANYTHING)
def test_a_table_of_anything_has_styles_alone(text: str) -> None:
    table = pl.DataFrame({"driver": [text]})
    shown = on_screen(table_text(table, Page(None, colour=True)))
    assert shown.count("\x1b") == shown.count("\x1b[1m") + shown.count("\x1b[0m") + sum(
        shown.count(f"\x1b[{n}m") for n in (2, 31, 32, 33, 36)
    )
    assert "\x07" not in shown
    assert "\u202e" not in shown
