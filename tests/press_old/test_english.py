"""What short English sentences say: who is meant, what is counted, and which race it is."""

from __future__ import annotations

from datetime import date

import pytest

from racecraft.history.results import History
from racecraft.press.intake.article import Article
from racecraft.press_old.check import fact_check
from racecraft.sources.sample.sample import sample_season

MONDAY = date(2023, 11, 6)
LEAD = "Max Verstappen won the São Paulo Grand Prix at Interlagos on Sunday."

SAID: list[tuple[str, set[tuple[str, str, object]]]] = [
    ("", {("finish_position", "Max Verstappen", 1)}),
    (
        "Lando Norris was second, ahead of Fernando Alonso and Sergio Perez.",
        {
            ("finish_position", "Lando Norris", 2),
            ("finish_position", "Fernando Alonso", 3),
            ("finish_position", "Sergio Pérez", 4),
        },
    ),
    (
        "Pierre Gasly came seventh for Alpine, two places in front of Yuki Tsunoda.",
        {
            ("finish_position", "Pierre Gasly", 7),
            ("finish_position", "Yuki Tsunoda", 9),
            ("team", "Pierre Gasly", "Alpine F1 Team"),
        },
    ),
    (
        "Lance Stroll and Carlos Sainz finished fifth and sixth respectively.",
        {("finish_position", "Lance Stroll", 5), ("finish_position", "Carlos Sainz", 6)},
    ),
    (
        "Alonso had started fourth. The Spaniard beat Perez to third by 0.053 seconds.",
        {
            ("grid_position", "Fernando Alonso", 4),
            ("nationality", "Fernando Alonso", "Spain"),
            ("time_gap", "Fernando Alonso over Sergio Pérez", 0.053),
        },
    ),
    (
        "Sergio Perez missed the podium by 53-thousandths of a second. The 33-year-old was fourth.",
        {("age", "Sergio Pérez", 33), ("finish_position", "Sergio Pérez", 4)},
    ),
    (
        "Two-time champion Fernando Alonso and his team-mate Lance Stroll both scored.",
        {
            ("titles", "Fernando Alonso", 2),
            ("team", "Fernando Alonso & Lance Stroll", "team-mates"),
        },
    ),
    (
        "It was Verstappen's 17th win of the season, and he has 524 points.",
        {("season_count", "Max Verstappen", 17), ("points_total", "Max Verstappen", 524.0)},
    ),
    (
        "Perez sits second in the standings with 258 points, 32 ahead of Lewis Hamilton.",
        {
            ("standings_position", "Sergio Pérez", 2),
            ("points_total", "Sergio Pérez", 258.0),
            ("points_gap", "Sergio Pérez over Lewis Hamilton", 32.0),
        },
    ),
    (
        "Valtteri Bottas retired on lap 39 of 71.",
        {("lap_of_event", "Valtteri Bottas", "retired on lap 39"), ("lap_count", "", 71)},
    ),
    (
        "Two races remain, and the next race is in Las Vegas on November 18.",
        {("calendar", "", 2), ("calendar", "", "Las Vegas Grand Prix")},
    ),
]


@pytest.fixture(scope="module")
def record() -> History:
    return History([sample_season()])


def said(text: str, record: History) -> dict[tuple[str, str, object], str]:
    article = Article(text=f"{LEAD} {text}", date=MONDAY, lang="en")
    found = {}
    for finding in fact_check(article, record):
        about_race = finding.subject.startswith("2023")
        subject = "" if about_race else finding.subject
        found[finding.claim_type, subject, finding.value] = finding.verdict
    return found


@pytest.mark.parametrize(("text", "claims"), SAID)
def test_sentences_say_what_they_say(
    text: str, claims: set[tuple[str, str, object]], record: History
) -> None:
    found = said(text, record)
    assert claims <= found.keys()
    assert {found[claim] for claim in claims} <= {"supported", "uncheckable"}


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Lando Norris finished third.", ("finish_position", "Lando Norris", 3)),
        ("Norris is 26 years old.", ("age", "Lando Norris", 26)),
        ("Fernando Alonso started third.", ("grid_position", "Fernando Alonso", 3)),
        (
            "Fernando Alonso was third and beat Sergio Perez by 0.153 seconds.",
            ("time_gap", "Fernando Alonso over Sergio Pérez", 0.153),
        ),
        ("Perez has 268 points.", ("points_total", "Sergio Pérez", 268.0)),
        (
            "Perez leads Lewis Hamilton by an unassailable 32 points.",
            ("title_math", "Sergio Pérez", "secured"),
        ),
        (
            "It was the 16th win of the season for Verstappen.",
            ("season_count", "Max Verstappen", 16),
        ),
    ],
)
def test_a_wrong_figure_is_contradicted(
    text: str, wrong: tuple[str, str, object], record: History
) -> None:
    assert said(text, record).get(wrong) == "contradicted"


def test_a_wrong_place_spoils_none_of_those_that_follow_it(record: History) -> None:
    found = said("Lance Stroll was sixth, in front of Carlos Sainz and Pierre Gasly.", record)
    assert found["finish_position", "Lance Stroll", 6] == "contradicted"
    assert found["finish_position", "Carlos Sainz", 6] == "supported"
    assert found["finish_position", "Pierre Gasly", 7] == "supported"


def test_a_pronoun_may_mean_whoever_makes_it_true(record: History) -> None:
    text = "Perez chased Alonso to the flag. He was third."
    assert ("finish_position", "Fernando Alonso", 3) in said(text, record)


def test_a_claim_by_which_the_race_was_found_proves_nothing(record: History) -> None:
    text = "Max Verstappen won from Lando Norris, with Fernando Alonso third in the Grand Prix."
    found = fact_check(Article(text=text, lang="en"), record)
    places = [each for each in found if each.claim_type == "finish_position"]
    assert places
    assert all(each.round == 20 and each.consistent for each in places)


def test_what_did_not_happen_is_not_claimed(record: History) -> None:
    found = said("If Lando Norris had won, he would have finished first.", record)
    assert not [key for key in found if key[:2] == ("finish_position", "Lando Norris")]
