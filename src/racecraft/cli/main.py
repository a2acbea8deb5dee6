"""The command: what was typed is parsed here, and errors are told."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import Annotated

import typer

from racecraft import __version__
from racecraft.cli import (
    assistant,
    data,
    live,
    moments,
    pace,
    press,
    report,
    search,
    serve,
    share,
    sim,
    simulate,
    tables,
    whatif,
)
from racecraft.cli import race as verbs
from racecraft.cli import title as championship
from racecraft.cli.answer import silence, write
from racecraft.cli.usage import Verbs
from racecraft.errors import RacecraftError
from racecraft.show.printable import printable

STOPPED = 130  # 128 and the number of the signal, as shells have it
LONGEST_WORD = 160  # characters of a path or a number in an error

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

app = typer.Typer(
    cls=Verbs,
    help="Turns the timing of a motor race into its story.",
    epilog=EXAMPLES,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def main() -> int:
    """Run what was typed; returns the exit status.

    0 is fine, 1 a question that racecraft has no answer to, 2 wrong usage, 130 stopped by Ctrl-C.
    """
    try:
        app(prog_name="racecraft")
    except RacecraftError as error:
        _complain(error.message, error.hint)
    except UnicodeEncodeError:  # bytes that no text has, passed on by the shell
        _complain("what was typed is not UTF-8")
    except BrokenPipeError:
        silence()
        return 0
    except OSError as error:  # of what is typed: a name too long, a folder without the right to it
        _complain(f"{error.filename or 'standard output'}: {error.strerror or error}")
    except ModuleNotFoundError as error:
        from racecraft.lookup.extras import missing

        told = missing(error)
        if told is None:
            raise
        _complain(told.message, told.hint)
    except MemoryError:
        _complain("not enough memory for the answer", "ask for less of it")
    except KeyboardInterrupt:
        return STOPPED
    else:
        return 0
    return 1


def _complain(message: str, hint: str = "") -> None:
    """Say in one line what is wrong, and in another what to try, if standard error is open."""
    with suppress(OSError, AttributeError, ValueError):
        for kind, text in (("error", message), ("hint", hint)):
            if text:
                line = " ".join(map(_shortened, text.split()))
                sys.stderr.write(f"{kind}: {printable(line)}\n")
        sys.stderr.flush()


def _shortened(word: str) -> str:
    """A name or a number as long as somebody likes, its middle left out."""
    half = LONGEST_WORD // 2
    return word if len(word) <= LONGEST_WORD else f"{word[:half]}…{word[-half:]}"


@app.callback(invoke_without_command=True)
def _options(
    version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
) -> None:
    if version:
        write(f"racecraft {__version__}\n".encode())
        raise typer.Exit


VERBS = (
    verbs.EXAMPLES
    | search.EXAMPLES
    | moments.EXAMPLES
    | tables.EXAMPLES
    | pace.EXAMPLES
    | championship.EXAMPLES
    | sim.EXAMPLES
    | simulate.EXAMPLES
    | whatif.EXAMPLES
    | live.EXAMPLES
    | press.EXAMPLES
    | report.EXAMPLES
    | share.EXAMPLES
    | serve.EXAMPLES
    | assistant.EXAMPLES
)
for told, examples in VERBS.items():
    app.command(epilog="\b\nExamples:\n" + "\n".join(f"  racecraft {e}" for e in examples))(told)
app.add_typer(data.app, name="data")
app.add_typer(simulate.sim, name="sim")
