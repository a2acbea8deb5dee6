"""A session loaded by the FastF1 library, where the extra is installed."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

import polars as pl

from racecraft.errors import (
    ArgumentError,
    NotFoundError,
    TableError,
    UnreachableError,
    UnreadableError,
)
from racecraft.model.race import CLASSIFICATION, CONTROL, DOUBTS, Race
from racecraft.model.table import TIME
from racecraft.sources.fastf1.frames import BOOLEAN, DURATION, MOMENT, NUMBER, TEXT, columns
from racecraft.sources.fastf1.laps_table import lights_out, race_from_laps
from racecraft.sources.fastf1.telemetry import corners_of, positions_of, telemetry_of
from racecraft.sources.fastf1.track_status import intervals_from_changes
from racecraft.sources.shared.sample_doubts import sample_doubts

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import timedelta
    from pathlib import Path

    from racecraft.model.terms import SessionName
    from racecraft.sources.fastf1.frames import Kind

SOURCE = "fastf1"

_IDENTIFIERS: dict[SessionName, str] = {"race": "R", "sprint": "S"}
_LAPS = {
    "Time": DURATION, "Driver": TEXT, "DriverNumber": NUMBER, "LapTime": DURATION,
    "LapNumber": NUMBER, "Stint": NUMBER, "PitOutTime": DURATION, "PitInTime": DURATION,
    "LapStartTime": DURATION, "Sector1SessionTime": DURATION, "Sector2SessionTime": DURATION,
    "Compound": TEXT, "TyreLife": NUMBER, "FreshTyre": BOOLEAN, "Team": TEXT,
    "TrackStatus": TEXT, "Position": NUMBER, "Deleted": BOOLEAN,
}  # fmt: skip
_RESULTS = {
    "Abbreviation": TEXT, "DriverNumber": NUMBER, "FirstName": TEXT, "LastName": TEXT,
    "TeamName": TEXT, "Position": NUMBER, "ClassifiedPosition": TEXT, "GridPosition": NUMBER,
    "Time": DURATION, "Status": TEXT, "Points": NUMBER, "Laps": NUMBER,
}  # fmt: skip
_STATUS = {"Time": DURATION, "Status": TEXT}
_MESSAGES = {
    "Time": MOMENT, "Lap": NUMBER, "Category": TEXT, "Flag": TEXT, "Sector": NUMBER,
    "RacingNumber": NUMBER, "Message": TEXT,
}  # fmt: skip


class Session(Protocol):
    """What is read of a FastF1 session; its tables are pandas frames."""

    event: Any
    name: str
    laps: Any
    results: Any
    track_status: Any
    race_control_messages: Any
    t0_date: Any
    car_data: Any

    def get_circuit_info(self) -> Any:
        """Corners and other marks along the circuit."""


def fetch(
    season: int,
    event: str | int,
    session: SessionName = "race",
    *,
    telemetry: bool = False,
    cache_dir: Path | None = None,
) -> Session:
    """Session loaded by FastF1.

    Parameters
    ----------
    season, event, session
        Year; name or round, as FastF1 finds it; ``race`` or ``sprint``.
    telemetry
        Load the telemetry too: some hundred megabytes, the only way to place the messages of race
        control in time, and what `fetch_corners` measures by.
    cache_dir
        Folder in which FastF1 keeps what it fetched; left out, its own.

    Raises
    ------
    ArgumentError
        FastF1 is not installed.
    NotFoundError
        It knows no such session.
    UnreachableError
        No answer from the network.
    """
    if session not in _IDENTIFIERS:
        raise ArgumentError(f"no session {session!r}", hint=f"one of {', '.join(_IDENTIFIERS)}")
    try:
        import fastf1
    except ImportError as error:
        raise ArgumentError(
            "FastF1 is not installed", hint="pip install 'racecraft[fastf1]'"
        ) from error
    try:
        if cache_dir is not None:
            cache_dir.mkdir(parents=True, exist_ok=True)
            fastf1.Cache.enable_cache(str(cache_dir))
        found = fastf1.get_session(season, event, _IDENTIFIERS[session])
        found.load(telemetry=telemetry, weather=False)
    except (OSError, RuntimeError) as error:
        if any(code in str(error) for code in ("401", "403", "Unauthorized", "Forbidden")):
            raise UnreachableError(
                f"FastF1 could not load the {session} {season} {event}: the live timing archive "
                "needs an F1 TV account since October 2026",
                hint="OpenF1 and TracingInsights have races without one",
            ) from error
        raise UnreachableError(
            f"FastF1 could not load the {session} {season} {event}: {_words(error)}",
            hint="check the network; what is stored needs none",
        ) from error
    except (ValueError, KeyError) as error:
        raise NotFoundError(
            f"FastF1 knows no {session} {season} {event}: {_words(error)}", season=season
        ) from error
    loaded: Session = found
    return loaded


def fetch_corners(session: Session) -> Any:
    """Corners of the circuit of a session with telemetry, a pandas frame; None if unknown.

    FastF1 asks another service for them, and measures their distances along the fastest lap.
    """
    try:
        return session.get_circuit_info().corners
    except (AttributeError, LookupError, OSError, RuntimeError, ValueError):
        return None  # what FastF1 does without an answer differs from version to version


def parse(session: Session, *, corners: Any = None) -> Race:
    """Race of a loaded session.

    Parameters
    ----------
    session
        Needs ``event`` and ``laps``; ``results``, ``track_status``, ``race_control_messages`` and
        ``car_data`` are read if they were loaded.
    corners
        What `fetch_corners` gives.

    Raises
    ------
    UnreadableError
        A table lacks a column or holds what it should not; says where, and what was expected.
    ArgumentError
        It is practice or qualifying.
    """
    season, number, name = _event(session)
    kind = _kind(str(session.name), season)
    file = f"fastf1 {season} {name} {kind}"
    laps = _table(session, "laps", _LAPS, file, needed=("Time", "Driver", "LapNumber"))
    if laps is None or laps.is_empty():
        raise UnreadableError(f"{file}: no laps; expected a session after its load()", file=file)
    laps = laps.with_columns(EventName=pl.lit(name), RoundNumber=pl.lit(number, pl.Float64))
    timed = laps.filter(pl.col("Time").is_not_null())
    race = race_from_laps(timed, season=season, session=kind, file=file, source=SOURCE)
    start = lights_out(timed)[0]
    tables: dict[str, pl.DataFrame] = {}
    doubts = [race.doubts, _untimed(laps)]
    results = _table(session, "results", _RESULTS, file, needed=("Abbreviation",))
    if results is not None:
        tables["entries"] = _entries(race.entries, results)
        tables["classification"] = _classification(results)
    status = _table(session, "track_status", _STATUS, file, needed=tuple(_STATUS))
    if status is not None:
        tables["control"] = _control(status.drop_nulls(), start)
    told = _table(session, "race_control_messages", _MESSAGES, file, needed=("Message",))
    if told is not None:
        moment = _moment(session, start)
        tables["messages"] = _messages(told, tables.get("entries", race.entries), moment)
        doubts.append(_unplaced(tables["messages"]))
    if corners is not None:
        tables["corners"] = corners_of(corners, file)
    numbers = tables.get("entries", race.entries).select("number", "car")
    marked = tables.get("corners", race.corners)
    samples, unsure = _samples(session, dict(numbers.drop_nulls().rows()), start, file, marked)
    doubts.append(unsure)
    if samples:
        doubts.append(_nameless(marked))
    try:
        return race.with_tables(**tables, doubts=pl.concat(doubts)).with_samples(samples)
    except TableError as error:
        raise UnreadableError(f"{file}: {error.message}", file=file) from error


def _samples(
    session: Session, codes: Mapping[str, str], start: timedelta, file: str, corners: pl.DataFrame
) -> tuple[dict[str, pl.LazyFrame | None], pl.DataFrame]:
    """Telemetry and positions, of what was loaded, and doubts about them."""
    measured, placed = (_loaded(session, name) or {} for name in ("car_data", "pos_data"))
    telemetry = telemetry_of(measured, codes, start, file)
    positions = positions_of(placed, codes, start, file)
    tables = {"telemetry": telemetry, "positions": positions}
    found = {name: table.lazy() for name, table in tables.items() if table.height}
    return dict(found), sample_doubts(telemetry, positions, corners)


def _event(session: Session) -> tuple[int, int | None, str]:
    """Season, round and name of the event."""
    try:
        event = session.event
        return event["EventDate"].year, int(event["RoundNumber"]) or None, str(event["EventName"])
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise UnreadableError(
            f"fastf1 session, event: {_words(error)}; expected EventDate, RoundNumber, EventName"
        ) from error


def _kind(name: str, season: int) -> SessionName:
    """Race or sprint; in 2021 the sprint was called as its qualifying is since."""
    if name == "Race":
        return "race"
    if name == "Sprint" or (name == "Sprint Qualifying" and season == 2021):
        return "sprint"
    raise ArgumentError(f"{name} is no race", hint="load the race or the sprint")


def _table(
    session: Session,
    name: str,
    kinds: Mapping[str, Kind],
    file: str,
    *,
    needed: Collection[str],
) -> pl.DataFrame | None:
    """Table of a session; None if it was not loaded."""
    frame = _loaded(session, name)
    return None if frame is None else columns(frame, kinds, file=f"{file}, {name}", needed=needed)


def _loaded(session: Session, name: str) -> Any:
    """Part of a session; None if it was not loaded, for which FastF1 has an error."""
    not_loaded: type[Exception] = AttributeError
    for module in ("fastf1.core", "fastf1.exceptions"):
        not_loaded = vars(sys.modules.get(module, object)).get("DataNotLoadedError", not_loaded)
    try:
        return getattr(session, name, None)
    except not_loaded:
        return None


def _untimed(laps: pl.DataFrame) -> pl.DataFrame:
    """Doubts about laps of which the end is not known, and which are left out."""
    return DOUBTS.check(
        laps.filter(pl.col("Time").is_null()).select(
            table=pl.lit("crossings"),
            car="Driver",
            lap=pl.col("LapNumber").cast(pl.Int16, strict=False),
            reason=pl.lit("the end of this lap is not known: left out"),
        )
    )


def _entries(seen: pl.DataFrame, results: pl.DataFrame) -> pl.DataFrame:
    """Cars of the results with what the laps say of them, then those that only the laps know."""
    listed = results.drop_nulls("Abbreviation").select(
        car="Abbreviation",
        number=pl.col("DriverNumber").cast(pl.Int16, strict=False).cast(pl.String),
        given_name="FirstName",
        family_name="LastName",
        team="TeamName",
        grid=_place("GridPosition"),
    )
    started = seen.select("car", "pit_lane_start")
    unlisted = seen.join(listed, on="car", how="anti")
    return pl.concat(
        [listed.join(started, on="car", how="left", maintain_order="left"), unlisted],
        how="diagonal_relaxed",
    )


def _classification(results: pl.DataFrame) -> pl.DataFrame:
    """Results in the order of the list; a time below the winner's is the gap to him."""
    winner = pl.col("Time").first()
    return CLASSIFICATION.check(
        results.drop_nulls("Abbreviation")
        .with_row_index("order", offset=1)
        .select(
            "order",
            position=pl.col("ClassifiedPosition").cast(pl.Int16, strict=False),
            position_text="ClassifiedPosition",
            car="Abbreviation",
            number=pl.col("DriverNumber").cast(pl.Int16, strict=False).cast(pl.String),
            team="TeamName",
            grid=_place("GridPosition"),
            laps=pl.col("Laps").cast(pl.Int16, strict=False),
            time=pl.when(pl.col("Time") < winner).then(winner + pl.col("Time")).otherwise("Time"),
            status="Status",
            points="Points",
        )
    )


