"""From the streams of a session to the race they recorded."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from racecraft.model.race import (
    CLASSIFICATION,
    CROSSINGS,
    DOUBTS,
    LAP_CHART,
    LINES,
    Race,
)
from racecraft.model.terms import THE_LINE
from racecraft.sources.livetiming import cars as livetiming_cars
from racecraft.sources.livetiming import control as livetiming_control
from racecraft.sources.livetiming import pits
from racecraft.sources.livetiming.feed import MOST_LAPS, SECTORS, read_feeds
from racecraft.sources.livetiming.jumps import without_jumps
from racecraft.sources.livetiming.laps import LATENCY, Silence
from racecraft.sources.livetiming.lights_out import doubted, lights_out
from racecraft.sources.livetiming.naming import Loop
from racecraft.sources.livetiming.timing import LOOP, read_timing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from racecraft.sources.livetiming.by_lap import ByLap
    from racecraft.sources.livetiming.feed import Feed
    from racecraft.sources.livetiming.stream import Update
    from racecraft.sources.livetiming.timing import Timing

ENDS = ("S1", "S2", THE_LINE)  # timed lines, by sector
AFTER_THE_LINE = 500  # milliseconds until the screen shows the order at the Line

# What is not known of a race if a stream was not recorded.
MISSING = {
    "TrackStatus": ("control", "yellow flags, safety cars and red flags are not in these streams"),
    "RaceControlMessages": ("messages", "messages of race control are not in these streams"),
    "TimingAppData": ("tyres", "tyres and the grid are not in these streams"),
}


def race_of(streams: Mapping[str, Sequence[Update]], *, source: str) -> Race:
    """Return the race that streams recorded.

    Parameters
    ----------
    streams
        Lines by the name of the stream; ``SessionInfo``, ``SessionStatus``, ``DriverList`` and
        ``TimingData`` at least.
    source
        Name of the source.

    Raises
    ------
    UnreadableError
        A line says what no such stream can say.
    """
    started, basis = lights_out(streams)
    feeds = read_feeds(streams["TimingData"], started=started)
    return doubted(race_of_feeds(streams, feeds, started, source=source), basis)


def race_of_feeds(
    streams: Mapping[str, Sequence[Update]],
    timed_cars: Mapping[str, Feed],
    started: int,
    *,
    source: str,
    known: ByLap | None = None,
) -> Race:
    """Return the race, the stream ``TimingData`` read already.

    Parameters
    ----------
    streams, source
        As in `race_of`.
    timed_cars
        What the timing said of each car, by its number.
    started
        Clock of lights out.
    known
        Laps that were read before.

    Raises
    ------
    UnreadableError
        A line says what no such stream can say.
    """
    streams, timed_cars, jumps = without_jumps(streams, timed_cars)
    facts = livetiming_control.session_facts(streams["SessionInfo"])
    app = streams.get("TimingAppData", ())
    cars, silences = livetiming_cars.cars(streams["DriverList"], app, timed_cars, started=started)
    feeds = {number: timed_cars[number] for number in cars}
    codes = {number: car.code for number, car in cars.items()}
    timing = read_timing(
        feeds,
        started=started,
        most=_laps_of_the_race(streams.get("LapCount", ())),
        known=known,
    )
    said = livetiming_control.messages(
        streams.get("RaceControlMessages", ()), started=started, codes=codes
    )
    stays = {
        number: pits.visits(
            feed, timing.line(number), started=started, finished=timing.finish.get(number)
        )
        for number, feed in feeds.items()
    }
    pits.read_lane_times(streams.get("PitLaneTimeCollection", ()), stays)
    tyres, of_tyres = pits.tyres(app, codes, stays)
    silences += [*timing.silences, *of_tyres, *_screen_ahead(timing, feeds)]
    silences += [jump.doubt() for jump in jumps]
    silences += [Silence(table, None, None, why) for name, (table, why) in MISSING.items()
                 if name not in streams]  # fmt: skip
    silences += pits.led_through(
        stays, livetiming_control.through_the_pits(said), tyres, codes, started=started
    )
    result = CLASSIFICATION.empty()
    if livetiming_control.finished(streams.get("SessionStatus", ())):
        result = livetiming_cars.classification(
            cars,
            feeds,
            {number: timing.laps_done(number) for number in cars},
            timing.finish,
            as_of=facts.date,
        )
        provisional = "order on the road when the stream ended; what was decided later is not in it"
        silences.append(Silence("classification", None, None, provisional))
    return Race(
        season=facts.date.year,
        round=None,
        name=facts.name,
        session=facts.session,
        date=facts.date,
        source=source,
        entries=livetiming_cars.entries(cars.values()),
        lines=_lines(timing),
        crossings=_crossings(timing, codes, started),
        lap_chart=_lap_chart(timing, feeds, codes, said),
        tyres=tyres,
        control=livetiming_control.control(
            *(streams.get(name, ()) for name in ("TrackStatus", "SessionStatus", "LapCount")),
            started=started,
        ),
        messages=said,
        pit_visits=pits.pit_visits(stays, codes, started=started),
        classification=result,
        doubts=_doubts(silences, codes),
    )


def _laps_of_the_race(updates: Iterable[Update]) -> int:
    """Laps that the race was to go over, as last announced."""
    laps = MOST_LAPS
    for update in updates:
        if "TotalLaps" in update.data:
            laps = update.whole("TotalLaps", update.data["TotalLaps"])
    return laps or MOST_LAPS


def _lines(timing: Timing) -> pl.DataFrame:
    """Mini-sectors and timed lines in the order of the lap."""
    rows: list[dict[str, object]] = []
    for sector in SECTORS:
        loops = [Loop(sector, number) for number in range(1, timing.loops[sector] + 1)]
        rows += [
            {"line": _name(timing, loop), "sector": sector + 1, "mini_sector": loop.number}
            for loop in loops
        ]
        if Loop(sector, timing.loops[sector]) not in timing.at_timed_line:
            rows.append({"line": ENDS[sector], "sector": sector + 1})
    return LINES.rows([{"order": order} | row for order, row in enumerate(rows, 1)])


def _name(timing: Timing, loop: Loop) -> str:
    if loop in timing.at_timed_line:
        return ENDS[loop.sector]
    return f"S{loop.sector + 1}.{loop.number}"


def _crossings(timing: Timing, codes: Mapping[str, str], started: int) -> pl.DataFrame:
    """Crossings of timed lines by their times, and of all others by gaps or the clock."""
    rows = [
        (codes[node.car], node.lap, ENDS[node.sector], time, "timed")
        for node, time in timing.timed.items()
    ]
    schema = {"car": pl.String, "lap": pl.Int16, "line": pl.String, "time": pl.Int64,
              "basis": pl.String}  # fmt: skip
    loops = [Loop(s, n) for s, most in timing.loops.items() for n in range(1, most + 1)]
    named = pl.DataFrame(
        [(*loop, _name(timing, loop)) for loop in loops], schema=LOOP | {"line": pl.String},
        orient="row",
    )  # fmt: skip
    looped = timing.looped.join(named, on=[*LOOP]).select(
        pl.col("car").replace_strict(codes, return_dtype=pl.String),
        "lap",
        "line",
        pl.col("time") + timing.since,
        pl.when("by_gap").then(pl.lit("gap")).otherwise(pl.lit("clock")).alias("basis"),
    )
    frame = pl.concat([pl.DataFrame(rows, schema=schema, orient="row"), looped])
    since_start = ((pl.col("time") - started) * 1000).cast(pl.Duration("us"))
    return CROSSINGS.check(frame.with_columns(since_start.alias("time")).sort("car", "time"))


def _lap_chart(
    timing: Timing, feeds: Mapping[str, Feed], codes: Mapping[str, str], said: pl.DataFrame
) -> pl.DataFrame:
    """Position on the screen just after each lap, and the lap time."""
    deleted = livetiming_control.deleted_laps(said, codes)
    rows: list[dict[str, object]] = []
    for number, feed in feeds.items():
        for lap, time in sorted(timing.line(number).items()):
            driver, lap_time = codes[number], timing.laps[number].lap_time.get(lap)
            rows.append(
                {
                    "car": driver,
                    "lap": lap,
                    "position": _place(feed, time),
                    "lap_time": lap_time and timedelta(milliseconds=lap_time),
                    "deleted": None if said.is_empty() else (driver, lap) in deleted,
                }
            )
    return LAP_CHART.rows(rows) if rows else LAP_CHART.empty()


def _place(feed: Feed, time: int) -> int | None:
    """Place on the screen just after a car crossed the Line."""
    return feed.place_at(time + LATENCY + AFTER_THE_LINE) or None


def _screen_ahead(timing: Timing, feeds: Mapping[str, Feed]) -> Iterator[Silence]:
    """Say where the screen at the end of a lap is not the order in which cars crossed the Line."""
    over: dict[int, list[tuple[int, str]]] = {}
    for number in feeds:
        for lap, time in timing.line(number).items():
            over.setdefault(lap, []).append((time, number))
    for lap, crossed in sorted(over.items()):
        for order, (time, number) in enumerate(sorted(crossed), 1):
            place = _place(feeds[number], time)
            if place is not None and place != order:
                reason = (
                    f"place {place} on the screen, {order} over the Line: the screen moves cars "
                    "whenever one is slow, not at the Line"
                )
                yield Silence("lap_chart", number, lap, reason)


def _doubts(silences: Iterable[Silence], codes: Mapping[str, str]) -> pl.DataFrame:
    rows: list[dict[str, object]] = [
        {
            "table": silence.table,
            "car": silence.car and codes[silence.car],
            "lap": silence.lap,
            "reason": silence.reason,
        }
        for silence in silences
    ]
    return DOUBTS.rows(rows) if rows else DOUBTS.empty()
