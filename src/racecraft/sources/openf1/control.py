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
    held: dict[str, datetime] = {}
    yellow: set[object] = set()
    spans: list[tuple[datetime, datetime | None, str]] = []

    def begin(state: str, at: datetime) -> None:
        held.setdefault(state, at)

    def end(state: str, at: datetime) -> None:
        if state in held:
            spans.append((held.pop(state), at, state))

    for at, row in sorted(_dated(rows), key=lambda pair: pair[0]):
        flag, text = row.get("flag"), str(row.get("message") or "").upper()
        everywhere = row.get("scope") == "Track" or row.get("category") == "SessionStatus"
        if row.get("category") == "SafetyCar" and "DEPLOYED" in text:
            end("yellow", at)
            begin("VSC" if "VIRTUAL" in text or "VSC" in text else "SC", at)
        elif flag == "RED":
            for state in ("SC", "VSC", "yellow"):
                end(state, at)
            yellow.clear()
            begin("red", at)
        elif everywhere and (flag in ("GREEN", "CLEAR") or text in GOES_ON):
            for state in ("SC", "VSC", "red", "yellow"):
                end(state, at)
            yellow.clear()
        elif flag in ("YELLOW", "DOUBLE YELLOW"):
            yellow.add(row.get("sector"))
            if not held.keys() & {"SC", "VSC", "red"}:
                begin("yellow", at)
        elif flag == "CLEAR":
            yellow.discard(row.get("sector"))
            if not yellow:
                end("yellow", at)
        elif flag == "CHEQUERED":
            for state in list(held):
                end(state, at)
    spans += [(at, None, state) for state, at in held.items()]
    found = [
        {"from": max(since - zero, timedelta(0)), "to": until and until - zero, "state": state}
        for since, until, state in spans
        if until is None or until > zero
    ]
    return CONTROL.rows(_each_once(found)).sort("from")


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
