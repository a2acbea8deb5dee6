"""Form on seasons whose changes are known."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from racecraft.analysis.form.change_point import change_point
from racecraft.analysis.form.form import form
from racecraft.errors import NotEnoughDataError, NotFoundError
from racecraft.model.season import Season
from racecraft.sources.sample.sample import sample_race, sample_season

ROUNDS = 16
DRIVERS = ("AAA", "BBB", "CCC", "DDD", "EEE", "FFF")


def season_of(change_pct: float, *, wet_round: int | None = None, seed: int = 5) -> Season:
    """Season of six drivers; FFF is slower by so much from round 9 on."""
    rng = np.random.default_rng(seed)
    qualifying = []
    for number in range(1, ROUNDS + 1):
        for place, driver in enumerate(DRIVERS):
            own = 0.2 * place + (change_pct if driver == "FFF" and number >= 9 else 0.0)
            lap = 80 * (1 + (own + rng.normal(0, 0.15)) / 100)
            times = [lap * (1.006 - 0.003 * part) + rng.normal(0, 0.05) for part in range(3)]
            if number == wet_round:
                times = [time * (1 + 0.08 * part) for part, time in enumerate(times)]
            row = {f"q{part + 1}": timedelta(seconds=time) for part, time in enumerate(times)}
            qualifying.append({"event": f"e{number}", "driver": driver, "position": place, **row})
    events = [{"event": f"e{n}", "round": n, "name": f"Event {n}"} for n in range(1, ROUNDS + 1)]
    results = [
        {"event": f"e{n}", "session": "race", "driver": driver, "order": i, "as_of": None,
         "team": f"Team {i // 2}", "laps": 50, "fastest_lap_time": timedelta(seconds=85 + 0.1 * i)}
        for n in range(1, ROUNDS + 1)
        for i, driver in enumerate(DRIVERS)
    ]  # fmt: skip
    return Season(
        season=2023,
        events=pl.DataFrame(events),
        qualifying=pl.DataFrame(qualifying),
        results=pl.DataFrame(results),
    )


def test_a_change_is_dated_and_measured() -> None:
    found = form(season_of(1.2), "FFF")
    assert found.change_point["measure"] == "quali"
    assert abs(found.change_point["round"] - 9) <= 1
    change = found.change_point["after_pct"] - found.change_point["before_pct"]
    assert change == pytest.approx(1.2, abs=0.3)
    assert "slower in qualifying from round" in found.sentence


def test_nothing_is_said_to_change_where_nothing_did() -> None:
    for driver in DRIVERS:
        found = form(season_of(0.0), driver)
        assert found.change_point is None
        assert found.sentence.startswith("Nothing changed that the data supports")


def test_the_team_mate_is_who_drove_the_other_car() -> None:
    rounds = form(season_of(0.0), "FFF").rounds
    assert rounds["mate"].unique().to_list() == ["EEE"]
    assert rounds["quali_to_mate_pct"].mean() == pytest.approx(0.2, abs=0.15)


def test_a_wet_qualifying_is_marked_and_left_out_of_the_trend() -> None:
    rounds = form(season_of(0.0, wet_round=3), "FFF").rounds
    assert rounds.filter("quali_wet")["round"].to_list() == [3]


def test_fastest_laps_stand_in_and_are_a_doubt() -> None:
    found = form(season_of(0.0), "AAA")
    assert set(found.rounds["race_basis"]) == {"fastest_lap"}
    assert "16 of 16" in found.doubts["reason"][0]


def test_laps_are_used_where_they_are_known() -> None:
    found = form(sample_season(), "PER", races=[sample_race()])
    row = found.rounds.filter(round=20, session="race")
    assert row["race_basis"].item() == "laps"
    assert row["race_error_pct"].item() < 0.3


def test_sprints_have_rows_of_their_own() -> None:
    rounds = form(sample_season(), "PER").rounds
    assert rounds.filter(session="sprint")["round"].to_list() == [4, 9, 18, 20]
    assert rounds.filter(session="sprint")["quali_pct"].is_null().all()


def test_who_took_no_part_and_who_left_no_trace() -> None:
    with pytest.raises(NotFoundError, match="no driver 'XXX'"):
        form(sample_season(), "XXX")
    season = sample_season()
    bare = Season(season=2023, events=season.events, results=season.results.with_columns(
        fastest_lap_time=pl.lit(None, pl.Duration("us"))))  # fmt: skip
    with pytest.raises(NotEnoughDataError, match="how fast PER was"):
        form(bare, "PER")


def test_a_series_too_short_has_no_change() -> None:
    assert change_point(np.zeros(5), np.ones(5)) is None


def test_an_outlier_is_no_change() -> None:
    values = np.random.default_rng(3).normal(0, 0.2, 20)
    values[19] = 9.0
    found = change_point(values, np.full(20, 0.1))
    assert found is not None
    assert found.probability < 0.5


def test_a_trend_is_no_change() -> None:
    values = np.linspace(0, 1.5, 20) + np.random.default_rng(3).normal(0, 0.1, 20)
    found = change_point(values, np.full(20, 0.1))
    assert found is not None
    assert found.trend_probability > 0.9
    assert found.trend == pytest.approx(1.5, abs=0.3)
