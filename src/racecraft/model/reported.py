"""What races and seasons have in common: where they belong, who told of them, their tables."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Self

from racecraft.errors import ArgumentError
from racecraft.model.terms import FORMULA_ONE

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from racecraft.model.table import Table

_SERIES = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


@dataclass(frozen=True, eq=False, kw_only=True)
class Reported:
    """One account of something: the season and the series it belongs to, its source, its tables.

    Tables that are left out are empty; every table is checked against its promise.
    """

    promised: ClassVar[dict[str, Table]] = {}

    season: int
    series: str = FORMULA_ONE
    source: str = ""

    def __post_init__(self) -> None:
        """Check the series, and every table."""
        check_series(self.series)
        for name, table in self.promised.items():
            object.__setattr__(self, name, table.check(getattr(self, name)))

    @classmethod
    def of_checked(cls, facts: Mapping[str, Any], tables: Mapping[str, pl.DataFrame]) -> Self:
        """Return an account of tables that kept their promise before: for many stored ones."""
        told = object.__new__(cls)
        for name, table in cls.promised.items():
            object.__setattr__(told, name, tables[name] if name in tables else table.empty())
        for name, value in facts.items():
            object.__setattr__(told, name, value)
        return told

    @property
    def tables(self) -> dict[str, pl.DataFrame]:
        """The reported tables by name, but for the telemetry."""
        return {name: getattr(self, name) for name in self.promised}

    def with_tables(self, **tables: pl.DataFrame) -> Self:
        """Return the same account with some of its tables replaced."""
        return replace(self, **tables)  # type: ignore[arg-type]


def check_series(series: str) -> str:
    """Return the name of a series, or say why it cannot be one.

    Raises
    ------
    ArgumentError
        It is not made of small letters, digits and hyphens.
    """
    if not isinstance(series, str) or not _SERIES.fullmatch(series):
        raise ArgumentError(
            f"no series {series!r}",
            hint="small letters, digits and hyphens: f1, imsa, wec, club-karting",
            series=series,
        )
    return series