def _place(column: str) -> pl.Expr:
    """Place on the grid; 0 stands for the pit lane."""
    place = pl.col(column).cast(pl.Int16, strict=False)
    return pl.when(place > 0).then(place)


def _control(status: pl.DataFrame, start: timedelta) -> pl.DataFrame:
    changes = status.select(pl.col("Time") - start, "Status").iter_rows()
    return CONTROL.rows(
        [
            {"from": since, "to": until, "state": state}
            for since, until, state in intervals_from_changes(changes)
        ]
    )


def _moment(session: Session, start: timedelta) -> datetime | None:
    """Time of day at lights out; None if the telemetry, which tells, was not loaded."""
    zero = _loaded(session, "t0_date")
    return zero + start if isinstance(zero, datetime) and zero == zero else None


def _messages(told: pl.DataFrame, entries: pl.DataFrame, moment: datetime | None) -> pl.DataFrame:
    time = pl.lit(None, TIME) if moment is None else pl.col("Time") - moment
    numbers = entries.select("car", RacingNumber=pl.col("number").cast(pl.Float64, strict=False))
    return told.join(
        numbers.drop_nulls().unique("RacingNumber"),
        on="RacingNumber",
        how="left",
        maintain_order="left",
    ).select(
        time=time,
        lap=pl.col("Lap").cast(pl.Int16, strict=False),
        category="Category",
        flag="Flag",
        sector=pl.col("Sector").cast(pl.Int16, strict=False),
        car="car",
        text="Message",
    )


def _unplaced(messages: pl.DataFrame) -> pl.DataFrame:
    if not messages["time"].null_count():
        return DOUBTS.empty()
    reason = "their time of day cannot be placed in the race without the telemetry"
    return DOUBTS.rows([{"table": "messages", "reason": reason}])


def _nameless(corners: pl.DataFrame) -> pl.DataFrame:
    if len(corners):
        return DOUBTS.empty()
    reason = "where they are is not known: the telemetry cannot be told corner by corner"
    return DOUBTS.rows([{"table": "corners", "reason": reason}])


def _words(error: Exception) -> str:
    """First line of what a library says, or the name of its error if it says nothing."""
    return (str(error).splitlines() or [""])[0] or type(error).__name__
