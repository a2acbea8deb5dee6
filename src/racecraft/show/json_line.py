"""A value as JSON on one line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from math import isfinite
from typing import Any


def json_line(value: object) -> str:
    """Value as JSON on one line; a number that is none is null."""
    try:
        return json.dumps(value, ensure_ascii=False, default=_text, allow_nan=False)
    except ValueError:
        return json.dumps(_finite(value), ensure_ascii=False, default=_text, allow_nan=False)


def _finite(value: Any) -> Any:
    """A value with null for every number in it that is none."""
    if isinstance(value, Mapping):
        return {name: _finite(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not isfinite(value) else value


def _text(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value)
