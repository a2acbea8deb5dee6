"""A session loaded by the FastF1 library, as ``data add fastf1`` reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from racecraft.sources.fastf1 import session as library
from racecraft.sources.source import EVENT, SEASON, Question, Source

if TYPE_CHECKING:
    from racecraft.model.race import Race
    from racecraft.sources.fastf1.session import Session
    from racecraft.sources.source import Asked, Progress


def fetch(asked: Asked, _: Progress | None = None) -> tuple[Session, Any]:
    """Session as the library loads it, and the corners of its circuit with the telemetry."""
    event = str(asked["event"])
    loaded = library.fetch(
        asked["season"],
        int(event) if event.isdecimal() else event,
        asked["session"],
        telemetry=asked["telemetry"],
    )
    return loaded, library.fetch_corners(loaded) if asked["telemetry"] else None


def parse(fetched: tuple[Session, Any], _: Asked) -> list[Race]:
    """The race of that session."""
    loaded, corners = fetched
    return [library.parse(loaded, corners=corners)]


def from_fastf1(session: Session) -> Race:
    """Race of a session that somebody loaded by the FastF1 library himself.

    Parameters
    ----------
    session
        After its ``load()``: the race or the sprint. Telemetry is read where it was loaded.

    Raises
    ------
    UnreadableError
        It was not loaded, or a table of it is not what it should be.
    ArgumentError
        It is practice or qualifying.
    """
    return library.parse(session)


SOURCE = Source(
    name="fastf1",
    reads="One race as the FastF1 library loads it; needs the extra racecraft[fastf1].",
    origin="a session loaded by FastF1, with the extra",
    questions=(
        SEASON,
        EVENT,
        Question(
            "session", "Which race of the weekend.", Literal["race", "sprint"], default="race"
        ),
        Question(
            "telemetry",
            "Speed, throttle, brakes and positions too: far more to fetch.",
            bool,
            default=False,
        ),
    ),
    fetch=fetch,
    parse=parse,
    gives={
        "crossings": "3 lines a lap",
        "tyres": "yes",
        "pit_visits": "yes",
        "control": "yes",
        "messages": "yes",
        "corners": "with `--telemetry`",
        "telemetry": "with `--telemetry`",
        "positions": "with `--telemetry`",
        "classification": "yes",
    },
)
