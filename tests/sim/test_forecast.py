from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import numpy as np
import polars as pl
import pytest

from own_season import own_season
from racecraft.errors import ArgumentError, NotEnoughDataError, NotFoundError
from racecraft.model.season import QUALIFYING, Season
from racecraft.sim.forecast import FORECAST, forecast
from racecraft.sim.prerace.field import Field, expected_field, field_of, fields
from racecraft.sources.sample.sample import sample_season

ORDERS = ["AAA BBB CCC DDD EEE", "AAA CCC BBB DDD EEE", "BBB AAA CCC EEE DDD"] * 3


def own(orders=ORDERS, **changes) -> Season:
    return own_season(orders, **changes)


def with_grid(season: Season, event: str, grid: str) -> Season:
    slots = {driver: i for i, driver in enumerate(grid.split(), start=1)}
    slot = pl.col("driver").replace_strict(slots, default=None, return_dtype=pl.Int16)
    changed = pl.when(pl.col("event") == event).then(slot).otherwise("grid")
    return remade(season, results=season.results.with_columns(grid=changed))


def with_qualifying(season: Season, event: str, laps: dict[str, float]) -> Season:
    rows = [
        {
            "event": event,
            "position": place,
            "driver": driver,
            "q1": timedelta(seconds=laps[driver]),
        }
        for place, driver in enumerate(sorted(laps, key=laps.__getitem__), start=1)
    ]
    return remade(season, qualifying=QUALIFYING.rows(rows))


def remade(season: Season, **tables: pl.DataFrame) -> Season:
    return Season(season=season.season, **{**season.tables, **tables})


@pytest.fixture(scope="module")
def season() -> Season:
    return sample_season()


@pytest.mark.parametrize("before", ["qualifying", "race"])
@pytest.mark.parametrize("event", [1, 2, "Monaco", 22])
def test_chances_add_up(season: Season, event: int | str, before) -> None:
    table = forecast(season, event, before=before)
    places = np.array(table["places"].to_list())
    assert FORECAST.check(table).equals(table)
    assert np.isfinite(places).all()
    assert (places > 0).all()
    assert places.sum(axis=0) == pytest.approx(np.ones(len(places)), abs=1e-5)
    assert places.sum(axis=1) == pytest.approx(np.ones(len(places)), abs=1e-9)
    assert table["win"].to_list() == places[:, 0].tolist()
    assert table["podium"].sum() == pytest.approx(3)
    assert table["points_finish"].sum() == pytest.approx(10, abs=1e-4)
    assert table["expected_points"].sum() == pytest.approx(102, abs=1), "101 and the fastest lap"
    assert (table["error"] > 0).all()
    assert table["win"].is_sorted(descending=True)


def test_the_same_seed_gives_the_same_answer(season: Season) -> None:
    once = forecast(season, 10, seed=3)
    assert once.equals(forecast(season, 10, seed=3))
    other = forecast(season, 10, seed=4)
    assert once["places"].to_list() == other["places"].to_list(), "chances are computed"
    assert once["error"].to_list() != other["error"].to_list(), "errors are drawn"


def test_nothing_that_came_later_is_looked_at(season: Season) -> None:
    whole = forecast(season, 10)
    rounds = dict(season.events.select("event", "round").iter_rows())
    event = next(name for name, number in rounds.items() if number == 10)
    later = pl.col("event").replace_strict(rounds, return_dtype=pl.Int16) > 10
    own_race = (pl.col("event") == event) & (pl.col("session") == "race")
    hidden = season.results.filter(~later).with_columns(
        *(
            pl.when(own_race).then(None).otherwise(name).alias(name)
            for name in ("position", "laps", "time", "status", "points", "fastest_lap_time")
        ),
        position_text=pl.when(own_race).then(None).otherwise("position_text"),
    )
    shuffled = hidden.with_columns(
        order=pl.when(own_race).then(21 - pl.col("order")).otherwise("order").cast(pl.Int16)
    )
    cut = remade(season, results=shuffled, qualifying=season.qualifying.filter(~later))
    assert forecast(cut, 10).equals(whole)


def test_the_grid_matters_and_may_be_another(season: Season) -> None:
    grid = forecast(season, "Abu Dhabi").sort("grid")["driver"].to_list()
    assert grid[0] == "VER"
    last = [*grid[1:], "VER"]
    behind = forecast(season, "Abu Dhabi", grid=last)
    chance = dict(behind.select("driver", "win").iter_rows())
    assert chance["VER"] < 0.6 * forecast(season, "Abu Dhabi").filter(driver="VER")["win"].item()
    named = forecast(season, "Abu Dhabi", grid=["leclerc", 81])
    assert named.sort("grid")["driver"].to_list()[:3] == ["LEC", "PIA", "VER"]


def test_who_wins_all_is_expected_to_win() -> None:
    table = forecast(own(["AAA BBB CCC DDD EEE"] * 9, to_come=1), 10, before="qualifying")
    assert table["driver"][0] == "AAA"
    assert table["basis"].unique().to_list() == ["form"]
    assert table["grid"].null_count() == 5


def test_a_race_to_come_is_seen_with_its_qualifying() -> None:
    season = own(to_come=1)
    laps = {"AAA": 81.0, "BBB": 80.5, "CCC": 80.0, "DDD": 80.2, "EEE": 82.0}
    seen = forecast(with_qualifying(season, "race-10", laps), 10)
    assert seen["basis"].unique().to_list() == ["qualifying"]
    assert seen.sort("grid")["driver"].to_list() == ["CCC", "DDD", "BBB", "AAA", "EEE"]
    unseen = forecast(season, 10)
    assert unseen["basis"].unique().to_list() == ["form"]

    def chance(table: pl.DataFrame, driver: str) -> float:
        return float(table.filter(driver=driver)["win"].item())

    assert chance(seen, "CCC") > chance(unseen, "CCC")
    assert chance(seen, "AAA") < chance(unseen, "AAA")


