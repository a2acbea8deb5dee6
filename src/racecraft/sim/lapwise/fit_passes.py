"""Log-odds of a pass, set so that simulated races see as many passes as were counted."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from racecraft.model.folding import fold
from racecraft.sim.lapwise.simulate import with_strategy
from racecraft.sim.lapwise.start_from import Simulated
from racecraft.sim.lapwise.world import run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from racecraft.model.race import Race
    from racecraft.sim.lapwise.evidence import Evidence
    from racecraft.sim.lapwise.parameters import Figure, Parameters
    from racecraft.sim.lapwise.prior import Known

RUNS = 50
ROUNDS = 4
SEED = 1
LIKE_ALL = 20.0  # passes at the common rate that a circuit is credited with
MOST = 1.5  # log-odds by which one round may move
WET = 0.05  # share of wet laps, from which a race says nothing of passing in the dry


def match_passes(
    races: Sequence[tuple[Race, Evidence, Known]], parameters: Parameters
) -> Parameters:
    """Parameters under which the races, stops as run, see the passes that were counted.

    Notes
    -----
    Simulated moments: the log-odds of each circuit move by the logarithm of counted over simulated
    passes, drawn towards that of all circuits, a few times over. The pairs of cars that the
    log-odds were fitted on say who passes; how often anybody is in reach of anybody else comes out
    of the simulation, and with it the number.
    """
    dry = [one for one in races if one[1].wet < WET and one[1].passes > 0]
    if not dry:
        return parameters
    worlds = []
    for race, said, known in dry:
        circuit = known.circuit or said.event
        ready = Simulated(race, known, parameters, circuit)
        worlds.append((circuit, said.passes, with_strategy(ready, ready.world(1), "as_run")))
    for _ in range(ROUNDS):
        counted: dict[str, float] = defaultdict(float)
        simulated: dict[str, float] = defaultdict(float)
        for number, (circuit, passes, world) in enumerate(worlds):
            now = world.with_race(PASS_BASE=parameters.of("pass_base", circuit))
            counted[fold(circuit)] += passes
            seen = run(now, runs=RUNS, seed=SEED + number).passes  # chance of its own: it averages
            simulated[fold(circuit)] += float(seen.mean())
        common = sum(counted.values()) / max(sum(simulated.values()), 1.0)
        shift = {
            name: (counted[name] + LIKE_ALL * common) / (simulated[name] + LIKE_ALL)
            for name in counted
        }
        parameters = _moved(parameters, shift, common)
    return parameters


def _moved(parameters: Parameters, shift: dict[str, float], common: float) -> Parameters:
    def moved(figure: Figure, by: float) -> Figure:
        step = float(np.clip(np.log(max(by, 1e-3)), -MOST, MOST))
        return figure._replace(value=figure.value + step)

    circuits = {name: dict(here) for name, here in parameters.circuits.items()}
    for name, here in circuits.items():
        if "pass_base" in here:
            here["pass_base"] = moved(here["pass_base"], shift.get(name, common))
    figures = dict(parameters.figures)
    figures["pass_base"] = moved(figures["pass_base"], common)
    return replace(parameters, figures=figures, circuits=circuits)
