"""The articles of our own say what their annotations say they do."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

HERE = Path(__file__).parents[1] / "press" / "articles"
GOLD = sorted(HERE.glob("*.gold.json"))
TWINS = [path for path in GOLD if ".twin." in path.name]


def text_of(gold: Path) -> str:
    path = gold.with_name(gold.name.replace(".gold.json", ".txt"))
    return path.read_text(encoding="utf-8")


def claims_of(gold: Path) -> list[dict[str, object]]:
    return list(json.loads(gold.read_text(encoding="utf-8")))


def name_of(path: Path) -> str:
    return path.name.removesuffix(".gold.json")


every_article = pytest.mark.parametrize("gold", GOLD, ids=name_of)
every_twin = pytest.mark.parametrize("gold", TWINS, ids=name_of)


def test_as_many_as_promised_in_each_language() -> None:
    languages = Counter(name_of(gold)[-2:] for gold in GOLD if gold not in TWINS)
    assert languages == {"en": 13, "nl": 7, "es": 2, "de": 1, "it": 1}


@every_article
def test_every_annotated_sentence_is_in_the_article(gold: Path) -> None:
    text = text_of(gold)
    assert text.startswith("source: own\ndate: ")
    assert [claim for claim in claims_of(gold) if str(claim["sentence"]) not in text] == []


@every_article
def test_every_annotation_has_a_verdict_and_says_why(gold: Path) -> None:
    for claim in claims_of(gold):
        assert claim["verdict"] in ("supported", "contradicted", "uncheckable")
        assert claim["evidence"], claim
        assert (claim["table"] is None) == (claim["verdict"] == "uncheckable"), claim


@every_article
def test_an_article_is_as_long_as_such_articles_are(gold: Path) -> None:
    assert 80 <= len(text_of(gold).split("\n\n", 1)[1].split()) <= 200


@every_twin
def test_each_altered_sentence_is_new_and_has_an_error(gold: Path) -> None:
    original = text_of(gold.with_name(gold.name.replace(".twin.", ".")))
    claims = claims_of(gold)
    altered = {claim["sentence"] for claim in claims if claim.get("altered")}
    wrong = {
        claim["sentence"]
        for claim in claims
        if claim.get("altered") and claim["verdict"] == "contradicted"
    }
    assert altered == wrong == {c["sentence"] for c in claims if str(c["sentence"]) not in original}
    assert 2 <= len(altered) <= 3
