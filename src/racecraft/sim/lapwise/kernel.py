"""Many runs of the rest of a race, lap by lap and car by car: to be compiled, plain arrays only.

Sixteen runs are driven side by side, in lanes. The steps are put into one loop by the compiler,
because every call and every array made inside it would cost more than the arithmetic.
`racecraft.sim.lapwise.world` says what the arrays hold.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import float32, int32, int64, uint64

from racecraft.sim.lapwise.random import GOLDEN, drawn, mixed

# isort: off
from racecraft.sim.lapwise.columns import (
    AGE, AGES, AGE_NOW, ALWAYS, ANSWERING, ANSWERS, ATTACK, ATTACK_AT, BY_MADE, BY_NOW, COVERED,
    DEFEND, DEFEND_AT, DOWN, DOWN_AT, DRAWS_16, DRIVEN, FLAG, FLAG_LAPS, FORM, FORM_NOW,
    FORM_SPREAD, GAP, GROWS, HARD_MORE, HARD_SPREAD, INCIDENT, LANES, LAPPED, LAPPING,
    LAST_MORE, LAST_STEP, LEFT, LOGIT_STEPS, LOST_AT, MADE, MAY, MEDIUM_MORE, MEDIUM_SPREAD,
    MOODS, MORE_STOPS, MUST, ON, ON_FLAG, ORDER, OUT, OWED, PACE, PACE_NOW, PACE_SPREAD, PASSED,
    PASS_BASE, PENALTY, PENALTY_S, RACING, RED_LAPS, RED_SHARE, RESTART, SC_AFTER_OUT,
    SC_FIRST_LAP, SC_ONSET, SPECIAL, STANDING, STOPS, STOPS_MADE, STOP_SHARED, TABLE_0, TEAM,
    TEAM_SPREAD, TIME, TYRE, TYRES, UNDER, UNLAP, UNLAPS, USED, USED_NOW, VSC_SHARE, WEAR,
    WEAR_SPREAD, WORN,
)  # fmt: skip
from racecraft.sim.lapwise.in_line import in_line
from racecraft.sim.lapwise.step import step
from racecraft.sim.lapwise.steps import at_the_line, by_itself, more_of
from racecraft.sim.lapwise.under_green import under_green


def drive(
    first: int, last: int, key: np.uint64, from_lap: int, laps: int,
    order_0: Any, cars: Any, states: Any, race: Any, base: Any, tyre_s: Any, flag_0: int,
    flag_left: Any, forced: Any, plan: Any, stop_by_age: Any, stop_by_left: Any,
    stop_by_others: Any, next_tyre: Any,
    sc_laps: Any, vsc_laps: Any, stop_s: Any, normal: Any, exponential: Any,
    reals: Any, wholes: Any, lanes: Any, counts: Any, streams: Any,
    finish: Any, out_lap: Any, gaps: Any, passes: Any, places_kept: Any, trace: Any,
) -> None:  # fmt: skip
    """Drive runs `first` to `last`; what came of run i is written into row i - first.

    Notes
    -----
    Draws depend on run, lap and car alone, so that a change in one place leaves all other chance
    as it was, and a run is the same whichever runs are driven beside it.
    """
    for begin in range(first, last, LANES):
        full = min(last - begin, LANES)
        for lane in range(LANES):
            streams[lane] = mixed(uint64(key) + uint64(begin + lane + 1) * GOLDEN)
            of_the_day(lane, streams[lane], race, normal, lanes)
            on_the_grid(
                lane, streams[lane], from_lap, order_0, cars, states, race, normal, lanes, reals,
                wholes, counts,
            )  # fmt: skip
            bits = drawn(streams[lane], 0, ON_FLAG, 0)
            counts[FLAG + lane] = flag_0
            counts[LEFT + lane] = flag_left[int64(bits & uint64(255))]
            counts[UNLAPS + lane] = flag_0 == 2
            counts[UNDER + lane] = int32(race[FLAG_LAPS])  # laps under the flag so far
        for lap in range(from_lap + 1, laps + 1):
            for lane in range(LANES):
                race_control(lane, streams[lane], lap, forced, sc_laps, vsc_laps, race, counts)
                calls(lane, lap, laps, stop_by_left, stop_by_others, lanes, counts)
            places = most_running(counts)
            by_itself(
                lap, laps, base[lap], cars, race, plan, tyre_s, stop_by_age, streams, lanes,
                reals, wholes, counts,
            )  # fmt: skip
            under_green(
                places, lap, laps, race, exponential, normal, next_tyre, stop_s, plan, streams,
                lanes, reals, wholes, counts,
            )  # fmt: skip
            for lane in range(LANES):
                if counts[RACING + lane] == 0:
                    in_line(
                        lane, lap, laps, base[lap], race, cars, normal, next_tyre, stop_s, plan,
                        streams, lanes, reals, wholes, counts,
                    )  # fmt: skip
            at_the_line(places, lap, reals, wholes, counts)
            lapped(places, base[lap], race, reals, wholes, counts)
            if len(trace) > 0 or len(places_kept) > 0:
                for lane in range(full):
                    row = begin - first + lane
                    keep(lane, row, lap, reals, wholes, counts, places_kept, trace)
        for lane in range(full):
            classify(
                lane, begin - first + lane, streams[lane], laps, order_0, cars, race, reals,
                wholes, counts, finish, out_lap, gaps,
            )  # fmt: skip
            passes[begin - first + lane] = counts[PASSED + lane]


@step
def of_the_day(lane: int, stream: np.uint64, race: Any, normal: Any, lanes: Any) -> None:
    """What tyres are on the day of a run; and how much more all cars stop than they usually do."""
    bits = drawn(stream, 0, ON_FLAG, 1)
    shared = float32(LOGIT_STEPS) * race[STOP_SHARED] * normal[int64(bits & uint64(LAST_STEP))]
    lanes[MORE_STOPS + lane] = float32(int64(shared))
    wear = normal[int64((bits >> uint64(12)) & uint64(LAST_STEP))]
    lanes[WEAR + lane] = race[WEAR_SPREAD] * wear
    medium = normal[int64((bits >> uint64(24)) & uint64(LAST_STEP))]
    lanes[MEDIUM_MORE + lane] = race[MEDIUM_SPREAD] * medium
    hard = normal[int64((bits >> uint64(36)) & uint64(LAST_STEP))]
    lanes[HARD_MORE + lane] = race[HARD_SPREAD] * hard


@step
def on_the_grid(
    lane: int, stream: np.uint64, from_lap: int, order_0: Any, cars: Any, states: Any, race: Any,
    normal: Any, lanes: Any, reals: Any, wholes: Any, counts: Any,
) -> None:  # fmt: skip
    """Put every car into the state that a run begins from, and draw what it is capable of."""
    for c in range(len(cars)):
        i = c * LANES + lane
        bits = drawn(stream, 0, c, 0)
        own = int64(bits & uint64(LAST_STEP))
        at_first = int64((bits >> uint64(20)) & uint64(LAST_STEP))
        of_team = int64(drawn(stream, 0, 32 + int64(cars[c, TEAM]), 1) & uint64(LAST_STEP))
        reals[PACE_NOW + i] = (
            cars[c, PACE]
            + cars[c, PACE_SPREAD] * normal[own]
            + cars[c, TEAM_SPREAD] * normal[of_team]
            + more_of(states[c, TYRE], lane, lanes)
        )
        reals[FORM_NOW + i] = cars[c, FORM] + cars[c, FORM_SPREAD] * normal[at_first]
        used = states[c, USED]
        wholes[AGE_NOW + i] = states[c, AGE]
        wholes[WORN + i] = states[c, TYRE] * AGES + states[c, AGE]
        wholes[USED_NOW + i] = used
        wholes[MUST + i] = used == 1 or used == 2 or used == 4
        wholes[MADE + i] = states[c, STOPS]
        wholes[ANSWERS + i] = from_lap + 1 if states[c, COVERED] > 0 else -1
        wholes[OUT + i] = -1
    for row in range(ON, PASSED + 1, LANES):
        counts[row + lane] = 0
    counts[ON + lane] = len(order_0)
    for k in range(len(order_0)):
        i = k * LANES + lane
        c = order_0[k]
        wholes[ORDER + i] = c
        wholes[DOWN_AT + i] = states[c, DOWN]
        reals[TIME + i] = cars[c, GAP]
        reals[LOST_AT + i] = 0.0
        reals[ATTACK_AT + i] = race[PASS_BASE] + cars[c, ATTACK]
        reals[DEFEND_AT + i] = cars[c, DEFEND]
        wholes[OUT + c * LANES + lane] = 0
        counts[STOPS_MADE + lane] += states[c, STOPS]


@step
def race_control(
    lane: int, stream: np.uint64, lap: int, forced: Any, sc_laps: Any, vsc_laps: Any, race: Any,
    counts: Any,
) -> None:  # fmt: skip
    """State of the track on a lap."""
    before = counts[FLAG + lane]
    flag = before
    if forced[lap] > 0:
        flag = int32(forced[lap] - 1)
        counts[LEFT + lane] = 0
    elif flag > 0:
        counts[LEFT + lane] -= 1
        if counts[LEFT + lane] <= 0:
            flag = int32(0)
    elif counts[ON + lane] > 1:
        bits = drawn(stream, lap, ON_FLAG, 0)
        flag = called(bits, lap, counts[INCIDENT + lane], race)
        which = int64((bits >> uint64(32)) & uint64(255))
        if flag == 3:
            counts[LEFT + lane] = RED_LAPS
        elif flag == 2:
            counts[LEFT + lane] = sc_laps[which]
            unlaps = float32(int64((bits >> uint64(40)) & uint64(255)))
            counts[UNLAPS + lane] = unlaps < race[UNLAP] * float32(256.0)
        elif flag == 1:
            counts[LEFT + lane] = vsc_laps[which]
    counts[INCIDENT + lane] = 0
    if before == 3 and flag == 0:
        counts[RESTART + lane] = 1
    standing = int32(lap == 1 or counts[RESTART + lane] > 0)
    counts[UNDER + lane] = counts[UNDER + lane] + 1 if flag == before else 1
    counts[FLAG + lane] = flag
    counts[STANDING + lane] = standing
    counts[RACING + lane] = counts[ON + lane] if flag == 0 and standing == 0 else 0
    if standing > 0 and flag == 0:
        counts[RESTART + lane] = 0


@step
def called(bits: np.uint64, lap: int, incident: int, race: Any) -> np.int32:
    """State of the track that race control calls on a green lap."""
    one = float32(1.0)
    hazard = race[SC_FIRST_LAP] if lap == 2 else race[SC_ONSET]
    if incident > 0:
        hazard = one - (one - hazard) * (one - race[SC_AFTER_OUT])
    flag = 0
    if float32(int64(bits & uint64(65535))) < hazard * DRAWS_16:
        kind = float32(int64((bits >> uint64(16)) & uint64(65535))) / DRAWS_16
        flag = 2
        if kind < race[RED_SHARE]:
            flag = 3
        elif kind < race[RED_SHARE] + race[VSC_SHARE]:
            flag = 1
    return int32(flag)


@step
def calls(
    lane: int, lap: int, laps: int, stop_by_left: Any, stop_by_others: Any, lanes: Any,
    counts: Any,
) -> None:  # fmt: skip
    """What speaks for a stop on a lap, beside a car's own tyres."""
    flag, left_laps = counts[FLAG + lane], laps - lap
    by_made = stop_by_others[0 if flag == 0 else 1]
    usual = float32(counts[STOPS_MADE + lane]) / float32(max(counts[ON + lane], 1))
    relative = lanes[MORE_STOPS + lane] - by_made * usual
    now, last_call = stop_by_left[0, left_laps], stop_by_left[1, left_laps]
    lanes[BY_NOW + lane] = float32(now) + relative
    lanes[LAST_MORE + lane] = float32(last_call - now)
    lanes[BY_MADE + lane] = by_made
    lanes[ANSWERING + lane] = stop_by_others[2] if flag == 0 else float32(0.0)
    counts[ALWAYS + lane] = flag == 3
    counts[MAY + lane] = flag == 3 or left_laps > 0
    neutral = flag == 1 or flag == 2
    mood = (flag - 1) * MOODS + min(counts[UNDER + lane], MOODS) if neutral else 0
    counts[TABLE_0 + lane] = mood * TYRES * AGES
    counts[GROWS + lane] = flag == 0 or lap % 2 == 0


