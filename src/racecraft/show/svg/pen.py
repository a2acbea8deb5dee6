"""A pen for SVG: elements, scales, and what all charts share.

Colours are classes, which the style fills for light and dark paper; a page that shows charts has it
in its style sheet. Charts are 480 units wide, so that letters of 11 can be read on a telephone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING
from xml.etree import ElementTree as Tree

import numpy as np

from racecraft.show.charts.shapes import SHORT, apart
from racecraft.show.svg.style import STYLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from racecraft.show.charts.shapes import Band, Trace

WIDTH = 480.0
LETTER = 11.0
NAMES = 82.0  # room for names at the right
LEAST_LABEL = 12.5  # from one name to the next
BAND_LETTERS = 26.0  # room that the letters of a flag take


def element(tag: str, *children: Tree.Element | str, **attributes: object) -> Tree.Element:
    """An element; names of attributes are written with _ for - and at their end.

    Examples
    --------
    >>> Tree.tostring(element("text", "Pérez", class_="name", x=1.50, text_anchor="end"), "unicode")
    '<text class="name" x="1.5" text-anchor="end">Pérez</text>'
    """
    made = Tree.Element(
        tag,
        {
            name.rstrip("_").replace("_", "-"): _written(value)
            for name, value in attributes.items()
            if value is not None
        },
    )
    last: Tree.Element | None = None
    for child in children:
        if isinstance(child, str):
            if last is None:
                made.text = (made.text or "") + child
            else:
                last.tail = (last.tail or "") + child
        else:
            made.append(child)
            last = child
    return made


@dataclass
class Sheet:
    """A chart that is being drawn: its scales, and what is on it so far.

    Attributes
    ----------
    words
        What it shows, for who cannot see it.
    height
        In units; it is 480 wide.
    x, y
        Values at the left and right, and at the bottom and top of the axes.
    margins
        Left, top, right and bottom of the axes.
    """

    words: str
    height: float
    x: tuple[float, float]
    y: tuple[float, float]
    margins: tuple[float, float, float, float] = (34.0, 16.0, NAMES, 30.0)
    drawn: list[Tree.Element] = field(default_factory=list)

    def at_x(self, value: float) -> float:
        """Where a value is, from the left."""
        left, _, right, _ = self.margins
        first, last = self.x
        return left + (value - first) / ((last - first) or 1.0) * (WIDTH - left - right)

    def at_y(self, value: float) -> float:
        """Where a value is, from the top."""
        _, top, _, bottom = self.margins
        low, high = self.y
        return (
            self.height
            - bottom
            - (value - low) / ((high - low) or 1.0) * (self.height - top - bottom)
        )

    def add(self, tag: str, *children: Tree.Element | str, **attributes: object) -> None:
        """Draw an element."""
        self.drawn.append(element(tag, *children, **attributes))

    def text(self, words: str, x: float, y: float, kind: str = "") -> None:
        """Write words; `kind` are classes."""
        self.add("text", words, x=x, y=y, class_=kind or None)

    def bands(self, bands: Sequence[Band]) -> None:
        """Laps under a flag, each with its letters above."""
        _, top, _, bottom = self.margins
        for i, band in enumerate(bands):
            left, right = self.at_x(band.first), self.at_x(band.last)
            self.add(
                "rect", element("title", f"{band.words}, laps {band.first + 1:g} to {band.last:g}"),
                class_=band.state, x=left, y=top, width=max(right - left, 1.0),
                height=self.height - top - bottom,
            )  # fmt: skip
            after = i + 1 < len(bands) and self.at_x(bands[i + 1].first) - right < BAND_LETTERS
            before = i > 0 and left - self.at_x(bands[i - 1].last) < BAND_LETTERS
            side, at = "middle", (left + right) / 2
            if right - left < BAND_LETTERS and after != before:
                side, at = ("end", right - 2) if after else ("", left + 2)
            self.text(SHORT[band.state], at, top - 3, f"small soft {side}".strip())

    def across(self, words: str, last: float, first: float = 0.0) -> None:
        """Laps below the axes."""
        y = self.height - self.margins[3]
        self.add("path", d=f"M{self.at_x(self.x[0]):.1f} {y:.1f}H{self.at_x(self.x[1]):.1f}",
                 class_="axis")  # fmt: skip
        for value in ticks(first, last):
            self.text(f"{value:g}", self.at_x(value), y + 12, "small soft middle")
        self.text(words, (self.at_x(self.x[0]) + self.at_x(self.x[1])) / 2, y + 25,
                  "small soft middle")  # fmt: skip

    def up(self, labels: Sequence[tuple[float, str]]) -> None:
        """Values at the left, each with a line across."""
        for value, words in labels:
            y = self.at_y(value)
            self.add("path", d=f"M{self.at_x(self.x[0]):.1f} {y:.1f}H{self.at_x(self.x[1]):.1f}",
                     class_="grid")  # fmt: skip
            self.text(words, self.margins[0] - 4, y + 3.5, "small soft end")

    def line(self, xs: Sequence[float], ys: Sequence[float], kind: str) -> None:
        """A line through points, broken where one is not known."""
        self.add("path", d=self.path(xs, ys), class_=f"line {kind}".strip())

    def path(self, xs: Sequence[float], ys: Sequence[float]) -> str:
        """Path through points, with a new beginning after each that is not known.

        Points between two others on one level are left out.
        """
        pen, parts = "M", []
        points = list(zip(xs, ys, strict=True))
        for i, (x, y) in enumerate(points):
            if np.isnan(y):
                pen = "M"
                continue
            inner = 0 < i < len(points) - 1 and pen == "L"
            if inner and points[i - 1][1] == y == points[i + 1][1]:
                continue
            parts.append(f"{pen}{_short(self.at_x(x))} {_short(self.at_y(y))}")
            pen = "L"
        return "".join(parts)

    def names(self, traces: Sequence[Trace], least: float = LEAST_LABEL) -> None:
        """Names right of the last points of lines, far enough apart to be read."""
        wanted = [self.at_y(trace.last[1]) for trace in traces]
        placed = apart(wanted, least, self.margins[1] - 4, self.height - self.margins[3] + 6)
        for trace, y in zip(traces, placed, strict=True):
            colour = "" if trace.colour is None else f"c{trace.colour}"
            self.text(trace.name, self.at_x(self.x[1]) + 5, y + 3.5, f"name {colour}".strip())

    def done(self, kind: str = "") -> Tree.Element:
        """The chart."""
        return element(
            "svg", element("title", self.words), *self.drawn, class_=f"chart {kind}".strip(),
            viewBox=f"0 0 {WIDTH:g} {self.height:g}", role="img", xmlns="http://www.w3.org/2000/svg",
        )  # fmt: skip


def ticks(first: float, last: float, most: int = 8) -> list[float]:
    """Round numbers from one value to another, so many at most.

    Examples
    --------
    >>> ticks(0, 58)
    [0, 10, 20, 30, 40, 50]
    """
    span = last - first
    steps = [base * scale for scale in (1, 10, 100, 1000) for base in (1, 2, 5)]
    step = next((step for step in steps if span / step <= most), steps[-1])
    start = -(-first // step) * step
    count = int((last - start) // step) + 1
    return [int(start + step * i) for i in range(count)]


def standalone(chart: Tree.Element) -> str:
    """A chart as a file of its own, with its style in it."""
    chart.insert(1, element("style", STYLE))
    return Tree.tostring(chart, encoding="unicode")


def crossings(xs: Sequence[float], ys: Sequence[float]) -> tuple[list[float], list[float]]:
    """The same line with a point more wherever it goes through zero."""
    points = [(xs[0], ys[0])]
    for (x0, y0), (x1, y1) in pairwise(zip(xs, ys, strict=True)):
        if y0 * y1 < 0:
            points.append((x0 + (x1 - x0) * y0 / (y0 - y1), 0.0))
        points.append((x1, y1))
    return [x for x, _ in points], [y for _, y in points]


def _written(value: object) -> str:
    return _short(value) if isinstance(value, float) else str(value)


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
