"""Something that happened in a race and may have changed its outcome."""

from __future__ import annotations

from dataclasses import dataclass, field

NEAR_FRONT = 6  # places
MATTERS = 12  # places beyond this one are not looked at one by one


@dataclass(frozen=True, kw_only=True)
class Happening:
    """Something that happened: when, to whom, and what there is to say of it.

    Attributes
    ----------
    kind
        One of ``KINDS`` in `racecraft.sim.moments.moments`.
    lap, last_lap
        Laps on which it happened.
    before, after
        Rows of the outlook that it lies between.
    line
        Timing line at which it was first seen.
    cars
        Whom it concerns, who gained first; empty: whoever gained or lost most by it.
    facts
        What its sentence needs.
    """

    kind: str
    lap: int
    before: int
    after: int
    last_lap: int = 0
    line: str = "Line"
    cars: tuple[str, ...] = ()
    facts: dict[str, object] = field(default_factory=dict)
