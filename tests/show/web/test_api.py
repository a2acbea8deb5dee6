"""Tables over HTTP: the same rows as from Python, in pages, in three formats, and never twice."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

import racecraft as rc
from own_server import asking
from racecraft.show.export import export
from racecraft.show.web.api import of_race, of_season
from racecraft.show.web.api.schema import rows_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

BRAZIL = "/api/v1/seasons/2023/events/brazil"
TWO = {"first": "alonso", "second": "11"}
NEEDED: dict[str, dict[str, Any]] = {
    "intervals": TWO,
    "meetings": TWO,
    "battle": TWO,
    "explain": {**TWO, "lap": 70},
    "telemetry": {"car": "ALO"},
    "positions": {"car": "ALO"},
}
SLOW = {"chances"}  # a minute of simulation, tested with one lap below


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with asking(tmp_path_factory.mktemp("store")) as client:
        client.timeout = 60
        yield client


def strict(text: str) -> Any:
    """JSON as everybody reads it: NaN and infinity are none of it."""

    def refuse(name: str) -> None:
        raise ValueError(name)

    return json.loads(text, parse_constant=refuse)


@pytest.mark.parametrize("name", sorted({*of_race.TABLES, *of_race.OBJECTS} - SLOW))
def test_every_table_of_a_race_is_as_it_is_described(client: httpx.Client, name: str) -> None:
    answer = client.get(f"{BRAZIL}/{name}", params=NEEDED.get(name, {}))
    assert answer.status_code == 200, answer.text
    rows = strict(answer.text)
    if name in of_race.TABLES:
        wanted = set(rows_schema(of_race.TABLES[name][0])["items"]["properties"])
        assert all(set(row) == wanted for row in rows)
        assert int(answer.headers["x-total-count"]) >= len(rows)
        assert rows or name in ("telemetry", "positions", "differences")


@pytest.mark.parametrize(
    "name", [*of_season.DERIVED, "title", "title-when", "events", "results", "season-doubts"]
)
def test_every_table_of_a_season(client: httpx.Client, name: str) -> None:
    answer = client.get(f"/api/v1/seasons/2023/{name}")
    assert answer.status_code == 200, answer.text
    assert strict(answer.text) or name == "season-doubts"


def test_rows_are_those_of_python(client: httpx.Client) -> None:
    race = rc.load_race(2023, "brazil")
    told = client.get(f"{BRAZIL}/overtakes", params={"kind": "on_track"}).content
    assert told == export(rc.overtakes(race, kind="on_track"), "json")
    told = client.get(f"{BRAZIL}/order", params={"lap": 70, "line": "S1"}).content
    assert told == export(rc.order(race, lap=70, line="S1"), "json")
    (margin,) = client.get(f"{BRAZIL}/battle", params=TWO).json()["battles"][-1:]
    assert margin["margin_s"] == 0.053


def test_formats(client: httpx.Client) -> None:
    race = rc.load_race(2023, "brazil")
    csv = client.get(f"{BRAZIL}/laps", params={"format": "csv"})
    assert csv.headers["content-type"].startswith("text/csv")
    assert csv.content == export(rc.laps(race), "csv")
    parquet = client.get(f"{BRAZIL}/laps", params={"format": "parquet"}).content
    assert pl.read_parquet(io.BytesIO(parquet)).equals(rc.laps(race))


def test_rows_of_one_car_or_lap(client: httpx.Client) -> None:
    rows = client.get(f"{BRAZIL}/laps", params={"car": "alonso", "lap": 71}).json()
    assert [(row["car"], row["lap"]) for row in rows] == [("ALO", 71)]
    rows = client.get(f"{BRAZIL}/overtakes", params={"car": "alonso"}).json()
    assert rows
    assert all("ALO" in (row["passer"], row["passed"]) for row in rows)


def test_pages_lead_to_each_other(client: httpx.Client) -> None:
    whole = client.get(f"{BRAZIL}/laps").json()
    path, found, pages = f"{BRAZIL}/laps?limit=500", [], 0
    while path:
        answer = client.get(path)
        found += answer.json()
        pages += 1
        path = answer.links.get("next", {}).get("url", "")
    assert found == whole
    assert pages == -(-len(whole) // 500)
    assert int(answer.headers["x-total-count"]) == len(whole)


def test_who_has_an_answer_does_not_get_it_again(client: httpx.Client) -> None:
    first = client.get(f"{BRAZIL}/stints")
    mark = first.headers["etag"]
    again = client.get(f"{BRAZIL}/stints", headers={"if-none-match": mark})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == mark
    other = client.get(f"{BRAZIL}/stints", headers={"if-none-match": '"another"'})
    assert other.content == first.content


def test_an_answer_given_again_is_the_same(client: httpx.Client) -> None:
    path = f"{BRAZIL.replace('brazil', 'são paulo')}/stops?limit=5&offset=5"
    first, again = client.get(path), client.get(path)
    assert first.status_code == 200
    assert again.content == first.content
    kept = ("etag", "x-total-count", "link", "content-type", "cache-control", "x-frame-options")
    assert [again.headers[name] for name in kept] == [first.headers[name] for name in kept]
    mark = {"if-none-match": f'"other", W/{first.headers["etag"]}'}
    seen = client.get(path, headers=mark)
    assert (seen.status_code, seen.content) == (304, b"")
    assert "content-type" not in seen.headers
    coded = client.get(path.replace("são paulo", "s%25C3%25A3o paulo"))
    assert coded.status_code == 404


def test_head_answers_without_a_body(client: httpx.Client) -> None:
    head, whole = client.head(f"{BRAZIL}/stints"), client.get(f"{BRAZIL}/stints")
    assert head.content == b""
    assert head.headers["content-length"] == str(len(whole.content))


@pytest.mark.parametrize(
    ("path", "status", "helps"),
    [
        ("seasons/2023/events/brasil gp/laps", 200, ""),
        ("seasons/2023/events/brazli/laps", 404, "Brazil|São Paulo"),
        ("seasons/1982/events/usa/laps", 422, "Detroit"),
        ("seasons/2023/events/monza/laps", 404, "data list"),
        ("seasons/1949/standings", 404, ""),
        ("seasons/last/standings", 422, ""),
        (f"{BRAZIL[8:]}/laps?car=alonzo", 404, "ALO"),
        (f"{BRAZIL[8:]}/laps?cra=ALO", 422, "car"),
        (f"{BRAZIL[8:]}/order?line=S9", 422, "S1"),
        (f"{BRAZIL[8:]}/order?lap=99", 422, "71"),
        (f"{BRAZIL[8:]}/battle?first=ALO&second=ALO", 422, ""),
        (f"{BRAZIL[8:]}/laps?limit=0", 422, ""),
        ("search?where=swaps >", 422, ""),
        ("search?where=speed > 3", 422, "swaps"),
        ("nowhere", 404, ""),
    ],
)
def test_what_is_not_there_is_said_helpfully(
    client: httpx.Client, path: str, status: int, helps: str
) -> None:
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == status, answer.text
    if status == 200:
        return
    told = strict(answer.text)
    assert answer.headers["content-type"] == "application/problem+json"
    assert told["status"] == answer.status_code
    assert any(word in told.get("hint", "") for word in helps.split("|"))


def test_chances_after_a_lap(client: httpx.Client) -> None:
    pytest.importorskip("numba")
    rows = client.get(f"{BRAZIL}/chances", params={"lap": 60, "runs": 200}).json()
    assert sum(row["win"] for row in rows) == pytest.approx(1)
    assert max(rows, key=lambda row: row["win"])["car"] == "VER"


def test_a_text_is_checked(client: httpx.Client) -> None:
    pytest.importorskip("markdown_it")
    text = "Fernando Alonso finished third in the 2023 São Paulo Grand Prix."
    told = client.post("/api/v1/check", json={"text": text}).json()
    assert told["about"]["season"] == 2023
    assert "supported" in [finding["verdict"] for finding in told["findings"]]
    assert client.post("/api/v1/check", json={"txt": text}).status_code == 422


def test_search(client: httpx.Client) -> None:
    rows = client.get("/api/v1/search", params={"where": "swaps >= 2 and at_flag"}).json()
    assert {"PER", "ALO"} in [{row["first"], row["second"]} for row in rows]
    with_names = {"where": "position = 1 and grid > 15", "season": 2023}
    assert client.get("/api/v1/search", params=with_names).json() == []


def test_an_order_is_asked_for_by_the_lap(client: httpx.Client) -> None:
    rows = client.get(f"{BRAZIL}/order", params={"lap": 20}).json()
    assert rows[0]["lap"] == 20
    assert len(rows) > 10


@pytest.mark.parametrize("lap", [0, 72])
def test_a_lap_that_there_was_not_is_refused(client: httpx.Client, lap: int) -> None:
    answer = client.get(f"{BRAZIL}/laps", params={"lap": lap})
    assert answer.status_code == 404
    assert "71" in answer.json()["hint"]


def test_a_parameter_given_twice_is_refused(client: httpx.Client) -> None:
    answer = client.get(f"{BRAZIL}/gaps?car=VER&car=LEC")
    assert answer.status_code == 422
    assert "car" in answer.json()["detail"]


def test_a_race_without_timing_has_its_result(client: httpx.Client) -> None:
    race = "/api/v1/seasons/1955/events/1"
    refused = client.get(f"{race}/result")
    assert refused.status_code == 404
    assert f"{race}/results" in refused.json()["hint"]
    rows = client.get(f"{race}/results").json()
    assert "Fangio" in rows[0]["name"]
    told = client.get("/api/v1/seasons/1955/results", params={"event": "1", "driver": "fangio"})
    (row,) = told.json()
    assert row["position"] == 1
    nobody = client.get("/api/v1/seasons/1955/results", params={"driver": "verstappen"})
    assert nobody.status_code == 404


def test_rows_are_described_by_name(client: httpx.Client) -> None:
    told = client.get("/api/v1/openapi.json").json()
    order = told["paths"]["/api/v1/seasons/{season}/events/{event}/order"]["get"]
    rows = order["responses"]["200"]["content"]["application/json"]["schema"]
    assert rows == {"type": "array", "items": {"$ref": "#/components/schemas/Order"}}
    schemas = told["components"]["schemas"]
    assert set(schemas["Order"]["properties"]) >= {"position", "car", "gap_s"}
    assert order["operationId"] == "seasons_events_order"
    ids = [one["operationId"] for path in told["paths"].values() for one in path.values()]
    assert len(ids) == len(set(ids))
    assert {"Problem", "Laps", "Standings"} <= set(schemas)


def test_what_a_moment_is_made_of_is_an_object_as_its_description_says(
    client: httpx.Client,
) -> None:
    rows = client.get("/api/v1/seasons/2023/events/brazil/moments").json()
    assert rows
    assert all(row["facts"]["kind"] == row["kind"] for row in rows)
    told = client.get("/api/v1/openapi.json").json()
    columns = told["components"]["schemas"]["Moments"]["properties"]
    assert columns["facts"]["type"] == ["object", "null"]


def test_moments_of_a_race_without_timing_are_those_of_its_result(client: httpx.Client) -> None:
    rows = client.get("/api/v1/seasons/2023/events/monza/moments", timeout=60).json()
    assert {row["basis"] for row in rows} == {"results"}
    assert client.get("/api/v1/seasons/2023/events/monza/laps").status_code == 404


@pytest.mark.parametrize("path", ["/docs", "/openapi.json", "/api", "/api/v2/races"])
def test_where_programs_guess_they_are_told_the_address(client: httpx.Client, path: str) -> None:
    answer = client.get(path, headers={"accept": "application/json"})
    assert answer.status_code == 404
    assert "/api/v1" in answer.json()["hint"]
