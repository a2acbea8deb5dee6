"""What every car could expect of a race at the end of each lap: by simulation, or by a formula."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from racecraft.analysis.order.changes import grid
from racecraft.analysis.order.stops import stops
from racecraft.analysis.order.timing import median, timing
from racecraft.errors import RuleError
from racecraft.model.rulebook.book import rulebook
from racecraft.sim.prerace.placement import places_on_axis

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from racecraft.analysis.order.timing import Timing
    from racecraft.model.race import Race
    from racecraft.model.season import Season
    from racecraft.sim.executor import Workers
    from racecraft.sim.lapwise.start_from import Simulated

    Progress = Callable[[str, int, int], None]
    Floats = NDArray[np.float64]

PODIUM = 3
USUAL_POINTS = (25.0, 18.0, 15.0, 12.0, 10.0, 8.0, 6.0, 4.0, 2.0, 1.0)
# The formula that stands in where nothing is simulated. Round numbers that make who won in 2018 and
# 2019 likely; when stops are over, by hand: 0.4 s at the next lap, half a second that every lap
# adds by itself, a twentieth that a car is faster on all of them; a stop still to be made costs
# about twenty, and whether it is made is unsure for all cars together more than for each; a
# neutralisation to come, more likely the more laps are left, would leave the order but close the
# gaps.
SPREAD_S, SPREAD_OF_A_LAP_S, SPREAD_A_LAP_S = 0.4, 0.5, 0.05
STOP_S, OWN_UNSURE = 20.0, 0.3
NEUTRALISATION_A_LAP, NEUTRALISATION_AT_MOST = 0.008, 0.5
SHORTEST_STINT, ENOUGH_STOPPED = 0.1, 0.25  # of the laps; of the cars
STOPS_OVER, TOO_LATE = 0.6, 0.15  # of the laps to go: a stop grows unlikely; for who is one short
GAP_ON_GRID_S, GAP_BUNCHED_S = 0.8, 1.2
CELLS_OF_A_CAR = np.array([-2.5, -1.6, -0.9, -0.3, 0.3, 0.9, 1.6, 2.5])  # spreads, where they end


@dataclass(frozen=True, eq=False, kw_only=True)
class Outlook:
    """Chances of every car after each lap; row 0 is the grid, the last row the classification.

    Attributes
    ----------
    cars
        Keys of the cars.
    win, podium, points
        Shape ``(laps + 2, cars)``: chance to win, of the first three, points to be expected. The
        last row but one is the order at the flag, the last one what the stewards made of it.
    title
        Likewise: chance that the car's driver is champion for certain after this race; None where
        the championship is not known or open whatever happens.
    error
        Standard error of `win`, ``(laps + 2, cars)``; zero where nothing is simulated.
    basis
        ``simulated`` or ``formula``.
    chances
        ``CHANCES`` after every lap of the runs that it was read off; None of a formula.
    """

    cars: tuple[str, ...]
    win: Floats
    podium: Floats
    points: Floats
    title: Floats | None
    error: Floats
    basis: str
    chances: pl.DataFrame | None = None


@dataclass(frozen=True, eq=False, kw_only=True)
class Contest:
    """What a championship makes of points in a race: who can be champion for certain after it.

    Attributes
    ----------
    before
        Points of each car's driver before the race, ``(cars,)``.
    rest
        Points still to be won after it.
    others
        The most that anybody has who is not in the race.
    """

    before: Floats
    rest: float
    others: float = 0.0

    def decided(self, points: Floats) -> Floats:
        """Whether each is champion for certain after every run, of points ``(runs, cars)``."""
        total = self.before + points
        best = np.sort(total, axis=1)
        top, second = best[:, -1:], np.maximum(best[:, -2:-1], self.others)
        return np.asarray((total == top) & (top - second > self.rest), np.float64)


def by_formula(race: Race, contest: Contest | None = None, *, distance: int = 0) -> Outlook:
    """Outlook by the gaps at the Line, the stops still to come, and the laps left: in no time.

    Each row knows what was known at the end of its lap, but nothing of pace. Of a race under way,
    which is to go over `distance` laps, the last two rows are the chances of now.
    """
    at = timing(race)
    gaps, unsure, running = _gaps(race, at, distance)
    scale = scale_of(race)
    laps = at.laps
    win = np.zeros((laps + 2, len(at.cars)))
    podium, points = win.copy(), win.copy()
    for lap in range(laps):
        who = np.flatnonzero(running[lap])
        if len(who):
            left = max(laps, distance) - lap
            chances = chances_of(gaps[lap, who], left, scale, unsure[lap, who])
            win[lap, who], podium[lap, who], points[lap, who] = chances
    if laps < distance:
        for table in (win, podium, points):
            table[laps:] = table[laps - 1]
    else:
        _end(race, at, scale, win, podium, points)
    title = _title_by_formula(contest, points) if contest else None
    return Outlook(
        cars=tuple(at.cars), win=win, podium=podium, points=points, title=title,
        error=np.zeros_like(win), basis="formula",
    )  # fmt: skip


def by_simulation(
    race: Race,
    *,
    season: Season | None = None,
    history: Sequence[Season] = (),
    contest: Contest | None = None,
    runs: int = 1000,
    seed: int = 1,
    progress: Progress | None = None,
    ready: Simulated | None = None,
    workers: Workers = None,
) -> Outlook:
    """Outlook by driving the rest of the race many times from the end of every lap.

    Parameters
    ----------
    ready
        The race made ready by `racecraft.sim.lapwise.simulate.prepared`, where that was done.
    workers
        As in `racecraft.sim.executor.executor`: they take a lap each.

    Raises
    ------
    NotEnoughDataError
        As `racecraft.sim.lapwise.simulate.prepared`.
    """
    from racecraft.sim.executor import executor
    from racecraft.sim.lapwise.runs import CHANCES
    from racecraft.sim.lapwise.simulate import after_each, prepared

    ready = ready or prepared(race, season=season, history=history)
    at = timing(race)
    scale = scale_of(race)
    laps = at.laps
    win = np.zeros((laps + 2, len(at.cars)))
    podium, points, error = win.copy(), win.copy(), win.copy()
    title = win.copy() if contest else None
    column: list[int] = []
    tables: list[pl.DataFrame] = []
    with executor(workers, compiled=True) as pool:
        driven = after_each(ready, range(laps + 1), runs=runs, seed=seed, pool=pool)
        for lap, done in enumerate(driven):
            tables.append(done.rows())
            if lap == laps:
                break
            if progress is not None:
                progress("laps weighed", lap, laps)
            column = column or [done.cars.index(car) for car in at.cars]
            mine, scored = done.finish[:, column], done.points[:, column]
            win[lap], podium[lap] = done.mean(mine == 1), done.mean(mine <= PODIUM)
            points[lap] = done.mean(scored)
            error[lap] = np.sqrt(win[lap] * (1 - win[lap]) / done.effective)
            if title is not None and contest is not None:
                title[lap] = done.mean(contest.decided(scored))
    _end(race, at, scale, win, podium, points)
    if title is not None and contest is not None:
        for row in (laps, laps + 1):
            title[row] = contest.decided(points[row][None])[0]
    return Outlook(
        cars=tuple(at.cars), win=win, podium=podium, points=points, title=title, error=error,
        basis="simulated", chances=CHANCES.check(pl.concat(tables)),
    )  # fmt: skip


def of_those_who_started(race: Race, outlook: Outlook) -> Outlook:
    """Outlook whose first row leaves out who was on the grid and did not start.

    What they could expect goes to the others, in proportion to what those could.
    """
    away = race.classification.filter(position_text="W")["car"].to_list()
    absent = np.isin(outlook.cars, away)
    if not absent.any():
        return outlook

    def shared(table: Floats) -> Floats:
        rest = table[0, ~absent].sum()
        first = np.where(absent, 0.0, table[0] * (table[0].sum() / rest if rest else 1.0))
        return np.concatenate([first[None], table[1:]])

    podium = np.minimum(shared(outlook.podium), 1.0)
    return replace(outlook, win=shared(outlook.win), podium=podium, points=shared(outlook.points))


def _gaps(race: Race, at: Timing, distance: int) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Seconds behind the first, stops still to be made included, how unsure, and who runs; by lap.

    Unsure it is by whether half a stop that is expected will be none or a whole one.
    """
    start = grid(race, at)
    places = np.where(np.isnan(start), np.nanmax(start, initial=len(start)), start)
    time = np.concatenate([places[None] * GAP_ON_GRID_S * 1e6, at.at_line])
    lap = np.arange(len(time))[:, None]
    usual = float(median(median(at.at_line - at.begun, axis=0)))
    last_lap = (at.last_step + 1) // len(at.lines)
    known = time[np.minimum(last_lap, len(time) - 1), np.arange(len(at.cars))]
    time = np.where(np.isnan(time), known + (lap - last_lap) * usual, time)
    stops_left = _stops_to_come(race, at, len(time), max(at.laps, distance))
    to_stop, half = STOP_S * stops_left, stops_left % 1
    unsure = STOP_S * np.sqrt(half * (1 - half))
    gaps = (time - np.nanmin(time, axis=1, keepdims=True)) / 1e6 + to_stop
    starts = (last_lap > 0) | ~np.isnan(start)
    # Of a race under way, those who were not timed on the lap that is now are out.
    completed = lap <= last_lap if at.laps >= distance else lap < last_lap
    running = starts & (at.finished | completed | (lap == 0))
    return gaps, unsure, running


