"""Results hold since some day; those that a later fetch replaced are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from racecraft.model.table import Column, Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from racecraft.model.season import Season
    from racecraft.store.accounts.parquet import Account

# Tables of results, and what in them makes one race: all of it, in the account of a race.
RESULTS: dict[str, tuple[str, ...]] = {"results": ("event", "session"), "classification": ()}
# Tables of a season that a source may be asked for one event at a time.
BY_EVENT = ("pit_stops", "driver_standings", "constructor_standings")
VERSION = pl.Int32  # which result of that race it is, the first being 1


def with_history(
    before: Account | None, fetched: Mapping[str, pl.DataFrame], *, today: date
) -> tuple[dict[str, pl.DataFrame], dict[str, pl.DataFrame]]:
    """Tables of an account as they are to be stored, and the results that they replace.

    Pit stops and standings after an event that this fetch was not about stay as they were.

    Parameters
    ----------
    before
        The account as it is stored, if it is.
    fetched
        Its tables as the source has them now.
    today
        Day since which results hold that are new or changed, where the source does not say.
    """
    now, earlier = dict(fetched), {}
    for name in BY_EVENT:
        if name in fetched:
            stored = before.tables.get(name, fetched[name]) if before else fetched[name]
            rest = stored.join(fetched[name], on="event", how="anti")
            order = fetched["events"].select("event", at=pl.int_range(pl.len()))
            now[name] = (
                pl.concat([fetched[name], rest])
                .join(order, on="event", how="left", maintain_order="left")
                .sort("at", maintain_order=True)
                .drop("at")
            )
    for name, race in RESULTS.items():
        if name in fetched:
            nothing = fetched[name].clear()
            replaced = nothing.with_columns(version=pl.lit(None, VERSION))
            if before:
                replaced = before.earlier.get(name, replaced)
            stored = before.tables.get(name, nothing) if before else nothing
            now[name], earlier[name] = supersede(
                stored, replaced, fetched[name], race=race, today=today
            )
    return now, earlier


def supersede(
    stored: pl.DataFrame,
    earlier: pl.DataFrame,
    fetched: pl.DataFrame,
    *,
    race: Sequence[str],
    today: date,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Results that hold now and those that held before, once they have been fetched again.

    Parameters
    ----------
    stored, earlier, fetched
        Results as stored, those replaced before (with their ``version``), and as the source now
        has them.
    race
        Columns that tell one race from another.
    today
        Results that changed hold from this day, unless the source names a later one than it did.
        So do those of a season that are new, where the source names none; the classification that
        comes with the timing of a race does not say since when it holds.

    Returns
    -------
    tuple of DataFrame
        Only races whose results changed add to those that held before; a race that the source no
        longer has keeps its results there.
    """
    by_race = dict(_races(stored, race))
    current, replaced = [fetched.clear()], [earlier]
    for name, group in _races(fetched, race):
        since = pl.col("as_of").fill_null(pl.lit(today))
        before = by_race.pop(name, None)
        if before is None:
            current.append(group.with_columns(since) if race else group)
        elif before.drop("as_of").equals(group.drop("as_of")):
            current.append(before)
        else:
            held_since = pl.lit(before["as_of"].max(), pl.Date)
            later = pl.when(since > held_since).then(since).otherwise(pl.lit(today))
            current.append(group.with_columns(as_of=later))
            replaced.append(_next_version(before, earlier, race))
    replaced += [_next_version(gone, earlier, race) for gone in by_race.values()]
    return pl.concat(current), pl.concat(replaced)


def known_on(
    current: pl.DataFrame,
    earlier: pl.DataFrame,
    day: date,
    *,
    race: Sequence[str] = RESULTS["results"],
) -> pl.DataFrame:
    """Results as they were known on a day: of every race the last version that held by then.

    For a race whose every version is of a later day it is the first: nothing older is known.
    """
    versions = pl.concat([earlier, current.with_columns(version=pl.lit(2**31 - 1, VERSION))])
    held = pl.when(pl.col("as_of") <= day).then("version").max()
    chosen = pl.coalesce(held, pl.col("version").min())
    one_race = list(race) or pl.lit(0)
    return versions.filter(pl.col("version") == chosen.over(one_race)).drop("version")


def until(day: date, season: Season, now: Season) -> Season:
    """A season up to a day; standings only as far as its results are those that hold now."""
    tables = season.tables
    raced = season.events.filter(pl.col("date") <= day)["event"]
    sprinted = season.events.filter(pl.col("date").dt.offset_by("-1d") <= day)["event"]
    a_sprint = pl.col("session") == "sprint"  # on the day before the race
    tables["results"] = season.results.filter(
        pl.col("event").is_in(raced.implode())
        | (a_sprint & pl.col("event").is_in(sprinted.implode()))
    )
    changed = tables["results"].join(
        now.results, on=now.results.columns, how="anti", nulls_equal=True
    )["event"]
    first = season.events.filter(pl.col("event").is_in(changed.implode()))["date"].min()
    settled = season.events.filter(pl.col("date") < first)["event"] if first else raced
    for name, events in (
        ("qualifying", raced),
        ("pit_stops", raced),
        ("driver_standings", settled),
        ("constructor_standings", settled),
    ):
        tables[name] = tables[name].filter(pl.col("event").is_in(events.implode()))
    return season.with_tables(**tables)


def with_version(promise: Table) -> Table:
    """Promise of the rows that a later fetch replaced: each says which version it is of."""
    version = Column("version", VERSION, "which result of that race it is, the first being 1")
    return Table(promise.name, ("version", *promise.key), (*promise.columns, version))


def _races(results: pl.DataFrame, race: Sequence[str]) -> list[tuple[object, pl.DataFrame]]:
    """Results race by race, in order."""
    if results.is_empty():
        return []
    if not race:
        return [((), results)]
    return list(results.group_by(race, maintain_order=True))


def _next_version(
    replaced: pl.DataFrame, earlier: pl.DataFrame, race: Sequence[str]
) -> pl.DataFrame:
    of_race = earlier.join(replaced, on=race, how="semi") if race else earlier
    last = of_race["version"].max()
    version = last + 1 if isinstance(last, int) else 1
    return replaced.with_columns(version=pl.lit(version, VERSION))
