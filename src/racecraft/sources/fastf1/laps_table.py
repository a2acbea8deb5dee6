"""From FastF1's laps table to a race; the table may come from a CSV or from the library itself."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from racecraft.errors import UnreadableError
from racecraft.model.race import CONTROL, DOUBTS, Race, is_event_name
from racecraft.model.terms import COMPOUNDS, THE_LINE, State
from racecraft.sources.fastf1.repairs import repaired
from racecraft.sources.fastf1.sets import fitted, with_record
from racecraft.sources.fastf1.track_status import intervals_from_laps

if TYPE_CHECKING:
    from racecraft.model.terms import SessionName

CLOCK_COLUMNS = (
    "Time", "LapTime", "PitOutTime", "PitInTime", "LapStartTime",
    "Sector1SessionTime", "Sector2SessionTime",
)  # fmt: skip
NUMBER_COLUMNS = ("LapNumber", "Stint", "TyreLife", "Position", "RoundNumber", "DriverNumber")

STOPPAGE = timedelta(minutes=3)  # FastF1 begins a lap at pit exit where the race was stopped
LONGEST_SESSION = timedelta(days=10)  # later than any clock of a race
LARGEST_CLOCK_ERROR = timedelta(minutes=1)  # a lap time further off than that is itself wrong
SHORTEST_LAP = 1 / 3  # of the usual one: less is no lap
SAME_CLOCK = timedelta(seconds=0.05)  # two accounts of one crossing that differ by less agree

_SECTORS = {"Sector1SessionTime": "S1", "Sector2SessionTime": "S2", "Time": THE_LINE}


def race_from_laps(
    laps: pl.DataFrame, *, season: int, session: SessionName, file: str, source: str
) -> Race:
    """Race of the laps of one event.

    Parameters
    ----------
    laps
        FastF1's laps table: `CLOCK_COLUMNS` as durations on the session clock, `NUMBER_COLUMNS`
        as floats, `RoundNumber` and `EventName` the same in every row. Only Time, Driver and
        LapNumber are needed.
    season, session
        What the table does not say.
    file, source
        Its name for errors, and of the source.

    Raises
    ------
    UnreadableError
        No event, no clock, or too many odd rows: those of `repaired`.
    """
    laps = _with_all_columns(laps)
    _refuse_nonsense(laps, file)
    laps, odd = repaired(laps, file)
    start, clock, base_doubts = lights_out(laps)
    on_clock = [pl.col(name) - start for name in CLOCK_COLUMNS if name != "LapTime"]
    laps = laps.with_columns(*on_clock).rename({"Driver": "car", "LapNumber": "lap"})
    goes_on = pl.col("lap") < pl.col("lap").max().over("car")
    going = laps.filter(goes_on).group_by("lap").agg(first=pl.col("Time").min())
    laps = laps.join(going, on="lap", how="left", maintain_order="left")
    control, control_doubts = _control(laps)
    ended = _completed(has_places=laps["Position"].is_not_null().any())
    completed, clock_doubts = _by_official_first_lap(laps.filter(ended))
    completed, short_doubts = _without_impossible_laps(completed)
    crossings, crossing_doubts = _crossings(completed)
    laps = laps.with_columns(compound=_compound())
    visits = with_record(_pit_visits(laps), laps)
    tyres, tyre_doubts = fitted(_told_sets(laps), visits, laps)
    first = laps.row(0, named=True)
    return Race(
        season=season,
        round=None if first["RoundNumber"] is None else int(first["RoundNumber"]) or None,
        name=first["EventName"],
        session=session,
        source=source,
        clock=clock,
        entries=_entries(laps),
        lines=_lines(crossings),
        crossings=crossings,
        lap_chart=completed.select(
            "car", "lap", position="Position", lap_time="LapTime", deleted="Deleted"
        ),
        tyres=tyres,
        control=control,
        pit_visits=visits,
        doubts=pl.concat(
            [
                base_doubts,
                control_doubts,
                clock_doubts,
                short_doubts,
                crossing_doubts,
                tyre_doubts,
                DOUBTS.rows(odd),
                _stopped(laps.filter(~ended)),
            ],
            how="diagonal_relaxed",
        ),
    )


def _with_all_columns(laps: pl.DataFrame) -> pl.DataFrame:
    """The columns that a shape of the table lacks, as unknown."""
    lacking: dict[str, pl.DataType | type[pl.DataType]] = {
        **dict.fromkeys(CLOCK_COLUMNS, pl.Duration("us")),
        **dict.fromkeys(NUMBER_COLUMNS, pl.Float64),
        **dict.fromkeys(("Compound", "CompoundName", "Team", "TrackStatus"), pl.String),
        **dict.fromkeys(("FreshTyre", "Deleted"), pl.Boolean),
    }
    return laps.with_columns(
        pl.lit(None, dtype).alias(name)
        for name, dtype in lacking.items()
        if name not in laps.columns
    )


def _refuse_nonsense(laps: pl.DataFrame, file: str) -> None:
    events = laps["EventName"].drop_nulls().unique()
    wrong = (
        (pl.col("EventName").is_null(), "no event", "expected the name of one"),
        (
            pl.col("EventName").is_in([name for name in events if not is_event_name(name)]),
            "event {EventName!r:.40}",
            "expected the name of one, in letters and digits",
        ),
        (pl.col("Time").is_null().all(), "no Time on any lap", "expected the session clock"),
    )
    for condition, what, expected in wrong:
        found = laps.filter(condition)
        if not found.is_empty():
            row = found.row(0, named=True)
            place = f"line {row['line']}, " if "line" in row else ""
            raise UnreadableError(
                f"{file}, {place}{row['Driver']}: {what.format(**row)}; {expected}",
                file=file,
                car=row["Driver"],
                lap=row["LapNumber"],
                line=row.get("line"),
            )


def lights_out(laps: pl.DataFrame) -> tuple[timedelta, str, pl.DataFrame]:
    """Session clock at lights out, what times are measured from, and the doubts about it.

    The start of lap 1 where the table has it, else the end of lap 1 less its lap time: the median
    over the cars.
    """
    first = laps.filter(pl.col("LapNumber") == 1)
    for start in (first["LapStartTime"].median(), (first["Time"] - first["LapTime"]).median()):
        if isinstance(start, timedelta):
            return start, "lights_out", DOUBTS.empty()
    doubt = {
        "table": "crossings",
        "reason": "lights out is not recorded: times are those of the session clock, and lap 1 "
        "has no lap time",
    }
    return timedelta(0), "session", DOUBTS.rows([doubt])


def _by_official_first_lap(laps: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Clock of every car set by the official time of its lap 1, and the doubts where that moved it.

    The table adds up a car's laps from a clock that is seconds off if the car was in the pit lane
    at the end of lap 1, and the error stays for the whole race. The time of lap 1 is official and
    exact (docs/decisions, "The clock of a laps table").
    """
    first = pl.col("lap") == 1
    early = (pl.col("LapTime") - pl.col("Time")).filter(first).first().over("car")
    sane = early.abs() < LARGEST_CLOCK_ERROR
    shift = pl.when(sane).then(early).otherwise(timedelta(0)).fill_null(timedelta(0))
    laps = laps.with_columns(shift=shift)
    moved = laps.filter(first & (pl.col("shift").abs() > SAME_CLOCK)).select(
        table=pl.lit("crossings"),
        car="car",
        lap=pl.col("lap").cast(pl.Int16),
        line=pl.lit(THE_LINE),
        reason=pl.format(
            "the clock of this car is {} s off the official time of its lap 1: all its crossings "
            "were moved by that",
            (pl.col("shift").dt.total_microseconds() / 1e6).round(3),
        ),
    )
    return laps.with_columns(pl.col(name) + pl.col("shift") for name in _SECTORS), moved


