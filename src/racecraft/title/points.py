"""What every result is worth by the rulebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from racecraft.model.awards import FASTEST_LAPS
from racecraft.model.race import DRIVER
from racecraft.model.rulebook import rulebook
from racecraft.model.season import EVENT, SESSION
from racecraft.model.table import Column, Table

if TYPE_CHECKING:
    from racecraft.model.rulebook import Championship, Ineligible, Rulebook
    from racecraft.model.season import Season

POINTS = Table(
    "points",
    key=("event", "session", "order", "driver"),
    columns=(
        EVENT,
        SESSION,
        Column("order", pl.Int16, "order in which the result lists the cars"),
        DRIVER,
        Column("team", pl.String, "team as entered"),
        Column("car", pl.String, "car, which drivers may have shared"),
        Column("position", pl.Int16, "classified position; null if not classified"),
        Column("points", pl.Float64, "points for the driver, by the rulebook"),
        Column("lap_points", pl.Float64, "of these, for the fastest lap"),
        Column("team_points", pl.Float64, "points of the car for its team, by the rulebook"),
        Column("doubt", pl.String, "why the source, or the rulebook, says otherwise"),
    ),
)
SAME = 0.005  # points: a seventh is published as 0.14


def points(season: Season) -> pl.DataFrame:
    """Points of every result, worked out from the places by the rulebook of the season.

    What the source says was awarded is not used; where it differs, ``doubt`` says so.

    Parameters
    ----------
    season
        Needs ``results``, and ``drivers`` where the regulations name a driver.

    Returns
    -------
    DataFrame
        ``POINTS``: one row per driver in a result, races and sprints.

    Raises
    ------
    RuleError
        No rulebook covers the season.

    Examples
    --------
    >>> from racecraft.sources.sample import sample_season
    >>> points(sample_season()).filter(
    ...     event="sao-paulo-grand-prix", session="race", driver="NOR"
    ... )["points", "lap_points"].row(0)
    (19.0, 1.0)
    """
    book = rulebook(season.season)
    results = season.results.join(
        season.drivers.select("driver", "driver_id"), on="driver", how="left"
    ).with_columns(
        name=pl.coalesce("driver_id", "driver"),
        car=pl.when(pl.col("position").is_null() | pl.col("number").is_null())
        .then(pl.col("order").cast(pl.String))
        .otherwise(pl.format("number {}", "number")),
    )
    rows = [
        row
        for (event, session), part in results.partition_by(
            "event", "session", as_dict=True, maintain_order=True
        ).items()
        for row in _scored(part.to_dicts(), book, str(event), str(session))
    ]
    return POINTS.rows(rows)


def _scored(
    rows: list[dict[str, object]], book: Rulebook, event: str, session: str
) -> list[dict[str, object]]:
    """Rows of one race or sprint with their points."""
    own = _by_place(rows, book, event, session, "drivers")
    cars = _by_place(rows, book, event, session, "constructors")
    laps, lap_doubt = _lap_shares(rows, book, event, session)
    sharers: dict[object, list[int]] = {}
    for i, row in enumerate(rows):
        if not _barred(row, book, event, "drivers"):
            sharers.setdefault(row["car"], []).append(i)
    team_lap = book.lap_points(event, "constructors") if session == "race" else 0.0
    first = {id(row): row["car"] not in [r["car"] for r in rows[:i]] for i, row in enumerate(rows)}
    out = []
    for i, row in enumerate(rows):
        shared = len(sharers.get(row["car"], ()))
        place = own[i]
        if shared > 1:
            place = place / shared if book.shared_drives else 0.0
        lap = laps.get(i, 0.0)
        worth = place + lap
        team = (cars[i] + (lap if team_lap else 0.0)) if first[id(row)] else 0.0
        doubt = lap_doubt
        reported = row["points"]
        if isinstance(reported, float) and abs(reported - worth) > SAME:
            doubt = f"{reported:g} reported, {worth:g} by the rulebook"
        barred = _barred(row, book, event, None)
        if barred is not None:
            doubt = barred.reason
        out.append(
            row | {"points": worth, "lap_points": lap, "team_points": team, "doubt": doubt}
        )
    return out


def _by_place(
    rows: list[dict[str, object]], book: Rulebook, event: str, session: str, kind: Championship
) -> list[float]:
    """Points by place of every row; a car that may not score can move the others up."""
    scale = book.scale(event, session, kind) if kind == "drivers" or book.constructors else ()
    barred = [_barred(row, book, event, kind) for row in rows]
    passed_over = {
        row["position"]
        for row, why in zip(rows, barred, strict=True)
        if why is not None and why.moves_up and row["position"] is not None
    }
    found = []
    for row, why in zip(rows, barred, strict=True):
        place = row["position"]
        if not isinstance(place, int) or why is not None:
            found.append(0.0)
            continue
        place -= sum(isinstance(p, int) and p < place for p in passed_over)
        found.append(scale[place - 1] if place <= len(scale) else 0.0)
    return found


def _barred(
    row: dict[str, object], book: Rulebook, event: str, kind: Championship | None
) -> Ineligible | None:
    """Return why a row may not score in a championship; None where it may."""
    for rule in book.ineligible:
        if (
            rule.event == event
            and rule.scope in (None, kind)
            and row["session"] == "race"
            and (not rule.drivers or row["name"] in rule.drivers)
            and (not rule.teams or row["team"] in rule.teams)
            and (rule.place is None or row["position"] == rule.place)
        ):
            return rule
    return None


def _lap_shares(
    rows: list[dict[str, object]], book: Rulebook, event: str, session: str
) -> tuple[dict[int, float], str | None]:
    """Points for the fastest lap by row, and a doubt where nobody knows who set it."""
    worth = book.lap_points(event) if session == "race" else 0.0
    if not worth:
        return {}, None
    awarded = FASTEST_LAPS.get((book.season, event))
    if awarded is not None:
        holders = {row["name"]: i for i, row in enumerate(rows)}
        found = [holders[name] for name in awarded if name in holders]
        return {i: worth / len(awarded) for i in found}, None
    times = [row["fastest_lap_time"] for row in rows]
    known = [time for time in times if time is not None]
    if not known:
        return {}, "nobody knows who set the fastest lap"
    best = min(known)  # type: ignore[type-var]
    found = [i for i, time in enumerate(times) if time == best]
    within = book.fastest_lap.within if book.fastest_lap else None
    return {
        i: worth / len(found)
        for i in found
        if within is None or (isinstance(p := rows[i]["position"], int) and p <= within)
    }, None