def _stops_to_come(race: Race, at: Timing, rows: int, laps: int) -> Floats:
    """Stops that each car is to make yet, by what was known at the end of each lap, (rows, cars).

    A set is taken to last as long as those lasted that had come off by then, or as those have that
    are in use; until a quarter of the cars have stopped, as long as half the race, or all of a
    sprint. A stop on lap 1 behind the safety car saves none: the set that it fitted lasts no
    longer. Towards the end nobody who has stopped stops again, however old his tyres; last of all
    who has stopped less often than most.
    """
    least = 1 if race.session == "sprint" else 2  # sets of tyres
    made = np.zeros((rows, len(at.cars)))
    fitted = np.zeros((rows, len(at.cars)))
    lasted: list[tuple[int, int]] = []
    for car, lap in _changes(race):
        if car in at.cars and lap + 1 < rows:
            column = at.cars.index(car)
            length = lap - int(fitted[lap + 1, column])
            lasted += [(lap + 1, length)] if length >= SHORTEST_STINT * laps else []
            made[lap + 1 :, column] += 1  # lost by the end of the out-lap
            fitted[lap + 1 :, column] = lap
    left = np.maximum(laps - np.arange(rows), 0)[:, None]
    expected = np.zeros_like(made)
    for row in range(rows):
        known = [length for lap, length in lasted if lap <= row]
        enough = len(known) >= ENOUGH_STOPPED * len(at.cars)
        lasts = float(np.median(known)) if enough else laps / least
        in_use = (row - fitted[row])[made[row] > 0]
        lasts = max(lasts, float(np.median(in_use))) if len(in_use) else lasts
        usual = max(round(laps / lasts), least)
        expected[row] = np.maximum((laps - fitted[row]) * usual / laps - 1, 0.0)
    behind = np.maximum(np.median(made, axis=1, keepdims=True) - made, 0.0)
    late, last = (np.minimum(left / (share * laps), 1.0) for share in (STOPS_OVER, TOO_LATE))
    again = np.maximum(expected * late, np.minimum(expected, behind) * last)
    return np.where(made > 0, again, expected)


