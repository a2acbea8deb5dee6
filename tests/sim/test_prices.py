from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from own_season import own_season
from racecraft.errors import ArgumentError, NotFoundError, UnreadableError
from racecraft.sim.forecast import forecast
from racecraft.sim.prices import against

if TYPE_CHECKING:
    from racecraft.model.season import Season

ORDERS = ["AAA BBB CCC DDD EEE"] * 4


@pytest.fixture(scope="module")
def season() -> Season:
    return own_season(ORDERS, to_come=1)


def prices(**columns: list[float]) -> pl.DataFrame:
    return pl.DataFrame({"driver": ["AAA", "BBB", "CCC", "DDD", "EEE"], **columns})


def test_the_margin_is_taken_out(season: Season) -> None:
    table = forecast(season, 4)
    told = against(table, prices(win=[2.0, 4.0, 5.0, 10.0, 10.0]), season, "race-4")
    assert told.scores["margin"].item() == pytest.approx(0.15)
    assert told.prices["priced"].sum() == pytest.approx(1)
    assert told.prices.filter(driver="AAA")["priced"].item() == pytest.approx(0.5 / 1.15)
    assert told.prices.filter("happened")["driver"].to_list() == ["AAA"]


def test_scores_by_hand(season: Season) -> None:
    table = forecast(season, 4)
    said = [0.5, 0.2, 0.1, 0.1, 0.1]
    scores = against(table, prices(win=said), season, "race-4").scores.row(0, named=True)
    assert scores["log_loss_priced"] == pytest.approx(np.log(2))
    assert scores["brier_priced"] == pytest.approx((0.25 + 0.04 + 0.03) / 5)
    own = table.filter(driver="AAA")["win"].item()
    assert scores["log_loss"] == pytest.approx(-np.log(own))


def test_a_race_to_come_has_no_scores(season: Season) -> None:
    table = forecast(season, 5)
    told = against(table, prices(podium=[0.9, 0.8, 0.7, 0.4, 0.2]), season, "race-5")
    assert told.scores["brier"].item() is None
    assert told.prices["happened"].null_count() == 5
    assert told.prices["priced"].sum() == pytest.approx(3)


def test_a_part_of_the_field_is_left_as_it_is(season: Season) -> None:
    table = forecast(season, 4)
    own = prices(win=[2.0, 4.0, 5.0, 10.0, 10.0]).head(2)
    told = against(table, own, season, "race-4")
    assert told.scores["margin"].item() is None
    assert told.prices.sort("driver")["priced"].to_list() == [0.5, 0.25]


def test_what_is_no_price_is_told(season: Season) -> None:
    table = forecast(season, 4)
    with pytest.raises(UnreadableError, match="columns driver"):
        against(table, pl.DataFrame({"driver": ["AAA"]}), season, "race-4")
    with pytest.raises(UnreadableError, match="no price"):
        against(table, prices(win=[-2.0, 4.0, 5.0, 10.0, 10.0]), season, "race-4")
    even = prices(win=[2.0] * 5)
    text = even.with_columns(win=pl.lit("evens"))
    strangers = even.with_columns(driver=pl.lit("ZZZ"))
    twice = even.with_columns(driver=pl.lit("AAA"))
    with pytest.raises(UnreadableError, match="no price"):
        against(table, text, season, "race-4")
    with pytest.raises(NotFoundError):
        against(table, strangers, season, "race-4")
    with pytest.raises(ArgumentError, match="two rows"):
        against(table, twice, season, "race-4")
