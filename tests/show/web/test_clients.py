"""Clients that others wrote for Ergast and OpenF1, unchanged, with the address of a store.

Each is tried where it is installed: fastf1, basef1, openf1py, OpenF1-python-client.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from own_server import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

BRAZIL = 2023201
ROWS = 100


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("store")) as address:
        yield address


def test_fastf1(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ergast = pytest.importorskip("fastf1.ergast")
    from fastf1.req import Cache

    monkeypatch.setattr(ergast.interface, "BASE_URL", f"{address}/ergast/f1")
    monkeypatch.setattr(ergast.interface, "TIMEOUT", 60)  # the machine may be busy
    Cache.set_disabled()
    told = ergast.Ergast(result_type="pandas", auto_cast=True)
    results = told.get_race_results(season=2023, round=20).content[0]
    assert list(results["driverCode"][:3]) == ["VER", "NOR", "ALO"]
    assert results["totalRaceTime"][0].total_seconds() == 7008.894
    standings = told.get_driver_standings(season=2023, round=20).content[0]
    assert list(standings["points"][:3]) == [524.0, 258.0, 226.0]
    teams = told.get_constructor_standings(season=2023, round=20).content[0]
    assert teams["constructorId"][0] == "red_bull"
    laps = told.get_lap_times(season=2023, round=20, limit=ROWS)
    assert len(laps.content[0]) == ROWS
    assert len(laps.get_next_result_page().content[0]) == ROWS
    assert len(told.get_pit_stops(season=2023, round=20, limit=ROWS).content[0]) > 20
    assert len(told.get_seasons(limit=ROWS)) == 76
    assert len(told.get_race_schedule(season=2023)) == 22
    assert len(told.get_qualifying_results(season=2023, round=20).content[0]) == 20
    assert len(told.get_sprint_results(season=2023, round=20).content[0]) == 20
    assert len(told.get_circuits(season=2023)) == 22
    assert told.get_driver_info(driver="alonso")["driverCode"][0] == "ALO"
    assert set(told.get_finishing_status(season=2023, round=20)["status"]) >= {"Finished"}


def test_basef1(address: str) -> None:
    basef1 = pytest.importorskip("basef1")
    with basef1.BaseF1Client(base_url=f"{address}/ergast/f1", cache=False) as client:

        def table(what: str, *, raced: bool = True, limit: int = ROWS) -> Any:
            query = client.query().season(2023)
            asked = query.round(20) if raced else query
            return getattr(asked, f"get_{what}")(limit=limit).data

        assert len(client.get_seasons(limit=ROWS).data.seasons) == 76
        assert len(table("races", raced=False).races) == 22
        (race,) = table("results").races
        assert [row.driver.code for row in race.results[:3]] == ["VER", "NOR", "ALO"]
        (after,) = table("driver_standings").standings_lists
        assert [row.points for row in after.driver_standings[:2]] == ["524", "258"]
        (after,) = table("constructor_standings").standings_lists
        assert after.constructor_standings[0].constructor.name == "Red Bull"
        (timed,) = table("laps").races
        assert timed.laps[0].number == "1"
        (stopped,) = table("pitstops").races
        assert len(stopped.pit_stops) > 20


def test_openf1py(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    openf1py = pytest.importorskip("openf1py")
    monkeypatch.setattr(openf1py.OpenF1Client, "BASE_URL", f"{address}/v1")
    with openf1py.OpenF1Client() as client:
        (session,) = client.sessions.list(year=2023, country_name="Brazil", session_name="Race")
        assert session.session_key == BRAZIL
        assert len(client.meetings.list(year=2023)) == 22
        assert len(client.drivers.list(session_key=BRAZIL)) == 20
        laps = client.laps.list(session_key=BRAZIL, driver_number=14)
        assert [lap.lap_number for lap in laps] == list(range(1, 72))
        perez = client.intervals.list(session_key=BRAZIL, driver_number=11)
        assert perez[-1].interval == 0.053
        assert len(client.pit.list(session_key=BRAZIL)) > 20
        assert client.stints.list(session_key=BRAZIL)[0].lap_start == 1
        assert client.position.list(session_key=BRAZIL)[0].position == 1
        results = client.session_result.list(session_key=BRAZIL)
        assert [row.driver_number for row in results[:3]] == [1, 4, 14]
        standings = client.drivers_championship.list(meeting_key=BRAZIL // 10)
        assert {row.points_current for row in standings} >= {524.0, 258.0, 226.0}
        assert client.weather.list(session_key=BRAZIL) == []


def test_openf1_python_client(address: str) -> None:
    openf1_client = pytest.importorskip("openf1_client")
    with openf1_client.OpenF1Client(base_url=f"{address}/v1") as client:
        (session,) = client.sessions.list(year=2023, country_name="Brazil", session_name="Race")
        assert session.session_key == BRAZIL
        late = client.laps.list(session_key=BRAZIL, driver_number=14, lap_number={">=": 70})
        assert [lap.lap_number for lap in late] == [70, 71]
        close = client.intervals.list(session_key=BRAZIL, interval={"<": 0.06})
        assert 11 in {row.driver_number for row in close}
        assert len(client.pit.list(session_key=BRAZIL)) > 20
        results = client.session_result.list(session_key=BRAZIL)
        assert [row.driver_number for row in results[:3]] == [1, 4, 14]
        text = client.laps.list_csv(session_key=BRAZIL, driver_number=14)
        assert len(text.splitlines()) == 72