def _changes(race: Race) -> list[tuple[str, int]]:
    """Cars and laps of stops, and of tyres changed while the race was stopped, in order of laps."""
    table = stops(race)
    free = (pl.col("kind") == "red_flag") & pl.col("tyres_changed").fill_null(value=True)
    changed = (pl.col("kind") == "stop") | free
    return [(car, lap) for car, lap in table.filter(changed).sort("lap")["car", "lap"].rows()]


def chances_of(
    gaps: Floats, left: int, scale: Floats, unsure: Floats | None = None
) -> tuple[Floats, Floats, Floats]:
    """Chances to win and of a podium, and points, of cars so many seconds behind.

    Parameters
    ----------
    unsure
        Standard deviation of each gap that comes of stops which may or may not be made, in seconds.
    """
    of_pace = SPREAD_S**2 + SPREAD_OF_A_LAP_S**2 * left + (SPREAD_A_LAP_S * left) ** 2
    of_stops = np.zeros(len(gaps)) if unsure is None else (OWN_UNSURE * unsure) ** 2
    spread = np.asarray(np.sqrt(of_pace + of_stops), np.float64)
    rank = np.argsort(np.argsort(gaps, kind="stable"), kind="stable")
    closed: Floats = rank * np.float64(GAP_BUNCHED_S)
    share = min(NEUTRALISATION_AT_MOST, NEUTRALISATION_A_LAP * left)
    places = (1 - share) * _places(gaps, spread) + share * _places(closed, spread)
    places = np.maximum(places, 0.0) / np.maximum(places.sum(axis=0), 1e-12)
    podium = np.minimum(places[:, :PODIUM].sum(axis=1), 1.0)
    scoring = min(len(scale), len(gaps))
    return places[:, 0], podium, places[:, :scoring] @ scale[:scoring]


