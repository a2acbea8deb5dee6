"""World titles of drivers and teams: how many, of which year, the reigning champion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.errors import RacecraftError
from racecraft.history.careers import whole
from racecraft.history.lineage import readings
from racecraft.press_old.agree import agrees_with
from racecraft.press_old.asked import cannot_tell, championship, season_of, subject
from racecraft.press_old.decided import decided
from racecraft.press_old.verdict import judged

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.press_old.claim import Claim, Entity, Verdict


def check(claim: Claim, record: History) -> Verdict:
    """Compare with the champions of the seasons before, and with a title secured by then."""
    entity = subject(claim, 0, "driver", "team")
    if claim.value == "reigning":
        return _of_year(claim, record, entity, season_of(claim, record) - 1)
    if isinstance(claim.value, dict):
        return _of_year(claim, record, entity, int(claim.value.get("season") or 0))
    return _number(claim, record, entity)


def _number(claim: Claim, record: History, entity: Entity) -> Verdict:
    year = claim.season or (claim.day.year if claim.day else max(record.seasons, default=0))
    whole(record, entity)
    held = _years(record, entity, year - 1)
    counts = [len(years) for years in held]
    now = _secured(claim, record, entity, year)
    if now:
        counts += [len(years) + 1 for years in held]
    fair = [count for count in counts if agrees_with(claim, count)]
    found = (fair or counts[-1:])[0]
    years = [*max(held, key=len), *([year] if now and found > len(max(held, key=len)) else [])]
    reason = f"{entity.name} had won {found} titles by then{_listed(years)}."
    return judged(bool(fair), found, reason, *_rows(record, entity, years))


def _of_year(claim: Claim, record: History, entity: Entity, year: int) -> Verdict:
    if year not in record.seasons:
        raise cannot_tell(f"the season {year} is not stored", f"racecraft data add jolpica {year}")
    kind = championship(entity)
    champion = record.champion(year, kind)
    if year == claim.season and _under_way(claim, record, year):
        if _secured(claim, record, entity, year):
            champion = entity.id
        elif champion in (None, entity.id):
            reason = f"The championship of {year} was not decided by then."
            return judged(False, None, reason, *_rows(record, entity, [year]))
    if champion is None:
        raise cannot_tell(f"the championship of {year} was not over")
    own = {stretch.team_id for past in readings(entity.id, year) for stretch in past}
    fair = champion == entity.id or (kind == "constructors" and champion in own)
    if not fair and claim.value == "reigning" and _secured(claim, record, entity, year + 1):
        fair, year, champion = True, year + 1, entity.id
    reason = f"{record.name(champion)} was champion of {year}."
    return judged(fair, record.name(champion), reason, *_rows(record, entity, [year]))


def _under_way(claim: Claim, record: History, year: int) -> bool:
    """Whether races of that season were still to come when the claim was made."""
    last = record.calendar(year)[-1]
    written_later = claim.day is not None and last.date is not None and claim.day >= last.date
    return claim.round is not None and claim.round < last.round and not written_later


def _years(record: History, entity: Entity, until: int) -> list[list[int]]:
    """Seasons that were won up to that one, once for each reading of a team's past."""
    if entity.kind == "driver":
        return [[y for y, who in record.champions.items() if who == entity.id and y <= until]]
    return [
        [
            year
            for year, team in record.team_champions.items()
            if year <= until
            and any(s.team_id == team and s.first <= year <= s.last for s in stretches)
        ]
        for stretches in readings(entity.id, until + 1)
    ]


def _secured(claim: Claim, record: History, entity: Entity, year: int) -> bool:
    """Whether the title of that season could no longer be lost when the claim was made."""
    champion = record.champion(year, championship(entity))
    if year not in record.seasons or champion not in (None, entity.id):
        return False
    if claim.round is None:
        return champion == entity.id
    try:
        return decided(record, entity, (year, claim.round, "after")).secured
    except RacecraftError:
        return False


def _listed(years: list[int]) -> str:
    return f" ({', '.join(map(str, years))})" if years else ""


def _rows(record: History, entity: Entity, years: list[int]) -> list[dict[str, object]]:
    kind = championship(entity)
    return [
        {"table": "champions", "season": year, "kind": kind, "champion": record.name(who)}
        for year in years
        if (who := record.champion(year, kind) or entity.id)
    ]
