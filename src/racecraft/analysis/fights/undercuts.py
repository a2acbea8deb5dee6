"""What did it cost to stop, who gained by stopping first, and where would a stop have led?"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from racecraft.analysis.order.control import neutralised
from racecraft.analysis.order.gaps import car_of
from racecraft.analysis.order.reference import reference
from racecraft.analysis.order.stops import stops
from racecraft.analysis.order.timing import durations, timing
from racecraft.errors import NotEnoughDataError
from racecraft.model.once import once_per
from racecraft.model.race import CAR, LAP
from racecraft.model.table import TIME, Column, Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from racecraft.analysis.order.timing import Timing
    from racecraft.model.race import Race

WITHIN_S = 5.0  # interval from which an undercut is tried
WITHIN_LAPS = 10  # within which the other car answers

STOP_LOSSES = Table(
    "stop_losses",
    key=("car", "stop"),
    columns=(
        CAR,
        Column("stop", pl.Int16, "number of the visit, from 1"),
        Column("lap", pl.Int16, "lap on which the pit lane was entered"),
        Column("kind", pl.String, "stop or drive_through"),
        Column("duration", TIME, "time in the pit lane"),
        Column("lost", TIME, "in- and out-lap against the driver's own reference"),
        Column("neutralised", pl.Boolean, "in or out under safety car, virtual or real, or red "
               "flag"),
        Column("compound", pl.String, "compound fitted; null if none, or unknown"),
        Column("driver_out", pl.String, "who got out; null where nobody did, or nobody says"),
        Column("driver_in", pl.String, "who got in"),
        Column("position_before", pl.Int16, "position at the end of the lap before; null on lap 1"),
        Column("position_after", pl.Int16, "position at the end of the out-lap"),
    ),
)  # fmt: skip

UNDERCUTS = Table(
    "undercuts",
    key=("first", "second", "first_lap"),
    columns=(
        Column("first", pl.String, "driver who stopped first"),
        Column("second", pl.String, "driver who answered"),
        Column("first_lap", pl.Int16, "lap on which the first entered the lane"),
        Column("second_lap", pl.Int16, "lap on which the second did"),
        Column("before", TIME, "how far the first was behind the second a lap before; negative "
               "when ahead"),
        Column("after", TIME, "the same when both had done their out-laps"),
        Column("gained", TIME, "what stopping first gained; negative where staying out did"),
        Column("kind", pl.String, "undercut: the first gained the place; overcut: the second did; "
               "null: it did not change"),
    ),
)  # fmt: skip

PIT_WINDOW = Table(
    "pit_window",
    key=("lap",),
    columns=(
        LAP,
        Column("position", pl.Int16, "position at the end of the lap"),
        Column("rejoins", pl.Int16, "position after a stop at the end of the lap, if no other car "
               "stops"),
        Column("behind", pl.String, "car behind which the stop would lead; null at the front"),
        Column("behind_by", TIME, "and how far"),
        Column("ahead_of", pl.String, "car that would follow; null at the back"),
        Column("ahead_by", TIME, "and how closely"),
    ),
)  # fmt: skip


@once_per
def stop_losses(race: Race) -> pl.DataFrame:
    """Time and places lost by every stop and drive-through: pit lane, in- and out-lap together.

    Returns
    -------
    DataFrame
        ``STOP_LOSSES``, in order of driver and lap; `lost` is null where a lap or the driver's
        reference is not known.

    Raises
    ------
    NotEnoughDataError
        The race has no crossings.

    Examples
    --------
    >>> from racecraft.sources.sample.sample import sample_race
    >>> stop_losses(sample_race()).filter(car="VER")["lap"].to_list()
    [1, 27, 56]
    """
    at = timing(race)
    visits = stops(race).filter(pl.col("kind").is_in(["stop", "drive_through"]))
    shape = (at.laps, len(at.lines), len(at.cars))
    expected = reference(race).reshape(shape).sum(axis=1)
    lost: list[float] = []
    flagged: list[bool | None] = []
    places: list[tuple[int | None, int | None]] = []
    for driver, lap in visits["car", "lap"].rows():
        car = at.cars.index(driver)
        places.append((_place(at, lap - 1, car), _place(at, lap + 1, car)))
        if lap >= at.laps:
            lost.append(np.nan)
            flagged.append(None)
            continue
        begin, end = at.begun[lap - 1, car], at.at_line[lap, car]
        lost.append(end - begin - expected[lap - 1 : lap + 1, car].sum())
        share = neutralised(race).share(np.array([begin]), np.array([end]))[0]
        flagged.append(None if np.isnan(share) else bool(share > 0))
    return STOP_LOSSES.check(
        visits.with_columns(
            lost=durations(np.round(np.array(lost, float))),
            neutralised=pl.Series(flagged, dtype=pl.Boolean),
            position_before=pl.Series([before for before, _ in places], dtype=pl.Int16),
            position_after=pl.Series([after for _, after in places], dtype=pl.Int16),
        )
    )


def undercuts(
    race: Race, *, within_s: float = WITHIN_S, within_laps: int = WITHIN_LAPS
) -> pl.DataFrame:
    """Pairs of stops of two close cars, and what stopping first gained in seconds and places.

    Parameters
    ----------
    within_s
        How close the two were at the end of the lap before the first of them stopped.
    within_laps
        Laps within which the other one stopped as well.

    Returns
    -------
    DataFrame
        ``UNDERCUTS``, in order of the first stop. Pairs are left out where the race was neutralised
        from the one lap to the other, or where either stopped again in between.

    Raises
    ------
    NotEnoughDataError
        The race has no crossings.

    Examples
    --------
    >>> from racecraft.sources.sample.toy import toy_race
    >>> undercuts(toy_race()).height
    0
    """
    at = timing(race)
    made = stops(race).filter(kind="stop").sort("lap", "car")["car", "lap"].rows()
    laps_of: dict[str, list[int]] = {}
    for car, lap in made:
        laps_of.setdefault(car, []).append(lap)
    rows = []
    for (one, lap), (other, answer) in combinations(made, 2):
        if one == other or lap == answer or answer - lap > within_laps:
            continue
        own = (*laps_of[one], *laps_of[other])
        if sum(lap - 1 <= each <= answer + 1 for each in own) > 2:
            continue
        row = _exchange(race, at, (one, other), lap, answer, within_s)
        if row is not None:
            rows.append(row)
    return UNDERCUTS.rows(rows)


def pit_window(race: Race, driver: str) -> pl.DataFrame:
    """Where a stop at the end of each lap would have led, if no other car had stopped.

    Returns
    -------
    DataFrame
        ``PIT_WINDOW``: the order at the Line with the median loss of the stops under green added to
        the driver's time.

    Raises
    ------
    NotFoundError
        The driver took no part.
    NotEnoughDataError
        Nobody stopped under green, so what a stop costs is not known.

    Examples
    --------
    >>> from racecraft.sources.sample.sample import sample_race
    >>> pit_window(sample_race(), "VER").filter(lap=20)["rejoins"].item() > 1
    True
    """
    at, car = timing(race), car_of(race, driver)
    green = stop_losses(race).filter(~pl.col("neutralised"), kind="stop")["lost"].drop_nulls()
    if green.is_empty():
        raise NotEnoughDataError(
            f"nobody stopped under green in {race.season} {race.name}, so what a stop costs is not "
            "known",
            race=race.name,
        )
    cost = float(np.median(green.to_physical().to_numpy()))
    rows = [
        _window(at, lap, car, cost)
        for lap in range(1, at.laps + 1)
        if not np.isnan(at.at_line[lap - 1, car])
    ]
    return PIT_WINDOW.rows(rows)


def _exchange(
    race: Race, at: Timing, pair: tuple[str, str], lap: int, answer: int, within_s: float
) -> dict[str, object] | None:
    """Row of ``UNDERCUTS``; None where the two were further apart, or it is not known."""
    first, second = (at.cars.index(driver) for driver in pair)
    if lap < 2 or answer + 1 > at.laps:
        return None
    behind = at.at_line[:, first] - at.at_line[:, second]
    before, after = behind[lap - 2], behind[answer]
    times = at.at_line[[lap - 2, answer]][:, [first, second]]
    if np.isnan(times).any() or abs(before) > within_s * 1e6:
        return None
    if neutralised(race).share(times.min(), times.max()) > 0:
        return None
    kind = None
    if np.sign(before) != np.sign(after):
        kind = "undercut" if after < 0 else "overcut"
    return {"first": pair[0], "second": pair[1], "first_lap": lap, "second_lap": answer,
            "before": _one(before), "after": _one(after), "gained": _one(before - after),
            "kind": kind}  # fmt: skip


def _place(at: Timing, lap: int, car: int) -> int | None:
    """Position of a car at the end of a lap; None where it was not timed."""
    if not 1 <= lap <= at.laps or np.isnan(at.at_line[lap - 1, car]):
        return None
    return int((at.at_line[lap - 1] < at.at_line[lap - 1, car]).sum()) + 1


def _window(at: Timing, lap: int, car: int, cost: float) -> dict[str, object]:
    """Row of ``PIT_WINDOW``."""
    times: NDArray[np.float64] = at.at_line[lap - 1]
    others = np.flatnonzero(~np.isnan(times) & (np.arange(len(times)) != car))
    others = others[np.argsort(times[others], kind="stable")]
    rejoin = times[car] + cost
    place = int(np.searchsorted(times[others], rejoin))
    ahead = others[place - 1] if place else None
    after = others[place] if place < len(others) else None
    return {
        "lap": lap,
        "position": _place(at, lap, car),
        "rejoins": place + 1,
        "behind": None if ahead is None else at.cars[ahead],
        "behind_by": None if ahead is None else _one(rejoin - times[ahead]),
        "ahead_of": None if after is None else at.cars[after],
        "ahead_by": None if after is None else _one(times[after] - rejoin),
    }


def _one(microseconds: float) -> object:
    return durations(np.array([round(microseconds)], float))[0]
