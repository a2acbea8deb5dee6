"""A lap of a race that is on, to be compiled: one car behind the other, in all lanes at once.

What any car has of the one ahead is worked out for all lanes together. Only where somebody passes,
is in trouble or stops, a lane is looked at by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from numba import float32, int32, int64, uint32, uint64

from racecraft.sim.lapwise.random import drawn
from racecraft.sim.lapwise.step import step
from racecraft.sim.lapwise.steps import chance_is, goes_ahead, stop

if TYPE_CHECKING:
    import numpy as np

# isort: off
from racecraft.sim.lapwise.columns import (
    ABILITY, ABILITY_AT, AFTER_PASS, AHEAD, AIR, ATTACK_AT, ATTACK_WITHIN, DEFEND_AT, DIRTY_AIR,
    DIRTY_WITHIN, DRIVEN, FOLLOW, FOLLOW_BY_GAP, FOLLOW_SPREAD, GO, GO_AT, INTERVAL, LANES,
    LAST_STEP, LUCK_BIT, ON, ORDER, PASSED, PASSES, PASS_BY_GAP, PASS_BY_PACE, RACING, STEPS,
    STOPPING, TIME, TRIES, TROUBLED, TROUBLE_S, UNIT_BIT, WORD, WORD_AT,
)  # fmt: skip

# Of the car ahead: one row up.
_TIME_AHEAD: Final = TIME - LANES
_DEFEND_AHEAD: Final = DEFEND_AT - LANES
_ABILITY_AHEAD: Final = ABILITY_AT - LANES


@step
def under_green(
    places: int, lap: int, laps: int, race: Any, exponential: Any, normal: Any, next_tyre: Any,
    stop_s: Any, plan: Any, streams: Any, lanes: Any, reals: Any, wholes: Any,
    counts: Any,
) -> None:  # fmt: skip
    """Drive a lap in all lanes in which the race is on."""
    for k in range(places):
        for lane in range(LANES):
            i = k * LANES + lane
            own = uint32(wholes[ORDER + i] * LANES + lane)
            reals[GO_AT + i] = reals[GO + own]
            reals[ABILITY_AT + i] = reals[ABILITY + own]
            wholes[WORD_AT + i] = wholes[WORD + own]
    for k in range(places):
        for lane in range(LANES):
            behind_another(k * LANES + lane, race, reals, wholes)
    for lane in range(LANES):  # nobody is ahead of the first
        reals[AIR + lane] = float32(0.0)
        reals[INTERVAL + lane] = float32(1e9)
        wholes[PASSES + lane] = 0
        lanes[AHEAD + lane] = float32(-1e9)
    for k in range(places):
        some = in_turn(k, race, lanes, reals, wholes, counts)
        alone: Any = int64(0)  # the lane: as a constant it would have these compiled twice
        while some > 0:
            if some & 1:
                at = by_lane(
                    k, alone, lap, race, exponential, streams, lanes, reals, wholes, counts
                )
                if wholes[WORD_AT + k * LANES + alone] & STOPPING > 0:
                    stop(
                        at, alone, lap, laps, race, normal, next_tyre, stop_s, plan, streams,
                        lanes, reals, wholes, counts,
                    )  # fmt: skip
            some >>= 1
            alone += 1


@step
def attempt_logit(
    attack: np.float32, defend: np.float32, faster: np.float32, interval: np.float32, race: Any
) -> Any:
    """Log-odds that a car passes the one ahead."""
    x = attack - defend
    x += race[PASS_BY_PACE] * min(max(faster, float32(-3.0)), float32(3.0))
    x += race[PASS_BY_GAP] * min(interval, race[ATTACK_WITHIN])
    return x


@step
def behind_another(i: int, race: Any, reals: Any, wholes: Any) -> None:
    """What a car has of the one ahead of it: its air, and a chance to pass."""
    interval = reals[TIME + i] - reals[_TIME_AHEAD + i]
    dirty, within = race[DIRTY_AIR], race[DIRTY_WITHIN]
    lost = dirty - float32(0.5) * dirty / within * interval
    reals[AIR + i] = lost if interval < within else float32(0.0)
    reals[INTERVAL + i] = interval
    faster = reals[_ABILITY_AHEAD + i] - reals[ABILITY_AT + i]
    logit = attempt_logit(reals[ATTACK_AT + i], reals[_DEFEND_AHEAD + i], faster, interval, race)
    luck = float32(int32((wholes[WORD_AT + i] >> LUCK_BIT) & 65535))
    wholes[PASSES + i] = int32(chance_is(luck, logit))


@step
def in_turn(k: int, race: Any, lanes: Any, reals: Any, wholes: Any, counts: Any) -> int:
    """When the k-th car ends the lap, in every lane; in which there is more to it, as bits."""
    follow, by_gap, within = race[FOLLOW], race[FOLLOW_BY_GAP], race[ATTACK_WITHIN]
    unit = race[FOLLOW_SPREAD] / float32(STEPS)
    some, turn = int32(0), int32(k)
    for lane in range(LANES):
        i = k * LANES + lane
        word = wholes[WORD_AT + i]
        at = reals[TIME + i] + reals[GO_AT + i] + reals[AIR + i]
        nearest = lanes[AHEAD + lane] + follow + by_gap * min(reals[INTERVAL + i], within)
        near = (reals[INTERVAL + i] < within) | (at < nearest)
        passes = (wholes[PASSES + i] > 0) & near
        waits = nearest + unit * float32(int32((word >> UNIT_BIT) & LAST_STEP))
        held = near & (wholes[PASSES + i] == 0)
        at = max(at, waits) if held else at
        more = (passes | (word & (TROUBLED | STOPPING) > 0)) & (turn < counts[RACING + lane])
        reals[DRIVEN + i] = at
        lanes[AHEAD + lane] = at
        some = int32(some | int32(more) << lane)
    return int(some)


@step
def by_lane(
    k: int, lane: int, lap: int, race: Any, exponential: Any, streams: Any, lanes: Any,
    reals: Any, wholes: Any, counts: Any,
) -> int:  # fmt: skip
    """Drive the lap of a car that passes, is in trouble or stops; where it is then."""
    i = k * LANES + lane
    place, c, word = i, wholes[ORDER + i], wholes[WORD_AT + i]
    at = reals[TIME + i] + reals[GO_AT + i] + reals[AIR + i]
    if word & TROUBLED > 0:  # off, spun, or with a failing car
        luck = int64(drawn(streams[lane], lap, c, 2) & uint64(LAST_STEP))
        at += race[TROUBLE_S] * exponential[luck]
    nearest = lanes[AHEAD + lane]
    passes = False
    if k > 0:
        interval, within = reals[INTERVAL + i], race[ATTACK_WITHIN]
        nearest = reals[DRIVEN + i - LANES] + race[FOLLOW]
        nearest += race[FOLLOW_BY_GAP] * min(interval, within)
        waits = race[FOLLOW_SPREAD] / float32(STEPS)
        waits *= float32(int32((word >> UNIT_BIT) & LAST_STEP))
        near = (interval < within) | (at < nearest)
        passes = near and wholes[PASSES + i] > 0
        if near and not passes:
            at = max(at, nearest + waits)
        reals[DRIVEN + i] = at
        if passes:
            place = get_by(k, lane, lap, waits, race, streams, reals, wholes, counts)
            if k + 1 < counts[ON + lane]:
                behind_another(i + LANES, race, reals, wholes)
    else:
        reals[DRIVEN + i] = at
    lanes[AHEAD + lane] = reals[DRIVEN + i]
    return place


@step
def get_by(
    k: int, lane: int, lap: int, waits: np.float32, race: Any, streams: Any, reals: Any,
    wholes: Any, counts: Any,
) -> int:  # fmt: skip
    """Pass the car ahead, and perhaps the ones before it; where the car is then."""
    i = k * LANES + lane
    c, at = wholes[ORDER + i], reals[DRIVEN + i]
    bits = drawn(streams[lane], lap, c, 2)
    tries = 0
    while True:
        counts[PASSED + lane] += 1
        tries += 1
        j = i - LANES
        at = min(at, reals[DRIVEN + j] - float32(0.05))
        reals[DRIVEN + j] = max(reals[DRIVEN + j], at + race[AFTER_PASS])
        goes_ahead(i, reals, wholes)
        i, j = j, j - LANES
        if i == lane or at >= reals[DRIVEN + j] + race[FOLLOW]:
            break
        faster = reals[ABILITY_AT + j] - reals[ABILITY_AT + i]
        interval = reals[TIME + i] - reals[TIME + j]
        logit = attempt_logit(reals[ATTACK_AT + i], reals[DEFEND_AT + j], faster, interval, race)
        bits >>= uint64(16)
        if tries == TRIES or not chance_is(float32(int64(bits & uint64(65535))), logit):
            at = max(at, reals[DRIVEN + j] + race[FOLLOW] + waits)
            break
    reals[DRIVEN + i] = at
    place = i
    # whoever was pushed back does not fall through the next ones
    while i < k * LANES + lane:
        nearest = reals[DRIVEN + i] + float32(0.05)
        i += LANES
        if reals[DRIVEN + i] >= nearest:
            break
        reals[DRIVEN + i] = nearest
    return place
