"""Recordings of the live timing: two kinds, broken lines, and what a race needs."""

from __future__ import annotations

import json
import runpy
import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from own_streams import own_session
from racecraft.errors import UnreadableError
from racecraft.sources.livetiming import archive
from racecraft.sources.livetiming.recording import is_recording, read_recording
from racecraft.sources.livetiming.stream import read_stream

if TYPE_CHECKING:
    from pathlib import Path

BEGAN = datetime(2023, 6, 4, 13, 0)  # noqa: DTZ001  the zone is in the text
KINDS = ("python", "list", "object")


def recorded(files: dict[str, bytes], kind: str = "python") -> list[str]:
    """Lines of a recording of what an archive holds."""
    messages = [
        (update.clock, name.partition(".")[0], update.data)
        for name, raw in files.items()
        for update in read_stream(name, raw)
    ]
    lines = []
    for clock, name, data in sorted(messages, key=lambda m: m[0]):
        at = (BEGAN + timedelta(milliseconds=clock)).isoformat(timespec="milliseconds")
        if kind == "object":
            lines.append(json.dumps({"Type": name, "Json": data, "DateTime": f"{at}+00:00"}))
        else:
            said = [name, data, f"{at}Z"]
            lines.append(json.dumps(said) if kind == "list" else repr(said))
    return lines


def parsed(lines: list[str], name: str = "recorded.txt") -> archive.Race:
    return archive.parse({name: "\n".join(lines).encode()})


@pytest.mark.parametrize("kind", KINDS)
def test_a_recording_says_what_the_archive_says(kind: str) -> None:
    files = own_session().files()
    one, other = archive.parse(files), parsed(recorded(files, kind))
    assert other.crossings.equals(one.crossings)
    assert other.lap_chart.equals(one.lap_chart)
    assert other.doubts.equals(one.doubts)


def test_broken_lines_are_counted_and_doubted() -> None:
    lines = recorded(own_session().files())
    whole = parsed(lines)
    broken = [*lines, "['CarData.z', ]", '"whatever"', "['TimingData', {'Lines': {'1'", "\x00\xff"]
    told = parsed(broken)
    assert told.crossings.equals(whole.crossings)
    [reason] = set(told.doubts["reason"]) - set(whole.doubts["reason"])
    assert reason.startswith(f"3 of {len(broken)} lines of the recording are broken")


def test_a_message_that_came_twice_counts_once() -> None:
    lines = recorded(own_session().files())
    assert parsed([line for line in lines for _ in range(2)]).crossings.equals(
        parsed(lines).crossings
    )


def test_a_recording_that_begins_during_the_race_says_so() -> None:
    lines = recorded(own_session().files())
    started = next(n for n, line in enumerate(lines) if "Started" in line)
    before = [
        line for line in lines[:started] if "TimingData" not in line and "SessionStatus" not in line
    ]
    now = f"{(BEGAN + timedelta(milliseconds=200_000)).isoformat(timespec='milliseconds')}Z"
    joined = [f"{line.rpartition(', ')[0]}, '{now}']" for line in [*before, lines[started]]]
    late = [line for line in lines[started + 1 :] if line.rpartition(", ")[2] > f"'{now}"]
    race = parsed([*joined, *late])
    assert race.clock == "session"
    assert any("begins during the race" in reason for reason in race.doubts["reason"])


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"lap,driver\n1,VER", b"\x00" * 99, b"[]\n{}\n1"]
)
def test_what_is_no_recording_is_one_error(content: bytes) -> None:
    with pytest.raises(UnreadableError, match="no message of the live timing"):
        read_recording("x.txt", content, archive.NEEDED)


@given(st.binary(max_size=300))
def test_no_bytes_break_it(content: bytes) -> None:
    is_recording(content)
    try:
        read_recording("x.txt", content, archive.NEEDED)
    except UnreadableError as error:
        assert error.facts["file"] == "x.txt"  # noqa: PT017


def test_a_file_that_lacks_a_stream_says_which(shared: Path) -> None:
    for file in ("live/fastf1_with_errors.txt", "odd/recorded.txt"):
        with pytest.raises(UnreadableError, match="a recording without SessionInfo"):
            archive.parse(archive.fetch(shared / "data" / file))


def test_a_real_session_as_a_client_would_have_saved_it(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = next((shared / "data" / "livetiming").glob("*Miami*"))
    monkeypatch.setattr(sys, "argv", ["make_live.py", str(folder), str(tmp_path)])
    runpy.run_path(str(shared / "tools" / "make_live.py"))
    whole = archive.parse(archive.fetch(folder))
    for name in ("fastf1.txt", "undercut_live.txt"):
        race = archive.parse(archive.fetch(tmp_path / name))
        assert race.crossings.equals(whole.crossings)
        assert race.messages.equals(whole.messages)
