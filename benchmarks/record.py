"""Every race and sprint of the record told by its result, offline: how long each takes.

Time is that of the processor: what else runs on the machine does not count.
"""

from __future__ import annotations

import contextlib
import io
import sys
import tempfile
import time
from pathlib import Path

from harness import Mark, show
from rich.console import Console
from rich.table import Table

import racecraft as rc
from racecraft.cli.outcome import told_by_result
from racecraft.cli.verb import Asked
from racecraft.sources.record.years import FIRST, LAST

LIMIT_S = 1.0  # what one race may take, once Python runs
DECADE = 10


def main() -> list[Mark]:
    took: dict[tuple[int, str, str], float] = {}
    failed: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder)
        for season in range(FIRST, LAST + 1):
            for event, session in sessions(store, season):
                began = time.process_time()
                try:
                    told = silently(store, season, event, session)
                except rc.RacecraftError as error:
                    failed.append(f"{season} {event} {session}: {error.message}")
                    continue
                if told:
                    took[season, event, session] = time.process_time() - began
                elif (season, session) != (2023, "race"):
                    failed.append(f"{season} {event} {session}: no answer")
    _print(took)
    for line in failed:
        print(line)
    races = [seconds for (_, _, session), seconds in took.items() if session == "race"]
    return [
        Mark("races told by their result", (float(len(races)),), unit="races",
             note="the sample has the timing of two more"),
        Mark("races without an answer", (float(len(failed)),), unit="races", limit=0),
        Mark("a race told by its result, the slowest", (max(took.values()),), limit=LIMIT_S),
        Mark("a race told by its result", tuple(took.values())),
    ]  # fmt: skip


def sessions(store: Path, season: int) -> list[tuple[str, str]]:
    """Races and sprints of a season that have a result."""
    results = rc.load_season(season, store=store).results
    return list(results.select("event", "session").unique(maintain_order=True).iter_rows())


def silently(store: Path, season: int, event: str, session: str) -> bool:
    """Tell one race as the command does, to nobody."""
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with contextlib.redirect_stdout(out):
        asked = Asked(session=session, store=store)  # type: ignore[arg-type]
        return told_by_result(asked, season, event)


def _print(took: dict[tuple[int, str, str], float]) -> None:
    table = Table(title="races and sprints by decade", box=None, header_style="bold")
    for column in ("decade", "told", "median ms", "slowest ms", "which"):
        table.add_column(column, justify="left" if column == "which" else "right")
    for decade in sorted({season // DECADE * DECADE for season, _, _ in took}):
        own = {key: s for key, s in took.items() if key[0] // DECADE * DECADE == decade}
        slowest = max(own, key=lambda key: own[key])
        middle = sorted(own.values())[len(own) // 2]
        table.add_row(
            f"{decade}s",
            str(len(own)),
            f"{middle * 1000:.0f}",
            f"{own[slowest] * 1000:.0f}",
            " ".join(map(str, slowest)),
        )
    Console(width=120).print(table)


if __name__ == "__main__":
    sys.exit(show(main()))
