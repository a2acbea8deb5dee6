from __future__ import annotations

import operator
from functools import partial

import pytest

from racecraft.errors import ArgumentError, UnreachableError
from racecraft.sim.executor import executor

SQUARE = partial(pow, 2)


@pytest.mark.parametrize("workers", [1, 2, "2"])
@pytest.mark.parametrize("compiled", [False, True])
def test_results_come_in_order(workers: int | str, compiled: bool) -> None:
    with executor(workers, compiled=compiled) as pool:
        assert list(pool.map(SQUARE, range(5))) == [1, 2, 4, 8, 16]


@pytest.mark.parametrize("workers", [0, -1, "many"])
def test_workers_that_are_none(workers: int | str) -> None:
    with pytest.raises(ArgumentError), executor(workers):
        operator.not_(workers)


def test_a_scheduler_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr("racecraft.sim.executor.ANSWERS_WITHIN", "1s")
    with pytest.raises(UnreachableError, match="no Dask scheduler"), executor("dask://127.0.0.1:9"):
        operator.not_(0)
