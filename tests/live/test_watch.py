"""What the analyses make of what the screen showed, whichever of them was first."""

from __future__ import annotations

from datetime import timedelta

import pytest

from own_streams import TIMES, own_session
from racecraft.live.events import Event
from racecraft.live.follower import Follower
from racecraft.sources.livetiming import archive

LAPS_MORE = 3
THREE_LAPS = timedelta(seconds=310)


@pytest.mark.parametrize(("cars", "withdrawn"), [(("HAM", "VER"), False), (("SAI", "VER"), True)])
def test_a_pass_is_withdrawn_only_where_the_timing_never_has_it(
    cars: tuple[str, str], *, withdrawn: bool
) -> None:
    longer = {
        number: [*times, *(times[-1] + 30_000 * more for more in range(1, 3 * LAPS_MORE + 1))]
        for number, times in TIMES.items()
    }
    messages = [
        message
        for message in archive.messages_of(own_session(longer).files())
        if message.data.get("Status") != "Finished"
    ]
    started = next(one.moment for one in messages if one.data.get("Status") == "Started")
    follower, rest = Follower(), iter(messages)
    for message in rest:
        follower.take(message)
        if message.moment - started > THREE_LAPS:
            break
    timed = [event for event in follower.look() if event.facts.get("sure") == "timed"]
    assert [event.cars for event in timed] == [("HAM", "VER")]
    late = Event(kind="pass", moment=started + THREE_LAPS, lap=2, cars=cars, text="seen")
    follower.watch.note([late])
    for message in rest:
        follower.take(message)
    gone = [event.cars for event in follower.look() if event.facts.get("sure") == "withdrawn"]
    assert (cars in gone) is withdrawn
