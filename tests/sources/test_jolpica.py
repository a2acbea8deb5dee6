from __future__ import annotations

import copy
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import examples
from mutations import mutated
from own_api import CONTENT, RESULTS, api, in_race, page, pages
from racecraft.errors import NotFoundError, UnreachableError, UnreadableError
from racecraft.sources.http import client
from racecraft.sources.jolpica import api as jolpica
from racecraft.sources.jolpica.api import fetch, parse
from stub_server import Answer, Stub, stub

if TYPE_CHECKING:
    from pathlib import Path

    from racecraft.model.race import Race
    from racecraft.model.season import Season

NORTE = "sao-norte-grand-prix"


@pytest.fixture(scope="module")
def season() -> Season:
    return parse(pages())[0]


@pytest.fixture(scope="module")
def race() -> Race:
    (race,) = parse(pages())[1]
    return race


def test_the_calendar(season: Season) -> None:
    assert season.season == 2025
    assert season.source == "jolpica"
    assert season.events["event", "round", "laps", "sprint_laps"].rows() == [
        (NORTE, 1, 3, 3),
        ("northern-grand-prix", 2, None, None),
    ]


def test_results_as_reported(season: Season) -> None:
    results = season.results.filter(session="race")
    assert results["driver", "order", "position", "position_text", "status"].rows() == [
        ("VER", 1, 1, "1", "Finished"),
        ("HAM", 2, None, "2", "Lapped"),  # two cars claim second place and none the third
        ("PER", 3, None, "2", "Retired"),
        ("TES", 4, None, "R", "Retired"),
    ]
    assert results["points"].sum() == 43
    assert season.results.filter(session="sprint").height == 2


def test_a_gap_below_zero_is_no_race_time(season: Season) -> None:
    results = season.results.filter(session="race")
    assert results["time"].to_list() == [timedelta(seconds=270), None, None, None]


def test_a_driver_without_code_gets_one(season: Season) -> None:
    tester = season.drivers.filter(driver_id="tester").row(0, named=True)
    assert (tester["driver"], tester["number"]) == ("TES", None)


def test_standings_of_the_round_and_of_the_season_are_the_same_rows(season: Season) -> None:
    assert season.driver_standings.rows() == [
        (NORTE, "VER", 1, 25.0, 1),
        (NORTE, "TES", None, 0, 0),
    ]
    assert season.constructor_standings.rows() == [(NORTE, "Norse Racing", 1, 25.0, 1)]


def test_laps_become_crossings(race: Race) -> None:
    assert race.crossings.filter(car="VER")["time"].to_list() == [
        timedelta(seconds=91),
        timedelta(seconds=180),
        timedelta(seconds=270),
    ]
    assert race.lap_chart.filter(lap=2)["car", "position"].rows() == [
        ("HAM", 2),
        ("PER", 3),
        ("VER", 1),
    ]
    assert race.lines["line"].to_list() == ["Line"]


def test_stops_with_red_flags_and_without_duration(race: Race) -> None:
    stops = race.pit_visits["car", "lap", "duration"].rows()
    assert ("HAM", 1, timedelta(seconds=1209.136)) in stops
    assert ("PER", 2, None) in stops


def test_the_grid(race: Race) -> None:
    grid = dict(race.entries["car", "pit_lane_start"].iter_rows())
    assert grid == {"VER": False, "HAM": False, "PER": True, "TES": False}


def changed(what: str, path: list[str | int], value: Any) -> dict[str, dict[str, Any]]:
    content = copy.deepcopy(CONTENT[what])
    place: Any = content
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return {what.replace("/", "_"): content}


RESULT = ["RaceTable", "Races", 0, "Results", 0]


@pytest.mark.parametrize(
    ("what", "path", "value", "said"),
    [
        ("2025/results", [*RESULT, "laps"], "many", "jolpica results, record 1, laps: 'many'; exp"),
        ("2025/results", [*RESULT, "laps"], -3, "record 1, laps: '-3'; expected a whole number"),
        ("2025/results", [*RESULT, "points"], float("nan"), "record 1, points: 'nan'; expected"),
        ("2025/results", [*RESULT, "points"], None, "record 1, points: nothing; expected a number"),
        ("2025/results", [*RESULT, "points"], [], "Results[0].points: '[]'; expected text"),
        ("2025/results", [*RESULT, "Driver"], None, "Results[0].Driver: nothing; expected a value"),
        ("2025/results", [*RESULT, "Driver"], "VER", "Results[0].Driver: 'VER'; expected an objec"),
        ("2025/results", ["RaceTable", "Races"], {}, "MRData.RaceTable.Races: '{}'; expected a li"),
        ("2025/results", ["RaceTable"], None, "MRData.RaceTable: nothing; expected a value"),
        ("2025/results", ["RaceTable", "Races", 0, "round"], "9", "raceId: '2025/9'; expected one"),
        ("2025/1/laps", ["RaceTable", "Races", 0, "Laps", 1, "number"], "1", "a second row for"),
        ("2025/races", ["RaceTable", "Races", 0, "date"], "soon", "races, record 1, date: 'soon'"),
    ],
)
def test_bad_answers_are_named(what: str, path: list[str | int], value: Any, said: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        parse(pages(**changed(what, path, value)))
    assert said in caught.value.message


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>busy</html>", b"[]", b"{}", b'{"MRData": 3}', b'{"MRData": {"lim', b"\xff\xfe",
     b"[" * 100_000],
)  # fmt: skip
def test_answers_that_are_none(body: bytes) -> None:
    with pytest.raises(UnreadableError, match=r"jolpica 2025/1/laps/.*expected"):
        parse(pages(**{"2025_1_laps": body}))


