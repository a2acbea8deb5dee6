"""How many laps of a race somebody led."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.press.claims.claim_type import ClaimType
from racecraft.press.judging.look_ups import cannot_tell, run_event, subject, timing_of
from racecraft.press.judging.tolerance import ALMOST, agrees_with
from racecraft.press.judging.verdict import judged

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.press.judging.question import Question
    from racecraft.press.judging.verdict import Verdict


def judge(claim: Question, history: History) -> Verdict:
    """Compare with the laps at the end of which he was first."""
    from racecraft.analysis.order.gaps import order

    entity = subject(claim, 0, "driver")
    event = run_event(claim, history)
    race = timing_of(event, history, claim.session)
    code = history.code(event.season, entity.id)
    total = event.laps or int(str(race.crossings["lap"].max() or 0))
    ends = range(1, total + 1)
    leaders = [order(race, lap=lap)["car"].to_list()[:1] for lap in ends]
    led = sum(leader == [code] for leader in leaders)
    reason = f"{entity.name} led {led} of {total} laps of the {event.full_name}."
    row = {"table": "order", "driver": code, "laps_led": led, "laps": total}
    match claim.value:
        case True:
            fair = led > 0
        case int() | float():
            fair = agrees_with(claim, led)
        case "all":
            fair = led == total
        case "almost all":
            fair = led >= ALMOST * total
        case "most":
            fair = led > total / 2
        case _:
            raise cannot_tell("the claim does not say how many laps")
    return judged(fair, led, reason, row)


TYPE = ClaimType(
    name="laps_led",
    says="Somebody led so many laps of a race.",
    about=("driver",),
    judge=judge,
    value="any",
    units=("laps",),
    words="led {value} laps",
)
