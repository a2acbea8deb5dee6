"""The command: what was typed is parsed here, and errors are told."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from racecraft import __version__
from racecraft.cli import data, pace, press
from racecraft.cli import race as verbs
from racecraft.cli import title as championship
from racecraft.cli.answer import silence, write
from racecraft.errors import RacecraftError

EXAMPLES = """\b
Examples:
  racecraft race 2023 "São Paulo"
  racecraft battle 2023 interlagos ALO PER
  racecraft overtakes 2023 20 --kind on_track --format csv -o passes.csv
  racecraft title 2023 --driver PER --position 2 --after 20
  racecraft check article.html -o checked.html
  racecraft search "swaps >= 3 and at_flag"
  racecraft sql "select * from races"
"""

app = typer.Typer(
    help="Turns the timing of a motor race into its story.",
    epilog=EXAMPLES,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def main() -> int:
    """Run what was typed; returns the exit status.

    0 is fine, 1 a question that racecraft has no answer to, 2 wrong usage.
    """
    try:
        app(prog_name="racecraft")
    except RacecraftError as error:
        sys.stderr.write(f"error: {' '.join(error.message.split())}\n")
        if error.hint:
            sys.stderr.write(f"hint: {error.hint}\n")
        return 1
    except UnicodeEncodeError:  # bytes that no text has, passed on by the shell
        sys.stderr.write("error: what was typed is not UTF-8\n")
        return 1
    except BrokenPipeError:
        silence()
    return 0


@app.callback(invoke_without_command=True)
def _options(
    version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
) -> None:
    if version:
        write(f"racecraft {__version__}\n".encode())
        raise typer.Exit


VERBS = verbs.EXAMPLES | pace.EXAMPLES | championship.EXAMPLES | press.EXAMPLES
for verb, examples in VERBS.items():
    app.command(epilog="\b\nExamples:\n" + "\n".join(f"  racecraft {e}" for e in examples))(verb)
app.add_typer(data.app, name="data")
