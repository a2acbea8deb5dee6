"""TracingInsights: laps added up from lights out, telemetry with positions, odd cells."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from racecraft.analysis.order.overtakes import overtakes
from racecraft.errors import NotFoundError, UnreadableError
from racecraft.sources.registry import source
from racecraft.sources.tracinginsights import session
from stub_server import Answer, stub

if TYPE_CHECKING:
    from pathlib import Path

    from racecraft.model.race import Race


def laps(*times: Any, **more: list[Any]) -> dict[str, Any]:
    count = len(times)
    return {
        "time": list(times), "lap": [float(n) for n in range(1, count + 1)],
        "s1": ["None", *[30.0] * (count - 1)], "s2": [30.0] * count, "s3": [29.0] * count,
        "compound": ["SOFT"] * count, "stint": [1] * count, "life": list(range(1, count + 1)),
        "pos": [1] * count, "status": ["1"] * count, **more,
    }  # fmt: skip


def lap_one(time_s: float) -> dict[str, Any]:
    return {"tel": {
        "time": [0.0, time_s - 0.5, time_s], "speed": [0.0, 180.0, 180.0],
        "distance": [0.0, 4950.0, 4975.0], "rel_distance": [0.0, 0.99, 0.995],
        "x": [0.0, 10.0, 20.0], "y": [0, "None", 5], "z": [1, 1, 1], "gear": [1, 9, 8],
        "throttle": [10.0, 100.0, 104.0], "brake": [0, 0, 1], "drs": [0, 12, 0],
    }}  # fmt: skip


def files(**changes: Any) -> dict[str, bytes]:
    told = {
        "drivers.json": {"drivers": [{"driver": "VER", "team": "Red Bull"}, {"driver": "HAM"}]},
        "corners.json": {"CornerNumber": [1, 2], "Distance": [350.0, None]},
        "VER/laptimes.json": laps("None", 89.0, 89.0),
        "VER/1_tel.json": lap_one(95.0),
        "HAM/laptimes.json": laps("None", 88.5, 88.5, compound=["SOFT", "HARD", "HARD"]),
        "HAM/1_tel.json": lap_one(95.4),
        **changes,
    }
    return {name: json.dumps(value).encode() for name, value in told.items() if value is not None}


def parsed(told: dict[str, bytes]) -> Race:
    return session.parse(told, season=2025, event="Toy Grand Prix", session="race")


def test_laps_are_added_up_from_lights_out() -> None:
    race = parsed(files())
    line = race.crossings.filter(car="VER", line="Line")["time"]
    assert [t / timedelta(seconds=1) for t in line] == pytest.approx([95.0, 184.0, 273.0])
    assert race.crossings.filter(car="HAM", lap=2, line="S1")["time"].item() == timedelta(
        seconds=95.4 + 30
    )
    assert race.pit_visits["car", "lap"].rows() == [("HAM", 1)]
    assert race.corners.rows() == [("1", 350.0, None, None)]
    assert race.doubts["reason"].str.contains("lap 1 is not timed").sum() == 2


def test_what_was_measured_is_on_the_same_clock_and_what_cannot_be_is_unknown() -> None:
    race = parsed(files())
    assert race.telemetry is not None
    samples = race.telemetry.filter(car="VER").collect()
    placed = race.positions.filter(car="VER").collect()
    assert placed["x_m"].to_list() == [0.0, 2.0]
    assert placed["y_m"].to_list() == [0.0, 0.5]
    assert samples["gear"].to_list() == [1, None, 8]
    assert samples["throttle"].to_list() == [10.0, 100.0, None]
    assert samples["drs"].to_list() == [False, True, False]


def test_samples_of_one_lap_that_cannot_be_read_are_a_doubt() -> None:
    race = parsed({**files(), "VER/3_tel.json": b'{"tel": {"time": [0.0, 1.'})
    [reason] = race.doubts.filter(table="telemetry", car="VER", lap=3)["reason"]
    assert reason == "what was measured on this lap cannot be read: left out"
    assert race.crossings.equals(parsed(files()).crossings)
    with pytest.raises(UnreadableError, match=r"^VER/laptimes\.json"):
        parsed({**files(), "VER/laptimes.json": b'{"time": ['})


def test_after_a_lap_without_a_time_the_clock_is_lost() -> None:
    told = laps("None", "None", 89.0, s1=["None"] * 3)
    race = parsed(files(**{"VER/laptimes.json": told}))
    assert race.crossings.filter(car="VER", line="Line")["lap"].to_list() == [1]


@pytest.mark.parametrize(
    "changes",
    [
        {"VER/laptimes.json": []}, {"VER/laptimes.json": {}}, {"VER/laptimes.json": {"lap": [1]}},
        {"VER/1_tel.json": None, "HAM/1_tel.json": None}, {"VER/1_tel.json": 7},
    ],
)  # fmt: skip
def test_what_is_no_session_is_one_error(changes: dict[str, Any]) -> None:
    with pytest.raises(UnreadableError):
        parsed(files(**changes))


def test_the_repository_of_a_season_is_asked_file_by_file() -> None:
    told = files()

    def answer(path: str, _: int) -> Answer:
        name = path.removeprefix("/2025/main/Toy%20Grand%20Prix/Race/")
        return Answer(told[name]) if name in told else Answer(status=404)

    with stub(answer) as server:
        found = session.fetch_repository(
            2025, "Toy Grand Prix", "race", telemetry=False, progress=None, sites=(server.url,)
        )
        assert found == told
        with pytest.raises(NotFoundError, match="no sprint of the Toy Grand Prix"):
            session.fetch_repository(
                2025, "Toy Grand Prix", "sprint", telemetry=False, progress=None,
                sites=(server.url,),
            )  # fmt: skip


def test_zandvoort_2025_passes_are_where_they_were_published(shared: Path) -> None:
    folder = shared / "data" / "telemetry" / "2025 Dutch Grand Prix"
    asked = {"where": str(folder), "event": None, "season": None, "session": None,
             "telemetry": True}  # fmt: skip
    told = source("tracinginsights")
    (race,) = told.parse(told.fetch(asked, None), asked)
    assert (race.season, race.name, race.session) == (2025, "Dutch Grand Prix", "race")
    line = race.crossings.filter(line="Line", lap=72).sort("time")
    assert line["car"].to_list()[:3] == ["PIA", "VER", "HAD"]
    gap = (line["time"][1] - line["time"][0]) / timedelta(seconds=1)
    assert gap == pytest.approx(1.271, abs=0.0005)  # as published
    passes = overtakes(race, kind="on_track").filter(pl.col("lap") == 9)
    assert ("NOR", "VER") in passes["passer", "passed"].rows()
    assert race.positions is not None
    assert race.positions.select(pl.col("measured").mean()).collect().item() == pytest.approx(
        0.5, abs=0.1
    )
