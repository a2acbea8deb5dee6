"""Positions in another frame are doubted: another scale, mirrored, of another track."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from racecraft.sources.shared.frame_doubts import frame_doubts
from racecraft.sources.tracinginsights import session

if TYPE_CHECKING:
    from pathlib import Path

    from racecraft.model.race import Race


@pytest.fixture(scope="module")
def race(shared: Path) -> Race:
    folder = shared / "data" / "telemetry" / "2025 Dutch Grand Prix" / "Race"
    files = session.fetch_folder(folder, telemetry=True, progress=None)
    return session.parse(files, season=2025, event="Dutch Grand Prix", session="race")


def doubted(race: Race, *changed: pl.Expr, car: str | None = None) -> list[tuple[object, str]]:
    assert race.telemetry is not None
    assert race.positions is not None
    mine = pl.lit(value=True) if car is None else pl.col("car") == car
    moved = [pl.when(mine).then(one).otherwise(one.meta.output_name()).alias(one.meta.output_name())
             for one in changed]  # fmt: skip
    places = race.positions.collect().with_columns(moved)
    rows = frame_doubts(race.telemetry.collect(), places, race.corners)
    return [(row.get("car"), str(row["reason"])) for row in rows]


def test_nothing_is_doubted_of_positions_in_their_own_frame(race: Race) -> None:
    assert doubted(race) == []


@pytest.mark.parametrize("scale", [0.1, 10.0])
def test_another_scale(race: Race, scale: float) -> None:
    told = doubted(race, pl.col("x_m") * scale, pl.col("y_m") * scale)
    assert sum("another scale" in reason for _, reason in told) > 10


def test_mirrored(race: Race) -> None:
    [(car, reason)] = doubted(race, -pl.col("x_m"))
    assert car is None
    assert "mirrored" in reason


def test_one_car_in_another_frame(race: Race) -> None:
    told = doubted(race, pl.col("x_m") + 3000, car="NOR")
    assert [car for car, _ in told] == ["NOR"]
