"""Random but lawful races and seasons.

What makes a race different in kind (cars, laps, lines, who retires, who pits, what control
declares) is drawn one by one, so that hypothesis can shrink it; the seconds come from one seed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl
from hypothesis import strategies as st

from racecraft.model.race import CLASSIFICATION, Race, event_id
from racecraft.model.season import SEASON_TABLES, Season
from racecraft.model.terms import THE_LINE

DRIVERS = ("VER", "PER", "ALO", "HAM", "RUS", "NOR", "SAI", "GAS")
LINES = {
    1: (THE_LINE,),
    3: ("S1", "S2", THE_LINE),
    4: ("S1", "S2", "S3.1", THE_LINE),
    5: ("S1.1", "S1", "S2", "S3.1", THE_LINE),
    6: ("S1.1", "S1", "S2.1", "S2", "S3.1", THE_LINE),
}
POINTS = (25, 18, 15, 12, 10, 8, 6, 4)
MS = 1000  # times are drawn in whole milliseconds and kept in microseconds
PIT_MS = (3_000, 18_000)  # lost before, and after, the Line on a visit to the pits


@dataclass(frozen=True)
class _Shape:
    """What makes one random race different in kind from another."""

    drivers: tuple[str, ...]  # in grid order
    laps: int
    lines: tuple[str, ...]
    absent: frozenset[str]  # did not start
    out: dict[str, int]  # retired after so many crossings
    pits: dict[str, frozenset[int]]  # laps on which the pit lane was entered
    pace: dict[str, float]  # 1 is the fastest; at 1.5 a car is lapped on lap 3
    control: tuple[tuple[str, float, float], ...]  # state, begin and end as shares of the race
    penalty: str  # given five seconds after the flag; empty for nobody
    whole: bool  # no two cars at the same time
    hidden: int  # so many crossings in a thousand are missing
    seed: int


@st.composite
def races(draw: st.DrawFn, *, min_cars: int = 2, whole: bool = False) -> Race:
    """Races of 2 to 8 cars over 2 to 12 laps.

    ``whole`` ones miss no crossing, and no two cars cross a line at the same time.
    """
    shape = draw(_shapes(min_cars, whole))
    return _race(shape)


@st.composite
def _shapes(draw: st.DrawFn, min_cars: int, whole: bool) -> _Shape:
    drivers = tuple(draw(st.permutations(DRIVERS))[: draw(st.integers(min_cars, len(DRIVERS)))])
    laps = draw(st.integers(2, 12))
    lines = LINES[draw(st.sampled_from(sorted(LINES)))]
    some = st.lists(st.sampled_from(drivers[1:]), unique=True, max_size=2)
    absent = frozenset(draw(some)) if len(drivers) > min_cars else frozenset()
    out = {
        driver: draw(st.integers(0, laps * len(lines) - 1))
        for driver in draw(some)
        if driver not in absent
    }
    pits = {
        driver: frozenset(draw(st.lists(st.integers(1, laps - 1), max_size=3)))
        for driver in draw(st.lists(st.sampled_from(drivers), unique=True))
    }
    pace = {driver: draw(st.sampled_from([1.0, 1.0, 1.0, 1.01, 1.1, 1.5])) for driver in drivers}
    share = st.floats(0, 1, allow_nan=False)
    states = draw(st.lists(st.sampled_from(["yellow", "VSC", "SC", "red"]), max_size=3))
    control = tuple((state, *sorted((draw(share), draw(share)))) for state in states)
    return _Shape(
        drivers=drivers,
        laps=laps,
        lines=lines,
        absent=absent,
        out=out,
        pits=pits,
        pace=pace,
        control=control,
        penalty=draw(st.sampled_from(["", *drivers])),
        whole=whole,
        hidden=0 if whole else draw(st.sampled_from([0, 0, 20, 200])),
        seed=draw(st.integers(0, 2**32 - 1)),
    )


def _race(shape: _Shape) -> Race:
    driven = _drive(shape)
    pit_visits = _pit_visits(shape, driven)
    seen = np.random.default_rng(shape.seed).integers(0, 1000, driven.height) >= shape.hidden
    crossings = driven.filter(pl.Series(seen))
    hidden = driven.filter(pl.Series(~seen))
    return Race(
        season=2023,
        round=1,
        name="Random Grand Prix",
        date=date(2023, 11, 5),
        source="random",
        entries=_entries(shape),
        lines=_lines(shape),
        crossings=crossings.with_columns(basis=pl.lit("timed")),
        lap_chart=_lap_chart(driven),
        tyres=_tyres(shape, driven),
        control=_control(shape, driven),
        pit_visits=pit_visits,
        classification=_classification(shape, driven),
        doubts=hidden.select(
            "car",
            "lap",
            "line",
            table=pl.lit("crossings"),
            reason=pl.lit("the car was not seen here"),
        ),
    )


def _drive(shape: _Shape) -> pl.DataFrame:
    """Time of every crossing, in order for each car; nobody drives on past the flag."""
    rng = np.random.default_rng(shape.seed)
    per_lap = len(shape.lines)
    cars = []
    for place, driver in enumerate(shape.drivers):
        steps = rng.normal(72_000 / per_lap, 700 / per_lap, (shape.laps, per_lap))
        steps = np.maximum(steps * shape.pace[driver], 1_000)
        steps[0, 0] += 300 * place + 5_000  # from a standing start, eight metres further back
        for lap in shape.pits.get(driver, ()):
            steps[lap - 1, -1] += PIT_MS[0]
            steps[lap, 0] += PIT_MS[1]
        done = 0 if driver in shape.absent else shape.out.get(driver, steps.size)
        times = steps.ravel().round().cumsum().astype(np.int64)[:done] * MS + place * shape.whole
        cars.append(
            pl.DataFrame(
                {
                    "car": [driver] * done,
                    "lap": np.arange(done) // per_lap + 1,
                    "line": [shape.lines[i % per_lap] for i in range(done)],
                    "time": times,
                },
                schema={"car": pl.String, "lap": pl.Int16, "line": pl.String, "time": pl.Int64},
            )
        )
    driven = pl.concat(cars).with_columns(pl.col("time").cast(pl.Duration("us")))
    flag = driven.filter(lap=shape.laps, line=THE_LINE)["time"].min()
    late = (pl.col("time") >= flag) & (pl.col("line") == THE_LINE)
    over = late.cast(pl.Int32).cum_sum().over("car")
    return driven.filter((over == 0) | ((over == 1) & late))


def _entries(shape: _Shape) -> pl.DataFrame:
    from_pits = shape.drivers[-1]
    return pl.DataFrame(
        {
            "car": shape.drivers,
            "number": range(1, len(shape.drivers) + 1),
            "family_name": [driver.title() for driver in shape.drivers],
            "team": [f"Team {place // 2 + 1}" for place in range(len(shape.drivers))],
            "grid": [
                None if driver == from_pits and shape.seed % 3 == 0 else place
                for place, driver in enumerate(shape.drivers, start=1)
            ],
            "pit_lane_start": [
                driver == from_pits and shape.seed % 3 == 0 for driver in shape.drivers
            ],
        }
    )


def _lines(shape: _Shape) -> pl.DataFrame:
    sectors = [3 if line == THE_LINE else int(line[1]) for line in shape.lines]
    return pl.DataFrame(
        {
            "line": shape.lines,
            "order": range(1, len(shape.lines) + 1),
            "sector": sectors,
            "mini_sector": [
                sectors[: i + 1].count(sector) if len(shape.lines) > 3 else None
                for i, sector in enumerate(sectors)
            ],
        },
        schema_overrides={"mini_sector": pl.Int8},
    )


def _lap_ends(driven: pl.DataFrame) -> pl.DataFrame:
    return driven.filter(line=THE_LINE).sort("lap", "time", "car")


def _lap_chart(driven: pl.DataFrame) -> pl.DataFrame:
    return _lap_ends(driven).with_columns(
        position=pl.int_range(1, pl.len() + 1, dtype=pl.Int16).over("lap"),
        lap_time=pl.col("time") - pl.col("time").shift(1).over("car", order_by="lap"),
    )


def _pit_visits(shape: _Shape, driven: pl.DataFrame) -> pl.DataFrame:
    visits = pl.DataFrame(
        [(driver, lap) for driver, laps in shape.pits.items() for lap in sorted(laps)],
        schema={"car": pl.String, "lap": pl.Int16},
        orient="row",
    )
    before, after = (timedelta(milliseconds=ms) for ms in PIT_MS)
    went_on = driven.group_by("car").agg(last=pl.col("lap").max())
    return (
        visits.join(_lap_ends(driven), on=["car", "lap"])
        .join(went_on, on="car")
        .filter(pl.col("lap") < pl.col("last"))
        .select(
            "car",
            "lap",
            time_in=pl.col("time") - before,
            time_out=pl.col("time") + after,
            duration=pl.lit(before + after),
        )
    )


def _tyres(shape: _Shape, driven: pl.DataFrame) -> pl.DataFrame:
    sets = [
        (driver, first, ("soft", "medium", "hard")[(i + shape.seed) % 3], 0, True)
        for driver in driven["car"].unique(maintain_order=True)
        for i, first in enumerate(sorted({1} | {lap + 1 for lap in shape.pits.get(driver, ())}))
    ]
    return pl.DataFrame(
        sets,
        schema={
            "car": pl.String,
            "lap": pl.Int16,
            "compound": pl.String,
            "age": pl.Int16,
            "new": pl.Boolean,
        },
        orient="row",
    )


def _control(shape: _Shape, driven: pl.DataFrame) -> pl.DataFrame:
    end = driven["time"].max() or timedelta(hours=1)
    rows = {
        (begin * end, state): (begin * end, to * end, state) for state, begin, to in shape.control
    }
    schema = {"from": pl.Duration("us"), "to": pl.Duration("us"), "state": pl.String}
    return pl.DataFrame(list(rows.values()), schema=schema, orient="row").sort("from", "state")


def _classification(shape: _Shape, driven: pl.DataFrame) -> pl.DataFrame:
    """Order by laps and time, five seconds added where there is a penalty."""
    ends = _lap_ends(driven)
    flag = ends.filter(lap=shape.laps)["time"].min()
    added = pl.when(pl.col("car") == shape.penalty).then(timedelta(seconds=5))
    reached = (
        ends.group_by("car")
        .agg(laps=pl.col("lap").max(), time=pl.col("time").max())
        .with_columns(
            finished=pl.col("time") >= flag,
            time=pl.col("time") + added.otherwise(timedelta()),
        )
    )
    cars = (
        pl.DataFrame({"car": shape.drivers, "grid": range(1, len(shape.drivers) + 1)})
        .join(reached, on="car", how="left")
        .with_columns(pl.col("laps").fill_null(0), pl.col("finished").fill_null(value=False))
        .sort(~pl.col("finished"), -pl.col("laps"), "time", "grid", nulls_last=True)
        .with_row_index("order", offset=1)
    )
    classified = pl.col("finished")
    absent = pl.col("car").is_in(list(shape.absent))
    lead_lap = classified & (pl.col("laps") == pl.col("laps").first())
    return CLASSIFICATION.check(
        cars.with_columns(
            position=pl.when(classified).then("order"),
            position_text=pl.when(classified)
            .then(pl.col("order").cast(pl.String))
            .otherwise(pl.when(absent).then(pl.lit("W")).otherwise(pl.lit("R"))),
            time=pl.when(lead_lap).then("time"),
            status=pl.when(classified).then(pl.lit("Finished")).otherwise(pl.lit("Retired")),
            points=pl.when(classified)
            .then(pl.col("order").replace_strict(dict(enumerate(POINTS, 1)), default=0))
            .otherwise(0.0),
            as_of=pl.lit(date(2023, 11, 5)),
        )
    )


@st.composite
def seasons(draw: st.DrawFn) -> Season:
    """Seasons of 1 to 5 events in which 2 to 8 drivers score points."""
    drivers = tuple(draw(st.permutations(DRIVERS))[: draw(st.integers(2, len(DRIVERS)))])
    names = [f"Grand Prix {i}" for i in range(1, draw(st.integers(1, 5)) + 1)]
    orders = [draw(st.permutations(drivers)) for _ in names]
    teams = {driver: f"Team {i // 2 + 1}" for i, driver in enumerate(sorted(drivers))}
    results = [
        {
            "event": event_id(name),
            "session": "race",
            "order": place,
            "position": place,
            "position_text": str(place),
            "driver": driver,
            "team": teams[driver],
            "grid": place,
            "laps": 50,
            "status": "Finished",
            "points": float(POINTS[place - 1]),
            "as_of": date(2023, 3, 1) + timedelta(weeks=i),
        }
        for i, (name, order) in enumerate(zip(names, orders, strict=True))
        for place, driver in enumerate(order, start=1)
    ]
    tables = {
        "events": [
            {"round": i, "event": event_id(name), "name": name, "laps": 50}
            for i, name in enumerate(names, start=1)
        ],
        "drivers": [{"driver": driver, "family_name": driver.title()} for driver in drivers],
        "teams": [{"team": team} for team in sorted(set(teams.values()))],
        "results": results,
        "driver_standings": _standings(results, "driver"),
        "constructor_standings": _standings(results, "team"),
    }
    frames = {name: SEASON_TABLES[name].rows(rows) for name, rows in tables.items()}
    return Season(season=2023, source="random", **frames)


def _standings(results: list[dict[str, object]], who: str) -> list[dict[str, object]]:
    """Points added up after every event; ties stay in the order of the names."""
    scored = pl.DataFrame(results).with_columns(won=pl.col("order") == 1)
    events = scored["event"].unique(maintain_order=True).to_list()
    rows: list[dict[str, object]] = []
    for i, event in enumerate(events, start=1):
        table = (
            scored.filter(pl.col("event").is_in(events[:i]))
            .group_by(who)
            .agg(points=pl.col("points").sum(), wins=pl.col("won").sum())
            .sort(-pl.col("points"), who)
            .with_row_index("position", offset=1)
        )
        rows += [row | {"event": event} for row in table.to_dicts()]
    return rows
