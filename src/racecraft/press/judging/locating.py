"""Which race is an article about? Decided by how many independent statements fit, and said so."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from racecraft.press.judging.ambiguity import meanings
from racecraft.press.judging.judge import verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from racecraft.press.claim import Claim, Reading
    from racecraft.press.judging.ambiguity import Setting

Key = tuple[int, int]
MOST = 16  # events that are tried
FEW = 3  # seasons of which every round is tried where statements decide
WHOLE_SEASON = 1.0  # how far below the best clue of a season its other rounds begin
DOUBTFUL = 1.5  # lead over the runner-up below which the event is in doubt
AGAINST = 0.5  # weight of a statement that does not fit, beside one that does
NAMED = 1.0  # weight of an event that many claims name
# How much it tells when a statement fits: the less likely by chance, the more.
TELLING = {
    "winning_margin": 3.0, "time_gap": 2.5, "points_gap": 2.0, "points_total": 2.0,
    "qualifying_gap": 2.5, "lap_count": 1.5, "race_points": 1.0, "grid_position": 1.0,
    "finish_position": 1.0, "qualifying_position": 1.0, "standings_position": 0.7,
    "relative_order": 0.5, "podium": 0.5, "fastest_lap": 1.0, "circuit": 1.0, "retirement": 0.7,
    "sprint_position": 1.0, "grid_row": 0.5, "date": 1.0, "season_count": 1.0, "career_count": 1.5,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Located:
    """The event that an article is taken to be about, why, and what else it may be.

    ``reasons`` are what speaks for it, the strongest first; ``sure`` is false where the runner-up
    is close or little speaks for either.
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
    scored = []
    ranked = sorted(clues.items(), key=lambda each: -each[1][0])[:MOST]
    for key, (weight, reasons) in ranked:
        told = list(_fits(floating, replace(setting, event=key)))
        fit = sum(TELLING[kind] * (1.0 if good else -AGAINST) for kind, good in told)
        good = sum(good for _, good in told)
        why = [*reasons, *([f"{good} of {len(told)} statements fit"] if told else [])]
        scored.append((weight + fit, key, tuple(why), good))
    scored.sort(key=lambda each: -each[0])
    best, second = scored[0], scored[1] if len(scored) > 1 else None
    lead = best[0] - second[0] if second else best[0]
    return Located(best[1], best[2], second[1] if second else None, lead >= DOUBTFUL, best[3])


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
    ref = claim.scope.event.value
    return ref.step == 0 and claim.claim_type in TELLING and claim.modality == "fact"


def _fits(claims: Sequence[Claim], setting: Setting) -> Iterator[tuple[str, bool]]:
    """For each distinct claim that the data can decide there: its type, and whether it fits."""
    seen = set()
    for claim in claims:
        found = meanings(claim, setting)
        if not found:
            continue
        question = found[0].question
        key = (question.claim_type, question.subjects, str(question.value))
        if key in seen:
            continue
        seen.add(key)
        told = [verdict(each.question, setting.history).verdict for each in found[:3]]
        if told[0] in ("supported", "contradicted"):
            yield claim.claim_type, "supported" in told
