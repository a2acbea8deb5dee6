"""What earlier versions of racecraft wrote, as it is written today."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from racecraft.model.race import RACE_TABLES, SAMPLES
from racecraft.model.season import SEASON_TABLES
from racecraft.model.terms import FORMULA_ONE
from racecraft.store.accounts.history import with_version

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

PROMISED = {**RACE_TABLES, **SEASON_TABLES, **SAMPLES}

# In version 1 there was one series, and every car was called by its driver.
_BY_CAR = {
    name
    for name, table in PROMISED.items()
    if "car" in table.schema and "driver" not in table.schema
}


def table_of_today(name: str, table: pl.DataFrame) -> pl.DataFrame:
    """Stored table in the columns that are promised today; what was not written then is null.

    Raises
    ------
    TableError
        It is not what it was promised to be, then or today.
    """
    promised = PROMISED.get(name)
    if promised is None:
        return table
    if "version" in table.columns:
        promised = with_version(promised)
    if table.schema == promised.schema:
        return table
    if name in _BY_CAR and "driver" in table.columns and "car" not in table.columns:
        table = table.rename({"driver": "car"})
    return promised.check(table)


def facts_of_today(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Stored facts of an account, with those that were not written then."""
    return {"series": FORMULA_ONE, **facts}
