"""Which column of somebody's table is which: by its name, in any of the usual spellings."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from racecraft.errors import ArgumentError, UnreadableError
from racecraft.model.folding import fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

TIMES = ("lap_time", "elapsed", "time_of_day")
NAMES = ("driver", "given_name", "family_name")


@dataclass(frozen=True)
class Found:
    """Columns of a table by what they were taken for, their units, and what was left over.

    Parameters
    ----------
    taken
        Name of the column by what it is: ``{"car": "Kart Nr.", "lap": "Runde"}``.
    units
        Microseconds a unit, of columns whose name says so.
    unused
        Columns that were taken for nothing.
    remarks
        What had to be decided.
    """

    taken: dict[str, str]
    units: dict[str, int] = field(default_factory=dict)
    unused: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def find_columns(table: pl.DataFrame, told: Mapping[str, str], *, file: str) -> Found:
    """Take every column for what its name says.

    Parameters
    ----------
    table
        Text, with a column ``line``.
    told
        What somebody said, as ``{"car": "Kart Nr."}``.

    Raises
    ------
    UnreadableError
        No column for the car, for the lap or for a time; or two that could be the car.
    ArgumentError
        `told` names a column or a meaning that there is not.
    """
    names = [name for name in table.columns if name != "line"]
    _check_told(told, names, file)
    free = [name for name in names if name not in told.values()]
    fits = _fits(free)
    taken = {role: told.get(role) or _first(fits, role) for role in _patterns()}
    cars = [] if "car" in told else fits.get("car", [])
    if len(cars) > 1 and taken["lap"]:
        taken["car"] = _car(table, cars, taken["lap"], file)
    if taken["car"] is None:
        role = next((role for role in NAMES if taken[role]), "car")
        taken["car"], taken[role] = taken[role], None
    found = {role: name for role, name in taken.items() if name is not None}
    _check_found(found, names, file)
    others = [name for name in cars if name != found["car"]]
    return Found(
        found,
        {role: unit for role, name in found.items() if (unit := _split(name)[1])},
        tuple(name for name in names if name not in found.values()),
        tuple(f"{name!r} could be the car too: {found['car']!r} was taken" for name in others),
    )


def _check_told(told: Mapping[str, str], names: Sequence[str], file: str) -> None:
    for role, name in told.items():
        if role not in _patterns() or role == "some_time":
            known = ", ".join(r for r in _patterns() if r != "some_time")
            raise ArgumentError(f"a column cannot be taken for {role!r}", hint=f"one of {known}")
        if name not in names:
            raise ArgumentError(
                f"{file}: no column {name!r}", hint=f"it has {', '.join(names) or 'none'}"
            )


def _check_found(found: Mapping[str, str], names: Sequence[str], file: str) -> None:
    lacking = [role for role in ("car", "lap") if role not in found]
    if not lacking and not {*TIMES, "some_time"} & found.keys():
        lacking = ["lap time, elapsed time or time of day"]
    if lacking:
        role = "car" if "car" in lacking else lacking[0]
        raise UnreadableError(
            f"{file}: no column for the {role}; it has {', '.join(map(repr, names)) or 'none'}",
            hint=f"name it as in --columns {role.split()[0]}=COLUMN",
            file=file,
        )


def _car(table: pl.DataFrame, fitting: Sequence[str], lap: str, file: str) -> str:
    """Column of the car: one of two that say the same, or the one of which laps have one row."""
    pairs = table.select(fitting).unique()
    if all(pairs[name].n_unique() == len(pairs) for name in fitting):
        return fitting[0]
    keys = [name for name in fitting if not table.select(name, lap).is_duplicated().any()]
    if len(keys) == 1:
        return keys[0]
    raise UnreadableError(
        f"{file}: {' and '.join(map(repr, fitting))} could each be the car",
        hint=f"say which, as in --columns car={fitting[0]!r}",
        file=file,
    )


def _first(fits: Mapping[str, Sequence[str]], role: str) -> str | None:
    return next(iter(fits.get(role, ())), None)


def _fits(names: Sequence[str]) -> dict[str, list[str]]:
    """Columns that could be each thing, the best first; a column is one thing only."""
    found: dict[str, list[tuple[int, str]]] = {}
    for name in names:
        words = _split(name)[0]
        for role, patterns in _patterns().items():
            rank = next((i for i, p in enumerate(patterns) if re.fullmatch(p, words)), None)
            if rank is not None:
                found.setdefault(role, []).append((rank, name))
                break
    ranked = {role: sorted(some, key=lambda pair: pair[0]) for role, some in found.items()}
    return {role: [name for _, name in some] for role, some in ranked.items()}


def _split(name: str) -> tuple[str, int | None]:
    """Words of a name without the unit, and the unit in microseconds.

    >>> _split("LapTime [ms]")
    ('lap time', 1000)
    """
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", name.replace("#", " hash "))
    words = fold(spaced.replace("_", " ").replace("°", " ").replace("º", " ")).split()
    if len(words) > 1 and words[-1] in _units():
        return " ".join(words[:-1]), _units()[words[-1]]
    return " ".join(words), _units().get(words[0]) if len(words) == 1 else None


@cache
def _data() -> dict[str, dict[str, object]]:
    text = (files("racecraft.sources.timing") / "columns.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _patterns() -> dict[str, list[str]]:
    return _data()["names"]  # type: ignore[return-value]


@cache
def _units() -> dict[str, int]:
    return _data()["units"]  # type: ignore[return-value]
