"""One event has one name, and one driver one code, whoever tells about a season."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from racecraft.model.folding import fold
from racecraft.model.season import SEASON_FACTS, SEASON_TABLES, Season

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

A_DAY = timedelta(days=1)  # a night race is on two days, by the clock there and in Greenwich
_WHERE = ("round", "circuit", "locality")


def aligned(accounts: Sequence[Season], anchor: Season) -> list[Season]:
    """Accounts of one season, their events and drivers named as in one of them.

    Two events are one if they are on the same day, or the next, and have the round, the circuit or
    the town in common; names alone do not say so, as sources call one race by several. Two drivers
    are one if the sources' stable name of them is.

    Parameters
    ----------
    accounts
        Accounts of the same season.
    anchor
        The one whose names are used.
    """
    known = anchor.events.to_dicts()
    found = []
    for account in accounts:
        if account is anchor:
            found.append(account)
            continue
        names = same_events(account.events.to_dicts(), known)
        known += [
            row for row in account.events.to_dicts()
            if row["event"] not in names and row["event"] not in {e["event"] for e in known}
        ]  # fmt: skip
        found.append(_renamed(account, names, known, _same_drivers(account, anchor)))
    return found


def same_events(
    told: Sequence[Mapping[str, Any]], known: Sequence[Mapping[str, Any]]
) -> dict[str, str]:
    """Names of events that are known by another one.

    >>> from datetime import date
    >>> mexico = {"round": 19, "date": date(2023, 10, 29)}
    >>> same_events([{"event": "mexican-gp", **mexico}], [{"event": "mexico-city-gp", **mexico}])
    {'mexican-gp': 'mexico-city-gp'}
    """
    taken = {row["event"] for row in told}
    by_name = {row["event"] for row in known}
    names = {}
    for row in told:
        if row["event"] in by_name:
            continue
        others = [one for one in known if one["event"] not in taken and _are_one(row, one)]
        if len(others) == 1:
            names[row["event"]] = others[0]["event"]
    return names


def have_events_in_common(one: Season, other: Season) -> bool:
    """Whether two accounts can be about the same championship: an event, or no calendar at all."""
    if one.events.is_empty() or other.events.is_empty():
        return True
    mine, theirs = one.events.to_dicts(), other.events.to_dicts()
    if {row["event"] for row in mine} & {row["event"] for row in theirs}:
        return True
    return bool(same_events(mine, theirs))


def _are_one(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    here = any(
        one.get(name) is not None and _plain(one.get(name)) == _plain(other.get(name))
        for name in _WHERE
    )
    day, other_day = one.get("date"), other.get("date")
    if day is None or other_day is None:
        return here and one.get("round") == other.get("round")
    return here and abs(day - other_day) <= A_DAY


def _plain(value: object) -> object:
    return fold(value) if isinstance(value, str) else value


def _same_drivers(account: Season, anchor: Season) -> dict[str, str]:
    """Codes of drivers whom the anchor knows by another one; none if that would mix up two."""
    both = (
        account.drivers.select("driver_id", "driver")
        .drop_nulls()
        .join(anchor.drivers.select("driver_id", known="driver"), on="driver_id")
    )
    codes = {
        code: known for code, known in both.select("driver", "known").iter_rows() if code != known
    }
    renamed = [codes.get(code, code) for code in account.drivers["driver"]]
    return codes if len(set(renamed)) == len(renamed) else {}


def _renamed(
    account: Season,
    events: Mapping[str, str],
    known: Sequence[Mapping[str, Any]],
    drivers: Mapping[str, str],
) -> Season:
    if not events and not drivers:
        return account
    tables = {}
    for name in SEASON_TABLES:
        table = account.tables[name]
        if events and "event" in table.columns:
            table = table.with_columns(pl.col("event").replace(events))
        if drivers and "driver" in table.columns:
            table = table.with_columns(pl.col("driver").replace(drivers))
        tables[name] = table
    titles = {row["event"]: row["name"] for row in known if row["event"] in events.values()}
    if titles:
        title = pl.col("event").replace_strict(titles, default=None, return_dtype=pl.String)
        tables["events"] = tables["events"].with_columns(name=pl.coalesce(title, "name"))
    facts = {name: getattr(account, name) for name in SEASON_FACTS}
    return Season.of_checked(facts, tables)
