"""Claims about two, told the other way round: none of them is supported."""

from __future__ import annotations

import tomllib
import unicodedata
from dataclasses import replace
from importlib import resources
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from racecraft.press.claim import Entity
from racecraft.press.intake.article import LANGUAGES, read
from racecraft.press.judging.judge import verdict
from racecraft.press.judging.question import Question
from racecraft.sources.sample.sample import sample_season

if TYPE_CHECKING:
    from collections.abc import Iterator

    from racecraft.history.results import History

HERE = Path(__file__).parent / "articles"
PAIRS = ("points_gap", "time_gap", "relative_order", "qualifying_gap", "standings_places_between")


@pytest.fixture(scope="module")
def record() -> History:
    from racecraft.history.results import History

    return History([sample_season()])


@pytest.mark.parametrize("kind", PAIRS)
def test_a_direction_is_true_one_way_at_most(record: History, kind: str) -> None:
    drivers = [Entity("driver", row.driver_id, row.driver) for row in record.results(2023, 20)[:6]]
    true = 0
    for first, second in permutations(drivers, 2):
        asked = Question(
            claim_type=kind, subjects=(first, second), relation="over", value=1, season=2023,
            round=20,
        )  # fmt: skip
        found = verdict(asked, record)
        if isinstance(found.found, int | float) and found.found > 0:
            asked = replace(asked, value=found.found)
            found = verdict(asked, record)
        if found.verdict == "supported":
            true += 1
            turned = replace(asked, subjects=(second, first))
            assert verdict(turned, record).verdict != "supported"
    assert true > 5


@pytest.mark.parametrize("name", ["Pérez", "Hamilton"])
def test_who_leads_is_not_turned_round(record: History, name: str) -> None:
    from racecraft.press.fact_check import fact_check

    other = {"Pérez": "Hamilton", "Hamilton": "Pérez"}[name]
    text = f"date: 2023-11-06\n\n{name} leads {other} by 32 points after the São Paulo Grand Prix."
    found = fact_check(read(text, lang="en"), record, min_confidence=0.0)
    gaps = [each.leaning for each in found if each.claim_type == "points_gap"]
    assert gaps == ["supported" if name == "Pérez" else "contradicted"]


def cases() -> Iterator[Any]:
    """Sentences of the case files that put one ahead of another, with the two names."""
    folder = resources.files("racecraft.press").joinpath("claims")
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        raw = tomllib.loads(file.read_text("utf-8")) if file.name.endswith(".toml") else {}
        for case in raw.get("case", ()):
            told = [c for c in case["claims"] if " over " in c[1] and c[3] == "supported"]
            for lang, text in case.items() if told else ():
                names = [_written(name, str(text)) for name in told[0][1].split(" over ")]
                if lang in LANGUAGES and all(names):
                    yield pytest.param(told[0][0], text, lang, names, id=f"{lang}-{text[:40]}")


def _written(name: str, text: str) -> str:
    """A name as a text has it: in full or the family name alone, with accents or without."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    forms = (name, plain, name.split()[-1], plain.split()[-1])
    return next((form for form in forms if form in text), "")


@pytest.mark.parametrize(("kind", "text", "lang", "names"), list(cases()))
def test_a_case_with_the_names_exchanged_is_not_supported(
    record: History, kind: str, text: str, lang: str, names: list[str]
) -> None:
    from racecraft.press.fact_check import fact_check

    first, second = names
    turned = text.replace(first, "#").replace(second, first).replace("#", second)
    found = fact_check(
        read(f"date: 2023-11-06\n\n{turned}", lang=lang), record, event=(2023, 20),
        min_confidence=0.0,
    )  # fmt: skip
    assert "supported" not in [each.leaning for each in found if each.claim_type == kind]
