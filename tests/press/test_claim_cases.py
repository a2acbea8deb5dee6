"""Every type of claim: its case file, each sentence with all the claims that it makes, exactly."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from datetime import date
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from racecraft.press.claims.registry import claim_type, claim_types
from racecraft.press.fact_check import judged_claims, subject_of
from racecraft.press.intake.article import LANGUAGES, Article, read
from racecraft.press.lexicon import vocabulary as vocabulary_module
from racecraft.press.lexicon.concepts import Concept
from racecraft.press.reading.reader import read_document
from racecraft.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from racecraft.history.results import History

FOLDER = resources.files("racecraft.press.claims")
DAY, EVENT = date(2023, 11, 6), "2023-20"  # of a case that does not say


def cases() -> Iterator[Any]:
    for name in claim_types():
        file = FOLDER.joinpath(f"{name}.toml")
        if not file.is_file():
            continue
        for n, case in enumerate(tomllib.loads(file.read_text("utf-8")).get("case", ()), 1):
            for lang in LANGUAGES:
                if lang in case:
                    yield pytest.param(case, lang, id=f"{name}-{n}-{lang}")


@pytest.mark.parametrize(("case", "lang"), list(cases()))
def test_a_sentence_makes_these_claims_and_no_others(
    record: History, case: dict[str, Any], lang: str
) -> None:
    day = case.get("date") or DAY
    article = read(case[lang], lang=lang, date=day)
    season, _, round_ = str(case.get("event", EVENT)).partition("-")
    event = (int(season), int(round_)) if round_ else None
    reading = read_document(article, record.roster)
    judged, _ = judged_claims(replace(reading, guesses=()), record, event=event)
    found = sorted(
        (each.claim.claim_type, subject_of(each, record), said(each.claim.value), each.judgement)
        for each in judged
    )
    wanted = sorted((kind, who, said(value), told) for kind, who, value, told in case["claims"])
    assert found == wanted


def test_the_language_of_the_how_to_is_read_as_it_says(
    record: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (Path(__file__).parents[2] / "docs/how-to/add-a-language.md").read_text("utf-8")
    file, case = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    for lang in LANGUAGES:
        text = vocabulary_module.FOLDER.joinpath(f"{lang}.toml").read_text("utf-8")
        (tmp_path / f"{lang}.toml").write_text(text, "utf-8")
    (tmp_path / "sv.toml").write_text(file, "utf-8")
    monkeypatch.setattr(vocabulary_module, "FOLDER", tmp_path)
    (told,) = tomllib.loads(case)["case"]
    reading = read_document(Article(text=told["sv"], lang="sv", date=DAY), record.roster)
    judged, _ = judged_claims(reading, record, event=(2023, 20))
    assert [
        [each.claim.claim_type, subject_of(each, record), said(each.claim.value), each.judgement]
        for each in judged
    ] == told["claims"]
    known = {
        kind
        for kinds in vocabulary_module.vocabulary("sv").phrases.whole.values()
        for kind in kinds
    }
    assert {Concept.AHEAD, Concept.BEHIND, Concept.LEAD, Concept.DEFICIT, Concept.RETIRE} <= known


def said(value: Any) -> str:
    return str(getattr(value, "name", value))


def test_every_type_says_what_it_is() -> None:
    assert len(claim_types()) > 60
    for name, kind in claim_types().items():
        assert name == kind.name
        assert kind.says.endswith(".")
        assert kind.about
    assert claim_type("points_gap").pair


def test_an_unknown_type_is_an_error_that_lists_the_known() -> None:
    from racecraft.errors import NotFoundError

    with pytest.raises(NotFoundError, match="no claim type 'poem'"):
        claim_type("poem")


@pytest.fixture(scope="module")
def record() -> History:
    """Everything that the package has of all seasons."""
    from racecraft.history.stored import history_of

    return history_of(Store(None))
