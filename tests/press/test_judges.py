"""The verdict on claims of the season that comes with the package, and that none breaks it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from itertools import product
from typing import TYPE_CHECKING, Any, get_args

import pytest

from gold_claims import question_of
from racecraft.history.results import History
from racecraft.model.rulebook.rules import Championship
from racecraft.press.claim import Entity
from racecraft.press.judging.decided import still_open
from racecraft.press.judging.judge import verdict
from racecraft.sources.sample.sample import sample_race, sample_season
from racecraft.title.clinch import clinch

if TYPE_CHECKING:
    from racecraft.press.judging.question import Question

ALONSO = Entity("driver", "alonso", "Fernando Alonso")
PEREZ = Entity("driver", "perez", "Sergio Pérez")
HAMILTON = Entity("driver", "hamilton", "Lewis Hamilton")
VERSTAPPEN = Entity("driver", "verstappen", "Max Verstappen")
STROLL = Entity("driver", "stroll", "Lance Stroll")
LECLERC = Entity("driver", "leclerc", "Charles Leclerc")
NORRIS = Entity("driver", "norris", "Lando Norris")
RED_BULL = Entity("team", "red_bull", "Red Bull")
MERCEDES = Entity("team", "mercedes", "Mercedes")
ASTON_MARTIN = Entity("team", "aston_martin", "Aston Martin")
NOBODY = Entity("person", "", "Helmut Marko")
INTERLAGOS = Entity("event", "2023-20", "2023 São Paulo Grand Prix")
SEASON = Entity("season", "2023", "2023")


@pytest.fixture(scope="module")
def record() -> History:
    """The sample season, with the timing of its two races."""
    races = {19: "mexico-city-grand-prix", 20: "sao-paulo-grand-prix"}
    return History(
        [sample_season()],
        race=lambda _, round_, kind: (
            sample_race(races[round_]) if kind == "race" and round_ in races else None
        ),
    )


def claim(kind: str, *subjects: Entity, value: Any = None, **rest: Any) -> Question:
    """A claim about the race in São Paulo, unless it says otherwise."""
    told = {"season": 2023, "round": 20, **rest}
    return question_of(claim_type=kind, subjects=subjects, value=value, **told)


SUPPORTED = [
    claim("finish_position", ALONSO, value=3),
    claim("finish_position", PEREZ, value="points"),
    claim("finish_position", PEREZ, value="outside top 3"),
    claim("finish_position", RED_BULL, value=1),
    claim("finish_position", PEREZ, value="top 5"),
    claim("podium", PEREZ, value=False),
    claim("sprint_position", VERSTAPPEN, value=1, session="sprint"),
    claim("grid_position", PEREZ, value=9),
    claim("grid_position", VERSTAPPEN, value="front row"),
    claim("grid_row", ALONSO, value=2),
    claim("qualifying_position", LECLERC, value=2),
    claim("team", ALONSO, scope={"team": ASTON_MARTIN}),
    claim("team", ALONSO, STROLL, relation="&"),
    claim("points_total", PEREZ, value=258.0),
    claim("points_gap", PEREZ, HAMILTON, relation="over", value=32.0),
    claim("points_gap", PEREZ, HAMILTON, relation="over", scope={"direction": "increased"}),
    claim("points_gap", PEREZ, HAMILTON, relation="over", value=20, scope={"before": True}),
    claim("standings_position", PEREZ, value=2),
    claim("standings_position", RED_BULL, value=1),
    claim("standings_places_between", PEREZ, ALONSO, value=2, relation="over"),
    claim("winning_margin", VERSTAPPEN, value=8.2, hedge="over"),
    claim("time_gap", ALONSO, PEREZ, relation="over", value=0.053),
    claim("time_gap", ALONSO, PEREZ, relation="over", value=0.05, scope={"decimals": 2}),
    claim("relative_order", ALONSO, scope={"other": PEREZ}, value="ahead of"),
    claim("relative_order", PEREZ, scope={"other": HAMILTON}, session="standings"),
    claim("retirement", LECLERC, value="did not start"),
    claim("retirement", PEREZ, value=True, round=19),
    claim("retirement_reason", PEREZ, value="collision", round=19),
    claim("season_count", VERSTAPPEN, value=17, unit="wins"),
    claim("season_count", VERSTAPPEN, value=16, unit="wins", scope={"before": True}),
    claim("season_count", VERSTAPPEN, value=77, unit="percent of wins", hedge="over"),
    claim("season_count", SEASON, value=3, unit="winners"),
    claim("calendar", INTERLAGOS, value=20, unit="round"),
    claim("calendar", INTERLAGOS, value=2, unit="races left"),
    claim("calendar", SEASON, value=22, unit="races"),
    claim("calendar", INTERLAGOS, scope={"next": Entity("event", "2023-21", "Las Vegas")}),
    claim("circuit", INTERLAGOS, value="São Paulo", scope={"place": "São Paulo"}),
    claim("date", INTERLAGOS, value=date(2023, 11, 5)),
    claim("date", INTERLAGOS, value="Sunday"),
    claim("lap_count", INTERLAGOS, value=71),
    claim("race_points", ALONSO, value=15),
    claim("car_number", PEREZ, value=11),
    claim("entry", LECLERC, value=False),
    claim("nationality", PEREZ, value="Mexico"),
    claim("home_race", PEREZ, value=True, round=19),
    claim("age", ALONSO, value=42),
    claim("lap_of_event", ALONSO, lap=71, scope={"kind": "overtake", "other": PEREZ}),
    claim("lap_of_event", PEREZ, lap=1, round=19, scope={"kind": "retirement"}),
    claim("lap_of_event", VERSTAPPEN, lap=10, scope={"kind": "lead"}),
    claim("lap_of_event", PEREZ, lap=70, scope={"kind": "position", "position": 3}),
    claim("pit_stop", ALONSO, value=2, unit="stops"),
    claim("pit_stop", ALONSO, value=25, unit="lap"),
    claim("position_swaps", ALONSO, PEREZ, relation="&", value=2),
    claim("red_flag", INTERLAGOS, value=True),
    claim("laps_led", VERSTAPPEN, value="almost all"),
    claim("title_math", PEREZ, value="open", scope={"position": 2}),
    claim("title_math", VERSTAPPEN, value="secured"),
    claim("title_math", PEREZ, value="secured", scope={"position": 2}, round=21),
    claim("title_math", RED_BULL, value="secured"),
    claim("titles", VERSTAPPEN, value={"season": 2023}),
    claim("titles", VERSTAPPEN, value={"season": 2023}, round=5, day=date(2024, 1, 1)),
    claim("titles", RED_BULL, value={"season": 2023}),
    claim("streak", PEREZ, value=1, unit="points finishes in a row"),
    claim("event", INTERLAGOS),
    claim("age", ALONSO, value=42, day=date(2023, 7, 29), scope={"birthday": True}),
    claim("age", PEREZ, value=34, day=date(2024, 1, 20), scope={"soon": True}),
    claim("calendar", INTERLAGOS, value=3, unit="races left", scope={"before": True}),
    claim("calendar", INTERLAGOS, value=3, unit="races left", scope={"day": True}),
    claim("season_count", VERSTAPPEN, value=85, unit="percent of wins", scope={"so_far": True}),
    claim("season_count", ALONSO, value=15, unit="points", round=1),
    claim("relative_order", LECLERC, scope={"other": PEREZ}, session="qualifying"),
    claim("relative_order", VERSTAPPEN, scope={"other": ALONSO}, session="grid"),
    claim("relative_order", ALONSO, scope={"other": LECLERC}),
    claim("relative_order", PEREZ, scope={"other": ALONSO}, value="behind"),
    claim("time_gap", INTERLAGOS, value=8.277),
    claim("time_gap", ALONSO, value=34.155),
    claim("time_gap", ALONSO, scope={"position": 2}, value=25.9, hedge="about"),
    claim("race_time", INTERLAGOS, value=7008.894),
    claim("retirement_count", INTERLAGOS, value=5),
    claim("fastest_lap", NORRIS, value=True),
    claim("fastest_lap", NORRIS, value=61, unit="lap"),
    claim("qualifying_position", VERSTAPPEN, value="pole"),
    claim("qualifying_position", LECLERC, value="front row"),
    claim("qualifying_position", ALONSO, value="top 4"),
    claim("qualifying_gap", VERSTAPPEN, LECLERC, relation="over", value=0.294),
    claim("standings_position", VERSTAPPEN, value="lead"),
    claim("standings_position", PEREZ, value="top 3"),
    claim("standings_position", PEREZ, value="not lead"),
    claim("points_gap", VERSTAPPEN, value=266),
    claim("title_math", HAMILTON, value="impossible"),
    claim("title_math", HAMILTON, value={"left": 52}),
    claim("title_math", VERSTAPPEN, value={"points": 3}, round=16),
    claim("title_math", PEREZ, value="only rival", round=16),
    claim("lap_of_event", ALONSO, lap=25, scope={"kind": "pit"}),
    claim("lap_of_event", VERSTAPPEN, scope={"kind": "lead"}),
    claim("lap_of_event", ALONSO, scope={"kind": "overtake", "other": PEREZ}),
    claim("retirement", ALONSO, value="retired", round=19),
    claim("date", INTERLAGOS, scope={"month": 11, "year": 2023}),
    claim("date", INTERLAGOS, scope={"days": 7}, day=date(2023, 10, 29)),
    claim("finish_position", Entity("driver", "magnussen", "Kevin Magnussen"), value="retired"),
    claim("first_since", VERSTAPPEN, value="maiden", unit="lead", round=1),
    claim("team", ALONSO, ASTON_MARTIN, relation="&"),
    claim("entry", NORRIS, value=True),
    claim("laps_led", VERSTAPPEN, value="most"),
    claim("red_flag", INTERLAGOS, value=1),
]

CONTRADICTED = [
    claim("finish_position", ALONSO, value=4),
    claim("finish_position", LECLERC, value=3),
    claim("podium", PEREZ, value=True),
    claim("grid_position", PEREZ, value=7),
    claim("team", ALONSO, scope={"team": MERCEDES}),
    claim("team", ALONSO, PEREZ, relation="&"),
    claim("points_total", PEREZ, value=259.0),
    claim("points_gap", HAMILTON, PEREZ, relation="over", value=32.0),
    claim("time_gap", ALONSO, PEREZ, relation="over", value=0.005),
    claim("time_gap", PEREZ, ALONSO, relation="over", value=0.053),
    claim("relative_order", PEREZ, scope={"other": ALONSO}),
    claim("retirement", PEREZ, value=True),
    claim("season_count", VERSTAPPEN, value=16, unit="wins"),
    claim("season_count", VERSTAPPEN, value=85, unit="percent of wins", hedge="over"),
    claim("calendar", INTERLAGOS, value=3, unit="races left"),
    claim("circuit", INTERLAGOS, value="Suzuka", scope={"place": "Suzuka"}),
    claim("date", INTERLAGOS, value="Saturday"),
    claim("age", ALONSO, value=41),
    claim("nationality", PEREZ, value="Spain"),
    claim("lap_of_event", ALONSO, lap=60, scope={"kind": "overtake", "other": PEREZ}),
    claim("position_swaps", ALONSO, PEREZ, relation="&", value=1),
    claim("title_math", PEREZ, value="secured", scope={"position": 2}),
    claim("title_math", HAMILTON, value="possible"),
    claim("laps_led", PEREZ, value=True),
    claim("titles", VERSTAPPEN, value={"season": 2023}, round=16),
    claim("titles", PEREZ, value={"season": 2023}),
]

UNCHECKABLE = [
    (claim("quote", PEREZ), "opinion"),
    (claim("weather", INTERLAGOS), "weather"),
    (claim("finish_position", NOBODY, value=1), "Marko"),
    (claim("finish_position", ALONSO, value=1, season=2012), "2012 is not stored"),
    (claim("career_count", ALONSO, value=32, unit="wins"), "before 2023 are not stored"),
    (claim("first_since", ALONSO, value="maiden", unit="wins"), "before 2023 are not stored"),
    (claim("home_race", PEREZ, value=True), "Mexican"),
    (claim("position_swaps", ALONSO, PEREZ, relation="&", value=9), "seen at timing lines"),
    (claim("safety_car", INTERLAGOS, round=1), "20"),
    (claim("lap_of_event", ALONSO, lap=1, round=1, scope={"kind": "lead"}), "timing"),
    (claim("incident", PEREZ, lap=71, scope={"other": ALONSO, "corner": 3}), "As far as timing"),
    (claim("race_distance", INTERLAGOS, value=306), "lengths"),
]


@pytest.mark.parametrize("one", SUPPORTED, ids=lambda one: f"{one.claim_type} {one.value}")
def test_what_is_so_is_supported(one: Question, record: History) -> None:
    found = verdict(one, record)
    assert found.verdict == "supported", found.reason
    assert found.reason.endswith(".")
    assert found.evidence


@pytest.mark.parametrize("one", CONTRADICTED, ids=lambda one: f"{one.claim_type} {one.value}")
def test_what_is_not_so_is_contradicted(one: Question, record: History) -> None:
    found = verdict(one, record)
    assert found.verdict == "contradicted", found.reason
    assert found.evidence


@pytest.mark.parametrize(
    ("one", "words"), UNCHECKABLE, ids=lambda one: getattr(one, "claim_type", one)
)
def test_what_cannot_be_told_says_why(one: Question, words: str, record: History) -> None:
    found = verdict(one, record)
    assert (found.verdict, words in found.reason) == ("uncheckable", True), found.reason


def test_a_season_that_is_not_stored_names_the_command(record: History) -> None:
    found = verdict(claim("points_total", ALONSO, value=61, season=2012, round=5), record)
    assert found.hint == "racecraft data add jolpica 2012"
    timed = verdict(claim("laps_led", VERSTAPPEN, value=57, round=1), record)
    assert timed.hint == 'racecraft data add fastf1 2023 "Bahrain Grand Prix"'


def test_the_reason_gives_the_figures(record: History) -> None:
    one = claim("time_gap", ALONSO, PEREZ, relation="over", value=0.005)
    assert verdict(one, record).reason == "Fernando Alonso was 0.053 s ahead of Sergio Pérez."
    gap = claim("points_gap", PEREZ, HAMILTON, relation="over", value=30)
    assert verdict(gap, record).reason == (
        "Sergio Pérez was 32 points ahead of Lewis Hamilton after the 2023 São Paulo Grand Prix: "
        "258 to 226."
    )


def test_all_but_certain_says_how_likely(record: History) -> None:
    one = claim("title_math", PEREZ, value="likely", scope={"position": 2})
    found = verdict(one, record)
    assert found.verdict == "uncheckable"
    assert 0.5 < found.found < 1
    assert "% of simulated seasons" in found.reason


def test_form_since_a_race_gives_its_error(record: History) -> None:
    one = claim("form", PEREZ, value="improved", scope={"since": (2023, 18)})
    assert "±" in verdict(one, record).reason


TYPES = sorted(
    {one.claim_type for one in [*SUPPORTED, *CONTRADICTED, *(u for u, _ in UNCHECKABLE)]}
)
VALUES: list[Any] = [None, True, "nonsense", 3, -1.5, {"season": 2023}, {}, [], date(2023, 11, 5)]
SUBJECTS = [(), (ALONSO,), (ALONSO, PEREZ), (RED_BULL,), (INTERLAGOS,), (SEASON,), (NOBODY,)]


@pytest.mark.parametrize(
    "kind", [*TYPES, "ranking", "debut_season", "retirement_count", "nonsense"]
)
def test_no_claim_breaks_it(kind: str, record: History) -> None:
    """Whatever is claimed of whomever, there is a verdict and a reason."""
    for subjects, value in product(SUBJECTS, VALUES):
        one = claim(kind, *subjects, value=value, unit="wins")
        for changed in (one, replace(one, season=None, round=None), replace(one, lap=70)):
            found = verdict(changed, record)
            assert found.reason
            json.dumps([found.found, *found.evidence])


@pytest.mark.parametrize("kind", get_args(Championship))
def test_a_title_that_is_plainly_open_is_not_proven_to_be_secured(kind: Championship) -> None:
    season = sample_season()
    history = History([season])
    leader = history.standings(2023, 4, kind=kind)[0].id
    seen = []
    for round_ in (4, 12, 15, 16, 17, 18):
        secured = clinch(season, after=round_, kind=kind, look_ahead=False).secured
        seen.append((still_open(history, 2023, round_, leader, kind), secured))
    assert (True, True) not in seen
    assert seen[0] == (True, False)
    assert seen[-1] == (False, True)
    assert not still_open(history, 1990, 3, leader, kind)
