"""Doubts: reasons for which what the data contradict may not be what the words say.

Each is a feature of the model of confidence, which has learned from texts that no rule had seen how
much each weighs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from racecraft.press.claim import Claim
    from racecraft.press.judging.weighing import Judged

PLACES = frozenset(("finish_position", "grid_position", "standings_position", "relative_order"))
RESULTS = frozenset((*PLACES, "podium", "winning_margin", "time_gap")) - {"standings_position"}
OF_THE_RACE = RESULTS - {"grid_position"}
OF_A_RACE = RESULTS | {"qualifying_position", "fastest_lap", "retirement"}
OF_STANDINGS = frozenset(("points_gap", "points_total", "standings_position"))
COUNTED = frozenset(("streak", "first_since", "career_count", "season_count"))
IN_CONDITIONS = frozenset(
    ("points_total", "finish_position", "standings_position", "podium", "relative_order",
     "race_points", "title_math", "titles")
)  # fmt: skip
REAL_MASS = 0.25  # share of the probability from which a meaning cannot be left aside
AS_LIKELY = 0.33  # weight of a true meaning, beside the likeliest, from which it cannot be either
# How likely what is said must be tied to whom it is said of, and may be to anybody else.
BOUND, FREE = 0.5, 0.2
ASTRAY = 0.35  # share of a race's other claims that is true, below which it is another race
ALL_LAPS = 0.9  # share of a race from which so many laps may be its length
MANY = 4  # doubts
# Those that a reading by a language model may have too: it is tied to no words.
OF_A_MODEL = (
    "may be true", "last resort", "may have changed", "each place", "another event",
    "standings then", "at a place", "here", "that year", "on the way", "reversed", "race unsure",
)  # fmt: skip


def doubts_of(each: Judged, told: Mapping[str, float]) -> dict[str, float]:
    """Every doubt about a claim as a feature, by its others; and how many there are."""
    claim = each.claim
    kind = claim.claim_type
    found = {
        # Words that are tied to nobody surely, or to somebody else as well.
        "untied": told.get("read_bond", 1.0) < BOUND,
        "tied to another": told.get("read_bond to another", 0.0) > FREE,
        # A year, a condition, other values beside it, or the same figure right elsewhere.
        "beside a year": told.get("read_years told"),
        "beside a condition": told.get("read_supposed around"),
        "scope": told.get("scope_doubted"),
        "other values": told.get("other_values"),
        "two values": told.get("read_two values"),
        "right elsewhere": told.get("right_elsewhere"),
        "astray": told.get("event_right", 1.0) < ASTRAY,
        # True in a meaning that cannot be left aside; read as a last resort.
        "may be true": each.shares.get("supported", 0.0) >= REAL_MASS
        or each.true_weight >= AS_LIKELY,
        "last resort": is_last_resort(claim),
        "denied": claim.polarity == "denied",
        "may have changed": _may_have_changed(claim, each.verdict.found),
        # "second in Monza, third in Spa", "third places in Spain and Monaco": which is whose.
        "another event": told.get("other_event") and told.get("events_in_sentence"),
        "each place": told.get("read_each place") and claim.value != 1,
        # "McLaren was in by Singapore already, Mercedes has 33 points more": when?
        "standings then": kind in OF_STANDINGS and told.get("event_carried"),
        "at a place": kind in COUNTED and told.get("read_at a place"),
        "here": kind in (*COUNTED, "venue_count") and told.get("read_here"),
        "that year": kind == "career_count" and told.get("read_open count"),  # "had five"
        "on the way": kind == "lap_count" and (_is_on_the_way(each) or bool(claim.named)),
        "reversed": kind == "winning_margin" and _is_reversed(each),
        "race unsure": kind in OF_A_RACE
        and claim.scope.event.bound == "assumed"
        and not told.get("race_sure", 1.0),
    }
    doubts = {f"doubt {name}": 1.0 for name, holds in found.items() if holds}
    several = {"doubts": min(len(doubts), MANY) / MANY, "doubtless": float(not doubts)}
    return {**doubts, **several}


def is_last_resort(claim: Claim) -> bool:
    """Whether a claim was read where no other frame had made anything of its words."""
    return bool(claim.features.get("rest"))


def is_to_come(each: Judged) -> bool:
    """Whether it is a result of a race not yet run, or a place or sum among conditions."""
    kind, assumed = each.claim.claim_type, each.claim.scope.event.bound == "assumed"
    if kind in OF_THE_RACE and each.features.get("to_come"):
        return True
    return kind in IN_CONDITIONS and bool(each.claim.features.get("conditions")) and assumed


def _is_reversed(each: Judged) -> bool:
    """Whether whoever is said to be ahead was behind: of a winner, it is somebody else."""
    found = each.verdict.found
    return isinstance(found, int | float) and found < 0


def _is_on_the_way(each: Judged) -> bool:
    """Whether so many laps are rather those after which something happened."""
    found, told = each.verdict.found, each.claim.value
    return isinstance(found, int) and isinstance(told, int) and told < ALL_LAPS * found


def _may_have_changed(claim: Claim, found: object) -> bool:
    """Whether it is a place as it was before the results were changed, or while the race was on.

    Beside a penalty, it may be a better one than was kept: "third, but was given five seconds".
    """
    told = claim.features
    figures = isinstance(found, int) and isinstance(claim.value, int)
    place = claim.claim_type in ("finish_position", "grid_position")
    lost = place and figures and found > claim.value
    return (
        (claim.claim_type in PLACES and bool(told.get("running")))
        or (claim.claim_type in RESULTS and told.get("provisional") == 1)
        or bool(lost and told.get("provisional"))
    )
