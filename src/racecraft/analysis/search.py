"""Where else did something like it happen?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from racecraft.analysis.fights.battles import BATTLES, battles
from racecraft.analysis.finishes import FINISHES, finishes
from racecraft.analysis.order.overtakes import OVERTAKES, overtakes
from racecraft.errors import ArgumentError, NotEnoughDataError
from racecraft.model.clock import seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from racecraft.model.race import Race
    from racecraft.model.season import Season
    from racecraft.model.table import Table


SEARCHED: dict[str, Table] = {"battles": BATTLES, "overtakes": OVERTAKES, "results": FINISHES}
_FOUND_IN: dict[str, tuple[Table, Callable[[Race], pl.DataFrame]]] = {
    "battles": (BATTLES, battles),
    "overtakes": (OVERTAKES, overtakes),
}


def search(
    races: Iterable[Race], where: str, *, seasons: Iterable[Season] = (), over: str | None = None
) -> pl.DataFrame:
    """Battles or overtakes of many races, or results of many seasons, that fit a condition.

    Parameters
    ----------
    races
        Any number of races; those without crossings are passed over.
    where
        A condition in SQL over the columns of ``BATTLES``, or over those of ``OVERTAKES`` where it
        names one that only these have, or else over those of ``FINISHES``. A duration is compared
        in seconds, with the suffix: ``margin_s < 0.1``. ``name`` is the name of the event.
    seasons
        Seasons whose results are searched; those who only ask for battles need none.
    over
        ``battles``, ``overtakes`` or ``results``; left out, the first of them that has every
        column.

    Returns
    -------
    DataFrame
        Name of the event, then the columns of the table, in order of the races.

    Raises
    ------
    ArgumentError
        The condition cannot be read, or names a column that none of the tables has.

    Examples
    --------
    >>> from racecraft.sources.sample.toy import toy_race
    >>> search([toy_race()], "swaps >= 1 and not at_flag").select("name", "first", "second").rows()
    [('Toy Grand Prix', 'SAI', 'HAM')]
    """
    condition, names = _condition(where)
    chosen = _searched(names, over)
    if chosen == "results":
        results = (_fitting(finishes(season), condition) for season in seasons)
        return pl.concat([FINISHES.empty(), *results])
    table, find = _FOUND_IN[chosen]
    found = []
    for race in races:
        try:
            rows = find(race)
        except NotEnoughDataError:
            continue
        found.append(_fitting(rows.select(pl.lit(race.name).alias("name"), pl.all()), condition))
    empty = table.empty().select(pl.lit("").alias("name"), pl.all())
    return pl.concat([empty, *found])


def _searched(names: set[str], over: str | None) -> str:
    """Which of the tables has all the columns that are named."""
    if over is not None and over not in SEARCHED:
        raise ArgumentError(f"nothing to search in {over!r}", hint=f"one of {', '.join(SEARCHED)}")
    asked = SEARCHED if over is None else {over: SEARCHED[over]}
    for name, table in asked.items():
        if names <= _columns(table):
            return name
    unknown = min(sorted(names - _columns(table)) for table in asked.values())
    raise ArgumentError(
        f"no column {unknown[0]!r} to search by",
        hint="; ".join(
            f"{name} have {', '.join(sorted(_columns(table)))}" for name, table in asked.items()
        ),
    )


def _columns(table: Table) -> set[str]:
    durations = {c.name for c in table.columns if isinstance(c.dtype, pl.Duration)}
    return {c.name for c in table.columns} | {f"{name}_s" for name in durations} | {"name"}


def _condition(where: str) -> tuple[pl.Expr, set[str]]:
    try:
        condition = pl.sql_expr(where)
    except pl.exceptions.PolarsError as error:
        first = str(error).splitlines()[0]
        raise ArgumentError(
            f"cannot read the condition {where!r}: {first}", hint='try "swaps >= 3 and at_flag"'
        ) from error
    return condition, set(condition.meta.root_names())


def _fitting(rows: pl.DataFrame, condition: pl.Expr) -> pl.DataFrame:
    durations = [name for name, dtype in rows.schema.items() if isinstance(dtype, pl.Duration)]
    with_seconds = rows.with_columns(seconds(name).alias(f"{name}_s") for name in durations)
    try:
        return with_seconds.filter(condition).select(rows.columns)
    except pl.exceptions.PolarsError as error:
        first = str(error).splitlines()[0]
        raise ArgumentError(f"the condition does not fit the table: {first}") from error
