"""Figures of a championship: points over the season, and what the next event decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from racecraft.errors import NotEnoughDataError
from racecraft.show.palette import QUIET, SAFE
from racecraft.show.plots import SIZE, new_figure
from racecraft.show.title import HELD, LOST, OPEN, SECURES, grid_of
from racecraft.title.standings.calendar import calendar, sessions_run
from racecraft.title.standings.standings import standings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch

    from racecraft.model.rulebook.rules import Championship
    from racecraft.model.season import Season
    from racecraft.title.clinch import Clinch

LINES = 8  # as many as there are colours that are told apart
CELLS = {SECURES: SAFE[2], HELD: SAFE[4], LOST: SAFE[1], OPEN: "#E6E6E6", "": "#FFFFFF"}
SAYS = {SECURES: "secured", HELD: "this rival held off", LOST: "out of reach", OPEN: "open"}


def standings_figure(
    season: Season, *, after: str | None = None, kind: Championship = "drivers"
) -> Figure:
    """Points of the first eight after every race and sprint.

    Raises
    ------
    ArgumentError
        Matplotlib is not installed.
    RuleError, NotFoundError, NotEnoughDataError
        As in `racecraft.title.standings.standings`.
    """
    run = calendar(season, kind)[: sessions_run(season, after)]
    who = "driver" if kind == "drivers" else "team"
    tables = [
        standings(season, after=f"{one.event}:{one.session}", kind=kind).select(
            who, "points", round=pl.lit(one.round - (0.4 if one.session == "sprint" else 0.0))
        )
        for one in run
    ]
    points = pl.concat(tables)
    figure = new_figure(SIZE)
    axes = figure.subplots()
    for colour, name in zip(SAFE, tables[-1][who].head(LINES), strict=False):
        own = points.filter(pl.col(who) == name)
        axes.plot(own["round"], own["points"], color=colour, label=name, marker=".")
    axes.set_xlabel("round; sprints just before")
    axes.set_ylabel("points")
    axes.set_title(f"{season.season}, {kind}' championship", loc="left")
    axes.legend(loc="upper left", ncols=2, frameon=False, fontsize=8)
    return figure


def clinch_figure(answer: Clinch) -> Figure:
    """What every pair of places at the next event decides: a grid for each rival that matters.

    With a sprint before the race there is one for either; a number in that of the race says how
    much the rival may have scored more in the sprint.

    Raises
    ------
    NotEnoughDataError
        There is no such table: all is decided, or no event is left.
    ArgumentError
        Matplotlib is not installed.
    """
    if answer.secured or answer.next is None or answer.next.cells.is_empty():
        raise NotEnoughDataError(
            f"nothing to draw: {answer.sentence}", hint="ask after an earlier round"
        )
    grids = answer.next.cells.partition_by("session", "rival", as_dict=True, maintain_order=True)
    figure = new_figure((4.5 * len(grids) + 1, 5.0))
    for axes, ((session, rival), cells) in zip(
        figure.subplots(1, len(grids), squeeze=False)[0], grids.items(), strict=True
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
        axes.set_xticks([x + 0.5 for x in range(len(across))], across, fontsize=8)
        axes.set_yticks([y + 0.5 for y in range(grid.height)], grid["place"], fontsize=8)
        axes.set_xlabel(f"place of {rival}")
        axes.set_ylabel(f"place of {answer.name}")
        axes.set_title(str(session), loc="left", fontsize=8)
    marks = [_cell(0, 0, CELLS[mark], label=says) for mark, says in SAYS.items()]
    figure.legend(handles=marks, loc="outside lower center", ncols=4, frameon=False, fontsize=8)
    figure.suptitle(
        f"{answer.next.event} {answer.season}: place {answer.position} of {answer.name}"
    )
    return figure


def _cell(x: float, y: float, colour: str, label: str = "") -> Patch:
    from matplotlib.patches import Rectangle

    return Rectangle((x, y), 1, 1, facecolor=colour, edgecolor=QUIET, linewidth=0.4, label=label)
