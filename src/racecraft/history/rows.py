"""The rows that a `History` answers with: an event, a result, a place in the standings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from datetime import date

NOT_STARTED = frozenset("WFE")  # withdrew, failed to qualify, excluded: position_text


class Event(NamedTuple):
    """One round of a season; `laps` is null where it has not been run or is not known."""

    season: int
    round: int
    event: str
    name: str
    circuit: str
    locality: str
    country: str
    date: date | None
    laps: int | None
    sprint_laps: int | None

    @property
    def id(self) -> str:
        """Season and round: ``2023-20``."""
        return f"{self.season}-{self.round}"

    @property
    def key(self) -> tuple[int, int]:
        """Season and round, to compare which event came first."""
        return self.season, self.round

    @property
    def full_name(self) -> str:
        """Season and name: ``2023 São Paulo Grand Prix``."""
        return f"{self.season} {self.name}"

    def evidence(self, *columns: str) -> dict[str, Any]:
        """Row of evidence: which event, and `columns` of it."""
        named = {name: getattr(self, name) for name in columns or ("name", "date")}
        if named.get("date"):
            named["date"] = named["date"].isoformat()
        return {"table": "events", "season": self.season, "round": self.round, **named}


class Result(NamedTuple):
    """What one driver did in one race or sprint; times in seconds, as in `CLASSIFICATION`."""

    season: int
    round: int
    session: str
    order: int
    position: int | None
    position_text: str
    driver: str
    driver_id: str
    number: int | None
    team: str
    team_id: str
    grid: int | None
    laps: int | None
    time_s: float | None
    status: str
    points: float
    fastest_lap: int | None
    fastest_lap_s: float | None

    @property
    def key(self) -> tuple[int, int]:
        """Season and round, to compare which came first."""
        return self.season, self.round

    @property
    def started(self) -> bool:
        """Whether the car took the start."""
        return self.position_text not in NOT_STARTED or bool(self.laps)

    @property
    def finished(self) -> bool:
        """Whether the car took the flag, however many laps down."""
        took_flag = self.status in ("Finished", "Lapped") or self.status.startswith("+")
        return took_flag and self.position_text != "R"

    @property
    def retired(self) -> bool:
        """Whether the car started and did not see the flag, classified or not."""
        return self.started and not self.finished and self.status != "Disqualified"

    @property
    def pit_lane(self) -> bool:
        """Whether the car took the start from the pit lane, or its place is not known."""
        return self.started and not self.grid

    def evidence(self, *columns: str) -> dict[str, Any]:
        """Row of evidence: where it stands in the tables, and `columns` of it."""
        named = columns or ("position", "position_text", "points", "status")
        where = {name: getattr(self, name) for name in ("season", "round", "session", "driver")}
        return {"table": "results", **where, **{name: getattr(self, name) for name in named}}


class Qualified(NamedTuple):
    """A place in qualifying and the best lap of each part, in seconds."""

    season: int
    round: int
    position: int | None
    driver: str
    driver_id: str
    q1_s: float | None
    q2_s: float | None
    q3_s: float | None

    @property
    def best_s(self) -> float | None:
        """Time that the place was decided by: of the last part driven in."""
        return next((lap for lap in (self.q3_s, self.q2_s, self.q1_s) if lap is not None), None)

    def evidence(self) -> dict[str, Any]:
        """Row of evidence."""
        return {
            "table": "qualifying", "season": self.season, "round": self.round,
            "driver": self.driver, "position": self.position, "best_s": self.best_s,
        }  # fmt: skip


class PitStop(NamedTuple):
    """A stop: which one, on which lap the lane was entered, seconds in the lane."""

    stop: int
    lap: int | None
    duration_s: float | None


class Standing(NamedTuple):
    """A place in a championship; `id` is a ``driver_id`` or ``team_id``."""

    id: str
    position: int | None
    points: float
    wins: int


class Driver(NamedTuple):
    """A person who has entered a race; `codes` by season, newest facts of the rest."""

    driver_id: str
    given_name: str
    family_name: str
    date_of_birth: date | None
    nationality: str
    number: int | None
    codes: dict[int, str]

    @property
    def name(self) -> str:
        """Given and family name."""
        return f"{self.given_name} {self.family_name}".strip()


class Team(NamedTuple):
    """A team under one name of its source; `names` as entered, the latest first."""

    team_id: str
    names: tuple[str, ...]
    nationality: str
    seasons: tuple[int, ...]

    @property
    def name(self) -> str:
        """Latest name as entered."""
        return self.names[0]
