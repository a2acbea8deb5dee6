"""When each car was in the pits, and on which tyres it left."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from racecraft.errors import UnreadableError
from racecraft.model.race import PIT_VISITS, TYRES
from racecraft.model.terms import COMPOUNDS
from racecraft.sources.livetiming.laps import LATENCY, Silence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import polars as pl

    from racecraft.sources.livetiming.feed import Feed
    from racecraft.sources.livetiming.stream import Update

AGREE = 10_000  # milliseconds; a reported pit time and the flags of the visit may differ by this

_LANE_TIME = re.compile(r"(?:(\d{1,3}):)?(\d{1,4})(?:\.(\d{1,3}))?")


@dataclass(slots=True)
class Visit:
    """One stay in the pit lane; times in milliseconds of the stream's clock less its latency."""

    lap: int
    time_in: int
    time_out: int | None
    duration: int | None = None


@dataclass(slots=True)
class _Set:
    """Tyres as the stream has them, taken after so many visits to the pits."""

    visits: int
    facts: dict[str, Any] = field(default_factory=dict)


def visits(
    feed: Feed, line: Mapping[int, int], *, started: int, finished: int | None
) -> list[Visit]:
    """Return the stays of a car in the pit lane, from lights out to its own end of the race.

    Parameters
    ----------
    feed
        What the timing said of the car.
    line
        When it completed each lap.
    started, finished
        Clock of lights out, and when the car took the flag; None if it did not.
    """
    found: list[Visit] = []
    for clock, inside in feed.in_pit:
        time = clock - LATENCY
        if time <= started or (finished is not None and time >= finished):
            continue
        staying = bool(found) and found[-1].time_out is None
        if inside and not staying:
            lap = 1 + max((lap for lap, end in line.items() if end < time), default=0)
            if not found or found[-1].lap < lap:
                found.append(Visit(lap, time, None))
        elif not inside and staying:
            found[-1].time_out = time
    return found


def read_lane_times(updates: Sequence[Update], stays: Mapping[str, Sequence[Visit]]) -> None:
    """Note the times in the pit lane that a ``PitLaneTimeCollection`` reports."""
    for update in updates:
        times = update.fields("PitTimes", update.data.get("PitTimes", {}))
        for number, item in times.items():
            if number not in stays:
                continue
            text = update.text("Duration", update.fields("PitTimes", item).get("Duration", ""))
            if not text:
                continue
            match = _LANE_TIME.fullmatch(text)
            if match is None:
                raise update.wrong("Duration", text, "a time such as 22.6")
            seconds = 60 * int(match[1] or 0) + int(match[2])
            time = 1000 * seconds + int((match[3] or "0").ljust(3, "0"))
            before = [visit for visit in stays[number] if visit.time_in <= update.clock]
            if before and _agrees(before[-1], time):
                before[-1].duration = time


def pit_visits(
    stays: Mapping[str, Sequence[Visit]], codes: Mapping[str, str], *, started: int
) -> pl.DataFrame:
    """Return ``PIT_VISITS`` of the stays by number."""
    rows: list[dict[str, object]] = [
        {
            "car": codes[number],
            "lap": visit.lap,
            "time_in": _duration(visit.time_in - started),
            "time_out": visit.time_out and _duration(visit.time_out - started),
            "duration": visit.duration and _duration(visit.duration),
        }
        for number, each in stays.items()
        for visit in each
    ]
    return PIT_VISITS.rows(rows) if rows else PIT_VISITS.empty()


def led_through(
    stays: Mapping[str, Sequence[Visit]],
    periods: Iterable[tuple[timedelta, timedelta]],
    tyres: pl.DataFrame,
    codes: Mapping[str, str],
    *,
    started: int,
) -> Iterator[Silence]:
    """Say which visits may be no stops, for the safety car led the field through the pit lane."""
    fresh = set(tyres.select("car", "lap").iter_rows())
    for begin, end in periods:
        for number, each in stays.items():
            for visit in each:
                during = begin <= _duration(visit.time_in - started) <= end
                if during and (codes[number], visit.lap + 1) not in fresh:
                    reason = "the safety car led through the pit lane: no stop, by the tyres"
                    yield Silence("pit_visits", number, visit.lap, reason)


