"""Telemetry: its cost for those who do not ask for it, corners named rightly, gaps by position."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
from harness import Mark, shared, show

from racecraft.analysis.order.timing import timing
from racecraft.analysis.telemetry.corner_words import corner_words
from racecraft.analysis.telemetry.corners import corners
from racecraft.model.race import TELEMETRY, Race
from racecraft.sources.registry import source
from racecraft.sources.sample.sample import sample_race, sample_season
from racecraft.store.store import Store

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from own_positions import gap_errors
from own_telemetry import MARKERS, TOP_KMH, Lap, measured_race

RUNS = 9
EVENT = "sao-paulo-grand-prix"
SAMPLE_S = 0.24
CORNERS = 15

# Made races of two cars whose drivers vary, one of whom comes out of Turn 3 late on some laps.
RACES, LAPS = 24, 30
LATE_LAPS, LATE_M = (8, 14, 20, 26), 25.0
VARIES_KMH, VARIES_M, VARIES_TOP_KMH = 2.0, 6.0, 1.5


def main() -> list[Mark]:
    race = sample_race(EVENT)
    with tempfile.TemporaryDirectory() as folder:
        stores = {name: Store(Path(folder) / name) for name in ("without", "with")}
        for name, store in stores.items():
            store.add_season(sample_season())
            store.add_race(race if name == "without" else _measured(race))
        file = next((Path(folder) / "with").rglob("telemetry.*.parquet"))
        size_mb = file.stat().st_size / 1e6
        took = {name: [] for name in stores}
        for _ in range(RUNS):  # in turn, so that a busy moment hits both
            for name, store in stores.items():
                took[name].append(_told(store))
        asked = [_asked(stores["with"]) for _ in range(3)]
    ratio = tuple(b / a for a, b in zip(took["without"], took["with"], strict=True))
    return [
        Mark("racecraft race, with telemetry stored, as a share of without", ratio, unit="",
             limit=1.1, note=f"{size_mb:.1f} MB of telemetry; {np.median(took['with']):.2f} s"),
        Mark("corners of two drivers on a lap, read and measured", tuple(asked)),
        *_named(),
        *_by_position(),
    ]  # fmt: skip


def _by_position() -> list[Mark]:
    """Gaps of consecutive cars at the timing lines by their positions, against the timed ones.

    The windows over which positions are smoothed were chosen on these laps.
    """
    public = shared()
    if public is None:
        return []
    folder = public / "data" / "telemetry" / "2025 Dutch Grand Prix"
    asked = {"where": str(folder), "event": None, "season": None, "session": None,
             "telemetry": True}  # fmt: skip
    told = source("tracinginsights")
    (race,) = told.parse(told.fetch(asked, None), asked)
    marks = []
    for words, alone, lines in (
        ("by positions alone", True, ("S1", "S2", "Line")),
        ("by positions and the other lines", False, ("S1", "S2")),
    ):
        off = np.abs(np.concatenate([gap_errors(race, line, alone=alone) for line in lines]))
        for name, share in (("median", 50), ("95th percentile", 95)):
            value = float(np.percentile(off, share))
            marks.append(Mark(f"gaps {words}, off timed ones: {name}", (value,), limit=0.1,
                              note=f"{len(off)} gaps, Zandvoort 2025"))  # fmt: skip
    return marks


def _named() -> list[Mark]:
    """How often the corner is named where one was, and where none was."""
    chance = np.random.default_rng(0)
    right, wrong, idle = [], [], []
    for _ in range(RACES):
        laps = {name: [_lap(chance) for _ in range(LAPS)] for name in ("AAA", "BBB")}
        for late in LATE_LAPS:
            laps["AAA"][late - 1].opens_later_m["3"] += LATE_M
        race = measured_race(laps, wait_s={"AAA": 0.0, "BBB": 20.0})
        at = timing(race)
        for car, driver in enumerate(laps):
            for lap in range(3, LAPS + 1):
                begin, end = at.begun[lap - 1, car], at.at_line[lap - 1, car]
                if driver == "AAA" and lap in LATE_LAPS:
                    words = corner_words(race, driver, lap, begin, end, lost=True)
                    right.append("Turn 3" in words)
                    wrong.append(bool(words) and not right[-1])
                else:
                    third = begin + (end - begin) / 3
                    idle.append(bool(corner_words(race, driver, lap, begin, third, lost=True)))
    return [
        Mark("late throttles whose corner is named", (float(np.mean(right)),), unit="", least=0.75,
             note=f"{len(right)} laps, {LATE_M:g} m late"),
        Mark("late throttles told of another corner", (float(np.mean(wrong)),), unit="",
             limit=0.1),
        Mark("thirds of ordinary laps that name a corner", (float(np.mean(idle)),), unit="",
             limit=0.15, note=f"{len(idle)} laps"),
    ]  # fmt: skip


def _lap(chance: np.random.Generator) -> Lap:
    return Lap(
        opens_later_m={name: chance.normal(0, VARIES_M) for name in MARKERS},
        slower_kmh={name: chance.normal(0, VARIES_KMH) for name in MARKERS},
        top_kmh=TOP_KMH + chance.normal(0, VARIES_TOP_KMH),
    )


def _told(store: Store) -> float:
    command = [sys.executable, "-m", "racecraft", "race", "2023", "brazil"]
    began = time.perf_counter()
    subprocess.run(
        command, env=os.environ | {"RACECRAFT_STORE": str(store.folder)}, check=True,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return time.perf_counter() - began


def _asked(store: Store) -> float:
    race = store.load_race(2023, EVENT)
    began = time.perf_counter()
    corners(race, laps=[71], drivers=["PER", "ALO"])
    return time.perf_counter() - began


def _measured(race: Race) -> Race:
    """The race with samples that look like some, at speeds that add up to five kilometres a lap."""
    chance = np.random.default_rng(1)
    last = race.crossings["time"].max()
    when = np.arange(0, last.total_seconds() + 5, SAMPLE_S)
    speed = 210 + 80 * np.sin(when / 7)
    tables = [
        pl.DataFrame(
            {
                "time": pl.Series((when * 1e6).astype(np.int64)).cast(pl.Duration("us")),
                "speed_kmh": np.round(speed + chance.normal(0, 3, len(when))),
                "throttle": chance.integers(0, 101, len(when)),
                "brake": chance.random(len(when)) < 0.2,
                "gear": chance.integers(1, 9, len(when)),
                "drs": chance.random(len(when)) < 0.1,
            }
        ).with_columns(car=pl.lit(driver))
        for driver in race.entries["car"]
    ]
    marks = pl.DataFrame(
        {
            "corner": [str(n + 1) for n in range(CORNERS)],
            "distance_m": np.linspace(200, 4000, CORNERS),
        }
    )
    return replace(race, telemetry=TELEMETRY.check(pl.concat(tables)).lazy(), corners=marks)


if __name__ == "__main__":
    sys.exit(show(main()))
