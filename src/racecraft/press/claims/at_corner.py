"""What somebody did at a corner, or that he braked: told by telemetry, never judged by it."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from racecraft.errors import NotEnoughDataError
from racecraft.press.claims.claim_type import ClaimType
from racecraft.press.judging.look_ups import cannot_tell, run_event, subject, timing_of
from racecraft.press.judging.verdict import unknown

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.model.race import Race
    from racecraft.press.judging.question import Question
    from racecraft.press.judging.verdict import Verdict

BRAKED = "braked"
NOT_THERE = "no telemetry tells of that corner"


def judge(claim: Question, history: History) -> Verdict:
    """Leave it open, but say what the telemetry shows of a pass there, or of the start.

    Words such as "properly" or "that late" are no measure, so nothing is called true or false.
    """
    event = run_event(claim, history)
    race = timing_of(event, history, claim.session)
    from racecraft.analysis.telemetry.corners import has_corners

    code = _code(claim, history, event.season)
    if not has_corners(race):
        raise cannot_tell(NOT_THERE)
    told = _braked(race, code) if claim.value == BRAKED else _passed(race, code, str(claim.value))
    if told is None:
        raise cannot_tell(NOT_THERE)
    return unknown(f"By telemetry: {told}.", found=told)


def _code(claim: Question, history: History, season: int) -> str | None:
    """Driver whom it is about; None where it is somebody who speaks of drivers."""
    try:
        return history.code(season, subject(claim, 0, "driver").id)
    except NotEnoughDataError:
        return None


def _passed(race: Race, code: str | None, corner: str) -> str | None:
    """What is known of the last pass at a corner, or for which it mattered, of a driver or any."""
    import polars as pl

    from racecraft.analysis.fights.explain import name_of
    from racecraft.analysis.order.overtakes import overtakes
    from racecraft.analysis.telemetry.pass_words import passes

    own = overtakes(race)
    if code is not None:
        own = own.filter((pl.col("passer") == code) | (pl.col("passed") == code))
    names = re.compile(rf"Turns? {re.escape(corner)}\b")
    for place in range(own.height - 1, -1, -1):  # the last one is wanted: no other is worked out
        for told in passes(race, own[place], partial(name_of, race)).iter_rows(named=True):
            if names.search(f"{told['where']} {told['sentence']}"):
                return str(told["sentence"])
    return None


def _braked(race: Race, code: str | None) -> str | None:
    """Who braked when at the start, where the driver is among those of whom it is known."""
    from racecraft.analysis.fights.explain import name_of
    from racecraft.analysis.fights.start import braking

    if code is None:
        return None
    name = name_of(race, code)
    said = [told for told in braking(race) if name in told]
    return ". ".join(f"{told[0].upper()}{told[1:]}" for told in said) or None


TYPE = ClaimType(
    name="at_corner",
    says="Somebody did something at a corner, or braked.",
    about=("driver",),
    judge=judge,
    value="any",
    words={BRAKED: "how late he braked", "": "what happened at Turn {value}"},
    may_be_proposed=False,
    opinions=True,
)
