"""Who had a role at an event: the winner, the leader, the champion, a team-mate."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from racecraft.press.claim import Entity

if TYPE_CHECKING:
    from racecraft.history.results import History

PLACES = {"winner": 1, "runner-up": 2, "second": 2, "third": 3}


def who_is(
    role: Entity, history: History, event: tuple[int, int] | None, season: int | None
) -> Entity | None:
    """Driver or team that had a role; None where the data do not tell."""
    name = role.id.replace("_", "-").replace("team-mate", "teammate")
    if name in ("champion", "reigning champion", "titleholder"):
        return _champion(role, history, season)
    if event is None:
        return None
    if name == "titled":
        return _titled(int(role.of), history, *event)
    who: str | None = None
    if name in PLACES or name == "place":
        row = history.at(*event, int(role.of) if name == "place" else PLACES[name])
        who = row.driver_id if row else None
    elif name == "standings place":
        table = history.standings(*event)
        who = table[int(role.of) - 1].id if len(table) >= int(role.of) else None
    elif name == "team standings place":
        return _team_in_place(int(role.of), history, event)
    elif name in ("pole", "polesitter", "pole-sitter"):
        row = history.pole(*event)
        who = row.driver_id if row else None
    elif name == "last":
        rows = [row for row in history.results(*event) if row.position is not None]
        who = rows[-1].driver_id if rows else None
    elif name == "leader":
        table = history.standings(*event)
        who = table[0].id if table else None
    elif name.startswith("teammate"):
        mates = history.teammates(*event, role.of)
        who = mates[0] if len(mates) == 1 else None
    return Entity("driver", who, history.name(who)) if who else None


def _titled(titles: int, history: History, season: int, round_: int) -> Entity | None:
    """The one of a field who had won so many titles by then; None if it is none, or several."""
    had = Counter(who for year, who in history.champions.items() if year < season)
    entered = {driver for driver, _ in history.roster.entries(season, round_)}
    found = [who for who in entered if had[who] == titles]
    return Entity("driver", found[0], history.name(found[0])) if len(found) == 1 else None


def _team_in_place(place: int, history: History, event: tuple[int, int]) -> Entity | None:
    table = history.standings(*event, kind="constructors")
    if len(table) < place:
        return None
    team = table[place - 1].id
    return Entity("team", team, history.roster.teams[team].name)


def _champion(role: Entity, history: History, season: int | None) -> Entity | None:
    year = int(role.of) if role.of.isdigit() else (season or 0) - 1
    who = history.champion(year)
    return Entity("driver", who, history.name(who)) if who else None
