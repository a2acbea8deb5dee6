"""What all analyses find in the race so far: passes, battles, moments, chances to win."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import polars as pl

from racecraft.analysis.fights.battles import battles
from racecraft.analysis.order.overtakes import overtakes
from racecraft.errors import RacecraftError
from racecraft.live.distance import expected_laps
from racecraft.model.terms import THE_LINE
from racecraft.sim.moments.moments import moments, so_far
from racecraft.sim.moments.outlook import by_formula
from racecraft.sources.livetiming.jumps import THE_CLOCK

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from racecraft.model.race import Race
    from racecraft.model.season import Season
    from racecraft.sources.livetiming.fold import Told

RUNS = 1000  # of the rest of the race, for the chances


@dataclass(frozen=True)
class Asked:
    """A race under way, to be looked at.

    Attributes
    ----------
    told
        What its messages have said.
    distance
        Laps that it goes over, as announced; None where nobody did.
    ended
        The flag has fallen.
    """

    told: Told
    distance: int | None
    ended: bool


@dataclass(frozen=True)
class Findings:
    """What is found at first.

    Attributes
    ----------
    done
        Laps that each car has completed.
    distance
        Laps that the race goes over: as announced, else as expected; None where nobody knows.
    passes, fights
        ``OVERTAKES`` and ``BATTLES``.
    wrong
        Messages that made no sense, by number.
    doubts
        What is in doubt of the clock of the feed.
    """

    done: dict[str, int]
    distance: int | None
    passes: pl.DataFrame
    fights: pl.DataFrame
    wrong: dict[int, str] = field(default_factory=dict)
    doubts: Sequence[str] = ()


@dataclass(frozen=True)
class Weighed:
    """What is found next, for it takes as long again.

    Attributes
    ----------
    moments
        ``MOMENTS`` so far; None where nobody can tell what they are worth.
    """

    moments: pl.DataFrame | None


@dataclass(frozen=True)
class Chances:
    """What is found last: cars and their chances to win, the best first.

    Attributes
    ----------
    basis
        Where they are from: ``simulated``, or ``formula``.
    """

    win: list[tuple[str, float]]
    basis: str


Found: TypeAlias = "Findings | Weighed | Chances"


class Analyst:
    """Looks at a race under way again and again.

    Parameters
    ----------
    season, history
        Its season, and those before, for what was known beforehand.
    """

    def __init__(self, season: Season | None = None, history: Sequence[Season] = ()) -> None:
        self.season, self.history = season, history
        self._distance: int | None = None
        self._weighed = 0  # lap of which the chances are

    def look(self, asked: Asked) -> Iterator[Found]:
        """What there is in the race so far; nothing before a lap is done.

        Raises
        ------
        UnreadableError
            It is no race.
        """
        race = asked.told.race()
        done = laps_done(race)
        lap = max(done.values(), default=0)
        if not lap:
            return
        distance = asked.distance or self._expected(race)
        yield Findings(
            done, distance, overtakes(race), battles(race), asked.told.wrong, _of_the_clock(race)
        )
        yield Weighed(self._moments(race, lap if asked.ended else distance, ended=asked.ended))
        since = lap if asked.ended else lap - 1  # the last lap that all have completed
        if since != self._weighed and since >= 1 and (distance is not None or asked.ended):
            self._weighed = since
            yield self._chances(race, since, max(distance or 0, lap), lap)

    def _expected(self, race: Race) -> int | None:
        """Laps that a race is to go over, where its feed does not say."""
        if self._distance is None:
            own = [] if self.season is None else [self.season]
            seasons = [*own, *reversed(self.history)]
            self._distance = expected_laps(race.name, race.session, seasons)
        return self._distance

    def _moments(self, race: Race, distance: int | None, *, ended: bool) -> pl.DataFrame | None:
        if distance is None:
            return None
        found = moments(
            race, season=self.season, history=self.history, simulated=False, distance=distance
        )
        return found if ended else so_far(found)

    def _chances(self, race: Race, since: int, distance: int, lap: int) -> Chances:
        try:
            table = _simulated(race, since, distance, self.season, self.history)
            basis = "simulated"
        except (RacecraftError, ImportError):
            look = by_formula(race, distance=distance)
            table = list(zip(look.cars, map(float, look.win[min(since, lap - 1)]), strict=True))
            basis = "formula"
        return Chances(sorted(table, key=lambda one: -one[1]), basis)


def laps_done(race: Race) -> dict[str, int]:
    """Laps that each car has completed."""
    at_line = race.crossings.filter(line=THE_LINE)
    return dict(at_line.group_by("car").agg(pl.col("lap").max()).iter_rows())


def _simulated(
    race: Race, lap: int, distance: int, season: Season | None, history: Sequence[Season]
) -> list[tuple[str, float]]:
    import numba  # noqa: F401  without it the simulator takes minutes

    from racecraft.sim.lapwise.simulate import chances_after, prepared

    ready = prepared(race, season=season, history=history, distance=distance)
    table = chances_after(ready, lap, runs=RUNS, seed=1).table()
    return [(str(car), float(win)) for car, win in table.select("car", "win").iter_rows()]


def _of_the_clock(race: Race) -> list[str]:
    """What is in doubt of the clock of the feed."""
    reasons = race.doubts.filter(table="crossings")["reason"]
    return reasons.filter(reasons.str.starts_with(THE_CLOCK)).to_list()
