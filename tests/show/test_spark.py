"""Small pictures: as wide as there is room, and true to their numbers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from racecraft.show.spark import BARS, HOLE, place_strip, sparkline

VALUES = st.lists(st.none() | st.floats(0, 1e6), max_size=200)


@given(VALUES, st.integers(1, 100))
def test_a_sparkline_is_no_wider_than_its_room(values: list[float | None], width: int) -> None:
    line = sparkline(values, width)
    assert len(line) <= min(width, len(values))
    assert set(line) <= set(BARS) | {HOLE}


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=50))
def test_what_is_larger_is_no_lower(values: list[float]) -> None:
    heights = [BARS.index(bar) for bar in sparkline(values, 100)]
    assert [h for _, h in sorted(zip(values, heights, strict=True))] == sorted(heights)


def test_the_top_can_be_given() -> None:
    assert sparkline([0.0, 0.75, 1.5, 9.0], 10, top=1.5) == "▁▅██"
    assert sparkline([None, None], 10) == ""
    assert sparkline([], 10) == ""


def test_where_there_is_no_room_the_smallest_of_each_share_is_shown() -> None:
    assert sparkline([1.0, 0.0, 1.0, 1.0], 2) == "▁█"


def test_a_strip_shows_a_place_where_it_changes() -> None:
    assert place_strip([2, 2, 1, None, 1], 10) == "2─1 1"
    assert place_strip([9, 10, 11, 20, 99], 10, unicode=False) == "9abkz"


@given(st.lists(st.none() | st.integers(1, 40), max_size=100), st.integers(2, 100))
def test_a_strip_is_no_wider_than_its_room(places: list[int | None], width: int) -> None:
    assert len(place_strip(places, width)) == min(width, len(places))
