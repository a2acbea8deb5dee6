"""The command and its verbs: of what is typed, only the verb that is asked for is loaded."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any

import typer

from racecraft import __version__
from racecraft.cli.answer import write
from racecraft.cli.usage import Verbs

if TYPE_CHECKING:
    from collections.abc import Sequence

EXAMPLES = """\b
Examples:
  racecraft race 2023 "São Paulo"
  racecraft battle 2023 interlagos ALO PER
  racecraft overtakes 2023 20 --kind on_track --format csv -o passes.csv
  racecraft title 2023 --driver PER --position 2 --after 20
  racecraft check article.html -o checked.html
  racecraft search battles 2023
  racecraft sql "select * from races"
"""

VERBS: dict[str, tuple[str, ...]] = {
    "race": ("race", "order", "gaps", "overtakes", "battles", "battle", "start", "explain", "sql"),
    "search": ("search",),
    "moments": ("moments",),
    "tables": ("laps", "results", "quali", "control", "track", "drivers", "season"),
    "pace": ("pace", "breakdown", "form", "stops"),
    "title": ("standings", "title", "odds"),
    "sim": ("forecast",),
    "simulate": ("simulate",),
    "whatif": ("whatif",),
    "live": ("live",),
    "press": ("check",),
    "report": ("report",),
    "share": ("card", "clip"),
    "serve": ("serve",),
    "assistant": ("mcp",),
}  # by the file of this room that has them, in the order of the help
GROUPS = {"data": ("data", "app"), "sim": ("simulate", "sim")}  # file and name of each


def command(words: Sequence[str] = ()) -> typer.Typer:
    """Return the command for what was typed: with one verb if that comes first, else with all."""
    return _with(words[0] if words and _file_of(words[0]) else None)


@cache
def _with(verb: str | None) -> typer.Typer:
    app = typer.Typer(
        cls=Verbs,
        help="Turns the timing of a motor race into its story.",
        epilog=EXAMPLES,
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
    app.callback(invoke_without_command=True)(_options)
    only = _file_of(verb) if verb else None
    for file in VERBS:
        if only is None or (file == only and verb not in GROUPS):
            for told, examples in _loaded(file).EXAMPLES.items():
                if verb in (None, told.__name__):
                    shown = "\n".join(f"  racecraft {example}" for example in examples)
                    app.command(epilog=f"\b\nExamples:\n{shown}")(told)
    for name, (file, group) in GROUPS.items():
        if verb in (None, name):
            app.add_typer(getattr(_loaded(file), group), name=name)
    return app


def _file_of(verb: str) -> str | None:
    """File that has a verb or group of them; None of what is neither."""
    if verb in GROUPS:
        return GROUPS[verb][0]
    return next((file for file, verbs in VERBS.items() if verb in verbs), None)


def _loaded(file: str) -> Any:
    return import_module(f"racecraft.cli.{file}")


def _options(
    version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
) -> None:
    if version:
        write(f"racecraft {__version__}\n".encode())
        raise typer.Exit
