"""Which race an article is about."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from racecraft.history.results import History
from racecraft.press.fact_check import judged_claims
from racecraft.press.intake.article import read
from racecraft.press.judging import locating
from racecraft.press.reading.reader import read_document
from racecraft.sources.sample.sample import sample_season

if TYPE_CHECKING:
    import pytest

TEXT = (
    "Verstappen won, ahead of Norris and Alonso. Pérez was fourth, Stroll fifth and Sainz sixth. "
    "Hamilton finished eighth. Leclerc did not start. Verstappen was on pole and Alonso started "
    "fourth. Verstappen leads the championship with 524 points, 266 ahead of Pérez."
)


def test_a_race_left_early_would_not_have_been_the_one(monkeypatch: pytest.MonkeyPatch) -> None:
    history = History([sample_season()])
    reading = read_document(read(TEXT, lang="en"), history.roster)
    asked: list[tuple[int, float]] = []
    score = locating._score

    def counted(*given: object) -> tuple[float, int, int]:
        found = score(*given)  # type: ignore[arg-type]
        asked.append((found[2], found[0]))
        return found

    monkeypatch.setattr(locating, "_score", counted)
    early = judged_claims(reading, history)[1]
    quick = sum(told for told, _ in asked)
    asked.clear()
    monkeypatch.setattr(locating, "ROUNDING", inf)
    assert judged_claims(reading, history)[1] == early
    assert early.event == (2023, 20)
    assert quick < sum(told for told, _ in asked)
