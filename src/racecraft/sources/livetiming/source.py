"""The live timing archive, as ``data add livetiming`` and whoever lacks a race ask it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.sources.livetiming import archive
from racecraft.sources.source import OnDemand, Question, Source

if TYPE_CHECKING:
    from racecraft.model.race import Race
    from racecraft.model.season import Season
    from racecraft.model.terms import SessionName
    from racecraft.sources.source import Asked, Progress


def fetch(asked: Asked, progress: Progress | None = None) -> dict[str, bytes]:
    """Streams of a session."""
    return archive.fetch(asked["where"], telemetry=bool(asked.get("telemetry")), progress=progress)


def parse(files: dict[str, bytes], asked: Asked) -> list[Race]:
    """The race that they recorded, or all that a recording holds."""
    return archive.races(files, telemetry=bool(asked.get("telemetry")))


def of_race(
    season: Season, event: str, session: SessionName, progress: Progress | None = None
) -> list[Race]:
    """Race of the archive, by its event in the calendar of a season."""
    name = season.events.filter(event=event)["name"].item()
    asked = {"where": archive.find(season.season, name, session)}
    return parse(fetch(asked, progress), asked)


SOURCE = Source(
    name="livetiming",
    reads="One race of the live timing: a folder of streams, a recording, or an address.",
    origin="the live timing: a folder, a recording of FastF1's live client or JSON lines, a URL",
    questions=(
        Question("where", "Streams of a session, or a recording.", str, "FOLDER|FILE|URL"),
        Question(
            "telemetry",
            "What the cars measured and where they were.",
            bool,
            default=False,
        ),
    ),
    fetch=fetch,
    parse=parse,
    gives={
        "crossings": "about 25 lines a lap",
        "tyres": "yes",
        "pit_visits": "yes",
        "control": "to the millisecond",
        "messages": "yes",
        "classification": "provisional, no points",
        "telemetry": "with `--telemetry`",
        "positions": "with `--telemetry`",
    },
    on_demand=OnDemand(rank=1, since=2018, race=of_race),
)
