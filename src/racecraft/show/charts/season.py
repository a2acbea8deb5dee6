"""Points over a season, of the first of the standings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from racecraft.errors import NotEnoughDataError
from racecraft.show.charts.shapes import Trace
from racecraft.title.standings.calendar import calendar, sessions_run
from racecraft.title.standings.standings import standings as added_up

if TYPE_CHECKING:
    from racecraft.model.rulebook.rules import Championship
    from racecraft.model.season import Season

LINES = 8  # as many as there are colours that are told apart


def points_traces(
    season: Season, *, after: int | str | None = None, kind: Championship = "drivers"
) -> list[Trace]:
    """Points of the first eight after every race and sprint, the first of them first."""
    run = calendar(season, kind)[: sessions_run(season, after)]
    who = "driver" if kind == "drivers" else "team"
    tables = [
        added_up(season, after=f"{one.event}:{one.session}", kind=kind).select(
            who, "points", round=pl.lit(one.round - (0.4 if one.session == "sprint" else 0.0))
        )
        for one in run
    ]
    if not tables:
        raise NotEnoughDataError(f"no race of {season.season} has a result yet")
    points = pl.concat(tables)
    names = dict(season.drivers.select("driver", "family_name").iter_rows())
    alike = list(names.values())
    traces = []
    for i, one in enumerate(tables[-1][who].head(LINES)):
        own = points.filter(pl.col(who) == one).sort("round")
        name = names.get(one)
        shown = name if name and alike.count(name) == 1 else one
        traces.append(Trace(one, shown, tuple(own["round"]), tuple(own["points"]), i))
    return traces
