"""Pace from an event on against that before it, on series whose change is known."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from racecraft.analysis.form.change_point import change_at
from racecraft.analysis.form.form import FORM
from racecraft.analysis.form.since import FORM_SINCE, FormSince, form_since
from racecraft.errors import ArgumentError, NotFoundError
from racecraft.model.season import EVENTS

ROUNDS = 16
CALENDAR = EVENTS.rows(
    [{"event": f"e{n}", "round": n, "name": f"Event {n}"} for n in range(1, ROUNDS + 1)]
)


def rounds_of(change: float, *, seed: int = 1, first: int = 10) -> pl.DataFrame:
    """Sixteen rounds; qualifying is slower by so much from the first on, race pace is not."""
    chance = np.random.default_rng(seed)
    rows = [
        {"round": n, "event": f"e{n}", "session": "race",
         "quali_pct": change * (n >= first) + chance.normal(0, 0.2), "quali_error_pct": 0.1,
         "race_pct": chance.normal(0, 0.2), "race_error_pct": 0.1}
        for n in range(1, ROUNDS + 1)
    ]  # fmt: skip
    return FORM.rows(rows)


def since(rounds: pl.DataFrame, event: str | int, until: str | int | None = None) -> FormSince:
    return form_since(rounds, CALENDAR, name="Doe", since=event, until=until)


def quali(found: FormSince) -> dict[str, Any]:
    return found.measures.filter(measure="quali").row(0, named=True)


def test_a_known_change_is_measured() -> None:
    found = since(rounds_of(-0.8), "e10")
    row = quali(found)
    assert (row["rounds_before"], row["rounds_after"]) == (9, 7)
    assert row["change_pct"] == pytest.approx(-0.8, abs=3 * row["error_pct"])
    assert row["verdict"] == "faster"
    assert found.sentence.startswith(
        "From the Event 10 (round 10) on, Doe was faster in qualifying"
    )
    assert "neither surely faster nor slower in race pace" in found.sentence
    assert found.measures.schema == FORM_SINCE.schema


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    held = []
    for seed in range(200):
        rounds = rounds_of(0.4, seed=seed)
        found = change_at(rounds["quali_pct"].to_numpy(), rounds["quali_error_pct"].to_numpy(), 9)
        held.append(abs(found.change - 0.4) <= 1.96 * found.error)
    assert 0.9 <= np.mean(held) <= 0.99


def test_what_is_not_known_yet_does_not_count() -> None:
    row = quali(since(rounds_of(-0.8), 10, until=11))
    assert row["rounds_after"] == 2
    assert row["error_pct"] > quali(since(rounds_of(-0.8), 10))["error_pct"]


def test_wet_sessions_are_left_out_and_too_few_are_not_compared() -> None:
    wet = rounds_of(-0.8).with_columns(quali_wet=pl.col("round") >= 11)
    row = quali(since(wet, 10))
    assert (row["rounds_after"], row["verdict"], row["change_pct"]) == (1, None, None)
    assert "not to be compared in qualifying (9 dry sessions before, 1 since)" in (
        since(wet, 10).sentence
    )


def test_events_that_are_none_and_in_the_wrong_order() -> None:
    with pytest.raises(NotFoundError, match="no event 'e99'"):
        since(rounds_of(0.0), "e99")
    with pytest.raises(ArgumentError, match="Event 3 comes before Event 10"):
        since(rounds_of(0.0), "e10", until="e3")
