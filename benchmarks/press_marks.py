"""What an editor sees of a checked article, counted: every red mark, every tick, every error."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np
from press_fit import model_of
from press_rows import Sample, same_sentence

from racecraft.press.fact_check import mark_of
from racecraft.press.judging.confidence import probability_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

UNSAID = frozenset(("quote", "attribution", "personal"))


@dataclass
class Marks:
    """Sums over readings of articles."""

    originals: int = 0
    red: int = 0
    false: int = 0  # red marks on sentences without an error
    false_originals: int = 0
    errors: int = 0  # sentences with an error
    errors_marked: int = 0
    injected: int = 0  # annotated claims that were altered in a twin
    caught: int = 0  # of those, found with their type and people
    ticks: int = 0
    right_ticks: int = 0
    checkable: int = 0
    found: int = 0

    def __add__(self, other: Marks) -> Marks:
        return Marks(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Marks)))

    @property
    def accusations(self) -> float:
        """False accusations an original article."""
        return self.false_originals / max(1, self.originals)

    @property
    def red_right(self) -> float:
        """Share of red marks that are right."""
        return (self.red - self.false) / max(1, self.red)

    @property
    def ticks_right(self) -> float:
        """Share of ticks that are right."""
        return self.right_ticks / max(1, self.ticks)

    @property
    def row(self) -> tuple[str, ...]:
        """The figures, as a row of a table."""
        return (
            f"{self.accusations:.2f}",
            _share(self.red - self.false, self.red),
            _share(self.caught, self.injected),
            _share(self.errors_marked, self.errors),
            _share(self.right_ticks, self.ticks),
            _share(self.found, self.checkable),
        )


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole}: {part / max(1, whole):.2f}"


HEAD = (
    "false accusations an original", "red marks that are right",
    "errors put in, found for the right reason", "sentences with an error marked",
    "ticks right", "checkable claims found",
)  # fmt: skip


def left_out(found: Sequence[Sample]) -> list[Sample]:
    """Samples whose confidence is that of a model that has seen nothing of their set.

    Of short cases and of what a model read there is one set alone: a tenth of it is left out.
    """
    models = {}
    for key in {_left_out_with(sample) for sample in found}:
        out = {s.article for s in found if key in (s.set, _tenth(s))}
        models[key] = model_of([row for s in found if s.article not in out for row in s.rows])
    return [_told_by(sample, models[_left_out_with(sample)]) for sample in found]


def _left_out_with(sample: Sample) -> str:
    alone = sample.set == "pairs" or sample.source != "rules"
    return _tenth(sample) if alone else sample.set


def _tenth(sample: Sample) -> str:
    return f"{sample.set} {crc32(sample.article.encode()) % 10}"


def _told_by(sample: Sample, model: dict[str, Any]) -> Sample:
    judged = tuple(
        replace(each, confidence=probability_by(model, each.judgement, each.features))
        for each in sample.judged
    )
    return replace(sample, judged=judged)


def counted(sample: Sample, min_confidence: float | None = None) -> Marks:
    """Marks of one reading of an article."""
    marks = Marks(originals=int(not sample.twin))
    errors = sample.errors
    red_sentences = []
    for each, at in zip(sample.judged, sample.matches, strict=True):
        if each.claim.claim_type in UNSAID:
            continue
        mark = mark_of(each, min_confidence)
        gold = sample.gold[at] if at is not None else None
        if mark == "contradicted":
            marks.red += 1
            red_sentences.append(each.claim.sentence)
            wrong = not any(same_sentence(each.claim.sentence, said) for said in errors)
            marks.false += wrong
            marks.false_originals += wrong and not sample.twin
            marks.caught += bool(
                sample.twin and gold and gold["verdict"] == "contradicted" and gold.get("altered")
            )
        elif mark == "supported":
            marks.ticks += 1
            marks.right_ticks += bool(gold and gold["verdict"] == "supported")
    marks.errors = len(errors)
    marks.errors_marked = sum(any(same_sentence(r, e) for r in red_sentences) for e in errors)
    matched = {at for at in sample.matches if at is not None}
    for n, claim in enumerate(sample.gold):
        if claim["verdict"] != "uncheckable":
            marks.checkable += 1
            marks.found += n in matched
        marks.injected += bool(
            sample.twin and claim["verdict"] == "contradicted" and claim.get("altered")
        )
    return marks


def by_set(
    found: Iterable[Sample], min_confidence: float | None = None
) -> dict[tuple[str, str], Marks]:
    """Marks by set of articles and by who read them; those of all sets under ``all``."""
    sums: dict[tuple[str, str], Marks] = defaultdict(Marks)
    for sample in found:
        marks = counted(sample, min_confidence)
        sums[sample.set, sample.source] += marks
        sums["all", sample.source] += marks
    return dict(sums)


def short_cases(found: Iterable[Sample]) -> Counter[str]:
    """Short cases: true ones accused, false ones caught or ticked, ticks that are stray."""
    n: Counter[str] = Counter()
    for sample in found:
        if sample.set != "pairs":
            continue
        marks = [(each.claim.claim_type, mark_of(each)) for each in sample.judged]
        wrong = {c["claim_type"] for c in sample.gold if c["verdict"] == "contradicted"}
        right = {c["claim_type"] for c in sample.gold if c["verdict"] == "supported"}
        red = [kind for kind, mark in marks if mark == "contradicted"]
        green = [kind for kind, mark in marks if mark == "supported"]
        if sample.twin:
            n["false"] += 1
            n["caught"] += any(kind in wrong for kind in red)
            n["ticked"] += any(kind in wrong - right for kind in green)
        else:
            n["true"] += 1
            n["accused"] += bool(red)
        n["ticks"] += len(green)
        n["stray"] += sum(kind not in wrong | right for kind in green)
    return n


def chances(found: Iterable[Sample], head: str) -> tuple[np.ndarray, np.ndarray]:
    """Confidence of every reading with that verdict, and whether a mark of it would be right."""
    pairs = [
        (each.confidence, sample.row(n).right)
        for sample in found
        for n, each in enumerate(sample.judged)
        if each.judgement == head
    ]
    return np.array([p for p, _ in pairs]), np.array([r for _, r in pairs], dtype=float)
