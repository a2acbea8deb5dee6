"""Runs on a Dask cluster are those of this process, though a worker dies."""

from __future__ import annotations

import os
import signal
import threading
import time
import warnings

import pytest

from racecraft.sim.executor import executor
from racecraft.sim.lapwise.simulate import simulate
from racecraft.sources.sample.sample import sample_race

distributed = pytest.importorskip("distributed")

SLOW_S = 0.4


def slow_square(number: int) -> int:
    time.sleep(SLOW_S)
    return number * number


@pytest.fixture(scope="module")
def cluster():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None,
            silence_logs=50,
        ) as running:  # fmt: skip
            yield running


@pytest.fixture
def scheduler(cluster) -> str:
    return cluster.scheduler_address.replace("tcp://", "dask://")


@pytest.mark.filterwarnings("ignore")
def test_a_simulation_on_a_cluster_is_the_same(scheduler: str) -> None:
    race = sample_race(19)
    asked = {"from_lap": 50, "runs": 20_000, "seed": 3}
    here = simulate(race, **asked, workers=1)
    there = simulate(race, **asked, workers=scheduler)
    assert here.finish.tobytes() == there.finish.tobytes()


@pytest.mark.filterwarnings("ignore")
def test_a_worker_that_is_killed_costs_nothing(cluster, scheduler: str) -> None:
    with distributed.Client(cluster.scheduler_address, set_as_default=False) as client:
        victim = next(iter(client.run(os.getpid).values()))
    killer = threading.Timer(2 * SLOW_S, os.kill, (victim, signal.SIGKILL))
    with executor(scheduler) as pool:
        results = pool.map(slow_square, range(12))
        killer.start()
        assert list(results) == [number * number for number in range(12)]
    killer.join()


@pytest.mark.filterwarnings("ignore")
def test_a_simulation_whose_worker_is_killed_is_the_same(cluster, scheduler: str) -> None:
    race = sample_race(19)
    asked = {"from_lap": 40, "runs": 80_000, "seed": 5}
    killed: list[int] = []

    def kill_one(what: str, done: int, of: int) -> None:
        del what
        if not killed and done < of:
            with distributed.Client(cluster.scheduler_address, set_as_default=False) as client:
                killed.append(next(iter(client.run(os.getpid).values())))
            os.kill(killed[0], signal.SIGKILL)

    there = simulate(race, **asked, workers=scheduler, progress=kill_one)
    assert killed
    here = simulate(race, **asked, workers=2)
    assert here.finish.tobytes() == there.finish.tobytes()
    assert not there.partial
