"""What lets a function of the front door take names, as the command line does.

Functions of the rooms take a `Race` or a `Season`, and codes. At a prompt one would rather type
``rc.battle(2023, "Brazil", ("Alonso", "Pérez"))``: the door loads what was named, from the store or
else by fetching it, and puts codes to names. What does not fit is refused with a hint.
"""

from __future__ import annotations

from functools import wraps
from inspect import Parameter, cleandoc, signature
from typing import TYPE_CHECKING, Any, TypeVar

from racecraft.door.arguments import bound, check_kinds, kind_of, refuse_race
from racecraft.errors import CallError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from racecraft.model.race import Race
    from racecraft.model.season import Season

    Taken = TypeVar("Taken", bound=Callable[..., Any])

WHERE = ("series", "session", "store")  # to find a race by, beside its season and event
ONE = ("driver", "car")
SEVERAL = ("drivers", "cars")
EVENTS = ("after", "since", "until")
PAIR = "tuple[str, str]"
CHANGES = 'such as rc.Stop("ALO", 45, "soft"); racecraft.sim.lapwise.changes has the others'

OF_RACE = """

Notes
-----
A race may be named instead, as on the command line: ``{name}(2023, "Brazil")``, with ``series=``,
``session=`` and ``store=`` where they differ; drivers then go by family name or number too. The
season of a race that is named, and what the store has of the ones before, come along with it.
Where only the result of a race is known, ``race`` gives its outcome, and ``moments`` what it tells.
"""
OF_SEASON = """

Notes
-----
A season may be named by its year instead, with ``series=`` and ``store=`` where they differ;
drivers and events go by any of their names.
"""


def by_name(function: Taken) -> Taken:
    """Let a function of a race take ``season, event`` in its place, and one of a season a year.

    Raises
    ------
    CallError
        It is called with what it does not take; the hint says what it does.
    NotEnoughDataError
        It needs a library that is not installed; the hint names the extra.
    """
    takes = signature(function)
    kind = kind_of(next(iter(takes.parameters.values()), None))

    @wraps(function)
    def taking(*given: Any, **named: Any) -> Any:
        from racecraft.door.at_hand import STORED, told_by_result
        from racecraft.lookup.extras import missing

        try:
            if function.__name__ == "race" and (told := told_by_result(given, named)):
                return told
            if stored := STORED.get(function.__name__):
                given, named = stored(given, named)
            if kind:
                given, named = _found(function.__name__, kind, takes.parameters, given, named)
            call = bound(function.__name__, takes, given, named)
            if kind:
                _put_codes(function.__name__, takes.parameters, call.arguments)
            check_kinds(function.__name__, takes, call.arguments)
            return function(*call.args, **call.kwargs)
        except ModuleNotFoundError as error:
            refusal = missing(error)
            if refusal is None:
                raise
            raise refusal from error

    notes = {"Race": OF_RACE, "Season": OF_SEASON}.get(kind, "")
    text = cleandoc(function.__doc__ or "")
    taking.__doc__ = f"{text}{notes.format(name=function.__name__)}"
    taken: Any = taking
    return taken  # type: ignore[no-any-return]  # it takes all that the function does, and more


def is_year(given: object) -> bool:
    """Whether something stands for a season, or a lap: a whole number, of whatever library."""
    from numbers import Integral

    return isinstance(given, Integral) and not isinstance(given, bool)


def _found(
    name: str,
    kind: str,
    takes: Mapping[str, Parameter],
    given: tuple[Any, ...],
    named: dict[str, Any],
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """What was given with the race or season that it names, and what belongs to that."""
    if not given and is_year(named.get("season")):
        given = tuple(named.pop(key) for key in ("season", "event") if key in named)
    if given and is_year(given[0]):
        from racecraft.door.at_hand import named_race, named_season, with_it

        where = {key: named.pop(key) for key in WHERE if key in named and key not in takes}
        year, about = int(given[0]), next(iter(takes))
        if kind == "Race":
            given = (named_race(name, year, given[1:], where), *given[2:])
        else:
            given = (named_season(year, where), *given[1:])
        wanted = [key for key in takes if key not in named and key != about]
        named |= with_it(name, wanted, year, where)
    elif given and isinstance(given[0], str):
        refuse_race(name, kind, given[0])
    return _in_order(takes, given, named)


def _in_order(
    takes: Mapping[str, Parameter], given: tuple[Any, ...], named: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """A lap and drivers behind a race, as the command line has them, by their names."""
    others = given[1:]
    if others and _by_word(takes, "lap") and is_year(others[0]):
        named, others = {"lap": int(others[0]), **named}, others[1:]
    if others and "drivers" in takes and all(isinstance(one, str | int) for one in others):
        named, others = {"drivers": others, **named}, ()
    if len(others) == 1 and _by_word(takes, "drivers"):
        named, others = {"drivers": others[0], **named}, ()
    return (*given[:1], *others), named


def _by_word(takes: Mapping[str, Parameter], name: str) -> bool:
    """Whether a function takes something by its name alone."""
    return name in takes and takes[name].kind is Parameter.KEYWORD_ONLY


def _put_codes(name: str, takes: Mapping[str, Parameter], arguments: dict[str, Any]) -> None:
    """Codes in the place of drivers' names, and stable names in that of events."""
    from racecraft.model.race import Race
    from racecraft.model.season import Season

    about = arguments[next(iter(takes))]
    if not isinstance(about, Race | Season):
        return
    for key, meant in arguments.items():
        if key in ONE and isinstance(meant, str | int):
            arguments[key] = _code(about, meant)
        elif key in SEVERAL and isinstance(meant, str | tuple | list):
            pair = PAIR in str(takes[key].annotation)
            arguments[key] = _codes(name, about, meant, pair=pair)
        elif takes[key].kind is Parameter.VAR_POSITIONAL:
            arguments[key] = tuple(_changed(name, about, one) for one in meant)
        elif key in EVENTS and isinstance(meant, str) and isinstance(about, Season):
            arguments[key] = _event(about, meant)


def _codes(name: str, about: Race | Season, meant: Any, *, pair: bool) -> tuple[str, ...]:
    from racecraft.errors import ArgumentError

    names = meant.replace(",", " ").split() if isinstance(meant, str) else meant
    codes = tuple(_code(about, one) for one in names)
    if pair and (len(codes) != 2 or codes[0] == codes[1]):
        raise ArgumentError(
            f"{name}() takes two drivers, not {' '.join(codes) or 'none'}",
            hint='such as drivers=("ALO", "PER")',
        )
    return codes


def _changed(name: str, about: Race | Season, change: Any) -> Any:
    """A change of a race, with the code of its car."""
    from dataclasses import replace

    if not hasattr(change, "apply"):
        raise CallError(f"{name}() takes changes, not {change!r}", hint=CHANGES)
    return replace(change, car=_code(about, change.car)) if hasattr(change, "car") else change


def _code(about: Race | Season, name: str | int) -> str:
    from racecraft.lookup.find import find_car, find_driver
    from racecraft.model.race import Race

    return find_car(about, name) if isinstance(about, Race) else find_driver(about.drivers, name)


def _event(season: Season, after: str) -> str:
    from racecraft.lookup.find import find_after

    return find_after(season, after)
