"""What many runs of a race do to a championship: the rest of the season is drawn after each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from racecraft.errors import RacecraftError
from racecraft.sim.draws import Given, places_by_run
from racecraft.sim.odds import reach, rest_of_season
from racecraft.title.standings.calendar import calendar
from racecraft.title.standings.ledger import ledger

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from racecraft.model.race import Race
    from racecraft.model.season import Season
    from racecraft.sim.draws import Rest
    from racecraft.sim.lapwise.runs import Runs
    from racecraft.title.standings.calendar import Session
    from racecraft.title.standings.ledger import Ledger


@dataclass(frozen=True, eq=False, kw_only=True)
class TitleRuns:
    """Places in the championship at the end of the season, run by run.

    Attributes
    ----------
    drivers
        Who is in the championship.
    places
        Place of each from 1, ``(runs, drivers)``.
    open
        Best place that is within reach of each before the race: 1 is the title.
    """

    drivers: tuple[str, ...]
    places: NDArray[np.uint8]
    open: Mapping[str, int]

    def reached(self, driver: str) -> NDArray[np.float64] | None:
        """Runs at whose end a driver has the best place open to him; None for one not in it."""
        if driver not in self.drivers:
            return None
        mine = self.places[:, self.drivers.index(driver)]
        return np.asarray(mine <= self.open[driver], np.float64)


class TitleRace:
    """A championship before one of its races, made ready to be carried on from its runs."""

    def __init__(self, race: Race, season: Season, history: Sequence[Season] = ()) -> None:
        order = calendar(season)
        at = [(one.event, one.session) for one in order].index((race.event, race.session))
        before = order[at - 1]
        self.books: Ledger = ledger(season, after=f"{before.event}:{before.session}")
        rest = rest_of_season(season, self.books, history)
        self.this = rest.sessions[0]
        self.rest: Rest = replace(rest, sessions=rest.sessions[1:])
        within = reach(self.books).argmax(axis=1) + 1
        self.open = {name: int(place) for name, place in zip(self.books.names, within, strict=True)}

    def with_title(self, runs: Runs) -> Runs:
        """Runs that know what they make of the championship."""
        return replace(runs, title=self.after(runs))

    def after(self, runs: Runs) -> TitleRuns:
        """Places at the end of the season after every run."""
        names = list(self.books.names)
        known = [i for i, car in enumerate(runs.cars) if car in self.open]
        placed = runs.outcome.out_lap == 0
        rank = np.where(placed, runs.finish - 1, len(runs.cars)).astype(np.uint8)
        given = Given(
            session=self.this,
            entrant=np.array([names.index(runs.cars[i]) for i in known], np.int64),
            ranks=np.ascontiguousarray(rank[:, known].T),
        )
        places = places_by_run(self.rest, given, seed=runs.seed)
        return TitleRuns(drivers=tuple(names), places=places.T + 1, open=self.open)


def title_race(
    race: Race, season: Season | None, history: Sequence[Season] = ()
) -> TitleRace | None:
    """The championship before a race; None where it is not known, or has only begun.

    Notes
    -----
    Strengths of drivers and cars are those known before the race, as for `racecraft.odds`: what
    the race itself says of them is not taken in.
    """
    if season is None:
        return None
    order = [(one.event, one.session) for one in _calendar(season)]
    if (race.event, race.session) not in order[1:]:
        return None
    try:
        return TitleRace(race, season, history)
    except RacecraftError:  # no rulebook, or results with a hole in them
        return None


def _calendar(season: Season) -> list[Session]:
    try:
        return calendar(season)
    except RacecraftError:
        return []
