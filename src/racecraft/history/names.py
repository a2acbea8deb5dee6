"""The stable names of drivers and teams over the seasons."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from racecraft.model.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from racecraft.model.packed import Row


@cache
def own_names() -> dict[str, Any]:
    """Names that no results table has, and what else is known of them: ``names.toml``."""
    text = resources.files("racecraft.history").joinpath("names.toml").read_text("utf-8")
    return tomllib.loads(text)


def driver_ids(rows: Iterable[Row]) -> dict[int, dict[str, str]]:
    """``driver_id`` by season and three-letter code, from rows of drivers after their season.

    Where a source has none, that of the same name in another season, or else the family name.
    """
    return _ids(
        (season, code, some_id, f"{given} {family}", family or code)
        for season, code, some_id, given, family, *_ in rows
    )


def team_ids(rows: Iterable[Row]) -> dict[int, dict[str, str]]:
    """``team_id`` by season and the name of the team as entered; made up like `driver_ids`."""
    return _ids(
        (season, name, some_id, name, name.removesuffix(" F1 Team"))
        for season, name, some_id, *_ in rows
    )


def _ids(rows: Iterable[tuple[int, str, str | None, str, str]]) -> dict[int, dict[str, str]]:
    """Ids by season and key, from rows of season, key, id, name, and what to make one up from."""
    rows = list(rows)
    unknown = any(some_id is None for _, _, some_id, _, _ in rows)
    known = {fold(name): some_id for _, _, some_id, name, _ in rows if some_id} if unknown else {}
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for season, key, some_id, name, short in rows:
        found[season][key] = some_id or known.get(fold(name)) or fold(short).replace(" ", "_")
    return dict(found)
