"""What people call the countries and circuits that races are held in, as one would type it."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


def country_of(words: str) -> tuple[str, ...]:
    """Every way to spell a country, given one of them; just that one if it is none we know.

    >>> country_of("holland")[:2]
    ('netherlands', 'dutch')
    """
    return next((spellings for spellings in _countries() if words in spellings), (words,))


@cache
def prizes() -> tuple[str, ...]:
    """How the name of a Grand Prix begins in other tongues, the longest first."""
    return tuple(sorted(_gazetteer()["prizes"], key=len, reverse=True))


@cache
def nicknames() -> dict[str, tuple[str, ...]]:
    """Nickname of a circuit or place: words of its name, then of its events."""
    return {name: tuple(words) for name, words in _gazetteer()["nicknames"].items()}


@cache
def _countries() -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(spellings) for spellings in _gazetteer()["countries"])


@cache
def _gazetteer() -> dict[str, Any]:
    text = files("racecraft.lookup").joinpath("places.toml").read_text("utf-8")
    return tomllib.loads(text)
