"""Who passed whom, and who fought whom, over the laps of a race."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from racecraft.analysis.fights.battles import battles as all_battles
from racecraft.errors import NotEnoughDataError
from racecraft.show.charts.overtakes import overtakes_chart
from racecraft.show.charts.shapes import (
    family_names,
    flag_bands,
    last_lap,
    places_by_lap,
    race_name,
)
from racecraft.show.palette import QUIET
from racecraft.show.plots.canvas import (
    SMALL,
    WIDTH,
    bands_behind,
    colour,
    drawing,
    title,
    whole_laps,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import polars as pl
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from racecraft.model.race import Race
    from racecraft.show.charts.shapes import Band

ROW = 0.42  # inches for a kind, or a battle
FIERCEST = 15  # battles that are drawn
LATE = 0.85  # of the race: a battle that ends later has its words before it
STACK, MOST_STACKED = 0.09, 4  # rows between dots of one lap, and how far they go


def overtakes(race: Race, *, table: pl.DataFrame | None = None, ax: Axes | None = None) -> Figure:
    """Changes of position by kind, a dot each at the lap on which it was seen.

    Parameters
    ----------
    race
        Needs ``crossings``.
    table
        ``OVERTAKES`` that are drawn; left out, all.
    ax
        Axes to draw on; left out, those of a new figure.

    Raises
    ------
    NotEnoughDataError
        The race has no timing, or nothing is to be drawn.
    ArgumentError
        Matplotlib is not installed.
    """
    chart = overtakes_chart(race, table)
    if not chart.rows:
        raise NotEnoughDataError(f"no change of position of a kind that is drawn in {chart.title}")
    kinds = [f"{kind.replace('_', ' ')} ({len(marks)})" for kind, marks in chart.rows]
    told = (chart.title, "changes of position")
    with _by_row(ax, kinds, chart.laps, chart.bands, told) as axes:
        for row, (_, marks) in enumerate(chart.rows):
            on_lap: dict[int, int] = {}
            for mark in marks:
                level = on_lap[int(mark.x)] = on_lap.get(int(mark.x), -1) + 1
                up = min((level + 1) // 2, MOST_STACKED) * STACK * (1 if level % 2 else -1)
                axes.plot(mark.x, row + up, "o", color=colour(row), markersize=4, alpha=0.75)
        figure: Figure = axes.figure
    return figure


def battles(race: Race, *, table: pl.DataFrame | None = None, ax: Axes | None = None) -> Figure:
    """The fiercest battles of a race, each a bar from its first lap to its last.

    Parameters
    ----------
    race
        Needs ``crossings``.
    table
        ``BATTLES`` that are drawn; left out, all.
    ax
        Axes to draw on; left out, those of a new figure.

    Raises
    ------
    NotEnoughDataError
        The race has no timing, or nobody fought.
    ArgumentError
        Matplotlib is not installed.
    """
    table = (all_battles(race) if table is None else table).head(FIERCEST)
    if table.is_empty():
        raise NotEnoughDataError(f"no battle in {race_name(race)}", race=race.name)
    names, bands = family_names(race), flag_bands(race)
    rows, laps = table.sort("position", "start_lap").to_dicts(), last_lap(places_by_lap(race))
    told = (race_name(race), "battles, by place")
    with _by_row(ax, [_label(one, names) for one in rows], laps, bands, told) as axes:
        for row, one in enumerate(rows):
            begin, end = one["start_lap"] - 1, one["end_lap"]
            axes.barh(row, end - begin, left=begin, height=0.5, color=colour(min(one["swaps"], 2)))
            late = end > LATE * laps
            axes.annotate(
                {0: "", 1: "1 swap"}.get(one["swaps"], f"{one['swaps']} swaps"),
                (begin if late else end, row), (-4 if late else 4, 0), textcoords="offset points",
                fontsize=SMALL, color=QUIET, va="center", ha="right" if late else "left",
            )  # fmt: skip
        figure: Figure = axes.figure
    return figure


@contextmanager
def _by_row(
    ax: Axes | None, rows: Sequence[str], laps: int, bands: Sequence[Band], told: tuple[str, str]
) -> Iterator[Any]:
    """Axes of a row for each name over the laps of a race, the flags behind; `told` above it."""
    with drawing(ax, (WIDTH, 1.2 + ROW * max(len(rows), 2))) as axes:
        axes.set_xlim(0, laps)
        axes.set_ylim(len(rows) - 0.4, -0.6)
        bands_behind(axes, bands)
        yield axes
        axes.set_yticks(range(len(rows)), rows)
        whole_laps(axes, "lap")
        title(axes, *told, pad=10 if bands else 0)


def _label(one: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Who fought, and for which place."""
    pair = (names.get(one[car], one[car]) for car in ("first", "second"))
    return f"{', '.join(pair)}: P{one['position']}"
