"""What a championship makes of a race: what is open in it, and by what the title was decided."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from racecraft.errors import RacecraftError
from racecraft.sim.moments.happening import Happening
from racecraft.sim.moments.outlook import Contest
from racecraft.title.clinch import WHEN, clinch_when
from racecraft.title.standings.calendar import calendar
from racecraft.title.standings.standings import standings
from racecraft.title.words import Names

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from racecraft.model.race import Race
    from racecraft.model.season import Season
    from racecraft.sim.moments.outlook import Outlook

FATAL = "Fatal"  # how the status of an accident begins that cost a life


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


def title_decided(race: Race, season: Season | None, outlook: Outlook) -> list[Happening]:
    """The title, where it was decided in this race, whoever drove in it; else nothing."""
    laps = len(outlook.win) - 2
    if outlook.title is None:
        return absent_champion(race, season, lap=laps, after=laps + 1)
    last = outlook.title[-1]
    champion = int(last.argmax())
    if last[champion] < 0.99 or outlook.title[0, champion] > 0.99:
        return absent_champion(race, season, lap=laps, after=laps + 1)
    if season is not None and was_decided_elsewhere(race, season):
        return []
    return [
        Happening(
            kind="title decided", lap=laps, last_lap=laps, before=0, after=laps + 1,
            cars=(outlook.cars[champion],),
        )
    ]  # fmt: skip


def absent_champion(race: Race, season: Season | None, *, lap: int, after: int) -> list[Happening]:
    """The title of one who took no part in the race that decided it: rivals did not score enough.

    It concerns whichever of them came nearest.
    """
    if season is None:
        return []
    cars = race.entries["car"].to_list()
    try:
        table = standings(season, after=f"{race.event}:{race.session}")["driver"].to_list()
    except RacecraftError:
        return []
    if table[0] in cars or proved_champion(race, season) != table[0]:
        return []
    away = {"champion": table[0], "name": Names.of(season, "drivers").short(table[0]),
            "dead": _has_died(season, table[0])}  # fmt: skip
    rivals = [car for car in table if car in cars]
    return [
        Happening(
            kind="title decided", lap=lap, last_lap=lap, before=0, after=after,
            cars=tuple(rivals[:1]), facts={"proved": True, "absent": away},
        )
    ]  # fmt: skip


def _has_died(season: Season, driver: str) -> bool:
    """Whether he lost his life at a race of the season."""
    ends = season.results.filter(driver=driver)["status"].drop_nulls()
    return any(status.startswith(FATAL) for status in ends)


def was_decided_elsewhere(race: Race, season: Season) -> bool:
    """Whether the title is proved to be won in another race or sprint than this one."""
    found = _champions(season)
    return bool(len(found)) and (race.round, race.session) not in found["round", "session"].rows()


def proved_champion(race: Race, season: Season) -> str | None:
    """Who won the title in this race by the rules of the season; None where nobody did."""
    rounds = season.events["round"].max()
    if race.round is None or not isinstance(rounds, int) or race.round * 2 < rounds:
        return None
    found = _champions(season).filter(round=race.round, session=race.session)
    return str(found["name"][0]) if len(found) else None


@lru_cache(maxsize=2)
def _champions(season: Season) -> pl.DataFrame:
    """The race or sprint in which the title of a season was secured, if it is proved."""
    try:
        return clinch_when(season).filter(position=1)
    except RacecraftError:
        return WHEN.empty()


def with_margin(race: Race, season: Season | None, found: Sequence[Happening]) -> list[Happening]:
    """Happenings; of a title that was decided also how the champion finished, and by how much."""
    return [
        replace(one, facts={**one.facts, **_margin(race, season, _champion_of(one)),
                            "last_race": race.round == season.events["round"].max()})
        if one.kind == "title decided" and season is not None
        else one
        for one in found
    ]  # fmt: skip


def _champion_of(one: Happening) -> str:
    absent: Any = one.facts.get("absent")
    return str(absent["champion"]) if absent else one.cars[0]


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
