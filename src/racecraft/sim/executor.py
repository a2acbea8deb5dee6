"""Where work is done: in this process, in several here, or on a Dask cluster."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from racecraft.errors import ArgumentError, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Item = TypeVar("Item")
Result = TypeVar("Result")
Workers = int | str | None
DASK = "dask://"
ANSWERS_WITHIN = "10s"
RETRIES = 3  # of a task whose worker died


class Executor(Protocol):
    """Whatever can apply a function to many items and give the results in their order."""

    def map(self, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """Results of the function, in the order of the items."""
        ...


class Here:
    """In this process: one after the other, or in threads where a function lets go of the lock."""

    def __init__(self, threads: int = 1) -> None:
        self.threads = threads

    def map(self, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """Results in the order of the items, each as soon as it is known."""
        if self.threads == 1:
            yield from map(function, items)
            return
        with ThreadPoolExecutor(self.threads) as pool:
            yield from pool.map(function, items)


class Processes:
    """In processes of this machine."""

    def __init__(self, count: int) -> None:
        self.count = count

    def map(self, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """Results in the order of the items, each as soon as it is known."""
        items = list(items)
        count = min(self.count, len(items))
        if count <= 1:
            yield from map(function, items)
            return
        with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as pool:
            yield from pool.map(function, items)


class Dask:
    """On the workers of a Dask cluster; a task whose worker dies is done again by another."""

    def __init__(self, client: Any) -> None:
        self.client = client

    def map(self, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """Results in the order of the items, each as soon as it is known."""
        futures = [
            self.client.submit(function, item, retries=RETRIES, pure=False) for item in items
        ]
        for future in futures:
            yield future.result()


@contextmanager
def executor(workers: Workers, *, compiled: bool = False) -> Iterator[Executor]:
    """Executor that `workers` means.

    Parameters
    ----------
    workers
        How many on this machine (left out, one per core), or ``dask://HOST:PORT`` of a scheduler.
    compiled
        The function is compiled and lets go of the lock: threads do for it what processes do for
        others, and start at once.

    Raises
    ------
    ArgumentError
        It is neither a positive number nor the address of a Dask scheduler.
    UnreachableError
        No Dask scheduler answers there, or Dask is not installed.
    """
    if isinstance(workers, str) and workers.isdecimal():
        workers = int(workers)
    if isinstance(workers, str):
        if not workers.startswith(DASK):
            raise ArgumentError(
                f"workers {workers!r}: neither a number nor a Dask scheduler",
                hint="a number such as 4, or dask://HOST:PORT",
            )
        with _client(workers) as client:
            yield Dask(client)
        return
    count = (os.cpu_count() or 1) if workers is None else workers
    if count < 1:
        raise ArgumentError(f"workers={count}; expected 1 or more")
    yield Here(count) if compiled or count == 1 else Processes(count)


@contextmanager
def _client(address: str) -> Iterator[Any]:
    try:
        import distributed
    except ImportError as error:
        raise UnreachableError(
            "Dask is not installed", hint='pip install "racecraft[cluster]"'
        ) from error
    where = f"tcp://{address.removeprefix(DASK)}"
    try:
        client: Any = distributed.Client(  # type: ignore[no-untyped-call]
            where, timeout=ANSWERS_WITHIN, set_as_default=False
        )
    except (OSError, ValueError) as error:
        raise UnreachableError(
            f"no Dask scheduler answers at {address}", hint="dask scheduler starts one"
        ) from error
    try:
        yield client
    finally:
        client.close()
