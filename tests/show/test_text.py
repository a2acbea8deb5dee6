"""Tables for eyes: aligned, as wide as there is room, in colour only where it is wanted."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from racecraft.show.page import Page, page_of
from racecraft.show.printable import on_screen
from racecraft.show.text import plural, table_text, wrapped

TABLE = pl.DataFrame(
    {
        "driver": ["ALO", "PER"],
        "start_lap": [9, 71],
        "margin": [timedelta(seconds=0.053), None],
        "at_flag": [True, False],
        "evidence": ["ahead at the Line by a short head", "behind"],
    }
)


class Screen(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def test_columns_are_aligned_numbers_to_the_right() -> None:
    assert table_text(TABLE, Page(None)).splitlines() == [
        "        start          at",
        "driver    lap  margin  flag  evidence",
        "ALO         9   0.053  yes   ahead at the Line by a short head",
        "PER        71       -  no    behind",
    ]


@pytest.mark.parametrize("width", [40, 50, 60, 62, 80])
def test_no_line_is_wider_than_the_page(width: int) -> None:
    lines = table_text(TABLE, Page(width)).splitlines()
    assert max(map(len, lines)) <= width
    assert all(line == line.rstrip() for line in lines)


def test_what_does_not_fit_is_cut_or_named() -> None:
    assert "ahead at the Line by a s…" in table_text(TABLE, Page(54))
    assert table_text(TABLE, Page(40)).splitlines()[-1] == "not shown: evidence"


def test_columns_can_be_left_out_and_put_first() -> None:
    text = table_text(TABLE, Page(None), leave_out=["evidence"], first=["margin", "nothing"])
    assert text.splitlines()[1].split() == ["margin", "driver", "lap", "flag"]


def test_times_are_written_as_on_a_timing_screen() -> None:
    times = [timedelta(seconds=s) for s in (0.0, 73.422, 7008.894, -0.111)]
    cells = table_text(pl.DataFrame({"t": times}), Page(None)).split()[1:]
    assert cells == ["0.000", "1:13.422", "1:56:48.894", "-0.111"]


def test_other_cells() -> None:
    table = pl.DataFrame(
        {
            "points": [25.0, 12.0],
            "share": [0.934, None],
            "when": [datetime(2026, 2, 1, 12, 30, tzinfo=UTC), None],
            "laps": [[1, 2], []],
        }
    )
    first, second = table_text(table, Page(None)).splitlines()[1:]
    assert first.split() == ["25", "0.93", "2026-02-01", "12:30", "1", "2"]
    assert second.split() == ["12", "-", "-"]


def test_an_empty_table_says_so_under_its_heading() -> None:
    heading, note = table_text(TABLE.clear(), Page(None)).splitlines()[-2:]
    assert heading.startswith("driver")
    assert note == "no rows"


@given(
    st.lists(st.dictionaries(st.sampled_from("abcd"), st.text(max_size=30)), max_size=5),
    st.integers(40, 120),
)
def test_any_text_is_shown_a_row_a_line(rows: list[dict[str, str]], width: int) -> None:
    table = pl.DataFrame(rows, schema=dict.fromkeys("abcd", pl.String))
    text = table_text(table, Page(width))
    assert len(text.split("\n")) >= table.height + 1


def test_colour_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "COLUMNS", "TERM"):
        monkeypatch.delenv(name, raising=False)
    assert page_of(Screen()).colour
    assert page_of(io.StringIO()) == Page(None, colour=False, unicode=False)
    monkeypatch.setenv("NO_COLOR", "1")
    assert not page_of(Screen()).colour
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert not page_of(Screen()).colour
    assert "\x1b[1m" in on_screen(table_text(TABLE, Page(None, colour=True)))


def test_the_width_is_that_of_the_terminal_or_as_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    assert page_of(Screen()).width == page_of(io.StringIO()).width == 60
    monkeypatch.setenv("COLUMNS", "3")
    assert page_of(Screen()).width == 40, "narrower is not believed"
    monkeypatch.setenv("COLUMNS", "many")
    assert page_of(io.StringIO()).width is None


def test_words() -> None:
    assert plural(1, "race") == "1 race"
    assert plural(22, "race") == "22 races"
    assert wrapped("one two three", Page(None), hang="* ") == "* one two three"
    assert wrapped("aaaa " * 20, Page(40), hang="* ").splitlines()[1].startswith("  aaaa")
