"""One lap, by cause."""

from __future__ import annotations

import pytest

from own_pace import Truth, made_race
from racecraft.analysis.pace.breakdown import breakdown
from racecraft.errors import ArgumentError, NotEnoughDataError, NotFoundError
from racecraft.sources.sample.sample import sample_race


def causes(driver: str, lap: int) -> list[str]:
    return breakdown(sample_race(), driver, lap).parts["cause"].to_list()[5:]


def test_parts_add_up_to_the_lap() -> None:
    race = sample_race()
    for driver in ("VER", "PER", "ALO", "SAR"):
        for lap in range(1, 71):
            told = breakdown(race, driver, lap)
            assert abs(told.parts["seconds"].sum() - told.lap_time_s) < 1e-9


def test_what_is_left_over_has_the_cause_that_the_lap_had() -> None:
    assert causes("PER", 1) == ["start"]
    assert causes("PER", 3) == ["pit", "neutralised"]
    assert causes("VER", 27) == ["pit"]
    assert causes("PER", 71) == ["own_error"]
    assert causes("PER", 60) == ["unexplained"]


def test_an_error_is_located() -> None:
    error = breakdown(sample_race(), "TSU", 16).parts.filter(cause="own_error")
    assert error["seconds"].item() == pytest.approx(5.1, abs=0.2)
    assert error["note"].item().endswith("in sector 2")


def test_how_many_deviations_make_an_error_can_be_said() -> None:
    told = breakdown(sample_race(), "PER", 71, sigmas=10)
    assert told.parts["cause"][-1] == "unexplained"


def test_what_is_not_there() -> None:
    race = sample_race()
    with pytest.raises(ArgumentError, match="no lap 72"):
        breakdown(race, "PER", 72)
    with pytest.raises(NotFoundError, match="no driver 'XXX'"):
        breakdown(race, "XXX", 7)
    with pytest.raises(NotEnoughDataError, match="not timed"):
        breakdown(race, "RUS", 71)
    with pytest.raises(NotEnoughDataError):
        breakdown(made_race(Truth(laps=3), 1), "AAX", 2)
