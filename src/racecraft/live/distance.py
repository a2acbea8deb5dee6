"""Over how many laps does a race go, where the feed does not say?"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from racecraft.errors import RacecraftError
from racecraft.lookup.find import find_event

if TYPE_CHECKING:
    from collections.abc import Sequence

    from racecraft.model.season import Season

# FIA Formula One Sporting Regulations, "Competitions": the least number of laps that exceeds this.
RACE_KM, MONACO_KM, SPRINT_KM = 305.0, 260.0, 100.0


def expected_laps(name: str, session: str, seasons: Sequence[Season]) -> int | None:
    """Laps that a race is to go over, by the length of a lap and the regulations.

    Parameters
    ----------
    name, session
        Event, and whether it is its race or its sprint.
    seasons
        Its own, and those before, the latest first: the first that knows the length of a lap there
        counts. None where none does.

    Notes
    -----
    All 329 races of 2010 to 2025 were planned over as many laps; of 24 sprints 20 were run over as
    many, the others were shortened.
    """
    for season in seasons:
        try:
            event = find_event(season.events, name)
        except RacecraftError:
            continue
        km = season.events.filter(event=event)["course_km"].to_list()[:1]
        if km and km[0]:
            least = SPRINT_KM if session == "sprint" else RACE_KM
            if session != "sprint" and event.startswith("monaco"):
                least = MONACO_KM
            return math.ceil(float(least / km[0]) - 1e-9)
    return None
