"""The face of OpenF1: read by the project's own reader of it, and asked as its users ask."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import polars as pl
import pytest

import racecraft as rc
from own_server import serving
from racecraft.show.web.openf1.filters import Filter, fitting, parse
from racecraft.sources.openf1.api import fetch
from racecraft.sources.openf1.race import race_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BRAZIL = 2023201


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("store")) as address:
        yield f"{address}/v1"


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=60) as client:
        yield client


def rows(client: httpx.Client, question: str) -> list[dict[str, Any]]:
    answer = client.get(question)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


def test_the_reader_of_openf1_reads_the_race_back(address: str, tmp_path: Path) -> None:
    race = rc.load_race(2023, "brazil")
    answers = fetch(2023, "São Paulo Grand Prix", "race", cache_dir=tmp_path, base_url=address)
    told = race_of(answers)
    both = race.crossings.filter(pl.col("lap") > 1).join(
        told.crossings, on=["car", "lap", "line"], suffix="_told"
    )
    assert both.height > 0.99 * race.crossings.filter(pl.col("lap") > 1).height
    apart = (both["time"] - both["time_told"]).abs().max()
    assert apart is not None
    assert apart <= timedelta(milliseconds=2)  # type: ignore[operator]
    result = told.classification.sort("order")["car"].to_list()
    assert result[:3] == ["VER", "NOR", "ALO"]
    assert told.pit_visits.height == race.pit_visits.height


@pytest.mark.parametrize(
    ("question", "count"),
    [
        ("sessions?year=2023&session_name=Race", 22),
        ("sessions?year=2023&session_name=Sprint", 6),
        ("meetings?year=2023", 22),
        ("meetings?year=2023&country_name=Brazil", 1),
        ("sessions?session_key=latest", 1),
        (f"drivers?session_key={BRAZIL}", 20),
        (f"laps?session_key={BRAZIL}&driver_number=14", 71),
        (f"laps?session_key={BRAZIL}&driver_number=14&lap_number>=70", 2),
        (f"laps?session_key={BRAZIL}&driver_number=14&lap_number>70", 1),
        (f"laps?session_key={BRAZIL}&driver_number=14&lap_number>3&lap_number<=5", 2),
        (f"laps?session_key={BRAZIL}&driver_number=14&lap_number=3&lap_number=9", 2),
        (f"laps?session_key={BRAZIL}&driver_number=14&driver_number=11&lap_number=3", 2),
        (f"laps?session_key={BRAZIL}&lap_duration<72.5", 1),
        (f"position?session_key={BRAZIL}&position=1&date<2023-11-05T00:00:01", 1),
        (f"session_result?session_key={BRAZIL}&position<=3", 3),
        ("session_result?session_key=2023203", 20),
        ("starting_grid?session_key=2023203&position=1", 1),
        (f"championship_teams?session_key={BRAZIL}", 10),
        ("LAPS?SESSION_KEY=2023201&driver_number=14&LAP_NUMBER=1", 1),
    ],
)
def test_questions(client: httpx.Client, question: str, count: int) -> None:
    assert len(rows(client, question)) == count


def test_rows_say_what_happened(client: httpx.Client) -> None:
    (last,) = rows(client, f"laps?session_key={BRAZIL}&driver_number=14&lap_number=71")
    race = rc.load_race(2023, "brazil")
    (time,) = rc.laps(race).filter(car="ALO", lap=71)["lap_time"]
    assert last["lap_duration"] == pytest.approx(time.total_seconds())
    sectors = [last[f"duration_sector_{n}"] for n in (1, 2, 3)]
    assert sum(sectors) == pytest.approx(last["lap_duration"], abs=0.002)
    assert last["date_start"].startswith("2023-11-05T01:")
    third = rows(client, f"intervals?session_key={BRAZIL}&driver_number=11")[-1]
    assert third["interval"] == 0.053
    perez, *_ = rows(client, f"championship_drivers?session_key={BRAZIL}&driver_number=11")
    assert (perez["points_current"], perez["position_current"]) == (258.0, 2)
    lapped = rows(client, f"intervals?session_key={BRAZIL}")
    assert {row["gap_to_leader"] for row in lapped} & {"+1 LAP"}
    passes = rows(client, f"overtakes?session_key={BRAZIL}&overtaking_driver_number=14")
    assert 11 in {row["overtaken_driver_number"] for row in passes}


def test_telemetry_is_given_as_far_as_there_is_any(client: httpx.Client) -> None:
    race = rc.load_race(2023, "brazil")
    telemetry = None if race.telemetry is None else race.telemetry.collect()
    for number, car in ((14, "ALO"), (1, "VER")):
        answer = client.get(f"car_data?session_key={BRAZIL}&driver_number={number}&speed>=300")
        own = None if telemetry is None else telemetry.filter(car=car)
        fast = 0 if own is None else own.filter(pl.col("speed_kmh").round() >= 300).height
        assert answer.status_code == (200 if fast else 404)
        if fast:
            assert len(answer.json()) == fast
            assert {row["brake"] for row in answer.json()} <= {0, 100, None}


def test_cars_are_where_they_were(client: httpx.Client) -> None:
    race = rc.load_race(2023, "brazil")
    positions = None if race.positions is None else race.positions.filter(car="ALO").collect()
    answer = client.get(f"location?session_key={BRAZIL}&driver_number=14")
    assert answer.status_code == (404 if positions is None or positions.is_empty() else 200)
    if answer.status_code == 200:
        assert len(answer.json()) == positions.height  # type: ignore[union-attr]
        assert {"x", "y", "z", "date"} < answer.json()[0].keys()


def test_csv_is_as_there(client: httpx.Client) -> None:
    answer = client.get(f"laps?session_key={BRAZIL}&driver_number=14&lap_number=71&csv=true")
    head, row, end = answer.text.split("\r\n")
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="laps.csv"'
    assert head.split(",") == sorted(head.split(","))
    assert "2023-11-05 01:" in row
    assert ",False," in row
    assert end == ""


@pytest.mark.parametrize(
    "question",
    [
        f"laps?session_key={BRAZIL}&driver_number=99",
        "laps?session_key=9161",
        "sessions?year=1949",
        "sessions?session_name=race",
        f"weather?session_key={BRAZIL}",
        f"laps?session_key={BRAZIL}&nothing=3",
        "nonsense?session_key=latest",
        f"laps?session_key={BRAZIL}&compound=SOFT&csv=true",
    ],
)
def test_nothing_is_a_404_with_their_words(client: httpx.Client, question: str) -> None:
    answer = client.get(question)
    assert answer.status_code == 404
    assert answer.json()["detail"] == "No results found."


@pytest.mark.parametrize(
    "question",
    [
        "laps",
        "laps?driver_number=14",
        f"laps?session_key={BRAZIL}&lap_number=last",
        f"laps?session_key={BRAZIL}&lap_number>=",
        f"laps?session_key={BRAZIL}&&&lap",
        f"car_data?session_key={BRAZIL}",
        "laps?" + "&".join(f"session_key={key}" for key in range(60)),
    ],
)
def test_what_cannot_be_meant_is_a_422(client: httpx.Client, question: str) -> None:
    answer = client.get(question)
    assert answer.status_code == 422, answer.text
    assert answer.json()["detail"]


def test_a_key_that_is_no_key_is_said(client: httpx.Client) -> None:
    told = client.get("laps?session_key=abc").json()["detail"]
    assert "session_key is a whole number or latest, not 'abc'" in str(told)


@pytest.mark.parametrize(
    ("query", "field", "operator", "value"),
    [
        ("speed>315", "speed", ">", 315),
        ("speed%3E315=", "speed", ">", 315),
        ("speed%3E=315", "speed", ">=", 315),
        ("speed%3E%3D=315", "speed", ">=", 315),
        ("lap_duration<90.5", "lap_duration", "<", 90.5),
        ("is_pit_out_lap=True", "is_pit_out_lap", "=", True),
        ("compound=SOFT", "compound", "=", "SOFT"),
        ("team_colour=005500", "team_colour", "=", "005500"),
        ("gap_to_leader=%2B1%20LAP", "gap_to_leader", "=", "+1 LAP"),
    ],
)
def test_filters_are_read(query: str, field: str, operator: str, value: object) -> None:
    assert parse(query) == [Filter(field, operator, value)]


def test_values_are_compared_within_their_kind() -> None:
    given = [{"interval": 0.5}, {"interval": None}, {"interval": "+1 LAP"}, {"interval": 2}]
    assert fitting(given, parse("interval<1")) == [{"interval": 0.5}]
    assert fitting(given, parse("interval=2")) == [{"interval": 2}]
    ranges = parse("interval>=0&interval<1&interval>=2&interval<3")
    assert fitting(given, ranges) == [{"interval": 0.5}, {"interval": 2}]


DAYS = [date(2022, 4, 30) + timedelta(days=n) for n in range(4)]
KINDS: dict[str, tuple[list[Any], list[str]]] = {
    "day": ([datetime.combine(day, time(13), UTC) for day in DAYS], [str(day) for day in DAYS]),
    "moment": (
        [datetime.combine(day, time(), UTC) for day in DAYS], [f"{day}T00:00:00" for day in DAYS]
    ),
    "number": ([9, 10, 11, 12], ["9", "10", "11", "12"]),
    "text": (["a", "b", "c", "d"], ["a", "b", "c", "d"]),
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("high", ["<", "<="])
@pytest.mark.parametrize("low", [">", ">="])
def test_a_range_is_within_its_bounds_whatever_kind_they_are(
    kind: str, low: str, high: str
) -> None:
    values, written = KINDS[kind]
    told = [{"date": value} for value in values]
    found = fitting(told, parse(f"date{low}{written[1]}&date{high}{written[2]}"))
    within = ([1] if low == ">=" else []) + ([2] if high == "<=" else [])
    assert found == [told[n] for n in within]


def test_a_day_is_the_whole_of_it_up_to_the_last_there_is() -> None:
    told = [{"date": datetime(9999, 12, 31, 12, tzinfo=UTC)}]
    assert fitting(told, parse("date=9999-12-31")) == told
    assert fitting(told, parse("date>9999-12-31")) == []
