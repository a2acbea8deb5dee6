"""What a moment weighs beside what it changed: by its kind, and by what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from racecraft.sim.moments.told_once import CUTS, LOST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from racecraft.sim.moments.happening import Happening

# What a change is worth, in points: of the chance to win, of a podium, of the title.
WIN_WORTH, PODIUM_WORTH, TITLE_WORTH = 15.0, 4.0, 40.0

# A race is told by who won it: the change of the lead that was for good weighs at least this share
# of the heaviest moment, by how it came about; other turns of a story likewise, however likely.
PASSED, LOST_IT, OTHERWISE = 1.02, 1.0, 0.95
IN_EFFECT = 1.0  # by a pass on the track, and only lent to others by stops since
PROVED = 1.02  # a title in the last race, or one whose chances before it nobody weighed
WON_BY_IT = 0.6  # a safety car under which the winner stopped, and some ahead of him did not
HELD_TO_FLAG = 0.95  # a win by less than a second, with the other on his heels
DISQUALIFIED = 0.8  # who went as far as the winner, and from which place nobody says
FLOORS = {"title decided": 0.6}
RECORD_SET = 3.0  # points at least: of a race in which little happened it is told first
BY_A_HAIR = 0.35  # a place on the podium, of a race without timing
KILLED = 1.0  # nothing else of such a race is told first
OTHER_DRIVES = 0.6  # from the grid, of a race without timing: others dropped out, others won
THE_LATER = 0.4  # more, in a race without timing: who drops out late was ahead of others by then
OFF_PODIUM_PENALTY = 0.5  # places lost after the flag, none of them on the podium
ENDED_EARLY = 0.5  # a race that was not run to its distance
OPEN = 0.1  # change of the chance to win: a pass for the lead that changed less was no surprise
LENT_LEAD = 0.3  # a lead that a stop gave to another for a while
OWN_STOP, PODIUM = 0.5, 3  # a place gained by a stop, off the podium: half of it is the stop itself
PERIODS = ("safety car", "virtual safety car", "red flag")
AT_THE_START, FROM_THE_START = (
    2,
    0.5,
)  # of these: repairs are made in it, and the start is told by itself
RESTART = 0.5  # what it changed is what had been open since the flag
HELD_OFF = 0.75  # over the laps of a fight chances drift, whatever comes of it
WHOLE_RACE = 0.2  # a drive through the field is made of what else is told
OWN_TROUBLE = ("retirement", "incident", "puncture")
STRIKES = (*OWN_TROUBLE, "slow stop")
LAST_LAP, ON_TRACK = 1.25, ("pass", "re-pass", "lead change", "battle")  # nobody could answer
AFTER_FLAG, OFF_PODIUM, SURE = 0.8, "podium_swing", 0.9  # a place on the podium lost to stewards


def floor_of(row: dict[str, Any]) -> float:
    """Least share of the heaviest moment that one weighs, by its kind."""
    one: Happening = row["happening"]
    if one.facts.get("for_good"):
        raced = one.facts["cause"] == "on_track" or one.facts.get("maybe_passed")
        if raced and abs(row["win_swing"]) >= OPEN:
            return PASSED
        return LOST_IT if one.facts["cause"] in LOST else OTHERWISE
    if one.facts.get("in_effect") and one.facts["cause"] == "on_track":
        return IN_EFFECT
    if one.kind in ("disqualification", "penalty") and abs(row[OFF_PODIUM]) >= SURE:
        return AFTER_FLAG
    if one.facts.get("proved") or one.facts.get("last_race"):
        return PROVED
    if one.facts.get("held_to_flag"):
        return HELD_TO_FLAG
    if one.facts.get("won_by_it"):
        return WON_BY_IT
    if one.kind == "record":
        return float(str(one.facts["share"]))
    return max(_floor_by_result(one), FLOORS.get(one.kind, 0.0))


def _floor_by_result(one: Happening) -> float:
    """Least share of what nobody knows more of than the result tells."""
    if was_fatal(one):
        return KILLED
    if one.facts.get("full_distance"):
        return DISQUALIFIED
    if "away" in one.facts:
        return int(str(one.facts["away"])) / int(str(one.facts["of"]))
    if one.facts.get("by_a_hair"):
        return BY_A_HAIR
    return ENDED_EARLY if "planned" in one.facts else 0.0


def share_of(one: Happening, laps: int) -> float:
    """What a change counts for, by its kind: a stop that was to come less, the last lap more."""
    if one.kind == "lead change" and one.facts["cause"] == "pit" and not one.facts["for_good"]:
        return 1.0 if one.facts["earlier"] else LENT_LEAD
    if one.kind in CUTS and int(str(one.facts["place_in_effect"])) > PODIUM:
        return OWN_STOP
    if one.kind == "restart" and not one.facts.get("alone"):
        return RESTART
    if one.kind in PERIODS and one.lap <= AT_THE_START:
        return FROM_THE_START
    if one.facts.get("held"):
        return HELD_OFF
    if one.kind == "from the grid":
        return _share_of_drive(one)
    if "driven" in one.facts:
        return 1 + THE_LATER * float(str(one.facts["driven"]))
    if one.kind == "penalty" and int(str(one.facts.get("road") or 0)) > PODIUM:
        return OFF_PODIUM_PENALTY
    return LAST_LAP if one.lap == laps and one.kind in ON_TRACK else 1.0


def was_fatal(one: Happening) -> bool:
    """Whether a car dropped out by an accident in which its driver was killed."""
    gone: Any = one.facts.get("gone") or {}
    return any(status.startswith("Fatal") for status in gone.values())


def _share_of_drive(one: Happening) -> float:
    """What a drive from the grid counts for: in a race with timing its parts are told as well."""
    if "timed" in one.facts:
        return WHOLE_RACE
    return 1.0 if one.facts["position"] == 1 else OTHER_DRIVES


def credit_title(rows: Sequence[dict[str, Any]]) -> None:
    """What the stewards made of the title is added to the heaviest of what they decided."""
    after = [row for row in rows if row["line"] == "classification"]
    if not after:
        return
    heaviest = max(after, key=lambda row: row["weight"])
    change = heaviest["title_change"]
    if abs(change) > abs(heaviest["title_swing"] or 0.0):
        heaviest["weight"] += TITLE_WORTH * abs(change) / 2
        heaviest["title_swing"] = round(change, 4)


def without_title(rows: Sequence[dict[str, Any]]) -> None:
    """What a title was worth counts for the title alone, not for the drive that won it too."""
    won = {row["drivers"] for row in rows if row["kind"] == "title decided"}
    for row in rows:
        if row["kind"] == "from the grid" and row["drivers"] in won:
            row["weight"] -= TITLE_WORTH * abs(row["title_change"]) / 2


def struck_by(one: Happening, found: Sequence[Happening]) -> set[str]:
    """Cars that were in trouble of their own while something else happened."""
    first = one.lap - 1 if not one.cars else one.before
    return {
        car
        for other in found
        if other.kind in (OWN_TROUBLE if one.cars else STRIKES)
        and first <= other.lap <= max(one.last_lap, one.lap)
        for car in other.cars
    }
