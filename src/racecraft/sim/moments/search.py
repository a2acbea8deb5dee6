"""Which battles, moments and races of many were the best? Or: where else was it like this?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from racecraft.analysis import search as conditions
from racecraft.analysis.fights.hardest_fought import HARDEST_FOUGHT, hardest_fought
from racecraft.analysis.order.timing import timing
from racecraft.errors import ArgumentError, NotEnoughDataError, NotFoundError
from racecraft.lookup.find import find_driver
from racecraft.model.table import Column, Table
from racecraft.sim.moments.lead import leaders
from racecraft.sim.moments.moments import MOMENTS, moments

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from racecraft.model.race import Race
    from racecraft.model.season import Season

RANKINGS = ("battles", "moments", "races")
DRAMATIC = 8  # moments of a race that make its drama
EARLY = 0.5  # what a moment at the start counts for, one at the flag counting this much more than 1

OF_RACE = (
    Column("season", pl.Int16, "season"),
    Column("name", pl.String, "name of the event"),
    Column("session", pl.String, "race or sprint"),
)

TOP_BATTLES = Table(
    "top_battles",
    key=("rank",),
    columns=(
        Column("rank", pl.Int32, "1 is the hottest"),
        *OF_RACE,
        *(column for column in HARDEST_FOUGHT.columns
          if column.name not in ("series", "season", "round", "session")),
    ),
)  # fmt: skip

TOP_MOMENTS = Table(
    "top_moments",
    key=("rank",),
    columns=(
        Column("rank", pl.Int32, "1 is what changed most"),
        *OF_RACE,
        Column("laps", pl.Int16, "laps of the race"),
        Column("rank_in_race", pl.Int16, "its rank among the moments of its race"),
        *(column for column in MOMENTS.columns if column.name != "rank"),
    ),
)

TOP_RACES = Table(
    "top_races",
    key=("rank",),
    columns=(
        Column("rank", pl.Int32, "1 is the most dramatic"),
        *OF_RACE,
        Column("drama", pl.Float64, f"weights of its {DRAMATIC} heaviest moments, each counting "
               f"from {EARLY} at the start to {1 + EARLY} at the flag"),
        Column("lead_changes", pl.Int16, "times that another car led at the end of a lap"),
        Column("last_lap", pl.Float64, "what the last lap changed: the heaviest moment of it"),
        Column("basis", pl.String, "what its moments were weighed by"),
        Column("sentence", pl.String, "its heaviest moment, in words"),
    ),
)  # fmt: skip


def search(
    races: Iterable[Race],
    what: str,
    *,
    seasons: Iterable[Season] = (),
    over: str | None = None,
    driver: str | None = None,
    last_lap: bool = False,
    limit: int | None = None,
    weigh: Callable[[Race], pl.DataFrame] | None = None,
) -> pl.DataFrame:
    """The best battles, moments or races of many; or whatever fits a condition.

    Parameters
    ----------
    races
        Any number of races; those without crossings are passed over.
    what
        ``battles``, ``moments`` or ``races``, ranked; else a condition in SQL over the columns of
        ``BATTLES``, ``OVERTAKES`` or ``FINISHES``, as `racecraft.analysis.search.search` takes it.
    seasons
        Seasons of the races, for the title; those whose results a condition is searched in.
    over
        Table that a condition is over; left out, the first that has its columns.
    driver
        Only battles or moments of this driver: code, number or name.
    last_lap
        Only moments of the last lap.
    limit
        Rows at most, of a ranking.
    weigh
        What gives the ``MOMENTS`` of a race, such as kept ones; left out, the formula.

    Returns
    -------
    DataFrame
        ``TOP_BATTLES``, ``TOP_MOMENTS`` or ``TOP_RACES``, best first; or what fits the condition.

    Raises
    ------
    ArgumentError
        The condition cannot be read, or an option does not go with what is searched for.
    NotFoundError
        The driver took part in none of the races.

    Examples
    --------
    >>> from racecraft.sources.sample.sample import sample_race
    >>> search([sample_race(20)], "battles", limit=1).select("first", "second", "swaps").rows()
    [('ALO', 'PER', 2)]
    """
    _check(what, driver, limit, over, last_lap=last_lap)
    if what not in RANKINGS:
        return conditions.search(races, what, seasons=seasons, over=over)
    named = _Named(driver) if driver is not None else None
    by_year = {season.season: season for season in seasons} if what != "battles" else {}
    weighed = weigh or (
        lambda race: moments(race, season=by_year.get(race.season), simulated=False)
    )
    found = []
    for race in races:
        if race.crossings.is_empty() or (named and not named.drove_in(race)):
            continue
        try:
            rows = _of_race(race, what, weighed)
        except NotEnoughDataError:
            continue
        found.append(named.only(rows, race) if named else rows)
    if named and not named.found:
        raise NotFoundError(f"no driver {driver!r} took part in any of these races", driver=driver)
    return _ranked(found, what, limit, last_lap=last_lap)


def _check(
    what: str, driver: str | None, limit: int | None, over: str | None, *, last_lap: bool
) -> None:
    if limit is not None and limit < 1:
        raise ArgumentError(f"no {limit} rows", hint="a limit of at least 1")
    if last_lap and what != "moments":
        raise ArgumentError("only moments have a last lap", hint="search moments --last-lap")
    if driver is not None and what not in ("battles", "moments"):
        raise ArgumentError("only battles and moments are those of a driver")
    if over is not None and what in RANKINGS:
        raise ArgumentError("a table to search in goes with a condition, not with a ranking")


class _Named:
    """The driver who was named, in whichever races he drove."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.found = False

    def drove_in(self, race: Race) -> bool:
        """Whether he took part."""
        try:
            find_driver(race.entries, self.text)
        except NotFoundError:
            return False
        self.found = True
        return True

    def only(self, rows: pl.DataFrame, race: Race) -> pl.DataFrame:
        """Rows that concern his car."""
        car = find_driver(race.entries, self.text)
        if "drivers" in rows.columns:
            return rows.filter(pl.col("drivers").str.split(" ").list.contains(car))
        return rows.filter((pl.col("first") == car) | (pl.col("second") == car))


