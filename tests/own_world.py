"""Small worlds of our own to simulate: every effect can be put on or left off."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from racecraft.sim.lapwise import columns as k
from racecraft.sim.lapwise.course import TYRES
from racecraft.sim.lapwise.world import World

ALL_EFFECTS = {
    "NOISE": 0.5, "STINT_SPREAD": 0.15, "DIRTY_AIR": 0.25, "DIRTY_WITHIN": 2.0,
    "ATTACK_WITHIN": 1.2, "PASS_BASE": 0.2, "PASS_BY_PACE": 2.0, "PASS_BY_GAP": -5.0,
    "FOLLOW": 0.4, "FOLLOW_SPREAD": 0.9, "AFTER_PASS": 0.9, "PIT_LOSS": 21.0, "PIT_SC": 0.5,
    "PIT_VSC": 0.75, "LAP_SC": 1.5, "LAP_CATCH": 1.28, "LAP_VSC": 1.35, "QUEUE": 0.9,
    "SC_ONSET": 0.007, "SC_FIRST_LAP": 0.3, "SC_AFTER_OUT": 0.15, "VSC_SHARE": 0.4,
    "RED_SHARE": 0.09, "LAPPED": 0.9, "LAPPING": 0.15, "RESTART_SPREAD": 0.45, "SLOT": 0.3,
    "UNLAP": 0.7, "PENALTY_S": 5.0, "TROUBLE": 0.004, "TROUBLE_S": 6.0,
}  # fmt: skip


def own_world(cars: int = 20, laps: int = 50) -> World:
    """A race of so many cars from the grid, with every effect on."""
    table = np.zeros((cars, k.CAR_COLUMNS))
    table[:, k.PACE] = np.arange(cars) * 0.08
    table[:, k.PACE_SPREAD], table[:, k.TEAM_SPREAD] = 0.3, 0.2
    table[:, k.RETIRES], table[:, k.FIRST_LAP_OUT] = 0.0027, 0.02
    table[:, k.START], table[:, k.START_SPREAD] = np.arange(cars) * 0.6, 2.0
    table[:, k.PENALTY] = 0.05
    table[:, k.UNSTEADY] = 1.0
    table[:, k.TEAM] = np.arange(cars) // 2
    states = np.zeros((cars, k.CAR_STATES), np.int64)
    states[:, k.TYRE], states[:, k.USED] = 1, 2
    race = np.zeros(k.RACE_NUMBERS)
    for name, value in ALL_EFFECTS.items():
        race[getattr(k, name)] = value
    ages = np.arange(k.AGES)
    tyre = np.stack([ages * wear for wear in (0.05, 0.035, 0.027, 0.1, 0.1, 0.03)])
    tyre += np.array([0.0, 0.3, 0.4, 5.0, 8.0, 0.3])[:, None]
    odds = np.clip(-5.0 + 0.16 * ages, None, -1.0)
    stop = np.stack([np.tile(odds + more, len(TYRES)) for more in (0.0, 1.5, 1, -1, 2, 1, -1)])
    left = np.zeros((2, laps + 2))
    left[0, :10], left[1, :10] = -3.0, 1.0
    nothing = np.zeros(0, np.int64)
    return World(
        names=tuple(f"C{i:02}" for i in range(cars)),
        from_lap=0,
        laps=laps,
        order=np.arange(cars),
        cars=table,
        states=states,
        race=race,
        base=np.full(laps + 2, 90.0),
        tyre_s=tyre.ravel(),
        flag=0,
        flag_left=np.full(256, 2, np.int64),
        forced=np.zeros(laps + 2, np.int64),
        plan=np.zeros((0, cars), np.int64),
        stop_by_age=np.floor((stop + k.LOGIT_RANGE) * k.LOGIT_STEPS),
        stop_by_left=np.round(left * k.LOGIT_STEPS).astype(np.int64),
        stop_by_others=np.zeros(3),
        next_tyre=np.cumsum(np.tile([0.2, 0.35, 0.45, 0.0, 0.0], (2, 6, 10, 1)), axis=-1),
        sc_laps=np.repeat([2, 3, 4, 6], 64),
        vsc_laps=np.repeat([1, 2, 2, 3], 64),
        stop_s=np.sort(np.random.default_rng(1).gamma(2.0, 0.8, 256)) - 1.0,
        out_before=nothing,
    )


def quiet(world: World, gaps: list[float] | None = None) -> World:
    """The same race after lap 1 without chance: no noise, flags, stops, failures or penalties."""
    cars = world.cars.copy()
    cars[:, [k.PACE_SPREAD, k.TEAM_SPREAD, k.RETIRES, k.FIRST_LAP_OUT, k.PENALTY]] = 0.0
    cars[:, [k.START, k.START_SPREAD]] = 0.0
    if gaps is not None:
        cars[:, k.GAP] = gaps
    plan = np.full((world.laps + 2, len(world.names)), -1, np.int64)
    still = world.with_race(
        NOISE=0,
        STINT_SPREAD=0,
        TROUBLE=0,
        SC_ONSET=0,
        SC_FIRST_LAP=0,
        SC_AFTER_OUT=0,
        FOLLOW_SPREAD=0,
    )
    return replace(still, from_lap=1, cars=cars, plan=plan, stop_s=np.zeros(256))
