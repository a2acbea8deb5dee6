"""Which country somebody comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.history.nations import country, people, same_country
from racecraft.press.claims.claim_type import ClaimType
from racecraft.press.judging.look_ups import cannot_tell, subject
from racecraft.press.judging.verdict import judged

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.press.judging.question import Question
    from racecraft.press.judging.verdict import Verdict


def judge(claim: Question, history: History) -> Verdict:
    """Compare with the nationality that a driver or a team races under."""
    entity = subject(claim, 0, "driver", "team")
    person = history.drivers.get(entity.id) or history.teams.get(entity.id)
    claimed = str(getattr(claim.value, "id", claim.value))
    if person is None or not person.nationality:
        raise cannot_tell(f"the nationality of {entity.name} is not known")
    if country(claimed) is None:
        raise cannot_tell(f"{claimed} is no country that is known here")
    nation = person.nationality
    table = "teams" if entity.kind == "team" else "drivers"
    row = {"table": table, "name": person.name, "nationality": nation}
    return judged(same_country(nation, claimed), nation, f"{person.name} is {nation}.", row)


TYPE = ClaimType(
    name="nationality",
    says="Somebody comes from that country.",
    about=("driver", "team"),
    judge=judge,
    value="word",
    words="{value}",
    tell=lambda value, _: people(str(getattr(value, "id", value))),
)
