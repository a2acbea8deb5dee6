"""Why somebody retired."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.model.folding import fold
from racecraft.press.claims.claim_type import ClaimType
from racecraft.press.judging.look_ups import cannot_tell, results_of, subject
from racecraft.press.judging.verdict import judged
from racecraft.press.wording import did

if TYPE_CHECKING:
    from racecraft.history.results import History
    from racecraft.press.judging.question import Question
    from racecraft.press.judging.verdict import Verdict

# What the results call the causes that articles name. A cause is one of a family: what broke may
# be told more or less closely.
_WORDS = {
    "engine": """engine, power, oil, water, power unit, turbo, oil pressure, oil leak, oil line,
        water leak, water pressure, water pump, ers, overheating, fuel pressure, fuel pump,
        fuel system, exhaust, cooling system, radiator, electrical, electronics, battery,
        spark plugs, pneumatics, throttle, power loss, ignition, injection""",
    "crash": """accident, collision, collision damage, spun off, damage, debris, front wing,
        rear wing, undertray, suspension, steering, fatal accident""",
    "gears": "gearbox, transmission, clutch, driveshaft, differential, halfshaft, hydraulics",
    "hydraulics": "hydraulics, brakes, gearbox",
    "brakes": "brakes, brake, wheel, overheating",
    "wheels": "tyre, puncture, wheel, wheel nut, wheel rim, wheel bearing",
    "chassis": "suspension, steering, chassis, handling, vibrations",
    "fuel": "fuel, out of fuel, fuel system, fuel pressure, fuel pump, fuel leak",
}
FAMILIES = {
    name: frozenset(word.strip() for word in words.split(",")) for name, words in _WORDS.items()
}
CRASH = FAMILIES["crash"]
VAGUE = ("retired", "withdrew", "mechanical", "technical", "not classified", "")
CRASHED = ("accident", "collision", "crash", "spun off", "spin")


def judge(claim: Question, history: History) -> Verdict:
    """Compare the kinds of causes: sources name the same failure in different words."""
    row = results_of(claim, history, subject(claim, 0, "driver", "team"))[0]
    status, wanted = fold(row.status), fold(str(claim.value))
    if row.finished:
        return judged(False, row.status, f"{did(row, history)}.", row)
    fair = (
        wanted in status
        or status in wanted
        or (wanted in ("mechanical", "technical") and status not in CRASH)
        or any(wanted in each and status in each for each in FAMILIES.values())
        or (wanted in CRASHED and status in CRASH)
    )
    if not fair and (status in VAGUE or _both_broke(wanted, status)):
        raise cannot_tell(f"the results say {row.status!r}; causes differ between sources")
    return judged(fair, row.status, f"{did(row, history)}.", row)


def _both_broke(wanted: str, status: str) -> bool:
    """Whether both say that the car failed by itself: which part it was is often disputed."""
    return wanted not in CRASH and wanted not in CRASHED and status not in CRASH


TYPE = ClaimType(
    name="retirement_reason",
    says="Why somebody retired.",
    about=("driver", "team"),
    judge=judge,
    value="word",
    words="retired ({value})",
)
