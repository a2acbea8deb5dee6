"""Whether somebody has become faster or slower since a race."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.errors import NotEnoughDataError, NotFoundError
from racecraft.press.claims.claim_type import ClaimType
from racecraft.press.judging.look_ups import cannot_tell, season_of, subject
from racecraft.press.judging.verdict import judged, unknown

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.press.judging.question import Question
    from racecraft.press.judging.verdict import Verdict

SLOWER = ("declined", "worse", "slower")


def judge(claim: Question, history: History) -> Verdict:
    """Compare the pace before with the pace since; what chance may have done is left open."""
    from racecraft.analysis.form.form import form

    entity = subject(claim, 0, "driver")
    year = season_of(claim, history)
    code = history.code(year, entity.id)
    since = claim.details.get("since")
    if code is None or since is None:
        raise cannot_tell("the claim does not say since when")
    first = int(since.id.partition("-")[2]) if hasattr(since, "id") else int(since[1])
    last = claim.round or history.calendar(year)[-1].round
    races = [
        race
        for event in history.calendar(year)
        if event.round <= last and (race := history.race(*event.key)) is not None
    ]
    try:
        told = form(history.seasons[year], code, races=races, since=first, until=last).since
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


TYPE = ClaimType(
    name="form",
    says="Somebody has become faster or slower since a race.",
    about=("driver",),
    judge=judge,
    value="word",
    details={"since": "the first race since"},
    words="form: {value}",
)
