"""The compiled loop is kept, and needs its compiler once."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

from racecraft.errors import ArgumentError
from racecraft.sim.lapwise import compiled
from racecraft.sim.lapwise.quantiles import exponential_quantiles, normal_quantiles
from racecraft.sim.lapwise.simulate import prepared, simulate
from racecraft.sim.lapwise.world import run
from racecraft.sim.moments.moments import moments
from racecraft.sources.sample.sample import sample_race

if TYPE_CHECKING:
    from pathlib import Path

AGAIN = """
import sys
from racecraft.sim.lapwise.simulate import simulate
from racecraft.sources.sample.sample import sample_race
print(simulate(sample_race(20), from_lap=60, runs=200, seed=3).finish.sum(axis=0).tolist())
print("numba" in sys.modules)
"""


def test_what_was_compiled_once_is_run_without_the_compiler() -> None:
    here = simulate(sample_race(20), from_lap=60, runs=200, seed=3).finish.sum(axis=0).tolist()
    assert compiled.is_kept()
    told = subprocess.run([sys.executable, "-c", AGAIN], capture_output=True, text=True, check=True)
    assert told.stdout.splitlines() == [str(here), "False"]


def test_a_loop_kept_elsewhere_is_written_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready = prepared(sample_race(20))
    before = run(ready.world(69), runs=20, seed=1).finish
    monkeypatch.setattr(compiled, "_folders", lambda: (tmp_path / "none" / "yet",))
    assert not compiled.is_kept()
    compiled._loaded.cache_clear()
    assert np.array_equal(run(ready.world(69), runs=20, seed=1).finish, before)
    assert compiled.is_kept()
    assert [file.suffix for file in (tmp_path / "none" / "yet").iterdir()] == [".o"]


def test_arrays_with_gaps_are_refused() -> None:
    with pytest.raises(ArgumentError, match="without gaps"):
        compiled._words(np.zeros((4, 4))[:, 1])


def test_moments_are_the_same_with_however_many_workers() -> None:
    race = sample_race(20)
    one, two = (moments(race, runs=60, workers=count) for count in (1, 2))
    assert one.equals(two)


def test_laws_of_chance_have_the_mean_and_spread_of_theirs() -> None:
    assert normal_quantiles().mean() == pytest.approx(0, abs=1e-9)
    assert normal_quantiles().std() == pytest.approx(1)
    assert exponential_quantiles().mean() == pytest.approx(1)
    assert (exponential_quantiles() > 0).all()
