"""The command and its verbs: of what is typed, only the verb that is asked for is loaded."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand
from typer.main import get_command

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

# By the file of this room that has them, in the order of the help: verbs, and a line about each.
VERBS: dict[str, dict[str, str]] = {
    "race": {
        "race": "Tell a race: its result, its battles, its passes.",
        "order": "Order of the cars at a timing line of a lap.",
        "gaps": "Interval between two cars at every line; or gaps of all.",
        "overtakes": "Every change of position, with its cause.",
        "battles": "Battles: two cars in consecutive places, close for laps.",
        "battle": "One battle, line by line: swaps, losses, turning points.",
        "start": "The start: launches, places gained, who braked when.",
        "explain": "What happened between two cars on one lap, and where.",
        "sql": "Ask the store in SQL.",
    },
    "search": {"search": "Rank battles, moments or races of the store; find patterns."},
    "moments": {"moments": "What decided a race: its events, ranked by what each was worth."},
    "tables": {
        "laps": "Every lap of every car: its time, tyre and position.",
        "results": "Result of a race or sprint: places, times, points.",
        "quali": "Qualifying: the best lap of every driver in each part.",
        "control": "Yellow flags, safety cars and red flags, and on which laps.",
        "track": "The track: where its corners and timing lines are.",
        "drivers": "Who took part: codes, numbers, names, teams.",
        "season": "A season at a glance: its rounds and who won them.",
    },
    "pace": {
        "pace": "Race pace of every driver, and what lap times were made of.",
        "breakdown": "Seconds of a lap by cause: fuel, tyre, traffic, pit, flags.",
        "form": "Qualifying and race pace of a driver, round by round.",
        "stops": "Stops and what each cost; undercuts and overcuts.",
    },
    "title": {
        "standings": "Standings after any round or sprint.",
        "title": "What is secured and what is out of reach, proven.",
        "odds": "How likely every place of the championship is.",
    },
    "sim": {"forecast": "How likely every place of a race is, before it."},
    "simulate": {"simulate": "Drive the rest of a race many times, from any lap."},
    "whatif": {"whatif": "Drive a race twice, with one thing changed."},
    "live": {"live": "Follow a race while it happens."},
    "press": {"check": "Check the claims of an article against the data."},
    "report": {"report": "Write a race or a season into one file, with charts."},
    "share": {
        "card": "Make a picture to share, of a battle or a moment.",
        "clip": "Make a clip of the last laps of a battle.",
    },
    "serve": {"serve": "Serve pages and a JSON API on this machine."},
    "assistant": {"mcp": "Answer an assistant by the Model Context Protocol."},
}
# Of each: the file, the name in it, and a line about it.
GROUPS = {
    "data": ("data", "app", "What is stored: add to it, list it, verify it, take it out."),
    "sim": ("simulate", "sim", "The simulator: fit it on the races that are stored."),
}


class _All(Verbs):
    """All verbs, each loaded when it is asked for; to list them, their lines do."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        later: dict[str, Any] = dict.fromkeys((*_lines(), *GROUPS))
        self.commands = later
        self._lists = False

    def get_command(self, _ctx: Any, cmd_name: str) -> Any:
        """Return a verb; only its name and line while verbs are listed."""
        if cmd_name not in self.commands:
            return None
        if self._lists:
            about = GROUPS[cmd_name][-1] if cmd_name in GROUPS else _lines()[cmd_name]
            return TyperCommand(cmd_name, help=about, short_help=about)
        if self.commands[cmd_name] is None:
            alone: Any = get_command(_with(cmd_name))
            self.commands[cmd_name] = alone.commands[cmd_name]
        return self.commands[cmd_name]

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the list of verbs."""
        self._lists = True
        super().format_commands(ctx, formatter)

    def shell_complete(self, ctx: Any, incomplete: str) -> Any:
        """Offer verbs that begin so."""
        self._lists = True
        return super().shell_complete(ctx, incomplete)


def command(words: Sequence[str] = ()) -> typer.Typer:
    """Return the command for what was typed: with one verb if that comes first, else with all."""
    return _with(words[0] if words and _file_of(words[0]) else None)


@cache
def _with(verb: str | None) -> typer.Typer:
    app = typer.Typer(
        cls=Verbs if verb else _All,
        help="Turns the timing of a motor race into its story.",
        epilog=EXAMPLES,
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
    app.callback(invoke_without_command=True)(_options)
    if verb in GROUPS:
        file, group, _ = GROUPS[verb]
        app.add_typer(getattr(_loaded(file), group), name=verb)
    elif verb:
        for told, examples in _loaded(_file_of(verb)).EXAMPLES.items():
            if verb == told.__name__:
                shown = "\n".join(f"  racecraft {example}" for example in examples)
                app.command(epilog=f"\b\nExamples:\n{shown}")(told)
    return app


@cache
def _lines() -> dict[str, str]:
    """The line about every verb, in the order of the help."""
    return {verb: line for verbs in VERBS.values() for verb, line in verbs.items()}


def _file_of(verb: str) -> str | None:
    """File that has a verb or group of them; None of what is neither."""
    if verb in GROUPS:
        return GROUPS[verb][0]
    return next((file for file, verbs in VERBS.items() if verb in verbs), None)


def _loaded(file: str | None) -> Any:
    return import_module(f"racecraft.cli.{file}")


def _options(
    version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
) -> None:
    if version:
        write(f"racecraft {__version__}\n".encode())
        raise typer.Exit