def test_a_season_without_events() -> None:
    nothing = {f"{what}/": page({"RaceTable": {"Races": []}}) for what in ("1949/races",)}
    with pytest.raises(NotFoundError):
        parse(nothing)


def test_a_question_nobody_asks() -> None:
    with pytest.raises(UnreadableError, match="path: 'weather'"):
        parse({"2025/weather/?limit=1": page({})})


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "PAUSE_S", 0.001)
    monkeypatch.setattr(jolpica, "LIMITS", ((1000, 1.0), (200, 3600.0)))


def ask(server: Stub, folder: Path, **more: Any) -> dict[str, bytes]:
    return fetch(2025, [1], cache_dir=folder, base_url=server.url, **more)


def test_every_page_is_fetched_and_told(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    with stub(lambda path, _: api(path, largest=3)) as server:
        answers = ask(server, tmp_path, progress=lambda *step: told.append(step))
    assert parse(answers)[0].results.equals(parse(pages())[0].results)
    assert parse(answers)[1][0].crossings.height == 7
    assert [step for step in told if step[0] == "2025/1/laps"] == [
        ("2025/1/laps", 3, 7),
        ("2025/1/laps", 6, 7),
        ("2025/1/laps", 7, 7),
    ]
    assert "/2025/results/?limit=100&offset=3" in server.asked


def test_the_second_time_nobody_is_asked(tmp_path: Path) -> None:
    with stub(lambda path, _: api(path)) as server:
        first = ask(server, tmp_path)
        calls = len(server.asked)
        assert ask(server, tmp_path) == first
        assert len(server.asked) == calls == len(first) == 12


def test_a_fetch_that_was_stopped_goes_on_where_it_was(tmp_path: Path) -> None:
    busy = Answer(status=429, headers={"Retry-After": "1200"})
    with stub(lambda path, call: busy if call == 5 else api(path)) as server:
        with pytest.raises(UnreachableError, match=r"come back at .* in 20 minutes"):
            ask(server, tmp_path)
        assert len(server.asked) == 6
        ask(server, tmp_path)
        assert len(server.asked) == 6 + 7


def test_trouble_that_passes(tmp_path: Path) -> None:
    trouble = {1: Answer(status=500), 3: Answer(b'{"MRData"', promised=900), 5: Answer(status=503)}
    with stub(lambda path, call: trouble.get(call) or api(path)) as server:
        assert len(parse(ask(server, tmp_path))[1]) == 1
        assert len(server.asked) == 12 + 3


def test_garbage_is_refused_and_not_kept(tmp_path: Path) -> None:
    with (
        stub(lambda path, call: Answer(b"<html>") if call == 2 else api(path)) as server,
        pytest.raises(UnreadableError, match=r"jolpica 2025/constructors.*'<html>'; expected JSON"),
    ):
        ask(server, tmp_path)
    assert len(list((tmp_path / "pages").iterdir())) == 2


@pytest.mark.parametrize(("field", "value"), [("limit", "0"), ("total", "-1"), ("total", "9" * 9)])
def test_pages_without_end(tmp_path: Path, field: str, value: str) -> None:
    body = json.loads(page({"RaceTable": {"Races": []}}))
    body["MRData"][field] = value
    with (
        stub(lambda *_: Answer(json.dumps(body).encode())) as server,
        pytest.raises(UnreadableError, match=f"{field}: '{value}'"),
    ):
        ask(server, tmp_path)


def test_the_budget_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jolpica, "LIMITS", ((1000, 1.0), (5, 3600.0)))
    with stub(lambda path, _: api(path)) as server:
        with pytest.raises(UnreachableError, match=r"allows 5 calls in 60 minutes.*come back at"):
            ask(server, tmp_path)
        assert len(server.asked) == 5


def test_no_season(tmp_path: Path) -> None:
    with stub(lambda *_: Answer(status=404)) as server, pytest.raises(NotFoundError):
        ask(server, tmp_path)


def test_results_stay_in_the_order_of_the_list() -> None:
    backwards = in_race(0, "Results", RESULTS[::-1])
    season, _ = parse(pages(**{"2025_results": backwards}))
    assert season.results.filter(session="race")["driver"].to_list() == ["TES", "PER", "HAM", "VER"]


@settings(max_examples=examples(300))
@given(st.data())
def test_any_answer_is_a_season_or_one_error(data: st.DataObject) -> None:
    answers = pages()
    what = data.draw(st.sampled_from(sorted(answers)))
    answers[what] = data.draw(mutated(answers[what], "json"))
    try:
        season, races = parse(answers)
    except (UnreadableError, NotFoundError) as error:
        said = error.message
    else:
        said = f"{season} {races}"
    assert "\n" not in said
