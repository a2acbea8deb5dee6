"""Battles for a place, and what they changed: a place won, or a rival held off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from racecraft.analysis.fights.battles import battles
from racecraft.analysis.order.timing import timing
from racecraft.sim.moments.causes import NOSE_S, close_finishes, raced_to_flag
from racecraft.sim.moments.happening import MATTERS, NEAR_FRONT, Happening

if TYPE_CHECKING:
    from collections.abc import Iterator

    from racecraft.model.race import Race

HELD_LAPS = 3  # that a car is held off for


def fights(race: Race) -> Iterator[Happening]:
    """Battles for a place that scores: what their last lap changed; before it, chances drifted.

    Of one in which a car held off another all the while, what that cost the other.
    """
    told: set[frozenset[str]] = set()
    for row in battles(race).iter_rows(named=True):
        until = row["end_lap"] - (row["swaps"] == 1 and row["ahead_at_end"] == row["second"])
        held = row["swaps"] == row["end_lap"] - until and until - row["start_lap"] >= HELD_LAPS - 1
        late = until > timing(race).laps / 2  # earlier on, chances drift for many reasons
        if held and late and row["position"] <= NEAR_FRONT:
            yield Happening(
                kind="battle", lap=until, last_lap=until, before=row["start_lap"] - 1, after=until,
                cars=(row["first"], row["second"]),
                facts={"row": row | {"end_lap": until}, "held": True,
                       "held_to_flag": _won_by_a_nose(race, row)},
            )  # fmt: skip
            if row["at_flag"]:
                told.add(frozenset((row["first"], row["second"])))
            continue
        if row["position"] > MATTERS or (row["swaps"] < 2 and not row["at_flag"]):
            continue
        ahead = row["ahead_at_end"]
        behind = row["second"] if ahead == row["first"] else row["first"]
        yield Happening(
            kind="battle", lap=row["end_lap"], last_lap=row["end_lap"],
            before=row["end_lap"] - 1, after=row["end_lap"], cars=(ahead, behind),
            facts={"row": row, "held_to_flag": _won_by_a_nose(race, row)},
        )  # fmt: skip
        if row["at_flag"]:
            told.add(frozenset((ahead, behind)))
    laps = timing(race).laps
    for ahead, behind, place, margin in close_finishes(race):
        if frozenset((ahead, behind)) not in told:
            yield Happening(
                kind="battle", lap=laps, last_lap=laps, before=laps - 1, after=laps,
                cars=(ahead, behind),
                facts={"position": place, "margin_s": margin, "held_to_flag": place == 1},
            )  # fmt: skip


def _won_by_a_nose(race: Race, row: dict[str, Any]) -> bool:
    """Whether a fight was for a win that was decided at the flag, by less than a second."""
    close = row["at_flag"] and row["margin"].total_seconds() <= NOSE_S
    return bool(close and row["position"] == 1 and raced_to_flag(race))
