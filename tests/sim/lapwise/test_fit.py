from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from racecraft.errors import NotEnoughDataError
from racecraft.sim.lapwise import fit
from racecraft.sim.lapwise.evidence import Evidence, evidence
from racecraft.sim.lapwise.fit import fit_parameters
from racecraft.sim.lapwise.fit_pace import fit_pace
from racecraft.sim.lapwise.quantiles import normal_quantiles
from racecraft.sim.lapwise.regress import least_squares, logit, shrunk, within
from racecraft.sources.sample.sample import sample_race
from racecraft.sources.sample.toy import toy_race


def test_what_a_race_says() -> None:
    said = evidence(sample_race(20))
    assert said is not None
    assert 21 < np.median(said.stops["seconds"][said.stops["state"] == 0]) < 26
    assert said.flags["state"].tolist()[:1] == [3.0]  # red: the crash of lap 1
    assert 0 < said.attacks["passed"].mean() < 0.5
    assert set(said.pace["tyre"]) <= {0.0, 1.0, 2.0}


def test_a_short_race_says_nothing_and_few_are_too_few() -> None:
    assert evidence(toy_race()) is None
    said = evidence(sample_race(20))
    assert said is not None
    with pytest.raises(NotEnoughDataError, match="1 races are too few"):
        fit_parameters([(said, None)])


@pytest.mark.parametrize(("lap", "low", "high"), [(1, 0.85, 1), (2, 0.85, 1), (3, 0, 0.15)])
def test_a_flag_by_the_second_lap_is_one_of_the_start(lap: int, low: float, high: float) -> None:
    said = evidence(sample_race(20))
    assert said is not None
    flags = {"lap": [lap], "state": [2], "laps": [4], "after_out": [0]}
    quiet = replace(
        said,
        flags={name: np.array(value, float) for name, value in flags.items()},
        exposure=np.array([[20.0, 0.0], [1000.0, 0.0]]),
    )
    found, _, _ = fit._flags([quiet] * 8, ["here"] * 8)
    assert low < found["sc_first_lap"].value < high


def test_within_takes_every_grouping_off() -> None:
    chance = np.random.default_rng(1)
    a, b = chance.integers(0, 5, 400), chance.integers(0, 7, 400)
    left = within(chance.normal(size=400) + a + 10 * b, a, b)
    for group in (a, b):
        assert np.abs(np.bincount(group, left)).max() < 1e-6


def test_regressions_find_what_was_put_in() -> None:
    chance = np.random.default_rng(2)
    x = np.stack([np.ones(4000), chance.normal(size=4000)], axis=1)
    y = x @ [1.0, -2.0] + chance.normal(0, 0.5, 4000)
    y[:100] += 30  # spins
    line = least_squares(x, y)
    assert np.abs(line.coefficients - [1.0, -2.0]).max() < 0.08
    assert line.spread == pytest.approx(0.5, abs=0.05)
    outcome = (chance.uniform(size=4000) < 1 / (1 + np.exp(-(x @ [-1.0, 1.5])))) * 1.0
    found = logit(x, outcome)
    assert (np.abs(found.coefficients - [-1.0, 1.5]) < 3 * found.errors).all()


def test_groups_are_drawn_to_their_mean() -> None:
    chance = np.random.default_rng(3)
    truth = chance.normal(5.0, 1.0, 40)
    errors = np.full(40, 1.0)
    seen = truth + chance.normal(0, 1.0, 40)
    drawn = shrunk(list(range(40)), seen, errors)
    assert drawn.mean == pytest.approx(5.0, abs=0.6)
    at = np.array([drawn.groups[i][0] for i in range(40)])
    assert ((at - truth) ** 2).mean() < ((seen - truth) ** 2).mean()


def test_normal_quantiles_have_the_right_moments() -> None:
    table = normal_quantiles()
    assert table.mean() == pytest.approx(0, abs=1e-9)
    assert table.std() == pytest.approx(1)
    assert (table**4).mean() == pytest.approx(3, abs=0.05)


def _season_of_our_own(chance: np.random.Generator, races: int) -> list[Evidence]:
    """Clean laps whose every parameter is known."""
    said = evidence(sample_race(20))
    assert said is not None
    found = []
    for _ in range(races):
        cars, laps = 20, 60
        car, lap = (one.ravel() for one in np.mgrid[0:cars, 2 : laps + 2])
        stop = chance.integers(15, 45, cars)
        stint = (lap > stop[car]).astype(int)
        tyre = chance.integers(0, 3, (cars, 2))[car, stint]
        age = np.where(stint == 1, lap - stop[car], lap)
        form = np.zeros((cars, laps))
        form[:, 0] = chance.normal(0, 0.5, cars)
        for at in range(1, laps):
            form[:, at] = 0.8 * form[:, at - 1] + chance.normal(0, 0.5 * 0.6, cars)
        ahead = np.where(chance.uniform(size=len(car)) < 0.3, 1.6, 9.0)
        wear = np.array([0.05, 0.035, 0.025])[tyre]
        seconds = (
            90 + chance.normal(0, 0.8, cars)[car] + chance.normal(0, 1.0, laps + 2)[lap]
            + np.array([0.0, 0.3, 0.5])[tyre] + wear * age + 0.25 * (ahead < 2)
            + form[car, lap - 2] + chance.normal(0, 0.3, len(car))
        )  # fmt: skip
        rows = {
            "car": car, "lap": lap, "seconds": seconds, "tyre": tyre, "age": age, "ahead": ahead,
            "stint": stint,
        }  # fmt: skip
        pace = {name: np.asarray(values, float) for name, values in rows.items()}
        found.append(replace(said, cars=tuple(map(str, range(cars))), pace=pace))
    return found


def test_parameters_of_laps_of_our_own_are_found_again() -> None:
    seasons = _season_of_our_own(np.random.default_rng(7), 24)
    found = fit_pace(seasons, ["here"] * len(seasons)).figures
    truth = {
        "tyre_medium": 0.3, "tyre_hard": 0.5, "wear_soft": 0.05, "wear_medium": 0.035,
        "wear_hard": 0.025, "dirty_air": 0.25, "noise": 0.3, "form_spread": 0.5, "form_kept": 0.8,
    }  # fmt: skip
    for name, value in truth.items():
        figure = found[name]
        assert abs(figure.value - value) < 3 * figure.error + 0.02, (name, figure)
