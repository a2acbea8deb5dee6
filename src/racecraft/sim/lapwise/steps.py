"""The steps of a lap, to be compiled into one loop: each car by itself, stops, and the Line.

What cars do by themselves is worked out in plain loops over the lanes, which the compiler turns
into wide instructions; looking things up in tables, which those do slowly, has a loop of its own.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numba import float32, int32, int64, uint32, uint64

from racecraft.sim.lapwise.random import GOLDEN, drawn, mixed
from racecraft.sim.lapwise.step import step

# isort: off
from racecraft.sim.lapwise.columns import (
    ABILITY, ABILITY_AT, AGES, AGE_NOW, ALWAYS, ANSWERING, ANSWERS, ATTACK_AT, BY_MADE, BY_NOW,
    DEFEND_AT, DOWN_AT, DRAWS_16, DRAW_1, DRAW_2, DRAW_3, DRAW_4, DRIVEN, FIRST_LAP_OUT, FLAG,
    FORM_KEPT, FORM_NOW, FORM_STEP, GAUSS, GO, GROWS, HARD_MORE, INCIDENT, LANES, LAST_MORE,
    LAST_STEP, LEAVES, LOGIT_RANGE, LOGIT_STEPS, LOST_AT, LUCK_BIT, MADE, MAY, MEDIUM_MORE,
    MUST, NEAR_S, NOISE, ODDS, ON, ORDER, OUT, PACE_NOW, PIT_LOSS, PIT_SC, PIT_VSC, RACING,
    RETIRES, STINT_SPREAD, STOPPED, STOPPING, STOPS_MADE, TABLE_0, TIME, TROUBLE, TROUBLED,
    TYRE_S, UNIT_BIT, UNSTEADY, USED_NOW, WEAR, WORD, WORN,
)  # fmt: skip

_LEAST_LOGIT: Final = np.float32(1 / LOGIT_STEPS - LOGIT_RANGE)  # below it, what cannot be
_16TH: Final = np.float32(-1 / 16)
# Sum of four bytes, less its mean, over its spread; and a cubic that gives it the fourth moment of
# the normal law.
_MIDDLE: Final = np.float32(510.0)
_SPREAD: Final = np.float32(1 / 147.8)
_LINEAR: Final = np.float32(0.94903)
_CUBIC: Final = np.float32(0.018642)


@step
def chance_is(draw: np.float32, logit: np.float32) -> bool:
    """Whether a draw, of 0 to 65535, is below the chance that log-odds stand for.

    The exponential is the sixteenth power of a polynomial, right to a thousandth.
    """
    x = _16TH * min(max(logit, float32(-8.0)), float32(8.0))
    e = float32(1.0) + x * (
        float32(1.0) + x * (float32(0.5) + x * (float32(1 / 6) + x * float32(1 / 24)))
    )
    e = e * e
    e = e * e
    e = e * e
    e = e * e
    return bool((draw + draw * e < float32(65535.0)) & (logit > _LEAST_LOGIT))


@step
def gauss_of(draw: np.int32) -> np.float32:
    """A normal number of 32 random bits: the sum of four bytes, bent at its ends."""
    pairs = int32((uint32(draw) & 0x00FF00FF) + ((uint32(draw) >> 8) & 0x00FF00FF))
    total = int32((pairs + (pairs >> 16)) & 2047)
    z = (float32(total) - _MIDDLE) * _SPREAD
    return z * (_LINEAR + _CUBIC * z * z)


@step
def more_of(tyre: int, lane: int, lanes: Any) -> np.float32:
    """Seconds that tyres of a compound cost beyond what is expected, on the day of a run."""
    more = float32(0.0)
    if tyre == 1:
        more = lanes[MEDIUM_MORE + lane]
    elif tyre == 2:
        more = lanes[HARD_MORE + lane]
    return more


@step
def by_itself(
    lap: int, laps: int, lap_s: float, cars: Any, race: Any, plan: Any, tyre_s: Any,
    stop_by_age: Any, streams: Any, lanes: Any, reals: Any, wholes: Any,
    counts: Any,
) -> None:  # fmt: skip
    """What each car makes of a lap without the others: its time, and whether it leaves or stops."""
    n = len(cars)
    for c in range(n):
        one = uint64((lap * 64 + c) * 4 + 1) * GOLDEN
        two = uint64((lap * 64 + c) * 4 + 2) * GOLDEN
        for lane in range(LANES):
            i = c * LANES + lane
            bits = mixed(streams[lane] + one)
            wholes[DRAW_1 + i] = int32(bits)
            wholes[DRAW_2 + i] = int32(bits >> uint64(32))
            bits = mixed(streams[lane] + two)
            wholes[DRAW_3 + i] = int32(bits)
            wholes[DRAW_4 + i] = int32(bits >> uint64(32))
    for c in range(n):
        for lane in range(LANES):
            i = c * LANES + lane
            worn = uint32(wholes[WORN + i])
            reals[TYRE_S + i] = tyre_s[worn]
            reals[ODDS + i] = stop_by_age[worn + uint32(counts[TABLE_0 + lane])]
    for c in range(n):
        some = by_lanes(c, lap, lap_s, cars, race, plan, lanes, reals, wholes, counts)
        if some & LEAVES > 0:
            for lane in range(LANES):
                if wholes[WORD + c * LANES + lane] & LEAVES > 0:
                    leaves(c, lane, lap, laps, reals, wholes, counts)


@step
def by_lanes(
    c: int, lap: int, lap_s: float, cars: Any, race: Any, plan: Any,
    lanes: Any, reals: Any, wholes: Any, counts: Any,
) -> int:  # fmt: skip
    """The lap of one car in every lane: what may happen to it, in any of them."""
    now = int32(lap)
    wanted = plan[lap, c] if len(plan) > 0 else 0
    always, may = int32(wanted > 0), int32(wanted >= 0)  # as planned
    risk = int32(cars[c, FIRST_LAP_OUT if lap == 1 else RETIRES] * DRAWS_16)
    no_trouble = int32((float32(1.0) - race[TROUBLE]) * DRAWS_16)
    kept, step = race[FORM_KEPT], race[FORM_STEP] * cars[c, UNSTEADY]
    noise = race[NOISE] * cars[c, UNSTEADY]
    some = int32(0)
    for lane in range(LANES):
        i = c * LANES + lane
        gauss = gauss_of(wholes[DRAW_1 + i])
        form = kept * reals[FORM_NOW + i] + step * gauss_of(wholes[DRAW_2 + i])
        mine = reals[PACE_NOW + i] + reals[TYRE_S + i]
        mine += lanes[WEAR + lane] * float32(wholes[AGE_NOW + i])
        reals[FORM_NOW + i] = form
        reals[ABILITY + i] = mine + form
        reals[GAUSS + i] = gauss
        reals[GO + i] = lap_s + mine + form + noise * gauss
        score = reals[ODDS + i] + lanes[BY_NOW + lane]
        score += lanes[LAST_MORE + lane] * float32(wholes[MUST + i])
        score += lanes[BY_MADE + lane] * float32(wholes[MADE + i])
        score += lanes[ANSWERING + lane] * float32(int32(wholes[ANSWERS + i] == now))
        logit = score * float32(1 / LOGIT_STEPS) - float32(LOGIT_RANGE)
        rare = int32(wholes[DRAW_3 + i] & 65535)
        luck = int32((wholes[DRAW_3 + i] >> 16) & 65535)
        unit = int32((wholes[DRAW_4 + i] >> 16) & LAST_STEP)
        draw = float32(int32(wholes[DRAW_4 + i] & 65535))
        stops = int32(chance_is(draw, logit)) | counts[ALWAYS + lane]
        stops = int32((stops & counts[MAY + lane] | always) & may)
        out = (rare < risk) & (wholes[OUT + i] == 0)
        word = int32(
            luck << LUCK_BIT | unit << UNIT_BIT | stops * STOPPING
            | int32(rare >= no_trouble) * TROUBLED | int32(out) * LEAVES
        )  # fmt: skip
        wholes[WORD + i] = word
        some = int32(some | word)
        grown = int32((wholes[AGE_NOW + i] < AGES - 1) & (counts[GROWS + lane] > 0))
        wholes[AGE_NOW + i] += grown
        wholes[WORN + i] += grown
    return int(some)


@step
def leaves(c: int, lane: int, lap: int, laps: int, reals: Any, wholes: Any, counts: Any) -> None:
    """Take a car off the track, on the lap that it does not complete."""
    i, on = c * LANES + lane, counts[ON + lane] - 1
    at = lane
    while wholes[ORDER + at] != c:
        at += LANES
    if wholes[DOWN_AT + at] <= laps - lap:  # else its race is over
        wholes[OUT + i] = lap
        counts[STOPS_MADE + lane] -= wholes[MADE + i]
        counts[INCIDENT + lane] = 1
        counts[ON + lane] = on
        if counts[RACING + lane] > 0:
            counts[RACING + lane] = on
        while at < on * LANES + lane:
            wholes[ORDER + at] = wholes[ORDER + at + LANES]
            wholes[DOWN_AT + at] = wholes[DOWN_AT + at + LANES]
            reals[TIME + at] = reals[TIME + at + LANES]
            reals[ATTACK_AT + at] = reals[ATTACK_AT + at + LANES]
            reals[DEFEND_AT + at] = reals[DEFEND_AT + at + LANES]
            at += LANES


@step
def stop(
    at: int, lane: int, lap: int, laps: int, race: Any, normal: Any, next_tyre: Any,
    stop_s: Any, plan: Any, streams: Any, lanes: Any, reals: Any, wholes: Any, counts: Any,
) -> None:  # fmt: skip
    """Stop for tyres at the end of a lap: as planned, as decided, or because the race does."""
    c, flag = wholes[ORDER + at], counts[FLAG + lane]
    i = c * LANES + lane
    more = drawn(streams[lane], lap, c, 3)
    old = wholes[WORN + i] // AGES
    new = int(plan[lap, c] - 1 if len(plan) > 0 else -1)
    if new < 0:
        u = float32(int64(more & uint64(65535))) / DRAWS_16
        row = min((laps - lap) * 10 // laps, 9)
        new = 0
        while new < 4 and u >= next_tyre[wholes[MUST + i], old, row, new]:
            new += 1
    if flag != 3:
        share = float32(1.0)
        if flag == 1:
            share = race[PIT_VSC]
        elif flag == 2:
            share = race[PIT_SC]
        extra = stop_s[int64((more >> uint64(16)) & uint64(255))]
        reals[LOST_AT + at] = race[PIT_LOSS] * share + extra
        wholes[MADE + i] += 1
        counts[STOPS_MADE + lane] += 1
        counts[STOPPED + lane] += 1
    wholes[AGE_NOW + i] = 0
    wholes[WORN + i] = new * AGES
    used = wholes[USED_NOW + i] | (1 << new if new < 3 else 8)
    wholes[USED_NOW + i] = used
    wholes[MUST + i] = used == 1 or used == 2 or used == 4
    gauss = normal[int64((more >> uint64(32)) & uint64(LAST_STEP))]
    reals[PACE_NOW + i] += (
        race[STINT_SPREAD] * gauss + more_of(new, lane, lanes) - more_of(old, lane, lanes)
    )


@step
def goes_ahead(i: int, reals: Any, wholes: Any) -> None:
    """Let a car and the one before it change places."""
    j = i - LANES
    for row in (ORDER, DOWN_AT):
        wholes[row + i], wholes[row + j] = wholes[row + j], wholes[row + i]
    for row in (TIME, DRIVEN, LOST_AT, ATTACK_AT, DEFEND_AT, ABILITY_AT):
        reals[row + i], reals[row + j] = reals[row + j], reals[row + i]


@step
def at_the_line(places: int, lap: int, reals: Any, wholes: Any, counts: Any) -> None:
    """Put the cars in the order in which they end a lap, behind the pit lane."""
    for lane in range(LANES):
        last = (counts[ON + lane] - 1) * LANES + lane
        if counts[STOPPED + lane] > 0:
            for k in range(counts[ON + lane]):
                if reals[LOST_AT + k * LANES + lane] != float32(0.0):
                    answered(k, last, lane, lap, reals, wholes)
        i = last
        while counts[STOPPED + lane] > 0:  # from the last one: those behind are in order already
            if reals[LOST_AT + i] != float32(0.0):
                counts[STOPPED + lane] -= 1
                falls_back(i, last, reals, wholes)
            i -= LANES
    for i in range(places * LANES):
        reals[TIME + i] = reals[DRIVEN + i]


@step
def answered(k: int, last: int, lane: int, lap: int, reals: Any, wholes: Any) -> None:
    """Whoever was near a car that stops may want to answer on the next lap."""
    i = k * LANES + lane
    began = reals[TIME + i]
    at = i - LANES
    while at >= 0 and abs(reals[TIME + at] - began) < float32(NEAR_S):
        wholes[ANSWERS + wholes[ORDER + at] * LANES + lane] = lap + 1
        at -= LANES
    at = i + LANES
    while at <= last and abs(reals[TIME + at] - began) < float32(NEAR_S):
        wholes[ANSWERS + wholes[ORDER + at] * LANES + lane] = lap + 1
        at += LANES


@step
def falls_back(i: int, last: int, reals: Any, wholes: Any) -> None:
    """Put a car that has stopped back on the track, behind those that went by."""
    at = reals[DRIVEN + i] + reals[LOST_AT + i]
    reals[LOST_AT + i] = 0.0
    c, down = wholes[ORDER + i], wholes[DOWN_AT + i]
    attack, defend = reals[ATTACK_AT + i], reals[DEFEND_AT + i]
    while i < last and reals[DRIVEN + i + LANES] < at:
        for row in (ORDER, DOWN_AT):
            wholes[row + i] = wholes[row + i + LANES]
        for row in (DRIVEN, ATTACK_AT, DEFEND_AT):
            reals[row + i] = reals[row + i + LANES]
        i += LANES
    wholes[ORDER + i], wholes[DOWN_AT + i] = c, down
    reals[DRIVEN + i], reals[ATTACK_AT + i], reals[DEFEND_AT + i] = at, attack, defend
