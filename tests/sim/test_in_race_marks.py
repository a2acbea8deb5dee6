"""How good chances in a race are, gated at what is reached; `benchmarks/in_race.py` has all races.

The parameters are those that the races of 2018 and 2019 give, so that no race here was seen:
`racecraft sim fit --season 2018 --season 2019`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from own_seasons import season_of_laps, season_of_results
from racecraft.sim.executor import Here
from racecraft.sim.lapwise.parameters import read_parameters
from racecraft.sim.lapwise.simulate import prepared, run_world

if TYPE_CHECKING:
    from racecraft.sim.lapwise.runs import Runs

PARAMETERS = Path(__file__).parents[1] / "data" / "parameters" / "seen_2018_2019.json"
STAGES = (0.1, 0.25, 0.5, 0.75, 0.9)
RUNS, SEED, EVERY = 8000, 1, 2
SEASON = 2022


@pytest.fixture(scope="module")
def said(shared: Path) -> list[tuple[int, Runs, list[str]]]:
    """Stage, runs from there, and the cars as classified, of every second race of a season."""
    parameters = read_parameters(PARAMETERS)
    season, *history = (season_of_results(shared, SEASON - back) for back in (0, 1, 2))
    found = []
    for race in season_of_laps(shared, SEASON)[::EVERY]:
        ready = prepared(race, season=season, history=history, parameters=parameters)
        came = race.classification.sort("order")["car"].to_list()
        for number, stage in enumerate(STAGES):
            world = ready.world(int(np.ceil(stage * ready.run.laps)))
            runs = run_world(ready, world, runs=RUNS, seed=SEED, pool=Here(2))
            found.append((number, runs, came))
    return found


@pytest.mark.parametrize(("stage", "limit"), list(enumerate((1.072, 1.225, 0.601, 0.336, 0.147))))
def test_the_winner(said: list, stage: int, limit: float) -> None:
    here = [(runs, came) for number, runs, came in said if number == stage]
    loss = [-np.log((runs.chance(came[0]) * runs.runs + 0.5) / (runs.runs + 1))
            for runs, came in here]  # fmt: skip
    assert np.mean(loss) < limit


@pytest.mark.parametrize(
    ("stage", "limit"), list(enumerate((0.062, 0.0592, 0.0478, 0.0386, 0.0114)))
)
def test_the_podium(said: list, stage: int, limit: float) -> None:
    here = [(runs, came) for number, runs, came in said if number == stage]
    score = [
        np.mean([(runs.chance(car, within=3) - (car in came[:3])) ** 2
                 for car in came if car in runs.cars])
        for runs, came in here
    ]  # fmt: skip
    assert np.mean(score) < limit


def test_said_and_came_agree(said: list) -> None:
    rows = [(runs.chance(car, within=3), car in came[:3]) for _, runs, came in said
            for car in runs.cars]  # fmt: skip
    chance, came = np.array(rows).T
    group = np.minimum((chance * 10).astype(int), 9)
    error = sum(
        abs(chance[group == g].mean() - came[group == g].mean()) * (group == g).mean()
        for g in np.unique(group)
    )
    assert error < 0.03
