from __future__ import annotations

from datetime import timedelta

import pytest

from racecraft.sources.fastf1.track_status import intervals_from_changes


def told(*changes: tuple[float, str]) -> list[tuple[float, float | None, str]]:
    found = intervals_from_changes((timedelta(seconds=at), code) for at, code in changes)
    return [
        (since.total_seconds(), until.total_seconds() if until else None, state)
        for since, until, state in found
    ]


@pytest.mark.parametrize(
    ("changes", "intervals"),
    [
        ([], []),
        ([(-100, "1"), (10, "2"), (20, "1")], [(10, 20, "yellow")]),
        ([(10, "2"), (20, "4"), (30, "1")], [(10, 20, "yellow"), (20, 30, "SC")]),
        ([(10, "6"), (20, "7"), (30, "1")], [(10, 30, "VSC")]),
        ([(10, "5")], [(10, None, "red")]),
        ([(-50, "2"), (-20, "1")], []),
        ([(-50, "2"), (20, "1")], [(0, 20, "yellow")]),
        ([(10, "4"), (20, "4"), (30, "9")], [(10, 30, "SC")]),
        ([(30, "1"), (10, "4")], [(10, 30, "SC")]),
    ],
)
def test_intervals(changes: list[tuple[float, str]], intervals: list[object]) -> None:
    assert told(*changes) == intervals
