"""What race control declared, from its messages, which are dated to the second."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from racecraft.model.race import CONTROL

if TYPE_CHECKING:
    import polars as pl

    from racecraft.sources.openf1.api import Rows


def control_of(rows: Rows, zero: datetime) -> pl.DataFrame:
    """Return ``CONTROL`` of the messages of race control.

    A safety car is out until the track is clear or the light green again, a red flag until the
    session goes on. Yellow flags stand for the track while any sector shows one.
    """
    track = _Track()
    for at, row in sorted(_dated(rows), key=lambda pair: pair[0]):
        track.hear(at, row)
    spans = [*track.spans, *((at, None, state) for state, at in track.held.items())]
    found = {
        (since, state): {
            "from": max(since - zero, timedelta(0)), "to": until and until - zero, "state": state,
        }
        for since, until, state in spans
        if until is None or until > zero
    }  # fmt: skip
    return CONTROL.rows(_each_once(list(found.values()))).sort("from")


class _Track:
    """What holds on the track while the messages are read."""

    def __init__(self) -> None:
        self.held: dict[str, datetime] = {}
        self.yellow: set[object] = set()
        self.spans: list[tuple[datetime, datetime | None, str]] = []

    def hear(self, at: datetime, row: dict[str, Any]) -> None:
        flag, text = row.get("flag"), str(row.get("message") or "").upper()
        everywhere = row.get("scope") == "Track" or row.get("category") == "SessionStatus"
        if row.get("category") == "SafetyCar" and "DEPLOYED" in text:
            self._end(at, "yellow")
            self.held.setdefault("VSC" if "VIRTUAL" in text or "VSC" in text else "SC", at)
        elif flag == "RED":
            self._end(at, "SC", "VSC", "yellow")
            self.yellow.clear()
            self.held.setdefault("red", at)
        elif flag == "CHEQUERED" or (everywhere and (flag in CLEAR or text in GOES_ON)):
            self._end(at, *self.held)
            self.yellow.clear()
        elif flag is not None:
            self._sector(at, str(flag), row.get("sector"))

    def _sector(self, at: datetime, flag: str, sector: object) -> None:
        """A flag that is shown in one sector."""
        if flag in ("YELLOW", "DOUBLE YELLOW"):
            self.yellow.add(sector)
            if not self.held.keys() & {"SC", "VSC", "red"}:
                self.held.setdefault("yellow", at)
        elif flag == "CLEAR":
            self.yellow.discard(sector)
            if not self.yellow:
                self._end(at, "yellow")

    def _end(self, at: datetime, *states: str) -> None:
        for state in states:
            if state in self.held:
                self.spans.append((self.held.pop(state), at, state))


CLEAR = ("GREEN", "CLEAR")
GOES_ON = ("SESSION STARTED", "SESSION RESUMED", "SESSION FINISHED")


def _each_once(rows: list[dict[str, Any]]) -> list[dict[str, object]]:
    return list({(row["from"], row["state"]): row for row in rows}.values())


def _dated(rows: Rows) -> list[tuple[datetime, dict[str, Any]]]:
    found = []
    for row in rows:
        try:
            found.append((datetime.fromisoformat(str(row.get("date"))).astimezone(UTC), row))
        except (ValueError, OverflowError):
            continue
    return found
