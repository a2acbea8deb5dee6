"""Records that a race set, and firsts of a career, as far as the results of all seasons prove."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections import Counter
from datetime import timedelta
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from racecraft.history.careers import FIRST_SEASON, Past, done, longest, races, run
from racecraft.sim.moments.happening import Happening

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from racecraft.history.results import History
    from racecraft.history.rows import Event, Result
    from racecraft.model.race import Race

    Key = tuple[int, int]

# Shares of the heaviest moment that a record weighs. Nothing of the race changed by it, so that it
# stands behind whatever decided that; chosen, not fitted.
SET, EQUALLED, FIRST_WIN, LESSER = 0.3, 0.15, 0.15, 0.05
ESTABLISHED = 100  # races before one of which it is not yet a record to have done a thing most
MOST_AT_LEAST = 5  # wins: fewer are no record, however few others have
HELD_HERE = 5  # races at a circuit before one there can be a record of it
CLOSE_S = 0.5  # a finish closer than this
FRONT = 3  # to win from as far forward is no record
UNITS = {"wins": "wins", "podiums": "podiums", "points finishes": "points", "starts": "starts"}


class _Told(NamedTuple):
    """Something that a car's driver set: what it weighs, which record, and what there is to say."""

    share: float
    record: str
    slots: dict[str, Any]

    def facts(self) -> dict[str, Any]:
        """What its words are made of."""
        return {"record": self.record, **self.slots}


def records(race: Race, record: History) -> list[Happening]:
    """Records and firsts of a race, one happening for each driver who set any.

    Parameters
    ----------
    race
        Who took part.
    record
        Results of all seasons up to this race. Nothing is told where seasons are missing from it,
        or the result of the race.

    Examples
    --------
    >>> from racecraft.history.results import History
    >>> from racecraft.sources.sample.sample import sample_race, sample_season
    >>> records(sample_race(20), History([sample_season()]))
    []
    """
    event = next(
        (one for one in record.calendar(race.season) if one.event == race.event), None
    )  # a source may count rounds differently
    complete = record.seasons and record.complete_since <= FIRST_SEASON
    if event is None or not complete or race.session != "race":
        return []
    known = _Known(record, event)
    cars = set(race.entries["car"])
    found = []
    for row in record.results(*event.key):
        told = [] if row.driver not in cars else [*known.of(row)]
        if told:
            found.append(_happening(race, row, told, known))
    return found


def gather(record: History) -> None:
    """Gather what everybody did in all races, which `records` needs and keeps of one history."""
    _deeds(record)


def clock(seconds: float) -> str:
    """A lap time in minutes and seconds.

    >>> clock(84.812)
    '1:24.812'
    """
    minutes, rest = divmod(round(seconds * 1000), 60_000)
    return f"{minutes}:{rest / 1000:06.3f}"


def years_and_days(born: date, day: date) -> tuple[int, int]:
    """An age; who was born on a leap day has his birthday on the last of February.

    >>> from datetime import date
    >>> years_and_days(date(1992, 2, 29), date(2013, 3, 1))
    (21, 1)
    >>> years_and_days(date(1992, 2, 29), date(2012, 3, 2))
    (20, 2)
    """

    def birthday(year: int) -> date:
        return born.replace(year=year, day=min(born.day, monthrange(year, born.month)[1]))

    years = day.year - born.year - (day < birthday(day.year))
    return years, (day - birthday(born.year + years)).days


def _happening(race: Race, row: Result, told: list[_Told], known: _Known) -> Happening:
    laps = max((laps for laps in race.classification["laps"] if laps), default=1)
    told.sort(key=lambda one: -one.share)
    return Happening(
        kind="record", lap=laps, last_lap=laps, before=-1, after=-1, line="classification",
        cars=(row.driver,),
        facts={
            "records": [one.facts() for one in told],
            "share": told[0].share,
            "rests_on": f"results of all {known.number} races since {FIRST_SEASON}",
        },
    )  # fmt: skip


