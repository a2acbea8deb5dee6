"""Annotated texts as the reader parses them: what models of the reading are fitted on."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from press_rows import annotated, same_sentence, same_subject, sets_of

from racecraft.press.intake.article import read
from racecraft.press.reading import together
from racecraft.press.reading.reader import read_document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from racecraft.history.results import History
    from racecraft.press.intake.article import Article
    from racecraft.press.reading.bonds import Parsed
    from racecraft.press.reading.pieces import Piece

OWN = Path(__file__).parents[1] / "tests" / "press"
Gold = list[dict[str, Any]]


@dataclass(frozen=True)
class Text:
    """An annotated text: its set, its sentences from left to right with their pieces, its claims.

    ``quoted`` says that claims are annotated with the few words that tell them, ``sentence`` else.
    """

    set: str
    lang: str
    text: str
    sentences: tuple[Parsed, ...]
    gold: Gold
    quoted: bool

    def where(self, claim: dict[str, Any], parsed: Parsed) -> tuple[int, int] | None:
        """Where, in the text, the words of a claim stand in a sentence; None if in another."""
        marks = [mark for piece in parsed.pieces for mark in piece.marks]
        start, end = marks[0].start, marks[-1].end
        if not self.quoted:
            whole = same_sentence(self.text[start:end], claim["sentence"])
            return (start, end) if whole else None
        at = self.text.find(claim["quote"], start, end)
        return (at, at + len(claim["quote"])) if at >= 0 else None


def texts_of(data: Path, history: History) -> Iterator[Text]:
    """All annotated texts but twins: articles, short cases, and those for training alone."""
    for name, folder in sets_of(data).items():
        for file, gold in annotated(folder):
            if ".twin." not in file.name:
                yield _text(name, read(file.read_bytes(), name=file.name), history, gold)
    cases = {"pairs": data / "sentence_pairs.json"}
    cases |= {f.stem.removeprefix("cases_"): f for f in sorted(OWN.glob("cases_*.json"))}
    for name, file in cases.items():
        for case in json.loads(file.read_text("utf-8")):
            if case["id"].endswith("a"):
                text = f"date: {case['date']}\n\n{case['text']}\n"
                article = read(text, name=case["id"], lang=case["lang"])
                yield _text(name, article, history, case["claims"], quoted=True)
    for file in sorted((OWN / "training").glob("*.txt")):
        for article, gold in training_texts(file):
            yield _text(file.stem, article, history, gold, quoted=True)


def training_texts(file: Path) -> Iterator[tuple[Article, Gold]]:
    """Texts of a file, each with its claims: see ``tests/press/training/README.md``."""
    for part in re.split(r"\n\s*\n", file.read_text("utf-8").strip()):
        head, text, *lines = part.splitlines()
        lang, day, _ = (each.strip() for each in head.removeprefix("==").split("|"))
        yield read(f"date: {day}\n\n{text}\n", lang=lang), [_claim(line) for line in lines]


def _claim(line: str) -> dict[str, Any]:
    kind, subject, value, quote = (each.strip() for each in line.split(" | "))
    name, _, unit = kind.partition(":")
    known: Any = True if value == "True" else value
    if re.fullmatch(r"-?\d+(?:\.\d+)?", value):
        known = float(value)
    return {"claim_type": name, "unit": unit, "subject": subject, "value": known, "quote": quote}


def _text(
    name: str, article: Article, history: History, gold: Gold, *, quoted: bool = False
) -> Text:
    checkable = [claim for claim in gold if claim.get("verdict") != "uncheckable"]
    parsed = tuple(sentences_of(article, history))
    return Text(name, article.lang, article.text, parsed, checkable, quoted)


def sentences_of(article: Article, history: History) -> list[Parsed]:
    """The sentences of an article as the network would be given them."""
    found: list[Parsed] = []

    def listen(told: Any, _: Any, before: int = 0) -> list[list[Any]]:
        found.extend(told[before:])
        return [[] for _ in told[before:]]

    with patch.object(together, "relations_of", listen):
        read_document(article, history.roster)
    return found


def is_called(who: Piece | None, name: str) -> bool:
    """Whether somebody who is mentioned has a name."""
    slot = who.slot if who is not None else None
    return slot is not None and same_subject(slot.value.name, name)