def _places(behind: Floats, spread: Floats) -> Floats:
    """Chance of every place of cars that come home so far behind, each by a normal law."""
    edges = np.sort((behind[:, None] + spread[:, None] * CELLS_OF_A_CAR).ravel())
    home = _normal((edges[None, :] - behind[:, None]) / spread[:, None])
    home = np.pad(home, ((0, 0), (1, 1)), constant_values=(0.0, 1.0))
    return places_on_axis(np.diff(home, axis=1), (home[:, 1:] + home[:, :-1]) / 2)


def _normal(z: Floats) -> Floats:
    """Share of a normal distribution below z, to 1e-7: formula 26.2.17 of Abramowitz and Stegun."""
    t = 1 / (1 + 0.2316419 * np.abs(z))
    tail = t * (
        0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429)))
    )
    above = np.exp(-z * z / 2) / np.sqrt(2 * np.pi) * tail
    return np.asarray(np.where(z > 0, 1 - above, above))


def _end(
    race: Race, at: Timing, scale: Floats, win: Floats, podium: Floats, points: Floats
) -> None:
    """Fill in the last two rows: the order at the flag, and the classification."""
    laps_done = (at.last_step + 1) // len(at.lines)
    last = np.take_along_axis(at.time, np.maximum(at.last_step, 0)[None], axis=0)[0]
    order = [car for car in np.lexsort((last, -laps_done)) if at.finished[car]]
    listed = race.classification.filter(pl.col("position").is_not_null()).sort("position")
    official = [at.cars.index(car) for car in listed["car"] if car in at.cars] or order
    for row, cars in ((len(win) - 2, order), (len(win) - 1, official)):
        win[row, cars[:1]] = 1.0
        podium[row, cars[:PODIUM]] = 1.0
        points[row, cars[: len(scale)]] = scale[: len(cars)]


def _title_by_formula(contest: Contest, points: Floats) -> Floats:
    """One run a lap: the expected points as if they were certain."""
    spread = np.concatenate([np.linspace(8.0, 0.1, len(points) - 2), [1e-3, 1e-3]])
    total = contest.before + points
    title = np.zeros_like(points)
    for lap, row in enumerate(total):
        best = int(row.argmax())
        rivals = np.delete(row, best).max(initial=contest.others)
        ahead = np.asarray((row[best] - rivals - contest.rest) / spread[lap])
        title[lap, best] = float(_normal(ahead))
    return title


def scale_of(race: Race) -> Floats:
    """Points by place."""
    try:
        scale = rulebook(race.season).scale(race.event, race.session, to_come=True)
    except RuleError:  # a season or a series without a rulebook: stakes as in Formula 1 today
        scale = USUAL_POINTS
    return np.asarray(scale or (1.0,), float)
