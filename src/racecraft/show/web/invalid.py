"""Values that cannot be, as pydantic finds them, in a sentence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SHOWN = 80  # characters of a value, or of its name, that are repeated
_SUBJECT = re.compile(r"(Input|Value|String|List|Number|Object) (?=should )")


def sentence(at: Sequence[object], wrong: Mapping[str, Any]) -> str:
    """What is wrong with a value.

    Parameters
    ----------
    at
        Where it stands: names, and numbers of items.
    wrong
        One of the errors of a ``ValidationError``.

    Examples
    --------
    >>> sentence(["season"], {"type": "missing", "msg": "Field required"})
    'season is missing'
    >>> wrong = {"type": "int_type", "msg": "Input should be a valid integer", "input": "x"}
    >>> sentence(["lap"], wrong)
    "lap should be a valid integer, not 'x'"
    """
    name = ".".join(map(str, at))[:SHOWN] or "it"
    said = str(wrong["msg"])
    if wrong["type"] == "missing":
        return f"{name} is missing"
    if wrong["type"] == "extra_forbidden":
        return f"there is no {name}"
    if (subject := _SUBJECT.match(said)) is None:
        return f"{name}: {said}"
    said = f"{name} {said[subject.end() :].partition(', unable')[0]}"
    given = wrong.get("input")
    shown = isinstance(given, str | int | float) and "input" in wrong
    return f"{said}, not {str(given)[:SHOWN]!r}" if shown else said
