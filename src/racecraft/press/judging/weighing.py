"""All claims of an article judged together: what each means, whether it is true, how surely."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from racecraft.press.claims.registry import claim_type
from racecraft.press.judging.ambiguity import meanings
from racecraft.press.judging.confidence import probability
from racecraft.press.judging.explaining import explanations
from racecraft.press.judging.features import features_of
from racecraft.press.judging.judge import verdict
from racecraft.press.judging.naming import named
from racecraft.press.judging.rivalry import rivalries
from racecraft.press.judging.verdict import unknown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from racecraft.press.claim import Claim
    from racecraft.press.judging.ambiguity import Meaning, Setting
    from racecraft.press.judging.question import Question
    from racecraft.press.judging.verdict import Judgement, Verdict

# Most of what is written is right: how likely a meaning is, if the data support it, contradict it
# or cannot tell. Meanings of one claim are compared by it, never the direction of a pair.
LIKELY = {"supported": 0.6, "uncheckable": 0.4, "contradicted": 0.4}
NO_BETTER = 0.5  # share of meanings that are false from which a true one proves nothing
REAL_MASS = 0.25  # share of the probability from which a meaning cannot be left aside
NOT_FACTS = frozenset(("question", "hypothesis", "hope", "opinion"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A claim, the meaning it is taken in, the verdict on that, and how sure the reading is.

    ``shares`` is how the probability of all meanings, before a look at the data, is shared by
    verdict. ``verdict`` is that on the likeliest meaning; ``confidence`` the probability that a
    mark made of it is right.
    """

    claim: Claim
    question: Question | None
    verdict: Verdict
    shares: Mapping[str, float] = field(default_factory=dict)
    tried: int = 0
    features: Mapping[str, float] = field(default_factory=dict)
    confidence: float = 0.0

    @property
    def judgement(self) -> Judgement:
        """The verdict on the likeliest meaning."""
        return self.verdict.verdict

    @property
    def doubtful(self) -> bool:
        """Whether it gets no mark, however sure it is that the words say something of the kind.

        False as it was read, but true in a meaning that cannot be left aside, or read as a last
        resort; or true of one of several who have as good a claim to the name.
        """
        if self.judgement == "supported":
            false = self.shares.get("contradicted", 0.0)
            return false > 0 and false >= NO_BETTER * (false + self.shares.get("supported", 0.0))
        real = self.shares.get("supported", 0.0) >= REAL_MASS
        return self.judgement == "contradicted" and (real or _is_guess(self.claim))


def weigh(claims: Sequence[Claim], setting: Setting) -> tuple[Judged, ...]:
    """Judge claims of one article; what the others say tells how far each can be trusted."""
    judged = [_judged(claim, setting) for claim in claims]
    contexts = _contexts(judged)
    for context, rivals in zip(contexts, rivalries(judged), strict=True):
        context |= {**rivals, "race_sure": float(setting.sure)}
    told = []
    for each, context in zip(judged, contexts, strict=True):
        why = explanations(each, judged, setting) if each.judgement == "contradicted" else {}
        features = features_of(each, {**context, **why})
        sure = probability(each.judgement, features)
        told.append(replace(each, features=features, confidence=sure))
    return tuple(told)


def _judged(claim: Claim, setting: Setting) -> Judged:
    answered = claim.modality == "opinion" and claim_type(claim.claim_type).opinions
    if claim.modality in NOT_FACTS and not answered:
        article = "an" if claim.modality[0] in "aeiou" else "a"
        reason = f"the article does not state this: it is {article} {claim.modality}"
        return Judged(claim=claim, question=None, verdict=unknown(reason))
    found = meanings(claim, setting)
    if not found:
        return Judged(
            claim=claim, question=None, verdict=unknown("who or which race is meant is not known")
        )
    seen = [(meaning, verdict(meaning.question, setting.history)) for meaning in found]
    best, told = max(seen, key=lambda each: each[0].weight * LIKELY[each[1].verdict])
    claim = named(claim, best.question, setting.history)
    return Judged(
        claim=claim,
        question=replace(best.question, claim_type=claim.claim_type),
        verdict=told,
        shares=_shares(seen),
        tried=len(seen),
    )


def _shares(seen: Sequence[tuple[Meaning, Verdict]]) -> dict[str, float]:
    total = sum(meaning.weight for meaning, _ in seen) or 1.0
    shares: dict[str, float] = defaultdict(float)
    for meaning, told in seen:
        shares[told.verdict] += meaning.weight / total
    return dict(shares)


def _contexts(judged: Sequence[Judged]) -> list[dict[str, float]]:
    """For every claim: how the others fare, in the article, at its event and in its sentence."""
    contexts: list[dict[str, float]] = [{} for _ in judged]
    for name in ("article", "event", "sentence"):
        right: Counter[object] = Counter()
        wrong: Counter[object] = Counter()
        for each in judged:
            right[_group(each, name)] += _counts(each, "supported")
            wrong[_group(each, name)] += _counts(each, "contradicted")
        for each, context in zip(judged, contexts, strict=True):
            good = right[_group(each, name)] - _counts(each, "supported")
            bad = wrong[_group(each, name)] - _counts(each, "contradicted")
            context[f"{name}_right"] = (good + 1.0) / (good + bad + 1.5)
            context[f"{name}_others"] = float(min(good + bad, 10)) / 10
    return contexts


def _counts(each: Judged, judgement: Judgement) -> bool:
    """Whether it has that verdict, and is more than a reading of the last resort."""
    return each.judgement == judgement and not _is_guess(each.claim)


def _is_guess(claim: Claim) -> bool:
    return bool(claim.features.get("rest"))


def _group(each: Judged, name: str) -> object:
    """What a claim shares with its neighbours: the article, its event, its sentence."""
    if name == "sentence":
        return each.claim.sentence
    if name == "event" and each.question:
        return each.question.season, each.question.round
    return name
