"""Why a claim that is false as it was read may have been read wrongly: what it would be true of."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from racecraft.press.judging.judge import verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from racecraft.press.claim import Entity, Moment, Session
    from racecraft.press.judging.ambiguity import Setting
    from racecraft.press.judging.question import Question
    from racecraft.press.judging.weighing import Judged

MOST = 6  # others of one kind that are tried
SIBLINGS = {
    "finish_position": ("grid_position", "qualifying_position", "standings_position"),
    "grid_position": ("finish_position", "qualifying_position", "standings_position"),
    "qualifying_position": ("grid_position", "finish_position"),
    "standings_position": ("finish_position", "grid_position"),
    "points_total": ("race_points",),
    "race_points": ("points_total",),
    "season_count": ("career_count", "venue_count"),
    "career_count": ("season_count", "venue_count"),
    "venue_count": ("career_count", "season_count"),
    "winning_margin": ("time_gap",),
    "streak": ("season_count", "career_count"),
}
OF_THIS_YEAR = frozenset(("title_math",))  # who can still win is asked of no other year
SESSIONS: tuple[Session, ...] = ("race", "sprint", "qualifying", "grid")
MOMENTS: tuple[Moment, ...] = ("before", "after", "end of season")


def explanations(each: Judged, everybody: Sequence[Judged], setting: Setting) -> dict[str, float]:
    """1 for every kind of change that makes the claim true: it may be that which was meant.

    Who of the sentence, which race of the article, which session, moment, season or type; the order
    of a pair is never turned.
    """
    question = each.question
    if question is None:
        return {}
    changes = {
        "other_person": _other_people(each, question, everybody),
        "other_event": _other_events(each, question, everybody, setting),
        "other_session": (replace(question, session=name) for name in SESSIONS),
        "other_moment": (replace(question, moment=name) for name in MOMENTS),
        "other_season": _other_seasons(question),
        "other_type": (
            replace(question, claim_type=name) for name in SIBLINGS.get(question.claim_type, ())
        ),
    }
    return {
        name: float(_any_true(variants, question, setting)) for name, variants in changes.items()
    }


def _any_true(variants: Iterator[Question], question: Question, setting: Setting) -> bool:
    tried = 0
    for variant in variants:
        if variant == question:
            continue
        tried += 1
        if verdict(variant, setting.history).verdict == "supported":
            return True
        if tried == MOST:
            break
    return False


def _other_people(
    each: Judged, question: Question, everybody: Sequence[Judged]
) -> Iterator[Question]:
    """The same of somebody else in the sentence; of a pair, with another second one."""
    if not question.subjects:
        return
    names: dict[Entity, None] = dict.fromkeys(each.claim.named)
    for other in everybody:
        if other.claim.sentence == each.claim.sentence and other.question:
            names |= dict.fromkeys(other.question.subjects)
    first, *rest = question.subjects
    for entity in names:
        if entity.kind != first.kind or entity in question.subjects:
            continue
        if rest:
            yield replace(question, subjects=(first, entity))
        yield replace(question, subjects=(entity, *rest))


def _other_events(
    each: Judged, question: Question, everybody: Sequence[Judged], setting: Setting
) -> Iterator[Question]:
    """The same at another event of the sentence, at the ones beside, or at one of the article."""
    if question.season is None or question.round is None:
        return
    keys: dict[tuple[int, int], None] = {}
    told = [other for other in everybody if other.question and other.question.round]
    beside = [other for other in told if other.claim.sentence == each.claim.sentence]
    keys |= dict.fromkeys(map(_race_of, beside))
    for by in (-1, 1):
        if near := setting.history.step(question.season, question.round, by):
            keys[near.key] = None
    keys |= dict.fromkeys(map(_race_of, told))
    for season, round_ in keys:
        if season:
            yield replace(question, season=season, round=round_)


def _race_of(each: Judged) -> tuple[int, int]:
    question = each.question
    return (question.season or 0, question.round or 0) if question else (0, 0)


def _other_seasons(question: Question) -> Iterator[Question]:
    if question.season is None or question.claim_type in OF_THIS_YEAR:
        return
    for by in (-1, 1):
        yield replace(question, season=question.season + by, round=None)
