"""What is wrong with what was typed, said as people would say it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup

from racecraft.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

UsageError: Any = typer.BadParameter.__mro__[1]  # of whichever click typer has
UNSAID = ("MissingParameter", "NoSuchOption")  # errors that do not say how it is typed instead
SHARED = ("session", "series", "form", "output", "store", "driver", "plot", "help")


class Verbs(TyperGroup):
    """The verbs; an error of usage that one of them raises is told in plain words."""

    def parse_args(self, ctx: Any, args: Any) -> Any:
        """Take what stands before the verb."""
        for param in self.get_params(ctx):
            _taken_at_once(param)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run the verb that was typed."""
        words = [*getattr(ctx, "_protected_args", ()), *ctx.args]
        command: Any = self.get_command(ctx, words[0]) if words else None
        for param in command.get_params(ctx) if command is not None else ():
            _taken_at_once(param)
        if command is not None and (twice := _twice(command.params, words[1:])):
            raise UsageError(f"{twice} is given twice, and one is taken.")
        try:
            return super().invoke(ctx)
        except UsageError as error:
            wrong: Any = error
            if getattr(getattr(wrong, "param", None), "name", "") == "seed":
                raise ArgumentError(
                    "--seed is no whole number", hint="0 or more: the same one gives the same runs"
                ) from None
            wrong.message = in_words(
                wrong.message, getattr(wrong, "param", None), getattr(wrong, "ctx", None)
            )
            _add_example(wrong)
            raise


def in_words(message: str, param: Any = None, context: Any = None) -> str:
    """A message of the library that reads the command line, in plain words.

    >>> in_words("Value error, 'fr' is not one of 'en', 'nl', 'es'.")
    "'fr' is not one of 'en', 'nl', 'es'."
    """
    message = message.removeprefix("Value error, ")
    if message.startswith(("Input should be a valid integer", "Input should be a valid number")):
        of_season = getattr(param, "name", "") == "season"
        if of_season:
            return "a year is meant, such as 2023."
        return f"a {'whole ' if 'integer' in message else ''}number is meant."
    extra = re.match(r"Got unexpected extra arguments? ?(?:\(s\) )?\((.*)\)", message)
    if extra and context is not None:
        return f"there is no place for {extra[1]}; {_takes(context.command.params)}."
    return message


def _add_example(wrong: Any) -> None:
    """Say how the verb is typed, by the first example of its help, where an error does not."""
    told = getattr(getattr(getattr(wrong, "ctx", None), "command", None), "epilog", None) or ""
    found = re.search(r"^  (racecraft .*)$", told, re.MULTILINE)
    if found is None or type(wrong).__name__ not in UNSAID:
        return
    stop = "." if wrong.message else ""  # of what is missing the library makes a sentence itself
    wrong.message = f"{wrong.message}{stop} For example: {found[1]}".strip()
    if getattr(wrong, "possibilities", None) == ["--help"]:
        wrong.possibilities = None


def _taken_at_once(param: Any) -> None:
    """Let a plain word or number be taken as it is: to check it, typer loads a large library."""
    if not hasattr(param, "get_runtime_param") or param.multiple or param.nargs != 1:
        return  # a group, or a typer that checks values in another way
    checked = param.get_runtime_param
    param.get_runtime_param = lambda: _AtOnce(checked, param.type_descriptor)


class _AtOnce:
    """Takes values that need no check; all others are checked by typer."""

    def __init__(self, checked: Callable[[], Any], described: Any) -> None:
        self._checked, self._described = checked, described

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """Value of a parameter as the verb takes it."""
        kind, told = self._described.annotation, self._described.parameter_info
        if value is None or told.parser is not None:
            return value if value is None else self._checked().coerce(value, param=param, ctx=ctx)
        if str(value) == "-" and getattr(param, "name", "") == "output":
            return None  # standard output, as everywhere
        bounded = told.min is not None or told.max is not None
        if kind is int and not bounded and re.fullmatch(r"[0-9]{1,9}", str(value)):
            return int(value)
        if (
            kind is Path
            and not (told.exists or told.resolve_path)
            and isinstance(value, str | Path)
        ):
            return Path(value)
        choices = self._described.choices or ()
        if isinstance(value, str) and (kind is str or (kind is not Path and value in choices)):
            return value
        return self._checked().coerce(value, param=param, ctx=ctx)


def _twice(params: Sequence[Any], words: Sequence[str]) -> str:
    """An option that is given more than once, of which only the last would count."""
    asked = [word.partition("=")[0] for word in words[: (*words, "--").index("--")]]
    for one in params:
        single = not getattr(one, "multiple", False) and not getattr(one, "is_flag", False)
        if single and sum(asked.count(name) for name in one.opts if name.startswith("-")) > 1:
            return str(one.opts[0])
    return ""


def _takes(params: Sequence[Any]) -> str:
    places = " ".join(str(one.metavar or one.name) for one in params if one.opts[0][:1] != "-")
    own = [one.opts[0] for one in params if one.opts[0][:1] == "-" and one.name not in SHARED]
    return f"it takes {places}" + (f", and options such as {', '.join(own[:3])}" if own else "")
