"""Figures as articles write them, and what they still agree with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from racecraft.press.judging.tolerance import agrees
from racecraft.press.lexicon.numbers import IN_HALVES

if TYPE_CHECKING:
    from racecraft.press.claim import Hedge


@given(st.integers(0, 10_000_000), st.integers(0, 3))
def test_rounded_or_truncated_is_right(ms: int, decimals: int) -> None:
    unit = 10**decimals
    assert agrees((ms * unit + 500) // 1000 / unit, ms / 1000, decimals=decimals)
    assert agrees(ms * unit // 1000 / unit, ms / 1000, decimals=decimals)


@given(st.integers(10_000, 10_000_000), st.integers(0, 3), st.sampled_from((-2, 2)))
def test_two_units_off_is_wrong(ms: int, decimals: int, off: int) -> None:
    unit = 10**decimals
    assert not agrees(((ms * unit + 500) // 1000 + off) / unit, ms / 1000, decimals=decimals)


@given(st.integers(-500, 500), st.integers(-500, 500))
def test_whole_numbers_are_equal_or_not(claimed: int, true: int) -> None:
    assert agrees(claimed, true) == (abs(claimed) == abs(true))


@pytest.mark.parametrize(
    ("claimed", "true", "hedge", "fair"),
    [
        (19, 19.387, "over", True),
        (19, 18.9, "over", False),
        (9, 19.387, "over", False),
        (30, 29.1, "almost", True),
        (30, 30.2, "almost", False),
        (30, 25.022, "almost", False),
        (20, 21.9, "about", True),
        (20, 23, "about", False),
        (1, 0.053, "under", True),
        (1, 1.2, "under", False),
    ],
)
def test_hedges_widen_one_way(claimed: float, true: float, hedge: Hedge, fair: bool) -> None:
    assert agrees(claimed, true, hedge=hedge) == fair


def test_half_a_minute_is_about_one() -> None:
    assert agrees(30, 30.5, decimals=IN_HALVES)
    assert agrees(30, 27.6, decimals=IN_HALVES)
    assert not agrees(30, 38, decimals=IN_HALVES)
    assert not agrees(30, 30.5, decimals=1)
