"""Odd rows of a laps table: what is clear is mended, what is not is left out, and either is said.

Rows come twice, or not at all; a lap bears the number of another one; a counter goes on by one
where the clock has gone on by many laps. One such row is no reason to lose a race.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from racecraft.errors import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_LAPS = 250  # the Indianapolis 500 of the fifties had 200
FEW = 3  # odd rows that a short table may have
MOST_ODD = 0.1  # share of odd rows beyond which a table is something else
UNSEEN = 0.5  # of its lap time: a clock that is so much further on hides laps
SLOWEST = 2.0  # times the usual lap: what hidden laps take at most, each
QUICKEST = 0.8

Rows = list[dict[str, Any]]
Doubt = dict[str, object]


def repaired(laps: pl.DataFrame, file: str) -> tuple[pl.DataFrame, list[Doubt]]:
    """Rows of one race, each lap of a car once and in order, and the doubts about what was odd.

    Parameters
    ----------
    laps
        `race_from_laps`'s table, with all its columns. A lap without a row gets one that says
        nothing but when it ended, if the next one says when it began.
    file
        Its name, for errors.

    Raises
    ------
    UnreadableError
        More than a tenth of the rows are odd; says what is wrong with the first.
    """
    doubts: list[Doubt] = []
    sound = _with_car_and_lap(laps, file, doubts)
    parts = []
    for (car,), rows in sound.group_by("Driver", maintain_order=True):
        told = _CarRows(str(car), rows.sort("LapNumber", "Time", nulls_last=True).to_dicts())
        told.repair()
        doubts += told.doubts
        parts += told.rows
    table = pl.DataFrame(parts, schema=sound.schema, orient="row") if parts else sound.clear()
    odd = sum(bool(doubt.pop("odd", False)) for doubt in doubts)
    if odd > max(FEW, MOST_ODD * laps.height) or table.is_empty():
        first = doubts[0] if doubts else {"car": "", "reason": "no laps"}
        raise UnreadableError(
            f"{file}, {first['car']}: {first['reason']}; {odd} of {laps.height} rows are odd",
            file=file,
        )
    return table.sort("Driver", "LapNumber"), doubts


def _with_car_and_lap(laps: pl.DataFrame, file: str, doubts: list[Doubt]) -> pl.DataFrame:
    """Rows that say whose lap they are of, and which; positions that none has are unknown."""
    number, place = pl.col("LapNumber"), pl.col("Position")
    whole = (number >= 1) & (number <= MOST_LAPS) & (number == number.floor())
    for condition, what in (
        (pl.col("Driver").is_null(), "no driver"),
        (number.is_null(), "no lap number"),
        (~whole, "lap {LapNumber:g}"),
    ):
        for row in laps.filter(condition).iter_rows(named=True):
            at = f"{file}, line {row['line']}" if "line" in row else f"a row of {file}"
            said = what.format(**row) if "{" not in what or row["LapNumber"] is not None else what
            doubts.append(
                {"table": "crossings", "car": row["Driver"], "lap": None, "odd": True,
                 "reason": f"{at}: {said}, left out"}
            )  # fmt: skip
        laps = laps.filter(~condition)
    strange = (place < 1) | (place != place.floor())
    doubts += [
        {"table": "lap_chart", "car": row["Driver"], "lap": int(row["LapNumber"]), "odd": True,
         "reason": f"position {row['Position']:g} is none: left out"}
        for row in laps.filter(strange).iter_rows(named=True)
    ]  # fmt: skip
    return laps.with_columns(Position=pl.when(~strange).then(place))


class _CarRows:
    """Rows of one car, while they are repaired."""

    def __init__(self, car: str, rows: Rows) -> None:
        self.car, self.rows, self.doubts = car, rows, list[Doubt]()

    def repair(self) -> None:
        self._each_once()
        self._forward()
        self._uncover()
        self._complete()

    def _doubt(self, lap: float | None, reason: str, *, odd: bool = True) -> None:
        self.doubts.append(
            {"table": "crossings", "car": self.car, "lap": None if lap is None else int(lap),
             "reason": reason, "odd": odd}
        )  # fmt: skip

    def _each_once(self) -> None:
        """One row a lap: of two the second is the next lap if that is missing, else it is gone."""
        numbers = {row["LapNumber"] for row in self.rows}
        kept: Rows = []
        for row in self.rows:
            lap, before = row["LapNumber"], kept[-1] if kept else None
            if before is None or before["LapNumber"] != lap:
                kept.append(row)
                continue
            later = _later(before["Time"], row["Time"])
            if later and lap + 1 not in numbers:
                kept.append(row | {"LapNumber": lap + 1})
                numbers.add(lap + 1)
                self._doubt(lap + 1, f"the row says lap {lap:g}, which is there already")
            else:
                self._doubt(lap, f"two rows for lap {lap:g}: the second is left out")
        self.rows = kept

    def _forward(self) -> None:
        """Clocks that would take the car back in time are unknown: as few as it takes."""
        timed = [i for i, row in enumerate(self.rows) if row["Time"] is not None]
        keep = _longest_rise([self.rows[i]["Time"] for i in timed])
        for at, i in enumerate(timed):
            if at not in keep:
                self.rows[i] = self.rows[i] | {"Time": None}
                self._doubt(self.rows[i]["LapNumber"], "the clock runs backwards: left out")

    def _uncover(self) -> None:
        """Laps hidden by a counter that went on by one: renumber what follows, if it is clear."""
        usual = _usual([row["LapTime"] for row in self.rows])
        shift = 0
        for i, row in enumerate(self.rows):
            hidden = _hidden(self.rows[i - 1], row, usual) if i and usual else None
            if hidden is not None and not hidden:
                self._doubt(
                    row["LapNumber"] + shift,
                    "the clock goes on by more than the lap, so laps may be missing before it: its "
                    "crossings from here on are left out",
                )
                self.rows = self.rows[:i]
                return
            if hidden:
                first, last = row["LapNumber"] + shift, row["LapNumber"] + shift + hidden - 1
                laps = f"lap {first:g} is" if hidden == 1 else f"laps {first:g} to {last:g} are"
                self._doubt(
                    first,
                    f"{laps} missing by the clock, though the table counts on: the laps that "
                    "follow are renumbered",
                    odd=False,
                )
                shift += hidden
            if shift:
                self.rows[i] = row | {"LapNumber": row["LapNumber"] + shift}

    def _complete(self) -> None:
        """A row for every lap, the end of one that has none by when the next began."""
        whole: Rows = []
        for row in self.rows:
            lap = whole[-1]["LapNumber"] + 1 if whole else row["LapNumber"]
            while lap < row["LapNumber"]:
                began = None
                if lap == row["LapNumber"] - 1:
                    began = row["LapStartTime"]
                    if began is None and None not in (row["Time"], row["LapTime"]):
                        began = row["Time"] - row["LapTime"]
                    if row["PitOutTime"] is not None or not _later(whole[-1]["Time"], began):
                        began = None
                known = "its end is where the next begins" if began else "no crossing is known"
                self._doubt(lap, f"no row for this lap: {known}", odd=False)
                whole.append(
                    dict.fromkeys(row)
                    | {name: row[name] for name in ("Driver", "DriverNumber", "EventName")}
                    | {"RoundNumber": row["RoundNumber"], "Team": row["Team"]}
                    | {"LapNumber": lap, "Time": began}
                )
                lap += 1
            whole.append(row)
        self.rows = whole


def _hidden(before: dict[str, Any], row: dict[str, Any], usual: timedelta) -> int | None:
    """Laps between two rows that follow each other; None for none, 0 where it is not clear.

    A stop in the pits or of the race explains a clock that goes on.
    """
    if None in (before["Time"], row["Time"], row["LapTime"]):
        return None
    if row["LapNumber"] != before["LapNumber"] + 1:
        return None
    unseen = row["Time"] - before["Time"] - row["LapTime"]
    visited = (before["PitInTime"], row["PitInTime"], row["PitOutTime"])
    stopped = any("5" in (r["TrackStatus"] or "") for r in (before, row))
    if unseen < UNSEEN * usual or any(v is not None for v in visited) or stopped:
        return None
    ages = (before["TyreLife"], row["TyreLife"])
    by_age = ages[1] - ages[0] - 1 if None not in ages else 0
    laps = round(unseen / usual)
    if by_age > 0 and QUICKEST <= unseen / by_age / usual <= SLOWEST:
        return int(by_age)
    each = unseen / max(laps, 1) / usual
    return laps if laps and abs(each - 1) < (1 - QUICKEST) / 2 and laps * (1 - QUICKEST) < 1 else 0


def _later(one: timedelta | None, other: timedelta | None) -> bool:
    return one is not None and other is not None and other > one


def _usual(times: list[timedelta | None]) -> timedelta | None:
    known = [time / timedelta(seconds=1) for time in times if time is not None]
    return timedelta(seconds=float(np.median(known))) if known else None


def _longest_rise(times: list[timedelta]) -> set[int]:
    """Places of a longest run of times that never falls."""
    length, source = [1] * len(times), list(range(len(times)))
    if all(a <= b for a, b in pairwise(times)):
        return set(source)
    for i, time in enumerate(times):
        for j in range(i):
            if times[j] <= time and length[j] + 1 > length[i]:
                length[i], source[i] = length[j] + 1, j
    return set(_back(source, int(np.argmax(length))))


def _back(source: list[int], at: int) -> Iterator[int]:
    yield at
    while source[at] != at:
        at = source[at]
        yield at
