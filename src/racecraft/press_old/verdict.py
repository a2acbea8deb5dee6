"""The verdict on a claim: each type of claim has a file of its own in `press.claims`."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

from racecraft.errors import RacecraftError
from racecraft.press_old.claim import Claim, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from racecraft.history.results import History
    from racecraft.history.rows import Event, Qualified, Result

# Types that are checked by the file of another one, which they are a part of.
FAMILIES = {
    "podium": "finish_position",
    "sprint_position": "finish_position",
    "grid_row": "grid_position",
    "winning_margin": "time_gap",
    "career_count": "count",
    "season_count": "count",
    "venue_count": "count",
    "standings_places_between": "standings_position",
    "lap_count": "race_facts",
    "race_time": "race_facts",
    "race_distance": "race_facts",
    "retirement_count": "race_facts",
    "race_points": "result_facts",
    "car_number": "result_facts",
    "entry": "result_facts",
    "fastest_lap": "result_facts",
    "red_flag": "neutralisation",
    "safety_car": "neutralisation",
    "event": "calendar",
}


def verdict(claim: Claim, record: History) -> Verdict:
    """Say whether the data support a claim, contradict it, or cannot tell.

    Parameters
    ----------
    claim
        What is claimed.
    record
        The data of all seasons.

    Returns
    -------
    Verdict
        With the value that the data have, the rows that prove it, and one sentence. A claim by
        which the event was found is `consistent`: it proves nothing.
    """
    try:
        found = check_of(claim.claim_type)(claim, record)
    except RacecraftError as error:
        found = unknown(error.message, hint=error.hint or None)
    return replace(found, consistent=claim.by_construction)


def check_of(claim_type: str) -> Callable[[Claim, History], Verdict]:
    """Return the function that checks claims of a type; unknown types cannot be checked."""
    name = f"racecraft.press_old.claims.{FAMILIES.get(claim_type, claim_type)}"
    try:
        module = import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        module = import_module("racecraft.press_old.claims.not_recorded")
    check: Callable[[Claim, History], Verdict] = module.check
    return check


def judged(
    fair: bool, found: Any, reason: str, *rows: Result | Qualified | Event | Mapping[str, Any]
) -> Verdict:
    """Supported or contradicted, with the value in the data, why, and the rows that prove it."""
    return Verdict(
        verdict="supported" if fair else "contradicted",
        found=found,
        evidence=tuple(row.evidence() if isinstance(row, tuple) else row for row in rows),
        reason=reason,
    )


def unknown(
    reason: str,
    *rows: Mapping[str, Any],
    hint: str | None = None,
    found: Any = None,
) -> Verdict:
    """Not to be told from the data, and why; what there is of it in rows."""
    return Verdict(
        verdict="uncheckable", found=found, evidence=tuple(rows), reason=reason, hint=hint
    )
