"""What is said of corners and braking: answered by telemetry, never judged."""

from __future__ import annotations

from datetime import date

import racecraft as rc
from racecraft.sources.sample.sample import sample_race

BRAZIL = """Alonso denies Pérez
5 November 2023

Fernando Alonso finished third in the São Paulo Grand Prix, ahead of Sergio Pérez. "The mistake was
that Sergio Perez didn't come out of Turn 3 properly," said Helmut Marko.
"""
MEXICO = """Verstappen wins in Mexico
29 October 2023

Max Verstappen won the Mexico City Grand Prix. "Charles Leclerc braked very late," said
Sergio Pérez.
"""


def answered(article: str, day: date) -> str:
    checked = rc.fact_check(
        article,
        rc.load_season(2023),
        date=day,
        race=lambda _season, event, _kind: sample_race(event),
    )
    found = [each for each in checked if each.claim_type == "at_corner"]
    assert {each.verdict for each in found} == {"uncheckable"}
    return " ".join(each.reason for each in found)


def test_a_corner_that_an_opinion_names_is_told_by_telemetry() -> None:
    reason = answered(BRAZIL, date(2023, 11, 5))
    assert "on the straight from Turn 3 to Turn 4 of lap 71" in reason
    assert "Pérez lifted to 29 % at Turn 2" in reason


def test_who_braked_late_is_told_with_how_sure_that_is() -> None:
    reason = answered(MEXICO, date(2023, 10, 29))
    assert "Leclerc probably braked last" in reason
    assert "give or take" in reason