def test_the_first_race_of_a_season_is_seen_with_its_qualifying() -> None:
    laps = {"AAA": 80.0, "BBB": 80.5, "CCC": 81.0, "DDD": 81.2, "EEE": 82.0, "FFF": 81.5}
    new = own([], year=2013, to_come=1)
    drivers = pl.DataFrame({"driver": list(laps), "driver_id": [name.lower() for name in laps]})
    season = with_qualifying(remade(new, drivers=drivers), "race-1", laps)
    table = forecast(season, 1, history=[own()])
    assert dict(table.select("driver", "team").iter_rows())["CCC"] == "blue"
    assert dict(table.select("driver", "team").iter_rows())["FFF"] == "", "nobody knows"
    assert table["driver"][0] == "AAA"


def test_the_better_slot_has_the_better_chance_where_nothing_else_is_known() -> None:
    season = with_grid(own(["AAA BBB CCC DDD EEE"]), "race-1", "EEE DDD CCC BBB AAA")
    table = forecast(season, 1)
    assert table["driver"].to_list() == ["EEE", "DDD", "CCC", "BBB", "AAA"]
    for better, worse in pairwise(table["expected_place"].to_list()):
        assert better < worse


def test_reliability_is_learnt() -> None:
    out = dict.fromkeys(range(1, 16), "EEE")
    season = own(["AAA BBB CCC DDD"] * 15, retired=out, to_come=1)
    table = forecast(season, 16)
    assert table.sort("retires")["driver"][-1] == "EEE"


def test_a_source_without_a_rulebook_has_no_points() -> None:
    table = forecast(own(["AAA BBB CCC DDD EEE"] * 3, year=2099, to_come=1), 4)
    assert table["expected_points"].null_count() == table.height
    assert table["win"].sum() == pytest.approx(1)


def test_errors_say_what_is_wrong(season: Season) -> None:
    with pytest.raises(NotFoundError):
        forecast(season, "Atlantis")
    with pytest.raises(NotFoundError, match="Senna"):
        forecast(season, 5, grid=["Senna"])
    with pytest.raises(ArgumentError, match="twice"):
        forecast(season, 5, grid=["VER", "verstappen"])
    with pytest.raises(ArgumentError, match="draws=1"):
        forecast(season, 5, draws=1)
    with pytest.raises(ArgumentError, match="seed=-1"):
        forecast(season, 5, seed=-1)
    with pytest.raises(ArgumentError, match=r"seed=1\.5"):
        forecast(season, 5, seed=1.5)  # type: ignore[arg-type]
    with pytest.raises(NotEnoughDataError, match="nobody"):
        forecast(own([], to_come=2), 1)
    with pytest.raises(NotEnoughDataError, match="neither grid nor qualifying"):
        forecast(own(to_come=1), 10, before="race")
    alone = own(["AAA BBB CCC"], to_come=1)
    with pytest.raises(NotEnoughDataError, match="needs two"):
        forecast(with_qualifying(alone, "race-2", {"AAA": 80.0}), 2)


def test_the_track_that_gets_faster_is_allowed_for() -> None:
    laps = {
        "AAA": (82.0, 81.0), "BBB": (82.2, 81.2), "CCC": (82.4, 81.4), "DDD": (82.6, 81.6),
        "EEE": (82.1, None),
    }  # fmt: skip
    rows = [
        {
            "event": "race-1",
            "position": place,
            "driver": driver,
            "q1": timedelta(seconds=first),
            "q2": None if second is None else timedelta(seconds=second),
        }
        for place, (driver, (first, second)) in enumerate(laps.items(), start=1)
    ]
    season = remade(own(), qualifying=QUALIFYING.rows(rows))
    field = field_of(season, "race-1")
    assert field is not None
    pace = dict(zip(field.codes, field.pace.tolist(), strict=True))
    assert pace["AAA"] == pytest.approx(0)
    assert 0 < pace["EEE"] < pace["BBB"]


def test_pit_lane_starters_come_last_and_those_who_did_not_start_are_left_out() -> None:
    season = with_grid(own(["AAA BBB CCC DDD EEE"]), "race-1", "BBB CCC DDD EEE")
    away = pl.col("driver") == "DDD"
    season = remade(
        season,
        results=season.results.with_columns(
            position=pl.when(away).then(None).otherwise("position"),
            position_text=pl.when(away).then(pl.lit("W")).otherwise("position_text"),
        ),
    )
    field = field_of(season, "race-1")
    assert field is not None
    assert field.codes == ("BBB", "CCC", "EEE", "AAA")


def test_a_field_is_expected_where_nothing_is_known() -> None:
    season = own(to_come=1)
    past: list[Field] = fields(season)
    field = expected_field(season, "race-10", past)
    assert field is not None
    assert sorted(field.codes) == ["AAA", "BBB", "CCC", "DDD", "EEE"]
    assert expected_field(own([], to_come=1), "race-1", []) is None


def test_lapped_cars_are_laps_behind() -> None:
    season = own(["AAA BBB CCC"])
    times = [timedelta(seconds=6000), timedelta(seconds=6060), None]
    results = season.results.with_columns(
        laps=pl.Series([60, 60, 58], dtype=pl.Int16),
        time=pl.Series(times, dtype=pl.Duration("us")),
    )
    result = fields(remade(season, results=results))[0].result
    assert result is not None
    assert result.behind == pytest.approx([0, 1, 100 * (60 / 58 - 1)])
