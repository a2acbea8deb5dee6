"""Whether somebody has become faster or slower since a race."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.analysis.form.form import form
from racecraft.errors import NotEnoughDataError, NotFoundError
from racecraft.press_old.asked import cannot_tell, season_of, subject
from racecraft.press_old.verdict import judged, unknown

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.press_old.claim import Claim, Verdict

SLOWER = ("declined", "worse", "slower")


def check(claim: Claim, record: History) -> Verdict:
    """Compare the pace before with the pace since; what chance may have done is left open."""
    entity = subject(claim, 0, "driver")
    year = season_of(claim, record)
    code = record.code(year, entity.id)
    since = claim.scope.get("since")
    if code is None or since is None:
        raise cannot_tell("the claim does not say since when")
    first = int(since.id.partition("-")[2]) if hasattr(since, "id") else int(since[1])
    last = claim.round or record.calendar(year)[-1].round
    races = [
        race
        for event in record.calendar(year)
        if event.round <= last and (race := record.race(*event.key)) is not None
    ]
    try:
        told = form(record.seasons[year], code, races=races, since=first, until=last).since
    except (NotEnoughDataError, NotFoundError) as error:
        raise cannot_tell(str(error)) from error
    if told is None:
        raise cannot_tell(f"too few dry rounds tell how fast {entity.name} was")
    rows = [{"table": "form_since", "driver": code, **row} for row in told.measures.to_dicts()]
    sure = [row for row in rows if row["verdict"] in ("faster", "slower")]
    if not sure:
        changes = [row["change_pct"] for row in rows if row["change_pct"] is not None]
        return unknown(told.sentence, *rows, found=changes[0] if changes else None)
    wanted = "slower" if claim.value in SLOWER else "faster"
    fair = all(row["verdict"] == wanted for row in sure)
    return judged(fair, sure[0]["change_pct"], told.sentence, *rows)
