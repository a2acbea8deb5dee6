"""Every change of position, and why it came about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import polars as pl

from racecraft.analysis.order.changes import (
    Changes,
    behind,
    changes,
    lapping_changes,
    names,
    out_of_sight,
    positions,
    taken_back,
    touches,
)
from racecraft.analysis.order.classes import class_positions, classes, has_classes
from racecraft.analysis.order.control import (
    NEUTRAL_SHARE,
    neutralised,
    possibly_neutralised,
    standing_starts,
    stopped,
)
from racecraft.analysis.order.evidence import with_evidence, with_retaken
from racecraft.analysis.order.reference import sound_pace
from racecraft.analysis.order.stops import pit_laps
from racecraft.analysis.order.timing import Timing, durations, timing
from racecraft.errors import ArgumentError
from racecraft.lookup.find import concerning
from racecraft.model.once import once_per
from racecraft.model.race import LAP
from racecraft.model.table import TIME, Column, Table
from racecraft.model.terms import KINDS, LAPPING

if TYPE_CHECKING:
    from datetime import timedelta

    from numpy.typing import NDArray

    from racecraft.model.race import Race

Rule = Literal["every_line", "flying_laps", "mini_sector"]
RULES: tuple[Rule, ...] = get_args(Rule)

# A car that loses more than this within a lap, against its own reference and beyond what the
# field loses there, is in trouble: off, spun or damaged. A fight costs up to 5 s. Fitted
# by benchmarks/overtake_counts.py on the published counts of 2018, 2019, Zandvoort 2021 and 2022.
TROUBLE_S = 7.0
# A car that loses more than this on two laps in a row is in trouble as well: its engine fails, or
# something is broken. A fight for a place ends within a lap.
FAILING_S = 3.0
# A car that stops for good within a lap is in trouble from a smaller loss on.
RETIRING_S = 1.0
# A car this close behind may have passed before the other one went into the pits.
AT_ONCE_S = 1.0
# Near a change of state that only crossings tell, whether the two raced is not known.
PERHAPS = 0.6
# That a place which came back under a red flag was given back by the order of the restart.
RESET = 0.8
RACING = 1.1  # times its own pace, below which no car drives behind a safety car


OVERTAKES = Table(
    "overtakes",
    key=("series", "season", "session", "lap", "line", "passer", "passed"),
    columns=(
        Column("series", pl.String, "whose championship"),
        Column("season", pl.Int16, "season"),
        Column("round", pl.Int16, "round; null where the source does not say"),
        Column("session", pl.String, "race or sprint"),
        LAP,
        Column("line", pl.String, "timing line at which the new order was first seen"),
        Column("passer", pl.String, "car that gained the place"),
        Column("passed", pl.String, "car that lost it"),
        Column("position", pl.Int16, "place gained"),
        Column("class", pl.String, "class of the two; null where all race in one, or they differ"),
        Column("class_position", pl.Int16, "place gained in the class of the passer; null where "
               "the two race in different ones"),
        Column("kind", pl.String, "cause: " + ", ".join(KINDS)),
        Column("margin", TIME, "interval at that line; null where the passed car did not reach it"),
        Column("held", pl.Boolean, "still ahead at the end of that lap"),
        Column("retaken_lap", pl.Int16, "lap on which the place was lost again to the same car"),
        Column("retaken_line", pl.String, "line at which it was"),
        Column("confidence", pl.Float64, "that the kind is right, 0 to 1"),
        Column("evidence", pl.String, "one sentence"),
    ),
)  # fmt: skip


def overtakes(
    race: Race,
    *,
    rule: Rule = "every_line",
    kind: str | None = None,
    lapping: bool = False,
    overall: bool = False,
    driver: str | None = None,
) -> pl.DataFrame:
    """Every change of position, with exactly one kind each.

    Parameters
    ----------
    race
        Needs ``crossings``; with ``entries.grid`` changes are counted from the grid, with
        ``classification`` those after the flag are listed too.
    rule
        ``every_line`` lists all rows. ``flying_laps`` counts kind `on_track` on complete flying
        laps, held to the end of the lap, once per pair and lap. ``mini_sector`` counts kind
        `on_track` at every line beyond lap 1.
    kind
        Only this kind.
    lapping
        List cars put a lap down, or unlapping, instead: between cars on different laps nothing
        changes hands.
    overall
        Between cars of different classes too, where nothing changes hands either: traffic.
    driver
        Only what this car, or who drove it, gained or lost.

    Returns
    -------
    DataFrame
        ``OVERTAKES``, in order of lap and line.

    Raises
    ------
    ArgumentError
        There is no such rule or kind.
    NotEnoughDataError
        The race has no crossings.

    Notes
    -----
    A change that came about while either car was not timed for over a lap has no cause that could
    be told, and is left out where nothing else explains it.

    Where several causes could hold the first of these counts: classification, retirement, order
    reset, red flag, pit, start, neutralised, trouble, on_track. A stopped race is resumed in the
    order of the last point at which that of all cars could be told: a place that was won on the
    lap before, and is lost again under the red flag, was taken back by that (`order_reset`).

    Examples
    --------
    >>> from racecraft.sources.sample.toy import toy_race
    >>> overtakes(toy_race()).select("lap", "line", "passer", "passed", "kind").rows()
    [(2, 'S2', 'HAM', 'SAI', 'on_track')]
    """
    if rule not in RULES:
        raise ArgumentError(f"no counting rule {rule!r}", hint=f"one of {', '.join(RULES)}")
    if kind is not None and kind not in KINDS:
        raise ArgumentError(f"no kind of overtake {kind!r}", hint=f"one of {', '.join(KINDS)}")
    table = _lapping(race) if lapping else _every_line(race)
    if not overall and has_classes(race):
        table = table.filter(pl.col("class_position").is_not_null())
    if not lapping:
        table = _counted(table, rule, kind)
    return table if driver is None else concerning(race, table, driver, "passer", "passed")


def _counted(table: pl.DataFrame, rule: Rule, kind: str | None) -> pl.DataFrame:
    """Changes that a rule counts, of one kind if one is asked for."""
    if rule == "flying_laps":
        same_lap = [
            "lap",
            pl.min_horizontal("passer", "passed"),
            pl.max_horizontal("passer", "passed"),
        ]
        net = (pl.len().over(same_lap) % 2 == 1) & (
            pl.int_range(pl.len()).over(same_lap) == pl.len().over(same_lap) - 1
        )
        table = table.filter(net & (pl.col("kind") == "on_track") & pl.col("held"))
    elif rule == "mini_sector":
        table = table.filter((pl.col("kind") == "on_track") & (pl.col("lap") > 1))
    return table if kind is None else table.filter(pl.col("kind") == kind)


@once_per
def _every_line(race: Race) -> pl.DataFrame:
    at = timing(race)
    found = changes(race)
    kinds, certainty, lost = _kinds(race, at, found)
    table = _table(race, at, found, kinds, certainty, lost)
    unseen = np.isin(kinds, ["on_track", "trouble"]) & out_of_sight(at, found)
    return pl.concat([table.filter(~unseen), _after_flag(race, at)])


def _kinds(
    race: Race, at: Timing, found: Changes
) -> tuple[NDArray[np.object_], NDArray[np.float64], NDArray[np.float64]]:
    """Kind of each change, how certain it is, and what the passed car lost (microseconds)."""
    a, b, step = found.passer, found.passed, found.step
    began, ended = _window(at, found)
    share = neutralised(race).share(began, ended)
    perhaps = possibly_neutralised(race).share(began, ended) > share
    racing = _racing(race, at, found)
    red = stopped(race).share(began, ended) > 0
    pit = touches(pit_laps(race), at, found)
    first = found.before < 0  # where a race is stopped on lap 1 its places were won at the start
    start = np.isin(at.lap[step], list(standing_starts(race)))
    lost = _lost(race, at, found)
    stops_soon = ~at.finished[b] & (at.last_step[b] - step < len(at.lines))
    limit = np.where(stops_soon, RETIRING_S, TROUBLE_S) * 1e6
    trouble = lost > limit
    kinds = np.select(
        [found.gone, red & taken_back(at, found), red & ~first, pit, start,
         red | ((share > NEUTRAL_SHARE) & ~racing), trouble],
        ["retirement", "order_reset", "neutralised", "pit", "start", "neutralised", "trouble"],
        "on_track",
    ).astype(object)  # fmt: skip
    near_limit = np.where(np.abs(lost - limit) < 0.3 * limit, 0.75, 1.0)
    close = found.before >= 0
    close[close] = behind(at, found)[close] < AT_ONCE_S * 1e6
    coarse = {1: 0.85, 3: 0.95}.get(len(at.lines), 0.97)
    by_clock = (at.basis[step, a] == 2) | (at.basis[step, b] == 2)
    certainty = (
        np.select(
            [
                np.isin(kinds, ["retirement", "start"]),
                kinds == "pit",
                kinds == "neutralised",
                kinds == "order_reset",
            ],
            [1.0, np.where(close, 0.7, 0.95), 0.5 + share / 2, RESET],
            coarse * near_limit * (1 - np.where(racing, share / 2, share)),
        )
        * np.where(by_clock, 0.8, 1.0)
        * np.where(perhaps, PERHAPS, 1.0)
    )
    return kinds, certainty, lost


def _window(at: Timing, found: Changes) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """When the change came about: between the two lines, for the pair; microseconds."""

    def pair(step: NDArray[np.int64]) -> NDArray[np.float64]:
        return np.stack([at.time[step, found.passer], at.time[step, found.passed]])

    seen = pair(np.maximum(found.before, 0))
    began = np.where(found.before < 0, 0.0, np.fmin(seen[0], seen[1]))
    now = pair(found.step)
    return began, np.fmax(now[0], now[1])


def _racing(race: Race, at: Timing, found: Changes) -> NDArray[np.bool_]:
    """Whether both drove the last segment at racing pace: by then no safety car slowed them."""
    with np.errstate(invalid="ignore"):
        own = at.segment < RACING * sound_pace(race)
    both = own[found.step, found.passer] & own[found.step, found.passed]
    return np.asarray(both & ~out_of_sight(at, found))


def _lost(race: Race, at: Timing, found: Changes) -> NDArray[np.float64]:
    """What the passed car lost to itself on the way, beyond what the field lost; microseconds.

    Counted since the lap began, and over the last two segments, whichever is more: trouble begins
    before the place is lost. A car that has been failing for a lap counts with what it lost since.
    """
    own = sound_pace(race)
    loss = np.nan_to_num(at.segment - own * _field_pace(at, own))
    by_lap = loss.reshape(at.laps, len(at.lines), -1).cumsum(axis=1)
    lap_before = np.concatenate([np.zeros((1, loss.shape[1])), by_lap[:-1, -1]])
    for lap in standing_starts(race):
        lap_before[lap : lap + 1] = 0  # a slow start is no failure
    lap_before[1:][pit_laps(race)[:-1]] = 0  # nor is a stop
    since = by_lap.reshape(loss.shape)
    if len(at.lines) > 1:
        since = np.maximum(since, loss + np.concatenate([np.zeros((1, loss.shape[1])), loss[:-1]]))
    before = np.repeat(lap_before, len(at.lines), axis=0)
    failing = np.minimum(before, since) > FAILING_S * 1e6
    return np.asarray(np.where(failing, since + before, since)[found.step, found.passed])


def _field_pace(at: Timing, own: NDArray[np.float64]) -> NDArray[np.float64]:
    """How much slower than its own pace the median car is, (steps, 1); at least 1."""
    with np.errstate(invalid="ignore", divide="ignore"):
        pace = at.segment / own
    field = np.ones(at.steps)
    seen = (~np.isnan(pace)).sum(axis=1) > 2
    field[seen] = np.maximum(np.nanmedian(pace[seen], axis=1), 1.0)
    return field[:, None]


def _table(
    race: Race,
    at: Timing,
    found: Changes,
    kinds: NDArray[np.object_],
    certainty: NDArray[np.float64],
    lost: NDArray[np.float64],
) -> pl.DataFrame:
    a, b, step = found.passer, found.passed, found.step
    place = positions(race)
    of = np.array(classes(race), object)
    same = of[a] == of[b]
    end_of_lap = at.lap[step] * len(at.lines) - 1
    a_end, b_end = at.time[end_of_lap, a], at.time[end_of_lap, b]
    frame = pl.DataFrame(
        {
            "series": [race.series] * len(step),
            "season": np.full(len(step), race.season),
            "round": pl.Series([race.round] * len(step), dtype=pl.Int16),
            "session": [race.session] * len(step),
            "lap": at.lap[step],
            "line": at.line_names[step],
            "passer": names(at, a),
            "passed": names(at, b),
            "position": place[step, a],
            "class": pl.Series(of[a], dtype=pl.String),
            "class_position": np.where(same, class_positions(race)[step, a], -1),
            "kind": pl.Series(kinds, dtype=pl.String),
            "margin": durations(at.time[step, b] - at.time[step, a]),
            "held": ~np.isnan(a_end) & ~(b_end < a_end),
            "confidence": certainty.round(2),
            "lost": lost,
            "behind": durations(behind(at, found)),
            "seen_lap": np.where(found.before < 0, 0, at.lap[found.before]),
            "seen_line": at.line_names[found.before],
        }
    )
    apart = pl.col("class_position") < 0
    frame = frame.with_columns(
        pl.when(~apart).then(pl.col(name)).alias(name) for name in ("class", "class_position")
    )
    return OVERTAKES.check(with_evidence(with_retaken(frame)))


def _after_flag(race: Race, at: Timing) -> pl.DataFrame:
    """Places that changed hands after the flag, between cars that had done as many laps."""
    listed = race.classification.sort("order").filter(pl.col("car").is_in(at.cars))
    official = dict(listed["car", "time"].rows())
    rows = []
    final = [at.cars.index(driver) for driver in listed["car"] if driver in at.cars]
    for place, a in enumerate(final, start=1):
        for b in final[place:]:
            last = at.last_step[a]
            if not (at.finished[a] and at.finished[b] and last == at.last_step[b]):
                continue
            behind = at.time[last, a] - at.time[last, b]
            if behind > 0:
                rows.append(_changed_after(race, at, a, b, final, float(behind), official))
    return OVERTAKES.rows(rows)


def _changed_after(
    race: Race,
    at: Timing,
    a: int,
    b: int,
    final: list[int],
    behind: float,
    official: dict[str, timedelta | None],
) -> dict[str, object]:
    """Row of ``OVERTAKES`` for car a, which the classification puts ahead of car b."""
    passer, passed = at.cars[a], at.cars[b]
    place = final.index(a) + 1
    of = classes(race)
    same = of[a] == of[b]
    mine, his = official[passer], official[passed]
    return {
        "series": race.series,
        "season": race.season,
        "round": race.round,
        "session": race.session,
        "lap": at.lap[at.last_step[a]],
        "line": "classification",
        "passer": passer,
        "passed": passed,
        "position": place,
        "class": of[a] if same else None,
        "class_position": sum(of[car] == of[a] for car in final[:place]) if same else None,
        "kind": "classification",
        "margin": his - mine if mine and his and his > mine else None,
        "held": True,
        "confidence": 1.0,
        "evidence": f"{passer} {behind / 1e6:.3f} s behind {passed} at the flag, ahead in the "
        "classification",
    }


def _lapping(race: Race) -> pl.DataFrame:
    at = timing(race)
    found = lapping_changes(race)
    count = len(found.step)
    kinds, certain = np.full(count, LAPPING, object), np.ones(count)
    return _table(race, at, found, kinds, certain, np.zeros(count))
