"""Answers on their way out: to the screen, to another program, or into a file."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, Literal, get_args

from racecraft.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import polars as pl

    from racecraft.show.text import Page

Form = Literal["table", "json", "csv", "parquet"]
FORMS: tuple[Form, ...] = get_args(Form)


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
    from racecraft.show.text import Page, page_of

    page = page_of() if output is None else Page(None)
    encoding = sys.stdout.encoding if output is None else "utf-8"
    write(f"{written(page)}\n".encode(encoding, "replace"), output)


def form_of(form: Form | None, output: Path | None) -> Form:
    """Format that was asked for: by name, or by how the name of the file ends."""
    if form is not None:
        return form
    ending = output.suffix.removeprefix(".").lower() if output else ""
    return next((known for known in FORMS if known == ending), "table")


def write(content: bytes, output: Path | None = None, *, binary: bool = False) -> None:
    """Write an answer to standard output, or to a file in place of what it held."""
    if output is not None:
        try:
            output.write_bytes(content)
        except OSError as error:
            raise ArgumentError(
                f"{output} cannot be written: {error.strerror}", path=str(output)
            ) from error
        return
    if binary and sys.stdout.isatty():
        raise ArgumentError("Parquet is not for the screen", hint="name a file with -o FILE")
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.flush()


def silence() -> None:
    """Write nothing more: whoever read it has gone."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
