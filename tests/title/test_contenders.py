"""Who can still win the title, and what places are enough."""

from __future__ import annotations

import sys
from contextlib import suppress
from itertools import product

import pytest

import racecraft as rc
from racecraft.cli.main import main
from racecraft.title.contenders import CONTENDERS, contenders
from racecraft.title.next.by_places import AHEAD, Enough, enough, enough_words
from racecraft.title.next.outcome_grid import CELLS
from racecraft.title.words import Names


def test_the_four_of_2010() -> None:
    table = contenders(rc.load_season(2010), after=18)
    assert table["name"].to_list() == ["ALO", "WEB", "VET", "HAM"]
    assert table["next"][2] == (
        "Vettel wins the title in the Abu Dhabi Grand Prix by finishing first, if Alonso is fifth "
        "or lower; second, if Alonso is ninth or lower and Webber is fifth or lower."
    )


def test_a_decided_title_is_one_mans() -> None:
    table = contenders(rc.load_season(2023), after=21)
    assert table.select("name", "has_won").rows() == [("VER", True)]
    assert CONTENDERS.check(table).equals(table)


@pytest.mark.parametrize(("year", "after", "driver"), [(2010, 18, "ALO"), (2012, 19, "VET")])
def test_places_said_are_the_cells_proven(year: int, after: int, driver: str) -> None:
    """What the words promise of each pair of places is what the proof says of it."""
    upcoming = rc.clinch(rc.load_season(year), after=after, driver=driver).next
    assert upcoming is not None
    told = {place: one.rivals for one in enough(upcoming.cells) for place in one.places}
    for row in upcoming.cells.iter_rows(named=True):
        need = told.get(row["position"])
        if need is None:
            continue
        least, rival = need.get(row["rival"], 1), row["rival_position"]
        if least == AHEAD:
            promised = rival == 0 or rival > row["position"]
        else:
            promised = rival == 0 or 0 < least <= rival
        assert promised == row["holds_off"], row


def test_what_no_threshold_says_is_not_said() -> None:
    rows = [
        {"session": "race", "rival": "B", "position": p, "rival_position": q,
         "secures": q == 1, "holds_off": q == 1, "out_of_reach": False, "sprint_margin": None}
        for p, q in product((3,), (1, 2))
    ]  # fmt: skip
    assert enough(CELLS.rows(rows)) == []
    assert enough(CELLS.empty()) == []


def test_words() -> None:
    names = Names({"WEB": "Webber", "VET": "Vettel"})
    told = [
        Enough((1, 2, 3), {}),
        Enough((5,), {"WEB": 2, "VET": 2}),
        Enough((10, 0), {"WEB": AHEAD, "VET": 0}),
    ]
    assert enough_words(told, names) == (
        "first to third, whatever others do; fifth, if neither Webber nor Vettel wins; "
        "tenth or without points, if ahead of Webber and Vettel does not score"
    )


def test_the_overview_on_the_screen(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["racecraft", "title", "2021", "--after", "5"])
    with suppress(SystemExit):
        main()
    told = capsys.readouterr().out
    assert "20 can still win it; 451 points are left" in told
    assert "Ask on with --driver" in told
