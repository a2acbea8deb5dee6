"""How places, drivers and margins are called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from racecraft.model.table import Column

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from racecraft.model.rulebook.rules import Championship
    from racecraft.model.season import Season

NAME = Column("name", pl.String, "driver, or team in the constructors' championship")
_ORDINALS = (
    "the title", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
    "tenth",
)  # fmt: skip


@dataclass(frozen=True)
class Names:
    """Names for sentences: family names of drivers, of namesakes in full; teams as entered."""

    family: Mapping[str, str]

    @classmethod
    def of(cls, season: Season, kind: Championship) -> Names:
        """Names of a season's drivers or teams."""
        if kind == "constructors":
            return cls({})
        rows = season.drivers.select("driver", "given_name", "family_name")
        rows = rows.drop_nulls("family_name")
        alone = pl.len().over("family_name") == 1
        whole = pl.concat_str("given_name", "family_name", separator=" ", ignore_nulls=True)
        called = rows.select("driver", pl.when(alone).then("family_name").otherwise(whole))
        return cls(dict(called.iter_rows()))

    def short(self, name: str) -> str:
        """Family name of a driver, in full that of a namesake; a team as it is called."""
        return self.family.get(name, name)


def place_words(position: int) -> str:
    """A place of the championship in words.

    >>> place_words(1), place_words(3), place_words(11)
    ('the title', 'third', 'place 11')
    """
    return _ORDINALS[position - 1] if position <= len(_ORDINALS) else f"place {position}"


def finish_words(place: int) -> str:
    """A place at an event in words; 0 is one without points.

    >>> finish_words(1), finish_words(12), finish_words(0)
    ('first', '12th', 'without points')
    """
    if place == 0:
        return "without points"
    if place == 1:
        return "first"
    return _ORDINALS[place - 1] if place <= len(_ORDINALS) else f"{place}th"


def listed(items: Sequence[str], last: str = "and") -> str:
    """Items in a row.

    >>> listed(["Norris", "Leclerc", "Sainz"], "or")
    'Norris, Leclerc or Sainz'
    """
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"
