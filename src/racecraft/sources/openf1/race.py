"""From the answers of OpenF1 about a session to the race they tell."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from racecraft.errors import UnreadableError
from racecraft.model.race import (
    CLASSIFICATION,
    CROSSINGS,
    DOUBTS,
    ENTRIES,
    LAP_CHART,
    LINES,
    MESSAGES,
    PIT_VISITS,
    TYRES,
    Race,
    is_event_name,
)
from racecraft.model.terms import COMPOUNDS, THE_LINE
from racecraft.sources.livetiming.control import deleted_laps
from racecraft.sources.openf1 import api
from racecraft.sources.openf1.clock import Clock, clocks
from racecraft.sources.openf1.control import control_of
from racecraft.sources.openf1.samples import with_samples

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from racecraft.model.terms import SessionName
    from racecraft.sources.openf1.api import Rows

ENDS = ("S1", "S2", THE_LINE)
AFTER_THE_LINE = timedelta(seconds=1)  # until the order at the Line has been sent
NEAR_LAPS = 1  # between a stop and the first lap of a set, as two feeds number them


def race_of(answers: Mapping[str, bytes]) -> Race:
    """Race of the answers that `racecraft.sources.openf1.api.fetch` gives.

    Raises
    ------
    UnreadableError
        An answer is missing or none; or the session is neither a race nor a sprint.

    Notes
    -----
    Lap and sector times are exact and tie the lines of a car to one another. Where they lie in time
    is the median of the dates at which its laps began; gaps at the Line, exact too, tie the cars.
    Dates of lap 1 are those of the start itself, so its time is as good as they are.
    """
    told = {
        name: api.rows_of(name, body)
        for name, body in answers.items()
        if not name.startswith((api.CAR_DATA, api.LOCATION))
    }
    for name in api.NEEDED:
        if not told.get(name):
            raise UnreadableError(f"openf1: no {name}; expected the answers about a session")
    facts = _facts(told)
    codes = _codes(told["drivers"])
    zero, clock = _lights_out(told)
    times = clocks(told["laps"], told.get("intervals", []), codes, flag=_flag(told))
    if not times:
        raise UnreadableError("openf1 laps: no lap is timed; expected lap_duration")
    doubts: list[dict[str, object]] = [
        {"table": table, "reason": reason} for table, reason in _silences(told, clock)
    ]
    doubts += [{"table": "crossings", **doubt} for car in times.values() for doubt in car.doubts]
    messages = _messages(told.get("race_control", []), codes, zero)
    visits, of_visits = _visits(told.get("pit", []), codes, times, zero)
    tyres, of_tyres = _tyres(told.get("stints", []), codes, visits, times)
    race = Race(
        **facts,
        round=None,
        source=api.SOURCE,
        clock=clock,
        entries=_entries(told, codes),
        lines=LINES.rows(
            [{"line": line, "order": n, "sector": n} for n, line in enumerate(ENDS, 1)]
        ),
        crossings=_crossings(times, zero),
        lap_chart=_lap_chart(told, codes, times, messages),
        tyres=tyres,
        control=control_of(told.get("race_control", []), zero),
        messages=messages,
        pit_visits=visits,
        classification=_classification(told, codes),
        doubts=DOUBTS.rows([*doubts, *of_visits, *of_tyres]),
    )
    return with_samples(race, answers, zero)


def moment(text: object) -> datetime | None:
    """Moment of a date such as ``2025-05-03T16:28:05.582000+00:00``; None where it is none."""
    try:
        return datetime.fromisoformat(str(text)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _facts(told: Mapping[str, Rows]) -> dict[str, Any]:
    """Season, name, session and day."""
    session = told["sessions"][0]
    kinds: dict[object, SessionName] = {"Race": "race", "Sprint": "sprint"}
    kind = kinds.get(session.get("session_name"))
    began = moment(session.get("date_start"))
    if kind is None or began is None:
        name = str(session.get("session_name"))[:40]
        raise UnreadableError(f"openf1 sessions: {name!r}; expected a race or a sprint")
    meeting = told.get("meetings") or [{}]
    name = str(meeting[0].get("meeting_name") or f"{session.get('country_name')} Grand Prix")
    if not is_event_name(name):
        raise UnreadableError(f"openf1 meetings: {name[:40]!r}; expected the name of an event")
    year = session.get("year")
    season = year if isinstance(year, int) else began.year
    return {"season": season, "name": name, "session": kind, "date": began.date()}


def _codes(drivers: Rows) -> dict[int, str]:
    """Codes by the number on the car."""
    return {
        row["driver_number"]: str(row["name_acronym"])
        for row in drivers
        if isinstance(row.get("driver_number"), int) and row.get("name_acronym")
    }


def _lights_out(told: Mapping[str, Rows]) -> tuple[datetime, str]:
    """Lights out: when the session started, else when most cars began lap 1."""
    for row in told.get("race_control", []):
        began = moment(row.get("date"))
        if row.get("message") == "SESSION STARTED" and began is not None:
            return began, "lights_out"
    begun = [d for row in told["laps"] if row.get("lap_number") == 1
             if (d := moment(row.get("date_start"))) is not None]  # fmt: skip
    if begun:
        return sorted(begun)[len(begun) // 2], "lights_out"
    first = min((d for row in told["laps"] if (d := moment(row.get("date_start")))), default=None)
    if first is None:
        raise UnreadableError("openf1 laps: no date_start on any lap; expected dates")
    return first, "session"


def _flag(told: Mapping[str, Rows]) -> datetime | None:
    """When the chequered flag was shown, to the second."""
    for row in told.get("race_control", []):
        if row.get("flag") == "CHEQUERED":
            return moment(row.get("date"))
    return None


def _silences(told: Mapping[str, Rows], clock: str) -> list[tuple[str, str]]:
    known = [
        ("control", "race_control", "flags and safety cars are not in these answers"),
        ("tyres", "stints", "tyres are not in these answers"),
        ("pit_visits", "pit", "no visit to the pit lane is in these answers"),
        ("classification", "session_result", "order on the road when the session ended; what was "
         "decided later is not in it"),
    ]  # fmt: skip
    found = [(table, reason) for table, name, reason in known if not told.get(name)]
    found.append(
        ("crossings", "placed by the dates of laps and by the gaps at the Line: all times may be "
         "off together, by some tenths of a second")
    )  # fmt: skip
    if clock == "session":
        found.append(("crossings", "lights out is not recorded: times are since the first lap"))
    return found


def _crossings(times: Mapping[str, Clock], zero: datetime) -> pl.DataFrame:
    rows = [
        {"car": code, "lap": lap, "line": ENDS[sector], "time": at - zero, "basis": "timed"}
        for code, car in times.items()
        for (lap, sector), at in sorted(car.at.items())
        if at > zero
    ]
    return CROSSINGS.rows(rows)


def _lap_chart(
    told: Mapping[str, Rows],
    codes: Mapping[int, str],
    times: Mapping[str, Clock],
    messages: pl.DataFrame,
) -> pl.DataFrame:
    """Lap times, and the place that had been sent just after each lap."""
    places: dict[str, list[tuple[datetime, int]]] = {code: [] for code in codes.values()}
    for row in told.get("position", []):
        at, code = moment(row.get("date")), codes.get(row.get("driver_number", -1))
        if at is not None and code is not None and isinstance(row.get("position"), int):
            places[code].append((at, row["position"]))
    deleted = deleted_laps(messages, {str(number): code for number, code in codes.items()})
    rows = []
    for code, car in times.items():
        for (lap, sector), end in sorted(car.at.items()):
            if sector != len(ENDS) - 1:
                continue
            before = [place for at, place in sorted(places[code]) if at <= end + AFTER_THE_LINE]
            rows.append(
                {
                    "car": code,
                    "lap": lap,
                    "position": before[-1] if before else None,
                    "lap_time": car.lap_time.get(lap) if lap > 1 else None,
                    "deleted": (code, lap) in deleted,
                }
            )
    return LAP_CHART.rows(rows)


def _messages(rows: Rows, codes: Mapping[int, str], zero: datetime) -> pl.DataFrame:
    return MESSAGES.rows(
        [
            {
                "time": at - zero if (at := moment(row.get("date"))) else None,
                "lap": _whole(row.get("lap_number")),
                "category": row.get("category"),
                "flag": row.get("flag"),
                "sector": _whole(row.get("sector")),
                "car": codes.get(row.get("driver_number") or -1),
                "text": str(row.get("message") or ""),
            }
            for row in rows
        ]
    )


def _visits(
    rows: Rows, codes: Mapping[int, str], times: Mapping[str, Clock], zero: datetime
) -> tuple[pl.DataFrame, list[dict[str, object]]]:
    """Visits to the pits; their lap is the one under way by the clock, whatever number it bears."""
    found: dict[tuple[str, int], dict[str, object]] = {}
    doubts: list[dict[str, object]] = []
    for row in rows:
        code, said = codes.get(row.get("driver_number") or -1), _whole(row.get("lap_number"))
        lane = row.get("lane_duration", row.get("pit_duration"))
        stay = timedelta(seconds=lane) if isinstance(lane, int | float) and 0 < lane < 1e5 else None
        out = moment(row.get("date"))
        if code is None or code not in times or said is None:
            continue
        entered = out - stay if out is not None and stay is not None else None
        lap = times[code].lap_at(entered) if entered is not None else said
        if lap is None or entered is None or entered <= zero:
            lap = said
        if lap != said:
            reason = f"lap {said} by the source, lap {lap} by the clock"
            doubts.append({"table": "pit_visits", "car": code, "lap": lap, "reason": reason})
        found[code, lap] = {
            "car": code, "lap": lap, "duration": stay,
            "time_in": None if entered is None else entered - zero,
            "time_out": None if out is None else out - zero,
        }  # fmt: skip
    return PIT_VISITS.rows(list(found.values())), doubts


def _tyres(
    rows: Rows, codes: Mapping[int, str], visits: pl.DataFrame, times: Mapping[str, Clock]
) -> tuple[pl.DataFrame, list[dict[str, object]]]:
    """Sets of tyres; one that begins where no stop was made begins at the stop instead.

    A set that is listed before the start is closed after lap 1, and the next is said to begin on
    lap 2, whenever the stop was.
    """
    sets: list[dict[str, object]] = []
    doubts: list[dict[str, object]] = []
    stops: dict[str, list[int]] = {}
    for car, lap in visits.select("car", "lap").sort("car", "lap").rows():
        stops.setdefault(car, []).append(lap)
    for number, code in codes.items():
        stints = sorted(
            (row for row in rows if row.get("driver_number") == number),
            key=lambda row: _whole(row.get("stint_number")) or 0,
        )
        begun = [_whole(row.get("lap_start")) or 1 for row in stints]
        fitted = _fitted(begun, [lap + 1 for lap in stops.get(code, [])])
        for row, said, lap in zip(stints, begun, fitted, strict=True):
            if lap is None or (code in times and lap > times[code].last + 1):
                reason = f"a set from lap {said} on, though no stop was made: left out"
                doubts.append({"table": "tyres", "car": code, "lap": said, "reason": reason})
                continue
            if lap != said:
                reason = f"a set from lap {said} on by the source, from lap {lap} on by the stops"
                doubts.append({"table": "tyres", "car": code, "lap": lap, "reason": reason})
            age, name = _whole(row.get("tyre_age_at_start")), str(row.get("compound")).lower()
            compound = name if name in COMPOUNDS else None
            sets.append({"car": code, "lap": lap, "compound": compound, "age": age})
    return TYRES.rows(list({(s["car"], s["lap"]): s for s in sets}.values())), doubts


def _fitted(begun: list[int], after_stops: list[int]) -> list[int | None]:
    """First laps of sets, moved to the stops they belong to; None where there is no stop left."""
    fitted: list[int | None] = []
    left = sorted(after_stops)
    for place, lap in enumerate(begun):
        near = [stop for stop in left if abs(stop - lap) <= NEAR_LAPS]
        if place == 0:
            fitted.append(1)
        elif near:
            fitted.append(near[0])
            left = [stop for stop in left if stop > near[0]]
        elif left:
            fitted.append(left.pop(0))
        else:
            fitted.append(None)
    return fitted


def _entries(told: Mapping[str, Rows], codes: Mapping[int, str]) -> pl.DataFrame:
    grid = {row.get("driver_number"): _whole(row.get("position"))
            for row in told.get("starting_grid", [])}  # fmt: skip
    rows = {
        code: {
            "car": code,
            "number": str(row["driver_number"]),
            "given_name": row.get("first_name"),
            "family_name": row.get("last_name"),
            "team": row.get("team_name"),
            "grid": grid.get(row["driver_number"]) or None,
        }
        for row in told["drivers"]
        if (code := codes.get(row.get("driver_number") or -1))
    }
    return ENTRIES.rows(list(rows.values()))


def _classification(told: Mapping[str, Rows], codes: Mapping[int, str]) -> pl.DataFrame:
    """The official result, where it was fetched; times as the winner's and the gaps to it."""
    rows = [row for row in told.get("session_result", []) if row.get("driver_number") in codes]
    rows.sort(key=lambda row: (row.get("position") is None, row.get("position") or 0,
                               -(row.get("number_of_laps") or 0)))  # fmt: skip
    teams = {row.get("driver_number"): row.get("team_name") for row in told["drivers"]}
    grid = {row.get("driver_number"): _whole(row.get("position"))
            for row in told.get("starting_grid", [])}  # fmt: skip
    return CLASSIFICATION.rows(
        [
            {
                "order": order,
                "position": _whole(row.get("position")),
                "position_text": _position_text(row),
                "car": codes[row["driver_number"]],
                "number": str(row["driver_number"]),
                "team": teams.get(row["driver_number"]),
                "grid": grid.get(row["driver_number"]) or None,
                "laps": _whole(row.get("number_of_laps")),
                "time": _seconds(row.get("duration")) if row.get("position") else None,
                "status": _status(row),
                "points": float(p) if isinstance(p := row.get("points"), int | float) else None,
            }
            for order, row in enumerate(rows, 1)
        ]
    )


def _position_text(row: Mapping[str, Any]) -> str:
    for flag, letter in (("dsq", "D"), ("dns", "W")):
        if row.get(flag):
            return letter
    return str(row["position"]) if row.get("position") is not None else "R"


def _status(row: Mapping[str, Any]) -> str:
    for flag, words in (("dsq", "Disqualified"), ("dns", "Did not start"), ("dnf", "Retired")):
        if row.get(flag):
            return words
    gap = row.get("gap_to_leader")
    return gap.title() if isinstance(gap, str) else "Finished"


def _whole(value: object) -> int | None:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return value if whole and 0 <= value <= 32_767 else None  # type: ignore[operator, return-value]


def _seconds(value: object) -> timedelta | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e6:
        return None
    return timedelta(microseconds=round(value * 1e6))
