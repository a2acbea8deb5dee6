"""What is worked out of every stored race, as tables beside those that were reported."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import racecraft as rc
from racecraft import analysis
from racecraft.analysis.fights.battles import BATTLES
from racecraft.analysis.order.control import CONTROL_PERIODS
from racecraft.analysis.order.gaps import GAPS
from racecraft.analysis.order.laps import LAPS
from racecraft.analysis.order.overtakes import OVERTAKES
from racecraft.analysis.order.stints import STINTS
from racecraft.analysis.order.stops import STOPS
from racecraft.analysis.race import RESULT, race_result
from racecraft.errors import RacecraftError
from racecraft.store.answers import keep, kept, mark_of
from racecraft.store.sql import WHERE, of_race

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from racecraft.model.race import Race
    from racecraft.model.table import Table
    from racecraft.store.sql import Derived
    from racecraft.store.store import Store

DERIVED: dict[str, tuple[Table, Callable[[Race], pl.DataFrame]]] = {
    "race_result": (RESULT, race_result),
    "laps": (LAPS, rc.laps),
    "gaps": (GAPS, rc.gaps),
    "overtakes": (OVERTAKES, rc.overtakes),
    "battles": (BATTLES, rc.battles),
    "stints": (STINTS, rc.stints),
    "stops": (STOPS, rc.stops),
    "control_periods": (CONTROL_PERIODS, rc.control),
}  # of every stored race, beside what was reported of it
SLOW = ("battles", "overtakes")  # that are kept in the store once they were worked out


def rows_of_race(name: str, race: Race, store: Store | None = None) -> pl.DataFrame | None:
    """Rows of one of ``DERIVED``, with the race in front; None where a race lacks what it needs.

    What takes long is kept in the store, if one is given.
    """
    table, make = DERIVED[name]
    mark = mark_of(race, analysis) if store is not None and name in SLOW else ""
    rows = kept(store.folder, table, mark) if store is not None and mark else None
    if rows is None:
        try:
            rows = make(race)
        except RacecraftError:
            return None
        if store is not None and mark:
            keep(store.folder, table, mark, rows)
    return of_race(race, rows.drop(WHERE, strict=False))


def worked_out(store: Store) -> Derived:
    """``DERIVED`` of a store, for its SQL."""
    return {
        name: (table, partial(rows_of_race, name, store=store))
        for name, (table, _) in DERIVED.items()
    }
