"""How likely is every place of a race, before it starts?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
import polars as pl

from racecraft.errors import ArgumentError, NotEnoughDataError, RuleError
from racecraft.lookup.find import find_driver, find_event
from racecraft.model.rulebook.book import rulebook
from racecraft.model.season import DRIVER
from racecraft.model.table import Column, Table
from racecraft.sim.prerace.field import expected_field, field_of, fields, on_grid
from racecraft.sim.prerace.outlook import Moment, Outlook
from racecraft.sim.retirements import fastest_lap
from racecraft.sim.seed import check_seed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from racecraft.model.season import Season
    from racecraft.model.terms import Progress
    from racecraft.sim.attrition import Floats
    from racecraft.sim.prerace.field import Field
    from racecraft.sim.prerace.outlook import Chances

MEMORY = 16  # seasons before this one that are looked at
DRAWS = 60  # of what the features are worth, for the errors
LEAST_DRAWS = 2
Before = Literal["qualifying", "race"]

FORECAST = Table(
    "forecast",
    key=("driver",),
    columns=(
        DRIVER,
        Column("team", pl.String, "team, by its stable name"),
        Column("grid", pl.Int16, "place on the grid, the pit lane last; null before qualifying"),
        Column("win", pl.Float64, "probability of winning"),
        Column("podium", pl.Float64, "probability of one of the first three places"),
        Column("points_finish", pl.Float64, "probability of a place that scores; null where no "
               "rulebook covers the season"),
        Column("expected_points", pl.Float64, "points to be expected, with the fastest lap's"),
        Column("expected_place", pl.Float64, "mean of the places"),
        Column("retires", pl.Float64, "probability of not being classified"),
        Column("error", pl.Float64, "standard error of `win`: how unsure its model is"),
        Column("podium_error", pl.Float64, "the same of `podium`"),
        Column("points_error", pl.Float64, "the same of `expected_points`"),
        Column("places", pl.List(pl.Float64), "probability of first place, second place, ...; who "
               "is not classified takes one of the last"),
        Column("basis", pl.String, "form, qualifying, or grid: what it rests on"),
    ),
)  # fmt: skip


def forecast(
    season: Season,
    event: int | str,
    *,
    before: Before | None = None,
    grid: Sequence[str] | None = None,
    history: Sequence[Season] = (),
    draws: int = DRAWS,
    seed: int = 1,
    progress: Progress | None = None,
) -> pl.DataFrame:
    """Probability of every place of a race for every car, as known before it starts.

    Parameters
    ----------
    season
        Needs ``events``; knows more with ``results`` and ``qualifying``. Of the race itself and of
        later ones no result is looked at: who starts, from where, and for whom, is all that is.
    event
        Round, name, country or place.
    before
        ``qualifying``: from what earlier races showed. ``race``: with qualifying, the sprint, and
        the grid as started. Left out, the second where there is a grid or a qualifying.
    grid
        Drivers in the order of the grid, by code, number or name, where it is not reported yet or
        another one is asked about; who is not named starts behind them.
    history
        Seasons before it, from which almost everything is learnt; without them less is known.
    draws
        How often what is not known of the model is drawn, for the errors.
    seed
        Of these draws. The probabilities themselves are computed, not drawn.
    progress
        Called after each earlier race that was learnt from with what is done, and of how much.

    Returns
    -------
    DataFrame
        ``FORECAST``: who is most likely to win first. ``basis`` says ``qualifying`` where a grid
        was asked for and none is reported, so that penalties are unknown.

    Raises
    ------
    NotFoundError, ArgumentError
        There is no such event, or the text may mean several; a driver on the grid is unknown or
        named twice; `draws` is less than 2, `seed` is none.
    NotEnoughDataError
        Nobody, or only one car, is known to take part; or what `before` asks for is not known.

    Notes
    -----
    See `docs/definitions/forecast.md`.

    Examples
    --------
    >>> from racecraft.sources.sample.sample import sample_season
    >>> table = forecast(sample_season(), "Abu Dhabi")
    >>> table["driver"][0], round(table["win"].sum(), 6), table["basis"][0]
    ('VER', 1.0, 'grid')
    """
    if not isinstance(draws, int) or draws < LEAST_DRAWS:
        raise ArgumentError(f"draws={draws}; expected a whole number from {LEAST_DRAWS}")
    check_seed(seed)
    found = find_event(season.events, event, season=season.season)
    past = races_before(season, found, history)
    field, moment = _field(season, found, past, before)
    if grid is not None:
        field = on_grid(field, _named(season, field, grid))
        moment = "after"
    if field.cars < 2:
        raise NotEnoughDataError(
            f"{field.cars} car is known to take part in {found}; a forecast needs two",
            season=season.season,
            event=found,
        )
    model = Outlook(moment)
    for number, one in enumerate(past, 1):
        model.learn(one)
        if progress is not None:
            progress("earlier races", number, len(past))
    outset = model.knowledge.outset(field)
    chances = model.chances(outset, draws=draws, seed=seed)
    laps = fastest_lap([one.weekend() for one in past])
    return forecast_table(field, chances, _worth(season.season, found, laps, field.cars))


def races_before(season: Season, event: str, history: Sequence[Season]) -> list[Field]:
    """Fields and results of the races before an event, the oldest first."""
    number = season.events.filter(pl.col("event") == event)["round"].item()
    first = season.season - MEMORY
    earlier = sorted(
        (one for one in history if first <= one.season < season.season), key=lambda s: s.season
    )
    return [race for one in earlier for race in fields(one)] + fields(season, before=number)


def _field(
    season: Season, event: str, past: Sequence[Field], before: Before | None
) -> tuple[Field, Moment]:
    """Who takes part, and which moment it is forecast at."""
    field = field_of(season, event, past)
    seen = field is not None and (field.known_grid or len(field.qualifying) > 0)
    if before == "race" and not seen:
        raise NotEnoughDataError(
            f"neither grid nor qualifying of {event} is known",
            hint="give the grid, or ask for the forecast before qualifying",
            season=season.season,
            event=event,
        )
    if field is None:
        field = expected_field(season, event, past)
    if field is None:
        raise NotEnoughDataError(
            f"nobody is known to take part in {event} of {season.season}",
            hint="no race of this season was run before it, and no qualifying is stored",
            season=season.season,
            event=event,
        )
    if before == "qualifying" or not seen:
        return field.before_qualifying(), "before"
    return field, "after"


def _named(season: Season, field: Field, grid: Sequence[str]) -> list[str]:
    """Codes of those on a grid, however they are spelt."""
    taking_part = season.drivers.filter(pl.col("driver").is_in(list(field.codes)))
    codes = [find_driver(taking_part, one) for one in grid]
    if twice := sorted({code for code in codes if codes.count(code) > 1}):
        raise ArgumentError(f"{twice[0]} is on the grid twice", hint="name every driver once")
    return codes


class Worth(NamedTuple):
    """Points of every place, with what goes there of the fastest lap's; and how many score."""

    points: Floats
    scoring: int


