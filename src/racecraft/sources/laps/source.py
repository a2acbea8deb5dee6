"""CSV files that FastF1's laps table was saved to, as ``data add laps`` reads them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from racecraft.sources.fastf1 import laps_csv
from racecraft.sources.source import Question, Source, tell

if TYPE_CHECKING:
    from racecraft.model.race import Race
    from racecraft.sources.source import Asked, Progress


def fetch(asked: Asked, progress: Progress | None = None) -> dict[str, bytes]:
    """Bytes of every file by its name."""
    files = {}
    for number, file in enumerate(asked["files"]):
        tell(progress, f"reading {file.name}", number, len(asked["files"]))
        files[str(file)] = laps_csv.fetch(file)
    return files


def parse(files: dict[str, bytes], asked: Asked) -> list[Race]:
    """Races of all files."""
    return [
        race
        for file, data in files.items()
        for race in laps_csv.parse(
            data, season=asked["season"], file=Path(file).name, session=asked["session"]
        )
    ]


SOURCE = Source(
    name="laps",
    reads="Races of CSV files that FastF1's laps table was saved to.",
    origin="CSV of FastF1's laps table",
    questions=(
        Question("files", "CSV of FastF1's laps table.", list[Path], "FILE"),
        Question("season", "Year; the table does not say.", int),
        Question(
            "session",
            "Left out, sprint where the name of FILE says so.",
            Literal["race", "sprint"] | None,
            default=None,
        ),
    ),
    fetch=fetch,
    parse=parse,
    gives={
        "crossings": "1 or 3 lines a lap",
        "tyres": "yes",
        "pit_visits": "yes",
        "control": "from the status of each lap",
    },
    example="racecraft data add laps grand_prix_2019.csv --season 2019",
)
