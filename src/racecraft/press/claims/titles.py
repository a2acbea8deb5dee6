"""World titles of drivers and teams: how many, of which year, the reigning champion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from racecraft.errors import RacecraftError
from racecraft.history.careers import FIRST_SEASON, of_nation, whole
from racecraft.history.lineage import readings
from racecraft.press.claims.claim_type import ClaimType
from racecraft.press.finding import in_words
from racecraft.press.judging.decided import decided, still_open
from racecraft.press.judging.look_ups import cannot_tell, championship, season_of, subject
from racecraft.press.judging.tolerance import agrees_with
from racecraft.press.judging.verdict import judged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from racecraft.history.results import History
    from racecraft.press.claim import Entity
    from racecraft.press.judging.question import Question
    from racecraft.press.judging.verdict import Verdict


def judge(claim: Question, history: History) -> Verdict:
    """Compare with the champions of the seasons before, and with a title secured by then."""
    entity = subject(claim, 0, "driver", "team", "nation")
    if entity.kind == "nation":
        return _of_nation(claim, history, entity)
    if claim.value == "champion":
        return _champion(claim, history, entity)
    if entity.kind == "team" and claim.details.get("kind") == "drivers":
        return _drivers_of_team(claim, history, entity)
    if isinstance(claim.value, int) and claim.value >= FIRST_SEASON:
        return _of_year(claim, history, entity, claim.value)
    if claim.value == "reigning":
        return _of_year(claim, history, entity, season_of(claim, history) - 1)
    if isinstance(claim.value, dict):
        return _of_year(claim, history, entity, int(claim.value.get("season") or 0))
    return _number(claim, history, entity)


def _champion(claim: Question, history: History, entity: Entity) -> Verdict:
    """Champion of the season, or still of the one before where that is not over."""
    year = season_of(claim, history)
    if claim.moment == "end of season" and claim.round is None:
        return _of_year(claim, history, entity, year)
    found = [_of_year(claim, history, entity, each) for each in (year - 1, year)]
    won = next((each for each in found if each.verdict == "supported"), None)
    if won is None and len(_years(history, entity, year)[0]) > 0:
        raise cannot_tell(f"{entity.name} had been champion, though not of {year} or {year - 1}")
    return won or found[0]


def _of_nation(claim: Question, history: History, entity: Entity) -> Verdict:
    """How many people of a country had become champion, or how many titles they had won."""
    until = claim.season or (claim.day.year if claim.day else max(history.seasons))
    people = of_nation(history, entity.id)
    won = [y for y, who in history.champions.items() if who in people and y <= until]
    before = [y for y in won if y < until]
    who = {history.champions[year] for year in won}
    counts = [len(who), len({history.champions[year] for year in before}), len(won), len(before)]
    fair = [count for count in counts if agrees_with(claim, count)]
    names = ", ".join(sorted(history.name(each) for each in who))
    reason = f"{len(who)} champions came from {entity.name} ({names}), with {len(won)} titles."
    row = {"table": "champions", "nation": entity.id, "champions": len(who), "titles": len(won)}
    return judged(bool(fair), (fair or counts)[0], reason, row)


def _drivers_of_team(claim: Question, history: History, entity: Entity) -> Verdict:
    """How many drivers' titles were won in the cars of a team."""
    until = claim.season or (claim.day.year if claim.day else max(history.seasons))
    own = {stretch.team_id for past in readings(entity.id, until) for stretch in past}
    years = []
    for year, champion in history.champions.items():
        rows = [row for row in history.of_driver[champion] if row.season == year]
        if year <= until and any(row.team_id in own for row in rows):
            years.append(year)
    counts = [len(years), len([year for year in years if year < until])]
    fair = [count for count in counts if agrees_with(claim, count)]
    reason = f"{len(years)} drivers' titles were won with {entity.name}{_listed(years)}."
    row = {"table": "champions", "team": entity.name, "seasons": years}
    return judged(bool(fair), (fair or counts)[0], reason, row)