def tyres(
    app: Sequence[Update],
    codes: Mapping[str, str],
    stays: Mapping[str, Sequence[Visit]],
) -> tuple[pl.DataFrame, list[Silence]]:
    """Return ``TYRES`` of ``TimingAppData``, as corrected last.

    A set goes on at the visit to the pits that came before the word of it. What is said of it later
    corrects it; but a compound for the last set after another visit is another set, for at times
    the stream uses its number again. Where tyres were not changed, the set before goes on.
    """
    sets: dict[str, dict[int, _Set]] = {number: {} for number in codes}
    fitted: dict[str, list[_Set]] = {number: [] for number in codes}
    silences: list[Silence] = []
    for update in app:
        for number, change in update.fields("Lines", update.data.get("Lines", {})).items():
            if number not in codes or "Stints" not in update.fields("Lines", change):
                continue
            stints = dict(update.items("Stints", change["Stints"]))
            for index, stint in sorted(stints.items()):
                facts = _tyre_facts(update, stint)
                if not facts:
                    continue
                been = sum(visit.time_in <= update.clock for visit in stays[number])
                visit = max(been - (max(stints) - index), 0) if index else 0
                before = sets[number].get(index)
                last = index == max(sets[number], default=index)
                again = before is not None and last and "compound" in facts
                if before is None or (again and before.visits < visit):
                    new = _Set(visit, dict(before.facts) if before else {})
                    sets[number][index] = new
                    fitted[number].append(new)
                silences += _corrected(number, sets[number][index], facts)
    rows: dict[tuple[str, int], dict[str, object]] = {}
    for number, each in fitted.items():
        for one in each:
            if not one.facts.get("kept"):
                lap = stays[number][one.visits - 1].lap + 1 if one.visits else 1
                rows[number, lap] = {"car": codes[number], "lap": lap} | one.facts
    silences += [
        Silence("tyres", number, lap, "compound not known")
        for (number, lap), row in rows.items()
        if row.get("compound") is None
    ]
    return (TYRES.rows(list(rows.values())) if rows else TYRES.empty()), silences


def says_of_tyres(update: Update) -> bool:
    """Whether a line of ``TimingAppData`` says of tyres or grid what counts, or makes no sense.

    Most say no more than how many laps each set has done.
    """
    try:
        for change in update.fields("Lines", update.data.get("Lines", {})).values():
            said = update.fields("Lines", change)
            stints = update.items("Stints", said.get("Stints", {}))
            facts = [_tyre_facts(update, stint) for _, stint in stints]
            if any(facts) or said.get("GridPos") not in (None, ""):
                return True
    except UnreadableError:
        return True
    return False


def _agrees(visit: Visit, time: int) -> bool:
    return visit.time_out is None or abs(visit.time_out - visit.time_in - time) < AGREE


def _duration(milliseconds: int) -> timedelta:
    return timedelta(milliseconds=milliseconds)


def _tyre_facts(update: Update, stint: object) -> dict[str, Any]:
    """What a stint says of its tyres, under the names of ``TYRES``, and whether they were kept."""
    said = update.fields("Stints", stint)
    facts: dict[str, Any] = {}
    if "Compound" in said:
        name = update.text("Compound", said["Compound"]).lower()
        facts["compound"] = name if name in COMPOUNDS else None
    if "New" in said:
        facts["new"] = update.text("New", said["New"]) == "true"
    if "StartLaps" in said:
        facts["age"] = update.whole("StartLaps", said["StartLaps"])
    if "TyresNotChanged" in said:
        facts["kept"] = update.text("TyresNotChanged", said["TyresNotChanged"]) == "1"
    return facts


def _corrected(number: str, one: _Set, facts: dict[str, Any]) -> list[Silence]:
    """Take in what is said of a set; a compound that changes is worth a doubt."""
    before, now = one.facts.get("compound"), facts.get("compound")
    one.facts |= facts
    if before and now and before != now:
        reason = f"compound first reported as {before}, then as {now}"
        return [Silence("tyres", number, None, reason)]
    return []
