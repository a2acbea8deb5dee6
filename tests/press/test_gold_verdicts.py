"""Verdicts as in the claims that were annotated by hand, from another source of the same races."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from gold_claims import Gold, gold
from own_seasons import all_seasons
from racecraft.history.results import History
from racecraft.press.judging.judge import verdict

if TYPE_CHECKING:
    from pathlib import Path

    from racecraft.press.judging.verdict import Verdict

EQUAL = 0.97
# What the results of a season do not have: laps, the state of the track, lengths of circuits.
NEEDS_MORE = frozenset(("position_swaps", "laps_led", "safety_car", "red_flag", "race_distance"))


@pytest.fixture(scope="module")
def record(shared: Path) -> History:
    """All seasons of the public tables, without the timing of any race."""
    return History(list(all_seasons(shared).values()))


@pytest.fixture(scope="module")
def judged(record: History, shared: Path) -> list[tuple[Gold, Verdict]]:
    """Annotated claims that are more than free text, with our verdicts."""
    found = gold(shared / "data" / "articles", record)
    return [(one, verdict(one.claim, record)) for one in found if one.claim]


def test_verdicts_are_those_of_the_gold(judged: list[tuple[Gold, Verdict]]) -> None:
    told = [
        (one, found)
        for one, found in judged
        if one.row["verdict"] != "uncheckable"
        and one.row["claim_type"] not in NEEDS_MORE
        and not (found.hint or "").startswith(("racecraft data add", "the last one"))
    ]
    other = [
        f"{one.told}: {one.row['verdict']}, here {found.verdict}: {found.reason}"
        for one, found in told
        if found.verdict != one.row["verdict"]
    ]
    assert len(told) > 900
    assert len(other) <= (1 - EQUAL) * len(told), "\n".join(other)


def test_nothing_true_is_contradicted(judged: list[tuple[Gold, Verdict]]) -> None:
    wrong = [
        f"{one.told}: {found.reason}"
        for one, found in judged
        if one.row["verdict"] == "supported" and found.verdict == "contradicted"
    ]
    assert not wrong


def test_most_injected_errors_are_found(judged: list[tuple[Gold, Verdict]]) -> None:
    found = Counter(found.verdict for one, found in judged if one.row["verdict"] == "contradicted")
    assert found["contradicted"] >= 0.85 * found.total()
