"""Passes and battles found by reading the last laps alone are those of the whole race."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.analysis.fights.battles import battles
from racecraft.analysis.order.overtakes import overtakes
from racecraft.live.follower import GLANCED_LAPS, Follower
from racecraft.live.inputs import read_session
from racecraft.live.screen import lap_completed

if TYPE_CHECKING:
    from pathlib import Path

    from racecraft.live.events import Event

GLANCES = (60, 110, 155, 200)  # after so many laps of cars together
ENOUGH = 230  # laps, for what was told by then to be known for good


def test_what_a_glance_tells_the_whole_race_has(shared: Path) -> None:
    [folder] = (shared / "data" / "livetiming").glob("*Azerbaijan*Sprint")
    follower, laps, late = Follower(), 0, 0
    events: list[Event] = []
    for message in read_session(folder):
        follower.take(message)
        laps += lap_completed(message) > 0
        if laps == ENOUGH:
            break
        if lap_completed(message) and laps in GLANCES:
            events += follower.glance()
            late += follower.watch.lap > GLANCED_LAPS
    assert late >= 2  # some of these read the last laps alone
    race = follower.race()
    known = set(overtakes(race)["passer", "passed", "lap", "kind"].iter_rows())
    passes = [
        (*one.cars, one.lap, one.facts["pass_kind"])
        for one in events if one.kind == "pass"
    ]  # fmt: skip
    assert len(passes) > 20
    assert len(set(passes) - known) <= len(passes) // 20  # the last line is not always reached yet
    fights = {
        (frozenset(row[:2]), row[2]) for row in battles(race)["first", "second", "start_lap"].rows()
    }
    begun = [one for one in events if one.kind == "battle begun"]
    near = [
        one for one in begun
        if any((frozenset(one.cars), one.facts["since_lap"] + by) in fights for by in (-1, 0, 1))
    ]  # fmt: skip
    assert len(begun) > 5
    assert len(near) >= len(begun) - 2
    every = [(one.kind, one.cars, one.lap, one.text) for one in events]
    assert len(every) == len(set(every))  # nothing is told twice
