"""What stands where in the arrays of the compiled loop, and the steps of its tables."""

from __future__ import annotations

from typing import Final

import numpy as np

# Columns of the numbers of each car.
(
    GAP, PACE, PACE_SPREAD, TEAM_SPREAD, RETIRES, ATTACK, DEFEND, START, START_SPREAD,
    FIRST_LAP_OUT, PENALTY, TEAM, FORM, FORM_SPREAD, UNSTEADY, OWED,
) = range(16)  # fmt: skip
CAR_COLUMNS: Final = 16
# Columns of the whole numbers of each car.
TYRE, AGE, USED, STOPS, DOWN, COVERED = range(6)
CAR_STATES: Final = 6
# Numbers of the race and its circuit.
(
    NOISE, STINT_SPREAD, DIRTY_AIR, DIRTY_WITHIN, ATTACK_WITHIN, PASS_BASE,
    PASS_BY_PACE, FOLLOW, FOLLOW_SPREAD, AFTER_PASS, PIT_LOSS, PIT_SC, PIT_VSC, LAP_SC,
    LAP_CATCH, LAP_VSC, QUEUE, SC_ONSET, SC_FIRST_LAP, SC_AFTER_OUT, VSC_SHARE, RED_SHARE,
    LAPPED, LAPPING, RESTART_SPREAD, PASS_BY_GAP, SLOT, UNLAP, PENALTY_S, FORM_KEPT, FORM_STEP,
    STOP_SHARED, TROUBLE, TROUBLE_S, WEAR_SPREAD, MEDIUM_SPREAD,
    HARD_SPREAD, FLAG_LAPS, FOLLOW_BY_GAP,
) = range(39)  # fmt: skip
RACE_NUMBERS: Final = 39

STEPS: Final = 1024  # of a law of chance, picked from by bits
LAST_STEP: Final = STEPS - 1
AGES: Final = 80
TYRES: Final = 6
DRAWS_16: Final = np.float32(65536.0)
LOGIT_STEPS: Final = 16.0
LOGIT_RANGE: Final = 8.0
PLACES: Final = 32
ON_FLAG: Final = 62  # the car whose draws are those of race control
RED_LAPS: Final = 1
MOODS: Final = 3  # of those who may stop under a flag: on its first lap, its second, and later
NEAR_S: Final = 5.0  # as racecraft.sim.lapwise.evidence has it
TRIES: Final = 3  # cars that one may pass on a lap

# Runs are driven side by side, in lanes: a number of each lane stands beside that of the next one,
# so that one instruction works on several. Rows stand one behind the other in plain arrays: so the
# compiler sees that they do not overlap.
LANES: Final = 16
WIDE: Final = 60  # most cars: draws beyond are those of race control
ROW: Final = WIDE * LANES
# By car and lane; from TIME and from ORDER on by place in the order and lane.
REALS: Final = 16
(
    PACE_NOW, FORM_NOW, GO, ABILITY, GAUSS, TYRE_S, ODDS,
    TIME, DRIVEN, LOST_AT, ATTACK_AT, DEFEND_AT, GO_AT, ABILITY_AT, AIR, INTERVAL,
) = range(0, REALS * ROW, ROW)  # fmt: skip
WHOLES: Final = 17
(
    WORN, AGE_NOW, USED_NOW, MUST, MADE, ANSWERS, OUT, WORD, DRAW_1, DRAW_2, DRAW_3, DRAW_4,
    ORDER, DOWN_AT, WORD_AT, PASSES, SPECIAL,
) = range(0, WHOLES * ROW, ROW)  # fmt: skip
# By lane.
BY_LANE: Final = 9
(
    AHEAD, BY_NOW, LAST_MORE, BY_MADE, ANSWERING, WEAR, MEDIUM_MORE, HARD_MORE, MORE_STOPS,
) = range(0, BY_LANE * LANES, LANES)  # fmt: skip
COUNTS: Final = 16
(
    ON, RACING, FLAG, LEFT, UNLAPS, RESTART, STANDING, INCIDENT, STOPPED, STOPS_MADE, PASSED,
    UNDER, ALWAYS, MAY, TABLE_0, GROWS,
) = range(0, COUNTS * LANES, LANES)  # fmt: skip
# What happens to a car by itself on a lap: bits of a word, beside what chance has for it.
LEAVES: Final = 1
TROUBLED: Final = 2
STOPPING: Final = 4
UNIT_BIT: Final = 5
LUCK_BIT: Final = 15
