"""A championship on its books: what everybody has scored, and what is left to score."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from racecraft.model.once import once_per
from racecraft.model.rulebook.book import book_of_season
from racecraft.title.standings.calendar import Session, every_session, sessions_run
from racecraft.title.standings.points import points
from racecraft.title.standings.ranking import places, totals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from racecraft.model.rulebook.rules import Championship, Sanction
    from racecraft.model.season import Season
    from racecraft.title.standings.ranking import Floats, Ints


BEHIND_ALL = -1e6  # points
FATAL = "Fatal"  # how the status of a driver who lost his life begins


@dataclass(frozen=True, eq=False, kw_only=True)
class Ledger:
    """A championship after one of its races or sprints.

    Attributes
    ----------
    names
        Drivers or teams that have taken part.
    sessions
        Every race and sprint of the season in order.
    run
        How many of them are run.
    scores
        Points by entrant and session, shape ``(entrants, sessions)``; zero in those to come.
    counts
        Times that an entrant came first, second, ... in a race, shape ``(entrants, places)``.
    adjusted
        Points added or taken by sanction, shape ``(entrants,)``.
    excluded
        Who is out of the championship by sanction, shape ``(entrants,)``.
    dead
        Numbers of the drivers who had lost their lives in an accident by then.
    best
        How many results count of each part of the season.
    breaks
        Last place that breaks a tie between entrants with points; without points every one does.
    best_car_only
        Of an entrant's cars only the best placed one scores.
    cars
        Cars that an entrant may enter in one race: one for a driver.
    """

    season: int
    kind: Championship
    names: tuple[str, ...]
    sessions: tuple[Session, ...]
    run: int
    scores: Floats
    counts: Ints
    adjusted: Floats
    excluded: tuple[bool, ...]
    best: tuple[int, ...]
    breaks: int
    best_car_only: bool = False
    cars: int = 1
    dead: frozenset[int] = frozenset()

    @property
    def left(self) -> tuple[Session, ...]:
        """Races and sprints to come."""
        return self.sessions[self.run :]

    @property
    def wins(self) -> Ints:
        """Races won, shape ``(entrants,)``."""
        return np.asarray(self.counts[:, 0])

    @cached_property
    def parts(self) -> Ints:
        """Part of the season of each session, shape ``(sessions,)``."""
        return np.asarray([session.part for session in self.sessions], dtype=np.int64)

    @cached_property
    def totals(self) -> Floats:
        """Points that count, shape ``(entrants,)``."""
        return totals(self.scores, self.parts, self.best) + self.adjusted

    @cached_property
    def places(self) -> Ints:
        """Places, shared where nothing breaks the tie; the excluded come behind all others."""
        counted = np.where(self.excluded, BEHIND_ALL, self.totals)
        found: Ints = places(counted[None], self.tie_breaks(counted)[None])[0]
        return found

    def tie_breaks(self, points: Floats) -> Ints:
        """Counts that break a tie on that many points, shape ``(entrants, places)``."""
        beyond = np.arange(self.counts.shape[1]) >= self.breaks
        return np.where((points[:, None] > 0) & beyond, 0, self.counts)


def ledger(
    season: Season, *, after: int | str | None = None, kind: Championship = "drivers"
) -> Ledger:
    """Books of a championship after a race or sprint.

    Parameters
    ----------
    season
        Needs ``events``, ``drivers`` and ``results``.
    after
        As in `racecraft.title.standings.calendar.sessions_run`.
    kind
        ``drivers`` or ``constructors``.

    Raises
    ------
    RuleError, NotFoundError, NotEnoughDataError, ArgumentError
        As `racecraft.title.standings.calendar` says.
    """
    run = sessions_run(season, after)
    return _account(season, kind).after(run)


def ledgers(season: Season, *, kind: Championship = "drivers") -> list[Ledger]:
    """Books of a championship after each of the races and sprints that are run, in order."""
    account = _account(season, kind)
    return [account.after(run) for run in range(1, sessions_run(season) + 1)]


def _account(season: Season, kind: Championship) -> _Account:
    accounts = _accounts(season)
    if kind not in accounts:
        accounts[kind] = _Account(season, kind)
    return accounts[kind]


@once_per
def _accounts(_: Season) -> dict[Championship, _Account]:
    """Books of a season that were opened, by championship."""
    return {}


class _Account:
    """All results of a championship, from which its books after any of them are made."""

    def __init__(self, season: Season, kind: Championship) -> None:
        self._season, self._kind = season, kind
        self._book = book_of_season(season)
        self._every = every_session(season, kind)
        sessions = [held for held, _ in self._every]
        rows = _entries(season, sessions, kind)
        self._names = tuple(rows["who"].unique().sort().to_list())
        number = {name: i for i, name in enumerate(self._names)}
        self._of = rows["who"].replace_strict(number, return_dtype=pl.Int64).to_numpy()
        self._at, self._worth = rows["at"].to_numpy(), rows["worth"].to_numpy()
        self._place = rows["place"].fill_null(0).to_numpy()
        self._sanctions = _sanctions(season, [one.event for one in sessions], kind)
        self._killed = _killed(season, sessions) if kind == "drivers" else {}

    def after(self, run: int) -> Ledger:
        """Books after so many races and sprints."""
        last = len(self._every)
        in_force = [
            (who, sanction, start)
            for who, sanction, start in self._sanctions
            if run >= min(start + 1, last)
        ]
        counted = self._at < run
        for who, sanction, start in in_force:
            if sanction.outcome == "reset" and who in self._names:
                counted &= (self._of != self._names.index(who)) | (self._at >= start)
        entered, of = np.unique(self._of[counted], return_inverse=True)
        at, place = self._at[counted], self._place[counted]
        names = tuple(self._names[i] for i in entered)

        scores = np.zeros((len(names), last))
        np.add.at(scores, (of, at), self._worth[counted])
        most = max(place.max(initial=1), len(self._book.points))
        counts = np.zeros((len(names), most), dtype=np.int64)
        np.add.at(counts, (of[place > 0], place[place > 0] - 1), 1)

        sanctioned = {who: sanction for who, sanction, _ in in_force}
        counting = self._book.counting(self._kind)
        cars = np.zeros(scores.shape, dtype=np.int64)
        np.add.at(cars, (of, at), 1)
        return Ledger(
            season=self._season.season,
            kind=self._kind,
            names=names,
            sessions=tuple(
                held if i < run else to_come for i, (held, to_come) in enumerate(self._every)
            ),
            run=run,
            scores=scores,
            counts=counts,
            adjusted=np.array(
                [sanctioned[name].points if name in sanctioned else 0.0 for name in names]
            ),
            excluded=tuple(
                name in sanctioned and sanctioned[name].outcome == "excluded" for name in names
            ),
            best=tuple(
                best if best < size else last  # with sprints a round has two results
                for size, best in counting.parts(self._season.events.height)
            ),
            breaks=self._book.countback_places or counts.shape[1],
            best_car_only=counting.best_car_only,
            cars=1 if self._kind == "drivers" else max(self._book.cars, int(cars.max(initial=0))),
            dead=frozenset(i for i, name in enumerate(names) if self._killed.get(name, last) < run),
        )


@lru_cache(maxsize=1)  # both championships of a season are asked for, one after the other
def _scored(season: Season) -> pl.DataFrame:
    return points(season)


def _entries(season: Season, sessions: Sequence[Session], kind: Championship) -> pl.DataFrame:
    """Who scored what in which session, and the places that break ties: one row per result."""
    book = book_of_season(season)
    index = pl.DataFrame(
        [(one.event, one.session, at, one.countback) for at, one in enumerate(sessions)],
        schema={"event": pl.String, "session": pl.String, "at": pl.Int64, "breaks": pl.Boolean},
        orient="row",
    )
    rows = _scored(season).join(index, on=["event", "session"])
    if kind == "constructors":
        inside = ~pl.col("event").is_in(book.not_for_constructors)
        rows = rows.filter(pl.col("team").is_not_null(), inside).unique(
            ["at", "team", "car"], keep="first", maintain_order=True
        )
    rows = rows.select(
        "at",
        who="driver" if kind == "drivers" else "team",
        worth="points" if kind == "drivers" else "team_points",
        place=pl.when("breaks", ~pl.col("twice") if kind == "drivers" else pl.lit(value=True)).then(
            "position"
        ),
    )
    if book.counting(kind).best_car_only:
        best = pl.col("worth").rank("ordinal", descending=True).over("who", "at") == 1
        rows = rows.with_columns(worth=pl.when(best).then("worth").otherwise(0.0))
    return rows


def _killed(season: Season, sessions: Sequence[Session]) -> dict[str, int]:
    """By driver who lost his life: in which session, or in practice for it."""
    at = {(one.event, one.session): i for i, one in enumerate(sessions)}
    rows = season.results.filter(pl.col("status").str.starts_with(FATAL))
    return {
        driver: at[event, session]
        for event, session, driver in rows["event", "session", "driver"].rows()
        if (event, session) in at
    }


def _sanctions(
    season: Season, events: Sequence[str], kind: Championship
) -> list[tuple[str, Sanction, int]]:
    """Sanctions on whom, what, and from which session on."""
    named = {
        driver_id or driver: driver
        for driver, driver_id in season.drivers.select("driver", "driver_id").iter_rows()
    }
    return [
        (
            named.get(one.who, one.who),
            one,
            len(events) if one.before is None else _first(events, one.before),
        )
        for one in book_of_season(season).sanctions
        if one.kind == kind
    ]


def _first(events: Sequence[str], event: str) -> int:
    """Place of an event in the calendar; past its end where it is not in it."""
    return events.index(event) if event in events else len(events) + 1
