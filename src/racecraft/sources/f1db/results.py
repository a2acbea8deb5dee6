"""Results of f1db: places, letters for those without one, grids, penalties, shared cars."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping

# Letters of the Ergast schema for those who have no place.
LETTERS = {
    "DNF": "R", "NC": "N", "DSQ": "D", "EX": "E", "DNS": "W", "DNP": "W", "DNQ": "F", "DNPQ": "F",
}  # fmt: skip
STATUS = {
    "DNF": "Retired", "NC": "Not classified", "DSQ": "Disqualified", "EX": "Excluded",
    "DNS": "Did not start", "DNP": "Did not practise", "DNQ": "Did not qualify",
    "DNPQ": "Did not prequalify",
}  # fmt: skip
AT_THE_BACK = "SFB"
FROM_THE_PITS = "PL"

AT = ["season", "round"]


def results(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Results of races and sprints in order, with what led to them on the grid.

    Those who shared a car have its laps, its time and the reason why it retired.
    """
    rows = pl.concat(
        tables[name].with_columns(session=pl.lit(session))
        for name, session in (("race_results", "race"), ("sprint_race_results", "sprint"))
    )
    penalties = pl.concat(
        tables[name]
        .unique([*AT, "driver_id"], keep="first")
        .select(*AT, "driver_id", "grid_penalty", started="position", session=pl.lit(session))
        for name, session in (
            ("starting_grid_positions", "race"),
            ("sprint_starting_grid_positions", "sprint"),
        )
    )
    fastest = (
        tables["fastest_laps"]
        .unique([*AT, "driver_id"], keep="first")
        .select(
            *AT,
            "driver_id",
            fastest_lap="lap",
            fastest_lap_time="time",
            session=pl.lit("race"),
            number_then="driver_number",
        )
    )
    by_driver = [*AT, "session", "driver_id"]
    place = pl.col("position").cast(pl.Int16, strict=False)
    letter = pl.col("position").replace_strict(LETTERS, default="R", return_dtype=pl.String)
    of_car = [*AT, "session", "driver_number", "position"]
    shared = pl.col("shared_car").eq("true").fill_null(value=False)
    classified = place.is_not_null()
    twice = pl.len().over(by_driver) > 1
    first_of_car = pl.col("number_then").is_null() | (
        pl.col("number_then") == pl.col("driver_number")
    )
    rows = (
        rows.join(penalties, on=by_driver, how="left", maintain_order="left")
        .join(fastest, on=by_driver, how="left", maintain_order="left")
        .with_columns(
            car_laps=pl.when(classified | shared).then(pl.col("laps").max().over(of_car)),
            car_reason=pl.when(shared).then(
                pl.col("reason_retired").drop_nulls().first().over(of_car)
            ),
            car_gap=pl.when(classified).then(pl.col("gap").first().over(of_car)),
            car_time=pl.when(classified).then(pl.col("time").max().over(of_car)),
            any_shared=shared.any().over(of_car) & pl.col("driver_number").is_not_null(),
            own_fastest=~twice | first_of_car,
        )
    )
    never = pl.col("position").is_in(["DNS", "DNP", "DNQ", "DNPQ"])
    pits = (pl.col("grid_position") == FROM_THE_PITS).fill_null(value=False)
    grid = pl.col("grid_position").cast(pl.Int16, strict=False)
    laps = pl.coalesce("laps", "car_laps", pl.when(never).then(0))
    return rows.select(
        "season",
        "round",
        "session",
        "order",
        "driver_id",
        "team",
        pl.coalesce("points", pl.lit(0.0)).alias("points"),
        pl.when("own_fastest").then("fastest_lap").alias("fastest_lap"),
        pl.when("own_fastest").then("fastest_lap_time").alias("fastest_lap_time"),
        "time_penalty",
        position=place,
        position_text=pl.when(classified).then(place.cast(pl.String)).otherwise(letter),
        number="driver_number",
        grid=grid,
        laps=laps,
        time=pl.coalesce("time", "car_time"),
        status=pl.coalesce("reason_retired", "car_reason", _finish(classified)),
        pit_lane_start=pl.when(pits).then(statement=True).when(grid.is_not_null()).then(
            statement=False
        ),
        grid_penalty=pl.col("grid_penalty").replace(AT_THE_BACK, "back"),
        shared_car=pl.col("any_shared") | shared,
    ).with_columns(
        time=pl.when(
            pl.col("laps") >= pl.col("laps").filter(pl.col("position") == 1).max().over(
                [*AT, "session"]
            )
        ).then("time")
    )  # fmt: skip


def _finish(classified: pl.Expr) -> pl.Expr:
    """How a race ended where no reason is given: on the lead lap, laps down, or not at all."""
    down = pl.coalesce("gap", "car_gap").str.extract(r"^\+(\d+) laps?$").cast(pl.Int16)
    behind = pl.when(down == 1).then(pl.lit("+1 Lap")).otherwise(pl.format("+{} Laps", down))
    other = pl.col("position").replace_strict(STATUS, default="Retired", return_dtype=pl.String)
    return (
        pl.when(classified & down.is_null()).then(pl.lit("Finished"))
        .when(classified).then(behind).otherwise(other)
    )  # fmt: skip
