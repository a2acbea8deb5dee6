"""Charts of a race as data: places lap by lap, chances, and how far apart two cars were."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from racecraft.analysis.order.changes import grid
from racecraft.analysis.order.control import control
from racecraft.analysis.order.gaps import gaps
from racecraft.analysis.order.laps import laps
from racecraft.analysis.order.timing import earliest, timing
from racecraft.model.clock import SECOND_US
from racecraft.model.terms import NEUTRALISED, THE_LINE
from racecraft.show.web.pages.cars import cars_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from racecraft.model.race import Race
    from racecraft.sim.moments.outlook import Outlook

FAVOURITES = 8  # cars whose chances are drawn
LEAST = 0.02  # a car that never had a better chance to win is not drawn


def places_chart(race: Race) -> dict[str, Any]:
    """Place of every car on the grid and at the end of every lap; last laps end its line."""
    at = timing(race)
    on_grid = grid(race, at)
    held = laps(race).select("car", "lap", "position")
    rows = {car: dict(part["lap", "position"].rows()) for (car,), part in held.group_by("car")}
    series = [
        {**one, "values": [_whole(first), *map(rows[one["car"]].get, _laps(race))]}
        for one, first in zip(cars_of(race), on_grid, strict=True)
        if one["car"] in rows
    ]  # fmt: skip
    series.sort(key=_by_end)
    return {
        "x": [0, *_laps(race)],
        "series": series,
        "periods": neutral_laps(race),
        "places": max((v for one in series for v in one["values"] if v), default=1),
    }


def chances_chart(race: Race, outlook: Outlook) -> dict[str, Any]:
    """Chance to win of the cars that ever had one, from the grid to the classification."""
    best = outlook.win.max(axis=0)
    drawn = [int(car) for car in np.argsort(-best)[:FAVOURITES] if best[car] >= LEAST]
    known = {one["car"]: one for one in cars_of(race)}
    rows = outlook.win[:-1] if np.allclose(outlook.win[-1], outlook.win[-2]) else outlook.win
    return {
        "x": list(range(len(rows))),
        "series": [
            {**known[outlook.cars[car]], "values": [round(float(w), 4) for w in rows[:, car]]}
            for car in drawn
        ],
        "periods": neutral_laps(race),
        "basis": outlook.basis,
        "error": round(float(outlook.error.max()), 3),
    }


def gaps_chart(race: Race, first: str, second: str) -> dict[str, Any]:
    """How far the second car was behind the first at every line, in seconds; x in laps."""
    table = gaps(race, drivers=(first, second))
    along = along_the_lap(race)
    return {
        "first": first,
        "second": second,
        "x": [
            round(lap - 1 + along[line], 4) for lap, line in table["lap", "line"].iter_rows()
        ],
        "series": [
            {
                **next(one for one in cars_of(race) if one["car"] == second),
                "values": [v / SECOND_US for v in table["interval"].dt.total_microseconds()],
            }
        ],
        "periods": neutral_laps(race),
    }  # fmt: skip


def along_the_lap(race: Race) -> dict[str, float]:
    """How far along the lap each line is, as a share of a racing lap's time: 1 at the Line."""
    at = timing(race)
    n = len(at.lines)
    since = at.time - np.repeat(at.begun, n, axis=0)
    lap_time = at.at_line - at.begun
    known = ~np.isnan(lap_time)
    usual = np.nanmedian(lap_time[1:]) if known[1:].any() else np.nanmedian(lap_time)
    fair = np.repeat(lap_time < usual * 1.1, n, axis=0)
    places: dict[str, float] = {}
    before = 0.0
    for number, line in enumerate(at.lines, 1):
        some = since[number - 1 :: n][fair[number - 1 :: n]]
        some = some[~np.isnan(some)]
        share = float(np.median(some)) / float(usual) if len(some) else number / n
        before = max(before + 0.001, min(share, 1.0 - 0.001 * (n - number)))
        places[line] = round(before, 4)
    places[THE_LINE if THE_LINE in places else at.lines[-1]] = 1.0
    return places


def neutral_laps(race: Race) -> list[dict[str, Any]]:
    """Periods under safety car, virtual safety car or red flag, in laps of the leader."""
    found = []
    for since, until, state in control(race).select("from", "to", "state").iter_rows():
        if state in NEUTRALISED:
            end = (
                lap_at(race, until.total_seconds())
                if until is not None
                else float(timing(race).laps)
            )
            found.append({"from": lap_at(race, since.total_seconds()), "to": end, "state": state})
    return found


def lap_at(race: Race, time_s: float) -> float:
    """Laps that the leader had done at a time, with the part of the one begun."""
    ends = _leader_ends(race)
    done = int(np.searchsorted(ends, time_s * SECOND_US, side="right"))
    if done >= len(ends):
        return float(len(ends))
    begin = ends[done - 1] if done else 0.0
    part = float((time_s * SECOND_US - begin) / (ends[done] - begin))
    return round(done + max(0.0, part), 3)


def _leader_ends(race: Race) -> NDArray[np.float64]:
    """Times at which the first car ended each lap, microseconds, rising."""
    return np.fmax.accumulate(np.nan_to_num(earliest(timing(race).at_line), nan=0.0))


def _laps(race: Race) -> range:
    return range(1, timing(race).laps + 1)


def _whole(value: float) -> int | None:
    return None if np.isnan(value) else int(value)


def _by_end(one: dict[str, Any]) -> tuple[int, int]:
    """Who went furthest first, then by the place there."""
    values: Sequence[int | None] = one["values"]
    last = max((i for i, value in enumerate(values) if value is not None), default=0)
    return -last, values[last] or 99
