"""What a report is made of: sections of paragraphs, charts and tables, for any page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from xml.etree.ElementTree import Element

    from matplotlib.figure import Figure

    Cell = str | None


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; `lang` where it is written in another language than the report."""

    text: str
    proof: str = ""
    lang: str = ""


@dataclass(frozen=True)
class Numbered:
    """A list whose items have a number of their own, a lap, and the query that proves them."""

    items: tuple[tuple[int, str, str, str], ...]  # number, lap, words, proof
    lang: str = ""


@dataclass(frozen=True)
class Listed:
    """A list; `lang` where it is written in another language than the report."""

    items: tuple[str, ...]
    lang: str = ""


@dataclass(frozen=True)
class Chart:
    """A chart by our own pen, and how Matplotlib draws it where a page takes no SVG."""

    drawn: Element
    words: str
    plotted: Callable[..., Figure] | None = None


@dataclass(frozen=True)
class Rows:
    """A table of words and numbers; numbers stand at the right. A proof for each row, or none.

    A page as narrow as a phone leaves the spare columns out.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numbers: frozenset[int] = frozenset()
    proofs: tuple[str, ...] = ()
    spare: frozenset[int] = frozenset()


Part = Paragraph | Numbered | Listed | Chart | Rows


@dataclass(frozen=True)
class Section:
    """A section: what it is about, its parts, and the commands that prove its numbers."""

    name: str
    heading: str
    parts: tuple[Part, ...]
    proofs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """A report, ready to be written on any page.

    Attributes
    ----------
    title, kind, facts
        What it is about, what it is, and a line of facts.
    lang
        Language of its words.
    sections
        In order.
    notes
        What could not be told, and why.
    """

    title: str
    kind: str
    facts: str
    lang: str
    sections: tuple[Section, ...]
    notes: tuple[str, ...] = field(default=())


def section(
    name: str, headings: dict[str, str], parts: Sequence[Part | None], *proofs: str
) -> Section | None:
    """A section of the parts that there are; None where there is none."""
    there = tuple(part for part in parts if part is not None)
    return Section(name, headings[name], there, proofs) if there else None
