"""A race that is not stored is fetched, stored and given; offline the error says what there is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from racecraft.errors import ArgumentError, NotFoundError, UnreachableError
from racecraft.model.season import SEASON_TABLES, Season
from racecraft.sources.jolpica import api
from racecraft.sources.livetiming import archive
from racecraft.sources.sample.sample import sample_race, sample_season
from racecraft.sources.sample.toy import toy_race
from racecraft.store.load import load_race, load_races, load_season
from racecraft.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from racecraft.model.race import Race

CALENDAR = [
    {"round": 1, "event": "toy-grand-prix", "name": "Toy Grand Prix", "country": "Toyland"},
    {"round": 2, "event": "far-grand-prix", "name": "Far Grand Prix", "country": "Farland"},
]


def told(year: int, *, with_results: bool = True) -> Season:
    row = {"event": "toy-grand-prix", "session": "race"}
    results = [row | {"order": i, "driver": d} for i, d in enumerate(("VER", "HAM", "SAI"), 1)]
    return Season(
        season=year,
        source="jolpica",
        events=SEASON_TABLES["events"].rows(CALENDAR),
        results=SEASON_TABLES["results"].rows(results if with_results else []),
    )


class Network:
    """What the sources answer, and what they were asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.season: Season | None = None
        self.laps: list[Race] = []
        self.stream: Race | None = None

    def fetch_season(self, season: int, rounds: object = (), **_: object) -> list[int]:
        self.asked.append(f"jolpica {season} {rounds or ''}".strip())
        if self.season is None:
            raise UnreachableError("no answer from jolpica", hint="check the network")
        return [season]

    def parse_season(self, _: object) -> tuple[Season, list[Race]]:
        assert self.season is not None
        return self.season, self.laps

    def find(self, season: int, event: str, session: str = "race", **_: object) -> str:
        self.asked.append(f"livetiming {season} {event} {session}")
        if self.stream is None:
            raise UnreachableError("no answer from livetiming", hint="check the network")
        return "address"


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Network:
    net = Network()
    monkeypatch.setattr(api, "fetch", net.fetch_season)
    monkeypatch.setattr(api, "parse", net.parse_season)
    monkeypatch.setattr(archive, "find", net.find)
    monkeypatch.setattr(archive, "fetch", lambda *_, **__: {})
    monkeypatch.setattr(archive, "races", lambda _, **__: [net.stream])
    return net


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store", sample=False)


def test_what_is_stored_is_not_asked_for(network: Network, store: Store) -> None:
    store.add_race(toy_race())
    assert load_race(2023, 1, store=store).crossings.height == 45
    assert load_race(2023, "toy", store=str(store.folder)).crossings.height == 45
    assert network.asked == []


def test_the_sample_needs_no_store_and_no_network(network: Network, own_store: Path) -> None:
    assert load_race(2023, "são paulo").crossings.height == 3250
    assert load_season(2023).events.height == 22
    assert [race.round for race in load_races()] == [19, 20]
    for year, races in ((1950, 7), (1988, 16), (2025, 24)):
        season = load_season(year)
        assert season.source == "f1db"
        assert season.results.filter(session="race")["event"].n_unique() == races
    assert network.asked == []
    assert not own_store.exists()


def test_a_race_since_2018_comes_from_the_live_timing(network: Network, store: Store) -> None:
    network.season = told(2023)
    network.stream = replace(toy_race(), source="livetiming", round=None)
    race = load_race(2023, "toyland", store=store)
    assert network.asked == ["jolpica 2023", "livetiming 2023 Toy Grand Prix race"]
    assert (race.source, race.round) == ("livetiming", 1)
    assert race.classification["car"].to_list() == ["VER", "HAM", "SAI"]
    network.asked.clear()
    assert load_race(2023, 1, store=store).crossings.height == 45
    assert network.asked == [], "it was stored"


def test_where_the_live_timing_has_none_lap_times_do(network: Network, store: Store) -> None:
    network.season = told(2023)
    network.laps = [replace(toy_race(), source="jolpica")]
    assert load_race(2023, 1, store=store).source == "jolpica"
    assert network.asked[-1] == "jolpica 2023 [1]"


