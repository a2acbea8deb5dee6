"""What stands where in the arrays of the compiled loop, and the steps of its tables."""

from __future__ import annotations

from typing import Final

import numpy as np

# Columns of the numbers of each car.
(
    GAP, PACE, PACE_SPREAD, TEAM_SPREAD, RETIRES, ATTACK, DEFEND, START, START_SPREAD,
    FIRST_LAP_OUT, PENALTY, TEAM, FORM, FORM_SPREAD, UNSTEADY,
) = range(15)  # fmt: skip
CAR_COLUMNS: Final = 15
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
    HARD_SPREAD, FLAG_LAPS,
) = range(38)  # fmt: skip
RACE_NUMBERS: Final = 38

STEPS: Final = 1024  # of a law of chance, picked from by bits
LAST_STEP: Final = STEPS - 1
AGES: Final = 80
DRAWS_16: Final = 65536.0
LOGIT_STEPS: Final = 16.0
LOGIT_RANGE: Final = 8.0
TABLE: Final = 256
PLACES: Final = 32
ON_FLAG: Final = 62  # the car whose draws are those of race control
RED_LAPS: Final = 1
MOODS: Final = 3  # of those who may stop under a flag: on its first lap, its second, and later
NEAR_S: Final = 5.0  # as racecraft.sim.lapwise.evidence has it
TRIES: Final = 3  # cars that one may pass on a lap
ODD: Final = np.uint64(0xD1342543DE82EF95)

# Rows that the loop keeps its numbers of the cars in, one behind the other in a plain array: so the
# compiler sees that they do not overlap, and works on several cars at once.
WIDE: Final = 60  # most cars: draws beyond are those of race control
REALS: Final = 17
(
    TIME, DRIVEN, ABILITY, PACE_NOW, FORM_NOW, LOST, ATTACK_NOW, DEFEND_NOW, NOISE_NOW, STEP_NOW,
    FREE, GAUSS, DRIFT, TYRE_S, ODDS, AIR, INTERVAL,
) = range(0, REALS * WIDE, WIDE)  # fmt: skip
WHOLES: Final = 16
(
    TYRE_NOW, AGE_NOW, WORN, USED_NOW, MUST, MADE, DOWN_NOW, ANSWERS, RISK, RISK_FIRST, OUT,
    EVENT, LUCK, UNIT, CELL, PASSES,
) = range(0, WHOLES * WIDE, WIDE)  # fmt: skip
# What happens to a car by itself on a lap.
LEAVES: Final = 1
TROUBLED: Final = 2
STOPPING: Final = 4
# What is counted within a run.
COUNTS: Final = 4
STOPS_MADE, STOPPED, INCIDENT, PASSED = range(COUNTS)  # by all that run; on this lap; ...; by pass