@step
def most_running(counts: Any) -> int:
    """Cars left in the lane that has the most."""
    most = 0
    for lane in range(LANES):
        most = max(most, counts[ON + lane])
    return most


@step
def lapped(places: int, lap_s: np.float32, race: Any, reals: Any, wholes: Any, counts: Any) -> None:
    """Cars that lose a lap to the first one, and get it back under a safety car."""
    for k in range(places):
        here, some = int32(k), int32(0)
        for lane in range(LANES):
            i = k * LANES + lane
            laps_behind = (reals[TIME + i] - reals[TIME + lane]) / lap_s
            down, flag = wholes[DOWN_AT + i], counts[FLAG + lane]
            loses = (flag == 0) & (laps_behind >= float32(int32(down + 1)))
            loses = loses & (here < counts[ON + lane])
            wholes[SPECIAL + i] = int32(loses)
            some = int32(some | int32(loses))
            behind = min(down, int32(laps_behind))
            wholes[DOWN_AT + i] = behind if flag == 2 else down
        if some > 0:
            for lane in range(LANES):
                if wholes[SPECIAL + k * LANES + lane] > 0:
                    overtaken(k, lane, lap_s, race, reals, wholes, counts)


@step
def overtaken(
    k: int, lane: int, lap_s: np.float32, race: Any, reals: Any, wholes: Any, counts: Any
) -> None:
    """The car that is lapped on a green lap and the one that laps it lose time."""
    i = k * LANES + lane
    wholes[DOWN_AT + i] += 1
    p = 0
    while reals[TIME + i] - reals[TIME + p * LANES + lane] > lap_s:
        p += 1
    p = max(p - 1, 0)
    reals[TIME + i] += race[LAPPED]
    reals[TIME + p * LANES + lane] += race[LAPPING]
    no_place_lost(p, lane, reals, counts)
    no_place_lost(k, lane, reals, counts)


