"""The marks: facts of the races in the package, and what counts must reach.

What is measured in seconds is no test: the machine may be busy. See `make bench`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

import racecraft as rc
from conftest import THOROUGH

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
MOMENTS = "moments" if THOROUGH else "moments --gate"
COUNTS = ("audit_orders", "overtake_counts --gate", "standings", MOMENTS)
ABSENT = "public data files absent: no $RACECRAFT_SHARED, no ../shared"


def ms(milliseconds: int) -> timedelta:
    return timedelta(milliseconds=milliseconds)


@pytest.mark.parametrize(
    ("event", "winner"), [("São Paulo", 7_008_894), ("Mexico City", 7_350_814)]
)
def test_the_winner_took_as_long_as_published(event: str, winner: int) -> None:
    race = rc.load_race(2023, event)
    assert rc.laps(race).filter(car="VER")["lap_time"].sum() == ms(winner)
    assert rc.order(race).row(0, named=True)["time"] == ms(winner)


def test_alonso_third_by_53_thousandths() -> None:
    third, fourth = rc.order(rc.load_race(2023, "São Paulo")).slice(2, 2).iter_rows(named=True)
    assert (third["car"], fourth["car"]) == ("ALO", "PER")
    assert fourth["interval"] == ms(53)


def test_the_swaps_for_third() -> None:
    table = rc.overtakes(rc.load_race(2023, "São Paulo"), kind="on_track")
    swaps = table.filter(pl.col("lap") >= 70, pl.col("position") == 3)
    assert swaps.select("lap", "line", "passer", "passed", "margin").rows() == [
        (70, "S1", "PER", "ALO", ms(111)),
        (71, "S1", "ALO", "PER", ms(69)),
    ]


def test_perez_was_last_at_the_end_of_lap_1_in_mexico_and_out() -> None:
    race = rc.load_race(2023, "Mexico City")
    last = rc.order(race, lap=1).row(-1, named=True)
    assert (last["car"], last["position"]) == ("PER", 20)
    assert "PER" not in rc.order(race, lap=2)["car"]


@pytest.mark.parametrize("event", ["São Paulo", "Mexico City"])
def test_there_is_an_order_at_the_end_of_each_of_71_laps(event: str) -> None:
    race = rc.load_race(2023, event)
    by_laps = rc.laps(race)
    for lap in range(1, 72):
        on_lap = by_laps.filter(lap=lap).sort("time")["car"].to_list()
        order = rc.order(race, lap=lap).filter(laps_down=0)["car"].to_list()
        assert order == on_lap[: len(order)]


@pytest.mark.parametrize("script", COUNTS)
def test_benchmark_reaches_its_marks(script: str, tmp_path: Path) -> None:
    collected = tmp_path / "marks.jsonl"
    name, *options = script.split()
    subprocess.run(
        [sys.executable, BENCHMARKS / f"{name}.py", *options],
        env=os.environ | {"RACECRAFT_MARKS": str(collected)},
        capture_output=True,
        check=False,
    )
    marks = [json.loads(line) for line in collected.read_text(encoding="utf-8").splitlines()]
    if not marks:
        pytest.skip(ABSENT)
    for mark in marks:
        if mark["unit"] != "s":
            (value,) = mark["values"]
            assert mark["limit"] is None or value <= mark["limit"], mark["what"]
            assert mark["least"] is None or value >= mark["least"], mark["what"]
