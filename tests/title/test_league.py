"""Championships of anybody's: points from a small TOML file, exact by the same code."""

from __future__ import annotations

from dataclasses import replace

import pytest

from own_classes import two_classes
from racecraft.errors import NotEnoughDataError, RuleError
from racecraft.model.rulebook.league import parse_league
from racecraft.title.clinch import clinch
from racecraft.title.standings.league import league_season
from racecraft.title.standings.standings import standings

RULES = """
points = [10, 6, 4]
classes = ["P", "GT"]
calendar = ["Two Hours", "Four Hours", "Six Hours"]
"""


def test_everybody_in_the_car_scores_in_his_class() -> None:
    league = parse_league(RULES, season=2024)
    of = league_season([two_classes()], league, of_class="GT")
    assert standings(of)["driver", "points"].rows() == [("Eve East", 10.0), ("Dan Dare", 6.0)]
    prototypes = standings(league_season([two_classes()], league, of_class="P"))
    points = dict(prototypes["driver", "points"].iter_rows())
    assert points == {"Cid Cole": 10.0, "Ann Able": 6.0, "Bob Best": 6.0}


def test_without_classes_places_are_those_of_all() -> None:
    whole = league_season([two_classes()], parse_league("points = [10, 6, 4]", season=2024))
    points = dict(standings(whole)["driver", "points"].iter_rows())
    assert points["Eve East"] == 4.0


def test_drop_scores_factor_and_best() -> None:
    races = [two_classes(), replace(two_classes(), name="Four Hours", event="four-hours")]
    rules = "points = [10, 6, 4]\n{}\n[factor]\n'Four Hours' = 2\n"
    for extra, best in (("", 30.0), ("best = 1", 20.0), ("drop = 1", 20.0)):
        table = standings(league_season(races, parse_league(rules.format(extra), season=2024)))
        assert table["points"][0] == best


def test_the_title_is_proven_by_the_same_code() -> None:
    league = parse_league(RULES, season=2024)
    races = [two_classes(), replace(two_classes(), name="Four Hours", event="four-hours")]
    after_two = league_season(races, league, of_class="GT")
    told = clinch(after_two)
    assert (told.name, told.points, told.points_available) == ("Eve East", 20.0, 10.0)
    assert not told.secured, "six behind each time, Dan Dare may still win by two"
    third = replace(two_classes(), name="Six Hours", event="six-hours")
    assert clinch(league_season([*races, third], league, of_class="GT")).secured


def test_a_place_beyond_the_first_of_shared_cars_is_not_claimed() -> None:
    league = parse_league(RULES, season=2024)
    season = league_season([two_classes()], league, of_class="P")
    with pytest.raises(NotEnoughDataError, match="finish together"):
        clinch(season, position=2)


def test_another_series_has_no_rules_of_its_own() -> None:
    season = league_season([two_classes()], parse_league("points = [1]", season=2024))
    with pytest.raises(RuleError, match="no rulebook covers series 'club'"):
        standings(replace(season, rules=None))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("points = {1 = 25, 2 = 20, 4 = 10}", "hole: nothing for place 3"),
        ("points = {0 = 25, 1 = 20}", "a place that is none"),
        ("points = [10, 12]", "12 for place 2 and 10 for the one before"),
        ("points = []", "no list of points"),
        ("points = [10, 'six']", "place 2: 'six'"),
        ("points = [-1]", "place 1: -1"),
        ("sprint = [1]", "no points by place"),
        ("points = [1]\nbonus = 2", "'bonus' is no rule"),
        ("points = [1]\nbest = 2\ndrop = 1", "best and drop both"),
        ("points = [1]\ndrop = true", "drop is True"),
        ("points = [1]\nclasses = 'GT'", "classes is no list"),
        ("points = [1]\nclasses = ['GT', 'GT']", "names one twice"),
        ("points = [1", "no TOML"),
        ("points = [1]\nfastest_lap = {points = 1, of = 3}", "fastest_lap knows"),
    ],
)
def test_what_is_no_rule_is_one_error(text: str, says: str) -> None:
    with pytest.raises(RuleError, match=says):
        parse_league(text, season=2024)


def test_a_class_must_be_named_and_be_one() -> None:
    league = parse_league(RULES, season=2024)
    for name in (None, "LMP2"):
        with pytest.raises(RuleError, match="classes"):
            league_season([two_classes()], league, of_class=name)


def test_no_race_and_a_calendar_of_others() -> None:
    league = parse_league("points = [1]\ncalendar = ['Spa']", season=2024)
    with pytest.raises(NotEnoughDataError):
        league_season([], league)
    with pytest.raises(RuleError, match="in the calendar"):
        league_season([two_classes()], league)
