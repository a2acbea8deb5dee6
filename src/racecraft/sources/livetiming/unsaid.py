"""What nobody said of a race under way: whoever joins late may be told only what changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from racecraft.sources.livetiming.stream import Update

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

FILE = "live timing"


def unsaid(
    streams: Mapping[str, Sequence[Update]], timed: Iterable[str], day: date
) -> tuple[dict[str, list[Update]], list[str]]:
    """Streams in which what was not said is made up for, and what is to be doubted for it.

    Parameters
    ----------
    streams
        What was said.
    timed
        Numbers of the cars that the timing knows.
    day
        On which the race is run.
    """
    made: dict[str, list[Update]] = {}
    reasons = []
    if not _is_said(streams.get("SessionInfo", ()), "Meeting"):
        info: dict[str, Any] = {"Meeting": {"Name": f"Unnamed Race {day}"}, "Type": "Race",
                                "Name": "Race", "StartDate": day.isoformat()}  # fmt: skip
        made["SessionInfo"] = [Update(0, info, FILE, 0)]
        reasons.append("nobody said which session it is: taken for a race")
    listed = streams.get("DriverList", ())
    if not any("Tla" in said for update in listed for said in _fields(update.data)):
        cars = {number: {"RacingNumber": number, "Tla": number} for number in timed}
        made["DriverList"] = [Update(0, cars, FILE, 0)]
        reasons.append("nobody said who drives which car: cars go by their numbers")
    return made, reasons


def _is_said(updates: Iterable[Update], field: str) -> bool:
    return any(field in update.data for update in updates)


def _fields(data: dict[str, Any]) -> Iterable[dict[str, Any]]:
    return (value for value in data.values() if isinstance(value, dict))