def _of_race(race: Race, what: str, weighed: Callable[[Race], pl.DataFrame]) -> pl.DataFrame:
    """Rows of one race."""
    about = {"season": race.season, "name": race.name, "session": race.session}
    facts = [pl.lit(value).alias(name) for name, value in about.items()]
    if what == "battles":
        return hardest_fought(race).drop("season", "session").with_columns(facts)
    table = weighed(race)
    laps = timing(race).laps
    if what == "moments":
        rows = table.rename({"rank": "rank_in_race"})
        return rows.with_columns(*facts, laps=pl.lit(laps, pl.Int16))
    changes = {"lead_changes": len(leaders(race)) - 1}
    return pl.DataFrame([about | changes | _drama(table, laps)])


def _drama(table: pl.DataFrame, laps: int) -> dict[str, object]:
    heavy = table.filter(pl.col("kind") != "title decided").head(DRAMATIC)
    counted = heavy["weight"] * (heavy["lap"] / laps + EARLY)
    late = table.filter(_on_last_lap(pl.lit(laps)))
    return {
        "drama": round(float(counted.sum()), 2),
        "last_lap": late["weight"].max() or 0.0,
        "basis": table["basis"].first(),
        "sentence": table["sentence"].first(),
    }


def _on_last_lap(laps: pl.Expr) -> pl.Expr:
    """Moments of the last lap on the road: not what stewards, points or many laps made of it."""
    of_many = pl.col("facts").str.json_path_match("$.held") == "true"
    return (
        (pl.col("lap") == laps)
        & (pl.col("line") != "classification")
        & ~pl.col("kind").is_in(["title decided", "start", "from the grid", "safety car"])
        & ~of_many.fill_null(value=False)
    )


def _ranked(
    found: list[pl.DataFrame], what: str, limit: int | None, *, last_lap: bool
) -> pl.DataFrame:
    table, by = {
        "battles": (TOP_BATTLES, "heat"),
        "moments": (TOP_MOMENTS, "weight"),
        "races": (TOP_RACES, "drama"),
    }[what]
    if not found:
        return table.empty()
    rows = pl.concat(found, how="vertical_relaxed")
    if last_lap:
        rows = rows.filter(_on_last_lap(pl.col("laps")))
    rows = rows.sort(by, descending=True, maintain_order=True)
    rows = rows if limit is None else rows.head(limit)
    ranked = rows.with_columns(rank=pl.int_range(1, rows.height + 1, dtype=pl.Int32))
    return table.check(ranked)
