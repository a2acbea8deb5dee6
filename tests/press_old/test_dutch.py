"""What Dutch sentences say: parted verbs, subjects on either side of them, numbers in words."""

from __future__ import annotations

from datetime import date

import pytest

from racecraft.history.results import History
from racecraft.press.intake.article import Article
from racecraft.press_old.check import fact_check
from racecraft.press_old.grammar import grammar
from racecraft.sources.sample.sample import sample_season

SUNDAY = date(2023, 11, 5)
FINISH, GRID = "finish_position", "grid_position"


@pytest.fixture(scope="module")
def record() -> History:
    return History([sample_season()])


def claims(text: str, record: History) -> set[tuple[str, str, object]]:
    article = Article(text=text, title="", date=SUNDAY, lang="nl", name="own.txt")
    found = fact_check(article, record, event=(2023, 20))
    return {(one.claim_type, one.subject, one.value) for one in found}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # the subject before the verb and after it
        ("Lando Norris werd tweede.", {(FINISH, "Lando Norris", 2)}),
        ("In Brazilië werd Fernando Alonso derde.", {(FINISH, "Fernando Alonso", 3)}),
        ("Zesde werd Carlos Sainz.", {(FINISH, "Carlos Sainz", 6)}),
        (
            "Norris werd tweede en Alonso derde.",
            {(FINISH, "Lando Norris", 2), (FINISH, "Fernando Alonso", 3)},
        ),
        (
            "Zesde en zevende werden Carlos Sainz en Pierre Gasly.",
            {(FINISH, "Carlos Sainz", 6), (FINISH, "Pierre Gasly", 7)},
        ),
        # the verb at the end
        (
            "Max Verstappen, die vanaf poleposition was vertrokken, won de race.",
            {(GRID, "Max Verstappen", 1), (FINISH, "Max Verstappen", 1)},
        ),
        (
            "Lewis Hamilton, die als vijfde startte, moest genoegen nemen met de achtste plaats.",
            {(GRID, "Lewis Hamilton", 5), (FINISH, "Lewis Hamilton", 8)},
        ),
        # verbs in two parts, and what completes them far off
        ("Valtteri Bottas viel met pech uit.", {("retirement", "Valtteri Bottas", True)}),
        (
            "Guanyu Zhou zette zijn Alfa Romeo aan de kant.",
            {("retirement", "Guanyu Zhou", True), ("team", "Guanyu Zhou", "Alfa Romeo")},
        ),
        (
            "Verstappen schreef de Grand Prix van São Paulo op zijn naam.",
            {(FINISH, "Max Verstappen", 1)},
        ),
        ("Fernando Alonso maakte het podium compleet.", {(FINISH, "Fernando Alonso", 3)}),
        # whom a sentence is about
        (
            "Voor Alexander Albon was het in de openingsronde voorbij.",
            {("lap_of_event", "Alexander Albon", "retired on lap 1")},
        ),
        (
            "De Spanjaard werd derde. Voor Alonso was het zijn achtste podium van het seizoen.",
            {
                ("nationality", "Fernando Alonso", "Spain"),
                ("season_count", "Fernando Alonso", 8),
            },
        ),
        # chains and rows
        (
            "Norris werd tweede, voor Fernando Alonso en Sergio Pérez.",
            {(FINISH, "Fernando Alonso", 3), (FINISH, "Sergio Pérez", 4)},
        ),
        (
            "De plaatsen acht en negen waren voor Lewis Hamilton en Yuki Tsunoda.",
            {(FINISH, "Lewis Hamilton", 8), (FINISH, "Yuki Tsunoda", 9)},
        ),
        # places that are not places in the race
        ("Alonso vertrok vanaf de vierde startplek.", {(GRID, "Fernando Alonso", 4)}),
        ("Norris begon vanaf de derde startrij.", {("grid_row", "Lando Norris", 3)}),
        # seconds and points
        (
            "Verstappen won met ruim acht seconden voorsprong op Norris.",
            {("winning_margin", "Max Verstappen over Lando Norris", 8.0)},
        ),
        (
            "Verstappen was anderhalve seconde sneller dan Norris en won.",
            {("winning_margin", "Max Verstappen over Lando Norris", 1.5)},
        ),
        (
            "Verstappen staat op 524 punten en Pérez op 258.",
            {
                ("points_total", "Max Verstappen", 524.0),
                ("points_total", "Sergio Pérez", 258.0),
            },
        ),
        (
            "Verstappen leidt de WK-stand met 266 punten voorsprong op Pérez: 524 om 258.",
            {
                ("points_gap", "Max Verstappen over Sergio Pérez", 266.0),
                ("points_total", "Max Verstappen", 524.0),
                ("points_total", "Sergio Pérez", 258.0),
                ("standings_position", "Max Verstappen", 1),
            },
        ),
        (
            "Zijn voorsprong op Pérez is geslonken van 33 naar 8 punten.",
            {("points_gap", "Max Verstappen over Sergio Pérez", 8.0)},
        ),
        # who somebody is
        (
            "De 42-jarige Alonso bleef Hamiltons ploeggenoot George Russell voor.",
            {
                ("age", "Fernando Alonso", 42),
                ("team", "Lewis Hamilton & George Russell", "team-mates"),
            },
        ),
        (
            "De zevenvoudig wereldkampioen Lewis Hamilton werd achtste.",
            {("titles", "Lewis Hamilton", 7), (FINISH, "Lewis Hamilton", 8)},
        ),
        ("Het was de zeventiende zege van het seizoen voor Verstappen.",
         {("season_count", "Max Verstappen", 17)}),
        ("Met nog twee races te gaan is Verstappen niet meer in te halen.",
         {("title_math", "Max Verstappen", "secured")}),
    ],
)  # fmt: skip
def test_what_a_sentence_says(
    text: str, expected: set[tuple[str, str, object]], record: History
) -> None:
    lead = "Max Verstappen heeft zondag de Grand Prix van São Paulo gewonnen. "
    said = claims(lead + text, record)
    assert expected <= said, sorted(map(str, said))


@pytest.mark.parametrize(
    "text",
    [
        "Achter de Mexicaanse fans werd gejuicht.",
        "Verstappen haalde in Brazilië zijn koffers op.",
        "Verstappen stond voor de derde keer voor de camera.",
    ],
)
def test_what_is_not_said(text: str, record: History) -> None:
    lead = "Max Verstappen heeft zondag de Grand Prix van São Paulo gewonnen. "
    assert claims(lead + text, record) == claims(lead, record)


@pytest.mark.parametrize(
    ("word", "kind", "value"),
    [
        ("eenentwintigste", "ordinal", 21),
        ("tweeëntwintig", "number", 22),
        ("anderhalve", "number", 1.5),
        ("vijftiental", "number", 15),
        ("zevenvoudig", "times", 7),
        ("drie keer", "times", 3),
        ("negentienjarige", "age", 19),
    ],
)
def test_numbers_in_words(word: str, kind: str, value: float) -> None:
    words = grammar("nl").words_of(word)
    assert (kind, value) in grammar("nl").phrases.at(list(words), 0)[1]


def test_every_concept_of_english_has_words() -> None:
    words = grammar("nl").file["concepts"]
    assert [concept for concept in grammar("en").file["concepts"] if concept not in words] == []
