"""Names that other sources have for the people, cars and places of f1db.

f1db names everybody in a way of its own: ``max-verstappen``, a Cooper with a Climax engine.
Accounts of one race must agree on who is who before they can be compared, so the names of the
Ergast schema are used for whoever has one, and made in its way for whoever has none.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import polars as pl


@dataclass(frozen=True, kw_only=True)
class Names:
    """Names by the identifiers of f1db.

    Attributes
    ----------
    drivers
        ``id``, stable name ``driver_id``, official ``code``, given and family name.
    codes
        ``season``, ``driver_id`` and the code ``driver`` that somebody has in a season.
    teams
        ``season``, ``constructor_id``, ``engine_manufacturer_id``, and the name of the ``team``.
    circuits
        ``id``, ``circuit``, ``locality`` and ``country``.
    nationalities
        ``country_id`` and the word for who comes from there.
    """

    drivers: pl.DataFrame
    codes: pl.DataFrame
    teams: pl.DataFrame
    circuits: pl.DataFrame
    nationalities: pl.DataFrame


TABLES = ("drivers", "codes", "teams", "circuits", "nationalities")


@cache
def packaged_names() -> Names:
    """Names of everybody and everything in the packaged record."""
    folder = files("racecraft.sources.f1db") / "names"
    return Names(
        **{name: pl.read_parquet((folder / f"{name}.parquet").read_bytes()) for name in TABLES}
    )
