"""The verbs that show what is known, a table each: laps, results, quali, control, track, drivers.

Each reads one table of a race or season, puts names to codes, and shows it; nothing is judged.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from racecraft.cli import answer
from racecraft.cli.options import Event, Plot, Season
from racecraft.cli.verb import OF_RACE, OF_SEASON, Asked, verb

if TYPE_CHECKING:
    from collections.abc import Callable

LAPS_FIRST = (
    "car", "driver", "lap", "lap_time", "position", "class", "class_position", "compound",
    "tyre_age", "in_lap", "out_lap", "state",
)  # fmt: skip


RESULT = ("position_text", "driver", "name", "team", "grid", "time", "points", "status", "gap")


@verb(*OF_RACE)
def laps(
    asked: Asked,
    season: Season,
    event: Event,
    drivers: Annotated[
        list[str] | None,
        typer.Argument(metavar="DRIVER ...", help="Only laps of these cars; left out, all."),
    ] = None,
    lap: Annotated[int | None, typer.Option(help="Only this lap of each car.")] = None,
) -> None:
    """Every lap of every car: its time, the position after it, tyre, and state of the track."""
    import racecraft as rc
    from racecraft.lookup.find import find_car

    found = asked.race(season, event)
    table = rc.laps(found, [find_car(found, name) for name in drivers or ()])
    if lap is not None:
        table = table.filter(lap=lap)
    asked.table(table, leave_out=["time"], first=LAPS_FIRST)


@verb(*OF_RACE)
def results(asked: Asked, season: Season, event: Event) -> None:
    """Result of a race or sprint: places, times, points, penalties, and why a car fell out."""
    from racecraft.analysis.outcome import outcome
    from racecraft.analysis.race import race_result
    from racecraft.lookup.find import find_event

    found = asked.season(season)
    if found.results.is_empty() and found.events.is_empty():  # nothing but timing is stored
        asked.table(race_result(asked.race(season, event)), leave_out=["points"])
        return
    told = outcome(found, find_event(found.events, event, season=season), asked.session)
    no_lane = [] if told.result["pit_lane_start"].any() else ["pit_lane_start"]
    asked.table(
        told.result,
        leave_out=["order", "position", *no_lane],
        first=(
            "position_text",
            "driver",
            "name",
            "team",
            "grid",
            "time",
            "gap",
            "points",
            "status",
        ),
    )


@verb(*OF_RACE)
def quali(asked: Asked, season: Season, event: Event) -> None:
    """Qualifying: the best lap of every driver in each part, and how far off pole it was.

    With --session sprint, the qualifying of the sprint.
    """
    from racecraft.analysis.outcome import qualifying
    from racecraft.lookup.find import find_event

    found = asked.season(season)
    name = find_event(found.events, event, season=season)
    table = qualifying(found, name, asked.session)
    unknown = [part for part in ("q1", "q2", "q3") if table[part].is_null().all()]
    asked.table(table, leave_out=["order", *unknown])


@verb(*OF_RACE)
def control(asked: Asked, season: Season, event: Event) -> None:
    """Yellow flags, virtual safety cars, safety cars and red flags: from when until when."""
    import racecraft as rc
    from racecraft.analysis.order.leading import leader_lap_at

    found = asked.race(season, event)
    table = rc.control(found)
    asked.table(
        table.with_columns(
            from_lap=leader_lap_at(found, table["from"]), to_lap=leader_lap_at(found, table["to"])
        ),
        leave_out=["from_earliest", "to_latest"],
        first=("state", "from_lap", "to_lap", "from", "to"),
    )


@verb(*OF_RACE)
def track(
    asked: Asked,
    season: Season,
    event: Event,
    outline: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Outline of the circuit, for races without positions."),
    ] = None,
    plot: Plot = None,
    at: Annotated[
        float | None,
        typer.Option(metavar="SECONDS", help="With --plot: cars too, so long after lights out."),
    ] = None,
) -> None:
    """The track: where its corners and timing lines are, in metres from the Line; or a map of it.

    By positions of the cars. Without any, timing lines lie on the outline by time: a CSV with x_m
    and y_m or JSON with x and y, from the Line on. All points are in json, csv and parquet.
    """
    from datetime import timedelta

    import polars as pl

    import racecraft as rc
    from racecraft.analysis.telemetry.track import track as track_of
    from racecraft.errors import ArgumentError
    from racecraft.sources.outlines.outline import located, read_outline

    found = asked.race(season, event)
    if plot is not None:
        when = None if at is None else timedelta(seconds=at)
        answer.picture(rc.plot.track_map(found, at=when, outline=outline), plot)
        return
    if at is not None:
        raise ArgumentError("--at is the moment of a map", hint="with --plot FILE")
    points = None if outline is None else located(read_outline(outline, found.name), outline)
    table = track_of(found, outline=points)
    if asked.answer_form == "table":
        table = table.filter(pl.col("line").is_not_null() | pl.col("corner").is_not_null())
    asked.table(table, first=("distance_m", "line", "corner"))


@verb(*OF_SEASON)
def drivers(
    asked: Asked,
    season: Season,
    event: Annotated[
        str | None,
        typer.Argument(metavar="EVENT", help="Who took part in this race; left out, the season."),
    ] = None,
) -> None:
    """Who took part: codes, numbers, names, teams, and from where to where of the season."""
    from racecraft.analysis.outcome import took_part
    from racecraft.lookup.find import find_event

    found = asked.season(season)
    name = event and find_event(found.events, event, season=season)
    asked.table(took_part(found, name or None))


@verb(*OF_SEASON)
def season(asked: Asked, season: Season) -> None:
    """A season at a glance: its rounds, who won them, and who leads or won the championship."""
    from racecraft.show.outcome import season_object, season_table, season_text

    found = asked.season(season)
    found = found.with_tables(events=asked.shelf.events_in(found))
    asked.told(
        lambda page: season_text(found, page),
        lambda: season_object(found),
        season_table(found),
    )


EXAMPLES: dict[Callable[..., None], tuple[str, ...]] = {
    laps: (
        "laps 2023 brazil ALO PER",
        "laps 2023 brazil --lap 71",
        "laps 2023 brazil --format csv -o laps.csv",
    ),
    results: ("results 2023 las-vegas", "results 2023 brazil --session sprint"),
    quali: ("quali 2023 brazil", "quali 1988 monaco"),
    control: ("control 2023 mexico",),
    track: ("track 2023 brazil", "track 2023 brazil --plot map.png"),
    drivers: ("drivers 2023", "drivers 2023 brazil"),
    season: ("season 2023", "season 1976"),
}  # every verb, and what one may type after racecraft
