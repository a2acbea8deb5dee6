"""Results, grids and standings as OpenF1 tells them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import racecraft as rc
from racecraft.errors import RacecraftError
from racecraft.show.web.openf1 import keys
from racecraft.show.web.openf1.session import At, Row, difference, seconds

if TYPE_CHECKING:
    from collections.abc import Iterator


def session_result(at: At) -> list[Row]:
    """Result of a race or sprint, or of qualifying."""
    if at.kind == "qualifying":
        return list(_qualified(at))
    numbers, found = at.numbers(), []
    results = at.results
    first = results["time"].drop_nulls().head(1).to_list()
    for row in results.iter_rows(named=True):
        if row["driver"] not in numbers:
            continue
        status = row["status"] or ""
        behind: object = None
        if row["time"] is not None and first:
            behind = seconds(row["time"] - first[0])
        elif status.startswith("+"):
            behind = status.upper()
        text = row["position_text"] or ""
        found.append(
            {
                **at.keys,
                "driver_number": numbers[row["driver"]],
                "position": row["position"],
                "number_of_laps": row["laps"],
                "points": row["points"],
                "dnf": row["position"] is None and text not in ("D", "W", "F", "E"),
                "dns": text in ("W", "F"),
                "dsq": text in ("D", "E"),
                "duration": seconds(row["time"]),
                "gap_to_leader": behind,
            }
        )
    return found


def starting_grid(at: At) -> list[Row]:
    """Grid of the race, which stands with its qualifying."""
    if at.kind != "qualifying":
        return []
    numbers = at.numbers()
    best = {
        row["driver"]: next((row[name] for name in ("q3", "q2", "q1", "time") if row[name]), None)
        for row in at.season.qualifying.filter(event=at.event).iter_rows(named=True)
    }
    raced = at.season.results.filter(event=at.event, session="race").sort("grid", nulls_last=True)
    return [
        {
            **at.keys, "driver_number": numbers[code], "position": place,
            "lap_duration": seconds(best.get(code)),
        }
        for code, place in raced.select("driver", "grid").iter_rows()
        if code in numbers and place
    ]  # fmt: skip


def championship_drivers(at: At) -> list[Row]:
    """Places and points of the drivers before and after a race."""
    numbers = at.numbers()
    return [
        {**at.keys, "driver_number": numbers[code], **row}
        for code, row in _standing(at, "drivers").items()
        if code in numbers
    ]


def championship_teams(at: At) -> list[Row]:
    """Places and points of the teams before and after a race."""
    return [
        {**at.keys, "team_name": name, **row} for name, row in _standing(at, "constructors").items()
    ]


def _qualified(at: At) -> Iterator[Row]:
    numbers = at.numbers()
    table = at.season.qualifying.filter(event=at.event).sort("position", nulls_last=True)
    best = [table[name].drop_nulls().min() for name in ("q1", "q2", "q3")]
    for row in table.iter_rows(named=True):
        if row["driver"] not in numbers:
            continue
        parts = [row[name] for name in ("q1", "q2", "q3")]
        gaps = [difference(a, b) for a, b in zip(best, parts, strict=True)]  # type: ignore[arg-type]
        yield {
            **at.keys,
            "driver_number": numbers[row["driver"]],
            "position": row["position"],
            "number_of_laps": None,
            "dnf": False,
            "dns": False,
            "dsq": False,
            "duration": [seconds(time) for time in parts],
            "gap_to_leader": gaps,
        }


def _standing(at: At, kind: Any) -> dict[str, Row]:
    """Standings before and after a race; nothing where they cannot be worked out."""
    if at.kind != "race":
        return {}
    number = keys.parts_of(at.key)[1]  # type: ignore[index]
    who = "driver" if kind == "drivers" else "team"
    try:
        after = rc.standings(at.season, after=number, kind=kind)
        before = rc.standings(at.season, after=number - 1, kind=kind) if number > 1 else None
    except RacecraftError:
        return {}
    was = {} if before is None else {row[who]: row for row in before.iter_rows(named=True)}
    return {
        row[who]: {
            "position_start": was.get(row[who], {}).get("position"),
            "position_current": row["position"],
            "points_start": was.get(row[who], {}).get("points", 0.0),
            "points_current": row["points"],
        }
        for row in after.iter_rows(named=True)
    }
