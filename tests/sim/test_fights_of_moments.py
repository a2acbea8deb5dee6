"""Who held off whom, who had the lead back, who was away at the start, what belongs together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from own_race import laps_of, race_of
from racecraft.show.moments import opening_rows
from racecraft.sim.moments.facts import read
from racecraft.sim.moments.happening import Happening
from racecraft.sim.moments.moments import moments
from racecraft.sim.moments.outlook import Outlook, of_those_who_started
from racecraft.sim.moments.told_once import told_once

FIELD = ("VER", "HAM", "ALO", "SAI", "LEC", "BOT", "NOR")


def field(laps: int = 12, apart: float = 3.0) -> dict[str, list[float]]:
    return {car: laps_of(*[90] * laps, start=i * apart) for i, car in enumerate(FIELD)}


def test_who_is_caught_and_not_passed_held_the_other_off() -> None:
    closing = laps_of(*[90] * 5, 85, *[90] * 6, start=5.6)
    table = moments(race_of(field(apart=6.0) | {"HAM": closing}), simulated=False)
    told = table.filter(kind="battle")["sentence"].to_list()
    assert any(one.startswith("VER held off HAM for the lead on laps 6 to 12, to") for one in told)


def test_a_win_held_to_the_flag_by_less_than_a_second_is_told_among_the_first() -> None:
    closing = laps_of(*[90] * 9, 85.4, 90, 90, start=5.2)
    cars = field(apart=6.0) | {"HAM": closing, "ALO": laps_of(90, 90, 150, *[90] * 9, start=12)}
    table = moments(race_of(cars), simulated=False)
    row = table.filter(kind="battle").row(0, named=True)
    assert row["rank"] <= 2
    assert "VER held off HAM for the lead" in row["sentence"]
    behind_it = race_of(cars, control=[("SC", 1000, 1100)])
    assert moments(behind_it, simulated=False).filter(kind="battle", rank=1).is_empty()


def test_a_fight_that_ended_with_a_pass_was_held_until_then() -> None:
    closing = laps_of(*[90] * 5, 85, 90, 90, 90, 89, 88, 90, start=5.6)
    table = moments(race_of(field(apart=6.0) | {"HAM": closing}), simulated=False)
    known = [read(facts) for facts in table.filter(kind="battle")["facts"]]
    assert [(one["cars"], one["start_lap"], one["end_lap"]) for one in known if one["held"]] == [
        (["VER", "HAM"], 6, 9)
    ]
    assert table.filter(kind="lead change")["lap"].to_list() == [10]


def test_a_lead_that_comes_back_by_a_stop_of_another_opens_no_story() -> None:
    stop = [90, 90, 90, 110, *[90] * 8]
    far = {car: laps_of(*[90] * 12, start=60 + i) for i, car in enumerate(FIELD)}
    cars = far | {"VER": laps_of(*stop), "HAM": laps_of(*[90] * 6, 112, *[90] * 5, start=3)}
    race = race_of(cars, visits=[("VER", 4, 355.0, 377.0), ("HAM", 7, 630.0, 652.0)])
    table = moments(race, simulated=False)
    back = table.filter(kind="lead change").sort("lap").row(-1, named=True)
    assert back["sentence"].startswith("VER had the lead back on lap 7 as HAM stopped and kept it")
    assert read(back["facts"])["regained"]
    start = table.filter(kind="start")
    assert start.is_empty() or back["rank"] not in opening_rows(table)["rank"].to_list()


def test_who_is_away_at_the_start_leaves_the_others_what_he_could_expect() -> None:
    rows = {"order": [1, 2], "car": ["HAM", "VER"], "position": [1, None],
            "position_text": ["1", "W"], "laps": [10, 0]}  # fmt: skip
    race = replace(race_of(field()), classification=pl.DataFrame(rows))
    win = np.array([[0.5, 0.3, 0.2], [0.0, 0.9, 0.1]])
    outlook = Outlook(
        cars=("VER", "HAM", "ALO"), win=win, podium=win * 2, points=win * 40, title=None,
        error=win * 0, basis="formula",
    )  # fmt: skip
    known = of_those_who_started(race, outlook)
    assert known.win.tolist() == [[0.0, 0.6, 0.4], [0.0, 0.9, 0.1]]
    assert known.podium[0].tolist() == [0.0, 1.0, 0.8]
    assert known.points[0].sum() == outlook.points[0].sum()


def test_trouble_just_before_the_flag_and_its_penalty_are_one() -> None:
    trouble = Happening(
        kind="incident", lap=70, last_lap=70, before=69, after=70, cars=("ALB",),
        facts={"penalised": "HAM", "gone": {}},
    )  # fmt: skip
    penalty = Happening(
        kind="penalty", lap=71, last_lap=71, before=71, after=72, cars=("HAM", "SAI"),
        facts={"places": 4, "road": 3, "now": 7},
    )  # fmt: skip
    (told,) = told_once([trouble, penalty])
    assert (told.cars, told.before, told.after) == (("ALB", "HAM"), 69, 72)
    assert (told.facts["road"], told.facts["official"]) == (3, 7)
    early = replace(trouble, lap=60)
    assert len(told_once([early, penalty])) == 2, "much else may have happened since"


def test_several_who_got_ahead_of_one_by_staying_out_are_told_together() -> None:
    first = Happening(
        kind="overcut", lap=31, last_lap=32, before=28, after=32, cars=("VET", "HAM", "GAS"),
        facts={"position": 5, "loser_lap": 29},
    )  # fmt: skip
    second = Happening(
        kind="overcut", lap=35, last_lap=36, before=28, after=36, cars=("PER", "HAM", "VET"),
        facts={"position": 4, "loser_lap": 31},
    )  # fmt: skip
    (told,) = told_once([first, second])
    assert told.cars == ("PER", "VET", "HAM", "GAS")
    assert told.facts["gainers"] == 2
    late = replace(second, last_lap=50)
    assert len(told_once([first, late])) == 2
