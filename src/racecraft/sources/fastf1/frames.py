"""Columns of pandas frames as polars columns, with neither pandas nor Arrow between them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from racecraft.errors import UnreadableError
from racecraft.model.table import TIME

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from polars._typing import PolarsDataType


@dataclass(frozen=True)
class Kind:
    """What a column holds: how a cell is read (None if it is none of these), and words for it."""

    read: Callable[[Any], object]
    dtype: PolarsDataType
    expected: str


def columns(
    frame: Any, kinds: Mapping[str, Kind], *, file: str, needed: Collection[str] = ()
) -> pl.DataFrame:
    """Columns of a pandas frame; those that it lacks are unknown, unless they are needed.

    Raises
    ------
    UnreadableError
        A needed column is missing, or a cell is not what its column should hold.
    """
    if missing := [name for name in needed if name not in frame.columns]:
        raise UnreadableError(f"{file}: no column {missing[0]}", file=file, column=missing[0])
    return pl.DataFrame(
        [
            pl.Series(name, _cells(frame, name, kind, file), dtype=kind.dtype)
            for name, kind in kinds.items()
        ]
    )


def _cells(frame: Any, name: str, kind: Kind, file: str) -> list[object]:
    if name not in frame.columns:
        return [None] * len(frame)
    cells = []
    for row, cell in enumerate(frame[name].tolist()):
        value = None if _unknown(cell) else kind.read(cell)
        if value is None and not _unknown(cell):
            raise UnreadableError(
                f"{file}, row {row}, {name}: {str(cell)[:40]!r}; expected {kind.expected}",
                file=file,
                row=row,
                column=name,
            )
        cells.append(value)
    return cells


def _unknown(cell: Any) -> bool:
    """Whether a cell is None, NaN or NaT, which do not equal themselves, or NA, which is mute."""
    try:
        return cell is None or bool(cell != cell)
    except TypeError:
        return True


def _number(cell: Any) -> float | None:
    try:
        number = float(cell)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def _duration(cell: Any) -> timedelta | None:
    return cell if isinstance(cell, timedelta) and cell >= timedelta(0) else None


TEXT = Kind(str, pl.String, "text")
NUMBER = Kind(_number, pl.Float64, "a number")
DURATION = Kind(_duration, TIME, "a duration")
BOOLEAN = Kind(lambda cell: bool(cell) if cell in (0, 1) else None, pl.Boolean, "true or false")
MOMENT = Kind(
    lambda cell: cell if isinstance(cell, datetime) else None, pl.Datetime("us"), "a date and time"
)
