"""What would decide a title, in the language of a report."""

from __future__ import annotations

import pytest

import racecraft as rc
from racecraft.show.report.title import title_in_words


@pytest.mark.parametrize(
    ("season", "after", "lang", "said"),
    [
        (2021, 10, "nl", "Verstappen kan de titel in de Grote Prijs van Hongarije nog niet"),
        (2021, 20, "nl", "als hij daar minstens 18 punten meer scoort dan Hamilton."),
        (2021, 20, "es", "si suma allí al menos 18 puntos más que Hamilton."),
        (2021, 21, "es", "si suma allí al menos tantos puntos como Hamilton."),
        (2010, 18, "nl", "en Webber daar hoogstens acht punten meer scoort dan hij."),
        (2021, 22, "nl", "Verstappen is zeker van de titel."),
        (2021, 20, "en", "if he scores at least 18 points more than Hamilton there."),
    ],
)
def test_what_would_decide_it(season: int, after: int, lang: str, said: str) -> None:
    tables = rc.load_season(season)
    names = dict(tables.drivers["driver", "family_name"].rows())
    assert said in title_in_words(rc.clinch(tables, after=after), names, lang)
