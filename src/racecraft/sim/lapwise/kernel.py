"""Many runs of the rest of a race, lap by lap and car by car: to be compiled, plain arrays only.

The steps are put into one loop by the compiler, because every call and every array made inside it
would cost more than the arithmetic. `racecraft.sim.lapwise.world` says what the arrays hold.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import int64, njit, uint64

from racecraft.sim.lapwise.random import GOLDEN, drawn, mixed

# isort: off
from racecraft.sim.lapwise.columns import (
    AGE, AGES, AGE_NOW, ANSWERS, ATTACK, ATTACK_NOW, COVERED, DEFEND, DEFEND_NOW, DOWN, DOWN_NOW,
    DRAWS_16, DRIVEN, FIRST_LAP_OUT, FLAG_LAPS, FORM, FORM_NOW, FORM_SPREAD, FORM_STEP, GAP,
    HARD_SPREAD, INCIDENT, LAPPED, LAPPING, LAST_STEP, LOGIT_STEPS, LOST, MADE, MEDIUM_SPREAD,
    MOODS, MUST, NOISE, NOISE_NOW, ON_FLAG, OUT, PACE, PACE_NOW, PACE_SPREAD, PASSED, PASS_BASE,
    PENALTY, PENALTY_S, RED_LAPS, RED_SHARE, RETIRES, RISK, RISK_FIRST, SC_AFTER_OUT, SC_FIRST_LAP,
    SC_ONSET, STEP_NOW, STOPS, STOPS_MADE, STOP_SHARED, TEAM, TEAM_SPREAD, TIME, TYRE, TYRE_NOW,
    UNLAP, UNSTEADY, USED, USED_NOW, VSC_SHARE, WEAR_SPREAD, WORN,
)  # fmt: skip
from racecraft.sim.lapwise.steps import at_the_line, by_itself, in_line, under_green


def drive(
    first: int, last: int, key: np.uint64, from_lap: int, laps: int,
    order_0: Any, cars: Any, states: Any, race: Any, base: Any, tyre_s: Any, flag_0: int,
    flag_left: Any, forced: Any, plan: Any, stop_by_age: Any, stop_by_left: Any,
    stop_by_others: Any, next_tyre: Any,
    sc_laps: Any, vsc_laps: Any, stop_s: Any, normal: Any, chance: Any,
    exponential: Any, reals: Any, wholes: Any, bits_now: Any, order: Any, behind: Any,
    counts: Any, tyre_now: Any,
    finish: Any, out_lap: Any, gaps: Any, passes: Any, places: Any, trace: Any,
) -> None:  # fmt: skip
    """Drive runs `first` to `last`; what came of run i is written into row i - first.

    Notes
    -----
    Per lap and car one draw of 64 bits is cut into four: noise of the lap, retirement, form, pass;
    stop and following distance take what a multiplication makes of it.
    Draws depend on run, lap and car alone, so that a change in one place leaves all other chance
    as it was.
    """
    n = len(cars)
    made_ready(cars, race, reals, wholes)
    tracing, placing = len(trace) > 0, len(places) > 0
    to_answer = int64(stop_by_others[2])
    for run in range(first, last):
        row = run - first
        stream = mixed(uint64(key) + uint64(run + 1) * GOLDEN)
        on = len(order_0)
        counts[:] = 0
        for k in range(on):
            order[k] = order_0[k]
            counts[STOPS_MADE] += states[order[k], STOPS]
        on_the_grid(stream, from_lap, cars, states, normal, reals, wholes)
        more_stops = of_the_day(stream, race, tyre_s, normal, tyre_now)
        flag = flag_0
        left = flag_left[int64(drawn(stream, 0, ON_FLAG, 0) & uint64(255))]
        unlaps = flag == 2
        under = int64(race[FLAG_LAPS])  # laps under the flag so far
        restart = False
        for lap in range(from_lap + 1, laps + 1):
            before = flag
            if forced[lap] > 0:
                flag = forced[lap] - 1
                left = 0
            elif flag > 0:
                left -= 1
                if left <= 0:
                    flag = 0
            elif on > 1:
                bits = drawn(stream, lap, ON_FLAG, 0)
                flag = called(bits, lap, counts[INCIDENT], race)
                which = int64((bits >> uint64(32)) & uint64(255))
                if flag == 3:
                    left = RED_LAPS
                elif flag == 2:
                    left = sc_laps[which]
                    unlaps = (bits >> uint64(40)) & uint64(255) < race[UNLAP] * 256.0
                elif flag == 1:
                    left = vsc_laps[which]
            counts[INCIDENT] = 0
            if before == 3 and flag == 0:
                restart = True
            under = under + 1 if flag == before else 1
            mood = (flag - 1) * MOODS + min(under, MOODS) if flag == 1 or flag == 2 else 0
            lap_s = base[lap]
            standing = lap == 1 or restart
            left_laps = laps - lap
            by_made = stop_by_others[0 if flag == 0 else 1]
            relative = more_stops - by_made * float(counts[STOPS_MADE]) / float(max(on, 1))
            by_itself(
                n, stream, lap, left_laps, lap_s, flag, mood, RISK_FIRST if lap == 1 else RISK,
                stop_by_left[0, left_laps] + relative, stop_by_left[1, left_laps] + relative,
                by_made, to_answer, 1 if flag == 0 or lap % 2 == 0 else 0,
                race, normal, chance, tyre_now, stop_by_age, bits_now, reals, wholes,
            )  # fmt: skip
            if flag == 0 and not standing:
                on = under_green(
                    on, stream, lap, left_laps, laps, race, chance, exponential, normal,
                    next_tyre, stop_s, plan, order, behind, reals, wholes, counts,
                )  # fmt: skip
            else:
                on = in_line(
                    on, stream, lap, left_laps, laps, lap_s, flag, standing, unlaps, race, cars,
                    normal, next_tyre, stop_s, plan, order, behind, reals, wholes, counts,
                )  # fmt: skip
                restart = restart and flag != 0
            at_the_line(n, on, lap, order, behind, reals, wholes, counts)
            if tracing:
                for k in range(on):
                    trace[row, lap, order[k]] = reals[TIME + order[k]]
            if on > 1:
                lapped(on, lap_s, flag, race, order, reals, wholes)
            if placing:
                for k in range(on):
                    places[lap, order[k], k] += 1
        classify(
            row, on, stream, laps, order_0, cars, race, order, behind, reals, wholes,
            finish, out_lap, gaps,
        )  # fmt: skip
        passes[row] = counts[PASSED]


@njit(inline="always")
def made_ready(cars: Any, race: Any, reals: Any, wholes: Any) -> None:
    """What is the same in every run."""
    for c in range(len(cars)):
        wholes[RISK + c] = int64(cars[c, RETIRES] * DRAWS_16)
        wholes[RISK_FIRST + c] = int64(cars[c, FIRST_LAP_OUT] * DRAWS_16)
        reals[ATTACK_NOW + c] = race[PASS_BASE] + cars[c, ATTACK]
        reals[DEFEND_NOW + c] = cars[c, DEFEND]
        reals[NOISE_NOW + c] = race[NOISE] * cars[c, UNSTEADY]
        reals[STEP_NOW + c] = race[FORM_STEP] * cars[c, UNSTEADY]


@njit(inline="always")
def on_the_grid(
    stream: np.uint64, from_lap: int, cars: Any, states: Any, normal: Any, reals: Any, wholes: Any
) -> None:
    """Put every car into the state that a run begins from, and draw what it is capable of."""
    for c in range(len(cars)):
        bits = drawn(stream, 0, c, 0)
        own = int64(bits & uint64(LAST_STEP))
        at_first = int64((bits >> uint64(20)) & uint64(LAST_STEP))
        of_team = int64(drawn(stream, 0, 32 + int64(cars[c, TEAM]), 1) & uint64(LAST_STEP))
        reals[PACE_NOW + c] = (
            cars[c, PACE]
            + cars[c, PACE_SPREAD] * normal[own]
            + cars[c, TEAM_SPREAD] * normal[of_team]
        )
        reals[FORM_NOW + c] = cars[c, FORM] + cars[c, FORM_SPREAD] * normal[at_first]
        reals[TIME + c] = cars[c, GAP]
        reals[DRIVEN + c] = cars[c, GAP]
        reals[LOST + c] = 0.0
        used = states[c, USED]
        wholes[TYRE_NOW + c], wholes[AGE_NOW + c] = states[c, TYRE], states[c, AGE]
        wholes[WORN + c] = states[c, TYRE] * AGES + states[c, AGE]
        wholes[USED_NOW + c] = used
        wholes[MUST + c] = 1 if used == 1 or used == 2 or used == 4 else 0
        wholes[DOWN_NOW + c] = states[c, DOWN]
        wholes[MADE + c] = states[c, STOPS]
        wholes[ANSWERS + c] = from_lap + 1 if states[c, COVERED] > 0 else -1
        wholes[OUT + c] = 0


@njit(inline="always")
def of_the_day(stream: np.uint64, race: Any, tyre_s: Any, normal: Any, tyre_now: Any) -> int:
    """What tyres are on the day of a run; and how much more all cars stop than they usually do."""
    bits = drawn(stream, 0, ON_FLAG, 1)
    wear = race[WEAR_SPREAD] * normal[int64((bits >> uint64(12)) & uint64(LAST_STEP))]
    medium = race[MEDIUM_SPREAD] * normal[int64((bits >> uint64(24)) & uint64(LAST_STEP))]
    hard = race[HARD_SPREAD] * normal[int64((bits >> uint64(36)) & uint64(LAST_STEP))]
    for compound in range(len(tyre_s) // AGES):
        more = medium if compound == 1 else (hard if compound == 2 else 0.0)
        for laps_old in range(AGES):
            cell = compound * AGES + laps_old
            tyre_now[cell] = tyre_s[cell] + more + wear * laps_old
    return int(race[STOP_SHARED] * LOGIT_STEPS * normal[int64(bits & uint64(LAST_STEP))])


@njit(inline="always")
def called(bits: np.uint64, lap: int, incident: int, race: Any) -> int:
    """State of the track that race control calls on a green lap."""
    hazard = race[SC_FIRST_LAP] if lap == 2 else race[SC_ONSET]
    if incident > 0:
        hazard = 1.0 - (1.0 - hazard) * (1.0 - race[SC_AFTER_OUT])
    flag = 0
    if (bits & uint64(65535)) < hazard * DRAWS_16:
        kind = float((bits >> uint64(16)) & uint64(65535)) / DRAWS_16
        flag = 2
        if kind < race[RED_SHARE]:
            flag = 3
        elif kind < race[RED_SHARE] + race[VSC_SHARE]:
            flag = 1
    return flag


@njit(inline="always")
def lapped(
    on: int, lap_s: float, flag: int, race: Any, order: Any, reals: Any, wholes: Any
) -> None:
    """Cars that lose a lap to the first one, and get it back under a safety car."""
    first = reals[TIME + order[0]]
    if flag == 0 and reals[TIME + order[on - 1]] - first > lap_s:
        k = on - 1
        some = False
        while k > 0 and reals[TIME + order[k]] - reals[TIME + order[0]] > lap_s:
            c = order[k]
            at = reals[TIME + c]
            if at - reals[TIME + order[0]] >= (wholes[DOWN_NOW + c] + 1) * lap_s:
                wholes[DOWN_NOW + c] += 1
                p = 0
                while at - reals[TIME + order[p]] > lap_s:
                    p += 1
                reals[TIME + c] += race[LAPPED]
                reals[TIME + order[max(p, 1) - 1]] += race[LAPPING]
                some = True
            k -= 1
        for k in range(1, on if some else 0):  # nobody loses a place by it
            nearest = reals[TIME + order[k - 1]] + 0.01
            if reals[TIME + order[k]] < nearest:
                reals[TIME + order[k]] = nearest
    elif flag == 2:
        for k in range(1, on):
            c = order[k]
            down = int64((reals[TIME + c] - first) / lap_s)
            wholes[DOWN_NOW + c] = min(wholes[DOWN_NOW + c], down)


@njit(inline="always")
def classify(
    row: int, on: int, stream: np.uint64, laps: int, order_0: Any, cars: Any,
    race: Any, order: Any, behind: Any, reals: Any, wholes: Any,
    finish: Any, out_lap: Any, gaps: Any,
) -> None:  # fmt: skip
    """The flag, penalties, and who was out before."""
    for k in range(on):
        c = order[k]
        bits = drawn(stream, laps + 1, c, 0)
        at = reals[TIME + c]
        if (bits & uint64(65535)) < cars[c, PENALTY] * DRAWS_16:
            at += race[PENALTY_S]
        reals[DRIVEN + c] = at
        place = k
        while place > 0 and reals[DRIVEN + behind[place - 1]] > at:
            behind[place] = behind[place - 1]
            place -= 1
        behind[place] = c
    for k in range(on):
        c = behind[k]
        finish[row, c] = k + 1
        out_lap[row, c] = 0
        if len(gaps) > 0:
            gaps[row, c] = reals[DRIVEN + c] - reals[DRIVEN + behind[0]]
    for k in range(len(order_0) if on < len(order_0) else 0):
        c = order_0[k]
        lap = wholes[OUT + c]
        if lap > 0:  # behind all that went further, and those ahead of it before that left with it
            place = on + 1
            for q in range(len(order_0)):
                other = wholes[OUT + order_0[q]]
                place += other > lap or (other == lap and q < k)
            finish[row, c] = place
            out_lap[row, c] = lap
            if len(gaps) > 0:
                gaps[row, c] = np.nan
