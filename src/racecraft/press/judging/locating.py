"""Which race is an article about? Decided by how many independent statements fit, and said so."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from math import inf
from typing import TYPE_CHECKING

from racecraft.press.judging.ambiguity import meanings
from racecraft.press.judging.judge import verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from racecraft.press.claim import Claim, Reading
    from racecraft.press.judging.ambiguity import Setting

Key = tuple[int, int]
MOST = 66  # events that are tried with what one result tells
CLOSEST = 6  # of those, tried with championships and careers as well
FIT = 0.7  # weight of a statement that fits, in the weights of clues
DOUBTFUL = 1.5  # lead over the runner-up below which the event is in doubt
DOUBTFUL_ALONE = 0.8  # where all statements fit the event, and none the runner-up
SEVERAL = 2  # statements more that another table has to make true
OF_THE_TABLE = frozenset(("points_total", "points_gap", "standings_position"))
ROUNDING = 1e-9  # of sums of weights
AGAINST = 0.8  # weight of a statement that does not fit, beside one that does
NAMED = 1.0  # weight of an event that many claims name
# Types that a championship or a career has to be added up for.
SLOW = frozenset(
    (
        "points_total", "points_gap", "standings_position", "season_count", "career_count",
        "title_math",
    )
)  # fmt: skip
# How much it tells when a statement fits: the less likely by chance, the more.
TELLING = {
    "winning_margin": 3.0, "time_gap": 2.5, "points_gap": 2.0, "points_total": 2.0,
    "qualifying_gap": 2.5, "lap_count": 1.5, "race_points": 1.0, "grid_position": 1.0,
    "finish_position": 1.0, "qualifying_position": 1.0, "standings_position": 0.7,
    "relative_order": 0.5, "podium": 0.5, "fastest_lap": 1.0, "retirement": 0.7,
    "sprint_position": 1.0, "grid_row": 0.5, "date": 1.0, "season_count": 1.0, "career_count": 1.5,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Located:
    """The event that an article is taken to be about, why, and what else it may be.

    ``reasons`` are what speaks for it, the strongest first; ``sure`` is false where the runner-up
    is close, little speaks for either, or nothing of what is stated fits.
    """

    event: Key | None
    reasons: tuple[str, ...] = ()
    runner_up: Key | None = None
    sure: bool = False
    fits: int = 0


def locate(reading: Reading, setting: Setting, day: date | None) -> Located:
    """Find the event that the article is about.

    Clues of the text (places, dates, entries) name the candidates; the statements that do not say
    of which race they are decide between them.
    """
    clues = _clues(reading, setting, day)
    if not clues:
        return Located(None)
    floating = [claim for claim in reading.claims if _floats(claim)]
    quick = [claim for claim in floating if claim.claim_type not in SLOW]
    ranked = sorted(clues, key=lambda key: -clues[key][0])[:MOST]
    first = _closest(ranked, clues, quick, setting)
    scored = sorted(
        ((*_score(key, clues, floating, setting), key) for key in first),
        key=lambda each: -each[0],
    )
    best, second = scored[0], scored[1] if len(scored) > 1 else None
    score, good, told, key = best
    why = [*clues[key][1], *([f"{good} of {told} statements fit"] if good else [])]
    lead = score - second[0] if second else score
    alone = second is not None and good == told > 0 == second[1] and second[2] > 0
    sure = lead >= (DOUBTFUL_ALONE if alone else DOUBTFUL) and (good > 0 or not told)
    return Located(key, tuple(why), second[3] if second else None, sure, good)


def table_of(reading: Reading, setting: Setting) -> Key | None:
    """Race after which the standings of an article are, where its own race does not fit them.

    An article may tell of one race, and of the table as it stood some weeks later, or before it:
    another round is taken if it makes at least two more statements true than the article's own.
    """
    if setting.event is None:
        return None
    claims = [c for c in reading.claims if _floats(c) and c.claim_type in OF_THE_TABLE]
    season, own = setting.event
    fits = {
        each.round: sum(
            good is True for _, good in _fits(claims, replace(setting, event=each.key), most=1)
        )
        for each in (setting.history.calendar(season) if len(claims) >= SEVERAL else ())
        if each.round >= own - 1 and setting.history.has_results(*each.key)
    }
    best = max(fits, key=lambda round_: (fits[round_], -round_), default=own)
    if best == own or fits[best] < fits.get(own, 0) + SEVERAL:
        return None
    return season, best


def _closest(
    ranked: Sequence[Key],
    clues: Mapping[Key, tuple[float, list[str]]],
    claims: Sequence[Claim],
    setting: Setting,
) -> list[Key]:
    """Events that statements fit best; one that can no longer be among them is left at once."""
    scores: dict[Key, float] = {}
    for key in ranked:
        best = sorted(scores.values(), reverse=True)[:CLOSEST]
        floor = best[-1] if len(best) == CLOSEST else -inf
        scores[key] = _score(key, clues, claims, setting, floor)[0]
    return sorted(ranked, key=lambda key: -scores[key])[:CLOSEST]


def _score(
    key: Key,
    clues: Mapping[Key, tuple[float, list[str]]],
    claims: Sequence[Claim],
    setting: Setting,
    floor: float = -inf,
) -> tuple[float, int, int]:
    """What speaks for an event: clues and statements together, how many fit, how many there are.

    Where all that is left to ask cannot lift it to `floor`, the rest is not asked.
    """
    latest = setting.history.latest(setting.day) if setting.day else None
    table = latest.key if latest and latest.key > key and latest.season == key[0] else None
    fit, left = 0.0, sum(TELLING[claim.claim_type] * FIT for claim in claims)
    good, told = 0, 0
    for claim, fits in _fits(claims, replace(setting, event=key, table=table)):
        most = TELLING[claim.claim_type] * FIT
        left -= most
        if fits is not None:
            fit += most if fits else -most * AGAINST
            good, told = good + fits, told + 1
        if clues[key][0] + fit + left < floor - ROUNDING:
            break
    return clues[key][0] + fit, good, told


def _clues(
    reading: Reading, setting: Setting, day: date | None
) -> dict[Key, tuple[float, list[str]]]:
    """Candidates with their weight and reasons, from the words of the article alone."""
    found: dict[Key, tuple[float, list[str]]] = {}

    def add(key: Key, weight: float, reason: str) -> None:
        had, reasons = found.get(key, (0.0, []))
        found[key] = (had + weight, [*reasons, reason])

    for clue in reading.clues:
        add((clue.season, clue.round), clue.weight, clue.reason)
    named = Counter(
        claim.scope.event.value.key for claim in reading.claims if claim.scope.event.value.key
    )
    for key, times in named.most_common(3):
        if key is not None and times > 1:
            share = times / max(1, len(reading.claims))
            add(key, NAMED + 3 * share, f"{times} statements name it")
    if day and not reading.clues and (latest := setting.history.latest(day)):
        add(latest.key, 0.5, f"the last race before {day.isoformat()}")
    return found


def _floats(claim: Claim) -> bool:
    """Whether a claim says something of the article's own race, without saying which that is."""
    ref, season = claim.scope.event.value, claim.scope.season
    unsaid = season.value == 0 or season.bound == "assumed"
    floats = ref.step == 0 or (ref.key is None and bool(ref.name) and unsaid)
    telling = claim.claim_type in TELLING and claim.value != "weekday"
    return floats and telling and claim.modality == "fact" and not claim.features.get("rest")


def _fits(
    claims: Sequence[Claim], setting: Setting, most: int = 3
) -> Iterator[tuple[Claim, bool | None]]:
    """Each claim, and whether it fits; None of one that was there before or cannot be decided.

    It fits if it is true in one of its likeliest meanings, of which so many are tried at most.
    """
    seen = set()
    for claim in claims:
        found = meanings(claim, setting)
        question = found[0].question if found else None
        key = question and (question.claim_type, question.subjects, str(question.value))
        if key is None or key in seen:
            yield claim, None
            continue
        seen.add(key)
        told = (verdict(each.question, setting.history).verdict for each in found[:most])
        first = next(told)
        decided = first in ("supported", "contradicted")
        yield claim, (first == "supported" or "supported" in told) if decided else None
