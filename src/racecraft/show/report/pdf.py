"""A report as PDF, on A4: its words, then its charts as Matplotlib draws them."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from racecraft.errors import ArgumentError
from racecraft.show.plots.canvas import STYLE
from racecraft.show.report.parts import Chart, Listed, Numbered, Paragraph

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from matplotlib.figure import Figure

    from racecraft.show.report.parts import Part, Report

PAPER = (8.27, 11.69)  # inches: A4
LEFT, TOP, BOTTOM = 0.09, 0.94, 0.07  # of the page
COLUMNS, POINTS = 96, 9.5  # characters in a line, and the size of its letters
LINE = POINTS * 1.45 / 72 / PAPER[1]
A_PAGE = 2  # charts


def write_pdf(report: Report, path: Path) -> None:
    """Write a report to a file.

    Raises
    ------
    ArgumentError
        Matplotlib is not installed, or the file cannot be written.
    """
    try:
        from matplotlib import rc_context
        from matplotlib.backends.backend_pdf import PdfPages
    except ImportError as error:
        raise ArgumentError(
            "Matplotlib is not installed", hint="pip install 'racecraft[plots]'"
        ) from error
    style: Any = STYLE
    try:
        with rc_context(style), PdfPages(path, metadata={"Title": report.title}) as pages:
            for figure in (*_pages_of_words(report), *_pages_of_charts(report)):
                pages.savefig(figure)
    except OSError as error:
        raise ArgumentError(f"{path} cannot be written: {error.strerror or error}") from error


def _pages_of_words(report: Report) -> Iterator[Figure]:
    """Title, then every section's words, as many pages as they take."""
    page = _page()
    page.text(LEFT, TOP, report.title, fontsize=20, fontweight="bold", va="top")
    page.text(LEFT, TOP - 0.035, report.facts, fontsize=POINTS, color="#5a5a5a", va="top")
    y = TOP - 0.075
    for section in report.sections:
        lines = [line for part in section.parts for line in _lines(part)]
        if not lines:
            continue
        lines += [f"  {command}" for command in section.proofs]
        if y - 4 * LINE < BOTTOM:
            yield page
            page, y = _page(), TOP
        page.text(LEFT, y, section.heading, fontsize=12.5, fontweight="bold", va="top")
        y -= 1.8 * LINE
        for line in lines:
            if y < BOTTOM:
                yield page
                page, y = _page(), TOP
            command, row = line.startswith("  racecraft"), line.startswith("\t")
            page.text(
                LEFT, y, line.strip() if command else line.lstrip("\t"), va="top",
                fontsize=POINTS - 2 if command or row else POINTS,
                family="DejaVu Sans Mono" if command or row else None,
                color="#5a5a5a" if command else "black",
            )  # fmt: skip
            y -= LINE
        y -= LINE
    yield page


def _lines(part: Part) -> list[str]:
    """A part in lines that fit the page; tables have theirs in columns."""
    if isinstance(part, Chart):
        return []
    if isinstance(part, Paragraph):
        return [*textwrap.wrap(part.text, COLUMNS), ""]
    if isinstance(part, Listed):
        return [line for item in part.items for line in textwrap.wrap(f"• {item}", COLUMNS)]
    if isinstance(part, Numbered):
        return [
            line
            for _, lap, text, _ in part.items
            for line in textwrap.wrap(f"{lap}: {text}", COLUMNS, subsequent_indent="    ")
        ]
    rows = [[cell or "" for cell in row] for row in (part.head, *part.rows)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(part.head))]
    right = part.numbers
    cells = [
        [
            c.rjust(w) if i in right else c.ljust(w)
            for i, (c, w) in enumerate(zip(row, widths, strict=True))
        ]
        for row in rows
    ]
    return [f"\t{'  '.join(row).rstrip()}"[: COLUMNS + 1] for row in cells]


def _pages_of_charts(report: Report) -> Iterator[Figure]:
    """Charts, two a page."""
    drawn = [
        part.plotted
        for section in report.sections
        for part in section.parts
        if isinstance(part, Chart) and part.plotted is not None
    ]
    for first in range(0, len(drawn), A_PAGE):
        some = drawn[first : first + A_PAGE]
        page = _page(layout="constrained")
        page.get_layout_engine().set(rect=(0.06, 0.05, 0.88, 0.9), hspace=0.1)  # type: ignore[union-attr, call-arg]
        axes = page.subplots(A_PAGE, 1, squeeze=False)[:, 0]
        for ax, draw in zip(axes, some, strict=False):
            draw(ax=ax)
        for ax in axes[len(some) :]:
            ax.remove()
        yield page


def _page(**more: Any) -> Figure:
    from matplotlib.figure import Figure

    return Figure(PAPER, **more)
