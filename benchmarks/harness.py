"""Measure something several times, and say it in one line: median, spread, peak memory, mark."""

from __future__ import annotations

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from racecraft.model.race import Race
    from racecraft.store.store import Store

MARKS_FILE = "RACECRAFT_MARKS"  # where run_all.py collects what its scripts measured


@dataclass(frozen=True)
class Mark:
    """What was measured, once per run, and the limits it must keep: none above, none below."""

    what: str
    values: tuple[float, ...]
    unit: str = "s"
    limit: float | None = None
    least: float | None = None
    peak_mb: float | None = None
    note: str = ""

    @property
    def median(self) -> float:
        """The figure that is quoted."""
        return statistics.median(self.values)

    @property
    def met(self) -> bool:
        """Whether the median is within the limits; so is everything without any."""
        return self.keeps(self.median)

    def keeps(self, value: float) -> bool:
        """Whether a value is within the limits."""
        above = self.least is None or value >= self.least
        return above and (self.limit is None or value <= self.limit)

    @property
    def limits(self) -> str:
        """The limits in words; empty without any."""
        if self.least is None:
            return "" if self.limit is None else f"{self.limit:g} {self.unit}".strip()
        if self.limit is None:
            return f"{self.least:g} {self.unit} or more"
        return f"{self.least:g} to {self.limit:g} {self.unit}".strip()


def timed(
    what: str,
    call: Callable[[], object],
    *,
    runs: int = 5,
    limit: float | None = None,
    note: str = "",
) -> Mark:
    """Time a call in this process, after one run that does not count.

    The peak is that of the whole process so far.
    """
    call()
    values = []
    for _ in range(runs):
        began = time.perf_counter()
        call()
        values.append(time.perf_counter() - began)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Mark(what, tuple(values), limit=limit, peak_mb=peak_mb, note=note)


def process(
    what: str,
    command: Sequence[str | Path],
    *,
    runs: int = 7,
    limit: float | None = None,
    env: dict[str, str] | None = None,
    before: Callable[[], object] | None = None,
    note: str = "",
) -> Mark:
    """Wall time of a whole process, from its start to its end, after one run that does not count.

    The peak is the largest of any run; ``before`` is called before each.
    """
    values, peaks = [], []
    for _ in range(runs + 1):
        if before is not None:
            before()
        began = time.perf_counter()
        child = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env=os.environ | (env or {}),
        )
        _, status, used = os.wait4(child.pid, 0)
        values.append(time.perf_counter() - began)
        peaks.append(used.ru_maxrss / 1024)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise subprocess.CalledProcessError(child.returncode, child.args)
    return Mark(
        what,
        tuple(values[1:]),
        limit=limit,
        peak_mb=max(peaks),
        note=note,
    )


def show(marks: Sequence[Mark]) -> int:
    """Print the marks, pass them on to run_all.py, and return 1 if one was missed."""
    table = Table(box=None, header_style="bold")
    table.add_column("measured", min_width=30)
    for column in ("median", "spread", "runs", "mark", "peak memory"):
        table.add_column(column, justify="right")
    table.add_column("note")
    for mark in marks:
        table.add_row(*cells(mark))
    Console(width=160 if not sys.stdout.isatty() else None).print(table)
    if collected := os.environ.get(MARKS_FILE):
        with Path(collected).open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(asdict(mark)) + "\n" for mark in marks)
    return int(not all(mark.met for mark in marks))


def cells(mark: Mark) -> list[str]:
    """Return what a table says of one mark."""
    return [
        mark.what,
        f"{mark.median:.4g} {mark.unit}".strip(),
        f"{min(mark.values):.3g} to {max(mark.values):.3g}" if len(mark.values) > 1 else "",
        str(len(mark.values)),
        mark.limits if mark.met else f"{mark.limits}: MISSED",
        "" if mark.peak_mb is None else f"{mark.peak_mb:.0f} MB",
        mark.note,
    ]


def machine() -> str:
    """Return what everything was measured on."""
    cores = len(os.sched_getaffinity(0))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{cores} cores, {memory:.0f} GiB of memory, {platform.machine()}, "
        f"{platform.system()}, Python {platform.python_version()}"
    )


def shared() -> Path | None:
    """Folder of the public data files, which are no part of the project; None where absent."""
    folder = Path(os.environ.get("RACECRAFT_SHARED", Path(__file__).parents[2] / "shared"))
    return folder if folder.is_dir() else None


def season_of_laps(season: int, *, filled: bool = False) -> list[Race]:
    """Every Grand Prix of a season, from the public data files.

    ``filled`` ones have grid and classification too.
    """
    from racecraft.sources.ergast import dump
    from racecraft.sources.fastf1 import laps_csv
    from racecraft.store.merge.fill import fill_from_season

    folder = shared()
    if folder is None:
        return []
    file = folder / "data" / "laps" / f"grand_prix_{season}.csv"
    races = laps_csv.parse(laps_csv.fetch(file), season=season, file=file.name)
    if not filled:
        return races
    tables = dump.fetch(folder / "data" / "ergast")
    (known,), _ = dump.parse(tables, seasons=[season])
    return [fill_from_season(race, known) for race in races]


@contextmanager
def stored_laps(season: int | None = None, file: Path | None = None) -> Iterator[Store]:
    """Store of every Grand Prix of the public laps files, and of one file more; gone afterwards."""
    from racecraft.store.store import Store

    folder = shared()
    with tempfile.TemporaryDirectory() as place:
        files = {} if folder is None else {
            int(one.stem.rpartition("_")[2]): one
            for one in sorted((folder / "data" / "laps").glob("grand_prix_*.csv"))
        }  # fmt: skip
        if season is not None and file is not None:
            files[season] = file
        for year, one in sorted(files.items()):
            command = ["data", "add", "laps", one, "--season", str(year), "--store", place]
            subprocess.run(
                [sys.executable, "-m", "racecraft", *map(str, command)],
                check=True,
                stdout=subprocess.DEVNULL,
            )
        yield Store(place)
