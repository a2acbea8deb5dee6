"""Telemetry and positions of every source that has them, packed or plain."""

from __future__ import annotations

import base64
import json
import zlib
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

from own_streams import STARTED, own_session
from racecraft.errors import UnreadableError
from racecraft.model.race import POSITIONS, TELEMETRY
from racecraft.sources.fastf1.telemetry import positions_of
from racecraft.sources.livetiming import archive
from racecraft.sources.livetiming.packed import unpacked
from racecraft.sources.livetiming.stream import read_stream
from racecraft.sources.shared.sample_doubts import sample_doubts

BEGAN = datetime(2023, 6, 4, 13, 3, tzinfo=UTC)  # of day, at lights out
LATE_MS = 700  # until a reading is sent, at least


def packed(said: dict[str, Any]) -> str:
    return base64.b64encode(zlib.compress(json.dumps(said).encode(), wbits=-15)).decode()


def readings(second: float) -> tuple[dict[str, Any], dict[str, Any]]:
    """Messages of both streams about one instant: car 1 at so many metres, and a safety car."""
    utc = (BEGAN + timedelta(seconds=second)).strftime("%Y-%m-%dT%H:%M:%S.%f") + "1Z"
    channels = {"0": 11_000, "2": 200, "3": 7, "4": 104 if second == 3 else 100, "5": 0, "45": 12}
    car = {"Entries": [{"Utc": utc, "Cars": {"1": {"Channels": channels},
                                             "241": {"Channels": channels}}}]}  # fmt: skip
    place = {"Status": "OnTrack", "X": round(second * 555), "Y": -20, "Z": 5}
    at = {"Position": [{"Timestamp": utc, "Entries": {"1": place, "241": place}}]}
    return car, at


def stamp_of(second: float) -> str:
    """Time of day of a clock of the stream, without its zone."""
    return (datetime(2023, 6, 4) + timedelta(seconds=second)).isoformat(timespec="milliseconds")  # noqa: DTZ001


def streams(seconds: np.ndarray) -> dict[str, bytes]:
    """The made session with both packed streams."""
    files = own_session().files()
    lines: dict[str, list[bytes]] = {"CarData.z": [], "Position.z": []}
    for number, second in enumerate(seconds.tolist()):
        clock = STARTED + round(second * 1000) + LATE_MS + 40 * (number % 5)
        hours, rest = divmod(clock, 3_600_000)
        stamp = f"{hours:02d}:{rest // 60_000:02d}:{rest % 60_000 / 1000:06.3f}"
        for name, said in zip(lines, readings(second), strict=True):
            lines[name].append(f'{stamp}"{packed(said)}"'.encode())
    return files | {f"{name}.jsonStream": b"\r\n".join(said) for name, said in lines.items()}


def test_packed_streams_are_read_on_the_clock_of_the_race() -> None:
    race = archive.parse(streams(np.arange(0.0, 20, 0.25)), telemetry=True)
    told, placed = race.telemetry.collect(), race.positions.collect()
    assert told.schema == TELEMETRY.schema
    assert placed.schema == POSITIONS.schema
    assert told["car"].unique().to_list() == placed["car"].unique().to_list()
    assert told.height == placed.height == 80
    seconds = placed["time"].dt.total_microseconds() / 1e6
    # The least that lies between reading and sending is not known; it is taken for none.
    assert (seconds - np.arange(0.0, 20, 0.25) - LATE_MS / 1000).abs().max() < 0.01
    assert (placed["x_m"] / 55.5 - np.arange(0.0, 20, 0.25)).abs().max() < 0.01
    assert told["throttle"].null_count() == 1
    assert set(told["drs"]) == {True}
    doubts = race.doubts.filter(table="telemetry")["reason"].to_list()
    assert any("1 values of throttle" in reason for reason in doubts)


