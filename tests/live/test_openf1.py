"""A session as OpenF1 tells it: asked on this machine, or pushed by a broker on it."""

from __future__ import annotations

import json
import socket
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

import racecraft as rc
from racecraft.errors import ArgumentError, NotFoundError, UnreachableError
from racecraft.live import openf1
from racecraft.live.follower import Follower
from racecraft.sources.livetiming import archive
from racecraft.sources.openf1.messages import COLLECTIONS, Rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BEGAN = datetime(2023, 6, 4, 13, tzinfo=UTC)
KEY = 77


def at(seconds: float) -> str:
    return (BEGAN + timedelta(seconds=seconds)).isoformat()


def own_rows(ends: datetime = BEGAN + timedelta(hours=2)) -> dict[str, list[dict[str, Any]]]:
    """Two cars, four laps; HAM passes VER on lap 3 and stays ahead."""
    laps = {1: [100.0, 90.0, 90.5, 91.0], 44: [101.0, 90.5, 88.5, 90.0]}
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in COLLECTIONS}
    rows["meetings"] = [{"meeting_key": 7, "meeting_name": "Toy Grand Prix"}]
    rows["sessions"] = [
        {"session_key": KEY, "meeting_key": 7, "session_type": "Race", "session_name": "Race",
         "date_start": at(-60), "date_end": ends.isoformat(), "country_name": "Toyland"}
    ]  # fmt: skip
    rows["race_control"] = [
        {"date": at(0), "category": "SessionStatus", "message": "SESSION STARTED"},
        {"date": at(200), "category": "SafetyCar", "message": "SAFETY CAR DEPLOYED"},
        {"date": at(210), "category": "Flag", "flag": "CLEAR", "scope": "Track",
         "message": "TRACK CLEAR"},
        {"date": at(380), "category": "SessionStatus", "message": "SESSION FINISHED"},
    ]  # fmt: skip
    for number, code in ((1, "VER"), (44, "HAM")):
        rows["drivers"].append(
            {"driver_number": number, "name_acronym": code, "team_name": f"Team {code}"}
        )
        rows["position"].append(
            {"driver_number": number, "date": at(-30), "position": 1 if number == 1 else 2}
        )
        rows["stints"].append(
            {"driver_number": number, "stint_number": 1, "lap_start": 1, "lap_end": 4,
             "compound": "HARD", "tyre_age_at_start": 3}
        )  # fmt: skip
        begun = 0.0
        for lap, time in enumerate(laps[number], 1):
            rows["laps"].append(
                {"driver_number": number, "lap_number": lap, "date_start": at(begun),
                 "lap_duration": time, "duration_sector_1": 30.0, "duration_sector_2": 30.0,
                 "duration_sector_3": time - 60}
            )  # fmt: skip
            begun += time
    rows["position"] += [
        {"driver_number": 44, "date": at(281), "position": 1},
        {"driver_number": 1, "date": at(281), "position": 2},
    ]
    rows["intervals"] += [
        {"driver_number": 1, "date": at(282), "gap_to_leader": 0.5, "interval": 0.5},
        {"driver_number": 44, "date": at(282), "gap_to_leader": None, "interval": 0.0},
    ]
    return rows


class Api:
    """OpenF1 on this machine."""

    def __init__(self, rows: dict[str, list[dict[str, Any]]], status: int = 200) -> None:
        self.asked: list[str] = []
        self.tokens: set[str | None] = set()
        api = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                name = parts.path.rpartition("/")[2]
                api.asked.append(self.path)
                api.tokens.add(self.headers.get("Authorization"))
                since = parse_qs(parts.query).get("date>", [""])[0]
                found = [row for row in rows[name] if not since or row.get("date", "") >= since]
                self.send_response(status if found else 404)
                self.end_headers()
                said = found or {"detail": "No results found."}
                self.wfile.write(json.dumps(said).encode())

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1"

    def __enter__(self) -> Api:
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture(autouse=True)
def no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(openf1.TOKEN, raising=False)


def test_a_session_that_is_over_is_told_at_once() -> None:
    with Api(own_rows()) as api:
        follower = Follower()
        told = [
            event
            for message in openf1.follow("77", base_url=api.url)
            if message is not None
            for event in follower.take(message)
        ]
    race = follower.race()
    assert (race.season, race.name, race.session) == (2023, "Toy Grand Prix", "race")
    assert rc.order(race)["car"].to_list() == ["HAM", "VER"]
    assert rc.overtakes(race).select("lap", "passer").rows() == [(3, "HAM")]
    assert [event.cars for event in told if event.kind == "pass"] == [("HAM", "VER")]
    assert {event.facts.get("flag") for event in told} >= {"SC", "green"}
    assert api.tokens == {None}


