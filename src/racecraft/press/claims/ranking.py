"""Who has done something most often, who was the youngest, who was the nth to do it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.history.careers import FIRST_SEASON, Past, done, of_nation, ranked, venues
from racecraft.press.claims.claim_type import ClaimType
from racecraft.press.judging.counts import told, until_of
from racecraft.press.judging.look_ups import cannot_tell, subject
from racecraft.press.judging.verdict import judged
from racecraft.press.wording import ordinal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from racecraft.history.careers import Key
    from racecraft.history.results import History
    from racecraft.history.rows import Result
    from racecraft.press.claim import Entity
    from racecraft.press.judging.question import Question
    from racecraft.press.judging.verdict import Verdict

SHOWN = 3


def judge(claim: Question, history: History) -> Verdict:
    """Compare with everybody up to the event; sharing a place is fair."""
    if history.complete_since > FIRST_SEASON and not claim.details.get("season"):
        raise cannot_tell(
            f"seasons before {history.complete_since} are not stored",
            f"racecraft data add jolpica {history.complete_since - 1}, and back to {FIRST_SEASON}",
        )
    order = claim.details.get("order")
    if order in ("youngest", "oldest"):
        return _by_age(claim, history, youngest=order == "youngest")
    if order == "nth to":
        return _nth(claim, history)
    if order != "most":
        raise cannot_tell("the claim does not say what is ranked")
    if claim.unit == "titles":
        return _titles(claim, history)
    return _most(claim, history)


def _most(claim: Question, history: History) -> Verdict:
    entity = subject(claim, 0, "driver", "team")
    until = until_of(claim, history)
    table = _table(claim, history, entity, until)
    mine = dict(table).get(entity.id, 0)
    return _placed(claim, history, entity, table, mine, told(history, until))


def _table(claim: Question, history: History, entity: Entity, until: Key) -> list[tuple[str, int]]:
    unit = claim.unit or "wins"
    rounds: frozenset[Key] | None = None
    if place := claim.details.get("place"):
        rounds = venues(history, None if place is True else place, until)[-1]
    elif season := claim.details.get("season"):
        rounds = frozenset(each.key for each in history.calendar(int(season)))
    if entity.kind == "team":
        return _teams(history, unit, until, rounds)
    table = ranked(history, unit, until, rounds=rounds)
    if lacking := claim.details.get("without"):
        barred = {who for who, _ in ranked(history, lacking, until, rounds=rounds)}
        table = [row for row in table if row[0] not in barred]
    if nation := claim.details.get("nation"):
        people = of_nation(history, nation.id)
        table = [row for row in table if row[0] in people]
    return table


def _teams(
    history: History, unit: str, until: Key, rounds: frozenset[Key] | None
) -> list[tuple[str, int]]:
    counts = []
    for team_id, rows in history.of_team.items():
        past = Past(rows).since(last=until)
        past = past if rounds is None else past.at(rounds)
        if number := len(done(past, unit, history)):
            counts.append((team_id, number))
    return sorted(counts, key=lambda each: -each[1])


def _placed(
    claim: Question,
    history: History,
    entity: Entity,
    table: list[tuple[str, int]],
    mine: int,
    when: str,
) -> Verdict:
    better = [who for who, count in table if count > mine]
    place_now = len(better) + 1
    asked = claim.value if isinstance(claim.value, int) else claim.details.get("position")
    wanted = int(asked or 1)
    tied = max(sum(count == mine for _, count in table), 1)
    fair = bool(mine) and place_now <= wanted < place_now + tied
    leader, most = (history.name(table[0][0]), table[0][1]) if table else ("nobody", 0)
    reason = (
        f"{entity.name} was {ordinal(place_now)} with {mine} {claim.unit} up to {when}; "
        f"most had {leader} with {most}."
    )
    rows = [
        {"table": "results", "name": history.name(who), "unit": claim.unit, "count": count}
        for who, count in table[:SHOWN]
    ]
    return judged(fair, place_now, reason, *rows)


def _titles(claim: Question, history: History) -> Verdict:
    entity = subject(claim, 0, "driver", "team", "nation")
    year = claim.season or (claim.day.year if claim.day else max(history.seasons))
    last = year if claim.round is None else year - 1
    champions = history.team_champions if entity.kind == "team" else history.champions
    counts: dict[str, int] = {}
    for season, who in champions.items():
        if season <= last:
            counts[who] = counts.get(who, 0) + 1
    if entity.kind == "nation":
        raise cannot_tell("titles of countries are counted one country at a time")
    table = sorted(counts.items(), key=lambda each: -each[1])
    return _placed(claim, history, entity, table, counts.get(entity.id, 0), f"{last}")


def _nth(claim: Question, history: History) -> Verdict:
    """Whether somebody was the nth to win so many titles, or so many races."""
    entity = subject(claim, 0, "driver", "team")
    threshold = int(claim.details.get("threshold") or 1)
    year = claim.season or (claim.day.year if claim.day else max(history.seasons))
    if claim.unit == "titles":
        champions = history.team_champions if entity.kind == "team" else history.champions
        won = [who for season, who in champions.items() if season <= year]
        reached = {who for who in won if won.count(who) >= threshold} | {entity.id}
    else:
        until = until_of(claim, history)
        table = _table(claim, history, entity, until)
        reached = {who for who, count in table if count >= threshold}
    fair = entity.id in reached and len(reached) == claim.value
    names = ", ".join(sorted(map(history.name, reached)))
    reason = f"{len(reached)} had reached {threshold} {claim.unit} by then: {names}."
    return judged(fair, len(reached), reason)


def _by_age(claim: Question, history: History, *, youngest: bool) -> Verdict:
    """Whether nobody who did so up to the event was younger, or older, on that day."""
    entity = subject(claim, 0, "driver")
    until = until_of(claim, history)
    unit = claim.unit or "starts"
    people = None
    if nation := claim.details.get("nation"):
        people = of_nation(history, nation.id)
    ages = []
    for driver_id, deeds in _deeds(unit, until, history):
        born = history.drivers[driver_id].date_of_birth
        if born is None or not deeds or (people is not None and driver_id not in people):
            continue
        first, last = _age(history, deeds[0], born), _age(history, deeds[-1], born)
        ages.append((first if youngest else -last, driver_id, deeds[0 if youngest else -1]))
    if not ages:
        raise cannot_tell(f"nobody is known with {unit}")
    ages.sort(key=lambda each: each[0])
    place = next((n for n, (_, who, _) in enumerate(ages, 1) if who == entity.id), None)
    wanted = claim.value if isinstance(claim.value, int) else 1
    best = ages[0]
    word = "youngest" if youngest else "oldest"
    years = abs(best[0]) / 365.25
    reason = f"The {word} with {unit} was {history.name(best[1])}, {years:.1f} years old."
    return judged(place == wanted, place, reason, best[2])


def _deeds(
    unit: str, until: Key, history: History
) -> Iterator[tuple[str, Sequence[Result]]]:  # fmt: skip
    """Everybody with the races in which it was done; of titles the last one of each season won."""
    champions: dict[str, list[Result]] = {}
    if unit == "titles":
        champions = {who: [] for who in history.champions.values()}
    for season, who in history.champions.items() if champions else ():
        if season <= until[0]:
            rows = history.of_driver.get(who, ())
            champions[who] += [row for row in rows if row.season == season][-1:]
    if champions:
        yield from champions.items()
        return
    for driver_id, rows in history.of_driver.items():
        yield driver_id, done(Past(rows).since(last=until), unit, history)


def _age(history: History, row: Result, born: date) -> int:
    event = history.event(*row.key)
    return (event.date - born).days if event and event.date else 0


TYPE = ClaimType(
    name="ranking",
    says="Somebody has done it most often, was the youngest, or the nth to do it.",
    about=("driver", "team", "nation"),
    judge=judge,
    value="any",
    units=("wins", "podiums", "poles", "starts", "titles", "points finishes"),
    details={
        "order": "most, youngest, oldest or nth to",
        "threshold": "of how many the nth was the nth to do so",
        "position": "the place among all of them",
        "place": "at that venue alone",
        "season": "in that season alone",
        "nation": "among the people of that country",
        "without": "among those who have none of these",
    },
    words="ranking: {value}",
)