def test_an_earlier_race_comes_from_jolpica(network: Network, store: Store) -> None:
    network.season = told(1996)
    network.laps = [replace(toy_race(), source="jolpica", season=1996)]
    assert load_race(1996, "toyland", store=store).source == "jolpica"
    assert network.asked == ["jolpica 1996", "jolpica 1996 [1]"]
    assert store.load_season(1996).events.height == 2


def test_results_of_a_race_run_since_are_fetched_with_it(network: Network, store: Store) -> None:
    store.add_season(told(2023, with_results=False))
    network.season = told(2023)
    network.stream = replace(toy_race(), source="livetiming")
    race = load_race(2023, 1, store=store)
    assert network.asked == ["livetiming 2023 Toy Grand Prix race", "jolpica 2023"]
    assert race.classification.height == 3


def test_a_race_can_be_told_without_its_result(network: Network, store: Store) -> None:
    store.add_season(told(2023, with_results=False))
    network.stream = replace(toy_race(), source="livetiming")
    assert load_race(2023, 1, store=store).classification.is_empty()


def test_a_race_nobody_timed_is_not_found(network: Network, store: Store) -> None:
    network.season = told(1955)
    with pytest.raises(NotFoundError, match="no lap times of the race of 1955 Toy Grand Prix"):
        load_race(1955, 1, store=store)


def test_races_alone_do_not_make_a_calendar(network: Network, store: Store) -> None:
    store.add_race(toy_race())
    network.season = told(2023)
    with pytest.raises(NotFoundError, match="no event 'nowhere'"):
        load_race(2023, "nowhere", store=store)
    assert network.asked == ["jolpica 2023"]


def test_an_unknown_event_of_a_known_calendar_is_not_fetched(
    network: Network, own_store: Path
) -> None:
    with pytest.raises(NotFoundError, match="no event 'nowhere' in 2023"):
        load_race(2023, "nowhere")
    assert network.asked == []


def test_a_sprint_that_was_not_run_is_not_fetched(network: Network, own_store: Path) -> None:
    with pytest.raises(NotFoundError, match="2023 Mexico City Grand Prix had no sprint"):
        load_race(2023, "mexico", session="sprint")
    assert network.asked == []


RACES = "2023 Mexico City Grand Prix, 2023 São Paulo Grand Prix"


@pytest.mark.parametrize(
    ("ask", "what", "stored"),
    [
        (lambda: load_race(2023, "bahrain"), "the 2023 Bahrain Grand Prix is not stored", RACES),
        (lambda: load_race(2023, "brazil", session="sprint"), "Paulo Grand Prix sprint is", RACES),
        (lambda: load_race(1988, 1), "the 1988 Brazilian Grand Prix is not stored", RACES),
        (lambda: load_season(2026), "the season 2026 is not stored", "the seasons 1950 to 2025"),
    ],
)
def test_offline_the_error_says_so_and_names_what_is_stored(
    network: Network, own_store: Path, ask: Callable[[], object], what: str, stored: str
) -> None:
    with pytest.raises(UnreachableError) as error:
        ask()
    assert what in error.value.message
    assert "could not be fetched: " in error.value.message
    assert "no answer from" in error.value.message
    assert f"stored: {stored}" in error.value.hint


def test_nothing_stored_is_said_too(network: Network, store: Store) -> None:
    with pytest.raises(UnreachableError) as error:
        load_race(1988, 1, store=store)
    assert "no race is stored" in error.value.hint


def test_a_fetch_that_fails_stores_nothing(network: Network, store: Store) -> None:
    with pytest.raises(UnreachableError):
        load_race(2023, 1, store=store)
    assert not store.folder.exists()


@pytest.mark.parametrize("season", [1949, -1, 99_999])
def test_a_season_there_can_not_be(season: int) -> None:
    with pytest.raises(ArgumentError, match=f"no season {season}"):
        load_race(season, 1)
    with pytest.raises(ArgumentError):
        load_season(season)


def test_a_session_there_is_not() -> None:
    with pytest.raises(ArgumentError, match="no session 'qualifying'"):
        load_race(2023, 20, session="qualifying")  # type: ignore[arg-type]


def test_two_accounts_of_the_sample_race(own_store: Path) -> None:
    store = Store(own_store)
    store.add_season(sample_season())
    store.add_race(replace(sample_race(20), source="again"))
    race = load_race(2023, 20)
    assert race.source == "again+sample"
    assert race.crossings.height == 3250
