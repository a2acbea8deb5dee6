"""The face of Ergast: read by the project's own reader of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx
import polars as pl
import pytest

import racecraft as rc
from own_server import serving
from racecraft.model.clock import clock
from racecraft.show.web.ergast.names import circuit_id, slug
from racecraft.sources.jolpica.pages import page_extent, text_tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("store")) as address:
        yield f"{address}/ergast/f1"


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=60) as client:
        yield client


def data(client: httpx.Client, path: str, **query: object) -> dict[str, Any]:
    answer = client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["MRData"]
    return found


def every_page(client: httpx.Client, path: str) -> dict[str, bytes]:
    """Pages by what was asked, as the reader of jolpica takes them."""
    pages, offset, total = {}, 0, 1
    while offset < total:
        page = f"{path}/?limit=100&offset={offset}"
        body = client.get(page).content
        size, total = page_extent(body, page)
        pages[page], offset = body, offset + size
    return pages


def test_the_reader_of_jolpica_reads_the_season_back(client: httpx.Client) -> None:
    season = rc.Store().load_season(2023)
    pages: dict[str, bytes] = {}
    for what in ("races", "drivers", "constructors", "results", "sprint", "qualifying"):
        pages |= every_page(client, f"2023/{what}")
    tables = text_tables(pages)
    assert tables["races"].height == 22
    raced = season.results.filter(session="race")
    assert tables["results"].height == raced.height
    assert tables["sprint_results"].height == season.results.height - raced.height
    assert tables["qualifying"].height == season.qualifying.height
    points = tables["results"]["points"].cast(pl.Float64).sum()
    assert points == pytest.approx(raced["points"].sum())
    assert sorted(tables["drivers"]["code"]) == sorted(raced["driver"].unique())


def test_standings_of_every_kind(client: httpx.Client) -> None:
    told = data(client, "2023/20/driverStandings.json", limit=3)
    assert told["total"] == "22"
    (after,) = told["StandingsTable"]["StandingsLists"]
    assert (after["season"], after["round"]) == ("2023", "20")
    perez = after["DriverStandings"][1]
    assert (perez["Driver"]["code"], perez["points"], perez["position"]) == ("PER", "258", "2")
    assert [team["constructorId"] for team in perez["Constructors"]] == ["red_bull"]
    teams = data(client, "2023/constructorstandings/1")["StandingsTable"]["StandingsLists"][0]
    assert [row["Constructor"]["name"] for row in teams["ConstructorStandings"]] == ["Red Bull"]


def test_laps_and_stops(client: httpx.Client) -> None:
    told = data(client, "2023/20/laps/71.json", limit=100)
    (race,) = told["RaceTable"]["Races"]
    (lap,) = race["Laps"]
    assert lap["number"] == "71"
    (own,) = rc.laps(rc.load_race(2023, 20)).filter(car="VER", lap=71)["lap_time"]
    winner = {"driverId": "max_verstappen", "position": "1", "time": clock(own)}
    assert lap["Timings"][0] == winner
    stops = data(client, "2023/20/pitstops", limit=100)["RaceTable"]["Races"][0]["PitStops"]
    assert {"driverId", "stop", "lap", "time", "duration"} == set(stops[0])
    assert data(client, "2022/1/laps")["total"] == "0"  # its timing is not stored


@pytest.mark.parametrize(
    ("path", "total"),
    [
        ("2023", 22),
        ("2023/", 22),
        ("2023.json", 22),
        ("2023/races.json", 22),
        ("2023/20", 1),
        ("2023/RESULTS.json", 440),
        ("2023/20/drivers/alonso/results", 1),
        ("2023/20/results/3", 1),
        ("2023/constructors/mclaren/drivers", 2),
        ("2023/grid/1/results/1", 14),
        ("2023/status/1/results", None),
        ("seasons", 76),
        ("drivers/senna/driverstandings/1/seasons", 3),
        ("circuits/monza/seasons", None),
        ("circuits", None),
        ("1957/constructorstandings", 0),
        ("2023/99/results", 0),
        ("current/last/results", None),
        ("current/next/results", 0),
    ],
)
def test_paths(client: httpx.Client, path: str, total: int | None) -> None:
    told = data(client, path)
    assert {told[name] for name in ("limit", "offset", "series")} == {"30", "0", "f1"}
    if total is None:
        assert int(told["total"]) > 0
    else:
        assert told["total"] == str(total)


def test_everything_is_text(client: httpx.Client) -> None:
    def texts(value: object) -> Iterator[object]:
        if isinstance(value, dict):
            for each in value.values():
                yield from texts(each)
        elif isinstance(value, list):
            for each in value:
                yield from texts(each)
        else:
            yield value

    for path in ("2023/20/results", "2023/20/qualifying", "2023/driverstandings", "status"):
        assert all(isinstance(each, str) for each in texts(data(client, path)))


@pytest.mark.parametrize(
    ("asked", "limit", "offset"),
    [
        ({"limit": 500}, "100", "0"),
        ({"limit": 0}, "30", "0"),
        ({"limit": "many", "offset": "some"}, "30", "0"),
        ({"limit": 7, "offset": 3}, "7", "3"),
    ],
)
def test_pages(client: httpx.Client, asked: dict[str, Any], limit: str, offset: str) -> None:
    told = data(client, "2023/20/results", **asked)
    assert (told["limit"], told["offset"], told["total"]) == (limit, offset, "20")
    places = [row["position"] for row in told["RaceTable"]["Races"][0]["Results"]]
    first = int(offset) + 1
    assert places == [str(place) for place in range(first, min(21, first + int(limit)))]


@pytest.mark.parametrize(
    ("path", "status"),
    [("nonsense", 404), ("laps", 422), ("driverstandings", 422), ("1900/results", 404),
     ("/".join(["drivers", "a"] * 20), 422)],
)  # fmt: skip
def test_what_cannot_be_answered_is_a_problem(client: httpx.Client, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert json.loads(answer.text)["detail"]


def test_every_circuit_has_an_identifier_of_its_own() -> None:
    store = rc.Store()
    events = pl.concat(store.load_season(year).events for year in store.seasons())
    named = {circuit: circuit_id(circuit) for circuit in events["circuit"].drop_nulls().unique()}
    assert len(set(named.values())) == len(named)
    assert named["Autódromo José Carlos Pace"] == "interlagos"
    assert circuit_id("Circuito de Madring") == slug("Circuito de Madring") == "circuito_de_madring"


def test_identifiers_are_those_of_the_dump(shared: Path) -> None:
    dump = shared / "data" / "ergast" / "circuits.csv"
    if not dump.is_file():
        pytest.skip("no dump of Ergast")
    for known, name in pl.read_csv(dump).select("circuitRef", "name").iter_rows():
        assert circuit_id(name) == known
