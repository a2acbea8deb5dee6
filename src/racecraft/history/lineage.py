"""Teams through their renames: the same name over the years, or the same team under other names."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import NamedTuple

FOREVER = 9999


class Stretch(NamedTuple):
    """Seasons in which a team raced under one id."""

    team_id: str
    first: int
    last: int


def readings(team_id: str, season: int) -> tuple[tuple[Stretch, ...], ...]:
    """What a team's past can mean, seen from a season: the same name first, then its lineage.

    A count is right if it is right for one of them.

    Examples
    --------
    >>> [stretch.team_id for stretch in readings("alphatauri", 2021)[1]]
    ['minardi', 'toro_rosso', 'alphatauri', 'rb']
    >>> readings("williams", 2012)
    ((Stretch(team_id='williams', first=0, last=9999),),)
    """
    same, lineages = _tables()
    name = tuple(Stretch(each, 0, FOREVER) for each in same.get(team_id, (team_id,)))
    found = [name]
    found += [
        line
        for line in lineages
        if any(each.team_id == team_id and each.first <= season <= each.last for each in line)
    ]
    return tuple(found)


@cache
def kin(team_id: str, season: int) -> frozenset[str]:
    """Ids that a team may bear in that season, itself included.

    >>> sorted(kin("sauber", 2021)), sorted(kin("racing_point", 2021))
    (['alfa', 'bmw_sauber', 'sauber'], ['aston_martin', 'racing_point'])
    """
    same, lineages = _tables()
    ids = {team_id, *same.get(team_id, ())}
    for line in lineages:
        if any(each.team_id == team_id for each in line):
            ids |= {each.team_id for each in line if each.first <= season <= each.last}
    return frozenset(ids)


@cache
def _tables() -> tuple[dict[str, tuple[str, ...]], tuple[tuple[Stretch, ...], ...]]:
    source = resources.files("racecraft.history").joinpath("teams.toml")
    data = tomllib.loads(source.read_text(encoding="utf-8"))
    same = {each: tuple(ids) for ids in data["same"].values() for each in ids}
    lines = tuple(tuple(Stretch(*each) for each in line) for line in data["lineage"].values())
    return same, lines