class _Known:
    """What was so before a race, and what each result in it makes of that."""

    def __init__(self, record: History, event: Event) -> None:
        self.record, self.event = record, event
        self.earlier = [one for one in record.events if one.key < event.key]
        self.number = len(self.earlier) + 1
        self.established = self.number > ESTABLISHED
        here = [one.key for one in self.earlier if one.circuit == event.circuit]
        self.here = frozenset(here)
        self.pasts = _pasts(record)
        self.did = {
            unit: {who: _until(rows, event.key) for who, rows in by_driver.items()}
            for unit, by_driver in _deeds(record).items()
        }
        self.dates = {one.key: one.date for one in record.events}
        self.quickest = record.fastest(*event.key)

    def of(self, row: Result) -> Iterator[_Told]:
        """What a result set."""
        yield from self._firsts(row)
        if self.established:
            yield from self._ages(row)
        if row.position == 1:
            yield from self._from_far_back(row)
            yield from self._close(row)
        if row.position == 1 and self.established:
            yield from self._most(row)
            yield from self._in_a_row(row)
        if row == self.quickest:
            yield from self._fastest(row)

    def _firsts(self, row: Result) -> Iterator[_Told]:
        starts = self._count("starts", row.driver_id)
        for unit, places, name, share in (
            ("wins", (1,), "first_win", FIRST_WIN),
            ("podiums", (2, 3), "first_podium", LESSER),
        ):
            first = self._count(unit, row.driver_id) == 1 and self.number > 1
            if first and row.position in places:
                yield _Told(share, name, {"n": starts})

    def _ages(self, row: Result) -> Iterator[_Told]:
        """Youngest ever, of the best that a driver is youngest at; or the oldest to win."""
        age, born = self._age(row), self.record.drivers[row.driver_id].date_of_birth
        if age is None or born is None:
            return
        old = {"age": years_and_days(born, born + timedelta(days=age))}
        for unit, name in UNITS.items():
            if row not in self.did[unit][row.driver_id]:
                continue
            youngest, oldest = self._youngest_and_oldest[unit]
            if age < youngest:
                yield _Told(SET, f"youngest_{name}", old)
                return
            if unit == "wins" and age > oldest:
                yield _Told(SET, "oldest_wins", old)

    @cached_property
    def _youngest_and_oldest(self) -> dict[str, tuple[int, int]]:
        """Least and greatest age in days of all who did it in earlier races, by unit."""
        found = {}
        for unit, by_driver in self.did.items():
            earlier = (
                rows[: bisect_left(rows, self.event.key, key=_key)] for rows in by_driver.values()
            )
            ages = [
                age for rows in earlier for row in rows[:1] + rows[-1:] if (age := self._age(row))
            ]
            found[unit] = (min(ages), max(ages))
        return found

    def _most(self, row: Result) -> Iterator[_Told]:
        """Most wins of all, and of a season."""
        yield from _against(*self._counts("wins", row.driver_id), "wins")
        seasons = Counter((who, one.season) for who, won in self.did["wins"].items() for one in won)
        mine = seasons.pop((row.driver_id, row.season))
        yield from _against(mine, max(seasons.values()), "season")

    def _in_a_row(self, row: Result) -> Iterator[_Told]:
        wins = self.did["wins"]
        mine = self.pasts[row.driver_id].since(last=row.key), wins[row.driver_id]
        now = len(run(*mine))
        if now < max(MOST_AT_LEAST, len(longest(*mine))):
            return
        others = (
            len(longest(self.pasts[who], won))
            for who, won in wins.items()
            if who != row.driver_id and len(won) >= MOST_AT_LEAST
        )
        yield from _against(now, max(others, default=0), "row")

    def _from_far_back(self, row: Result) -> Iterator[_Told]:
        won = [one for each in self.did["wins"].values() for one in each if one.key < row.key]
        grids = [one.grid for one in won if one.grid]
        here = [one.grid for one in won if one.grid and one.key in self.here]
        if not row.grid or not grids:
            return
        if self.established and row.grid > max(grids):
            yield _Told(SET, "from_far_back", {"grid": row.grid})
        elif len(here) >= HELD_HERE and row.grid > max(*here, FRONT):
            yield _Told(LESSER, "from_far_back_here", {"grid": row.grid})

    def _close(self, row: Result) -> Iterator[_Told]:
        margin = self._margin(row.key)
        if margin is None or not 0 < margin < CLOSE_S:
            return
        before = {one.key: known for one in self.earlier if (known := self._margin(one.key))}
        here = [known for key, known in before.items() if key in self.here]
        if len(before) >= ESTABLISHED and margin < min(before.values()):
            yield _Told(SET, "closest", {"s": margin})
        elif len(here) >= HELD_HERE and margin < min(here):
            yield _Told(LESSER, "closest_here", {"s": margin})

    def _fastest(self, row: Result) -> Iterator[_Told]:
        """Fastest race lap at the circuit, of races of as many laps: layouts are not told apart."""
        same = [one.key for one in self.earlier if one.laps == self.event.laps]
        laps = [self.record.fastest(*key) for key in same if key in self.here]
        times = [lap.fastest_lap_s for lap in laps if lap and lap.fastest_lap_s]
        if len(times) < HELD_HERE or not row.fastest_lap_s or row.fastest_lap_s >= min(times):
            return
        since = min(lap.season for lap in laps if lap)
        lap = {"time": clock(row.fastest_lap_s), "laps": self.event.laps, "since": since}
        yield _Told(LESSER, "fastest", lap)

    def _count(self, unit: str, driver_id: str) -> int:
        return races(self.did[unit][driver_id])

    def _counts(self, unit: str, driver_id: str) -> tuple[int, int]:
        """How often a driver has done it by now, and whoever else has most often."""
        others = (races(rows) for who, rows in self.did[unit].items() if rows and who != driver_id)
        return self._count(unit, driver_id), max(others, default=0)

    def _margin(self, key: Key) -> float | None:
        """Seconds between the first two; None where not both finished on the last lap, timed."""
        first, second = (self.record.at(*key, position) for position in (1, 2))
        if first is None or second is None or first.laps != second.laps:
            return None
        if first.time_s is None or second.time_s is None:
            return None
        return second.time_s - first.time_s

    def _age(self, row: Result) -> int | None:
        """Age in days at a race."""
        driver, day = self.record.drivers.get(row.driver_id), self.dates[row.key]
        born = driver.date_of_birth if driver else None
        return (day - born).days if day and born else None


