"""When was the race not racing, and where did it start afresh?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from racecraft.analysis.order.changes import positions
from racecraft.analysis.order.inferred_control import slow_and_stopped
from racecraft.analysis.order.timing import durations, earliest, median, timing
from racecraft.model.once import once_per
from racecraft.model.race import CONTROL
from racecraft.model.table import Column, Table
from racecraft.model.terms import NEUTRALISED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from racecraft.model.race import Race

# At a standing restart the leader's lap includes the wait on the grid: in the nine restarts of the
# same races it took 1.3 to 2.3 racing laps after a standing one. Lap times alone take the rolling
# restart of Monaco 2022, one slow lap and then a racing lap, for a standing one too.
STANDING_WAIT = 1.2

# For so long nobody crosses any line only where the race was stopped: at the Nordschleife a car is
# away for eight minutes, but others are not.
HALT_S = 600.0
HALT_LAPS = 3.0  # of the median lap

# Laps at most that a race was, and cars at least, in which nobody raced if no place changed.
PROCESSION, FIELD = 5, 5

# A segment that was neutralised for longer than this share is not racing.
NEUTRAL_SHARE = 0.5

CONTROL_PERIODS = Table(
    "control_periods",
    key=CONTROL.key,
    columns=(
        *CONTROL.columns,
        Column("basis", pl.String, "reported, or inferred from the pace of the field"),
    ),
)


@once_per
def control(race: Race) -> pl.DataFrame:
    """Periods under yellow, virtual safety car, safety car or red flag.

    What the source reported, or, where it reports no track status (a row in ``doubts`` says so),
    periods in which the whole field was slow or stood still. A race of but a few laps on which
    nobody passed anybody was run behind the safety car, as it seems. A halt that no source calls a
    red flag is found too: for a time nobody crossed any line.

    Returns
    -------
    DataFrame
        ``CONTROL_PERIODS``, in order of ``from``.

    Examples
    --------
    >>> from racecraft.sources.sample.toy import toy_race
    >>> control(toy_race()).height
    0
    """
    if race.control.is_empty() and procession(race):
        return _behind_the_safety_car(race)
    if race.control.is_empty() and _status_unknown(race):
        return CONTROL_PERIODS.check(inferred(race))
    told = CONTROL_PERIODS.check(race.control.with_columns(basis=pl.lit("reported")))
    halts = _halts(race, told)
    return (told if halts.is_empty() else pl.concat([told, halts])).sort("from", "state")


def _behind_the_safety_car(race: Race) -> pl.DataFrame:
    """A whole race as one period that nobody reported: ``CONTROL_PERIODS``."""
    whole = durations(np.array([0.0, float(timing(race).ended[-1])]))
    row = {"from": whole[:1], "to": whole[1:], "state": ["SC"], "basis": ["inferred"]}
    return CONTROL_PERIODS.check(pl.DataFrame(row))


def _halts(race: Race, told: pl.DataFrame) -> pl.DataFrame:
    """Halts of the whole field that no reported red flag covers, as red flags: ``CONTROL_PERIODS``.

    From the last crossing before to the first after; when the flag itself was shown, nobody says.
    """
    if race.crossings.is_empty():
        return CONTROL_PERIODS.empty()
    at = timing(race)
    times = np.sort(at.time[~np.isnan(at.time)])
    longest = max(HALT_S * 1e6, HALT_LAPS * float(median(at.at_line - at.begun)))
    gap = np.flatnonzero(np.diff(times) > longest)
    if not len(gap):
        return CONTROL_PERIODS.empty()
    found = CONTROL_PERIODS.check(
        pl.DataFrame({"from": durations(times[gap]), "to": durations(times[gap + 1])}).with_columns(
            state=pl.lit("red"), basis=pl.lit("inferred")
        )
    )
    red = told.filter(pl.col("state") == "red").select(since="from", until="to")
    shown = [
        any(since < end and (until is None or until > begin) for since, until in red.rows())
        for begin, end in found.select("from", "to").iter_rows()
    ]
    return found.filter(~pl.Series(shown, dtype=pl.Boolean))


@once_per
def procession(race: Race) -> bool:
    """Whether a race was a few laps on which no place changed: none was raced, as it seems."""
    if race.crossings.is_empty() or race.classification.is_empty():
        return False
    at = timing(race)
    if not 1 < at.laps <= PROCESSION or len(at.cars) < FIELD:
        return False
    place = positions(race)[len(at.lines) - 1 :: len(at.lines)]
    return bool((place == place[0]).all())


def inferred(race: Race) -> pl.DataFrame:
    """Periods by the pace of the field alone, whatever was reported: ``CONTROL_PERIODS``."""
    at = timing(race)
    in_lane = np.zeros((at.laps + 1, len(at.cars)), np.bool_)
    for car, lap in race.pit_visits["car", "lap"].rows():
        if car in at.cars and lap <= at.laps:
            in_lane[lap - 1 : lap + 1, at.cars.index(car)] = True
    slow, red = slow_and_stopped(at, in_lane[: at.laps], first_lap=race.clock == "lights_out")
    periods = [(*period, "SC") for period in slow] + [(*period, "red") for period in red]
    table = pl.DataFrame(
        {
            "from": durations(np.array([row[0] for row in periods], float)),
            "to": durations(np.array([row[1] for row in periods], float)),
            "state": pl.Series([row[2] for row in periods], dtype=pl.String),
        }
    )
    return CONTROL_PERIODS.check(table.with_columns(basis=pl.lit("inferred")).sort("from"))


@dataclass(frozen=True)
class Periods:
    """Neutralised periods as arrays of microseconds, apart from one another and in order."""

    begin: NDArray[np.float64]
    end: NDArray[np.float64]

    def share(self, begin: NDArray[np.float64], end: NDArray[np.float64]) -> NDArray[np.float64]:
        """Share of each interval that lies within the periods, from 0 to 1."""
        length = np.maximum(end - begin, 1.0)
        return np.asarray((self._until(end) - self._until(begin)) / length)

    def _until(self, time: NDArray[np.float64]) -> NDArray[np.float64]:
        """Time spent within the periods before a time."""
        before = np.clip(time[..., None] - self.begin, 0, self.end - self.begin)
        return np.asarray(before.sum(axis=-1))


def periods_of(table: pl.DataFrame) -> Periods:
    """Rows of ``CONTROL`` as arrays, merged where they touch."""
    begin = table["from"].to_physical().to_numpy().astype(np.float64)
    end = table["to"].to_physical().cast(pl.Float64).fill_null(np.inf).to_numpy()
    return merged(begin, end)


def merged(begin: NDArray[np.float64], end: NDArray[np.float64]) -> Periods:
    """Periods from when until when, in any order, merged where they touch."""
    order = np.argsort(begin, kind="stable")
    begin, end = begin[order], end[order]
    if not len(begin):
        return Periods(begin, end)
    reach = np.maximum.accumulate(end)
    apart = np.concatenate([[True], begin[1:] > reach[:-1]])
    first = np.flatnonzero(apart)
    return Periods(begin[first], reach[np.concatenate([first[1:] - 1, [len(begin) - 1]])])


@once_per
def neutralised(race: Race) -> Periods:
    """Periods under virtual safety car, safety car or red flag, merged.

    After a red flag until the next lap begins as well: cars form up behind the safety car, whatever
    the track status says.
    """
    return _and_forming_up(race, _periods(race, NEUTRALISED))


@once_per
def stopped(race: Race) -> Periods:
    """Periods under red flag."""
    return _periods(race, ("red",))


@once_per
def slowed(race: Race) -> Periods:
    """Periods that may have been under anything but green, yellow flags included, merged.

    Where a state is known at crossings only, from the last crossing before it to the first after.
    """
    return _periods(race, ("yellow", *NEUTRALISED), possibly=True)


@once_per
def possibly_neutralised(race: Race) -> Periods:
    """Periods that may have been neutralised, as far as crossings tell, merged."""
    return _and_forming_up(race, _periods(race, NEUTRALISED, possibly=True))


def flags_by_lap(race: Race) -> dict[int, str]:
    """State of the race on laps of the leader of which most was neutralised: SC, VSC or red."""
    at = timing(race)
    end = np.fmax.accumulate(earliest(at.at_line))
    begin = np.concatenate([[0.0], end[:-1]])
    states: dict[int, str] = {}
    for state in ("VSC", "SC", "red"):
        share = _periods(race, (state,)).share(begin, end)
        states |= {int(lap) + 1: state for lap in np.flatnonzero(share > NEUTRAL_SHARE)}
    return dict(sorted(states.items()))


@once_per
def standing_starts(race: Race) -> frozenset[int]:
    """Laps that began from the grid: lap 1, and the first lap after a standing restart.

    After a red flag cars leave the pit lane, form up, and the next lap begins. It was a standing
    start if race control said so, or if the leader's lap is far longer than a racing lap, for the
    wait on the grid, and the lap after it is a racing lap again (behind the safety car it is not).

    References
    ----------
    FIA Formula One Sporting Regulations 2018-2025, "Resuming a race": from the grid unless race
    control announces a rolling start.
    """
    at = timing(race)
    begun = earliest(at.begun)
    leader_lap = np.diff(earliest(at.at_line), prepend=0.0)
    slow = leader_lap > STANDING_WAIT * median(at.at_line - at.begun)
    halted = stopped(race).share(begun, begun + leader_lap) > 0
    laps = {1}
    for red_from, red_to in zip(stopped(race).begin, stopped(race).end, strict=True):
        if not (begun >= red_to).any():
            continue
        restart = int((begun >= red_to).argmax())
        after = restart + 1
        races_on = after >= len(slow) or not slow[after] or halted[after]
        said = _announced(race, red_from, begun[restart])
        if said == "STANDING" or (said is None and slow[restart] and races_on):
            laps.add(restart + 1)
    return frozenset(laps)


def _and_forming_up(race: Race, periods: Periods) -> Periods:
    """The same periods, and from every restart until the leader begins the next lap."""
    red = stopped(race)
    resumed = red.end[np.isfinite(red.end)]
    if not len(resumed) or race.crossings.is_empty():
        return periods
    begun = np.sort(earliest(timing(race).begun))
    next_lap = np.searchsorted(begun, resumed)
    known = next_lap < len(begun)
    until = begun[np.minimum(next_lap, len(begun) - 1)]
    return merged(
        np.concatenate([periods.begin, resumed[known]]),
        np.concatenate([periods.end, np.maximum(until, resumed)[known]]),
    )


def _announced(race: Race, begin: float, end: float) -> str | None:
    """Kind of restart that race control announced between two times: STANDING or ROLLING."""
    found = (
        race.messages.filter(pl.col("time").dt.total_microseconds().is_between(begin, end))["text"]
        .str.to_uppercase()
        .str.extract(r"\b(STANDING|ROLLING) (?:RE)?START")
        .drop_nulls()
    )
    return None if found.is_empty() else str(found[-1])


def _status_unknown(race: Race) -> bool:
    return "control" in race.doubts["table"]


def _periods(race: Race, states: tuple[str, ...], *, possibly: bool = False) -> Periods:
    table = control(race).filter(pl.col("state").is_in(states))
    if possibly:
        table = table.with_columns(
            pl.coalesce("from_earliest", "from").alias("from"),
            pl.coalesce("to_latest", "to").alias("to"),
        )
    return periods_of(table)
