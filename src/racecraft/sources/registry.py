"""Every source there is: each folder of this room that has a file ``source.py`` with a `Source`."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import TYPE_CHECKING

from racecraft.errors import ArgumentError

if TYPE_CHECKING:
    from racecraft.sources.source import Source

ROOM = "racecraft.sources"


@cache
def names() -> tuple[str, ...]:
    """Names of all sources, in order of the alphabet; imports none of them.

    >>> "ergast" in names(), "http" in names()
    (True, False)
    """
    folders = (folder for folder in files(ROOM).iterdir() if folder.is_dir())
    return tuple(sorted(f.name for f in folders if (f / "source.py").is_file()))


def source(name: str) -> Source:
    """Source of a name.

    Raises
    ------
    ArgumentError
        There is none.

    Examples
    --------
    >>> source("ergast").usage
    'racecraft data add ergast FOLDER [--season SEASON]'
    """
    if name not in names():
        raise ArgumentError(f"no source {name!r}", hint=f"one of {', '.join(names())}")
    found: Source = import_module(f"{ROOM}.{name}.source").SOURCE
    return found


def sources() -> tuple[Source, ...]:
    """Every source."""
    return tuple(source(name) for name in names())


def on_demand(season: int) -> list[Source]:
    """Sources that can be asked for what is not stored of a season, the best first."""
    able = [(s.on_demand, s) for s in sources() if s.on_demand]
    return [s for how, s in sorted(able, key=lambda pair: pair[0].rank) if how.since <= season]
