"""Whether what a function is given fits what it takes, said so that one can mend it."""

from __future__ import annotations

from difflib import get_close_matches
from inspect import Parameter
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, NoReturn

from racecraft.errors import CallError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from inspect import BoundArguments, Signature

WORDS = {
    "Race": "a race",
    "Season": "a season",
    "DataFrame": "a table",
    "Pace": "what pace() returns",
    "Runs": "what simulate() returns",
    "Form": "what form() returns",
    "Clinch": "what clinch() returns",
    "Twins": "what what_if() returns",
    "bool": "True or False",
    "int": "a whole number",
    "float": "a number",
    "str": "a text",
    "None": "None",
}  # what an annotation says; one with any other word is not looked at
NAMED = {
    "Race": 'name it, as in {name}(2023, "Brazil"); or load_race(2023, "Brazil")',
    "Season": "name it, as in {name}(2023); or load_season(2023)",
}


def kind_of(first: Parameter | None) -> str:
    """``Race`` or ``Season``: what a function is about; nothing for any other."""
    words = [] if first is None else _words(first)
    return next((kind for kind in NAMED if kind in words), "")


def bound(
    name: str, takes: Signature, given: tuple[Any, ...], named: Mapping[str, Any]
) -> BoundArguments:
    """Arguments by the names of a function's parameters."""
    try:
        return takes.bind(*given, **named)
    except TypeError as error:
        raise CallError(f"{name}(): {error}", hint=_hint(name, takes, given, named)) from None


def check_kinds(name: str, takes: Signature, arguments: Mapping[str, Any]) -> None:
    """Refuse a text for a number, a season for a race, and their like."""
    first = next(iter(takes.parameters), "")
    for key, value in arguments.items():
        words = _words(takes.parameters[key])
        plain = takes.parameters[key].kind in (
            Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY,
        )  # fmt: skip
        if plain and words and set(words) <= set(WORDS) and not _fits(value, words):
            meant = " or ".join(WORDS[word] for word in words if word != "None")
            hint = next((text for kind, text in NAMED.items() if kind in words), "")
            called = meant if key == first else f"{meant} as {key}"
            raise CallError(
                f"{name}() takes {called}, not {_short(value)}", hint=hint.format(name=name)
            )


def refuse_race(name: str, kind: str, given: str) -> NoReturn:
    """A text where a race or a season is meant: the year is missing, or is a text itself."""
    meant = WORDS[kind]
    raise CallError(
        f"{name}() takes {meant}, not {_short(given)}", hint=NAMED[kind].format(name=name)
    )


def _hint(name: str, takes: Signature, given: tuple[Any, ...], named: Mapping[str, Any]) -> str:
    """The option that was meant, the race or the seed that is missing, or all that there are."""
    strange = [key for key in named if key not in takes.parameters]
    near = get_close_matches(strange[0], takes.parameters, n=1) if strange else []
    if near:
        return f"did you mean {near[0]}=?"
    first = next(iter(takes.parameters.values()), None)
    if not given and first is not None and first.name not in named and (kind := kind_of(first)):
        return NAMED[kind].format(name=name)
    if "seed" in takes.parameters and "seed" not in named and not strange:
        return "such as seed=1: the same seed gives the same answer"
    return f"it takes {', '.join(takes.parameters)}"


def _words(parameter: Parameter) -> list[str]:
    """Types that an annotation names; none where it is not simply a few of them."""
    words = str(parameter.annotation).replace("pl.", "").split(" | ")
    return words if all(word.isidentifier() for word in words) else []


def _fits(value: object, words: list[str]) -> bool:
    kinds = {kind.__name__ for kind in type(value).__mro__} - {"object"}
    if value is None:
        kinds = {"None"}
    elif isinstance(value, Integral):
        kinds |= {"int", "float"}
    elif isinstance(value, Real):
        kinds |= {"float"}
    if isinstance(value, bool):
        kinds -= {"int", "float"}
    return bool(kinds & set(words))


def _short(value: object) -> str:
    told = repr(value).splitlines()[0]
    return told if len(told) <= 60 else f"{told[:59]}…"
