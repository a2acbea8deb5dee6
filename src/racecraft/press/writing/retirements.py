"""Who did not see the flag, and why: facts for a report, each driver told once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from racecraft.press.writing.fact import Fact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from racecraft.history.results import History
    from racecraft.history.rows import Driver, Result
    from racecraft.press.writing.course import Course

NAMED = 8  # retirements that are listed
BECAUSE = 8  # causes of retirements that are told
ONE_BY_ONE = 2  # who was classified though he retired
FATAL, WITHDREW, DISQUALIFIED = "Fatal", "Withdrew", "D"
NOT_CLASSIFIED = "Not classified"  # who saw the flag, and had not gone far enough
INCIDENTS = frozenset({"Collision", "Collision damage", "Accident"})  # what may involve others
CAUSES = INCIDENTS | {
    "Engine", "Power Unit", "Gearbox", "Transmission", "Brakes", "Hydraulics", "Suspension",
    "Electrical", "Puncture", "Overheating", "Clutch", "Spin", "Tyre", "Turbo", "Fuel system",
    "Out of fuel", "Oil leak", "Oil pressure", "Water leak", "Radiator", "Ignition", "Throttle",
    "Differential", "Driveshaft", "Steering", "Wheel", "Fire",
}  # fmt: skip
ALSO_CALLED = {
    "Power unit": "Power Unit", "Spun off": "Spin", "Turbocharger": "Turbo",
    "Puncture damage": "Puncture", "Fuel pump": "Fuel system", "Fuel pressure": "Fuel system",
    "Halfshaft": "Driveshaft", "Accident damage": "Accident", "Wheel rim": "Wheel",
    "Wheel nut": "Wheel", "Wheel bearing": "Wheel",
}  # fmt: skip


@dataclass(frozen=True)
class Retirements:
    """What can be told of those who did not finish one race.

    Parameters
    ----------
    record
        Who the drivers are.
    results
        Of the race or sprint.
    course
        What its timing tells, where there is any.
    """

    record: History
    results: tuple[Result, ...]
    course: Course | None = None

    def killed(self) -> list[Fact]:
        """Who lost his life in it, or before it."""
        return [
            Fact("killed", {"driver": self.driver(row), "lap": (row.laps or 0) + 1})
            if row.started
            else Fact("killed_before", {"driver": self.driver(row)})
            for row in self.results
            if row.status.startswith(FATAL)
        ]

    def pole(self) -> list[Fact]:
        """What became of who was on pole, if he did not win."""
        pole = pole_of(self.results)
        if pole is None or pole.position == 1 or self.shared(pole):
            return []
        slots: dict[str, Any] = {"pole": self.driver(pole), "position": pole.position}
        if pole.position is not None:
            return [Fact("pole_lost", slots)]
        if not pole.started and not pole.status.startswith(FATAL):
            return [Fact("pole_absent", slots)] if pole.grid else []
        if self._is_alone(pole):
            return [Fact("pole_out_on", {**slots, **_why(pole)})]
        told = self.course.out_from() if self.course else set()
        untold = pole in self._out() and pole.driver not in told
        return [Fact("pole_out", slots)] if untold else []

    def facts(self) -> list[Fact]:
        """Who retired: each incident by itself, and each failure, in order of laps."""
        pole = pole_of(self.results)
        out = [row for row in self._out() if row is not pole or not self._is_alone(row)]
        by_cause: dict[tuple[str, int | None], list[Result]] = {}
        for row in out:
            if _cause(row):
                lap = row.laps if _cause(row) in INCIDENTS else None
                by_cause.setdefault((_cause(row), lap), []).append(row)
        chosen = dict(list(by_cause.items())[:BECAUSE])
        facts = [self._because(rows, *about) for about, rows in chosen.items()]
        listed = [row for rows in chosen.values() for row in rows]
        withdrew = [row for row in out if row.status == WITHDREW]
        facts += [self._listed("withdrew", withdrew)] if withdrew else []
        told = self.course.out_from() if self.course else set()
        rest = [
            row for row in out
            if row not in [*listed, *withdrew] and row is not pole and row.driver not in told
        ]  # fmt: skip
        if 0 < len(rest) <= NAMED:
            facts.append(self._listed("retired", rest))
        return [*facts, *self._disqualified(), *self._absent()]

    def classified(self) -> list[Fact]:
        """Who was classified though his race ended early."""
        rows = [
            row for row in self.results
            if row.retired and row.position and row.position > 1 and not self.shared(row)
        ]  # fmt: skip
        one_by_one = rows if len(rows) == ONE_BY_ONE + 1 else rows[:ONE_BY_ONE]
        facts = [
            Fact("classified_out", {"driver": self.driver(row), "position": row.position})
            for row in one_by_one
        ]
        rest = [self.driver(row) for row in rows[len(one_by_one) :]]
        return [*facts, Fact("classified_out_too", {"names": rest})] if rest else facts

    def driver(self, row: Result) -> Driver:
        """Who drove to a result."""
        return self.record.drivers[row.driver_id]

    def shared(self, row: Result) -> bool:
        """Whether he drove another car as well, so that this is not how his race ended."""
        return sum(other.driver_id == row.driver_id for other in self.results) > 1

    def _out(self) -> list[Result]:
        """Retirements that nothing else tells of, in order of laps."""
        by_two = self.course.collided() if self.course else set()
        rows = [
            row for row in self.results
            if row.retired
            and row.position is None
            and not self.shared(row)
            and row.driver not in by_two
            and row.position_text != DISQUALIFIED
            and row.status != NOT_CLASSIFIED
            and not row.status.startswith(FATAL)
        ]  # fmt: skip
        return sorted(rows, key=lambda row: (row.laps is None, row.laps or 0))

    def _is_alone(self, row: Result) -> bool:
        """Whether a retirement has a cause and a lap that it does not share."""
        told = self.course.out_from() if self.course else set()
        out = self._out()
        alike = [one for one in out if _cause(one) == _cause(row) and one.laps == row.laps]
        known = row in out and bool(_cause(row)) and row.laps is not None
        return known and len(alike) == 1 and row.driver not in told

    def _because(self, rows: list[Result], cause: str, lap: int | None) -> Fact:
        """Retirements of one cause; of an accident those of one lap, which may be several."""
        if lap is None:
            return self._listed("retired_because", rows, cause=cause)
        many = f"{cause} of several" if len(rows) > 2 else cause
        return self._listed("retired_on", rows, cause=many, lap=lap + 1)

    def _disqualified(self) -> list[Fact]:
        """Who was disqualified, where no timing tells it."""
        if self.course is not None:
            return []
        rows = [row for row in self.results if row.position_text == DISQUALIFIED]
        return [Fact("disqualified", {"driver": self.driver(row)}) for row in rows]

    def _absent(self) -> list[Fact]:
        """Who did not start: by name, or of many how many they were."""
        pole = pole_of(self.results)
        absent = [
            row for row in self.results
            if row.position_text == "W" and not row.started and not row.status.startswith(FATAL)
        ]  # fmt: skip
        if len(absent) <= NAMED:
            absent = [row for row in absent if row is not pole or not row.grid]
            return [self._listed("no_start", absent)] if absent else []
        on_grid = {row.driver for row in absent if row.grid}
        of = len({row.driver for row in self.results if row.grid})
        return [Fact("few_started", {"n": len(on_grid), "of": of})] if on_grid else []

    def _listed(self, kind: str, rows: Sequence[Result], **slots: Any) -> Fact:
        people = list({row.driver_id: self.driver(row) for row in rows}.values())
        return Fact(f"{kind}_{'one' if len(people) == 1 else 'more'}", {"names": people, **slots})


def pole_of(results: Sequence[Result]) -> Result | None:
    """Who stood first on the grid."""
    return next((row for row in results if row.grid == 1), None)


def _cause(row: Result) -> str:
    """Cause of a retirement as reports know it; empty for one that they do not."""
    cause = ALSO_CALLED.get(row.status, row.status)
    return cause if cause in CAUSES else ""


def _why(row: Result) -> dict[str, Any]:
    return {"cause": _cause(row), "lap": (row.laps or 0) + 1}