def _worth(season: int, event: str, laps: Floats, cars: int) -> Worth | None:
    """What places are worth; None where no rulebook covers the season."""
    try:
        book = rulebook(season)
    except RuleError:
        return None
    points = np.zeros(cars)
    scale = book.scale(event, to_come=True)[:cars]
    points[: len(scale)] = scale
    if book.fastest_lap is not None:
        within = min(book.fastest_lap.within or cars, cars, len(laps))
        points[:within] += book.lap_points(event, to_come=True) * laps[:within]
    return Worth(points, len(scale))


def forecast_table(field: Field, chances: Chances, worth: Worth | None) -> pl.DataFrame:
    """``FORECAST`` of the chances of the cars of a field."""
    places, draws = chances.places, chances.draws
    numbers = np.arange(1, field.cars + 1)
    scoring = None if worth is None else places[:, : worth.scoring].sum(axis=1)
    expected = None if worth is None else places @ worth.points
    errors = None if worth is None else (draws @ worth.points).std(axis=0, ddof=1)
    seen = field.known_grid or len(field.qualifying) > 0
    basis = "grid" if field.known_grid else "qualifying" if seen else "form"
    ranked = np.lexsort((-places[:, :3].sum(axis=1), -places[:, 0]))
    return FORECAST.rows(
        [
            {
                "driver": field.codes[car],
                "team": field.teams[car],
                "grid": int(field.slots[car]) if seen else None,
                "win": float(places[car, 0]),
                "podium": float(places[car, :3].sum()),
                "points_finish": None if scoring is None else float(scoring[car]),
                "expected_points": None if expected is None else float(expected[car]),
                "expected_place": float(places[car] @ numbers),
                "retires": float(chances.retiring[car]),
                "error": float(draws[:, car, 0].std(ddof=1)),
                "podium_error": float(draws[:, car, :3].sum(axis=1).std(ddof=1)),
                "points_error": None if errors is None else float(errors[car]),
                "places": places[car].tolist(),
                "basis": basis,
            }
            for car in ranked
        ]
    )
