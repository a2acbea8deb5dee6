"""How the reasons of verdicts say things."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.history.rows import Result

_ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
)  # fmt: skip


def ordinal(number: int) -> str:
    """A place as one says it.

    >>> ordinal(3), ordinal(11), ordinal(22), ordinal(23)
    ('third', '11th', '22nd', '23rd')
    """
    if 1 <= number <= len(_ORDINALS):
        return _ORDINALS[number - 1]
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if number % 100 in (11, 12, 13) else ending}"


def number(value: float) -> str:
    """A figure without needless decimals.

    >>> number(12.5), number(25.0)
    ('12.5', '25')
    """
    return f"{value:.3f}".rstrip("0").rstrip(".")


def did(row: Result, record: History) -> str:
    """What became of a driver: ``Fernando Alonso was third in the 2023 São Paulo Grand Prix``."""
    event = record.event(*row.key)
    where = f"in the {'sprint of the ' if row.session == 'sprint' else ''}"
    where += event.full_name if event else f"round {row.round} of {row.season}"
    name = record.name(row.driver_id)
    if row.position is not None:
        out = " although he retired" if row.retired else ""
        return f"{name} was {ordinal(row.position)}{out} {where}"
    if not row.started:
        return f"{name} did not start {where}"
    if row.status == "Disqualified":
        return f"{name} was disqualified {where}"
    return f"{name} retired after {row.laps or 0} laps {where} ({row.status.lower()})"