def test_they_are_read_when_somebody_asks_only() -> None:
    race = archive.parse(streams(np.arange(0.0, 5, 0.25)))
    assert race.telemetry is None
    assert race.positions is None
    bare = archive.parse(own_session().files(), telemetry=True)
    assert bare.telemetry is None


def test_broken_messages_are_counted_and_left_out() -> None:
    files = streams(np.arange(0.0, 5, 0.25))
    torn = files["CarData.z.jsonStream"].replace(b'"', b'"AAAA', 1)
    race = archive.parse(files | {"CarData.z.jsonStream": torn}, telemetry=True)
    assert race.telemetry.collect().height == 19
    assert any("1 messages" in why for why in race.doubts["reason"])
    for text in (b"", b"no", b"q64FAA", base64.b64encode(b"junk" * 10)):
        assert unpacked(text) is None


def test_a_recording_has_them_too() -> None:
    lines = [
        repr([name.partition(".")[0], update.data, f"{stamp_of(update.clock / 1000)}Z"])
        for name, raw in own_session().files().items()
        for update in read_stream(name, raw)
    ]
    moment = datetime.fromisoformat(stamp_of(STARTED / 1000))
    for second in np.arange(0.0, 10, 0.25).tolist():
        sent = moment + timedelta(seconds=second)
        stamp = sent.strftime("%Y-%m-%dT%H:%M:%S.%f") + "Z"
        for name, said in zip(("CarData.z", "Position.z"), readings(second), strict=True):
            lines.append(f"['{name}', '{packed(said)}', '{stamp}']")
    race = archive.parse({"recorded.txt": "\n".join(lines).encode()}, telemetry=True)
    placed = race.positions.collect()
    assert placed.height == 40
    assert placed["time"].dt.total_microseconds().to_list()[:2] == [0, 250_000]


def test_positions_of_a_fastf1_session() -> None:
    class Frame(dict[str, Any]):
        columns = property(list)

    hour = np.array([3600, 3601, 3602], "timedelta64[s]")
    frame = Frame(SessionTime=hour, X=[0.0, 10.0, float("nan")], Y=[0.0, 20.0, 1.0],
                  Z=[0.0, 1.0, 1.0])  # fmt: skip
    table = positions_of({"1": frame, "9": frame}, {"1": "VER"}, timedelta(hours=1), "toy")
    assert table["x_m"].to_list() == [1.0]
    assert table["time"].to_list() == [timedelta(seconds=1)]
    with pytest.raises(UnreadableError, match="no column Z"):
        positions_of({"1": Frame({k: v for k, v in frame.items() if k != "Z"})}, {"1": "VER"},
                     timedelta(hours=1), "toy")  # fmt: skip


def test_frozen_channels_and_jumps_are_doubts() -> None:
    seconds = np.arange(0.0, 60, 0.25)
    frozen = (seconds > 10) & (seconds < 16)
    told = pl.DataFrame(
        {
            "car": ["AAA"] * len(seconds),
            "time": pl.Series((seconds * 1e6).astype(np.int64)).cast(pl.Duration("us")),
            "speed_kmh": np.where(frozen, 180.0, 200 + 20 * np.sin(seconds)),
            "throttle": np.where(frozen, 71.0, 50 + 40 * np.sin(seconds)),
            "brake": np.zeros(len(seconds), bool),
        }
    )
    x = np.where(np.arange(len(seconds)) == 100, 9000, seconds * 55)
    placed = POSITIONS.check(told.select("car", "time").with_columns(
        x_m=pl.Series(x), y_m=pl.lit(0.0), z_m=pl.lit(0.0), measured=True
    ))  # fmt: skip
    reasons = sample_doubts(TELEMETRY.check(told), placed)["reason"].to_list()
    assert any("stand still 1 times" in reason for reason in reasons)
    assert any("2 jumps" in reason for reason in reasons)
    calm = sample_doubts(TELEMETRY.check(told.filter(~pl.Series(frozen))), POSITIONS.empty())
    assert calm.is_empty()
