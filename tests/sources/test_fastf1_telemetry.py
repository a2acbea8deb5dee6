"""Telemetry and corners of a FastF1 session, on frames of our own."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest

from own_session import HOUR, session
from own_telemetry import MARKERS, Lap, drive
from racecraft.analysis.telemetry.corners import corners
from racecraft.errors import UnreadableError
from racecraft.model.race import TELEMETRY
from racecraft.sources.fastf1.session import fetch_corners, parse
from racecraft.store.importing import add, add_source
from racecraft.store.store import Store

if TYPE_CHECKING:
    from pathlib import Path

LAPS = 3


class Frame(dict[str, Any]):
    """As much of a pandas frame as is read of one: columns of arrays."""

    @property
    def columns(self) -> list[str]:
        return list(self)

    def __len__(self) -> int:
        return max(map(len, self.values()), default=0)


def car(phase_s: float = 0.0) -> tuple[list[float], Frame]:
    """Times at the Line and car data of three laps, on a clock of one hour at lights out."""
    line, samples = drive([Lap()] * LAPS, 0.0, phase_s)
    hour = timedelta(seconds=HOUR)
    frame = Frame(
        SessionTime=samples.select(pl.col("time") + hour).to_series().to_numpy(),
        Speed=samples["speed_kmh"].to_numpy(),
        Throttle=samples["throttle"].to_numpy(),
        Brake=samples["brake"].to_numpy(),
        nGear=samples["gear"].to_numpy(),
        DRS=np.where(np.arange(len(samples)) % 2, 12, 8),
    )
    return line, frame


def laps_frame(line: list[float]) -> dict[str, list[Any]]:
    clock = [timedelta(seconds=HOUR + t) for t in [0.0, *line]]
    return {
        "Time": clock[1:], "LapStartTime": clock[:-1], "Driver": ["VER"] * LAPS,
        "DriverNumber": ["1"] * LAPS, "LapNumber": [1.0, 2.0, 3.0],
        "LapTime": [b - a for a, b in pairwise(clock)],
    }  # fmt: skip


class Listed(Frame):
    def __getitem__(self, name: str) -> Any:
        cells = super().__getitem__(name)
        return SimpleNamespace(tolist=lambda: list(cells))


CORNERS = Listed(
    Number=[1, 2, 3, 4, 5, 6, 6], Letter=["", "", "", "", "", "", "B"],
    Distance=[*MARKERS.values(), float("nan")],
)  # fmt: skip


def measured(**changed: Any) -> SimpleNamespace:
    """Session of one car, some channels of its car data replaced; 99 is the safety car, say."""
    line, frame = car()
    data = {"1": Frame({**frame, **changed}), "99": frame}
    return session(laps=Listed(laps_frame(line)), results=..., car_data=data)


def test_what_cars_measured_is_since_lights_out() -> None:
    race = parse(measured(), corners=CORNERS)
    assert race.telemetry is not None
    table = race.telemetry.collect()
    assert table.schema == TELEMETRY.schema
    assert table["car"].unique().to_list() == ["VER"]
    assert table["time"][0] == timedelta(seconds=-2)
    assert table["drs"].head(2).to_list() == [False, True]
    assert race.corners["corner"].to_list() == list(MARKERS)
    assert race.doubts.filter(table="corners").is_empty()


def test_corners_can_be_told_from_it() -> None:
    table = corners(parse(measured(), corners=CORNERS), laps=[2], drivers=["VER"])
    assert table["corner"].to_list() == list(MARKERS)
    assert table["slowest_kmh"].to_list() == pytest.approx([110, 150, 90, 180, 130, 100], abs=3)


def test_readings_that_are_none_are_unknown() -> None:
    _, frame = car()
    throttle = frame["Throttle"].astype(float)
    throttle[:3] = [104.0, -1.0, np.nan]
    race = parse(measured(Throttle=throttle, DRS=np.full(len(throttle), np.nan)), corners=CORNERS)
    assert race.telemetry is not None
    table = race.telemetry.collect()
    assert table["throttle"].head(3).null_count() == 3
    assert table["drs"].null_count() == table.height


def test_without_corners_it_is_a_doubt() -> None:
    race = parse(measured())
    assert race.telemetry is not None
    assert race.doubts.filter(table="corners").height == 1


@pytest.mark.parametrize("data", [..., None, {}])
def test_without_telemetry_there_is_none(data: Any) -> None:
    made = measured()
    made.car_data = data
    if data is ...:
        del made.car_data
    assert parse(made).telemetry is None


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("Speed", ["fast"] * 9, "car data of 1, Speed: .*expected numbers"),
        ("SessionTime", ["then"] * 9, "car data of 1, SessionTime: .*expected durations"),
    ],
)
def test_bad_channels_are_named(column: str, value: Any, said: str) -> None:
    with pytest.raises(UnreadableError, match=said):
        parse(measured(**{column: value}))
    lacking = measured()
    del lacking.car_data["1"][column]
    with pytest.raises(UnreadableError, match=f"car data of 1: no column {column}"):
        parse(lacking)


def test_corners_that_are_none() -> None:
    with pytest.raises(UnreadableError, match="corners: no column Number"):
        parse(measured(), corners=Listed(Distance=[1.0]))
    for info in (None, OSError("no route to host")):

        def get(info: Any = info) -> Any:
            if isinstance(info, Exception):
                raise info
            return info

        assert fetch_corners(SimpleNamespace(get_circuit_info=get)) is None  # type: ignore[arg-type]
    told = SimpleNamespace(get_circuit_info=lambda: SimpleNamespace(corners=CORNERS))
    assert fetch_corners(told) is CORNERS  # type: ignore[arg-type]


def test_the_store_keeps_it_and_reads_it_when_it_is_asked_for(tmp_path: Path) -> None:
    race = parse(measured(), corners=CORNERS)
    assert race.telemetry is not None
    store = Store(tmp_path, sample=False)
    assert add(store, [race])["outcome"].to_list() == ["added"]
    assert add(store, [race])["outcome"].to_list() == ["unchanged"]
    back = store.load_race(2023, "sao paulo")
    assert back.corners.equals(race.corners)
    assert back.telemetry is not None
    assert back.telemetry.collect().equals(race.telemetry.collect())
    count = store.sql("select count(*) as n from telemetry")["n"].item()
    assert count == race.telemetry.collect().height
    assert store.verify().is_empty()

    [file] = tmp_path.rglob("telemetry.*.parquet")
    file.write_bytes(b"something else")
    spoilt = store.load_race(2023, "sao paulo")  # not read yet
    with pytest.raises(UnreadableError, match="not those stored"):
        spoilt.telemetry.collect()  # type: ignore[union-attr]
    file.unlink()
    with pytest.raises(UnreadableError, match="gone"):
        spoilt.telemetry.collect()  # type: ignore[union-attr]
    assert store.verify().height == 1


def test_adding_asks_for_telemetry_only_when_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def fetch(*_: object, telemetry: bool) -> SimpleNamespace:
        asked.append(telemetry)
        made = measured()
        made.get_circuit_info = lambda: SimpleNamespace(corners=CORNERS)
        return made

    monkeypatch.setattr("racecraft.sources.fastf1.session.fetch", fetch)
    store, sunday = Store(tmp_path), {"season": 2023, "event": "20"}
    add_source(store, "fastf1", sunday)
    assert Store(tmp_path, sample=False).load_race(2023, 20).corners.is_empty()
    add_source(store, "fastf1", sunday | {"telemetry": True})
    assert asked == [False, True]
    told = Store(tmp_path, sample=False).load_race(2023, 20).corners
    assert told["corner"].to_list() == list(MARKERS)


def test_telemetry_of_the_real_library() -> None:
    core = pytest.importorskip("fastf1.core", reason="FastF1 is not installed")
    made = measured()
    made.car_data["1"] = core.Telemetry(dict(made.car_data["1"]))
    table = parse(made, corners=CORNERS).telemetry
    wanted = parse(measured(), corners=CORNERS).telemetry
    assert table is not None
    assert wanted is not None
    assert table.collect().equals(wanted.collect())