def test_a_session_under_way_is_asked_again_for_what_is_new(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(openf1.TOKEN, "mine")
    whole = own_rows(ends=datetime.now(UTC) + timedelta(hours=1))
    rows = {name: list(each) for name, each in whole.items()}
    late = rows["laps"].pop()
    with Api(rows) as api:
        follower = Follower()
        for message in openf1.follow("77", base_url=api.url, broker=None, again_s=0.01):
            if message is not None:
                follower.take(message)
            elif late not in rows["laps"]:
                assert follower.race().crossings.filter(lap=4, car="HAM").is_empty()
                rows["laps"].append(late)
            elif not follower.race().crossings.filter(lap=4, car="HAM").is_empty():
                break
    assert api.tokens == {"Bearer mine"}
    assert any("date%3E=" in asked for asked in api.asked)


def test_rows_that_come_again_say_nothing() -> None:
    rows, taken = own_rows(), Rows()
    first = [m for name in COLLECTIONS for row in rows[name] for m in taken.take(name, row)]
    assert len(first) > 20
    assert not [m for name in COLLECTIONS for row in rows[name] for m in taken.take(name, row)]


@pytest.mark.parametrize("junk", [{}, {"driver_number": "x"}, {"date": 3, "driver_number": 1},
    {"driver_number": 1, "lap_number": 2, "date_start": "now"}])  # fmt: skip
def test_rows_that_make_no_sense_say_nothing(junk: dict[str, Any]) -> None:
    for name in COLLECTIONS:
        assert Rows().take(name, junk) == []


def test_a_refusal_is_one_error() -> None:
    with Api(own_rows(), status=401) as api, pytest.raises(UnreachableError) as told:
        list(openf1.follow("latest", base_url=api.url))
    assert openf1.TOKEN in told.value.hint


def test_a_session_that_is_not_there_is_one_error() -> None:
    rows = own_rows()
    rows["sessions"] = []
    with Api(rows) as api, pytest.raises(NotFoundError, match="no session 5"):
        list(openf1.follow("5", base_url=api.url))
    with pytest.raises(ArgumentError, match="--openf1"):
        list(openf1.follow("monza"))


def test_rows_are_pushed_to_who_has_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("paho.mqtt.client")
    monkeypatch.setenv(openf1.TOKEN, "mine")
    rows = own_rows(ends=datetime.now(UTC) + timedelta(hours=1))
    late = [("laps", rows["laps"].pop()), ("laps", {"nonsense": True})]
    with Api(rows) as api, broker(late) as (address, passwords):
        follower = Follower()
        for message in openf1.follow("77", base_url=api.url, broker=address):
            if message is not None:
                follower.take(message)
            elif not follower.race().crossings.filter(lap=4, car="HAM").is_empty():
                break
    assert passwords == [b"mine"]


class broker:  # noqa: N801
    """A broker that speaks as much of MQTT as one subscriber needs."""

    def __init__(self, rows: list[tuple[str, dict[str, Any]]]) -> None:
        self.rows, self.passwords = rows, list[bytes]()
        self.listening = socket.create_server(("127.0.0.1", 0))

    def __enter__(self) -> tuple[tuple[str, int], list[bytes]]:
        threading.Thread(target=self._serve, daemon=True).start()
        return self.listening.getsockname(), self.passwords

    def __exit__(self, *_: object) -> None:
        self.listening.close()

    def _serve(self) -> None:
        line, _ = self.listening.accept()
        with line:
            for kind, body in self._packets(line):
                if kind == 1:  # connect: the password comes last
                    self.passwords.append(body.rpartition(b"\x00\x04")[2])
                    line.sendall(b"\x20\x02\x00\x00")
                elif kind == 8:  # subscribe
                    line.sendall(b"\x90" + bytes([2 + len(COLLECTIONS)]) + body[:2]
                                 + b"\x00" * len(COLLECTIONS))  # fmt: skip
                    for name, row in self.rows:
                        topic = f"v1/{name}".encode()
                        said = len(topic).to_bytes(2) + topic + json.dumps(row).encode()
                        size = bytes([len(said) % 128 | 128, len(said) // 128])
                        line.sendall(b"\x30" + size + said)

    @staticmethod
    def _packets(line: socket.socket) -> Iterator[tuple[int, bytes]]:
        stream = line.makefile("rb")
        while first := stream.read(1):
            size = shift = 0
            while True:
                byte = stream.read(1)[0]
                size |= (byte & 127) << shift
                shift += 7
                if byte < 128:
                    break
            yield first[0] >> 4, stream.read(size)


def test_the_real_sprint_is_told_as_by_the_archive(shared: Path) -> None:
    folder = shared / "data" / "openf1" / "2025_miami_sprint"
    taken, follower = Rows(), Follower()
    messages = [
        message
        for name in COLLECTIONS
        for row in json.loads((folder / f"{name}.json").read_text())
        for message in taken.take(name, row)
    ]
    for message in sorted(messages, key=lambda message: message.moment):
        follower.take(message)
    [stored] = (shared / "data" / "livetiming").glob("*Miami*")
    whole, race = archive.parse(archive.fetch(stored)), follower.race()
    assert rc.order(race)["car"].to_list() == rc.order(whole)["car"].to_list()
    both = (
        rc.gaps(race)
        .filter(line="Line")
        .join(rc.gaps(whole), on=["car", "lap", "line"], suffix="_w")
    )
    off = (both["gap"] - both["gap_w"]).abs().dt.total_milliseconds()
    assert (off < 100).mean() > 0.95
