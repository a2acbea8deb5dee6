"""What is true of the changes of position in every race."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import TYPE_CHECKING

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from racecraft.analysis.order.overtakes import RULES, overtakes
from racecraft.model.terms import KINDS, THE_LINE
from strategies import races

if TYPE_CHECKING:
    from racecraft.model.race import Race


def steps_of(race: Race) -> list[tuple[int, str]]:
    """Every line of every lap, in the order in which a car reaches them."""
    lines = race.lines.sort("order")["line"].to_list()
    return [(lap, line) for lap in range(1, race.crossings["lap"].max() + 1) for line in lines]


def times_of(race: Race) -> dict[str, dict[tuple[int, str], object]]:
    """Crossings of each car by lap and line, in the order in which it reached them."""
    return {
        driver: {step: part.get(step) for step in steps_of(race) if step in part}
        for (driver,), rows in race.crossings.partition_by("car", as_dict=True).items()
        for part in [{(lap, line): time for lap, line, time in rows["lap", "line", "time"].rows()}]
    }


def dark_laps(race: Race, crossed: dict[tuple[int, str], object]) -> set[int]:
    """Laps without the Line or most lines, where there are mini-sectors, and those beside."""
    if race.lines.height <= 3:
        return set()
    last, most = max(lap for lap, _ in crossed), race.lines.height / 2
    seen = {lap: sum(1 for at, _ in crossed if at == lap) for lap in range(1, last)}
    dark = {lap for lap, lines in seen.items() if (lap, THE_LINE) not in crossed or lines < most}
    return {lap + beside for lap in dark for beside in (-1, 0, 1)}


@given(races())
def test_every_swap_between_two_lines_that_both_reached_is_a_row(race: Race) -> None:
    """Checked pair by pair, slowly; lap 1 has the grid before it, and holes hide swaps."""
    times, steps = times_of(race), steps_of(race)
    dark = {car: dark_laps(race, crossed) for car, crossed in times.items()}
    found = set()
    for a, b in combinations(times, 2):
        shared = [step for step in steps if step in times[a] and step in times[b]]
        apart = [step for step in shared if times[a][step] != times[b][step]]
        for before, after in pairwise(apart):
            was, now = (times[a][step] < times[b][step] for step in (before, after))
            far = steps.index(after) - steps.index(before) > max(race.lines.height, 2)
            if was != now and not far and after[0] not in dark[a] | dark[b]:
                found.add((*after, a, b) if now else (*after, b, a))
    table = overtakes(race).filter(~pl.col("kind").is_in(["retirement", "classification"]))
    grid_rows = table["evidence"].str.contains("on the grid")
    rows = table.filter(~grid_rows)["lap", "line", "passer", "passed"].rows()
    assert {row for row in rows if row[0] not in dark[row[2]] | dark[row[3]]} == found


@given(races(whole=True))
def test_places_gained_and_lost_add_up(race: Race) -> None:
    """The place at a line is that at the line before, less passes made, plus times passed."""
    rows = overtakes(race).filter(pl.col("kind") != "classification")
    on_grid = race.entries.sort("grid", nulls_last=True)["car"].to_list()
    place = {driver: i for i, driver in enumerate(on_grid, start=1)}
    times = times_of(race)
    for lap, line in steps_of(race):
        here = rows.filter(lap=lap, line=line)
        reached = sorted((t[lap, line], driver) for driver, t in times.items() if (lap, line) in t)
        for now, (_, driver) in enumerate(reached, start=1):
            made = here.filter(passer=driver).height
            lost = here.filter(passed=driver).height
            assert now == place[driver] - made + lost, (lap, line, driver)
            place[driver] = now


@given(races())
def test_a_row_says_what_it_promises(race: Race) -> None:
    table = overtakes(race)
    assert set(table["kind"]) <= set(KINDS)
    assert table["confidence"].is_between(0, 1).all()
    assert (table["evidence"].str.len_chars() > 0).all()
    assert table.filter(pl.col("passer") == pl.col("passed")).is_empty()
    on_road = table.filter(~pl.col("kind").is_in(["retirement", "classification"]))
    assert (on_road["margin"].dt.total_microseconds() > 0).all()
    assert (
        table.filter(
            pl.col("held") & (pl.col("lap") == pl.col("retaken_lap")) & (pl.col("line") != THE_LINE)
        )
        .filter(pl.col("retaken_line") == THE_LINE)
        .is_empty()
    )


@given(races())
def test_every_rule_counts_some_of_the_rows(race: Race) -> None:
    every = overtakes(race)
    for rule in RULES:
        counted = overtakes(race, rule=rule)
        assert counted.join(every, on=every.columns, how="anti", nulls_equal=True).is_empty()
    flying = overtakes(race, rule="flying_laps")
    assert set(flying["kind"]) <= {"on_track"}
    assert flying["held"].all()
    pair = [pl.min_horizontal("passer", "passed"), pl.max_horizontal("passer", "passed").alias("b")]
    assert flying.select("lap", *pair).is_duplicated().sum() == 0


@given(races(), st.sampled_from(KINDS))
def test_kinds_part_the_rows(race: Race, kind: str) -> None:
    assert overtakes(race, kind=kind).equals(overtakes(race).filter(kind=kind))


@given(races())
def test_lapping_is_kept_apart(race: Race) -> None:
    assert set(overtakes(race, lapping=True)["kind"]) <= {"lapping"}
    assert "lapping" not in set(overtakes(race)["kind"])
