"""Figures of a championship: points over the season, what the next event decides, the odds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.errors import NotEnoughDataError
from racecraft.show.charts.season import points_traces
from racecraft.show.palette import QUIET, SAFE
from racecraft.show.plots.canvas import (
    SMALL,
    WIDTH,
    colour,
    drawing,
    names_at_the_end,
    panels,
    title,
    whole_laps,
)
from racecraft.show.title import HELD, LOST, OPEN, SECURES, grid_of

if TYPE_CHECKING:
    import polars as pl
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch

    from racecraft.model.rulebook.rules import Championship
    from racecraft.model.season import Season
    from racecraft.title.clinch import Clinch

LINES = 8  # as many as there are colours that are told apart
CELLS = {SECURES: SAFE[2], HELD: SAFE[4], LOST: SAFE[1], OPEN: "#E6E6E6", "": "#FFFFFF"}
SAYS = {SECURES: "secured", HELD: "this rival held off", LOST: "out of reach", OPEN: "open"}
MOST_ROWS = 12


def standings(
    season: Season,
    *,
    after: int | str | None = None,
    kind: Championship = "drivers",
    ax: Axes | None = None,
) -> Figure:
    """Points of the first eight after every race and sprint.

    Parameters
    ----------
    season, after, kind
        As in `racecraft.standings`.
    ax
        Axes to draw on; left out, those of a new figure.

    Raises
    ------
    RuleError, NotFoundError, NotEnoughDataError
        As in `racecraft.standings`.
    ArgumentError
        Matplotlib is not installed.
    """
    traces = points_traces(season, after=after, kind=kind)
    with drawing(ax, (WIDTH, 4.2)) as axes:
        last = max(trace.x[-1] for trace in traces)
        for trace in reversed(traces):
            axes.plot(trace.x, trace.y, color=colour(trace.colour), marker=".", markersize=4,
                      linewidth=1.8, clip_on=False, label=trace.car)  # fmt: skip
        axes.set_xlim(0.5, last)
        top = max(max(trace.y) for trace in traces) or 1.0
        axes.set_ylim(0, top * 1.03)
        axes.grid(axis="y")
        names_at_the_end(axes, traces, least=top * 0.052, at=last)
        axes.set_ylabel("points")
        whole_laps(axes, "round; sprints just before")
        title(axes, f"{season.season}: the {kind}' championship")
        figure: Figure = axes.figure
    return figure


def title_grid(answer: Clinch, *, ax: Axes | None = None) -> Figure:
    """What every pair of places at the next event decides: a grid for each rival that matters.

    With a sprint before the race there is one for either; a number in that of the race says how
    much the rival may have scored more in the sprint.

    Parameters
    ----------
    answer
        What `racecraft.clinch` found.
    ax
        Axes of a grid, which are split; left out, those of a new figure.

    Raises
    ------
    NotEnoughDataError
        There is no such table: all is decided, or no event is left.
    ArgumentError
        Matplotlib is not installed.
    """
    if answer.secured or answer.next is None or answer.next.cells.is_empty():
        when = "an earlier" if answer.secured or answer.next is None else "a later"
        raise NotEnoughDataError(
            f"nothing to draw: {answer.sentence}",
            hint=f"ask after {when} round, or for another place",
        )
    grids = answer.next.cells.partition_by("session", "rival", as_dict=True, maintain_order=True)
    with drawing(ax, (4.2 * len(grids) + 1.4, 5.2)) as whole:
        figure: Figure = whole.figure
        for axes, ((session, rival), cells) in zip(
            panels(whole, 1, len(grids)), grids.items(), strict=True
        ):
            grid = grid_of(cells)
            across = grid.columns[1:]
            for y, row in enumerate(grid.iter_rows()):
                for x, mark in enumerate(row[1:]):
                    axes.add_patch(_cell(x, y, CELLS.get(mark, CELLS[OPEN])))
                    if mark not in CELLS:
                        axes.text(x + 0.5, y + 0.5, mark, ha="center", va="center", fontsize=6)
            axes.set_xlim(0, len(across))
            axes.set_ylim(grid.height, 0)
            axes.set_xticks([x + 0.5 for x in range(len(across))], across, fontsize=SMALL - 1)
            axes.set_yticks(
                [y + 0.5 for y in range(grid.height)], grid["place"], fontsize=SMALL - 1
            )
            axes.set_xlabel(f"place of {rival}")
            axes.set_ylabel(f"place of {answer.name}")
            axes.set_title(str(session), loc="left", fontsize=SMALL)
        marks = [_cell(0, 0, CELLS[mark], label=says) for mark, says in SAYS.items()]
        if ax is None:
            figure.legend(handles=marks, loc="outside lower center", ncols=2)
            figure.suptitle(
                f"{answer.next.event} {answer.season}:\nplace {answer.position} of {answer.name}",
                fontweight="bold", ha="left", x=0.02,
            )  # fmt: skip
    return figure


def odds(table: pl.DataFrame, *, words: str = "", ax: Axes | None = None) -> Figure:
    """How likely every place of a championship is: a row for each who can still be champion.

    Parameters
    ----------
    table
        What `racecraft.odds` found.
    words
        Which championship.
    ax
        Axes to draw on; left out, those of a new figure.

    Raises
    ------
    NotEnoughDataError
        The table is empty.
    ArgumentError
        Matplotlib is not installed.
    """
    from racecraft.show.plots.simulated import heat_map

    if table.is_empty():
        raise NotEnoughDataError("no odds to draw")
    who = table.columns[0]
    rows = [
        (name, list(places)) for name, places in table.head(MOST_ROWS)[who, "places"].iter_rows()
    ]
    return heat_map(rows, words or "How the championship may end", "place in the end", ax)


def _cell(x: float, y: float, tone: str, label: str = "") -> Patch:
    from matplotlib.patches import Rectangle

    return Rectangle((x, y), 1, 1, facecolor=tone, edgecolor=QUIET, linewidth=0.4, label=label)
