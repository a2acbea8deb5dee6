from __future__ import annotations

import sys
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

import racecraft as rc
from own_session import Frame, laps, results, session, table
from racecraft.errors import ArgumentError, NotFoundError, UnreachableError, UnreadableError
from racecraft.sources.fastf1.session import fetch, parse

if TYPE_CHECKING:
    from pathlib import Path


def test_the_laps_become_a_race() -> None:
    race = parse(session())
    assert (race.season, race.round, race.event) == (2023, 20, "sao-paulo-grand-prix")
    assert (race.session, race.clock, race.source) == ("race", "lights_out", "fastf1")
    assert race.crossings.filter(car="VER", line="Line")["time"].to_list() == [
        timedelta(seconds=90),
        timedelta(seconds=180),
        timedelta(seconds=275),
    ]
    assert race.lines["line"].to_list() == ["S1", "S2", "Line"]
    assert race.tyres["car", "compound", "new"].rows() == [
        ("HAM", "soft", True),
        ("VER", "soft", True),
    ]


def test_entries_of_the_results_too() -> None:
    race = parse(session())
    assert race.entries["car", "number", "team", "grid", "pit_lane_start"].rows() == [
        ("VER", "1", "Red Bull", 1, False),
        ("HAM", "44", "Mercedes", None, False),
        ("LEC", "16", "Ferrari", 2, None),
    ]


def test_the_gap_of_the_results_becomes_a_race_time() -> None:
    race = parse(session())
    assert race.classification["order", "car", "position", "position_text", "time"].rows() == [
        (1, "VER", 1, "1", timedelta(seconds=275)),
        (2, "HAM", 2, "2", timedelta(seconds=277)),
        (3, "LEC", None, "W", None),
    ]


def test_track_status_is_told_since_lights_out() -> None:
    race = parse(session())
    assert race.control["from", "to", "state"].rows() == [
        (timedelta(seconds=100), timedelta(seconds=150), "SC"),
        (timedelta(seconds=200), None, "yellow"),
    ]


def test_messages_have_times_only_with_the_telemetry() -> None:
    without = parse(session())
    assert without.messages["lap", "car", "text"].rows() == [
        (2, None, "SAFETY CAR DEPLOYED"),
        (None, "HAM", "CAR 44 NOTED"),
    ]
    assert without.messages["time"].null_count() == 2
    assert without.doubts.filter(table="messages").height == 1
    zero = datetime(2023, 11, 5, 16, 0)  # noqa: DTZ001 - as FastF1 has it
    within = parse(session(t0_date=zero))
    assert within.messages["time"].to_list() == [timedelta(seconds=100), timedelta(seconds=120)]
    assert within.doubts.filter(table="messages").is_empty()


def test_what_was_not_loaded_is_unknown() -> None:
    race = parse(session(results=..., track_status=..., race_control_messages=..., t0_date=...))
    assert race.classification.is_empty()
    assert race.messages.is_empty()
    assert race.entries["car"].to_list() == ["HAM", "VER"]


def test_a_sprint_and_what_is_none() -> None:
    assert parse(session(name="Sprint")).session == "sprint"
    for name in ("Sprint Qualifying", "Qualifying", "Practice 1"):
        with pytest.raises(ArgumentError, match="is no race"):
            parse(session(name=name))


def test_a_lap_without_an_end_is_left_out_in_doubt() -> None:
    rows = laps()
    rows[-1]["Time"] = None
    race = parse(session(laps=Frame(table(rows))))
    assert race.crossings.filter(car="HAM")["lap"].max() == 2
    assert race.doubts.filter(car="HAM")["lap"].to_list() == [3]


def bad(part: str, column: str, value: Any) -> SimpleNamespace:
    rows = {"laps": laps, "results": results}[part]()
    frame = table(rows)
    frame[column] = [value, *frame[column][1:]]
    return session(**{part: Frame(frame)})


@pytest.mark.parametrize(
    ("part", "column", "value", "said"),
    [
        ("laps", "Time", 90.0, "laps, row 0, Time: '90.0'; expected a duration"),
        ("laps", "LapTime", timedelta(seconds=-1), "laps, row 0, LapTime: '-1 day, 23:59:59'; exp"),
        ("laps", "FreshTyre", "perhaps", "FreshTyre: 'perhaps'; expected true or false"),
        ("results", "Points", "many", "results, row 0, Points: 'many'; expected a number"),
        ("results", "Abbreviation", "HAM", "two rows for car HAM"),
    ],
)
def test_bad_cells_are_named(part: str, column: str, value: Any, said: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        parse(bad(part, column, value))
    assert said in caught.value.message
    assert caught.value.message.startswith("fastf1 2023 São Paulo Grand Prix race")


def test_sessions_that_are_none() -> None:
    with pytest.raises(UnreadableError, match="no column Driver"):
        parse(session(laps=Frame(Time=[timedelta(1)], LapNumber=[1.0])))
    for missing in (..., None, Frame(table(laps()[:0]) | {"Time": [], "Driver": []})):
        with pytest.raises(UnreadableError, match=r"no laps|no column"):
            parse(session(laps=missing))
    with pytest.raises(UnreadableError, match=r"event: .*expected EventDate"):
        parse(session(event={"EventName": "Nowhere"}))


def test_without_the_library_the_hint_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fastf1", None)
    with pytest.raises(ArgumentError, match="not installed") as caught:
        fetch(2023, "São Paulo")
    assert caught.value.hint == "pip install 'racecraft[fastf1]'"


class Library(SimpleNamespace):
    """As much of FastF1 as `fetch` calls; `error` is what goes wrong."""

    def get_session(self, *asked: object) -> SimpleNamespace:
        self.asked = asked
        return SimpleNamespace(load=self.load)

    def load(self, **how: object) -> None:
        self.how = how
        if self.error:
            raise self.error


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Library:
    fake = Library(error=None, Cache=SimpleNamespace(enable_cache=lambda folder: None))
    monkeypatch.setitem(sys.modules, "fastf1", fake)
    return fake


def test_telemetry_only_on_request(library: Library, tmp_path: Path) -> None:
    fetch(2023, "São Paulo", "sprint", cache_dir=tmp_path / "cache")
    assert library.asked == (2023, "São Paulo", "S")
    assert library.how == {"telemetry": False, "weather": False}
    fetch(2023, 20, telemetry=True)
    assert library.how["telemetry"] is True


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (OSError("no route to host\nand more"), UnreachableError),
        (RuntimeError("200 calls/h"), UnreachableError),
        (ValueError("Session type 'S' does not exist for this event"), NotFoundError),
        (KeyError(), NotFoundError),
    ],
)
def test_what_the_library_says(library: Library, error: Exception, kind: type) -> None:
    library.error = error
    with pytest.raises(kind) as caught:
        fetch(2023, 20)
    assert "\n" not in str(caught.value)


def test_practice_is_no_race() -> None:
    with pytest.raises(ArgumentError):
        fetch(2023, 20, "practice")  # type: ignore[arg-type]


def test_frames_of_the_real_library() -> None:
    core = pytest.importorskip("fastf1.core", reason="FastF1 is not installed")
    made = session(laps=core.Laps(table(laps())), results=core.SessionResults(table(results())))
    assert parse(made).crossings.equals(parse(session()).crossings)
    assert parse(made).classification.equals(parse(session()).classification)


def test_a_session_that_somebody_loaded_himself() -> None:
    race = rc.from_fastf1(session())
    assert (race.source, race.crossings.height) == ("fastf1", parse(session()).crossings.height)
