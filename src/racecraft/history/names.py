"""The stable names of drivers and teams over the seasons."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from racecraft.history.rows import Driver
from racecraft.model.race import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from racecraft.model.season import Season

    Ids = Mapping[str, str]


@cache
def own_names() -> dict[str, Any]:
    """Names that no results table has, and what else is known of them: ``names.toml``."""
    text = resources.files("racecraft.history").joinpath("names.toml").read_text("utf-8")
    return tomllib.loads(text)


def driver_ids(seasons: Iterable[Season]) -> dict[int, dict[str, str]]:
    """``driver_id`` by season and three-letter code.

    Where a source has none, that of the same name in another season, or else the family name.
    """
    columns = ("driver", "driver_id", "given_name", "family_name")
    return _ids(
        (season.season, code, some_id, f"{given} {family}", family or code)
        for season in seasons
        for code, some_id, given, family in season.drivers.select(columns).rows()
    )


def team_ids(seasons: Iterable[Season]) -> dict[int, dict[str, str]]:
    """``team_id`` by season and the name of the team as entered; made up like `driver_ids`."""
    return _ids(
        (season.season, name, some_id, name, name.removesuffix(" F1 Team"))
        for season in seasons
        for name, some_id in season.teams["team", "team_id"].rows()
    )


def drivers(season: Season, ids: Ids) -> Iterator[Driver]:
    """Everybody who took part, with the code of this season alone."""
    for code, _, *facts in season.drivers.select("driver", *Driver._fields[:-1]).rows():
        yield Driver._make((ids[code], *facts, {season.season: code}))


def _ids(rows: Iterable[tuple[int, str, str | None, str, str]]) -> dict[int, dict[str, str]]:
    """Ids by season and key, from rows of season, key, id, name, and what to make one up from."""
    rows = list(rows)
    unknown = any(some_id is None for _, _, some_id, _, _ in rows)
    known = {fold(name): some_id for _, _, some_id, name, _ in rows if some_id} if unknown else {}
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for season, key, some_id, name, short in rows:
        found[season][key] = some_id or known.get(fold(name)) or fold(short).replace(" ", "_")
    return dict(found)
