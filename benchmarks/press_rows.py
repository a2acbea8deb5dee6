"""Readings of annotated articles, each with whether a mark made of it would be right."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from press_left_out import read_without

from racecraft.history.results import History
from racecraft.press.claim import Reading
from racecraft.press.claims.registry import claim_types
from racecraft.press.fact_check import judged_claims, subject_of
from racecraft.press.intake.article import Article, read
from racecraft.press.reading.asking import with_model
from racecraft.press.reading.model_reading import ModelReader
from racecraft.press.reading.reader import read_document
from racecraft.press.reading.roster_names import names_of
from racecraft.sources.ergast import dump

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping

    from racecraft.press.judging.weighing import Judged

HEADS = ("supported", "contradicted")
# Sets for which no rule was changed: how sure a red mark is, is learned above all from these.
UNTUNED = ("eleventh", "twelfth", "thirteenth", "fifteenth")
RED = "contradicted"
Gold = list[dict[str, Any]]


@dataclass(frozen=True)
class Row:
    """A judged reading: the article (its twin counts as the same), and whether it is right."""

    set: str
    article: str
    head: str
    right: bool
    features: Mapping[str, float]
    source: str
    weight: float = 1.0


def sets_of(data: Path) -> dict[str, Path]:
    """Folders of annotated articles by the name of their set, those of the tests among them."""
    own = Path(__file__).parents[1] / "tests" / "press"
    folders = {"fresh": data / "articles_fresh", "more": data / "articles_more",
               "public": data / "articles", "ours": own / "articles"}  # fmt: skip
    folders |= {f.name.removeprefix("articles_"): f for f in sorted(own.glob("articles_*"))}
    return {name: folder for name, folder in folders.items() if folder.is_dir()}


def all_samples(data: Path, history: History, leave: Container[str] = ()) -> list[Sample]:
    """Every annotated article and short case, read; but for articles of some sets.

    Of the short cases those of the data, and those for which no rule was ever changed.
    """
    sets = {name: folder for name, folder in sets_of(data).items() if name not in leave}
    cases = {"pairs": data / "sentence_pairs.json"}
    own = Path(__file__).parents[1] / "tests" / "press"
    cases |= {name: own / f"cases_{name}.json" for name in UNTUNED}
    found = [each for name, file in cases.items() if file.exists()
             for each in pairs(file, history, name)]  # fmt: skip
    return [*samples(sets, history), *found]


def history_of(data: Path) -> History:
    """All seasons of the public dump."""
    seasons, _ = dump.parse(dump.fetch(data / "ergast"))
    return History(seasons)


@dataclass(frozen=True)
class Sample:
    """One reading of an annotated article, judged; `matches` are the annotations that fit."""

    set: str
    article: str
    twin: bool
    source: str
    gold: Gold
    judged: tuple[Judged, ...]
    subjects: tuple[str, ...]
    matches: tuple[int | None, ...]
    located: tuple[int, int] | None

    @property
    def rows(self) -> Iterator[Row]:
        """What a mark made of each reading would be worth; of those that may get one."""
        for n, each in enumerate(self.judged):
            if each.judgement in HEADS and not each.doubtful:
                yield self.row(n)

    def row(self, n: int) -> Row:
        """One of them."""
        each, at = self.judged[n], self.matches[n]
        if each.judgement == "supported":
            right = at is not None and self.gold[at]["verdict"] == "supported"
        else:
            right = any(same_sentence(each.claim.sentence, said) for said in self.errors)
        return Row(self.set, self.article, each.judgement, right, each.features, self.source)

    @property
    def errors(self) -> frozenset[str]:
        """Sentences with an error."""
        return frozenset(c["sentence"] for c in self.gold if c["verdict"] == "contradicted")


def pairs(file: Path, history: History, name: str = "pairs") -> Iterator[Sample]:
    """Short cases in true and false versions, read by the rules."""
    for case in json.loads(file.read_text(encoding="utf-8")):
        text = f"date: {case['date']}\n\n{case['text']}\n"
        article = read(text, name=case["id"], lang=case["lang"])
        with read_without(name):
            reading = read_document(article, history.roster)
        judged, located = judged_claims(reading, history)
        subjects = tuple(subject_of(each, history) for each in judged)
        gold = [_as_gold(claim) for claim in case["claims"]]
        yield Sample(
            name, f"{name}/{case['id'][:-1]}", case["id"].endswith("b"), "rules", gold, judged,
            subjects, matched(judged, subjects, gold), located.event,
        )  # fmt: skip


def by_endpoint(text: Path, gold: Gold, history: History, ask: Callable[[str, str], str]) -> Sample:
    """An annotated article, read by the rules and by a model that is asked, merged and judged."""
    article = read(text.read_bytes(), name=text.name)
    kinds = [name for name, kind in claim_types().items() if kind.may_be_proposed]
    reading = with_model(
        read_document(article, history.roster), article, history.roster, ask, kinds
    )
    judged, located = judged_claims(reading, history)
    subjects = tuple(subject_of(each, history) for each in judged)
    stem = text.name.removesuffix(".txt").removesuffix(".twin")
    return Sample(
        "fresh", f"fresh/{stem}", ".twin." in text.name, "endpoint", gold, judged, subjects,
        matched(judged, subjects, gold), located.event,
    )  # fmt: skip


def _as_gold(claim: dict[str, Any]) -> dict[str, Any]:
    """A claim of a short case as those of articles are annotated."""
    subject = str(claim["subject"]).replace(" ahead of ", " over ")
    altered = claim["verdict"] == "contradicted"
    return {**claim, "sentence": claim["quote"], "subject": subject, "altered": altered}


def samples(folders: Mapping[str, Path], history: History) -> Iterator[Sample]:
    """All annotated articles, read by the rules and, where that is recorded, by a model."""
    for name, folder in folders.items():
        for text, gold in annotated(folder):
            stem = text.name.removesuffix(".txt").removesuffix(".twin")
            with read_without(name):
                read_by = list(readings(text, history))
            for source, _, reading in read_by:
                judged, located = judged_claims(reading, history)
                subjects = tuple(subject_of(each, history) for each in judged)
                yield Sample(
                    name, f"{name}/{stem}", ".twin." in text.name, source, gold, judged,
                    subjects, matched(judged, subjects, gold), located.event,
                )  # fmt: skip


def annotated(folder: Path) -> Iterator[tuple[Path, Gold]]:
    """Texts of a folder with their annotations, twins among them."""
    for file in sorted(folder.glob("*.gold.json")):
        text = file.with_name(file.name.replace(".gold.json", ".txt"))
        if text.exists():
            yield text, json.loads(file.read_text(encoding="utf-8"))


def readings(text: Path, history: History) -> Iterator[tuple[str, Article, Reading]]:
    """What the rules read in an article, and what a model did where that is recorded."""
    article = read(text.read_bytes(), name=text.name)
    yield "rules", article, read_document(article, history.roster)
    recorded = text.parent / "model_reading" / text.with_suffix(".json").name
    if recorded.exists():
        yield "model", article, of_model(article, recorded, history)


def of_model(article: Article, recorded: Path, history: History) -> Reading:
    """A recorded reading of a model, as a reading of ours."""
    reader = ModelReader(article, names_of(history.roster), frozenset(claim_types()))
    rows = json.loads(recorded.read_text(encoding="utf-8"))
    return Reading(claims=reader.claims(rows), lang=article.lang, day=article.date)


def matched(
    judged: Iterable[Judged], subjects: Iterable[str], gold: Gold
) -> tuple[int | None, ...]:
    """For every claim, the annotation of the same sentence, type and people; each one once."""
    used: set[int] = set()
    found: list[int | None] = []
    for each, subject in zip(judged, subjects, strict=True):
        at = next(
            (
                n
                for n, claim in enumerate(gold)
                if n not in used
                and claim["claim_type"] == each.claim.claim_type
                and same_sentence(each.claim.sentence, claim["sentence"])
                and same_subject(subject, claim["subject"])
            ),
            None,
        )
        if at is not None:
            used.add(at)
        found.append(at)
    return tuple(found)


def same_sentence(one: str, other: str) -> bool:
    """Whether two sentences are one, white space folded, or one is a part of the other."""
    a, b = _folded(one), _folded(other)
    return bool(a and b) and (a in b or b in a)


def same_subject(one: str, other: str) -> bool:
    """Whether two subjects share a name each, in the same order unless they are together."""
    a, b = _people(one), _people(other)
    if len(a) != len(b):
        return False
    hit = all(x & y for x, y in zip(a, b, strict=True))
    if not hit and "&" in one:
        hit = all(x & y for x, y in zip(a, reversed(b), strict=True))
    return hit


def _people(subject: str) -> list[set[str]]:
    return [set(_folded(part).split()) for part in re.split(r"\s+(?:over|&|and)\s+", subject)]


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", str(text)).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", " ", plain).strip()