@lru_cache(maxsize=1)
def _pasts(record: History) -> dict[str, Past]:
    """All results of everybody, by ``driver_id``."""
    rows: dict[str, list[Result]] = {}
    for row in record.of_all:
        rows.setdefault(row.driver_id, []).append(row)
    return {who: Past(tuple(each)) for who, each in rows.items()}


@lru_cache(maxsize=1)
def _deeds(record: History) -> dict[str, dict[str, tuple[Result, ...]]]:
    """What everybody did in all races, in order, by unit and driver."""
    return {
        unit: {who: done(past, unit, record) for who, past in _pasts(record).items()}
        for unit in UNITS
    }


def _until(rows: tuple[Result, ...], key: Key) -> tuple[Result, ...]:
    return rows[: bisect_right(rows, key, key=_key)]


def _key(row: Result) -> Key:
    return row.key


def _against(mine: int, others: int, thing: str) -> Iterator[_Told]:
    """A count against the most of anybody else, where it reached or left that now."""
    if mine < max(MOST_AT_LEAST, others):
        return
    many = {"n": mine, "thing": thing}
    if mine == others:
        yield _Told(EQUALLED, "equalled", many)
    elif mine == others + 1:
        yield _Told(SET, "set", many)
    else:
        yield _Told(LESSER, "extended", many)
