"""Answers on their way out: to the screen, to another program, or into a file."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Literal, get_args

import typer

from racecraft.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    import polars as pl
    from matplotlib.figure import Figure

    from racecraft.show.page import Page

Form = Literal["table", "json", "csv", "parquet"]
FORMS: tuple[Form, ...] = get_args(Form)

_NOTING: list[list[tuple[bytes, str]]] = []  # who wants to know what is written


def table(
    rows: pl.DataFrame,
    form: Form | None,
    output: Path | None,
    *,
    leave_out: Sequence[str] = (),
    first: Sequence[str] = (),
) -> None:
    """Answer with a table; for people some columns are left out, and some come first."""
    asked = form_of(form, output)
    if asked == "table":
        from racecraft.show.text import table_text

        text(lambda page: table_text(rows, page, leave_out=leave_out, first=first), output)
    else:
        from racecraft.show.export import export

        write(export(rows, asked), output, binary=asked == "parquet")


def thing(
    value: Mapping[str, Any], rows: pl.DataFrame, form: Form | None, output: Path | None
) -> None:
    """Answer about one thing: an object in JSON, its rows where there are only rows."""
    from racecraft.show.export import json_object

    if form_of(form, output) == "json":
        write(json_object(value), output)
    else:
        table(rows, form, output)


def text(written: Callable[[Page], str], output: Path | None) -> None:
    """Answer with text, written for the screen or the file that it goes to."""
    from racecraft.show.page import Page, page_of
    from racecraft.show.printable import on_screen

    _refuse_closed(output)
    page = page_of() if output is None else Page(None)
    encoding = sys.stdout.encoding if output is None else "utf-8"
    _write(f"{on_screen(written(page))}\n".encode(encoding, "replace"), output)


def picture(figure: Figure, path: Path) -> None:
    """Write a figure to a file, and say so.

    Raises
    ------
    ArgumentError
        It cannot be written, or the name ends in none of a picture.
    """
    from racecraft.show.plots.canvas import save

    save(figure, path)
    write(f"wrote {path}\n".encode())


def form_of(form: Form | None, output: Path | None) -> Form:
    """Format that was asked for: by name, or by how the name of the file ends."""
    if form is not None:
        return form
    ending = output.suffix.removeprefix(".").lower() if output else ""
    return next((known for known in FORMS if known == ending), "table")


def write(content: bytes, output: Path | None = None, *, binary: bool = False) -> None:
    """Write an answer to standard output, or to a file in place of what it held.

    Raises
    ------
    ArgumentError
        It cannot be written: no such folder, no right to it, no room left, nothing open.
    """
    _refuse_closed(output)
    if output is None and sys.stdout.isatty():
        if binary:
            raise ArgumentError("Parquet is not for the screen", hint="name a file with -o FILE")
        from racecraft.show.printable import printable

        encoding = sys.stdout.encoding
        content = printable(content.decode(encoding, "replace")).encode(encoding, "replace")
    _write(content, output)


def put(content: bytes) -> None:
    """Write to standard output what was written there before."""
    _write(content, None)


def aside(line: str) -> None:
    """Say something beside the answer, on standard error."""
    from racecraft.show.printable import printable

    for said in _NOTING:
        said.append((b"", line))
    with suppress(OSError, AttributeError, ValueError):
        sys.stderr.write(f"note: {printable(' '.join(line.split()))}\n")
        sys.stderr.flush()


@contextmanager
def noted() -> Iterator[list[tuple[bytes, str]]]:
    """What is written to standard output meanwhile, and what is said beside it, in order."""
    said: list[tuple[bytes, str]] = []
    _NOTING.append(said)
    try:
        yield said
    finally:
        _NOTING.pop()


def silence() -> None:
    """Write nothing more: whoever read it has gone."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _write(content: bytes, output: Path | None) -> None:
    where = f"{output}" if output is not None else "standard output"
    try:
        if output is not None:
            output.write_bytes(content)
        else:
            for said in _NOTING:
                said.append((content, ""))
            sys.stdout.flush()
            sys.stdout.buffer.write(content)
            sys.stdout.flush()
    except BrokenPipeError as gone:  # who has seen enough is no error
        silence()
        raise typer.Exit(0) from gone
    except (OSError, ValueError) as error:
        if output is None:
            silence()
        why = getattr(error, "strerror", None) or str(error)
        raise ArgumentError(f"{where} cannot be written: {why}", path=where) from error


def _refuse_closed(output: Path | None) -> None:
    """Standard output need not be open; Python has none then."""
    if output is None and sys.stdout is None:
        raise ArgumentError("standard output is closed", hint="name a file with -o FILE")
