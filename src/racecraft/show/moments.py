"""Moments of a race, as text."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

import polars as pl

from racecraft.analysis.fights.explain import name_of
from racecraft.show.text import wrapped
from racecraft.sim.moments.lead import leaders

if TYPE_CHECKING:
    from collections.abc import Mapping

    from racecraft.model.race import Race
    from racecraft.model.season import Season
    from racecraft.show.text import Page

RUNS, SEED = 1000, 1  # of moments that are simulated and kept
SHOWN = 12
OPENING, LEAST_SHARE = 5, 0.12  # moments that open a story, and what they weigh at least
SOMETHING = 0.3  # points; of a race known by its result, less decided nothing
FLAGS, LAST = 4, 2  # neutralisations, and changes on the last lap, that are always told
ON_LAST_LAP = ("pass", "re-pass", "lead change", "battle", "incident", "retirement")
OUT, LOST, OUTS = ("retirement", "incident"), 0.3, 3  # who lost so much of a podium, and how many
BASIS = {
    "simulated": "weighed by driving the rest of the race 1000 times from the end of every lap",
    "formula": "weighed by a formula of gaps and laps left; left to itself, 'racecraft moments' "
    "drives the rest of the race from every lap instead",
    "results": "by the result alone: its timing is not stored, so nobody knows who led, who passed "
    "whom, or what it cost",
}
NO_SIMULATOR = (
    "weighed by a formula of gaps and laps left: what drives the rest of the race instead is not "
    'installed; pip install "racecraft[sim]"'
)


def moments_text(race: Race, table: pl.DataFrame, page: Page) -> str:
    """Moments of a race, the heaviest first, each with what it changed."""
    sprint = " sprint" if race.session == "sprint" else ""
    title = f"What decided the {race.season} {race.name}{sprint}"
    rows = [
        wrapped(f"{row['weight']:5.1f}  {row['sentence']}", page, hang=f"{row['rank']:>2}. ")
        for row in table.head(SHOWN).iter_rows(named=True)
    ]
    note = f"weight in points that a moment moved, a win counting 15 more; {_basis(table)}"
    more = [f"and {table.height - SHOWN} more"] if table.height > SHOWN else []
    return "\n".join(
        [page.style(title, "heading"), *(rows or ["nothing that changed anything"]), *more,
         wrapped(page.style(note, "dim"), page)]
    )  # fmt: skip


def kept_as(race: Race, season: Season | None, *, simulated: bool) -> str | None:
    """By what name the moments of a race are kept in a store; None where nothing can simulate.

    It changes with whatever they depend on: the race, the results of its season, the parameters of
    the simulator, the code that weighs them,
    and the results of all seasons in the package.
    """
    from racecraft.sim import moments
    from racecraft.store.answers import mark_of
    from racecraft.store.chronicle import mark_of_package

    about = (moments, mark_of_package(), season.results if season is not None else None)
    if not simulated:
        return mark_of(race, "formula", *about)
    if not can_simulate():
        return None
    from racecraft.sim.lapwise.parameters import shipped_parameters

    return mark_of(race, shipped_parameters().mark, RUNS, SEED, *about)


def can_simulate() -> bool:
    """Whether the simulator's compiler is installed."""
    return find_spec("numba") is not None


def basis_words(basis: str, words: Mapping[str, str]) -> str:
    """By what moments are weighed; by the formula, what to install so that they are simulated."""
    return NO_SIMULATOR if basis == "formula" and not can_simulate() else words.get(basis, "")


def opening(table: pl.DataFrame, page: Page, laps: int | None = None) -> str:
    """What decided a race, in order of time: the moments that a story opens with.

    Told whatever they weigh: the start, red flags and safety cars, what the last of the `laps`
    changed, the title, who lost a podium by dropping out and who came there from far back. What
    they are weighed by is said where it is not the simulator.
    """
    if table.is_empty():
        return ""
    rows = opening_rows(table, laps).iter_rows(named=True)
    lines = [wrapped(row["sentence"], page, hang="* ") for row in rows]
    note = basis_words(table["basis"][0], {"results": BASIS["results"]})
    if note:
        lines.append(wrapped(page.style(note, "dim"), page))
    return "\n".join([page.style("What decided it", "heading"), *lines])


def opening_rows(table: pl.DataFrame, laps: int | None = None) -> pl.DataFrame:
    """``MOMENTS`` that a story opens with, in order of time."""
    return pl.concat([_told(table), _always(table, laps)]).unique("rank").sort("lap", "rank")


def cars_of(table: pl.DataFrame) -> list[str]:
    """Cars that the moments which open a story are about."""
    return [car for cars in _told(table)["drivers"] for car in cars.split()]


def led_words(race: Race) -> str:
    """Who led on which laps."""
    if race.crossings.is_empty():
        return ""
    by_car: dict[str, list[str]] = {}
    for car, first, last in leaders(race):
        laps = f"{first}" if first == last else f"{first} to {last}"
        by_car.setdefault(car, []).append(laps)
    parts = [f"{name_of(race, car)} {', '.join(laps)}" for car, laps in by_car.items()]
    return f"Led at the end of laps: {'; '.join(parts)}."


def _told(table: pl.DataFrame) -> pl.DataFrame:
    """Moments that open a story: the first three, and what weighs not much less."""
    heaviest = table["weight"].max()
    heavy = pl.col("weight") >= LEAST_SHARE * pl.lit(heaviest, pl.Float64)
    known = (pl.col("basis") != "results") | (pl.col("weight") >= SOMETHING)
    return table.head(OPENING).filter(heavy | ((pl.col("rank") <= 3) & known))


def _always(table: pl.DataFrame, laps: int | None) -> pl.DataFrame:
    """Moments that are told whatever they weigh: one start, some flags, some of the last lap."""
    last = (pl.col("lap") == (laps or 0)) & pl.col("kind").is_in(ON_LAST_LAP)
    last &= pl.col("weight") >= SOMETHING
    timed = not table.filter(basis="results").height
    return pl.concat(
        [
            table.filter(kind="start").head(1),
            table.filter(pl.col("kind").is_in(["red flag", "safety car"])).head(FLAGS),
            table.filter(last).head(LAST),
            table.filter(kind="title decided"),
            table.filter(pl.col("kind").is_in(OUT) & (pl.col("podium_swing") <= -LOST)).head(OUTS),
            table.filter(kind="from the grid").head(1) if timed else table.head(0),
        ]
    )


def _basis(table: pl.DataFrame) -> str:
    basis = table["basis"][0] if len(table) else ""
    return basis_words(basis, BASIS)
