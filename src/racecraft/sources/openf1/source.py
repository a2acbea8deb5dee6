"""OpenF1, as ``data add openf1`` and whoever lacks a race ask it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from racecraft.errors import UnreadableError
from racecraft.sources.openf1 import api
from racecraft.sources.openf1.race import race_of
from racecraft.sources.source import OnDemand, Question, Source

if TYPE_CHECKING:
    from racecraft.model.race import Race
    from racecraft.model.season import Season
    from racecraft.model.terms import SessionName
    from racecraft.sources.source import Asked, Progress


def fetch(asked: Asked, progress: Progress | None = None) -> dict[str, bytes]:
    """Answers about a session, from the API or from a folder of answers that somebody saved."""
    folder = Path(asked["season"])
    if folder.is_dir():
        return {path.stem: path.read_bytes() for path in folder.glob("*.json")}
    if not asked["season"].isdecimal() or asked["event"] is None:
        raise UnreadableError(
            f"{asked['season']}: no folder of answers; expected one, or a season and an event",
            hint="such as 'data add openf1 2025 \"Miami Grand Prix\"'",
        )
    return api.fetch(
        int(asked["season"]), asked["event"], asked["session"],
        telemetry=bool(asked.get("telemetry")), progress=progress,
    )  # fmt: skip


def parse(answers: dict[str, bytes], _: Asked) -> list[Race]:
    """The race that they tell."""
    return [race_of(answers)]


def of_race(
    season: Season, event: str, session: SessionName, progress: Progress | None = None
) -> list[Race]:
    """Race of the API, by its event in the calendar of a season."""
    name = season.events.filter(event=event)["name"].item()
    return [race_of(api.fetch(season.season, name, session, progress=progress))]


SOURCE = Source(
    name="openf1",
    reads="One race of the OpenF1 API, 2023 and later; not for commercial use.",
    origin="the HTTP API, or a folder of its answers",
    questions=(
        Question("season", "Year, or a folder of answers as JSON.", str, "SEASON|FOLDER"),
        Question("event", "Its name: 'Miami Grand Prix'.", str | None, "[EVENT]", None),
        Question(
            "session", "Which race of the weekend.", Literal["race", "sprint"], default="race"
        ),
        Question(
            "telemetry",
            "What the cars measured and where they were: two calls a car.",
            bool,
            default=False,
        ),
    ),
    fetch=fetch,
    parse=parse,
    gives={
        "crossings": "3 lines a lap",
        "tyres": "yes, set right by the stops",
        "pit_visits": "yes",
        "control": "to the second",
        "messages": "yes",
        "classification": "yes",
        "telemetry": "with `--telemetry`",
        "positions": "with `--telemetry`",
    },
    example="racecraft data add openf1 2025 'Miami Grand Prix' --session sprint",
    on_demand=OnDemand(rank=2, since=api.SINCE, race=of_race),
)
