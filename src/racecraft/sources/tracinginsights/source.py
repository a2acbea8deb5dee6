"""TracingInsights, as ``data add tracinginsights`` and whoever lacks a race ask it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from racecraft.errors import ArgumentError
from racecraft.sources.source import OnDemand, Question, Source
from racecraft.sources.tracinginsights import session as repository

if TYPE_CHECKING:
    from racecraft.model.race import Race
    from racecraft.model.season import Season
    from racecraft.model.terms import SessionName
    from racecraft.sources.source import Asked, Progress

SINCE = 2018
_YEAR = re.compile(r"(?:19|20)\d\d")


def fetch(asked: Asked, progress: Progress | None = None) -> dict[str, bytes]:
    """Files of a session, from a folder or from the repository of its season."""
    where, telemetry = str(asked["where"]), bool(asked["telemetry"])
    if _YEAR.fullmatch(where) and asked["event"]:
        return repository.fetch_repository(
            int(where), asked["event"], asked["session"] or "race", telemetry=telemetry,
            progress=progress,
        )  # fmt: skip
    return repository.fetch_folder(_folder(asked), telemetry=telemetry, progress=progress)


def parse(files: dict[str, bytes], asked: Asked) -> list[Race]:
    """The race, with its season, event and session by the names of the folders."""
    where = str(asked["where"])
    if _YEAR.fullmatch(where) and asked["event"]:
        season, event = int(where), str(asked["event"])
        session: SessionName = asked["session"] or "race"
    else:
        season, event, session = _named(_folder(asked), asked)
    return [repository.parse(files, season=season, event=event, session=session)]


def of_race(
    season: Season, event: str, session: SessionName, progress: Progress | None = None
) -> list[Race]:
    """Race of the repositories, by its event in the calendar of a season."""
    name = season.events.filter(event=event)["name"].item()
    files = repository.fetch_repository(
        season.season, name, session, telemetry=False, progress=progress
    )
    return [repository.parse(files, season=season.season, event=name, session=session)]


def _folder(asked: Asked) -> Path:
    """Folder of a session: the one that was named, or the race or sprint in the one of an event."""
    folder = Path(asked["where"])
    inside = folder / repository.FOLDERS[asked["session"] or "race"]
    return inside if not any(folder.glob("*/laptimes.json")) and inside.is_dir() else folder


def _named(folder: Path, asked: Asked) -> tuple[int, str, SessionName]:
    """Season, event and session by the names of a folder and of those above it."""
    names = [path.name for path in (folder, *folder.resolve().parents)]
    session: SessionName = "sprint" if "sprint" in names[0].lower() else "race"
    event = str(asked["event"] or folder.resolve().parent.name)
    years = [found[0] for name in (event, *names) if (found := _YEAR.search(name))]
    season = asked["season"] or (int(years[0]) if years else None)
    if season is None:
        raise ArgumentError(
            f"{folder} does not say of which season it is", hint="say so with --season"
        )
    return season, _YEAR.sub("", event).strip(" -_") or event, asked["session"] or session


SOURCE = Source(
    name="tracinginsights",
    reads="One race of TracingInsights: a folder EVENT/SESSION, or a season and an event.",
    origin="TracingInsights: a folder of it, or its repositories",
    questions=(
        Question("where", "Folder of a session, or year of the season.", str, "FOLDER|SEASON"),
        Question("event", "Its name: 'Dutch Grand Prix'.", str | None, "[EVENT]", None),
        Question("season", "Year, where the folders do not say.", int | None, default=None),
        Question(
            "session", "Which race of the weekend.", Literal["race", "sprint"] | None, default=None
        ),
        Question(
            "telemetry", "What the cars measured on every lap too: far more.", bool, default=False
        ),
    ),
    fetch=fetch,
    parse=parse,
    gives={
        "crossings": "3 lines a lap, lap 1 by its telemetry",
        "tyres": "yes",
        "pit_visits": "by the tyres alone",
        "control": "from the status of each lap",
        "corners": "yes",
        "telemetry": "of lap 1; with --telemetry, of every lap",
        "positions": "likewise",
    },
    example="racecraft data add tracinginsights '2025/Dutch Grand Prix/Race' --telemetry",
    on_demand=OnDemand(rank=3, since=SINCE, race=of_race),
)
