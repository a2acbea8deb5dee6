"""When a race was neutralised, and what may have come of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from racecraft.analysis.order.control import control, procession
from racecraft.analysis.order.timing import timing
from racecraft.sim.moments.causes import out_as_it_came, raced_beyond, stopped_under
from racecraft.sim.moments.happening import Happening
from racecraft.sim.moments.lead import front_on

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from racecraft.model.race import Race

NEUTRAL = {"SC": "safety car", "VSC": "virtual safety car", "red": "red flag"}
PERIODS = {kind: state for state, kind in NEUTRAL.items()}
BARELY = 0.25  # of a lap: a safety car that goes in so early on a lap ended with the lap before
SAME_PERIOD_LAPS = 1  # a safety car that turns into a red flag is one neutralisation


def neutralisations(race: Race) -> Iterator[Happening]:
    """Safety cars and red flags: from the lap before they came to the lap on which they ended."""
    if procession(race):
        return  # told as the race that was none
    at = timing(race)
    ends = at.ended
    table = control(race).filter(pl.col("state").is_in(list(NEUTRAL))).sort("from")
    periods: list[tuple[int, int, list[str]]] = []
    for begin, end, state in table["from", "to", "state"].rows():
        since = begin.total_seconds() * 1e6
        until = end.total_seconds() * 1e6 if end is not None else ends[-1]
        first = int((ends <= since).sum()) + 1
        ended = int((ends < until).sum())
        begun = ends[ended - 1] if ended else 0.0
        almost = ended < at.laps and until - begun < BARELY * (ends[ended] - begun)
        last = max(first, min(ended + (0 if almost else 1), at.laps))
        if first > at.laps:
            continue
        if periods and first - periods[-1][1] <= SAME_PERIOD_LAPS:
            was_first, was_last, states = periods[-1]
            periods[-1] = (was_first, max(was_last, last), [*states, state])
        else:
            periods.append((first, last, [state]))
    for first, last, states in periods:
        kind = "red flag" if "red" in states else NEUTRAL["SC" if "SC" in states else "VSC"]
        since_lap = 1 if first == 1 and last > 1 else first - 1  # the start is told by itself
        stopped = {} if kind == "red flag" or first == 1 else stopped_under(race, first, last)
        yield Happening(
            kind=kind, lap=first, last_lap=last, before=since_lap, after=min(last, at.laps),
            facts={
                "inferred": "inferred" in control(race)["basis"],
                "stopped": stopped,
                "raced_on": raced_beyond(race, last),
                "front": front_on(race, since_lap),
                "won_by_it": _won_by_a_stop(race, stopped, since_lap),
                "out": out_as_it_came(race, first),
            },
        )  # fmt: skip
        if last < at.laps and kind != "virtual safety car":
            yield Happening(
                kind="restart", lap=last + 1, last_lap=last + 1, before=last, after=last + 1,
                facts={"from": "safety car"},
            )  # fmt: skip


def _won_by_a_stop(race: Race, stopped: Mapping[str, str], lap: int) -> str:
    """The winner, if he stopped under a flag and was led, as it came, by some who did not."""
    winner = race.classification.filter(position=1)["car"].to_list()
    front = front_on(race, lap)
    if not winner or winner[0] not in stopped or winner[0] not in front:
        return ""
    ahead = front[: front.index(winner[0])]
    return winner[0] if any(car not in stopped for car in ahead) else ""
