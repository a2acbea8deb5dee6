"""All types of claims, found by looking into the folder."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from racecraft.errors import NotFoundError
from racecraft.press import claims
from racecraft.press.claims.claim_type import ClaimType

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def claim_types() -> Mapping[str, ClaimType]:
    """Every type of claim by its name, in the order of the alphabet."""
    found: dict[str, ClaimType] = {}
    for module in iter_modules(claims.__path__):
        loaded = import_module(f"{claims.__name__}.{module.name}")
        made = getattr(loaded, "TYPES", None) or (getattr(loaded, "TYPE", None),)
        found |= {each.name: each for each in made if isinstance(each, ClaimType)}
    return dict(sorted(found.items()))


def claim_type(name: str) -> ClaimType:
    """Type of claim of that name.

    Raises
    ------
    NotFoundError
        There is none.
    """
    known = claim_types()
    if name not in known:
        raise NotFoundError(f"no claim type {name!r}", hint=f"there are {', '.join(known)}")
    return known[name]
