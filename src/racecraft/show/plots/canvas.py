"""What all figures share: paper, letters, flags behind the lines, names beside them."""

from __future__ import annotations

import textwrap
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from racecraft.errors import ArgumentError
from racecraft.show.charts.shapes import SHORT, apart
from racecraft.show.palette import BANDS, INK, INKS, QUIET, SAFE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from racecraft.show.charts.shapes import Band, Trace

# Inches. On a telephone, 360 points wide, one inch is 64 points, and letters of 9 are 8 high.
WIDTH, HEIGHT = 5.6, 3.9
DPI = 200
BAND = 1.645  # standard errors on either side: 90 %
SMALL, USUAL, LARGE = 9.0, 10.0, 12.5
TITLE_WIDTH = 52  # characters
LABEL_ROOM = 0.06  # of the axes, for the letters of a flag
STYLE: dict[str, Any] = {
    "font.family": "DejaVu Sans",  # comes with Matplotlib
    "font.size": USUAL,
    "text.color": INK,
    "axes.edgecolor": QUIET,
    "axes.labelcolor": INK,
    "axes.labelsize": SMALL,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "legend.fontsize": SMALL,
    "legend.frameon": False,
    "grid.color": "#E8E8E8",
    "lines.solid_capstyle": "round",
    "svg.hashsalt": "racecraft",
}


@contextmanager
def drawing(ax: Axes | None = None, size: tuple[float, float] = (WIDTH, HEIGHT)) -> Iterator[Any]:
    """Axes to draw on, in the style of all figures: the given ones, or those of a new figure.

    Raises
    ------
    ArgumentError
        Matplotlib is not installed.
    """
    try:
        from matplotlib import rc_context
    except ImportError as error:
        raise ArgumentError(
            "Matplotlib is not installed", hint="pip install 'racecraft[plots]'"
        ) from error
    style: Any = STYLE
    with rc_context(style):
        yield ax if ax is not None else _picture()(size, layout="constrained").subplots()


def panels(ax: Axes, rows: int, columns: int = 1, **layout: Any) -> list[Any]:
    """Axes split into several, which take its place in its figure.

    Raises
    ------
    ArgumentError
        The axes stand where none were planned: they are no part of a grid.
    """
    spec = ax.get_subplotspec()
    if spec is None:
        raise ArgumentError(
            "this figure has several panels; these axes cannot be split",
            hint="axes made by figure.subplots can",
        )
    figure: Any = ax.figure
    grid = spec.subgridspec(rows, columns, **layout)
    ax.remove()
    made: list[Any] = []
    for row in range(rows):
        for column in range(columns):
            shared = made[0] if made and columns == 1 else None
            made.append(figure.add_subplot(grid[row, column], sharex=shared))
    return made


def title(ax: Any, words: str, below: str = "", *, pad: float = 0.0) -> None:
    """Title at the left, and a line below it in small letters."""
    lines = textwrap.wrap(words, TITLE_WIDTH)
    small = textwrap.wrap(below, int(TITLE_WIDTH * LARGE / SMALL)) if below else []
    space = 8 + pad
    if small:
        ax.annotate(
            "\n".join(small), (0, 1), (0, space - 2), xycoords="axes fraction",
            textcoords="offset points", fontsize=SMALL, color="#5A5A5A", va="bottom",
        )  # fmt: skip
    ax.set_title(
        "\n".join(lines), loc="left", fontsize=LARGE, fontweight="bold",
        pad=space + 13 * len(small),
    )  # fmt: skip


def bands_behind(ax: Any, bands: Sequence[Band], *, offset: float = 0.0) -> None:
    """Laps under a flag as bands behind the lines, each with its letters at the top."""
    room = LABEL_ROOM * abs(float(np.diff(ax.get_xlim())[0]))
    for i, band in enumerate(bands):
        first, last = band.first + offset, band.last + offset
        ax.axvspan(first, last, color=BANDS[band.state], linewidth=0, zorder=0)
        after = i + 1 < len(bands) and bands[i + 1].first - band.last < room
        before = i > 0 and band.first - bands[i - 1].last < room
        side, at, apart_pt = "center", (first + last) / 2, 0
        if last - first < room and after != before:
            side, at, apart_pt = ("right", last, -2) if after else ("left", first, 2)
        ax.annotate(
            SHORT[band.state], (at, 1), (apart_pt, 2), xycoords=("data", "axes fraction"),
            textcoords="offset points", ha=side, va="bottom", fontsize=SMALL - 1.5,
            color="#7A5C00" if band.state != "red" else "#A33A1E",
        )  # fmt: skip


def names_at_the_end(ax: Any, traces: Sequence[Trace], *, least: float, at: float) -> None:
    """Names right of the last points of lines, moved apart by `least` so that each can be read."""
    bottom, top = sorted(ax.get_ylim())
    wanted = [trace.last[1] for trace in traces]
    for trace, y in zip(traces, apart(wanted, least, bottom, top), strict=True):
        ax.annotate(
            trace.name, (at, y), (5, 0), textcoords="offset points", va="center",
            annotation_clip=False, fontsize=SMALL, color=ink(trace.colour),
        )  # fmt: skip


def colour(index: int | None) -> str:
    """Colour of a line by its number in the palette."""
    return QUIET if index is None else SAFE[index % len(SAFE)]


def ink(index: int | None) -> str:
    """The same for letters."""
    return "#6A6A6A" if index is None else INKS[index % len(INKS)]


def whole_laps(ax: Any, words: str = "lap") -> None:
    """Whole numbers below, and what they count."""
    from matplotlib.ticker import MaxNLocator

    ax.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
    ax.set_xlabel(words)


def legend_above(ax: Any, columns: int = 4) -> None:
    """Legend in rows between title and axes."""
    ax.legend(
        loc="lower left", bbox_to_anchor=(-0.01, 0.99), ncols=columns, handlelength=1.4,
        columnspacing=1.0, borderaxespad=0.2,
    )  # fmt: skip


def holes(values: Any, known: Any) -> Any:
    """Values, with a hole where they are not known."""
    return np.where(known, np.asarray(values, float), np.nan)


def save(figure: Figure, path: Path | str) -> None:
    """Write a figure to a file of the kind that its name ends in.

    Raises
    ------
    ArgumentError
        The file cannot be written, or the ending is not one of a picture.
    """
    from matplotlib import rc_context

    path = Path(path)
    dated = {"Date": None} if path.suffix.lower() == ".svg" else None
    style: Any = STYLE
    hint = "end it in .png, .svg or .pdf"
    if not path.suffix:  # Matplotlib would add one of its own
        raise ArgumentError(f"{path} cannot be written: its name has no ending", hint=hint)
    try:
        with rc_context(style):
            figure.savefig(path, dpi=DPI, metadata=dated)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise ArgumentError(f"{path} cannot be written: {why}", hint=hint) from error


@cache
def _picture() -> type[Figure]:
    """A figure that a notebook shows by itself."""
    from matplotlib.figure import Figure

    class Picture(Figure):
        """A figure that shows in a notebook without pyplot."""

        def _repr_png_(self) -> bytes:
            buffer = BytesIO()
            self.savefig(buffer, format="png", dpi=DPI)
            return buffer.getvalue()

    return Picture
