from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from racecraft.errors import UnreadableError
from racecraft.model.clock import clock
from racecraft.sources.shared.csv_cells import (
    CLOCK,
    COUNT,
    DATE,
    MILLISECONDS,
    NUMBER,
    TEXT,
    WHOLE,
    Kind,
    read_csv,
)


def read(kind: Kind, text: str) -> object:
    return pl.DataFrame({"cell": [text]}).select(kind.read(pl.col("cell"))).item()


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (TEXT, " São Paulo ", "São Paulo"),
        (WHOLE, "0", 0),
        (WHOLE, " 44 ", 44),
        (WHOLE, "44.0", 44),  # as a spreadsheet may save it
        (COUNT, "1", 1),
        (NUMBER, "1.33", 1.33),
        (MILLISECONDS, "91234", timedelta(seconds=91.234)),
        (CLOCK, "22.427", timedelta(seconds=22.427)),
        (CLOCK, "1:22.427", timedelta(seconds=82.427)),
        (CLOCK, "2:03:45.1", timedelta(hours=2, minutes=3, seconds=45.1)),
        (DATE, "2023-11-05", date(2023, 11, 5)),
    ],
)
def test_what_is_read(kind: Kind, text: str, value: object) -> None:
    assert read(kind, text) == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (TEXT, "  "),
        *((WHOLE, text) for text in ("-1", "1.5", "40000", "9" * 30, "x", "NaN", "0x1")),
        (COUNT, "0"),
        *((NUMBER, text) for text in ("-1", "NaN", "inf", "x", "1e999", "1,5")),
        *((MILLISECONDS, text) for text in ("-1", "9" * 12, "1:02")),
        *((CLOCK, text) for text in ("-1.0", "+5.478", "1:2:3:4", "NaN", "9999:00", "1:x")),
        *((DATE, text) for text in ("2023-13-01", "05/11/2023", "2023")),
    ],
)
def test_what_is_not(kind: Kind, text: str) -> None:
    assert read(kind, text) is None


@given(st.integers(0, 86_400_000))
def test_clocks_are_read_as_they_are_written(milliseconds: int) -> None:
    time = timedelta(milliseconds=milliseconds)
    assert read(CLOCK, clock(time)) == time


@given(st.binary(max_size=200))
def test_any_bytes_are_a_table_or_one_error(data: bytes) -> None:
    try:
        frame = read_csv(data, file="any.csv", expected="a table")
    except UnreadableError as error:
        said = error.message
    else:
        said = f"any.csv has {frame.columns[0]}s"
    assert said.startswith("any.csv")
    assert "\n" not in said