def _number(claim: Question, history: History, entity: Entity) -> Verdict:
    year = claim.season or (claim.day.year if claim.day else max(history.seasons, default=0))
    whole(history, entity)
    held = _years(history, entity, year - 1)
    counts = [len(years) for years in held]
    now = _secured(claim, history, entity, year)
    if now:
        counts += [len(years) + 1 for years in held]
    fair = [count for count in counts if agrees_with(claim, count)]
    found = (fair or counts[-1:])[0]
    years = [*max(held, key=len), *([year] if now and found > len(max(held, key=len)) else [])]
    reason = f"{entity.name} had won {found} titles by then{_listed(years)}."
    return judged(bool(fair), found, reason, *_rows(history, entity, years))


def _of_year(claim: Question, history: History, entity: Entity, year: int) -> Verdict:
    if year not in history.seasons:
        raise cannot_tell(f"the season {year} is not stored", f"racecraft data add jolpica {year}")
    kind = championship(entity)
    champion = history.champion(year, kind)
    if year == claim.season and _under_way(claim, history, year):
        if _secured(claim, history, entity, year):
            champion = entity.id
        elif champion in (None, entity.id):
            reason = f"The championship of {year} was not decided by then."
            return judged(False, None, reason, *_rows(history, entity, [year]))
    if champion is None:
        raise cannot_tell(f"the championship of {year} was not over")
    own = {stretch.team_id for past in readings(entity.id, year) for stretch in past}
    fair = champion == entity.id or (kind == "constructors" and champion in own)
    if not fair and claim.value == "reigning" and _secured(claim, history, entity, year + 1):
        fair, year, champion = True, year + 1, entity.id
    reason = f"{history.name(champion)} was champion of {year}."
    return judged(fair, history.name(champion), reason, *_rows(history, entity, [year]))


def _under_way(claim: Question, history: History, year: int) -> bool:
    """Whether races of that season were still to come when the claim was made."""
    last = history.calendar(year)[-1]
    written_later = claim.day is not None and last.date is not None and claim.day >= last.date
    return claim.round is not None and claim.round < last.round and not written_later


def _years(history: History, entity: Entity, until: int) -> list[list[int]]:
    """Seasons that were won up to that one, once for each reading of a team's past."""
    if entity.kind == "driver":
        return [[y for y, who in history.champions.items() if who == entity.id and y <= until]]
    return [
        [
            year
            for year, team in history.team_champions.items()
            if year <= until
            and any(s.team_id == team and s.first <= year <= s.last for s in stretches)
        ]
        for stretches in readings(entity.id, until + 1)
    ]


def _secured(claim: Question, history: History, entity: Entity, year: int) -> bool:
    """Whether the title of that season could no longer be lost when the claim was made."""
    champion = history.champion(year, championship(entity))
    if year not in history.seasons or champion not in (None, entity.id):
        return False
    if claim.round is None:
        return champion == entity.id
    if still_open(history, year, claim.round, entity.id, championship(entity)):
        return False
    try:
        return decided(history, entity, (year, claim.round, "after")).secured
    except RacecraftError:
        return False


def _listed(years: list[int]) -> str:
    return f" ({', '.join(map(str, years))})" if years else ""


def _rows(history: History, entity: Entity, years: list[int]) -> list[dict[str, object]]:
    kind = championship(entity)
    return [
        {"table": "champions", "season": year, "kind": kind, "champion": history.name(who)}
        for year in years
        if (who := history.champion(year, kind) or entity.id)
    ]


def told(value: Any, _: Mapping[str, Any]) -> str:
    """How many titles, or which one.

    >>> told({"season": 1975}, {}), told(1, {}), told("reigning", {})
    ('champion of 1975', '1 title', 'reigning champion')
    """
    match value:
        case {"season": season}:
            return f"champion of {season}"
        case bool() | None | "champion":
            return "champion"
        case int() | float():
            return f"{in_words(value)} title{'' if value == 1 else 's'}"
        case _:
            return f"{value} champion"


TYPE = ClaimType(
    name="titles",
    says="Somebody has won so many titles, or that of a year.",
    about=("driver", "team", "nation"),
    judge=judge,
    value="any",
    units=("titles",),
    details={"kind": "drivers or constructors"},
    words="{value}",
    tell=told,
)
