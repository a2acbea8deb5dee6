"""A writer is killed at any moment, and nothing that was stored is lost or mixed."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from conftest import examples
from racecraft.sources.sample.sample import sample_race
from racecraft.sources.sample.toy import toy_race
from racecraft.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator

WRITER = Path(__file__).with_name("writer.py")
KILLS = examples(30)


@contextmanager
def writing(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A process at work on a store, killed in the end."""
    command = [sys.executable, str(WRITER), str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        try:
            yield process
        finally:
            process.kill()


def assert_of_one_piece(store: Store) -> None:
    """What the writer's race says in its facts, crossings and lap chart is of one fetch."""
    race = store.load_race(2023, "toy")
    shift = race.crossings["time"] - toy_race().crossings["time"]
    assert shift.n_unique() == 1
    number = shift[0] // timedelta(microseconds=1)
    assert race.round == race.lap_chart["position"].item() == number % 99 + 1


def test_whatever_was_stored_survives_every_kill(tmp_path: Path) -> None:
    store = Store(tmp_path / "store", sample=False)
    kept = replace(sample_race(20), source="kept")
    store.add_race(kept)
    store.add_race(toy_race())
    chance = random.Random(20231105)  # noqa: S311
    for _ in range(KILLS):
        with writing(store.folder):
            time.sleep(chance.uniform(0.0, 0.15))
        faults = store.verify()
        assert faults.filter(~pl.col("harmless")).is_empty(), faults.to_dicts()
        assert store.load_race(2023, "são paulo").crossings.equals(kept.crossings)
    assert_of_one_piece(store)
    assert store.load_season(2023).results["points"].n_unique() == 1
    assert store.add_race(toy_race()) in ("updated", "unchanged"), "the lock died with its holder"


def test_a_reader_never_waits_and_never_sees_a_mixture(tmp_path: Path) -> None:
    store = Store(tmp_path / "store", sample=False)
    store.add_race(replace(toy_race(), round=1, lap_chart=pl.DataFrame(
        {"car": ["VER"], "lap": [1], "position": [1]})))  # fmt: skip
    seen = set()
    with writing(store.folder):
        until = time.monotonic() + 60  # a busy machine; 20 accounts take a second
        while len(seen) < 20 and time.monotonic() < until:
            assert_of_one_piece(store)
            seen.add(store.load_race(2023, "toy").round)
    assert len(seen) > 2, "the writer was at work meanwhile"


def test_writers_take_turns(tmp_path: Path) -> None:
    store = Store(tmp_path / "store", sample=False)
    with ExitStack() as all_of_them:
        for _ in range(3):
            all_of_them.enter_context(writing(store.folder))
        time.sleep(0.5)
    assert store.verify().filter(~pl.col("harmless")).is_empty()
    assert_of_one_piece(store)
