"""All claims of an article judged together: what each means, whether it is true, how surely."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from racecraft.press.claims.registry import claim_type
from racecraft.press.judging.ambiguity import meanings
from racecraft.press.judging.confidence import probability
from racecraft.press.judging.doubts import OF_A_MODEL, doubts_of, is_last_resort, is_to_come
from racecraft.press.judging.explaining import SIBLINGS, explanations
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
MAY_BE_READ = 0.3  # chance from which a guess is worth a tick, or being called uncheckable
MANY_EVENTS = 10  # that an article tells of
# Reasons for which a claim may be true after all, and of how many others they must be those.
SHARED = {"other_moment": 1, "other_session": 1, "other_type": 1, "other_season": 1,
          "other_event": 2}  # fmt: skip
PARAGRAPH = 600  # characters of one
NEAR = 300  # characters within which others tell how far a scope can be trusted
NOT_FACTS = frozenset(("question", "hypothesis", "hope", "opinion"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A claim, the meaning it is taken in, the verdict on that, and how sure the reading is.

    ``shares`` is how the probability of all meanings, before a look at the data, is shared by
    verdict. ``verdict`` is that on the likeliest meaning; ``confidence`` the probability that a
    mark made of it is right. ``true_weight`` is how likely the likeliest meaning is that the data
    support, beside the likeliest of all.
    """

    claim: Claim
    question: Question | None
    verdict: Verdict
    shares: Mapping[str, float] = field(default_factory=dict)
    tried: int = 0
    true_weight: float = 0.0
    features: Mapping[str, float] = field(default_factory=dict)
    confidence: float = 0.0

    @property
    def judgement(self) -> Judgement:
        """The verdict on the likeliest meaning."""
        return self.verdict.verdict

    @property
    def is_faint(self) -> bool:
        """Whether it is a guess of which the words hardly say anything."""
        return self.claim.source == "guess" and self.claim.features["likely"] < MAY_BE_READ

    @property
    def open(self) -> bool:
        """Whether there is any reason to doubt that it is meant so."""
        return self.doubtful or bool(self.features.get("doubts"))

    @property
    def doubtful(self) -> bool:
        """Whether it gets no mark, however sure it is that the words say something of the kind.

        True, but of one of several who have as good a claim to the name, or hardly read at all;
        false, but a guess, or by a model and with a reason to doubt it. A result of a race that is
        to come, or among conditions, is none, whether it fits or not.
        """
        if is_to_come(self) or self.is_faint:
            return True
        if self.judgement == "supported":
            false = self.shares.get("contradicted", 0.0)
            return false > 0 and false >= NO_BETTER * (false + self.shares.get("supported", 0.0))
        if self.judgement != "contradicted" or self.claim.source == "rules":
            return False
        return self.claim.source == "guess" or any(
            self.features.get(f"doubt {name}") for name in OF_A_MODEL
        )


def weigh(
    claims: Sequence[Claim], setting: Setting, guesses: Sequence[Claim] = ()
) -> tuple[Judged, ...]:
    """Judge claims of one article; what the others say tells how far each can be trusted.

    Guesses come last. They are judged among the claims, and change nothing about those.
    """
    judged = [_judged(claim, setting) for claim in claims]
    guessed = [_judged(claim, setting) for claim in guesses]
    weighed = _weighed(judged, setting)
    if not guessed:
        return weighed
    both = _weighed([*judged, *guessed], setting)
    return *weighed, *both[len(judged) :]


def _weighed(judged: Sequence[Judged], setting: Setting) -> tuple[Judged, ...]:
    """Claims that are judged, each with its features and how sure a mark of it would be."""
    contexts = _contexts(judged)
    events = {_group(each, "event") for each in judged if each.question}
    for each, context, rivals in zip(judged, contexts, rivalries(judged), strict=True):
        told = min(len(events), MANY_EVENTS) / MANY_EVENTS
        context["to_come"] = float(_is_of_the_future(each, setting))
        context |= {**rivals, "race_sure": float(setting.sure), "events_told": told}
    whys = [
        explanations(each, judged, setting) if each.judgement == "contradicted" else {}
        for each in judged
    ]
    weighed = []
    for n, (each, context) in enumerate(zip(judged, contexts, strict=True)):
        doubted = float(_scope_is_doubted(n, judged, whys))
        features = features_of(each, {**context, **whys[n], "scope_doubted": doubted})
        features["other_kind_told"] = float(_other_kind_is_told(each, judged))
        features["events_in_sentence"] = float(_events_in_sentence(each, judged) > 1)
        if each.judgement == "contradicted":
            features |= doubts_of(each, features)
        sure = probability(each.judgement, features)
        weighed.append(replace(each, features=features, confidence=sure))
    return tuple(weighed)


