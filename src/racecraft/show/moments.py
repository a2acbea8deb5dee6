"""Moments of a race, as text."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import polars as pl

from racecraft.analysis.fights.explain import name_of
from racecraft.analysis.order.timing import mostly_untimed, timing
from racecraft.model.words.book import words_of
from racecraft.show.text import wrapped
from racecraft.sim.moments.facts import read, written
from racecraft.sim.moments.happenings import REPASS_LAPS
from racecraft.sim.moments.lead import leaders
from racecraft.sim.moments.neutralisations import neutralisations
from racecraft.sim.moments.words import in_words
from racecraft.sim.moments.worth import CHANCE, POINTS
from racecraft.title.words import listed

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from racecraft.model.race import Race
    from racecraft.model.season import Season
    from racecraft.show.page import Page

RUNS, SEED = 1000, 1  # of moments that are simulated and kept
SHOWN = 12
LEAST, MOST = 3, 6  # moments that open a story
LEAST_SHARE, MORE = 0.18, 2.0  # of the heaviest, and points, that those beyond the first weigh
SAME_LAPS = 2  # between a flag and why it came
SOMETHING = 0.3  # points; less decided nothing
WORDS = ("moments", "counted", "compounds", "records")  # that moments are told in
SLOWED = "by lap times the whole field slowed"  # under which flag, they do not show
FLAGS = {
    "safety car": "safety car",
    "virtual safety car": "virtual safety car",
    "red flag": "red flag",
    "red flag by lap times": "the race stood still, by lap times,",
}
ON_LAST_LAP, LAST = ("pass", "re-pass", "lead change", "battle", "incident", "retirement"), 2
OUT, LOST, OUTS = ("retirement", "incident", "puncture"), 0.2, 3  # who lost so much of a podium
BESIDE = ("title decided", "record", "fastest lap")  # what is told, and not by its weight
NO_CHANCE = ("red flag", "start", "battle")  # that moved none in a race without timing, and is told
STEWARDS, BY_STEWARDS = ("penalty", "disqualification"), 2.0  # points that they moved
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

    words = {name: words_of("en").get(name) for name in WORDS}
    about = (moments, words, mark_of_package(), season.results if season is not None else None)
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


def opening(table: pl.DataFrame, page: Page, race: Race | None = None) -> str:
    """What decided a race, in order of time, and what else is always told, each in its line.

    Whatever it weighs that is the start, the flags, who lost a podium by dropping out, who came
    there from far back, and what the last lap changed. What moments are weighed by is said where
    it is not the simulator.
    """
    if table.is_empty():
        return ""
    decided = opening_rows(table)
    lines = [wrapped(sentence, page, hang="* ") for sentence in decided["sentence"]]
    note = basis_words(table["basis"][0], {"results": BASIS["results"]})
    if note:
        lines.append(wrapped(page.style(note, "dim"), page))
    told = [page.style("What decided it", "heading"), *lines]
    also = [wrapped(line, page) for line in also_told(table, race)]
    return "\n".join([*told, *(["", *also] if also else [])])


def also_told(table: pl.DataFrame, race: Race | None = None) -> list[str]:
    """What is told of a race beside what decided it: a line for each kind of which there is any.

    Parameters
    ----------
    table
        Its ``MOMENTS``.
    race
        Its timing, for who led and what the last lap changed; left out, nobody knows that.
    """
    if table.is_empty():
        return []
    first = opening_rows(table)
    rest = table.filter(~pl.col("rank").is_in(first["rank"].to_list()))
    laps = timing(race).laps if race is not None and len(race.crossings) else 0
    late = (pl.col("lap") == laps) & pl.col("kind").is_in(ON_LAST_LAP)
    timed = pl.col("basis") != "results"
    out = pl.col("kind").is_in(OUT) & (pl.col("podium_swing") <= -LOST) & timed
    kinds = {
        "Start": rest.filter((pl.col("kind") == "start") & timed).head(1).with_columns(
            pl.col("sentence").str.replace("^At the start ", "")
        ),
        "Out": rest.filter(out & ~late).head(OUTS),
        "Through the field": rest.filter((pl.col("kind") == "from the grid") & timed).head(OUTS),
        "Last lap": rest.filter(late & (pl.col("weight") >= SOMETHING)).head(LAST),
        "Stewards": rest.filter(pl.col("kind").is_in(STEWARDS) & (pl.col("weight") >= BY_STEWARDS)),
        "Record": rest.filter((pl.col("kind") == "record") & (pl.col("weight") >= SOMETHING)),
    }  # fmt: skip
    lines = {
        head: f"{head}: {' '.join(rows.sort('lap', 'rank')['sentence'])}"
        for head, rows in kinds.items()
        if len(rows)
    }
    absent = first.filter(_has("absent", table))["drivers"]
    told = {car for cars in absent for car in cars.split()}
    known = [] if race is None else [absent_words(race, told), flag_words(race), led_words(race)]
    return [*filter(None, [lines.pop("Start", ""), *known]), *lines.values()]


def absent_words(race: Race, told: Collection[str] = ()) -> str:
    """Who did not start, and why, but for those who are told of already."""
    rows = race.classification.filter(~pl.col("car").is_in(list(told)), position_text="W")
    names = [
        f"{name_of(race, car)}{f' ({status.lower()})' if status else ''}"
        for car, status in rows["car", "status"].rows()
    ]
    return f"Did not start: {listed(names)}." if names else ""


def flag_words(race: Race) -> str:
    """Which laps were neutralised, and how; where only lap times show that, that it is so."""
    if race.crossings.is_empty():
        return ""
    by_kind: dict[str, list[str]] = {}
    for one in neutralisations(race):
        if one.kind in FLAGS:
            kind = f"{one.kind}{' by lap times' if one.facts['inferred'] else ''}"
            laps = f"{one.lap}" if one.last_lap <= one.lap else f"{one.lap} to {one.last_lap}"
            by_kind.setdefault(kind, []).append(laps)
    parts = [
        f"{FLAGS.get(kind, SLOWED)} on lap{'s' if ' ' in laps[0] or len(laps) > 1 else ''} "
        f"{listed(laps)}"
        for kind, laps in by_kind.items()
    ]
    return f"Flags: {'; '.join(parts)}." if parts else ""


def opening_rows(table: pl.DataFrame) -> pl.DataFrame:
    """``MOMENTS`` that a story opens with, three to six in order of time: heaviest, and title.

    A lead that only came back by the stops of others is none of them, where it moved no chance; who
    dropped out as a flag came is told once, by whichever weighs more.
    """
    title = table.filter(kind="title decided")
    moved = (pl.col("win_swing").abs() >= CHANCE) | (pl.col("points_swing").abs() >= POINTS)
    told = moved | pl.col("kind").is_in(STEWARDS) | (pl.col("rank") == 1)
    told |= (pl.col("kind") == "lead change") & ~_has("regained", table)
    told |= (pl.col("basis") == "results") & pl.col("kind").is_in(NO_CHANCE)
    others = table.filter(told & pl.col("kind").is_in(BESIDE).not_())
    heaviest = pl.lit(others["weight"].max(), pl.Float64)
    heavy = pl.col("weight") >= pl.max_horizontal(LEAST_SHARE * heaviest, pl.lit(MORE))
    plain = (pl.col("kind") == "restart") & ~_has("alone", table)
    few = pl.int_range(pl.len()) < LEAST
    shown = others.filter(~plain | (pl.col("weight") >= heaviest / 2))
    shown = _told_once(shown.filter((heavy | few) & (pl.col("weight") >= SOMETHING)))
    back = table.filter(_has("regained", table), ~_led_already(shown))
    back = back.filter(~pl.col("rank").is_in(shown["rank"].implode()))
    shown = shown.head(MOST - len(title) - len(back))
    lost = _lost_before(table, shown).head(MOST - len(title) - len(back) - len(shown))
    return pl.concat([shown, back, lost, title]).sort(
        "lap", ~_has("absent", table), pl.col("kind") != "start",
        pl.col("kind") == "title decided", "rank",
    )  # fmt: skip


def _lost_before(table: pl.DataFrame, shown: pl.DataFrame) -> pl.DataFrame:
    """Passes, not shown, of a place that a moment which is shown tells to have been taken back."""
    lost = set()
    for back in map(read, shown.filter(kind="re-pass")["facts"]):
        for rank, told in table["rank", "facts"].rows():
            facts = read(told)
            same = facts["kind"] in ("pass", "re-pass") and {*facts["cars"]} == {*back["cars"]}
            if same and 0 < back["lap"] - facts["lap"] <= REPASS_LAPS:
                lost.add(rank)
    return table.filter(
        pl.col("rank").is_in(list(lost)), ~pl.col("rank").is_in(shown["rank"].implode())
    )


def _told_once(rows: pl.DataFrame) -> pl.DataFrame:
    """Moments, of which the lighter leaves out who dropped out as a flag came, where both tell."""
    known = {row["rank"]: (row, read(row["facts"])) for row in rows.iter_rows(named=True)}
    periods = [(row, facts) for row, facts in known.values() if facts.get("out")]
    for row, facts in list(known.values()):
        for period, of_period in periods:
            out = _dropped_out(facts)
            near = abs(row["lap"] - period["lap"]) <= SAME_LAPS and row["rank"] in known
            if near and out and out <= of_period["out"].keys():
                if row["kind"] == "retirement" and row["weight"] < period["weight"] / 2:
                    del known[row["rank"]]
                else:
                    less = {**of_period, "out": {}}
                    again = {"facts": written(less), "sentence": in_words(less)}
                    known[period["rank"]] = ({**period, **again}, less)
    return pl.DataFrame([row for row, _ in known.values()], schema=rows.schema)


def cars_of(table: pl.DataFrame) -> list[str]:
    """Cars that the moments which open a story are about."""
    return [car for cars in opening_rows(table)["drivers"] for car in cars.split()]


def led_words(race: Race) -> str:
    """Who led on which laps."""
    if race.crossings.is_empty() or mostly_untimed(race):
        return ""
    by_car: dict[str, list[str]] = {}
    for car, first, last in leaders(race):
        laps = f"{first}" if first == last else f"{first} to {last}"
        by_car.setdefault(car, []).append(laps)
    parts = [f"{name_of(race, car)} {', '.join(laps)}" for car, laps in by_car.items()]
    return f"Led at the end of laps: {'; '.join(parts)}."


def _led_already(rows: pl.DataFrame) -> pl.Expr:
    """Whether some moments tell how the first car of a moment came to lead."""
    led = set()
    for told in rows["facts"]:
        facts = read(told)
        led |= {move["car"] for move in facts.get("moves", []) if move["now"] == 1}
        led |= {facts["cars"][0]} if facts["kind"] == "lead change" else set()
    return pl.col("drivers").str.split(" ").list.first().is_in(list(led))


def _dropped_out(facts: Mapping[str, Any]) -> set[str]:
    """Cars that a moment tells to have dropped out."""
    if facts["kind"] == "lead change" and facts["cause"] == "retirement":
        return {facts["cars"][-1]}
    return {*facts["cars"]} if facts["kind"] == "retirement" else set()


def _has(fact: str, table: pl.DataFrame) -> pl.Expr:
    """Whether a moment, or each of its cars, has a fact that is not empty."""
    ranks = []
    for rank, told in table["rank", "facts"].rows():
        facts = read(told)
        each = [one for one in facts.get("each", []) if isinstance(one, dict)]
        if facts.get(fact) or (each and all(one.get(fact) for one in each)):
            ranks.append(rank)
    return pl.col("rank").is_in(ranks)


def _basis(table: pl.DataFrame) -> str:
    basis = table["basis"][0] if len(table) else ""
    return basis_words(basis, BASIS)
