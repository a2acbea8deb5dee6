"""Whether a place in the championship is safe, open or out of reach, and how much it takes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from racecraft.history.lineage import kin
from racecraft.press.claim import Entity
from racecraft.press.claims.claim_type import ClaimType
from racecraft.press.judging.decided import decided, of_leader
from racecraft.press.judging.look_ups import (
    cannot_tell,
    championship,
    moments,
    standing_of,
    subject,
    when_words,
)
from racecraft.press.judging.tolerance import agrees
from racecraft.press.judging.verdict import judged, unknown

if TYPE_CHECKING:
    from racecraft.history.results import History, Moment
    from racecraft.press.judging.question import Question
    from racecraft.press.judging.verdict import Verdict
    from racecraft.title.clinch import Clinch

RUNS = 10_000
SEED = 2023
HISTORY = 2  # seasons before it that odds look at


def judge(claim: Question, history: History) -> Verdict:
    """Compare with what is proven: ties, sprints and the fastest lap included."""
    entity = subject(claim, 0, "driver", "team")
    moment = next(iter(moments(claim, history)))
    if claim.value == "one-two":
        return _one_two(claim, history, entity, moment)
    answer = decided(history, entity, moment, int(claim.details.get("position") or 1))
    row = {
        "table": "clinch",
        "season": answer.season,
        "after": answer.after,
        "name": answer.name,
        "position": answer.position,
        "points": answer.points,
        "points_available": answer.points_available,
        "secured": answer.secured,
        "possible": answer.possible,
    }
    open_still = answer.possible and not answer.secured
    state = "secured" if answer.secured else "possible" if answer.possible else "impossible"
    match claim.value:
        case "secured" | "clinched":
            return judged(answer.secured, state, _told(answer, history, moment), row)
        case "not secured" | "open":
            return judged(open_still, state, _told(answer, history, moment), row)
        case "possible":
            return judged(answer.possible, state, _told(answer, history, moment), row)
        case "impossible":
            return judged(not answer.possible, state, _told(answer, history, moment), row)
        case "likely":
            return _likely(history, entity, moment, answer, row)
        case "only rival":
            return _only_rival(history, entity, moment)
        case {"left": left}:
            fair = agrees(left, answer.points_available, hedge=claim.hedge)
            reason = f"{answer.points_available:g} points were left to be won by one driver."
            return judged(fair, answer.points_available, reason, row)
        case {"points": points}:
            return _needed(history, entity, moment, answer, float(points))
    raise cannot_tell("what the claim says of the championship cannot be worked out")


def _told(answer: Clinch, history: History, moment: tuple[int, int, Moment]) -> str:
    state = "secured" if answer.secured else "open" if answer.possible else "out of reach"
    where = when_words(history, moment)
    behind = answer.rivals["can_still_pass"] & (answer.rivals["points"] <= answer.points)
    rivals = answer.rivals.filter(behind)["name"].to_list()
    passing = f"; {', '.join(rivals[:3])} could still pass" if rivals and answer.possible else ""
    return (
        f"Place {answer.position} was {state} {where}: {answer.points:g} points, "
        f"{answer.points_available:g} still to be won{passing}."
    )


def _likely(
    history: History,
    entity: Entity,
    moment: tuple[int, int, Moment],
    answer: Clinch,
    row: dict[str, object],
) -> Verdict:
    """All but certain: right if it is safe, wrong if it cannot be; otherwise how likely it is."""
    if answer.secured or not answer.possible:
        return judged(answer.secured, answer.secured, _told(answer, history, moment), row)
    season = history.seasons[answer.season]
    from racecraft.sim.odds import odds

    years = range(answer.season - HISTORY, answer.season)
    before = [history.seasons[year] for year in years if year in history.seasons]
    table = odds(
        season, after=answer.after, history=before, runs=RUNS, seed=SEED, kind=championship(entity)
    )
    who = "driver" if entity.kind == "driver" else "team"
    places = table.filter(table[who] == answer.name)["places"].item()
    chance = float(sum(places[: answer.position]))
    reason = f"{_told(answer, history, moment)} In {chance:.0%} of simulated seasons it held."
    return unknown(reason, found=round(chance, 3))


def _one_two(
    claim: Question, history: History, team: Entity, moment: tuple[int, int, Moment]
) -> Verdict:
    """Both drivers of a team in front of the championship: what is least certain of it."""
    mine = kin(team.id, moment[0])
    drove = {
        row.driver_id
        for row in history.results(claim.season or 0, claim.round or 0)
        if row.team_id in mine
    }
    rows = history.standings(moment[0], moment[1], when=moment[2])
    pair = [row.id for row in rows if row.id in drove][:2]
    if len(pair) < 2:
        raise cannot_tell(f"{team.name} did not have two drivers there")
    found = [
        judge(
            replace(
                claim,
                subjects=(Entity("driver", who, history.name(who)),),
                value="likely",
                details={**claim.details, "position": n},
            ),
            history,
        )
        for n, who in enumerate(pair, start=1)
    ]
    order = ("contradicted", "uncheckable", "supported")
    return min(found, key=lambda each: order.index(each.verdict))


def _only_rival(history: History, entity: Entity, moment: tuple[int, int, Moment]) -> Verdict:
    """Whether nobody but him could still pass the leader."""
    season, round_, when = moment
    kind = championship(entity)
    leader = history.standings(season, round_, kind=kind, when=when)[0]
    answer = of_leader(history, moment, kind)
    rivals = answer.rivals.filter(answer.rivals["can_still_pass"])["name"].to_list()
    mine = (
        history.code(season, entity.id)
        if kind == "drivers"
        else history.team_name(season, entity.id)
    )
    reason = f"{', '.join(rivals) or 'Nobody'} could still pass {history.name(leader.id)}."
    row = {"table": "rivals", "season": season, "after": answer.after, "rivals": rivals}
    return judged(rivals == [mine], rivals, reason, row)


def _needed(
    history: History,
    entity: Entity,
    moment: tuple[int, int, Moment],
    answer: Clinch,
    points: float,
) -> Verdict:
    """Points that make it safe against the best rival, who takes all there is to take."""
    season, round_, when = moment
    rows = history.standings(season, round_, kind=championship(entity), when=when)
    mine = standing_of(history, entity, moment)
    best = max(row.points for row in rows if row.id != mine.id)
    short = best + answer.points_available - mine.points
    fair = points in (short, short + 1)
    reason = (
        f"{entity.name} led by {mine.points - best:g} points {when_words(history, moment)} with "
        f"{answer.points_available:g} to be won: {max(short, 0):g} more make it level."
    )
    row = {"table": "standings", "season": season, "round": round_, "points": mine.points}
    return judged(fair, max(short, 0.0), reason, row)


TYPE = ClaimType(
    name="title_math",
    says="A place in the championship is safe, open or out of reach.",
    about=("driver", "team", "season"),
    judge=judge,
    value="any",
    details={"position": "which place"},
    words="place in the championship {value}",
)
