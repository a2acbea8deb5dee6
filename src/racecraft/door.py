"""What lets a function of the front door take names, as the command line does.

Functions of the rooms take a `Race` or a `Season`, and codes. At a prompt one would rather type
``rc.battle(2023, "Brazil", ("Alonso", "Pérez"))``: the door loads what was named, from the store or
else by fetching it, and puts codes to names.
"""

from __future__ import annotations

from functools import wraps
from inspect import Signature, signature
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from racecraft.model.race import Race
    from racecraft.model.season import Season

    Taken = TypeVar("Taken", bound=Callable[..., Any])


def by_name(function: Taken) -> Taken:
    """Let a function of a race take ``season, event`` in its place, and one of a season a year.

    Its `driver` or `drivers` may be family names or numbers then too.
    """
    takes = signature(function)
    first = next(iter(takes.parameters.values()), None)
    if first is None or first.annotation not in ("Race", "Season"):
        return function

    @wraps(function)
    def taking(*given: Any, **named: Any) -> Any:
        if given and isinstance(given[0], int):
            given = _loaded(first.annotation, *given)
        call = takes.bind(*given, **named)
        _put_codes(takes, call.arguments)
        return function(*call.args, **call.kwargs)

    taken: Any = taking
    return taken  # type: ignore[no-any-return]  # it takes all that the function does, and more


def _loaded(kind: str, season: int, *rest: Any) -> tuple[Any, ...]:
    """What was named first, loaded; and the rest of what was given."""
    from racecraft.errors import ArgumentError
    from racecraft.store.load import load_race, load_season

    if kind == "Season":
        return load_season(season), *rest
    if not rest or not isinstance(rest[0], str | int):
        raise ArgumentError(
            f"which race of {season}?", hint='name it by round or place: (2023, "Brazil")'
        )
    return load_race(season, rest[0]), *rest[1:]


def _put_codes(takes: Signature, arguments: dict[str, Any]) -> None:
    """Codes in the place of drivers' names, where a function takes drivers."""
    about = arguments[next(iter(takes.parameters))]
    for name in ("driver", "drivers"):
        meant = arguments.get(name)
        if isinstance(meant, str | int):
            arguments[name] = _code(about, meant)
        elif isinstance(meant, tuple | list):
            arguments[name] = _codes(about, meant)


def _codes(about: Race | Season, names: Sequence[str | int]) -> tuple[str, ...]:
    return tuple(_code(about, name) for name in names)


def _code(about: Race | Season, name: str | int) -> str:
    from racecraft.lookup.find import find_car, find_driver
    from racecraft.model.race import Race

    return find_car(about, name) if isinstance(about, Race) else find_driver(about.drivers, name)
