"""Readings of the same words that compete: one figure for two people, two figures for one."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from racecraft.press.judging.weighing import Judged

MOST = 4


def rivalries(judged: Sequence[Judged]) -> list[dict[str, float]]:
    """For every claim: how many others of its sentence and type contest its value or its subject.

    ``other_values`` are readings of the same subject with another value, ``other_subjects`` of the
    same value with another subject; ``_contested`` is 1 where such a rival is supported.
    ``said_before`` counts how often the article has said the same before; ``right_elsewhere`` is 1
    where it says something of that type of the same subject and event that is true.
    """
    groups: dict[tuple[str, str], list[Judged]] = defaultdict(list)
    for each in judged:
        groups[each.claim.sentence, each.claim.claim_type].append(each)
    seen: Counter[tuple[str, str, str]] = Counter()
    right = {_about(each) for each in judged if each.judgement == "supported"}
    found = []
    for each in judged:
        said = (each.claim.claim_type, each.claim.subject, str(each.claim.value))
        rivals = _rivals(each, groups[each.claim.sentence, each.claim.claim_type])
        before = min(seen[said], MOST) / MOST
        elsewhere = float(each.judgement != "supported" and _about(each) in right)
        found.append({**rivals, "said_before": before, "right_elsewhere": elsewhere})
        seen[said] += 1
    return found


def _about(each: Judged) -> tuple[object, ...]:
    claim, question = each.claim, each.question
    event = (question.season, question.round, question.session) if question else ()
    return (claim.claim_type, claim.subject, claim.unit, *event)


def _rivals(each: Judged, group: Sequence[Judged]) -> dict[str, float]:
    mine, value = each.claim.subject, str(each.claim.value)
    others = [o for o in group if o is not each and not o.claim.features.get("rest")]
    values = [o for o in others if o.claim.subject == mine and str(o.claim.value) != value]
    subjects = [o for o in others if o.claim.subject != mine and str(o.claim.value) == value]
    return {
        "other_values": min(len(values), MOST) / MOST,
        "other_subjects": min(len(subjects), MOST) / MOST,
        "value_contested": float(any(o.judgement == "supported" for o in values)),
        "subject_contested": float(any(o.judgement == "supported" for o in subjects)),
    }
