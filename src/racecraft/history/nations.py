"""Countries by any of their English names, by their code, and by what their people are called."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from racecraft.model.folding import fold


def country(name: str) -> str | None:
    """ISO 3166 code of a country by its name or code, or by what its people are called.

    >>> country("Dutch"), country("UK"), country("united-kingdom"), country("Atlantis")
    ('NL', 'GB', 'GB', None)
    """
    return _codes().get(fold(name))


def same_country(one: str, two: str) -> bool:
    """Whether two names, of a country or of its people, mean the same one."""
    first, second = country(one), country(two)
    return first == second if first and second else fold(one) == fold(two)


def people(name: str) -> str:
    """What the people of a country are called, or the country itself where that is not known.

    >>> people("MX"), people("United Kingdom"), people("Atlantis")
    ('Mexican', 'British', 'Atlantis')
    """
    code = country(name)
    names = _own()["nationalities"]
    return next((called for called, its in names.items() if its == code), name)


@cache
def _own() -> dict[str, dict[str, str]]:
    file = resources.files("racecraft.history").joinpath("names.toml")
    found: dict[str, dict[str, str]] = tomllib.loads(file.read_text(encoding="utf-8"))
    return found


@cache
def _codes() -> dict[str, str]:
    folder = resources.files("racecraft.history")
    own = _own()
    listed = tomllib.loads(folder.joinpath("countries.toml").read_text(encoding="utf-8"))
    territories = {name: code for code, name in listed.items()}
    names = {**territories, **own["countries"], **own["nationalities"]}
    found = {fold(name): code for name, code in names.items()}
    return {**{code.lower(): code for code in found.values()}, **found}
