"""The command: what was typed is parsed here, and errors are told."""

from __future__ import annotations

import gc
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from racecraft.cli.answer import silence
from racecraft.cli.command import command
from racecraft.errors import RacecraftError
from racecraft.show.printable import printable

if TYPE_CHECKING:
    import typer

STOPPED = 130  # 128 and the number of the signal, as shells have it
OBJECTS = 100_000  # new ones after which rubbish is looked for: most answers make fewer that stay
LONGEST_WORD = 160  # characters of a path or a number in an error


def main() -> int:
    """Run what was typed; returns the exit status.

    0 is fine, 1 a question that racecraft has no answer to, 2 wrong usage, 130 stopped by Ctrl-C.
    """
    gc.set_threshold(OBJECTS, 20, 20)
    try:
        command(sys.argv[1:])(prog_name="racecraft")
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
        return _stopped()
    except SystemExit as end:  # of what reads the command line, which takes Ctrl-C for an end
        if end.code != STOPPED:
            raise
        return _stopped()
    else:
        return 0
    return 1


def _stopped() -> int:
    with suppress(OSError, AttributeError, ValueError):
        sys.stderr.write("stopped\n")
    return STOPPED


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


def __getattr__(name: str) -> Any:
    """Return the command with all its verbs as ``app``, made when it is asked for."""
    if name != "app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    whole: typer.Typer = command()
    return whole
