"""What a championship makes of a race: what is open in it, and by what the title was decided."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from racecraft.errors import RacecraftError
from racecraft.sim.moments.happening import Happening
from racecraft.sim.moments.outlook import Contest
from racecraft.title.standings.calendar import calendar
from racecraft.title.standings.standings import standings
from racecraft.title.words import Names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from racecraft.model.race import Race
    from racecraft.model.season import Season
    from racecraft.sim.moments.outlook import Outlook


def contest_of(race: Race, season: Season) -> Contest | None:
    """What the championship makes of a race; None where its title cannot be decided in it."""
    order = list(calendar(season))
    this = (race.event, race.session)
    here = [i for i, one in enumerate(order) if (one.event, one.session) == this]
    if not here or not here[0]:
        return None
    before, worth = order[here[0] - 1], [_most(race.season, one) for one in order]
    rest, here_most = sum(worth[here[0] + 1 :]), worth[here[0]]
    if sum(worth[: here[0]]) + here_most <= rest:
        return None  # nobody can lead by enough
    try:
        table = standings(season, after=f"{before.event}:{before.session}")
    except RacecraftError:
        return None
    points = dict(table["driver", "points"].rows())
    cars = race.entries["car"].to_list()
    own = np.array([points.get(car, 0.0) for car in cars])
    top = np.sort(own)[::-1]
    if len(top) < 2 or top[0] - top[1] > rest + here_most or top[0] + here_most - top[1] <= rest:
        return None  # decided before, or open whatever happens
    others = max((p for car, p in points.items() if car not in cars), default=0.0)
    return Contest(before=own, rest=rest, others=others)


def title_decided(outlook: Outlook) -> list[Happening]:
    """The title, where an outlook tells that it was decided in this race; else nothing."""
    if outlook.title is None:
        return []
    last = outlook.title[-1]
    champion = int(last.argmax())
    if last[champion] < 0.99 or outlook.title[0, champion] > 0.99:
        return []
    laps = len(outlook.win) - 2
    return [
        Happening(
            kind="title decided", lap=laps, last_lap=laps, before=0, after=laps + 1,
            cars=(outlook.cars[champion],),
        )
    ]  # fmt: skip


def with_margin(race: Race, season: Season | None, found: Sequence[Happening]) -> list[Happening]:
    """Happenings; of a title that was decided also how the champion finished, and by how much."""
    return [
        replace(one, facts={**one.facts, **_margin(race, season, one.cars[0]),
                            "last_race": race.round == season.events["round"].max()})
        if one.kind == "title decided" and season is not None
        else one
        for one in found
    ]  # fmt: skip


def _margin(race: Race, season: Season, champion: str) -> dict[str, object]:
    """Place of a champion in a race, and by how many points he leads whom after it."""
    place = dict(race.classification["car", "position"].rows()).get(champion)
    try:
        table = standings(season, after=f"{race.event}:{race.session}")
    except RacecraftError:
        return {"place": place}
    first, second = table.head(2).iter_rows(named=True)
    if first["driver"] != champion:
        return {"place": place}
    rival = Names.of(season, "drivers").short(second["driver"])
    return {"place": place, "ahead_of": rival, "by": first["points"] - second["points"]}


def _most(season: int, session: Any) -> float:
    """Most points that one driver can score in a race or sprint."""
    from racecraft.model.rulebook.book import rulebook

    book = rulebook(season)
    lap = book.lap_points(session.event, to_come=True) if session.session == "race" else 0.0
    return max(book.scale(session.event, session.session, to_come=True), default=0.0) + lap