def _is_of_the_future(each: Judged, setting: Setting) -> bool:
    """Whether a claim is taken to be of a race that was run after the day of the article."""
    question = each.question
    if question is None or setting.day is None or not question.season or not question.round:
        return False
    if question.session != "race":
        return False
    event = setting.history.event(question.season, question.round)
    return event is not None and event.date is not None and setting.day < event.date


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
    most = max(meaning.weight for meaning, _ in seen)
    true = (meaning.weight for meaning, of_it in seen if of_it.verdict == "supported")
    return Judged(
        claim=claim,
        question=replace(best.question, claim_type=claim.claim_type),
        verdict=told,
        shares=_shares(seen),
        tried=len(seen),
        true_weight=max(true, default=0.0) / most,
    )


def _shares(seen: Sequence[tuple[Meaning, Verdict]]) -> dict[str, float]:
    total = sum(meaning.weight for meaning, _ in seen) or 1.0
    shares: dict[str, float] = defaultdict(float)
    for meaning, told in seen:
        shares[told.verdict] += meaning.weight / total
    return dict(shares)


def _contexts(judged: Sequence[Judged]) -> list[dict[str, float]]:
    """For every claim: how the others fare, in the article, at its event and in its sentence."""
    contexts = [_nearby(each, judged) for each in judged]
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


def _scope_is_doubted(n: int, judged: Sequence[Judged], whys: Sequence[dict[str, float]]) -> bool:
    """Whether several false claims around one are true for the same reason: it is misread.

    Such as places that are all true on the grid, or figures all true a race earlier.
    """
    mine = judged[n].claim
    for name, least in SHARED.items():
        if not whys[n].get(name):
            continue
        others = {
            (other.claim.claim_type, other.claim.subject)
            for other, why in zip(judged, whys, strict=True)
            if why.get(name)
            and other.claim.subject != mine.subject
            and abs(other.claim.start - mine.start) <= PARAGRAPH
        }
        if len(others) >= least:
            return True
    return False


def _other_kind_is_told(each: Judged, judged: Sequence[Judged]) -> bool:
    """Whether the sentence also gives the place that somebody had on the grid, or in the race."""
    return any(
        other.claim.sentence == each.claim.sentence
        and other.claim.subject == each.claim.subject
        and other.claim.claim_type in SIBLINGS.get(each.claim.claim_type, ())
        for other in judged
    )


def _events_in_sentence(each: Judged, judged: Sequence[Judged]) -> int:
    """Races that claims of one sentence are taken to be of."""
    return len({
        _group(other, "event") for other in judged
        if other.question and other.claim.sentence == each.claim.sentence
    })  # fmt: skip


def _nearby(each: Judged, judged: Sequence[Judged]) -> dict[str, float]:
    """How those fare that stand around a claim, in other sentences, at the same event."""
    near = [
        other for other in judged
        if abs(other.claim.start - each.claim.start) <= NEAR
        and other.claim.sentence != each.claim.sentence
        and _group(other, "event") == _group(each, "event")
    ]  # fmt: skip
    good = sum(_counts(other, "supported") for other in near)
    bad = sum(_counts(other, "contradicted") for other in near)
    return {
        "nearby_right": (good + 1.0) / (good + bad + 1.5),
        "nearby_others": min(good + bad, 6) / 6,
        "nearby_false": min(bad, 3) / 3,
    }


def _counts(each: Judged, judgement: Judgement) -> bool:
    """Whether it has that verdict, and is more than a reading of the last resort."""
    return each.judgement == judgement and not is_last_resort(each.claim)


def _group(each: Judged, name: str) -> object:
    """What a claim shares with its neighbours: the article, its event, its sentence."""
    if name == "sentence":
        return each.claim.sentence
    if name == "event" and each.question:
        return each.question.season, each.question.round
    return name
