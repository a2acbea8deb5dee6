"""What is not sure of a championship, and why: what sources or rules say otherwise."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from racecraft.errors import RacecraftError
from racecraft.model.rulebook.book import rulebook
from racecraft.model.season import SEASON_DOUBTS
from racecraft.title.standings.points import SAME, points
from racecraft.title.standings.shortened import recognised

if TYPE_CHECKING:
    from collections.abc import Sequence

    from racecraft.model.season import Season

_PLACE = re.compile(r"(\d+) in ")


def doubts_about_points(season: Season, runs: Sequence[tuple[str, str]]) -> pl.DataFrame:
    """Doubts that change the points of somebody.

    Parameters
    ----------
    season
        Needs ``events`` and ``results``.
    runs
        Events and sessions that are asked about.

    Returns
    -------
    DataFrame
        ``SEASON_DOUBTS``: points that are reported otherwise than the rulebook has them, a number
        or a driver twice in a result, races taken as stopped early, and places that score and on
        which two sources disagree.
    """
    asked = pl.DataFrame(
        list(runs), schema={"event": pl.String, "session": pl.String}, orient="row"
    )
    try:
        worked_out = points(season)
        shortened = recognised(season)
    except RacecraftError:
        return SEASON_DOUBTS.empty()
    found = [
        _of_points(season, worked_out),
        SEASON_DOUBTS.rows(
            [
                {"table": "results", "event": event, "session": "race",
                 "reason": f"taken as stopped early: {why}"}
                for event, (_, why) in shortened.items()
            ]
        ),
        _of_sources(season, worked_out),
    ]  # fmt: skip
    return (
        pl.concat(found)
        .join(asked, on=["event", "session"], how="semi")
        .unique(maintain_order=True)
    )


def sentences(season: Season, doubts: pl.DataFrame) -> list[str]:
    """Doubts of a season, each with the event that it is about."""
    names = dict(season.events.select("event", "name").iter_rows())
    told = (
        f"{names.get(event) or event}{', sprint' if session == 'sprint' else ''}: {reason}"
        for event, session, reason in doubts.select("event", "session", "reason").iter_rows()
    )
    return list(dict.fromkeys(told))


def _of_points(season: Season, worked_out: pl.DataFrame) -> pl.DataFrame:
    """Doubts about the rows of a result, but for those whom the rules bar from scoring."""
    barred = [rule.reason for rule in rulebook(season.season).ineligible]
    told = worked_out.filter(pl.col("doubt").is_not_null(), ~pl.col("doubt").is_in(barred))
    named = ~pl.col("doubt").str.contains("stands in this result|nobody knows")
    reason = pl.when(named).then(pl.format("{}, {}", "driver", "doubt")).otherwise("doubt")
    return SEASON_DOUBTS.check(
        told.select(
            "event", "session", table=pl.lit("results"), who="driver", reason=reason
        )
    )  # fmt: skip


def _of_sources(season: Season, worked_out: pl.DataFrame) -> pl.DataFrame:
    """Disagreements of two sources that may change points."""
    book = rulebook(season.season)
    scoring = max(len(book.points), 1)
    scored = {
        (event, session, driver)
        for event, session, driver in worked_out.filter(pl.col("points") > SAME)
        .select("event", "session", "driver")
        .iter_rows()
    }
    rows = [
        row
        for row in season.season_doubts.filter(table="results").to_dicts()
        if _changes_points(row, scoring, scored)
    ]
    return SEASON_DOUBTS.rows(rows)


def _changes_points(
    row: dict[str, str | None], scoring: int, scored: set[tuple[str, str, str]]
) -> bool:
    reason = row["reason"] or ""
    if ", points: " in reason:
        return True
    if ", place: " in reason:
        places = _PLACE.findall(reason.split(", place: ")[1])
        return any(int(place) <= scoring for place in places)
    alone = " is in the result of " in reason
    return alone and (row["event"], row["session"], row["who"]) in scored
