"""Filters as OpenF1 has them: operators within the keys of a query, and values of any type."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, TypeGuard
from urllib.parse import unquote_plus

from racecraft.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

Row = dict[str, Any]

NEVER_CAST = ("gmt_offset", "team_colour")
LATEST = ("session_key", "meeting_key")
MOST = 40  # filters of one question
DAY = timedelta(days=1)
LAST = datetime.max.replace(tzinfo=UTC)

_FILTER = re.compile(r"([a-z0-9_]{1,40})(>=|<=|>|<|=)(.*)", re.DOTALL | re.IGNORECASE)
_LOST_PLUS = re.compile(r" (\d\d:\d\d)$")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True)
class Filter:
    """One condition: a field, an operator, and the value that it is compared with."""

    field: str
    operator: str
    value: object


def parse(query: str) -> list[Filter]:
    """Conditions of a query string, in order.

    Raises
    ------
    ArgumentError
        A part is no condition, or there are too many.

    Examples
    --------
    >>> parse("lap_number>=3&compound=SOFT")
    [Filter(field='lap_number', operator='>=', value=3), Filter(field='compound', \
operator='=', value='SOFT')]
    >>> parse("speed%3E315=")
    [Filter(field='speed', operator='>', value=315)]
    """
    parts = [part for part in query.split("&") if part]
    if len(parts) > MOST:
        raise ArgumentError(f"{len(parts)} filters; at most {MOST}")
    return [_filter(unquote_plus(part, errors="replace")) for part in parts]


def fitting(rows: Iterable[Row], filters: Sequence[Filter]) -> list[Row]:
    """Rows that meet the conditions: all fields; of one field any value, within its bounds.

    Raises
    ------
    ArgumentError
        A value is of another kind than the field, such as text for a number.
    """
    tests = _tests(filters)
    kept = list(rows)
    for field, test in tests.items():
        _check_kind(kept, field, filters)
        kept = [row for row in kept if field in row and test(row[field])]
    return kept


def cast(field: str, text: str) -> object:
    """Value that a text stands for: a truth, a number, a moment, or the text itself.

    >>> cast("lap_number", "3"), cast("is_pit_out_lap", "true"), cast("compound", "SOFT")
    (3, True, 'SOFT')
    """
    if field in NEVER_CAST:
        return text
    if text.casefold() in ("true", "false"):
        return text.casefold() == "true"
    for kind in (int, float):
        try:
            number = kind(text)
        except ValueError:
            continue
        return number if abs(number) < float("inf") else text
    return _moment(text)


def _filter(part: str) -> Filter:
    found = _FILTER.fullmatch(part)
    if found is None:
        raise ArgumentError(
            f"no filter {part[:80]!r}", hint="a field, one of = >= <= > <, and a value"
        )
    field, operator, text = found[1].casefold(), found[2], found[3]
    if operator != "=":
        text = text.removeprefix("=").removesuffix("=")  # of clients that know names and values
    if "date" in field:
        text = _LOST_PLUS.sub(r"+\1", text)
    return Filter(field, operator, cast(field, text.strip()))


def _moment(text: str) -> object:
    """A day or a moment in UTC, where the text is one."""
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
        if _DAY.match(text):
            moment = datetime.fromisoformat(text)
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return text
    return text


def _tests(filters: Sequence[Filter]) -> dict[str, Callable[[object], bool]]:
    """What every field has to pass."""
    of: dict[str, list[Filter]] = {}
    for one in filters:
        of.setdefault(one.field, []).append(one)
    return {field: _any_of(_groups(own)) for field, own in of.items()}


def _groups(filters: Sequence[Filter]) -> list[list[Filter]]:
    """Alternatives of a field: each value, each range of two bounds, each bound without another."""
    found = [_equal(one) for one in filters if one.operator == "="]
    bounds = [_bound(one) for one in filters if one.operator != "="]
    lower = [one for one in bounds if one.operator.startswith(">")]
    upper = [one for one in bounds if one.operator.startswith("<")]
    for low in lower:
        above = [high for high in upper if _at_most(low.value, high.value)]
        nearest: list[Filter] = sorted(above, key=_value)[:1]
        upper = [one for one in upper if one not in nearest]
        found.append([low, *nearest])
    return [*found, *([one] for one in upper)]


def _equal(one: Filter) -> list[Filter]:
    """Conditions of a value; a day is the whole of it."""
    if not _is_day(one.value):
        return [one]
    return [_bound(Filter(one.field, operator, one.value)) for operator in (">=", "<=")]


def _bound(one: Filter) -> Filter:
    """A bound that is a day as the moment it means: after a day is from the next one on."""
    if not _is_day(one.value):
        return one
    start = datetime.combine(one.value, time(), UTC)
    operator = {">": ">=", "<=": "<"}.get(one.operator)
    end = start + min(DAY, LAST - start)
    return Filter(one.field, operator or one.operator, end if operator else start)


def _is_day(value: object) -> TypeGuard[date]:
    return isinstance(value, date) and not isinstance(value, datetime)


def _value(one: Filter) -> Any:
    return one.value


def _any_of(groups: Sequence[Sequence[Filter]]) -> Callable[[object], bool]:
    return lambda value: any(all(_holds(one, value) for one in group) for group in groups)


def _holds(condition: Filter, value: object) -> bool:
    """Whether a value meets a condition."""
    wanted, operator = condition.value, condition.operator
    if operator == "=":
        return _alike(value, wanted) and value == wanted
    if operator in (">", ">="):
        return _below(wanted, value) if operator == ">" else _at_most(wanted, value)
    return _below(value, wanted) if operator == "<" else _at_most(value, wanted)


def _alike(one: object, other: object) -> bool:
    """Whether two values are of a kind; nothing is, and truth is no number."""
    numbers = (int, float)
    if isinstance(one, bool) or isinstance(other, bool):
        return isinstance(one, bool) and isinstance(other, bool)
    if isinstance(one, numbers) and isinstance(other, numbers):
        return True
    return any(isinstance(one, kind) and isinstance(other, kind) for kind in (str, datetime))


def _below(one: Any, other: Any) -> bool:
    return _alike(one, other) and one < other


def _at_most(one: Any, other: Any) -> bool:
    return _alike(one, other) and one <= other


def _check_kind(rows: Sequence[Row], field: str, filters: Sequence[Filter]) -> None:
    kinds = {type(row[field]) for row in rows[:200] if row.get(field) is not None}
    if not kinds or not kinds <= {int, float}:
        return
    for one in filters:
        if one.field == field and not isinstance(one.value, int | float):
            raise ArgumentError(f"{field} is a number, not {str(one.value)[:60]!r}", field=field)
