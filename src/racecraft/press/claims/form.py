"""Whether somebody has become faster or slower since a race."""

from __future__ import annotations

from math import hypot
from typing import TYPE_CHECKING, NamedTuple

from racecraft.analysis.form import form
from racecraft.press.asked import cannot_tell, season_of, subject
from racecraft.press.verdict import judged, unknown

if TYPE_CHECKING:
    import polars as pl

    from racecraft.press.claim import Claim, Verdict
    from racecraft.press.record import Record

SURE = 2.0  # standard errors by which a change must exceed chance


class Change(NamedTuple):
    """Percent of a lap lost to the field since a race, less what was lost before; its error."""

    measure: str
    change_pct: float
    error_pct: float


def check(claim: Claim, record: Record) -> Verdict:
    """Compare the pace before with the pace since; what chance may have done is left open."""
    entity = subject(claim, 0, "driver")
    year = season_of(claim, record)
    code = record.code(year, entity.id)
    since = claim.scope.get("since")
    if code is None or since is None:
        raise cannot_tell("the claim does not say since when")
    first = int(since.id.partition("-")[2]) if hasattr(since, "id") else int(since[1])
    last = claim.round or 999
    races = [
        race
        for event in record.calendar(year)
        if event.round <= last and (race := record.race(*event.key)) is not None
    ]
    rounds = form(record.seasons[year], code, races=races).rounds
    changes = [
        change
        for measure in ("quali", "race")
        if (change := _change(rounds.filter(rounds["round"] <= last), measure, first))
    ]
    if not changes:
        raise cannot_tell(f"too few dry rounds tell how fast {entity.name} was")
    told = ", ".join(
        f"{abs(each.change_pct):.2f} ± {each.error_pct:.2f} % "
        f"{'faster' if each.change_pct < 0 else 'slower'} in {each.measure}"
        for each in changes
    )
    reason = f"Against the field, {entity.name} was {told} since round {first} than before."
    rows = [{"table": "form", "driver": code, "since": first, **each._asdict()} for each in changes]
    sign = 1 if claim.value in ("declined", "worse", "slower") else -1
    sure = [each for each in changes if abs(each.change_pct) > SURE * each.error_pct]
    if not sure:
        return unknown(f"{reason} That may be chance.", found=changes[0].change_pct)
    fair = all(each.change_pct * sign > 0 for each in sure)
    return judged(fair, sure[0].change_pct, reason, *rows)


def _change(rounds: pl.DataFrame, measure: str, first: int) -> Change | None:
    column = f"{measure}_pct"
    dry = rounds.filter(rounds[column].is_not_null())
    before = dry.filter(dry["round"] < first)[column].to_numpy()
    since = dry.filter(dry["round"] >= first)[column].to_numpy()
    if len(before) < 3 or len(since) < 2:
        return None
    spread = float(before.std(ddof=1))
    error = hypot(spread / len(before) ** 0.5, spread / len(since) ** 0.5)
    return Change(measure, float(since.mean() - before.mean()), error)
