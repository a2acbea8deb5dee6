"""The steps of a lap, to be compiled into one loop: each car by itself, then one behind the other.

What a car does by itself is worked out for several cars at once, in plain loops that the compiler
turns into wide instructions; looking things up in tables, which those do slowly, has a loop of its
own. Only what depends on the car ahead goes car by car.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from numba import int64, njit, uint64

from racecraft.sim.lapwise.random import drawn

if TYPE_CHECKING:
    import numpy as np

# isort: off
from racecraft.sim.lapwise.columns import (
    ABILITY, AFTER_PASS, AGES, AGE_NOW, AIR, ANSWERS, ATTACK_NOW, ATTACK_WITHIN, CELL, DEFEND_NOW,
    DIRTY_AIR, DIRTY_WITHIN, DOWN_NOW, DRAWS_16, DRIFT, DRIVEN, EVENT, FOLLOW, FOLLOW_SPREAD,
    FORM_KEPT, FORM_NOW, FREE, GAUSS, INCIDENT, INTERVAL, LAP_CATCH, LAP_SC, LAP_VSC, LAST_STEP,
    LEAVES, LOGIT_RANGE, LOGIT_STEPS, LOST, LUCK, MADE, MUST, NEAR_S, NOISE_NOW, ODD, ODDS, OUT,
    PACE_NOW, PASSED, PASSES, PASS_BY_GAP, PASS_BY_PACE, PIT_LOSS, PIT_SC, PIT_VSC, QUEUE,
    RESTART_SPREAD, SLOT, START, START_SPREAD, STEPS, STEP_NOW, STINT_SPREAD, STOPPED, STOPPING,
    STOPS_MADE, TABLE, TIME, TRIES, TROUBLE, TROUBLED, TROUBLE_S, TYRE_NOW, TYRE_S, UNIT,
    USED_NOW, WORN,
)  # fmt: skip


@njit(inline="always")
def by_itself(
    n: int, stream: np.uint64, lap: int, left_laps: int, lap_s: float, flag: int, mood: int,
    risk: int, by_now: float, last_call: float, by_made: float, to_answer: int, grows: int,
    race: Any, normal: Any, chance: Any, tyre_now: Any, stop_by_age: Any,
    bits_now: Any, reals: Any, wholes: Any,
) -> None:  # fmt: skip
    """What each car makes of a lap without the others: its time, and whether it leaves or stops."""
    kept_form = race[FORM_KEPT]
    no_trouble = int64((1.0 - race[TROUBLE]) * DRAWS_16)
    may_stop = int64(STOPPING if left_laps > 0 and flag != 3 else 0)
    answering = float(to_answer if flag == 0 else 0)
    for c in range(n):
        bits_now[c] = drawn(stream, lap, c, 0)
    for c in range(n):
        draw = int64(bits_now[c] >> uint64(4))
        worn = uint64(wholes[WORN + c])
        reals[GAUSS + c] = normal[draw & LAST_STEP]
        reals[DRIFT + c] = normal[(draw >> 28) & LAST_STEP]
        reals[TYRE_S + c] = tyre_now[worn]
        reals[ODDS + c] = stop_by_age[mood, worn]
    for c in range(n):
        draw = int64(bits_now[c] >> uint64(4))
        second = int64((bits_now[c] * ODD) >> uint64(33))  # 31 bits more, as good as independent
        form = kept_form * reals[FORM_NOW + c] + reals[STEP_NOW + c] * reals[DRIFT + c]
        mine = reals[PACE_NOW + c] + reals[TYRE_S + c]
        reals[FORM_NOW + c] = form
        reals[ABILITY + c] = mine
        reals[FREE + c] = (
            reals[TIME + c] + lap_s + mine + form + reals[NOISE_NOW + c] * reals[GAUSS + c]
        )
        rare = (draw >> 12) & 65535
        leaves = (rare < wholes[risk + c]) & (wholes[DOWN_NOW + c] <= left_laps)
        wholes[EVENT + c] = leaves * LEAVES | (rare >= no_trouble) * TROUBLED
        wholes[LUCK + c] = (draw >> 44) & 65535
        wholes[UNIT + c] = second
        score = reals[ODDS + c] + (last_call if wholes[MUST + c] == 1 else by_now)
        score += by_made * wholes[MADE + c]
        score += answering if wholes[ANSWERS + c] == lap else 0.0
        wholes[CELL + c] = min(max(int64(score), 0), TABLE - 1)
        grown = int64(wholes[AGE_NOW + c] < AGES - 1) * grows
        wholes[AGE_NOW + c] += grown
        wholes[WORN + c] += grown
    for c in range(n):
        stops = wholes[UNIT + c] & 65535 < chance[uint64(wholes[CELL + c])]
        wholes[EVENT + c] |= may_stop * stops


@njit(inline="always")
def leaves(c: int, lap: int, wholes: Any, counts: Any) -> None:
    """Take a car off the track, on the lap that it does not complete."""
    wholes[OUT + c] = lap
    counts[STOPS_MADE] -= wholes[MADE + c]
    counts[INCIDENT] = 1


@njit(inline="always")
def attempt_cell(
    attack: float, defend: float, faster: float, interval: float,
    by_pace: float, by_gap: float, within: float,
) -> int:  # fmt: skip
    """Cell of the table of chances that a car passes the one ahead."""
    x = attack - defend
    x += by_pace * min(max(faster, -3.0), 3.0)
    x += by_gap * min(interval, within)
    return min(max(int((x + LOGIT_RANGE) * LOGIT_STEPS), 0), TABLE - 1)


@njit(inline="always")
def behind_another(
    k: int, c: int, rival: int, by_pace: float, by_gap: float, attack_within: float,
    dirty: float, slope: float, dirty_within: float, chance: Any, reals: Any, wholes: Any,
) -> None:  # fmt: skip
    """What the k-th car has of the one ahead of it: its air, and a chance to pass."""
    interval = reals[TIME + c] - reals[TIME + rival]
    cell = attempt_cell(
        reals[ATTACK_NOW + c], reals[DEFEND_NOW + rival],
        reals[ABILITY + rival] - reals[ABILITY + c], interval, by_pace, by_gap, attack_within,
    )  # fmt: skip
    reals[AIR + k] = (interval < dirty_within) * (dirty - slope * interval)
    reals[INTERVAL + k] = interval
    wholes[PASSES + k] = wholes[LUCK + c] < chance[uint64(cell)]


@njit(inline="always")
def under_green(
    on: int, stream: np.uint64, lap: int, left_laps: int, laps: int,
    race: Any, chance: Any, exponential: Any, normal: Any, next_tyre: Any, stop_s: Any, plan: Any,
    order: Any, behind: Any, reals: Any, wholes: Any, counts: Any,
) -> int:  # fmt: skip
    """Drive a lap of a race that is on; how many cars are left at its end."""
    follow, follow_unit = race[FOLLOW], race[FOLLOW_SPREAD] / STEPS
    attack_within, dirty_within = race[ATTACK_WITHIN], race[DIRTY_WITHIN]
    dirty, slope = race[DIRTY_AIR], 0.5 * race[DIRTY_AIR] / race[DIRTY_WITHIN]
    by_pace, by_gap = race[PASS_BY_PACE], race[PASS_BY_GAP]
    planned = len(plan) > 0
    for k in range(1, on):
        behind_another(
            k, order[k], order[k - 1], by_pace, by_gap, attack_within, dirty, slope,
            dirty_within, chance, reals, wholes,
        )  # fmt: skip
    kept = 0
    ahead = 0.0  # when the car ahead on the track ends the lap
    as_began = True  # that car was the one ahead as the lap began
    for k in range(on):
        c = order[k]
        event = wholes[EVENT + c]
        if event & LEAVES:
            leaves(c, lap, wholes, counts)
            as_began = False
            continue
        at = reals[FREE + c]
        if event & TROUBLED:  # off, spun, or with a failing car
            luck = int64(drawn(stream, lap, c, 2) & uint64(65535))
            at += race[TROUBLE_S] * exponential[luck & LAST_STEP]
        passes = False
        if kept > 0:
            if not as_began:
                behind_another(
                    k, c, behind[kept - 1], by_pace, by_gap, attack_within, dirty, slope,
                    dirty_within, chance, reals, wholes,
                )  # fmt: skip
            at += reals[AIR + k]
            line = ahead + follow
            near = (reals[INTERVAL + k] < attack_within) | (at < line)
            unit = follow_unit * float((wholes[UNIT + c] >> 16) & LAST_STEP)
            if wholes[PASSES + k] > 0:
                passes = near
            else:
                held = max(at, line + unit)
                at = held if near else at
        as_began = True
        if passes:
            get_by(c, kept, stream, lap, at, unit, race, chance, behind, reals, counts)
            ahead = reals[DRIVEN + behind[kept]]
            as_began = False
        else:
            behind[kept] = c
            reals[DRIVEN + c] = at
            ahead = at
        kept += 1
        if planned or event & STOPPING:
            stop(
                c, stream, lap, left_laps, laps, 0, event, race, normal, next_tyre, stop_s, plan,
                reals, wholes, counts,
            )  # fmt: skip
    return kept


@njit(inline="always")
def get_by(
    c: int, kept: int, stream: np.uint64, lap: int, at: float, unit: float,
    race: Any, chance: Any, behind: Any, reals: Any, counts: Any,
) -> None:  # fmt: skip
    """Pass the car ahead, and perhaps the ones before it."""
    follow, after = race[FOLLOW], race[AFTER_PASS]
    place, tries = kept, 0
    rival = behind[place - 1]
    ahead = reals[DRIVEN + rival]
    while True:
        counts[PASSED] += 1
        tries += 1
        at = min(at, ahead - 0.05)
        reals[DRIVEN + rival] = max(ahead, at + after)
        behind[place] = rival
        place -= 1
        if place == 0:
            break
        rival = behind[place - 1]
        ahead = reals[DRIVEN + rival]
        if at >= ahead + follow:
            break
        interval = reals[TIME + c] - reals[TIME + rival]
        luck = int64(drawn(stream, lap, c, tries) & uint64(65535))
        cell = attempt_cell(
            reals[ATTACK_NOW + c], reals[DEFEND_NOW + rival],
            reals[ABILITY + rival] - reals[ABILITY + c], interval,
            race[PASS_BY_PACE], race[PASS_BY_GAP], race[ATTACK_WITHIN],
        )  # fmt: skip
        if tries == TRIES or luck >= chance[cell]:
            at = max(at, ahead + follow + unit)
            break
    behind[place] = c
    reals[DRIVEN + c] = at
    # whoever was pushed back does not fall through the next ones
    for q in range(place + 1, kept + 1):
        nearest = reals[DRIVEN + behind[q - 1]] + 0.05
        if reals[DRIVEN + behind[q]] >= nearest:
            break
        reals[DRIVEN + behind[q]] = nearest


@njit(inline="always")
def in_line(
    on: int, stream: np.uint64, lap: int, left_laps: int, laps: int, lap_s: float, flag: int,
    standing: bool, unlaps: bool, race: Any, cars: Any, normal: Any, next_tyre: Any, stop_s: Any,
    plan: Any, order: Any, behind: Any, reals: Any, wholes: Any, counts: Any,
) -> int:  # fmt: skip
    """Drive a lap after a standing start, or under a flag; how many cars are left at its end."""
    planned = len(plan) > 0
    sharp = 1.0 if lap == 1 else race[RESTART_SPREAD]
    kept = 0
    lead = 0.0
    if flag == 3:  # the clock runs until the last car has closed up
        for k in range(on):
            c = order[k]
            lead = max(lead, reals[TIME + c] - wholes[DOWN_NOW + c] * lap_s)
    for k in range(on):
        c = order[k]
        event = wholes[EVENT + c]
        if event & LEAVES:
            leaves(c, lap, wholes, counts)
            continue
        gauss, began = reals[GAUSS + c], reals[TIME + c]
        ahead = reals[DRIVEN + behind[max(kept, 1) - 1]]
        place = kept
        if standing:
            at = began + lap_s + sharp * (cars[c, START] + cars[c, START_SPREAD] * gauss)
            while place > 0 and reals[DRIVEN + behind[place - 1]] > at:
                behind[place] = behind[place - 1]
                place -= 1
        else:
            first = reals[DRIVEN + behind[0]]
            at = held_back(
                kept, flag, unlaps, wholes[DOWN_NOW + c] * lap_s, lap_s, gauss, began, ahead,
                first, lead, race,
            )  # fmt: skip
        behind[place] = c
        reals[DRIVEN + c] = at
        kept += 1
        if planned or flag == 3 or event & STOPPING:
            stop(
                c, stream, lap, left_laps, laps, flag, event, race, normal, next_tyre, stop_s,
                plan, reals, wholes, counts,
            )  # fmt: skip
    if standing and flag == 0:
        for q in range(1, kept):
            nearest = reals[DRIVEN + behind[q - 1]] + 0.05
            if reals[DRIVEN + behind[q]] < nearest:
                reals[DRIVEN + behind[q]] = nearest
    return kept


@njit(inline="always")
def held_back(
    kept: int, flag: int, unlaps: bool, down_s: float, lap_s: float, gauss: float,
    began: float, ahead: float, first: float, lead: float, race: Any,
) -> float:  # fmt: skip
    """When a car ends a lap under a flag, behind so many others."""
    at: float = 0.0
    if flag == 1:
        at = began + lap_s * race[LAP_VSC] + 0.1 * gauss
        at = max(at, ahead + 0.2) if kept > 0 else at
    elif flag == 2 and kept == 0:
        at = began + lap_s * race[LAP_SC]
    elif flag == 2:
        at = began + lap_s * race[LAP_CATCH] + 0.3 * gauss
        at = max(at, ahead + race[QUEUE])
        at = at if unlaps else max(at, first + down_s + 0.3 * kept)
    else:  # the race is stopped: one behind the other, in the order in which they came
        at = lead + lap_s + down_s + kept * race[SLOT]
        at = max(at, ahead + race[SLOT]) if kept > 0 else at
    return at


@njit(inline="always")
def stop(
    c: int, stream: np.uint64, lap: int, left_laps: int, laps: int, flag: int, event: int,
    race: Any, normal: Any, next_tyre: Any, stop_s: Any, plan: Any,
    reals: Any, wholes: Any, counts: Any,
) -> None:  # fmt: skip
    """Stop for tyres at the end of a lap: as planned, as decided, or because the race does."""
    wanted = plan[lap, c] if len(plan) > 0 else 0
    if wanted > 0 or (wanted == 0 and (flag == 3 or event & STOPPING > 0)):
        more = drawn(stream, lap, c, 3)
        new = wanted - 1
        if wanted == 0:
            u = float(more & uint64(65535)) / DRAWS_16
            row = min(left_laps * 10 // laps, 9)
            new = 0
            while new < 4 and u >= next_tyre[wholes[MUST + c], wholes[TYRE_NOW + c], row, new]:
                new += 1
        if flag != 3:
            share = 1.0
            if flag == 1:
                share = race[PIT_VSC]
            elif flag == 2:
                share = race[PIT_SC]
            extra = stop_s[int64((more >> uint64(16)) & uint64(255))]
            reals[LOST + c] = race[PIT_LOSS] * share + extra
            wholes[MADE + c] += 1
            counts[STOPS_MADE] += 1
            counts[STOPPED] = 1
        fit(c, new, wholes)
        gauss = normal[int64((more >> uint64(32)) & uint64(LAST_STEP))]
        reals[PACE_NOW + c] += race[STINT_SPREAD] * gauss


@njit(inline="always")
def fit(c: int, new: int, wholes: Any) -> None:
    """Put new tyres on a car."""
    wholes[TYRE_NOW + c] = new
    wholes[AGE_NOW + c] = 0
    wholes[WORN + c] = new * AGES
    used = wholes[USED_NOW + c] | (1 << new if new < 3 else 8)
    wholes[USED_NOW + c] = used
    wholes[MUST + c] = 1 if used == 1 or used == 2 or used == 4 else 0


@njit(inline="always")
def at_the_line(
    n: int, on: int, lap: int, order: Any, behind: Any, reals: Any, wholes: Any, counts: Any
) -> None:
    """Put the cars in the order in which they end a lap, behind the pit lane."""
    if counts[STOPPED] == 0:
        for k in range(on):
            order[k] = behind[k]
    else:
        for k in range(on):
            c = behind[k]
            if reals[LOST + c] != 0.0:
                own, at = wholes[ANSWERS + c], reals[TIME + c]
                for q in range(n):
                    near = abs(reals[TIME + q] - at) < NEAR_S
                    wholes[ANSWERS + q] = lap + 1 if near else wholes[ANSWERS + q]
                wholes[ANSWERS + c] = own
        for k in range(on):
            c = behind[k]
            at = reals[DRIVEN + c] + reals[LOST + c]
            reals[DRIVEN + c] = at
            reals[LOST + c] = 0.0
            place = k
            while place > 0 and reals[DRIVEN + order[place - 1]] > at:
                order[place] = order[place - 1]
                place -= 1
            order[place] = c
        counts[STOPPED] = 0
    for c in range(n):
        reals[TIME + c] = reals[DRIVEN + c]
