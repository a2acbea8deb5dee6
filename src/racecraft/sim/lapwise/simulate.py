"""The rest of a race from any lap, many times; and the chances of every car after every lap."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from racecraft.errors import ArgumentError, NotEnoughDataError, RuleError
from racecraft.model.folding import fold
from racecraft.model.rulebook.book import rulebook
from racecraft.model.terms import FORMULA_ONE
from racecraft.sim.executor import Here, executor
from racecraft.sim.lapwise.course import TYRES, course
from racecraft.sim.lapwise.parameters import shipped_parameters
from racecraft.sim.lapwise.prior import known_before
from racecraft.sim.lapwise.runs import CHANCES, Runs
from racecraft.sim.lapwise.start_from import Simulated
from racecraft.sim.lapwise.weighing import weights
from racecraft.sim.lapwise.world import BLOCK, RESULT_ONLY, joined, run, run_block
from racecraft.sim.seed import check_seed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from racecraft.model.race import Race
    from racecraft.model.season import Season
    from racecraft.sim.executor import Executor, Workers
    from racecraft.sim.lapwise.parameters import Parameters
    from racecraft.sim.lapwise.world import Keep, Outcome, World

    Progress = Callable[[str, int, int], None]
    Strategy = str | Mapping[str, Sequence[tuple[int, str]]]

RUNS = 10_000
RUNS_A_LAP = 2_000
BLOCKS_AWAY = 16  # blocks of runs in one task of another process or machine
FEWEST_LAPS = 2
WET_SHARE = 0.1  # of the field on wet tyres, from which a race is outside what was fitted
USUAL_POINTS = (25.0, 18.0, 15.0, 12.0, 10.0, 8.0, 6.0, 4.0, 2.0, 1.0)  # Formula One since 2010
STRATEGIES = ("policy", "as_run")


def prepared(
    race: Race,
    *,
    season: Season | None = None,
    history: Sequence[Season] = (),
    parameters: Parameters | None = None,
    distance: int = 0,
) -> Simulated:
    """A race made ready to be simulated from any of its laps.

    Parameters
    ----------
    race
        Needs ``crossings``; knows more with ``entries.grid``, ``tyres`` and ``control``.
    season, history
        Its season and those before it, from which earlier results, qualifying and the circuit are
        known; later races are not looked at. Without them only the grid is known beforehand.
    parameters
        Left out, those that come with racecraft.
    distance
        Laps that a race under way is to go; left out, it went as far as it was to.

    Raises
    ------
    NotEnoughDataError
        The race has no crossings, a single car or a single lap.
    """
    run = course(race)
    if max(run.laps, distance) < FEWEST_LAPS:
        raise NotEnoughDataError(
            f"{race.season} {race.name} has {run.laps} lap; there is nothing to simulate",
            race=race.name,
        )
    if len(run.cars) < FEWEST_LAPS:
        raise NotEnoughDataError(
            f"{race.season} {race.name} has one car; it has nobody to race", race=race.name
        )
    given = parameters or shipped_parameters()
    known = known_before(race, run.cars, run.grid, season, history)
    circuit = known.circuit or given.events.get(race.event, "") or race.event
    return Simulated(race, known, given, circuit, laps=distance)


def simulate(
    race: Race | pl.DataFrame,
    *,
    from_lap: int = 0,
    runs: int = RUNS,
    seed: int,
    season: Season | None = None,
    history: Sequence[Season] = (),
    strategy: Strategy = "policy",
    parameters: Parameters | None = None,
    keep: Keep = RESULT_ONLY,
    workers: Workers = None,
    progress: Progress | None = None,
    laps: int | None = None,
    circuit: str | None = None,
) -> Runs:
    """The rest of a race, lap by lap for every car, many times.

    Parameters
    ----------
    race, season, history, parameters
        As in `prepared`; or for a race that was not driven, a list of cars: ``ENTRY_LIST`` of
        `racecraft.sim.lapwise.entry_list`.
    from_lap
        Laps done by the leader: order, gaps, tyres, stops and flags are those of then. 0 is the
        grid.
    runs
        How many times.
    seed
        The same seed gives the same runs, with however many workers.
    strategy
        ``policy`` reacts to tyres, flags and laps left; ``as_run`` stops when and for what each
        car did; or by car a list of ``(lap, compound)``, the others by the policy.
    keep
        What is kept of every run beside its result: a `racecraft.sim.lapwise.world.Keep`.
    workers
        How many on this machine (left out, one per core), or ``dask://HOST:PORT``.
    progress
        Called with what is being done, how much is done, and of how much.
    laps, circuit
        With a list of cars: laps of the race, and the circuit whose parameters are taken.

    Returns
    -------
    Runs
        ``finish`` of shape ``(runs, cars)``, and all chances that are read off it. Interrupted, it
        has what was done until then, and is marked `partial`.

    Raises
    ------
    ArgumentError
        There is no such lap, or `runs`, `seed` or the strategy are none.
    NotEnoughDataError
        As in `prepared`.

    Examples
    --------
    >>> from racecraft.sources.sample.sample import sample_race
    >>> runs = simulate(sample_race(20), from_lap=60, runs=500, seed=7)
    >>> runs.chance("VER") > 0.9
    True
    """
    check_runs(runs, seed)
    if isinstance(race, pl.DataFrame):
        from racecraft.sim.lapwise.entry_list import LAPS, planned

        ready = planned(
            race, laps=LAPS if laps is None else laps, circuit=circuit or "", parameters=parameters
        )
        if from_lap or strategy == "as_run":
            raise ArgumentError("a list of cars has no laps", hint="from lap 0, not as run")
    else:
        if laps is not None or circuit is not None:
            raise ArgumentError("a race has its own laps and circuit", hint="for lists of cars")
        ready = prepared(race, season=season, history=history, parameters=parameters)
    world = ready.world(check_lap(ready, from_lap))
    world = with_strategy(ready, world, strategy)
    with executor(workers, compiled=True) as pool:
        return run_world(
            ready, world, runs=runs, seed=seed, keep=keep, pool=pool, progress=progress
        )


def chances(
    race: Race,
    lap: int | None = None,
    *,
    runs: int = RUNS_A_LAP,
    seed: int,
    season: Season | None = None,
    history: Sequence[Season] = (),
    parameters: Parameters | None = None,
    workers: Workers = None,
    progress: Progress | None = None,
) -> pl.DataFrame:
    """Chances of every car after a lap, or after every lap of the race.

    Parameters
    ----------
    lap
        Laps done by the leader; left out, all from the grid to the flag.
    race, season, history, parameters, runs, seed, workers, progress
        As in `simulate`.

    Returns
    -------
    DataFrame
        ``CHANCES``. Chance is the same after every lap, so that the difference of two laps is what
        happened between them. Interrupted, it has the laps that were done until then.
    """
    check_runs(runs, seed)
    ready = prepared(race, season=season, history=history, parameters=parameters)
    laps = range(ready.run.laps + 1) if lap is None else [check_lap(ready, lap)]
    tables: list[pl.DataFrame] = []
    with executor(workers, compiled=True) as pool:
        try:
            for done in after_each(ready, laps, runs=runs, seed=seed, pool=pool):
                if progress is not None:
                    progress("laps", len(tables) + 1, len(laps))
                tables.append(done.rows())
        except KeyboardInterrupt:
            if not tables:
                raise
    return CHANCES.check(pl.concat(tables)) if tables else CHANCES.empty()


def chances_after(
    ready: Simulated, lap: int, *, runs: int, seed: int, pool: Executor | None = None
) -> Runs:
    """Runs from a lap of a race made ready: runs of two laps with one seed can be compared."""
    return run_world(ready, ready.world(lap), runs=runs, seed=seed, pool=pool)


def after_each(
    ready: Simulated, laps: Sequence[int], *, runs: int, seed: int, pool: Executor
) -> Iterator[Runs]:
    """Runs from each of some laps, in their order, as `chances_after`: workers take a lap each."""
    worlds: deque[World] = deque()

    def made() -> Iterator[World]:
        for lap in laps:
            worlds.append(ready.world(lap))
            yield worlds[-1]

    for outcome in pool.map(partial(_whole, runs=runs, seed=seed), made()):
        yield _runs_of(ready, worlds.popleft(), outcome, seed)


def run_world(
    ready: Simulated,
    world: World,
    *,
    runs: int,
    seed: int,
    keep: Keep = RESULT_ONLY,
    pool: Executor | None = None,
    progress: Progress | None = None,
) -> Runs:
    """Run a world of a race made ready."""
    began = time.perf_counter()
    pool = pool or Here()
    step = BLOCK if isinstance(pool, Here) else BLOCK * BLOCKS_AWAY
    blocks = [(i, min(i + step, runs)) for i in range(0, runs, step)]
    done: list[Outcome] = []
    partial_runs = False
    try:
        for part in pool.map(partial(_one, world, seed, keep), blocks):
            done.append(part)
            if progress is not None and len(blocks) > 1:
                progress("runs", len(done), len(blocks))
    except KeyboardInterrupt:
        if not done:
            raise
        partial_runs = True
    took = time.perf_counter() - began
    return replace(_runs_of(ready, world, joined(done), seed), seconds=took, partial=partial_runs)


def _runs_of(ready: Simulated, world: World, outcome: Outcome, seed: int) -> Runs:
    return Runs(
        cars=world.names,
        order=tuple(world.names[car] for car in world.order),
        lap=world.from_lap,
        laps=world.laps,
        outcome=outcome,
        counts=weights(ready, world, outcome.finish),
        scale=_scale(ready),
        seed=seed,
        notes=tuple(_notes(ready, world)),
    )


def _whole(world: World, *, runs: int, seed: int) -> Outcome:
    return run(world, runs=runs, seed=seed)


def _one(world: World, seed: int, keep: Keep, block: tuple[int, int]) -> Outcome:
    return run_block(world, block, seed, keep)


def with_strategy(ready: Simulated, world: World, strategy: Strategy) -> World:
    """World whose cars stop as they did, or as is given."""
    if strategy == "policy":
        return world
    run = ready.run
    plan = np.zeros((world.laps + 2, len(world.names)), np.int64)
    if isinstance(strategy, str):
        if strategy not in STRATEGIES:
            raise ArgumentError(
                f"no strategy {strategy!r}", hint=f"one of {', '.join(STRATEGIES)}, or by car"
            )
        plan[:] = -1
        for lap, car in zip(*np.nonzero(run.stopped[:-1]), strict=True):
            plan[lap + 1, car] = 1 + int(run.tyre[lap + 1, car]) % (len(TYRES) - 1)
    else:
        for car, stops in strategy.items():
            column = find_car(world.names, car)
            plan[:, column] = -1
            for lap, compound in stops:
                plan[check_stop(world, lap), column] = 1 + find_tyre(compound)
    return replace(world, plan=plan)


def find_car(cars: Sequence[str], car: str) -> int:
    """Column of a car."""
    from racecraft.errors import NotFoundError

    if car not in cars:
        raise NotFoundError(
            f"no car {car!r} in this race", hint=f"one of {', '.join(sorted(cars))}"
        )
    return list(cars).index(car)


def find_tyre(compound: str) -> int:
    """Index of a compound; by its first letter, too."""
    known = TYRES[:-1]
    for index, name in enumerate(known):
        if fold(compound) in (name, name[0]):
            return index
    raise ArgumentError(f"no compound {compound!r}", hint=f"one of {', '.join(known)}")


def check_stop(world: World, lap: int) -> int:
    """Lap at the end of which a car can stop."""
    if not isinstance(lap, int | np.integer) or not world.from_lap < lap < world.laps:
        raise ArgumentError(
            f"no stop on lap {lap}",
            hint=f"from lap {world.from_lap + 1} to {world.laps - 1}, the last but one",
        )
    return lap


def check_runs(runs: int, seed: int) -> None:
    """Refuse numbers of runs and seeds that are none."""
    if not isinstance(runs, int | np.integer) or isinstance(runs, bool):
        raise ArgumentError(f"runs={runs!r}; expected a whole number", hint="1 or more")
    if runs < 1:
        raise ArgumentError(
            f"runs={runs}; expected 1 or more", hint=f"{RUNS} give chances to half a percent"
        )
    check_seed(seed)


def check_lap(ready: Simulated, lap: int) -> int:
    """Lap from which a race can be simulated."""
    if not 0 <= lap <= ready.run.laps:
        raise ArgumentError(
            f"no lap {lap} in a race of {ready.run.laps}",
            hint=f"0, the grid, to {ready.run.laps}, the flag",
        )
    return lap


def _scale(ready: Simulated) -> tuple[float, ...]:
    """Points by place, by the rules of the season where they are known."""
    race = ready.race
    try:
        if race.series != FORMULA_ONE:
            return USUAL_POINTS
        return rulebook(race.season).scale(race.event, race.session, to_come=True)
    except RuleError:
        return USUAL_POINTS


def _notes(ready: Simulated, world: World) -> list[str]:
    """What should be known with the answer."""
    notes = []
    if ready.race.series != FORMULA_ONE:
        notes.append(
            "the simulator was fitted on Formula One, and points are those of Formula One today"
        )
    if not ready.known.learnt and ready.known.pace is None:
        notes.append(
            "earlier results are not known: beforehand the grid alone tells the cars apart"
        )
    wet = np.isin(world.states[world.order, 0], (3, 4)).mean() if len(world.order) else 0.0
    if wet > WET_SHARE:
        notes.append("the track is wet: no rain is simulated, and wet tyres are fitted coarsely")
    if fold(ready.circuit) not in ready.parameters.circuits:
        notes.append("nothing was fitted on this circuit: that of an average one is taken")
    return notes
