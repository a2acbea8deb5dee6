"""What the analyses say of a race so far, and what of it they did not say before."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, TypeAlias

import polars as pl

from racecraft.analysis.fights.battles import battles
from racecraft.analysis.order.overtakes import overtakes
from racecraft.live.analyst import Findings, Weighed, laps_done
from racecraft.live.events import Event
from racecraft.live.stakes import if_it_ended_now

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from racecraft.live.analyst import Found
    from racecraft.live.screen import Screen
    from racecraft.model.race import Race
    from racecraft.model.season import Season

# Season of a year, and those before it; None where it is not stored.
Known: TypeAlias = "Callable[[int], tuple[Season | None, Sequence[Season]]]"

WORTH_TELLING = 1.0  # points: moments that changed less are no news
NEAR_LAPS = 1  # between a pass on the screen and the same in the timing
UNPROVEN_LAPS = 3  # after which a pass on the screen that the timing lacks is withdrawn
WHOLE_FROM = 2  # laps after the last one left out: from there on all is known
SAME_LAPS = 1  # by which the beginning of a battle may be known better later


class Watch:
    """What the analyses found last, and what was told of it.

    Parameters
    ----------
    season, history
        Its season, for the title, and those before, for what was known beforehand.
    known
        Gives them for a year, where they are not given.

    Attributes
    ----------
    lap
        Laps completed by the leader when it looked last.
    distance
        Laps that the race goes over: as the feed says, else as expected; None where nobody knows.
    battles
        ``BATTLES`` that are going on.
    moments
        ``MOMENTS`` so far.
    chances
        Cars and their chances to win, the best first.
    basis
        Where the chances are from: ``simulated``, or ``formula``; empty where there are none.
    title
        What the championship would be if the race ended now.
    """

    def __init__(
        self,
        *,
        season: Season | None = None,
        history: Sequence[Season] = (),
        known: Known | None = None,
    ) -> None:
        self.season, self.history, self._known = season, history, known
        self.lap = 0
        self.distance: int | None = None
        self.battles: pl.DataFrame | None = None
        self.moments: pl.DataFrame | None = None
        self.chances: list[tuple[str, float]] = []
        self.basis = ""
        self.title = ""
        self._seen: list[Event] = []  # passes that the screen showed and the timing did not yet
        self._passes: set[tuple[object, ...]] = set()
        self._fights: dict[tuple[frozenset[str], int], bool] = {}  # since lap: whether decided
        self._moments: set[tuple[object, ...]] = set()
        self._order: tuple[str, ...] = ()
        self._late = -1  # laps of the leader, when all of the race was looked at late in the next
        self._told = threading.RLock()  # what was told of passes and battles
        self._learning = threading.Lock()

    def note(self, events: Sequence[Event]) -> None:
        """Remember passes that the screen showed, to hold them against the timing."""
        passes = [event for event in events if event.kind == "pass"]
        if not passes:
            return
        with self._told:
            self._seen += [event for event in passes if not self._is_timed(event)]

    def learn(self, year: int) -> None:
        """Have the season of a year at hand, if it is not and is known."""
        with self._learning:
            if self._known is not None and self.season is None:
                self.season, self.history = self._known(year)
                self._known = None

    def glance(self, race: Race, left_out: int, screen: Screen, moment: datetime) -> list[Event]:
        """Look at the last laps of a race so far for passes and battles; what is news.

        Parameters
        ----------
        race
            These laps, the first of them as its second: of the lap before the end alone is known.
        left_out
            Laps that it leaves out before that.
        screen
            Who is where, who is out, and whether it has ended.
        moment
            Time that the news bears.
        """
        done = {car: lap + left_out for car, lap in laps_done(race).items()}
        since = left_out + WHOLE_FROM if left_out else 1
        passes, fights = (_later(table, left_out) for table in (overtakes(race), battles(race)))
        with self._told:
            self.lap = max(self.lap, *done.values(), 0)
            news = [
                *self._of_passes(passes.filter(pl.col("lap") >= since), done, screen),
                *self._of_battles(fights.filter(pl.col("start_lap") > since), screen.ended),
                *self._of_title(race, screen),
            ]
            return [self._event(moment, **one) for one in news]

    def hear(self, found: Found, screen: Screen, moment: datetime) -> list[Event]:
        """Hear what was found in the race so far; what of it is news."""
        with self._told:
            if isinstance(found, Findings):
                news = [*self._of_findings(found, screen)]
            elif isinstance(found, Weighed):
                self.moments = found.moments
                news = [*self._of_moments(found.moments)]
            else:
                self.chances, self.basis = found.win, found.basis
                news = []
            return [self._event(moment, **one) for one in news]

    def looked_late(self, laps: int) -> None:
        """Note that what was heard last was found late in the lap after so many."""
        self._late = laps

    def lap_done(self, lap: int, moment: datetime) -> list[Event]:
        """What is to be told now that the leader has completed a lap, and was found before that.

        What came of the lap before is known by the end of this one; nothing where all of the race
        was not looked at shortly before.
        """
        with self._told:
            if not lap == self.lap + 1 == self._late + 1:
                return []
            self.lap = lap
            news = [*self._withdrawn(), *self._of_moments(self.moments)]
            return [self._event(moment, **one) for one in news]

    def _of_findings(self, found: Findings, screen: Screen) -> Iterator[dict[str, Any]]:
        self.distance = found.distance
        self.battles = found.fights.filter(pl.col("at_flag") & (not screen.ended)).sort("position")
        self.lap = max([self.lap, *found.done.values()])
        yield from self._of_passes(found.passes, found.done, screen)
        yield from self._withdrawn()
        yield from self._of_battles(found.fights, screen.ended)

    def _event(self, moment: datetime, **told: Any) -> Event:
        return Event(moment=moment, basis="timing", **{"lap": self.lap} | told)

    def _of_passes(
        self, table: pl.DataFrame, done: dict[str, int], screen: Screen
    ) -> Iterator[dict[str, Any]]:
        """Passes on laps that both have completed: then it is known why, and whether it held."""
        out, ended = {row.car for row in screen.rows() if row.out}, screen.ended
        for row in table.iter_rows(named=True):
            pair = (row["passer"], row["passed"])
            key = (*pair, row["lap"])
            if key in self._passes or row["kind"] == "classification":
                continue
            if not all(done.get(car, 0) >= row["lap"] or car in out or ended for car in pair):
                continue
            self._passes.add(key)
            margin = row["margin"].total_seconds() if row["margin"] is not None else None
            yield {
                "kind": "pass",
                "lap": row["lap"],
                "cars": pair,
                "text": _passed(row),
                "facts": {
                    "pass_kind": row["kind"], "position": row["position"], "line": row["line"],
                    "margin_s": margin, "held": row["held"], "confidence": row["confidence"],
                    "sure": "timed",
                },
            }  # fmt: skip

    def _withdrawn(self) -> Iterator[dict[str, Any]]:
        """Passes that the screen had and the timing has not, laps later."""
        self._seen = [event for event in self._seen if not self._is_timed(event)]
        for event in [one for one in self._seen if (one.lap or 1) < self.lap - UNPROVEN_LAPS]:
            self._seen.remove(event)
            yield {
                "kind": "pass",
                "lap": event.lap,
                "cars": event.cars,
                "text": f"{event.cars[0]} past {event.cars[1]} on lap {event.lap}, as the screen "
                "had it, is not in the timing.",
                "facts": {"sure": "withdrawn"},
            }

    def _is_timed(self, event: Event) -> bool:
        """Whether a pass that the screen showed is one that the timing has."""
        laps = range((event.lap or 1) - NEAR_LAPS, (event.lap or 1) + NEAR_LAPS + 1)
        return any((*event.cars, lap) in self._passes for lap in laps)

    def _of_battles(self, table: pl.DataFrame, ended: bool) -> Iterator[dict[str, Any]]:
        """Battles that began, and those that were decided."""
        going_on = pl.col("at_flag") & (not ended)
        for row in table.with_columns(going_on.alias("on")).sort("end_lap").iter_rows(named=True):
            pair = frozenset((row["first"], row["second"]))
            known = self._fight(pair, row["start_lap"])
            if row["on"] and known is None:
                self._fights[pair, row["start_lap"]] = False
                yield {
                    "kind": "battle begun",
                    "cars": (row["first"], row["second"]),
                    "text": f"{row['second']} fights {row['first']} for P{row['position']} since "
                    f"lap {row['start_lap']}.",
                    "facts": {"position": row["position"], "since_lap": row["start_lap"]},
                }
            over = not row["on"] and row["end_lap"] < self.lap + ended
            over &= ended or row["ended_by"] != "flag"  # that it ran to the flag is known there
            if over and (known is None or not self._fights[known]):
                self._fights[known or (pair, row["start_lap"])] = True
                yield {
                    "kind": "battle decided",
                    "cars": (row["ahead_at_end"], *(pair - {row["ahead_at_end"]})),
                    "text": _decided(row),
                    "facts": {
                        name: row[name]
                        for name in ("position", "start_lap", "end_lap", "swaps", "ended_by")
                    },
                }

    def _fight(self, pair: frozenset[str], start_lap: int) -> tuple[frozenset[str], int] | None:
        """A battle that was told of, by when it began, which may be known better now."""
        for key in self._fights:
            if key[0] == pair and abs(key[1] - start_lap) <= SAME_LAPS:
                return key
        return None

    def _of_moments(self, table: pl.DataFrame | None) -> Iterator[dict[str, Any]]:
        if table is None:
            return  # what they are worth nobody can tell
        told = table.filter(pl.col("weight") >= WORTH_TELLING, pl.col("lap") < self.lap)
        for row in told.sort("lap").iter_rows(named=True):
            key = (row["kind"], row["lap"])
            if key not in self._moments:
                self._moments.add(key)
                yield {
                    "kind": "moment",
                    "lap": row["lap"],
                    "cars": tuple(row["drivers"].split()),
                    "text": row["sentence"],
                    "facts": {"moment_kind": row["kind"], "weight": row["weight"]},
                }

    def _of_title(self, race: Race, screen: Screen) -> Iterator[dict[str, Any]]:
        order = tuple(row.car for row in screen.rows() if not row.out and row.place)
        if self.season is None or order[:10] == self._order[:10]:
            return
        self._order = order
        words = if_it_ended_now(self.season, race, order)
        if words and words != self.title:
            yield {"kind": "title", "text": f"If it ended now: {words}"}
        self.title = words


def _later(table: pl.DataFrame, laps: int) -> pl.DataFrame:
    """A table whose laps are so many later."""
    names = [name for name in ("lap", "start_lap", "end_lap") if name in table.columns]
    return table.with_columns(pl.col(names) + laps)


def _passed(row: dict[str, Any]) -> str:
    passer, passed, place, lap = (row[name] for name in ("passer", "passed", "position", "lap"))
    if row["kind"] == "retirement":
        return f"{passer} gained P{place} on lap {lap}: {passed} was out."
    return f"{passer} passed {passed} for P{place} on lap {lap} ({row['kind'].replace('_', ' ')})."


def _decided(row: dict[str, Any]) -> str:
    winner = row["ahead_at_end"]
    loser = row["second"] if winner == row["first"] else row["first"]
    ends = {
        "pass": f"{winner} got past {loser}",
        "gap": f"{winner} got away from {loser}",
        "pit": f"{winner} was ahead of {loser} when one of them stopped",
        "retirement": f"{winner} was ahead of {loser} when one of them dropped out",
        "neutralised": f"{winner} was ahead of {loser} when the race was neutralised",
        "flag": f"{winner} beat {loser} to the flag",
    }
    what = ends.get(row["ended_by"], f"{winner} stayed ahead of {loser}")
    swaps = f", {row['swaps']} swap{'s' if row['swaps'] != 1 else ''}" if row["swaps"] else ""
    first, last = row["start_lap"], row["end_lap"]
    laps = f"laps {first} to {last}" if first < last else f"lap {first}"
    return f"{what}, P{row['position']}, {laps}{swaps}."