def _without_impossible_laps(laps: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Laps without clock, time and place where one lasts no time; and the doubts about them.

    Where a crossing was not seen the table may give it the clock of the next one: then the lap
    before lasts too long, and it is that end which is wrong.
    """
    least = laps["LapTime"].dt.total_microseconds().median()
    if not isinstance(least, float):
        return laps.with_columns(wrong=pl.lit(value=False)), DOUBTS.empty()
    taken = pl.col("Time").diff().over("car", order_by="lap").dt.total_microseconds()
    short, long = taken < least * SHORTEST_LAP, taken > least * (2 - SHORTEST_LAP)
    early = long & short.shift(-1).over("car", order_by="lap")
    late = short & ~long.shift().over("car", order_by="lap").fill_null(value=False)
    marked = laps.with_columns(wrong=(early | late).fill_null(value=False))
    doubts = marked.filter("wrong").select(
        "car",
        pl.col("lap").cast(pl.Int16),
        table=pl.lit("crossings"),
        line=pl.lit(THE_LINE),
        reason=pl.lit(
            "the source has two ends of a lap within a third of a lap: this one is left out"
        ),
    )
    cleared = [
        pl.when(~pl.col("wrong")).then(name).alias(name) for name in ("Time", "LapTime", "Position")
    ]
    return marked.with_columns(cleared), doubts


def _completed(*, has_places: bool = True) -> pl.Expr:
    """Whether the lap of a row ended at the Line.

    A row without lap time and position closes the record of a car that stopped: its time is that
    of the stop. In a table without positions the end of the second sector tells instead. So does
    one without a lap time that is not behind any car which went on: of a car that never started, or
    was out when the race was stopped, the record is closed before the others come round, or with
    the time of the first of them.
    """
    last = pl.col("lap") == pl.col("lap").max().over("car")
    sign = pl.col("Position" if has_places else "Sector2SessionTime")
    ahead = (pl.col("Time") <= pl.col("first")).fill_null(value=False)
    return ~(last & pl.col("LapTime").is_null() & (sign.is_null() | ahead))


def _stopped(laps: pl.DataFrame) -> pl.DataFrame:
    """Doubts about last laps that are not counted."""
    reason = (
        "no lap time, and no place or one ahead of all who went on: taken for where the car "
        "stopped, not counted"
    )
    return DOUBTS.check(laps.select("car", "lap", table=pl.lit("crossings"), reason=pl.lit(reason)))


def _crossings(laps: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Crossings of the Line and of the sector ends; what is out of order is left out, in doubt."""
    before = pl.col("Time").forward_fill().shift().over("car", order_by="lap")
    begun, ended = before.fill_null(timedelta(0)), pl.col("Time").fill_null(LONGEST_SESSION)
    first, second = pl.col("Sector1SessionTime"), pl.col("Sector2SessionTime")
    in_order = {
        "S1": first.is_between(begun, ended, closed="none"),
        "S2": second.is_between(pl.coalesce(first, begun), ended, closed="none"),
        THE_LINE: pl.col("Time").is_not_null(),
    }
    reached = pl.concat(
        laps.select("car", "lap", line=pl.lit(line), time=column, sane=in_order[line])
        for column, line in _SECTORS.items()
    ).drop_nulls("time")
    doubts = reached.filter(~pl.col("sane")).select(
        "car",
        "lap",
        "line",
        table=pl.lit("crossings"),
        reason=pl.lit("the clock at this line is not between those of its neighbours: left out"),
    )
    untimed = laps.filter(pl.col("Time").is_null(), ~pl.col("wrong")).select(
        "car",
        pl.col("lap").cast(pl.Float64),
        table=pl.lit("crossings"),
        line=pl.lit(THE_LINE),
        reason=pl.lit("the source has no clock at the end of this lap"),
    )
    kept = reached.filter("sane").with_columns(basis=pl.lit("timed"))
    return kept.sort("car", "time"), pl.concat([doubts, untimed], how="diagonal_relaxed")


def _lines(crossings: pl.DataFrame) -> pl.DataFrame:
    have = set(crossings["line"])
    lines = [line for line in ("S1", "S2", THE_LINE) if line in have]
    return pl.DataFrame(
        {
            "line": lines,
            "order": list(range(1, len(lines) + 1)),
            "sector": [{"S1": 1, "S2": 2, THE_LINE: 3}[line] for line in lines],
        },
        schema_overrides={"line": pl.String},
    )


def _entries(laps: pl.DataFrame) -> pl.DataFrame:
    """Cars in the table; from the pit lane if the lane was left after lights out on lap 1."""
    return laps.group_by("car", maintain_order=True).agg(
        number=pl.col("DriverNumber").cast(pl.Int16).cast(pl.String).first(),
        team=pl.col("Team").drop_nulls().first(),
        pit_lane_start=(
            (pl.col("PitOutTime") > timedelta(0)) & (pl.col("PitOutTime") < pl.col("Time"))
        )
        .filter(pl.col("lap") == 1)
        .first()
        .fill_null(value=False),
    )


def _compound() -> pl.Expr:
    return pl.coalesce(
        pl.col("CompoundName").str.to_lowercase().pipe(_known),
        pl.col("Compound").str.to_lowercase().pipe(_known),
    )


def _told_sets(laps: pl.DataFrame) -> pl.DataFrame:
    """First lap on every set, as the table tells of it, and the number of its stint.

    A drive through the pit lane behind the safety car starts a new `Stint` on the same tyres, so a
    set is new where the compound changes or its age does not go on counting.
    """
    ago = {
        c: pl.col(c).shift().over("car", order_by="lap") for c in ("compound", "TyreLife", "Stint")
    }
    changed = (
        pl.col("compound").ne_missing(ago["compound"])
        | (pl.col("TyreLife") != ago["TyreLife"] + 1)
        | (pl.col("TyreLife").is_null() & (pl.col("Stint") != ago["Stint"]))
        | ago["compound"].is_null()
    )
    return laps.filter(changed & pl.col("compound").is_not_null()).select(
        "car", "lap", "compound", "Stint", age=pl.col("TyreLife") - 1, new="FreshTyre"
    )


def _known(compound: pl.Expr) -> pl.Expr:
    return pl.when(compound.is_in(COMPOUNDS)).then(compound)


def _pit_visits(laps: pl.DataFrame) -> pl.DataFrame:
    """Visits to the pit lane; the way to the grid and the way home are none.

    The lane is left on the row of the next lap, or on the same row where it ends before the Line.
    """
    out_here = pl.col("PitOutTime") > pl.col("PitInTime")
    out_next = pl.col("PitOutTime").shift(-1).over("car", order_by="lap")
    with_exit = laps.select(
        "car",
        "lap",
        time_in="PitInTime",
        time_out=pl.when(out_here).then("PitOutTime").otherwise(out_next),
    )
    visits = with_exit.filter(pl.col("time_in") > timedelta(0))
    return visits.with_columns(
        time_out=pl.when(pl.col("time_out") > pl.col("time_in")).then("time_out"),
    ).with_columns(duration=pl.col("time_out") - pl.col("time_in"))


def _control(laps: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Neutralised periods from the track status of each lap, a string of all that held on it."""
    codes: dict[State, str] = {"yellow": "2", "SC": "4", "red": "5", "VSC": "[67]"}
    start = pl.when(pl.col("lap") == 1).then(timedelta(0))
    previous = pl.coalesce(pl.col("Time").shift().over("car", order_by="lap"), start)
    after_stoppage = pl.col("PitOutTime") - previous > STOPPAGE
    known = (
        laps.with_columns(begun=pl.when(after_stoppage).then("PitOutTime").otherwise(previous))
        .filter(pl.col("TrackStatus").is_not_null(), pl.col("TrackStatus") != "0", _completed())
        .drop_nulls(["begun", "Time"])
    )
    if known.is_empty():
        doubt = {"table": "control", "reason": "track status is not in this source"}
        return CONTROL.empty(), DOUBTS.rows([doubt])
    begun = known["begun"].dt.total_microseconds().to_numpy()
    ended = known["Time"].dt.total_microseconds().to_numpy()
    first = known.filter(pl.col("lap") == 1)["Time"].min()
    rows = [
        _period(a, b, state, first)
        for state, code in codes.items()
        for a, b in intervals_from_laps(
            begun,
            ended,
            known["TrackStatus"].str.contains(code).to_numpy(),
            while_nobody_laps=state == "red",
        )
    ]
    return CONTROL.rows(rows).sort("from"), DOUBTS.empty()


def _period(begin: int, end: int, state: State, first: object) -> dict[str, object]:
    """Time for which a state held, in microseconds; what shows on lap 1 came after lights out.

    How long after the status of a whole lap does not say: by the end of the leader's lap at the
    latest, or half way through what is known if it was over by then.
    """
    since, until = timedelta(microseconds=begin), timedelta(microseconds=end)
    row: dict[str, object] = {"from": since, "to": until, "state": state}
    if begin > 0 or state == "yellow" or not isinstance(first, timedelta):
        return row
    return row | {"from": first if first < until else until / 2, "from_earliest": timedelta(0)}
