"""Which team somebody drove for, and who were team-mates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.history.lineage import kin
from racecraft.press.claim import Entity
from racecraft.press.claims.claim_type import ClaimType
from racecraft.press.judging.look_ups import cannot_tell, other, season_of, subject
from racecraft.press.judging.verdict import judged

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.history.rows import Result
    from racecraft.press.judging.question import Question
    from racecraft.press.judging.verdict import Verdict


def judge(claim: Question, history: History) -> Verdict:
    """Compare with the entry for that race; where none is named, with those of the season."""
    driver = subject(claim, 0, "driver")
    former = bool(claim.details.get("former"))
    rows = _before(claim, history, driver) if former else _entries(claim, history, driver)
    team: Entity | None = claim.details.get("team")
    if isinstance(claim.value, Entity):
        team = claim.value
    mate = other(claim)
    if team is None and mate is not None and mate.kind == "team":
        team = mate
    if team is not None:
        return _drove_for(rows, history, driver, team)
    if mate is None:
        raise cannot_tell("the claim does not name a team")
    theirs = _entries(claim, history, mate)
    pairs = [(one, two) for one in rows for two in theirs if one.key == two.key]
    mates = [(one, two) for one, two in pairs if one.team_id == two.team_id]
    one, two = (mates or pairs or [(rows[-1], theirs[-1])])[0]
    reason = (
        f"{driver.name} and {mate.name} both drove for {one.team}."
        if mates
        else f"{driver.name} drove for {one.team}, {mate.name} for {two.team}."
    )
    return judged(bool(mates), one.team, reason, one.evidence("team"), two.evidence("team"))


def _drove_for(rows: tuple[Result, ...], history: History, driver: Entity, team: Entity) -> Verdict:
    fair = [row for row in rows if row.team_id in kin(team.id, row.season)]
    told = fair[0] if fair else rows[0]
    event = history.event(*told.key)
    reason = f"{driver.name} drove for {told.team} in the {event.full_name if event else 'race'}."
    return judged(bool(fair), told.team, reason, told.evidence("team"))


def _before(claim: Question, history: History, driver: Entity) -> tuple[Result, ...]:
    """Entries of a driver up to the event, the latest first."""
    until = (season_of(claim, history), claim.round or 0)
    rows = [row for row in history.of_driver.get(driver.id, ()) if row.key <= until]
    if not rows or history.complete_since > min(history.drivers[driver.id].codes):
        raise cannot_tell(f"not every season of {driver.name} is stored")
    return tuple(reversed(rows))


def _entries(claim: Question, history: History, driver: Entity) -> tuple[Result, ...]:
    """Entries of a driver at the event, or in the season where he took no part in it."""
    year = season_of(claim, history)
    rows = [row for row in history.of_driver.get(driver.id, ()) if row.season == year]
    at_event = [row for row in rows if row.round == claim.round]
    if not rows:
        raise cannot_tell(f"{driver.name} took no part in any race of {year}")
    return tuple(at_event or rows)


TYPE = ClaimType(
    name="team",
    says="Somebody drove for a team, or two were team-mates.",
    about=("driver",),
    judge=judge,
    value="word",
    details={"team": "the team", "former": "in the past", "other": "the team-mate"},
    words="{value}",
)
