"""How does an answer look at a prompt and in a notebook?"""

from __future__ import annotations

from dataclasses import fields
from html import escape
from typing import TYPE_CHECKING, ClassVar

import polars as pl

from racecraft.model.clock import clock

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LEAST_SENTENCE = 40  # characters; a shorter text is a name or a code
LONGEST_LINE = 100  # characters of the sentence that stands at a prompt
PLAIN = (str, int, float, bool)


class Shown:
    """An answer of several parts: a line at a prompt, sentences and tables in a notebook.

    For dataclasses with ``repr=False``. Sentences come first, then what is one value, then every
    table, folded but for the first.
    """

    opening: ClassVar[str] = ""  # table that is unfolded; left out, the first

    def __repr__(self) -> str:
        """Say in a line what it is, and how much of it there is."""
        told = max((text for _, text in self._sentences()), key=len, default="")
        if len(told) > LONGEST_LINE:
            told = f"{told[: LONGEST_LINE - 1]}…"
        plain = ", ".join(f"{name}={value!r}" for name, value in self._values())
        rows = ", ".join(f"{name} {table.height}" for name, table in self._tables())
        parts = [told or plain, f"tables: {rows}" if rows else ""]
        return f"<{type(self).__name__}: {'; '.join(filter(None, parts))}>"

    def _repr_html_(self) -> str:
        """Show everything as a notebook shows it."""
        tables = list(self._tables())
        opened = self.opening or (tables[0][0] if tables else "")
        values = "".join(
            f"<tr><th>{escape(name)}</th><td>{escape(str(value))}</td></tr>"
            for name, value in self._values()
        )
        return "".join(
            [
                *(f"<p>{escape(text)}</p>" for _, text in self._sentences()),
                f"<table>{values}</table>" if values else "",
                *(folded(name, table, opened=name == opened) for name, table in tables),
            ]
        )

    def _parts(self) -> Iterator[tuple[str, object]]:
        for part in fields(self):  # type: ignore[arg-type]  # of a dataclass, as the class says
            yield part.name, getattr(self, part.name)

    def _sentences(self) -> Iterator[tuple[str, str]]:
        for name, value in self._parts():
            if isinstance(value, str) and len(value) >= LEAST_SENTENCE:
                yield name, value

    def _values(self) -> Iterator[tuple[str, object]]:
        for name, value in self._parts():
            if isinstance(value, PLAIN) and not (
                isinstance(value, str) and len(value) >= LEAST_SENTENCE
            ):
                yield name, value
            elif isinstance(value, dict):
                yield from (
                    (key, one) for key, one in value.items() if isinstance(one, PLAIN) and one
                )

    def _tables(self) -> Iterator[tuple[str, pl.DataFrame]]:
        for name, value in self._parts():
            if isinstance(value, pl.DataFrame):
                yield name, value


def folded(name: str, table: pl.DataFrame, *, opened: bool = False) -> str:
    """A table as a notebook shows it, under its name and how many rows it has."""
    return (
        f"<details{' open' if opened else ''}>"
        f"<summary>{escape(name)} ({table.height} rows)</summary>"
        f"{_as_people_write(table)._repr_html_()}</details>"
    )


def notebook_page(line: str, tables: Mapping[str, pl.DataFrame], opened: str) -> str:
    """A line and the tables that have rows, one of them unfolded, as a notebook shows them."""
    told = [
        folded(name, table, opened=name == opened) for name, table in tables.items() if len(table)
    ]
    return "".join([f"<p>{escape(line.strip('<>'))}</p>", *told])


def _as_people_write(table: pl.DataFrame) -> pl.DataFrame:
    """A table with its times as on a timing screen: 1:12.486 for 1m 12s 486ms."""
    return table.with_columns(
        pl.col(name).map_elements(clock, return_dtype=pl.String)
        for name, kind in table.schema.items()
        if isinstance(kind, pl.Duration)
    )
