"""When was the race started? As was said, else as far as laps and gaps show.

The word that a session has started is said once, and a line may break just then. Then the leader's
second lap shows that there is a race under way, and the first gap that was sent, some seconds after
lights out, from when. Evidence may come in any order.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import polars as pl

from racecraft.errors import UnreadableError
from racecraft.model.race import DOUBTS
from racecraft.model.terms import THE_LINE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from racecraft.model.race import Race
    from racecraft.sources.livetiming.stream import Update

STREAMS = ("SessionStatus", "SessionData", "LapCount", "TimingData")
STARTED, IDLE = "Started", "Inactive"
MANY = 8  # fields of a car; a message about a change has fewer, one about how it stands more
JOINED = 10_000  # a client that joins is told how things stand, within this time of its first word
SAME = 5000  # milliseconds between two words of one start, at most

# Milliseconds from lights out until the first gap is sent, at the first loop that several cars
# pass: 7.3 and 7.5 s at Baku in 2018 and 2023; 16 s after a start from the pit lane.
TO_THE_FIRST_GAP = 7000

REASONS = {
    "joined": "the recording begins during the race: times are since it began, and what lies "
    "before the end of the first lap that was heard is left out",
    "gaps": "nobody said when the race was started: times are since "
    f"{TO_THE_FIRST_GAP // 1000} s before the first gap was sent, which is right to some seconds",
}

_GAP = re.compile(r"\+\d*:?\d{1,2}\.\d{3}")

Basis = Literal["said", "gaps", "joined"]


class Start(NamedTuple):
    """Lights out, and how it is known.

    Attributes
    ----------
    basis
        ``said``; ``gaps``: from the first gap, right to some seconds; ``joined``: the race was
        under way when the first message came, whose clock this is.
    """

    clock: int
    basis: Basis


class Evidence:
    """What messages say of when the race was started."""

    def __init__(self) -> None:
        self._said = self._noted = math.inf
        self._idle = -math.inf
        self._gap = math.inf
        self._laps: list[int] = []  # when a lap after the first was counted

    def take(self, stream: str, update: Update) -> None:
        """Take in a message; what makes no sense says nothing."""
        data, clock = update.data, update.clock
        if stream == "TimingData":
            if clock < self._gap and _sends_a_gap(data):
                self._gap = clock
        elif stream == "LapCount":
            lap = str(data.get("CurrentLap"))
            if lap.isdecimal() and int(lap) > 1:
                self._laps.append(clock)
        elif stream == "SessionStatus":
            if data.get("Status") == STARTED:
                self._said = min(self._said, clock)
            elif data.get("Status") == IDLE:
                self._idle = max(self._idle, clock)
        elif stream == "SessionData" and _notes_a_start(data):
            self._noted = min(self._noted, clock)

    @property
    def racing(self) -> bool:
        """Whether cars race, whatever was said: laps are counted and gaps are sent."""
        return bool(self._laps) and self._gap < math.inf

    def start(self, first: int) -> Start | None:
        """Lights out; None before.

        Parameters
        ----------
        first
            Clock of the earliest message.
        """
        told = self._noted if self._noted < self._said - SAME else self._said
        racing = min((clock for clock in self._laps if clock > self._idle), default=math.inf)
        if racing < math.inf and racing <= told and self._gap < told:
            began = min(self._gap, racing) - TO_THE_FIRST_GAP
            return Start(first, "joined") if began <= first else Start(int(began), "gaps")
        if told == math.inf:
            return None
        joined = told < first + JOINED and self._idle == -math.inf
        return Start(int(told), "joined" if joined else "said")


def lights_out(streams: Mapping[str, Sequence[Update]]) -> Start:
    """Return when the race of these streams was started.

    Raises
    ------
    UnreadableError
        It never was, or its status is something else.
    """
    for update in streams.get("SessionStatus", ()):
        update.text("Status", update.data.get("Status", ""))
    evidence = Evidence()
    for name in STREAMS:
        for update in streams.get(name, ()):
            evidence.take(name, update)
    start = evidence.start(min(each[0].clock for each in streams.values() if each))
    if start is None:
        file = streams["SessionStatus"][0].file
        raise UnreadableError(f"{file}: the session never started; expected a race", file=file)
    return start


def doubted(race: Race, basis: Basis) -> Race:
    """The race, its times since whatever was taken for lights out; with a doubt where it is one."""
    reason = REASONS.get(basis)
    if reason is None:
        return race
    doubts = pl.concat([race.doubts, DOUBTS.rows([{"table": "crossings", "reason": reason}])])
    race = replace(race, clock="session").with_tables(doubts=doubts)
    return _from_the_first_whole_lap(race) if basis == "joined" else race


def _from_the_first_whole_lap(race: Race) -> Race:
    """The race from where the leader ended the first lap that was heard.

    Of all that lies before only those who came late were heard, and they would seem to lead.
    """
    at_line = race.crossings.filter(pl.col("line") == THE_LINE)
    first = at_line.group_by("car").agg(pl.col("lap").min())["lap"].max()
    if first is None:
        return race.with_tables(crossings=race.crossings.clear())
    at_its_end = (pl.col("lap") == first) & (pl.col("line") == THE_LINE)
    return race.with_tables(
        crossings=race.crossings.filter(at_its_end | (pl.col("lap") > first)),
        lap_chart=race.lap_chart.filter(pl.col("lap") >= first),
    )


def _sends_a_gap(data: dict[str, Any]) -> bool:
    """Whether a car sent its gap, which cars do at loops while they race."""
    lines = data.get("Lines")
    return (
        isinstance(lines, dict)
        and data.get("_kf") is not True
        and any(
            isinstance(change, dict)
            and len(change) <= MANY
            and _GAP.fullmatch(str(change.get("GapToLeader"))) is not None
            for change in lines.values()
        )
    )


def _notes_a_start(data: dict[str, Any]) -> bool:
    """Whether the status of the session that is noted is that it started; not a list of all."""
    series = data.get("StatusSeries")
    return isinstance(series, dict) and any(
        isinstance(note, dict) and note.get("SessionStatus") == STARTED for note in series.values()
    )
