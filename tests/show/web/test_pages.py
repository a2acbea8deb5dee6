"""Every page and every part of one: that it comes, says what it must, and keeps to the policy."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

import racecraft as rc
import racecraft.show.web
from own_classes import two_classes
from own_server import asking
from racecraft.show.web.pages import race_charts, race_view, season
from racecraft.show.web.pages.cars import cars_of, legible
from racecraft.show.web.pages.replay_data import replay_object
from racecraft.sim.moments.moments import MOMENTS
from racecraft.sources.sample.sample import sample_race

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

WEB = Path(racecraft.show.web.__file__).parent
VENDORED = {
    "uPlot.iife.min.js": "19c8d4c6ad88929a79f4ae49d6f7161566dfd0ba3d15cc495e974f787eb78f1f",
    "uPlot.min.css": "df630c6a8d6f8eeaff264b50f73ce5b114f646ffd9a0bb74f049b0a00135fa04",
}  # of version 1.6.32, as published
RACE = "/f1/2023/sao-paulo-grand-prix"
PAGES = {
    "/": "Formula 1",
    "/f1/2023": "São Paulo Grand Prix",
    "/f1/1988": "Monaco Grand Prix",
    "/f1/1988/monaco-grand-prix": "told by its result",
    RACE: "São Paulo Grand Prix 2023",
    f"{RACE}/replay": "Next moment",
    f"{RACE}/battle/ALO/PER": "Alonso",
    "/f1/2023/title": "What must happen next",
    "/f1/2023/title?who=PER&position=2&after=20": "Sergio Pérez",
    f"{RACE}/simulate": "What if?",
    "/check": "Is it true?",
    "/live": "Live",
}
PARTS = {
    "/f1/2023/parts/standings": "Verstappen",
    "/f1/2023/parts/best": "Grand Prix",
    f"{RACE}/parts/story": "What decided it",
    f"{RACE}/parts/timeline": "ALO and PER",
    f"{RACE}/parts/strategy": "As a table",
    f"{RACE}/parts/control": "red",
    "/f1/2023/parts/contenders?after=15": "can still win the title",
    "/f1/2023/parts/title?who=PER&position=2&after=20": "Pérez secures second",
}
DATA = (
    "/f1/2023/parts/standings.json",
    "/f1/2023/parts/standings.json?kind=constructors",
    f"{RACE}/parts/places.json",
    f"{RACE}/parts/chances.json",
    f"{RACE}/parts/gaps.json?a=alonso&b=PER",
    f"{RACE}/parts/battle.json?a=ALO&b=PER",
    f"{RACE}/parts/replay.json",
)


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with asking(tmp_path_factory.mktemp("store")) as client:
        yield client


def test_a_result_tells_what_decided_it_by_names(web: httpx.Client) -> None:
    page = web.get("/f1/1988/monaco-grand-prix").text
    assert "Senna was fastest in qualifying" in page
    assert "What decided it" in page
    assert "In the championship" in page


def test_what_no_grid_can_show_is_not_taken_for_undecided(web: httpx.Client) -> None:
    part = "/f1/1957/parts/title?who=FAN&position=1&after="
    decisive, early = (web.get(f"{part}{after}", timeout=60).text for after in (5, 1))
    assert "Fangio can secure the title in the German Grand Prix" in decisive
    assert "No grid of two" in decisive
    assert "neither secure it nor put it out of reach" in early


def test_battles_of_a_season_are_listed_where_no_moment_can_be_weighed(tmp_path: Path) -> None:
    race = rc.load_race(2023, "brazil")
    of_another = replace(race, series="formula-x", source="mine")
    rc.Store(tmp_path).add_race(of_another)
    with asking(tmp_path) as client:
        best = client.get("/formula-x/2023/parts/best").text
        whole = client.get("/formula-x/2023").text
        story = client.get("/formula-x/2023/sao-paulo-grand-prix/parts/story").text
    assert "/formula-x/2023/sao-paulo-grand-prix/battle/ALO/PER" in best
    assert "Won by" not in whole, "nobody is known to have won"
    assert "Moments" not in best, "its points and pace are not known"
    assert "Result" in story


def test_a_battle_is_for_a_place_in_its_class(tmp_path: Path) -> None:
    rc.Store(tmp_path).add_race(replace(two_classes(), date=date(2024, 6, 1)))
    base = "/club/2024/two-hours"
    with asking(tmp_path) as client:
        best = client.get("/club/2024/parts/best").text
        timeline = client.get(f"{base}/parts/timeline").text
        battle = client.get(f"{base}/battle/5/7").text
        marks = client.get(f"{base}/parts/replay.json").json()["marks"]
        calendar = client.get("/club/2024").text
    for page in (best, timeline, battle):
        assert "1st in GT" in page
        assert "3rd" not in page
    assert any("5 and 7 for the lead in GT" in mark["text"] for mark in marks)
    assert "1 June 2024" in calendar


@pytest.mark.parametrize("path", PAGES)
def test_every_page_comes_and_keeps_to_the_policy(web: httpx.Client, path: str) -> None:
    answer = web.get(path, headers={"accept": "text/html"})
    assert answer.status_code == 200
    assert PAGES[path] in answer.text
    assert not re.search(
        r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:", answer.text
    )
    assert not re.search(r"(?:src|href|action)=[\"'](?:https?:)?//", answer.text)
    assert re.search(r"<title>[^<]+</title>", answer.text)
    assert '<html lang="en">' in answer.text


@pytest.mark.parametrize("path", PARTS)
def test_every_part_comes(web: httpx.Client, path: str) -> None:
    answer = web.get(path, timeout=60)  # some are worked out the first time
    assert answer.status_code == 200
    assert PARTS[path] in answer.text
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=", answer.text)


def test_the_best_of_a_season_comes_bit_by_bit_until_every_race_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(season, "READ_S", 0.0)
    path = "/f1/2023/parts/best"
    with asking(tmp_path) as client:
        first, second, again = (client.get(path) for _ in range(3))
    assert f'data-more="{path}"' in first.text
    assert "1 of 2 races read so far" in first.text
    assert first.headers["cache-control"] == "no-store", "nobody is given a part for the whole"
    assert "data-more" not in second.text
    assert {"Mexico City Grand Prix", "São Paulo Grand Prix"} <= set(
        re.findall(r"[\w ]+ Grand Prix", second.text)
    )
    assert again.text == second.text


@pytest.mark.parametrize("path", DATA)
def test_every_chart_has_a_value_for_every_x(web: httpx.Client, path: str) -> None:
    told = web.get(path).json()
    if "x" in told:
        assert told["series"]
        assert {len(one["values"]) for one in told["series"]} == {len(told["x"])}
    else:
        assert told["cars"]


def test_an_address_that_is_nearly_right_leads_to_the_page(web: httpx.Client) -> None:
    answer = web.get("/f1/2023/interlagos")
    assert answer.status_code == 307
    assert answer.headers["location"] == RACE


@pytest.mark.parametrize(
    "path", ["/f1/2023/nowhere", "/f1/1900", f"{RACE}/battle/ALO/ZZZ", f"{RACE}?session=sprint"]
)
def test_what_is_not_there_is_a_page_for_people_and_a_problem_for_programs(
    web: httpx.Client, path: str
) -> None:
    shown = web.get(path, headers={"accept": "text/html"})
    assert shown.status_code in (200, 404)  # of the sprint the result is known
    if shown.status_code == 404:
        assert "<h1>Not found</h1>" in shown.text
        assert web.get(path).headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/api/v1/nowhere", "/ergast/nowhere", "/nowhere", "/v1/nowhere"])
def test_an_address_of_nothing_is_a_page_for_people_alone(web: httpx.Client, path: str) -> None:
    shown = web.get(path, headers={"accept": "text/html,*/*;q=0.8"})
    assert shown.status_code == 404
    for_people = path == "/nowhere"
    assert ("<h1>Not found</h1>" in shown.text) == for_people
    assert shown.headers["content-type"].startswith("text/html") == for_people
    assert web.get(path).headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/", "/static/chart.js", f"{RACE}/parts/places.json"])
def test_what_a_browser_has_is_not_sent_twice(web: httpx.Client, path: str) -> None:
    first = web.get(path)
    again = web.get(path, headers={"if-none-match": first.headers["etag"]})
    assert (first.status_code, again.status_code) == (200, 304)
    assert not again.content
    assert web.get(path).content == first.content


def test_the_page_of_a_race_under_way_is_never_remembered(web: httpx.Client) -> None:
    assert "etag" not in web.get("/live").headers


def test_names_from_an_address_are_never_markup(web: httpx.Client) -> None:
    answer = web.get("/f1/2023/%3Cscript%3Ealert(1)", headers={"accept": "text/html"})
    assert answer.status_code == 404
    assert "<script>alert" not in answer.text


def test_an_article_is_marked_in_place(web: httpx.Client) -> None:
    text = (
        "Fernando Alonso finished third in the 2023 São Paulo Grand Prix.\n\n"
        "Lando Norris won the 2023 São Paulo Grand Prix, 1 < 2 & so on."
    )
    answer = web.post("/check/parts/claims", content=text.encode(), timeout=60)
    assert answer.status_code == 200
    assert 'class="contradicted"' in answer.text
    assert 'class="supported"' in answer.text
    assert "1 &lt; 2 &amp; so on" in answer.text
    assert web.post("/check/parts/claims", content=b"  ").status_code == 422


def test_what_is_vendored_is_what_was_published() -> None:
    folder = WEB / "static" / "vendor"
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
        if path.suffix in (".js", ".css")
    }
    assert found == VENDORED
    assert "MIT" in (folder / "uPlot.LICENSE.txt").read_text("utf-8")


def test_scripts_load_nothing_from_elsewhere_and_evaluate_nothing() -> None:
    for path in WEB.joinpath("static").rglob("*.js"):
        if path.parent.name != "vendor":
            text = path.read_text("utf-8")
            assert not re.search(r"https?://(?!www\.w3\.org/)|\beval\(|new Function", text), (
                path.name
            )


def test_colours_can_be_seen_on_both_grounds() -> None:
    assert legible("#0072B2")[0] == "#0072b2"
    light, dark = legible("#2B4562")
    assert light != dark
    for one in cars_of(sample_race(20)):
        assert all(re.fullmatch(r"#[0-9a-f]{6}", colour) for colour in one["colour"])


def test_a_replay_has_every_crossing() -> None:
    race = sample_race(20)
    told = replay_object(race, rc.moments(race, simulated=False))
    assert sum(len(car["times"]) for car in told["cars"]) == len(race.crossings)
    alonso = next(car for car in told["cars"] if car["car"] == "ALO")
    last = race.crossings.filter(car="ALO")["time"].max()
    assert sum(alonso["times"]) * told["unit_us"] == last.total_seconds() * 1e6
    assert [line["line"] for line in told["lines"]] == race.lines.sort("order")["line"].to_list()
    along = [line["at"] for line in told["lines"]]
    assert along == sorted(along)
    assert along[-1] == 1.0
    assert {mark["kind"] for mark in told["marks"]} == {"moment", "battle"}


def test_a_replay_without_a_grid_does_not_begin_in_the_order_of_the_result() -> None:
    race = sample_race(20)
    unknown = replace(
        race.with_tables(entries=race.entries.with_columns(grid=pl.lit(None, pl.Int16))),
        classification=race.classification.clear(),
    )
    told = replay_object(unknown, MOMENTS.empty())["cars"]
    assert {car["grid"] for car in told} == {None}
    assert [car["car"] for car in told] == sorted(race.entries["car"])


def test_bars_and_dots_lie_within_the_race() -> None:
    race = sample_race(20)
    view = race_view.timeline_view(race, rc.moments(race, simulated=False))
    assert view["bars"]
    for bar in view["bars"]:
        assert bar["x"] >= 0
        assert bar["x"] + bar["width"] <= 100.001
    chart = race_charts.gaps_chart(race, "ALO", "PER")
    swap = [
        v for x, v in zip(chart["x"], chart["series"][0]["values"], strict=True) if 69 < x <= 70
    ]
    assert min(swap) < 0 < max(race_charts.gaps_chart(race, "ALO", "PER")["series"][0]["values"])
