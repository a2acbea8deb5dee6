"""Which battles were fought hardest, late, and for most: a rank over any number of races."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from racecraft.analysis.fights.battles import BATTLES, battles, raced_by
from racecraft.analysis.order.timing import timing
from racecraft.errors import RuleError
from racecraft.model.rulebook.book import rulebook
from racecraft.model.table import Column, Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from racecraft.analysis.order.timing import Timing
    from racecraft.model.race import Race

ATTEMPT_S, APART_S = 0.35, 0.6  # an attempt begins within the first, and is over beyond the second
HELD_UP_S = 1.0  # behind the next car up the road: the car ahead is in a train itself
SWAP, ATTEMPT = 3.0, 1.0  # what a change of order and an attempt count for
USUAL_POINTS = (25.0, 18.0, 15.0, 12.0, 10.0, 8.0, 6.0, 4.0, 2.0, 1.0)
WIN_WORTH, PODIUM_WORTH = 15.0, 4.0  # points, beside those that a place scores

HARDEST_FOUGHT = Table(
    "hardest_fought",
    key=BATTLES.key,
    columns=(
        Column("heat", pl.Float64, "swaps, attempts and laps nose to tail, times what was at stake "
               "and how late it was"),
        *BATTLES.columns[:7],
        *(column for column in BATTLES.columns if column.name in (
            "start_lap", "end_lap", "laps", "swaps", "closest", "ahead_at_end", "margin",
            "at_flag", "ended_by")),
        Column("attempts", pl.Int16, f"times that one came within {ATTEMPT_S} s of the other at a "
               f"line, having been further away than {APART_S} s, and swaps"),
        Column("in_a_train", pl.Float64, f"share of the lines at which a third car was within "
               f"{HELD_UP_S} s ahead of both"),
        Column("at_stake", pl.Float64, "points between the place and the next; in a race 15 "
               "more for a win and 4 for the last place on the podium"),
    ),
)  # fmt: skip


def hardest_fought(race: Race) -> pl.DataFrame:
    r"""Battles of a race by how hard they were fought, for what, and how late.

    Parameters
    ----------
    race
        Needs ``crossings``.

    Returns
    -------
    DataFrame
        ``HARDEST_FOUGHT``, the hottest first.

    Raises
    ------
    NotEnoughDataError
        The race has no crossings.

    Notes
    -----
    With s swaps, a attempts without a swap, n laps spent nose to tail (each line counting for how
    much of a second the interval left unused), t the share in a train, w what is at stake, e the
    share of the race that was done when it ended and f 1 where it lasted to the flag, heat
    :math:`= (3s + a + (1 - t)\sqrt{n}) (1 + \sqrt{w}) (1 + e + f) / 2`.

    More timing lines a lap see more attempts: compare races of one kind of timing.

    Examples
    --------
    >>> from racecraft.sources.sample.sample import sample_race
    >>> hardest_fought(sample_race(20)).select("first", "second", "position").row(0)
    ('ALO', 'PER', 3)
    """
    at = timing(race)
    stakes = at_stake(race)
    rows = [_row(race, at, stakes, row) for row in battles(race).iter_rows(named=True)]
    return HARDEST_FOUGHT.rows(rows).sort("heat", descending=True, maintain_order=True)


def at_stake(race: Race) -> NDArray[np.float64]:
    """What each place is worth more than the next, in points, from the first; zero beyond them."""
    try:
        scale = rulebook(race.season).scale(race.event, race.session, to_come=True)
    except RuleError:  # a season or a series without a rulebook: stakes as in Formula 1 today
        scale = USUAL_POINTS
    worth = -np.diff(np.array([*(scale or (1.0,)), 0.0]))
    worth = np.pad(worth, (0, max(0, 3 - len(worth))))
    if race.session == "race":  # a sprint has points, and neither a Grand Prix to win nor a podium
        worth[0] += WIN_WORTH
        worth[2] += PODIUM_WORTH
    return worth


def _row(
    race: Race, at: Timing, stakes: NDArray[np.float64], battle: dict[str, Any]
) -> dict[str, object]:
    one, other = (at.cars.index(battle[name]) for name in ("first", "second"))
    laps = (at.lap >= battle["start_lap"]) & (at.lap <= battle["end_lap"])
    raced = np.flatnonzero(laps & raced_by(race, (at.cars[one], at.cars[other])))
    apart = np.abs(at.time[raced, one] - at.time[raced, other]) / 1e6
    raced, apart = raced[~np.isnan(apart)], apart[~np.isnan(apart)]
    swaps = battle["swaps"]
    tried = max(_approaches(apart) - swaps, 0)
    train = _held_up(at, raced, one, other)
    close = float(np.maximum(0.0, 1 - apart).sum()) / len(at.lines)
    place = battle["class_position"] or battle["position"]
    worth = float(stakes[place - 1]) if place <= len(stakes) else 0.0
    done = battle["end_lap"] / at.laps
    fight = SWAP * swaps + ATTEMPT * tried + (1 - train) * close**0.5
    late = (1 + done + battle["at_flag"]) / 2
    return {
        **{name: battle[name] for name in HARDEST_FOUGHT.schema if name in battle},
        "heat": round(fight * (1 + worth**0.5) * late, 2),
        "attempts": swaps + tried,
        "in_a_train": round(train, 3),
        "at_stake": worth,
    }


def _approaches(apart: NDArray[np.float64]) -> int:
    """Times that two cars came close, having been apart."""
    count, away = 0, True
    for interval in apart:
        if away and interval <= ATTEMPT_S:
            count, away = count + 1, False
        elif interval > APART_S:
            away = True
    return count


def _held_up(at: Timing, steps: NDArray[np.int64], one: int, other: int) -> float:
    """Share of the steps at which a third car was close ahead of both."""
    if not len(steps):
        return 0.0
    time = at.time[steps]
    ahead = np.fmin(time[:, one], time[:, other])[:, None] - time
    ahead[:, [one, other]] = np.nan
    return float(((ahead > 0) & (ahead <= HELD_UP_S * 1e6)).any(axis=1).mean())
