"""A moment in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from racecraft.analysis.fights.battle_words import place_words
from racecraft.analysis.telemetry.corners import has_corners
from racecraft.analysis.telemetry.passes import pass_place
from racecraft.sim.moments.causes import told_apart
from racecraft.sim.moments.telling import (
    Told,
    laps_words,
    listed,
    met_words,
    numbered,
    place_or_first,
)
from racecraft.sim.moments.told_once import gainers
from racecraft.sim.moments.trouble_words import trouble_words
from racecraft.sim.moments.worth import worth

if TYPE_CHECKING:
    from collections.abc import Sequence

    from racecraft.model.race import Race
    from racecraft.sim.moments.happening import Happening

CAUSES = {
    "on_track": "passing {other} on the track",
    "start": "at the start",
    "pit": "as {other} stopped",
    "neutralised": "under neutralisation",
    "trouble": "with {other} in trouble",
    "retirement": "when {other} dropped out",
}
NEWER_LAPS = 8  # tyres newer by so many are worth telling
MANY = 3  # cars that are listed
TELLS_ALL = (  # nothing to add to what they say
    "title decided", "fastest lap", "record", "penalty", "disqualification", "from the grid",
)  # fmt: skip


def sentence(race: Race, one: Happening, cars: Sequence[str], chance: dict[str, Any]) -> str:
    """What happened, and what it did to whose chances.

    Parameters
    ----------
    cars
        Whom it concerns, who gained most first.
    chance
        By car: chances to win and points before and after it.
    """
    told = _TOLD.get(one.kind, _plain)(Told(race, one, cars))
    did = "" if one.kind in TELLS_ALL else worth(race, one, cars, chance)
    return f"{told[:1].upper()}{told[1:]}{f' ({did})' if did else ''}."


def _start(told: Told) -> str:
    moves = told.one.facts["moves"]
    assert isinstance(moves, dict)  # noqa: S101 - made so by happenings
    parts = []
    for car in sorted(set(told.cars) & set(moves), key=lambda car: moves[car][1]):
        was, now = moves[car]
        verb = "kept" if was == now else "went from"
        to = (
            f" {place_words(was)}"
            if was == now
            else f" {place_or_first(was)} to {place_or_first(now)}"
        )
        parts.append(f"{told.name(car)} {verb}{to}{met_words(told, car)}")
    return f"at the start {listed(parts)}" if parts else "the start changed little"


def _pass(told: Told) -> str:
    *passers, passed = (told.name(car) for car in told.one.cars)
    again = " back" if told.one.kind == "re-pass" else ""
    positions: Any = told.one.facts["positions"]
    place = listed([place_words(position) for position in dict.fromkeys(positions)])
    verb = f"took {place}{again} from" if again else "passed"
    to = "" if again else f" for {place}"
    margin = told.one.facts.get("at_flag_s")
    flag = f" and was {margin:.3f} s ahead at the flag" if margin else ""
    return f"{listed(passers)} {verb} {passed}{to}{_where(told)} on lap {told.one.lap}{flag}"


def _where(told: Told) -> str:
    """At which corner one car passed another, where their telemetry says so."""
    one = told.one
    if told.race.telemetry is None or len(one.cars) != 2 or not has_corners(told.race):
        return ""
    place = pass_place(told.race, *one.cars, one.lap, one.line)
    return "" if place is None else f" {place.words}"


def _lead(told: Told) -> str:
    new, old = (told.name(car) for car in told.one.cars)
    facts: Any = told.one.facts
    cause = CAUSES.get(facts["cause"], "from {other}").format(other=old)
    if facts["cause"] == "retirement" and facts.get("why"):
        cause = f"{cause} ({facts['why'].lower()})"
    raced = facts["cause"] == "on_track"
    if "slow_s" in facts:
        cause = f"as {old} made a stop that took {_slow_s(told)} s longer than usual"
    elif facts["earlier"]:
        cause = f"as {old} stopped {numbered(facts['earlier'], 'lap')} later"
    elif facts["maybe_passed"] and facts["cause"] == "pit":  # on the track before, or by the stop
        cause, raced = f"from {old}, who stopped at the end of it", True
    tyres = f", on tyres {facts['newer']} laps newer" if facts["newer"] >= NEWER_LAPS else ""
    comma = "," if raced and (tyres or "," in cause) else ""
    until = f"{comma} and kept it to the flag" if facts["for_good"] else ""
    return f"{new} took the lead on lap {told.one.lap} {cause}{tyres if raced else ''}{until}"


def _period(told: Told) -> str:
    kind = {"safety car": "the safety car", "virtual safety car": "the virtual safety car",
            "red flag": "the red flag"}[told.one.kind]  # fmt: skip
    if "in_line" in told.one.facts:
        return _in_line(told)
    if "planned" in told.one.facts:
        half = ", for half points" if told.one.facts["half"] else ""
        return f"the race ended after {told.one.lap} of {told.one.facts['planned']} laps{half}"
    if told.one.facts.get("inferred"):
        return f"{_by_lap_times(told.one)}{_as_out(told)}{_stopped(told)}"
    if told.one.kind == "red flag":
        return f"{kind} stopped the race on {laps_words(told.one)}{_as_out(told)}"
    out = _as_out(told)
    until = f"{',' if out else ''}{_until(told.one)}" if _until(told.one) else ""
    return f"{kind} came out on lap {told.one.lap}{out}{until}{_stopped(told)}"


def _as_out(told: Told) -> str:
    """Who dropped out as it came out."""
    out: Any = told.one.facts.get("out", {})
    causes = {cause.lower() for cause in out.values()}
    why = f" ({causes.pop()})" if len(causes) == 1 and causes != {""} else ""
    return f", as {listed([told.name(car) for car in out])} dropped out{why}" if out else ""


def _by_lap_times(one: Happening) -> str:
    """A neutralisation that no source tells of: which kind it was, lap times do not show."""
    laps = f"lap {one.lap}" if one.last_lap == one.lap else f"laps {one.lap} to {one.last_lap}"
    what = "race stood still" if one.kind == "red flag" else "whole field slowed"
    return f"by lap times the {what} on {laps}"


def _in_line(told: Told) -> str:
    """A race that nobody raced, as it seems."""
    facts = told.one.facts
    of = f" of {facts['planned']}" if facts.get("planned") else ""
    half = "; half points were given" if facts["half"] else ""
    return (
        f"the {told.one.lap}{of} laps that were driven were no racing, as it seems, but behind the "
        f"safety car: nobody passed anybody on them{half}"
    )


def _stopped(told: Told) -> str:
    """Who stopped under it, and who of its cars did not; nothing where all or none did."""
    stopped: Any = told.one.facts.get("stopped", {})
    raced_on: Any = told.one.facts.get("raced_on", ())
    front: Any = told.one.facts.get("front", ())
    cars = list(dict.fromkeys((*told.cars, *front[:2])))
    others = front if told.one.facts.get("won_by_it") else ()
    came = [car for car in dict.fromkeys((*cars, *others)) if car in stopped]
    came = came if len(came) <= MANY else [car for car in cars if car in stopped]
    stayed = [told.name(car) for car in cars if car not in stopped and car in raced_on]
    if not came or not stayed:
        return ""
    fitted = {stopped[car] for car in came}
    tyres = f" for {next(iter(fitted))} tyres" if len(fitted) == 1 and fitted != {""} else ""
    return f"; {listed([told.name(car) for car in came])} stopped{tyres}, {listed(stayed)} did not"


def _until(one: Happening) -> str:
    return f" and went in on lap {one.last_lap}" if one.last_lap > one.lap else ""


def _restart(told: Told) -> str:
    start = f"the restart from {told.one.facts['from']} on lap {told.one.lap}"
    alone: Any = told.one.facts.get("alone")
    if not alone:
        return start
    who = listed([told.name(car) for car in alone])
    return (
        f"{start}, for which {who} alone stood there as {told.one.facts['stopped']} others stopped"
    )


def _rain(told: Told) -> str:
    tyres = "wet" if told.one.kind == "rain" else "dry"
    changed = f"{told.one.facts['cars']} cars changed to {tyres} tyres"
    laps: Any = told.one.facts["laps"]
    leader: Any = told.one.facts["leader"]
    each = told_apart(list(dict.fromkeys((*told.cars, leader))), laps)
    who = ", ".join(
        f"{listed([told.name(car) for car in cars])} on lap {lap}" for lap, cars in each
    )
    return f"{changed} on {laps_words(told.one)}{f', {who}' if who else ''}"


def _slow_stop(told: Told) -> str:
    stop = f"{told.name(told.one.cars[0])}'s stop on lap {told.one.lap}"
    return f"{stop} took {_slow_s(told)} s longer than usual"


def _good_stop(told: Told) -> str:
    quick = -float(str(told.one.facts["slow_s"]))
    stop = f"{told.name(told.one.cars[0])}'s stop on lap {told.one.lap}"
    return f"{stop} was {quick:.1f} s quicker than usual"


def _wrong_tyre(told: Told) -> str:
    tyres = "wet" if told.one.facts["wet"] else "dry"
    name, back = told.name(told.one.cars[0]), told.one.facts["back"]
    return f"{name} changed to {tyres} tyres on lap {told.one.lap}, and back on lap {back}"


def _fastest_lap(told: Told) -> str:
    points = float(str(told.one.facts["points"]))
    worth = "a point" if points == 1 else f"{points:g} points"
    return f"{told.name(told.one.cars[0])} set the fastest lap on lap {told.one.lap}, for {worth}"


def _puncture(told: Told) -> str:
    return f"{trouble_words(told)} and had to stop, as after a puncture"


def _cut(told: Told) -> str:
    number = gainers(told.one)
    names = [told.name(car) for car in told.one.cars]
    gained_it, loser = names[:number], listed(names[number:])
    place = place_words(int(str(told.one.facts["position"])))
    tyres = told.one.facts.get("turned")
    sooner = "sooner" if told.one.kind == "undercut" else "later"
    how = f"by changing to {tyres} tyres {sooner}" if tyres else f"by the {told.one.kind}"
    gained = f"gained {place} from" if number == 1 else "got ahead of"
    return f"{listed(gained_it)} {gained} {loser}{_slow(told)} {how} around lap {told.one.lap}"


def _slow(told: Told) -> str:
    """That the stop which lost the places was slow."""
    slow = "slow_s" in told.one.facts
    return f", whose stop took {_slow_s(told)} s longer than usual," if slow else ""


def _slow_s(told: Told) -> str:
    return f"{float(str(told.one.facts['slow_s'])):.1f}"


def _battle(told: Told) -> str:
    ahead, behind = (told.name(car) for car in told.one.cars)
    row: Any = told.one.facts.get("row")
    if row is None:  # no battle, and yet it was close at the flag
        facts: Any = told.one.facts
        won = f"beat {behind} to {place_or_first(facts['position'])} place at the flag"
        return f"{ahead} {won} by {facts['margin_s']:.3f} s"
    swaps = {0: "no swap", 1: "one swap"}.get(row["swaps"], f"{row['swaps']} swaps")
    end = f" to the flag, by {row['margin'].total_seconds():.3f} s" if row["at_flag"] else ""
    return (
        f"{ahead} won the fight with {behind} for {place_words(row['position'])} on laps "
        f"{row['start_lap']} to {row['end_lap']} ({swaps}){end}"
    )


def _penalty(told: Told) -> str:
    places, road = int(str(told.one.facts["places"])), told.one.facts.get("road")
    name, *gained = (told.name(car) for car in told.one.cars)
    if road == 1 and gained:
        return f"{name}, first at the flag, lost the win to {gained[0]} by a penalty"
    if road and told.one.facts.get("now"):
        now = place_or_first(int(str(told.one.facts["now"])))
        return f"{name}, {place_or_first(int(str(road)))} at the flag, fell to {now} by a penalty"
    lost = "a place" if places == 1 else f"{places} places"
    return f"{name} lost {lost} after the flag by a penalty"


def _disqualified(told: Told) -> str:
    road = told.one.facts.get("road")
    at_flag = f", {place_or_first(int(str(road)))} at the flag," if road else ""
    return f"{told.name(told.one.cars[0])}{at_flag} was disqualified after the race"


def _title(told: Told) -> str:
    return f"{told.name(told.one.cars[0])} became champion"


def _record(told: Told) -> str:
    words: Any = told.one.facts["words"]
    return f"{told.name(told.one.cars[0])} {'; '.join(words)}"


def _from_grid(told: Told) -> str:
    facts: Any = told.one.facts
    grid, place, name = facts["grid"], facts["position"], told.name(told.one.cars[0])
    start = f" from {place_or_first(grid)} on the grid" if grid else ""
    start = " from pole position" if grid == 1 else start
    if place == 1:
        return f"{name} won{start}"
    return f"{name} {'fell' if grid and place > grid else 'came'}{start} to {place_or_first(place)}"


def _plain(told: Told) -> str:
    return f"{told.one.kind} on lap {told.one.lap}: {listed([told.name(car) for car in told.cars])}"


_TOLD = {
    "start": _start,
    "pass": _pass,
    "re-pass": _pass,
    "lead change": _lead,
    "incident": trouble_words,
    "retirement": trouble_words,
    "safety car": _period,
    "virtual safety car": _period,
    "red flag": _period,
    "restart": _restart,
    "rain": _rain,
    "drying track": _rain,
    "slow stop": _slow_stop,
    "good stop": _good_stop,
    "wrong tyre": _wrong_tyre,
    "fastest lap": _fastest_lap,
    "puncture": _puncture,
    "undercut": _cut,
    "overcut": _cut,
    "battle": _battle,
    "penalty": _penalty,
    "disqualification": _disqualified,
    "title decided": _title,
    "record": _record,
    "from the grid": _from_grid,
}
