"""What every result is worth by the rulebook."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import polars as pl

from racecraft.model.once import once_per
from racecraft.model.rulebook.book import fastest_lap_awarded
from racecraft.model.rulebook.rules import CHAMPIONSHIPS
from racecraft.model.season import DRIVER, EVENT, SESSION
from racecraft.model.table import Column, Table
from racecraft.title.standings.shortened import regulations

if TYPE_CHECKING:
    from racecraft.model.rulebook.rules import Championship, Ineligible, Rulebook
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
        Column("twice", pl.Boolean, "the driver has a better place in the same result with another "
               "car, and nobody shared either: one of the two is somebody else's"),
        Column("doubt", pl.String, "why the source, or the rulebook, says otherwise"),
    ),
)  # fmt: skip
SAME = 0.005  # points: a seventh is published as 0.14


@once_per
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
    >>> from racecraft.sources.sample.sample import sample_season
    >>> points(sample_season()).filter(
    ...     event="sao-paulo-grand-prix", session="race", driver="NOR"
    ... )["points", "lap_points"].row(0)
    (19.0, 1.0)
    """
    book = regulations(season)
    results = _with_cars(season)
    rows = [
        row
        for (event, session), part in results.partition_by(
            "event", "session", as_dict=True, maintain_order=True
        ).items()
        for row in _scored(part.to_dicts(), book, str(event), str(session))
    ]
    return POINTS.rows(rows)


def _with_cars(season: Season) -> pl.DataFrame:
    """Results with the car of each: one number in one place, however many drove it."""
    at = ["event", "session"]
    places = pl.col("position").drop_nulls().n_unique().over([*at, "number"])
    unknown = pl.col("position").is_null() | pl.col("number").is_null() | (places > 1)
    of_driver = [*at, "driver"]
    best = pl.col("position").min().over(of_driver)
    return (
        season.results.join(
            season.drivers.select("driver", "driver_id"),
            on="driver",
            how="left",
            maintain_order="left",
        )
        .with_columns(
            name=pl.coalesce("driver_id", "driver"),
            same_number=pl.col("position").is_not_null() & (places > 1),
            car=pl.when(unknown)
            .then(pl.col("order").cast(pl.String))
            .otherwise(pl.format("number {}", "number")),
        )
        .with_columns(alone=pl.len().over([*at, "car"]) == 1)
        .with_columns(
            twice=(pl.col("alone").all().over(of_driver) & (pl.col("position") > best)).fill_null(
                value=False
            )
        )
    )


def _scored(
    rows: list[dict[str, Any]], book: Rulebook, event: str, session: str
) -> list[dict[str, object]]:
    """Rows of one race or sprint with their points."""
    own = _by_place(rows, book, event, session, "drivers")
    cars = _by_place(rows, book, event, session, "constructors")
    laps, lap_doubt = _lap_shares(rows, book, event, session)
    lap_for_team = session == "race" and book.lap_points(event, "constructors") > 0
    shared = Counter(row["car"] for row in rows if _shares(row, book))
    seen = set()
    scored = []
    for i, row in enumerate(rows):
        split = 1.0
        if shared[row["car"]] > 1 and not book.crews:
            split = 1 / shared[row["car"]] if book.shared_drives else 0.0
        lap = laps.get(i, 0.0)
        team = cars[i] * (split > 0) + lap * lap_for_team if row["car"] not in seen else 0.0
        seen.add(row["car"])
        worth = 0.0 if row["twice"] else own[i] * split + lap
        scored.append(
            row
            | {"points": worth, "lap_points": lap, "team_points": team}
            | {"doubt": _doubt(row, book, worth) or lap_doubt}
        )
    return scored


def _shares(row: dict[str, Any], book: Rulebook) -> bool:
    """Whether a driver has his part of a shared car's points, his own to keep or not."""
    barred = _barred(row, book, "drivers")
    return row["position"] is not None and (barred is None or barred.shares)


def _doubt(row: dict[str, Any], book: Rulebook, worth: float) -> str | None:
    """Why a result is worth something else than its place says, or than the source says."""
    for kind in CHAMPIONSHIPS:
        barred = _barred(row, book, kind)
        if barred is not None:
            return barred.reason
    if row["twice"]:
        return f"{row['driver']} stands in this result twice: only the better place counts"
    if row["same_number"]:
        return f"number {row['number']} stands in this result twice: taken as two cars"
    if row["points"] is not None and abs(row["points"] - worth) > SAME:
        return f"{row['points']:g} points reported, {worth:g} by the rulebook"
    return None


def _by_place(
    rows: list[dict[str, Any]], book: Rulebook, event: str, session: str, kind: Championship
) -> list[float]:
    """Points by place of every row; a car that may not score can move the others up."""
    scale = book.scale(event, session, kind) if kind == "drivers" or book.constructors else ()
    barred = [_barred(row, book, kind) for row in rows]
    absent = [
        row["position"] for row, why in zip(rows, barred, strict=True) if why and why.moves_up
    ]
    found = []
    for row, why in zip(rows, barred, strict=True):
        place = 0 if why else row["position"] or 0
        place -= sum(p < place for p in absent)
        found.append(scale[place - 1] if 0 < place <= len(scale) else 0.0)
    return found


def _barred(row: dict[str, Any], book: Rulebook, kind: Championship) -> Ineligible | None:
    """Return why a classified car may not score in a championship; None where it may."""
    if row["session"] != "race" or row["position"] is None:
        return None
    for rule in book.ineligible:
        if (
            rule.event == row["event"]
            and rule.scope in (None, kind)
            and (not rule.drivers or row["name"] in rule.drivers)
            and (not rule.teams or row["team"] in rule.teams)
            and (rule.place is None or row["position"] == rule.place)
        ):
            return rule
    return None


def _lap_shares(
    rows: list[dict[str, Any]], book: Rulebook, event: str, session: str
) -> tuple[dict[int, float], str | None]:
    """Points for the fastest lap by row, and a doubt where nobody knows who set it."""
    worth = book.lap_points(event) if session == "race" else 0.0
    if not worth:
        return {}, None
    if awarded := fastest_lap_awarded(book.season, event):
        best_last = sorted(enumerate(rows), key=lambda item: item[1]["points"] or 0.0)
        holders = {row["name"]: i for i, row in best_last}
        return {holders[name]: worth / len(awarded) for name in awarded if name in holders}, None
    times = [row["fastest_lap_time"] for row in rows]
    best = min((time for time in times if time is not None), default=None)
    if best is None:
        return {}, "nobody knows who set the fastest lap"
    found = [i for i, time in enumerate(times) if time == best]
    within = (book.fastest_lap and book.fastest_lap.within) or len(rows)
    return {
        i: worth / len(found) for i in found if (rows[i]["position"] or within + 1) <= within
    }, None