@step
def no_place_lost(k: int, lane: int, reals: Any, counts: Any) -> None:
    """Whoever loses time in the k-th place holds up those behind it."""
    i, last = k * LANES + lane, (counts[ON + lane] - 1) * LANES + lane
    while i < last and reals[TIME + i + LANES] < reals[TIME + i] + float32(0.01):
        reals[TIME + i + LANES] = reals[TIME + i] + float32(0.01)
        i += LANES


@step
def keep(
    lane: int,
    row: int,
    lap: int,
    reals: Any,
    wholes: Any,
    counts: Any,
    places_kept: Any,
    trace: Any,
) -> None:
    """Note times and places at the end of a lap, where they are asked for."""
    if len(trace) > 0:
        for k in range(counts[ON + lane]):
            trace[row, lap, wholes[ORDER + k * LANES + lane]] = reals[TIME + k * LANES + lane]
    if len(places_kept) > 0:
        for k in range(counts[ON + lane]):
            places_kept[lap, wholes[ORDER + k * LANES + lane], k] += 1


@step
def classify(
    lane: int, row: int, stream: np.uint64, laps: int, order_0: Any, cars: Any, race: Any,
    reals: Any, wholes: Any, counts: Any, finish: Any, out_lap: Any, gaps: Any,
) -> None:  # fmt: skip
    """The flag, penalties, and who was out before."""
    on = counts[ON + lane]
    for k in range(on):
        i = k * LANES + lane
        c = wholes[ORDER + i]
        bits = drawn(stream, laps + 1, c, 0)
        at = reals[TIME + i] + cars[c, OWED]
        if float32(int64(bits & uint64(65535))) < cars[c, PENALTY] * DRAWS_16:
            at += race[PENALTY_S]
        while i > lane and reals[DRIVEN + i - LANES] > at:
            reals[DRIVEN + i] = reals[DRIVEN + i - LANES]
            wholes[ORDER + i] = wholes[ORDER + i - LANES]
            i -= LANES
        reals[DRIVEN + i] = at
        wholes[ORDER + i] = c
    for k in range(on):
        i = k * LANES + lane
        c = wholes[ORDER + i]
        finish[row, c] = k + 1
        out_lap[row, c] = 0
        if len(gaps) > 0:
            gaps[row, c] = reals[DRIVEN + i] - reals[DRIVEN + lane]
    for k in range(len(order_0) if on < len(order_0) else 0):
        c = order_0[k]
        lap = wholes[OUT + c * LANES + lane]
        if lap > 0:  # behind all that went further, and those ahead of it before that left with it
            place = on + 1
            for q in range(len(order_0)):
                other = wholes[OUT + order_0[q] * LANES + lane]
                place += other > lap or (other == lap and q < k)
            finish[row, c] = place
            out_lap[row, c] = lap
            if len(gaps) > 0:
                gaps[row, c] = np.nan
