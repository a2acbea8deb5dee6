"""Many runs of the rest of a race, lap by lap and car by car: to be compiled, plain arrays only.

One function, because every call and every array made inside the loop over laps would cost more
than the arithmetic. `racecraft.sim.lapwise.world` says what the arrays hold.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import int64, uint64

from racecraft.sim.lapwise.random import GOLDEN, drawn, mixed

# isort: off
from racecraft.sim.lapwise.columns import (
    AFTER_PASS, AGE, AGES, ATTACK, ATTACK_WITHIN, COVERED, DEFEND, DIRTY_AIR, DIRTY_WITHIN, DOWN,
    DRAWS_16, FIRST_LAP_OUT, FOLLOW, FOLLOW_SPREAD, FORM, FORM_KEPT, FORM_SPREAD, FORM_STEP,
    GAP, HARD_SPREAD, LAP_CATCH, LAP_SC, LAP_VSC, LAPPED, LAPPING, LAST_STEP, LOGIT_RANGE,
    LOGIT_STEPS, MEDIUM_SPREAD, NEAR_S, NOISE, ODD, ON_FLAG, PACE, PACE_SPREAD, PASS_BASE,
    PASS_BY_GAP, PASS_BY_PACE, PENALTY, PENALTY_S, PIT_LOSS, PIT_SC, PIT_VSC, QUEUE, RED_LAPS,
    RED_SHARE, RESTART_SPREAD, RETIRES, SC_AFTER_OUT, SC_FIRST_LAP, SC_ONSET, SLOT, START,
    START_SPREAD, STEPS, STINT_SPREAD, STOP_SHARED, STOPS, TABLE, TEAM, TEAM_SPREAD, TRIES,
    TROUBLE, TROUBLE_S, TYRE, UNLAP, UNSTEADY, USED, VSC_SHARE, WEAR_SPREAD,
)  # fmt: skip


def drive(
    first: int, last: int, key: np.uint64, from_lap: int, laps: int,
    order_0: Any, cars: Any, states: Any, race: Any, base: Any, tyre_s: Any, flag_0: int,
    flag_left: Any, forced: Any, plan: Any, stop_by_age: Any, stop_by_left: Any,
    stop_by_others: Any, next_tyre: Any,
    sc_laps: Any, vsc_laps: Any, stop_s: Any, normal: Any, chance: Any,
    exponential: Any, reals: Any, wholes: Any, orders: Any, tyre_now: Any,
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
    time, driven = reals[0], reals[1]  # driven: end of this lap on the track, before any stop
    ability = reals[2]  # pace and tyres, of which a pass depends
    pace, form = reals[3], reals[4]  # form comes and goes over some laps
    lost = reals[5]  # in the pit lane on this lap
    attack, defend, noise, form_step = reals[6], reals[7], reals[8], reals[9]
    tyre, age, used, down, out = wholes[0], wholes[1], wholes[2], wholes[3], wholes[4]
    worn = wholes[5]  # index into what tyres cost
    must = wholes[6]  # one dry compound used, and another one is required
    risk, risk_first, made = wholes[7], wholes[8], wholes[9]
    answers = wholes[10]  # lap on which a car may answer the stop of one near by
    order, behind = orders[0], orders[1]  # unsigned: indices that need no look at their sign
    to_answer = int(stop_by_others[2])
    for c in range(n):
        risk[c] = int(cars[c, RETIRES] * DRAWS_16)
        risk_first[c] = int(cars[c, FIRST_LAP_OUT] * DRAWS_16)
        attack[c], defend[c] = cars[c, ATTACK], cars[c, DEFEND]
        noise[c] = race[NOISE] * cars[c, UNSTEADY]
        form_step[c] = race[FORM_STEP] * cars[c, UNSTEADY]
    after_pass, follow_unit = race[AFTER_PASS], race[FOLLOW_SPREAD] / STEPS
    dirty, dirty_slope = race[DIRTY_AIR], 0.5 * race[DIRTY_AIR] / race[DIRTY_WITHIN]
    no_trouble = int((1.0 - race[TROUBLE]) * DRAWS_16)
    follow, kept_form, dirty_within = race[FOLLOW], race[FORM_KEPT], race[DIRTY_WITHIN]
    attack_within = race[ATTACK_WITHIN]
    pass_base, by_pace, by_gap = race[PASS_BASE], race[PASS_BY_PACE], race[PASS_BY_GAP]
    tracing, placing, planned = len(trace) > 0, len(places) > 0, len(plan) > 0
    for run in range(first, last):
        stream = mixed(uint64(key) + uint64(run + 1) * GOLDEN)
        on = len(order_0)
        stops = 0  # made by all that are running
        for k in range(on):
            order[k] = order_0[k]
            stops += states[order[k], STOPS]
        for c in range(n):
            bits = drawn(stream, 0, c, 0)
            own = normal[bits & uint64(LAST_STEP)]
            of_team = normal[drawn(stream, 0, 32 + int(cars[c, TEAM]), 1) & uint64(LAST_STEP)]
            pace[c] = cars[c, PACE] + cars[c, PACE_SPREAD] * own + cars[c, TEAM_SPREAD] * of_team
            form[c] = (
                cars[c, FORM]
                + cars[c, FORM_SPREAD] * normal[(bits >> uint64(20)) & uint64(LAST_STEP)]
            )
            time[c] = cars[c, GAP]
            tyre[c], age[c], used[c] = states[c, TYRE], states[c, AGE], states[c, USED]
            worn[c] = tyre[c] * AGES + age[c]
            must[c] = 1 if used[c] == 1 or used[c] == 2 or used[c] == 4 else 0
            down[c] = states[c, DOWN]
            made[c] = states[c, STOPS]
            answers[c] = from_lap + 1 if states[c, COVERED] > 0 else -1
            out[c] = 0
            lost[c] = 0.0
        flag, left = flag_0, flag_left[drawn(stream, 0, ON_FLAG, 0) & uint64(255)]
        incident = 0
        restart = 0
        passed = 0
        unlaps = flag == 2
        # what all cars make of their tyres on that day
        bits = drawn(stream, 0, ON_FLAG, 1)
        shared = normal[bits & uint64(LAST_STEP)]
        # what tyres are on that day
        wear = race[WEAR_SPREAD] * normal[(bits >> uint64(12)) & uint64(LAST_STEP)]
        medium = race[MEDIUM_SPREAD] * normal[(bits >> uint64(24)) & uint64(LAST_STEP)]
        hard = race[HARD_SPREAD] * normal[(bits >> uint64(36)) & uint64(LAST_STEP)]
        for compound in range(len(tyre_s) // AGES):
            more = medium if compound == 1 else (hard if compound == 2 else 0.0)
            for laps_old in range(AGES):
                cell = compound * AGES + laps_old
                tyre_now[cell] = tyre_s[cell] + more + wear * laps_old
        more_stops = int(race[STOP_SHARED] * LOGIT_STEPS * shared)
        for lap in range(from_lap + 1, laps + 1):
            # --- the track
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
                hazard = race[SC_FIRST_LAP] if lap == 2 else race[SC_ONSET]
                if incident > 0:
                    hazard = 1.0 - (1.0 - hazard) * (1.0 - race[SC_AFTER_OUT])
                if (bits & uint64(65535)) < hazard * DRAWS_16:
                    kind = float((bits >> uint64(16)) & uint64(65535)) / DRAWS_16
                    which = int((bits >> uint64(32)) & uint64(255))
                    if kind < race[RED_SHARE]:
                        flag, left = 3, RED_LAPS
                    elif kind < race[RED_SHARE] + race[VSC_SHARE]:
                        flag, left = 1, vsc_laps[which]
                    else:
                        flag, left = 2, sc_laps[which]
                        unlaps = (bits >> uint64(40)) & uint64(255) < race[UNLAP] * 256.0
            incident = 0
            if before == 3 and flag == 0:
                restart = 1
            lap_s = base[lap]
            standing = lap == 1 or restart == 1
            # --- the lap of every car, from the first to the last
            left_laps = laps - lap
            by_made = stop_by_others[0 if flag == 0 else 1]
            relative = more_stops - by_made * float(stops) / float(max(on, 1))
            by_now = stop_by_left[0, left_laps] + relative
            last_call = stop_by_left[1, left_laps] + relative
            ages = flag == 0 or lap % 2 == 0
            kept = 0
            stopped = False
            lead = 0.0
            if flag == 3:  # the clock runs until the last car has closed up
                for k in range(on):
                    lead = max(lead, time[order[k]] - down[order[k]] * lap_s)
            for k in range(on):
                c = order[k]
                bits = drawn(stream, lap, c, 0)
                draw = int64(bits >> uint64(4))
                second = int64((bits * ODD) >> uint64(33))  # 31 bits more, as good as independent
                gauss = normal[draw & LAST_STEP]
                # who stops on this lap does not reach its end
                chance_out = risk_first[c] if lap == 1 else risk[c]
                if (draw >> 12) & 65535 < chance_out and down[c] < laps - lap + 1:
                    out[c] = lap
                    stops -= made[c]
                    incident = 1
                    continue
                form[c] = kept_form * form[c] + form_step[c] * normal[(draw >> 28) & LAST_STEP]
                mine = pace[c] + tyre_now[worn[c]]
                ability[c] = mine
                at = 0.0
                if standing:
                    sharp = 1.0 if lap == 1 else race[RESTART_SPREAD]
                    at = time[c] + lap_s + sharp * (cars[c, START] + cars[c, START_SPREAD] * gauss)
                    place = kept
                    while place > 0 and driven[behind[place - 1]] > at:
                        behind[place] = behind[place - 1]
                        place -= 1
                    behind[place] = c
                    driven[c] = at
                elif flag == 0:
                    at = time[c] + lap_s + mine + form[c] + noise[c] * gauss
                    if (draw >> 12) & 65535 >= no_trouble:  # off, spun, or with a failing car
                        luck = int64(drawn(stream, lap, c, 2) & uint64(65535))
                        at += race[TROUBLE_S] * exponential[luck & LAST_STEP]
                    place = kept
                    if kept > 0:
                        rival = behind[kept - 1]
                        interval = time[c] - time[rival]
                        at += (interval < dirty_within) * (dirty - dirty_slope * interval)
                        # as good as always nobody passes: that way without an unsure branch
                        ahead = driven[rival]
                        near = (interval < attack_within) | (at < ahead + follow)
                        x = pass_base + attack[c] - defend[rival]
                        x += by_pace * min(max(ability[rival] - mine, -3.0), 3.0)
                        x += by_gap * min(interval, attack_within)
                        cell = int((x + LOGIT_RANGE) * LOGIT_STEPS)
                        cell = min(max(cell, 0), TABLE - 1)
                        luck = (draw >> 44) & 65535
                        unit = follow_unit * float((second >> 16) & LAST_STEP)
                        if near & (luck < chance[cell]):
                            tries = 0
                            while True:
                                passed += 1
                                tries += 1
                                at = min(at, ahead - 0.05)
                                driven[rival] = max(ahead, at + after_pass)
                                behind[place] = rival
                                place -= 1
                                if place == 0:
                                    break
                                rival = behind[place - 1]
                                ahead = driven[rival]
                                if at >= ahead + follow:
                                    break
                                interval = time[c] - time[rival]
                                luck = int64(drawn(stream, lap, c, tries) & uint64(65535))
                                x = pass_base + attack[c] - defend[rival]
                                x += by_pace * min(max(ability[rival] - mine, -3.0), 3.0)
                                x += by_gap * min(interval, attack_within)
                                cell = min(max(int((x + LOGIT_RANGE) * LOGIT_STEPS), 0), TABLE - 1)
                                if tries == TRIES or luck >= chance[cell]:
                                    at = max(at, ahead + follow + unit)
                                    break
                            behind[place] = c
                            driven[c] = at
                            # whoever was pushed back does not fall through the next ones
                            for q in range(place + 1, kept + 1):
                                nearest = driven[behind[q - 1]] + 0.05
                                if driven[behind[q]] >= nearest:
                                    break
                                driven[behind[q]] = nearest
                        else:
                            held = max(at, ahead + follow + unit)
                            at = held if near else at
                    behind[place] = c
                    driven[c] = at
                elif flag == 1:
                    at = time[c] + lap_s * race[LAP_VSC] + 0.1 * gauss
                    if kept > 0:
                        at = max(at, driven[behind[kept - 1]] + 0.2)
                    behind[kept] = c
                    driven[c] = at
                elif flag == 2:
                    if kept == 0:
                        at = time[c] + lap_s * race[LAP_SC]
                    else:
                        at = time[c] + lap_s * race[LAP_CATCH] + 0.3 * gauss
                        at = max(at, driven[behind[kept - 1]] + race[QUEUE])
                        if not unlaps:
                            at = max(at, driven[behind[0]] + down[c] * lap_s + 0.3 * kept)
                    behind[kept] = c
                    driven[c] = at
                else:  # the race is stopped: one behind the other, in the order in which they came
                    at = lead + lap_s + down[c] * lap_s + kept * race[SLOT]
                    if kept > 0:
                        at = max(at, driven[behind[kept - 1]] + race[SLOT])
                    behind[kept] = c
                    driven[c] = at
                kept += 1
                # --- stops at the end of this lap
                wanted = plan[lap, c] if planned else 0
                new = -1
                if wanted > 0:
                    new = wanted - 1
                elif wanted == 0 and left_laps > 0 and flag != 3:
                    score = stop_by_age[flag, worn[c]] + (last_call if must[c] else by_now)
                    score += by_made * made[c]
                    if answers[c] == lap and flag == 0:
                        score += to_answer
                    cell = min(max(int(score), 0), TABLE - 1)
                    if second & 65535 < chance[cell]:
                        new = -2
                elif flag == 3 and wanted == 0:
                    new = -2
                if new != -1:
                    more = drawn(stream, lap, c, 3)
                    if new == -2:
                        u = float(more & uint64(65535)) / DRAWS_16
                        row = min(left_laps * 10 // laps, 9)
                        new = 0
                        while new < 4 and u >= next_tyre[must[c], tyre[c], row, new]:
                            new += 1
                    if flag != 3:
                        extra = stop_s[(more >> uint64(16)) & uint64(255)]
                        share = 1.0
                        if flag == 1:
                            share = race[PIT_VSC]
                        elif flag == 2:
                            share = race[PIT_SC]
                        lost[c] = race[PIT_LOSS] * share + extra
                        made[c] += 1
                        stops += 1
                        stopped = True
                    tyre[c] = new
                    age[c] = 0
                    if new < 3:
                        used[c] |= 1 << new
                    else:
                        used[c] |= 8
                    must[c] = 1 if used[c] == 1 or used[c] == 2 or used[c] == 4 else 0
                    worn[c] = new * AGES
                    pace[c] += race[STINT_SPREAD] * normal[(more >> uint64(32)) & uint64(LAST_STEP)]
                elif ages and age[c] < AGES - 1:
                    age[c] += 1
                    worn[c] += 1
            # --- the order at the Line, behind the pit lane
            on = kept
            if standing and flag == 0:
                restart = 0
                for q in range(1, on):
                    nearest = driven[behind[q - 1]] + 0.05
                    if driven[behind[q]] < nearest:
                        driven[behind[q]] = nearest
            if stopped:
                for k in range(on):
                    c = behind[k]
                    if lost[c] != 0.0:
                        for q in range(on):
                            near = behind[q]
                            if near != c and abs(time[near] - time[c]) < NEAR_S:
                                answers[near] = lap + 1
                for k in range(on):
                    c = behind[k]
                    at = driven[c] + lost[c]
                    driven[c] = at
                    lost[c] = 0.0
                    place = k
                    while place > 0 and driven[order[place - 1]] > at:
                        order[place] = order[place - 1]
                        place -= 1
                    order[place] = c
            else:
                order, behind = behind, order
            time, driven = driven, time
            if tracing:
                for k in range(on):
                    trace[run - first, lap, order[k]] = time[order[k]]
            # --- cars that lose a lap, and get it back
            if on > 1:
                if flag == 0 and time[order[on - 1]] - time[order[0]] > lap_s:
                    k = on - 1
                    lapped = False
                    while k > 0 and time[order[k]] - time[order[0]] > lap_s:
                        c = order[k]
                        if time[c] - time[order[0]] >= (down[c] + 1) * lap_s:
                            down[c] += 1
                            p = 0
                            while time[c] - time[order[p]] > lap_s:
                                p += 1
                            time[c] += race[LAPPED]
                            time[order[max(p, 1) - 1]] += race[LAPPING]
                            lapped = True
                        k -= 1
                    for k in range(1, on if lapped else 0):  # nobody loses a place by it
                        nearest = time[order[k - 1]] + 0.01
                        if time[order[k]] < nearest:
                            time[order[k]] = nearest
                elif flag == 2:
                    for k in range(1, on):
                        c = order[k]
                        down[c] = min(down[c], int((time[c] - time[order[0]]) / lap_s))
            if placing:
                for k in range(on):
                    places[lap, order[k], k] += 1
        # --- the flag, penalties, and who was out before
        for k in range(on):
            c = order[k]
            bits = drawn(stream, laps + 1, c, 0)
            at = time[c]
            if (bits & uint64(65535)) < cars[c, PENALTY] * DRAWS_16:
                at += race[PENALTY_S]
            driven[c] = at
            place = k
            while place > 0 and driven[behind[place - 1]] > at:
                behind[place] = behind[place - 1]
                place -= 1
            behind[place] = c
        row = run - first
        for k in range(on):
            c = behind[k]
            finish[row, c] = k + 1
            out_lap[row, c] = 0
            if len(gaps) > 0:
                gaps[row, c] = driven[c] - driven[behind[0]]
        taken = on
        for lap in range(laps, from_lap, -1):
            for k in range(len(order_0) - 1, -1, -1):
                c = order_0[len(order_0) - 1 - k]
                if out[c] == lap:
                    taken += 1
                    finish[row, c] = taken
                    out_lap[row, c] = lap
                    if len(gaps) > 0:
                        gaps[row, c] = np.nan
        passes[row] = passed
