"""What people call drivers beside their names, as one would type it."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files


@cache
def driver_nicknames() -> dict[str, str]:
    """Nickname of a driver: given and family name, all folded.

    >>> driver_nicknames()["checo"]
    'sergio perez'
    """
    text = files("racecraft.lookup").joinpath("people.toml").read_text("utf-8")
    return tomllib.loads(text)
