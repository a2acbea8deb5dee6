"""A hole in the stream: what is left is in order, within its laps, and where it was before."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl
import pytest

from conftest import some
from racecraft.analysis.order.overtakes import overtakes
from racecraft.model.terms import THE_LINE
from racecraft.sources.livetiming import archive

if TYPE_CHECKING:
    from pathlib import Path

    from racecraft.model.race import Race

HOLES_S = ((100, 130), (300, 360), (300, 420), (600, 690), (900, 1200), (1200, 1500))
MOVED = timedelta(seconds=1)  # crossings of groups that nothing ties any more are placed by clock
_CLOCK = re.compile(rb"(?:\xef\xbb\xbf)?(\d\d):(\d\d):(\d\d)\.(\d{3})")


def clock_s(line: bytes) -> float:
    found = _CLOCK.match(line)
    assert found
    hours, minutes, seconds, thousandths = map(int, found.groups())
    return 3600 * hours + 60 * minutes + seconds + thousandths / 1000


def with_hole(files: dict[str, bytes], begin_s: float, end_s: float) -> dict[str, bytes]:
    """The streams without what the timing said between two times since lights out."""
    status = files["SessionStatus.jsonStream"].split(b"\r\n")
    started = next(clock_s(line) for line in status if b"Started" in line)
    timing = files["TimingData.jsonStream"].split(b"\r\n")
    left = [
        line
        for line in timing
        if not line or not started + begin_s <= clock_s(line) < started + end_s
    ]
    return {**files, "TimingData.jsonStream": b"\r\n".join(left)}


def backwards(race: Race) -> int:
    order = race.lines.select("line", "order")
    there = race.crossings.join(order, on="line").sort("car", "lap", "order")
    return there.filter(pl.col("time") < pl.col("time").shift().over("car")).height


def outside(race: Race) -> int:
    """Crossings that do not lie between the two Lines of their lap, or of a lap without them."""
    end = race.crossings.filter(line=THE_LINE).select("car", "lap", end="time")
    begin = end.select("car", pl.col("lap") + 1, begin="end")
    within = race.crossings.filter(pl.col("line") != THE_LINE)
    placed = within.join(end, on=["car", "lap"], how="left").join(
        begin, on=["car", "lap"], how="left"
    )
    last = pl.col("lap") > end["lap"].max()
    return placed.filter(
        (pl.col("time") >= pl.col("end"))
        | (pl.col("time") <= pl.col("begin"))
        | (pl.col("begin").is_null() & (pl.col("lap") > 1) & ~last)
    ).height


@pytest.mark.parametrize("name", ["2023", "2025"])
def test_a_hole_moves_nothing_and_adds_no_pass(shared: Path, name: str) -> None:
    folder = next((shared / "data" / "livetiming").glob(f"{name}*"))
    files = archive.fetch(folder)
    whole = archive.parse(files)
    passes = overtakes(whole).filter(kind="on_track").height
    for begin_s, end_s in some(HOLES_S, 2):
        race = archive.parse(with_hole(files, begin_s, end_s))
        assert backwards(race) == outside(race) == 0
        both = whole.crossings.join(race.crossings, on=["car", "lap", "line"], suffix="_now")
        moved = both.filter((pl.col("time") - pl.col("time_now")).abs() > MOVED)
        assert moved.height <= both.height // 1000
        assert overtakes(race).filter(kind="on_track").height <= passes, (begin_s, end_s)
