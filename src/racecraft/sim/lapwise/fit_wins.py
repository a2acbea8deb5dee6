"""How much likelier a car wins than its simulated laps say, by what is known of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from racecraft.sim.lapwise.parameters import Figure
from racecraft.sim.lapwise.start_from import Simulated
from racecraft.sim.lapwise.weighing import NAMES, features
from racecraft.sim.lapwise.world import run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from racecraft.model.race import Race
    from racecraft.sim.lapwise.evidence import Evidence
    from racecraft.sim.lapwise.parameters import Parameters
    from racecraft.sim.lapwise.prior import Known

    Floats = NDArray[np.float64]
    Case = tuple[Floats, Floats, int]  # features, logarithm of the chance, and who won

STAGES = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9)  # of the race done
RUNS, SEED = 500, 1
SURE = 4.0  # a coefficient is a half, give or take, before anything is seen
ALIKE = 1 / 3  # what a stage of a race counts: six of one race say as much as two that were apart
STEPS = 12


def fit_wins(
    races: Sequence[tuple[Race, Evidence, Known]], parameters: Parameters
) -> dict[str, Figure]:
    """Coefficients of `racecraft.sim.lapwise.weighing`, from simulated chances and who won.

    Notes
    -----
    A conditional logit with the logarithm of the simulated chance as its offset, and a normal law
    about zero for the coefficients: what the simulator has right already costs nothing.
    """
    found = [case for one in races for case in _cases(*one, parameters)]
    beta, precision = np.zeros(len(NAMES)), np.eye(len(NAMES)) * SURE
    for _ in range(STEPS):
        gradient, precision = -SURE * beta, np.eye(len(NAMES)) * SURE
        for x, offset, won in found:
            score = offset + x @ beta
            chance = np.exp(score - score.max())
            chance /= chance.sum()
            mean = chance @ x
            gradient += ALIKE * (x[won] - mean)
            precision += ALIKE * (x.T @ (x * chance[:, None]) - np.outer(mean, mean))
        beta = beta + np.linalg.solve(precision, gradient)
    errors = np.sqrt(np.diag(np.linalg.inv(precision)))
    return {
        name: Figure(float(value), float(error), len(found))
        for name, value, error in zip(NAMES, beta, errors, strict=True)
    }


def _cases(race: Race, said: Evidence, known: Known, parameters: Parameters) -> list[Case]:
    """A race at some stages: cars running, and which of them won."""
    if not known.learnt:
        return []
    ready = Simulated(race, known, parameters, known.circuit or said.event)
    listed = race.classification.filter(race.classification["position"] == 1)["car"].to_list()
    found = []
    for stage in STAGES:
        world = ready.world(max(int(np.ceil(stage * ready.run.laps)), 1))
        names = [world.names[car] for car in world.order]
        if not listed or listed[0] not in names:
            continue
        wins = (run(world, runs=RUNS, seed=SEED).finish == 1).sum(axis=0)[world.order]
        offset = np.log((wins + 0.5) / (RUNS + 0.5 * len(wins)))
        found.append((features(known, world)[world.order], offset, names.index(listed[0])))
    return found
