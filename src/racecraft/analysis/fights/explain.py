"""Why did it happen: who lost or gained time, and where."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from racecraft.analysis.order.drivers import driver_on, with_drivers
from racecraft.analysis.order.gaps import car_of
from racecraft.analysis.order.overtakes import overtakes
from racecraft.analysis.order.reference import losses, reference
from racecraft.analysis.order.timing import Timing, durations, timing
from racecraft.analysis.telemetry.corner_words import corner_words
from racecraft.analysis.telemetry.corners import has_corners
from racecraft.analysis.telemetry.pass_words import PASSES, passes
from racecraft.errors import ArgumentError, NotEnoughDataError
from racecraft.model.once import once_per
from racecraft.model.race import CAR, LAP, LINE
from racecraft.model.table import TIME, Column, Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from racecraft.model.race import Race

WAYS = {  # in which one car got ahead of another, but on the track
    "on_track": "",
    "start": " at the start",
    "pit": " by a pit stop",
    "neutralised": " under neutralisation",
    "order_reset": " as the order was reset for the restart",
    "trouble": " with {other} in trouble",
    "retirement": " as {other} dropped out",
    "classification": " after the flag",
}
NOTHING_S = 0.05  # a loss or gain below this is not worth a word

LOSSES = Table(
    "losses",
    key=("car", "lap", "line"),
    columns=(
        CAR,
        Column("driver", pl.String, "who drove the lap"),
        LAP,
        Column("line", pl.String, "line at which the segment ends"),
        Column("time", TIME, "time for the segment"),
        Column("reference", TIME, "the driver's own pace on it: median of his clean laps in the "
               "stint"),
        Column("loss", TIME, "time less reference; negative for a gain"),
    ),
)  # fmt: skip

TURNING_POINTS = Table(
    "turning_points",
    key=("lap", "line"),
    columns=(
        LAP,
        LINE,
        Column("car", pl.String, "car whose loss or gain explains most of it"),
        Column("driver", pl.String, "who drove it on that lap"),
        Column("loss", TIME, "its loss; negative for a gain"),
        Column("sentence", pl.String, "what happened, in words"),
    ),
)


def explain(race: Race, *, lap: int, drivers: tuple[str, str]) -> str:
    """What happened between two drivers on a lap, in a few sentences.

    Parameters
    ----------
    race
        Needs ``crossings``.
    lap
        The lap.
    drivers
        Two codes.

    Raises
    ------
    ArgumentError
        The race has no such lap.
    NotFoundError
        A driver took no part.
    NotEnoughDataError
        One of them did not complete a segment of that lap.

    Examples
    --------
    >>> from racecraft.sources.sample.toy import toy_race
    >>> explain(toy_race(), lap=2, drivers=("HAM", "SAI")).split("; ")[0]
    'Lap 2: Hamilton came from 1.000 s behind Sainz to 0.100 s ahead'
    """
    at = timing(race)
    if not 1 <= lap <= at.laps:
        raise ArgumentError(
            f"no lap {lap} in a race of {at.laps}", hint=f"its laps are 1 to {at.laps}"
        )
    first, second = (car_of(race, driver) for driver in drivers)
    ahead_by = at.time[:, second] - at.time[:, first]
    steps = np.flatnonzero((at.lap == lap) & ~np.isnan(ahead_by))
    if not len(steps):
        raise NotEnoughDataError(
            f"{drivers[0]} and {drivers[1]} were not both timed on lap {lap}",
            hint=_last_timed(at, first, second),
            race=race.name,
            lap=lap,
        )
    before = np.flatnonzero(~np.isnan(ahead_by[: steps[0]]))
    start = ahead_by[before[-1]] if len(before) else ahead_by[steps[0]]
    parts = [f"Lap {lap}: {_came(race, drivers, start, ahead_by[steps[-1]])}"]
    swaps = overtakes(race, overall=True).filter(
        pl.col("lap") == lap, pl.col("passer").is_in(drivers), pl.col("passed").is_in(drivers)
    )
    found = passes(race, swaps, partial(name_of, race)) if has_corners(race) else PASSES.empty()
    where = dict(zip(found["line"], found["where"], strict=True))
    parts += [
        f"{name_of(race, passer)} passed"
        + (f" {where[line]}" if line in where else segment_words(race, line))
        + WAYS[kind].format(other=name_of(race, passed))
        for passer, passed, line, kind in swaps["passer", "passed", "line", "kind"].rows()
    ]
    if "pit" not in swaps["kind"]:  # a stop is no loss of pace
        parts += _worst(race, at, steps, first, second)
    said = "; ".join(parts) + "."
    return " ".join([said, *(f"{sentence}." for sentence in found["sentence"])])


def losses_of(
    race: Race, drivers: tuple[str, str], first_step: int, last_step: int
) -> pl.DataFrame:
    """Losses of two drivers on every segment between two steps, ``LOSSES``."""
    at = timing(race)
    parts = []
    for driver in drivers:
        car = car_of(race, driver)
        steps = np.arange(first_step, last_step + 1)
        steps = steps[~np.isnan(at.segment[steps, car])]
        parts.append(
            pl.DataFrame(
                {
                    "car": pl.Series([driver] * len(steps), dtype=pl.String),
                    "lap": at.lap[steps],
                    "line": pl.Series(at.line_names[steps], dtype=pl.String),
                    "time": durations(at.segment[steps, car]),
                    "reference": durations(np.round(reference(race)[steps, car])),
                    "loss": durations(np.round(losses(race)[steps, car])),
                }
            )
        )
    return LOSSES.check(with_drivers(race, pl.concat(parts)))


def turning_point(
    race: Race, steps: NDArray[np.int64], winner: str, loser: str, *, by_corner: bool = True
) -> dict[str, object] | None:
    """Segment of these in which the interval moved most towards the winner, and why.

    Row of ``TURNING_POINTS``; None where no segment was timed for both. Where the race has
    telemetry it is read, and the sentence names the corner, unless `by_corner` is false.
    """
    at = timing(race)
    up, down = car_of(race, winner), car_of(race, loser)
    gained = at.segment[steps, down] - at.segment[steps, up]
    if not len(gained) or np.isnan(gained).all():
        return None
    step = int(steps[np.nanargmax(gained)])
    loss = losses(race)[step]
    main = down if np.isnan(loss[up]) or loss[down] >= -loss[up] else up
    lap, line = int(at.lap[step]), str(at.line_names[step])
    sentence = _sentence(race, loss, main, up if main == down else down, lap, line)
    if by_corner and (words := _at_corner(race, at, step, main, lost=loss[main] > 0)):
        sentence = f"{sentence}; {words}"
    return {
        "lap": lap,
        "line": line,
        "car": at.cars[main],
        "driver": driver_on(race, at.cars[main], lap),
        "loss": durations(np.round(loss[[main]]))[0],
        "sentence": sentence,
    }


def name_of(race: Race, driver: str, lap: int | None = None) -> str:
    """Family name of a driver, or his code; of a shared car its number, and who drove a lap."""
    if name := _family_names(race).get(driver):
        return name
    if race.drivers_in_car.is_empty():
        return driver
    drove = None if lap is None else driver_on(race, driver, lap)
    return f"No. {driver}" + (f" ({drove.partition(' ')[2] or drove})" if drove else "")


@once_per
def _family_names(race: Race) -> dict[str, str | None]:
    """Family name of whoever drives each car alone; the first entry of it where there are two.

    Whoever shares it with somebody else in the race has his given name before it.
    """
    whole = pl.concat_str("given_name", "family_name", separator=" ", ignore_nulls=True)
    namesakes = pl.col("car").n_unique().over("family_name") > 1
    named = race.entries.select("car", pl.when(namesakes).then(whole).otherwise("family_name"))
    return dict(reversed(named.rows()))


def segment_words(race: Race, line: str) -> str:
    """Where a segment lies, as part of a sentence; empty if it is the whole lap."""
    row = race.lines.filter(line=line).row(0, named=True)
    if race.lines.height == 1 or row["sector"] is None:
        return ""
    if row["mini_sector"] is not None:
        return f" in mini-sector {row['mini_sector']} of sector {row['sector']}"
    only_sectors = race.lines["mini_sector"].is_null().all()
    return f" {'in' if only_sectors else 'at the end of'} sector {row['sector']}"


def _came(race: Race, drivers: tuple[str, str], start: float, end: float) -> str:
    def where(ahead_by: float) -> str:
        return f"{abs(ahead_by) / 1e6:.3f} s {'ahead' if ahead_by > 0 else 'behind'}"

    first, second = (name_of(race, driver) for driver in drivers)
    if (start > 0) == (end > 0):
        side = "ahead of" if end > 0 else "behind"
        return f"{first} went from {abs(start) / 1e6:.3f} to {abs(end) / 1e6:.3f} s {side} {second}"
    return f"{first} came from {where(start)}{'' if start < 0 else ' of'} {second} to {where(end)}"


def _worst(race: Race, at: Timing, steps: NDArray[np.int64], first: int, second: int) -> list[str]:
    """The largest loss or gain of the two on these segments, if there is one to speak of."""
    pair = losses(race)[steps][:, [first, second]]
    if np.isnan(pair).all() or np.nanmax(np.abs(pair)) < NOTHING_S * 1e6:
        return []
    row, column = np.unravel_index(np.nanargmax(np.abs(pair)), pair.shape)
    car, step = (first, second)[column], steps[row]
    words = _lost_or_gained(race, at.cars[car], pair[row, column])
    where = segment_words(race, str(at.line_names[step]))
    corner = _at_corner(race, at, int(step), car, lost=pair[row, column] > 0)
    return [f"{words} against {_whose(race)} own reference{where}", *([corner] if corner else [])]


def _at_corner(race: Race, at: Timing, step: int, car: int, *, lost: bool) -> str:
    """At which corner of a segment a car lost or gained, by its telemetry; empty where unknown."""
    begin = at.time[step - 1, car] if step else 0.0
    driver = at.cars[car]
    words = corner_words(race, driver, int(at.lap[step]), begin, at.time[step, car], lost=lost)
    return f"{name_of(race, driver)} {words}" if words else ""


def _sentence(
    race: Race, loss: NDArray[np.float64], main: int, other: int, lap: int, line: str
) -> str:
    drivers = timing(race).cars
    where = segment_words(race, line)
    if np.isnan(loss[main]):
        return f"the interval moved most{where or ' over the lap'}, lap {lap}"
    parts = [
        f"{_lost_or_gained(race, drivers[main], loss[main])} against {_whose(race)} own reference"
        f"{where + ' of' if where else ' on'} lap {lap}"
    ]
    if not np.isnan(loss[other]) and abs(loss[other]) >= NOTHING_S * 1e6:
        parts.append(_lost_or_gained(race, drivers[other], loss[other]))
    return "; ".join(parts)


def _last_timed(at: Timing, first: int, second: int) -> str:
    """Until when each of two cars was timed."""
    last = [
        f"{at.cars[car]} until lap {at.lap[np.flatnonzero(~np.isnan(at.time[:, car]))[-1]]}"
        for car in (first, second)
        if not np.isnan(at.time[:, car]).all()
    ]
    return f"timed were {' and '.join(last)}; 'results' says why a car fell out" if last else ""


def _whose(race: Race) -> str:
    """Word before what a car, or its one driver, calls its own."""
    return "his" if race.drivers_in_car.is_empty() else "its"


def _lost_or_gained(race: Race, driver: str, loss: float) -> str:
    verb = "lost" if loss >= 0 else "gained"
    return f"{name_of(race, driver)} {verb} {abs(loss) / 1e6:.2f} s"
