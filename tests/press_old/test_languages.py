"""What short sentences say, in each of the languages that one grammar file carries."""

from __future__ import annotations

from datetime import date

import pytest

from racecraft.history.results import History
from racecraft.press.intake.article import Article
from racecraft.press_old.check import fact_check
from racecraft.press_old.grammar import fold, grammar
from racecraft.sources.sample.sample import sample_season

SUNDAY = date(2023, 11, 5)

# Of every language: how a race is won, and sentences with what they say (type, who, value).
SAID: dict[str, list[tuple[str, set[tuple[str, str, object]]]]] = {
    "de": [
        (
            "Max Verstappen hat den Großen Preis von São Paulo vor Lando Norris gewonnen.",
            {("finish_position", "Max Verstappen", 1), ("finish_position", "Lando Norris", 2)},
        ),
        (
            "Der zweimalige Weltmeister Fernando Alonso wurde im Aston Martin Dritter.",
            {("finish_position", "Fernando Alonso", 3), ("titles", "Fernando Alonso", 2)},
        ),
        (
            "Sergio Pérez kam vor Alonsos Teamkollegen Lance Stroll auf Platz vier ins Ziel.",
            {
                ("finish_position", "Sergio Pérez", 4),
                ("team", "Fernando Alonso & Lance Stroll", "team-mates"),
            },
        ),
        (
            "Lewis Hamilton wurde am Ende 8. Er war von Startplatz fünf ins Rennen gegangen.",
            {("finish_position", "Lewis Hamilton", 8), ("grid_position", "Lewis Hamilton", 5)},
        ),
        (
            "Valtteri Bottas fiel in der Runde 39 nach einem Getriebeschaden aus.",
            {("lap_of_event", "Valtteri Bottas", "retired on lap 39")},
        ),
        (
            "In der WM führt Verstappen mit 524 Punkten vor Pérez (258).",
            {
                ("points_total", "Max Verstappen", 524.0),
                ("points_total", "Sergio Pérez", 258.0),
            },
        ),
    ],
    "es": [
        (
            "La victoria en el Gran Premio de São Paulo fue para Max Verstappen.",
            {("finish_position", "Max Verstappen", 1)},
        ),
        (
            "Lo escoltaron Lando Norris y Fernando Alonso, que largó cuarto.",
            {("grid_position", "Fernando Alonso", 4)},
        ),
        (
            "El mexicano Sergio Pérez y el canadiense Lance Stroll fueron cuarto y quinto.",
            {
                ("finish_position", "Sergio Pérez", 4),
                ("finish_position", "Lance Stroll", 5),
                ("nationality", "Sergio Pérez", "Mexico"),
            },
        ),
        (
            "Esteban Ocon, de 27 años, acabó 10º. Sexto fue Carlos Sainz y séptimo Pierre Gasly.",
            {
                ("age", "Esteban Ocon", 27),
                ("finish_position", "Esteban Ocon", 10),
                ("finish_position", "Carlos Sainz", 6),
                ("finish_position", "Pierre Gasly", 7),
            },
        ),
        (
            "Verstappen tiene 524 unidades y Pérez quedó a 266 puntos del neerlandés.",
            {
                ("points_total", "Max Verstappen", 524.0),
                ("points_gap", "Max Verstappen over Sergio Pérez", 266.0),
            },
        ),
        (
            "George Russell abandonó en la vuelta 57 por un problema de motor.",
            {("lap_of_event", "George Russell", "retired on lap 57")},
        ),
    ],
    "it": [
        (
            "Max Verstappen ha vinto il GP di San Paolo a Interlagos davanti a Lando Norris.",
            {("finish_position", "Max Verstappen", 1), ("finish_position", "Lando Norris", 2)},
        ),
        (
            "Sul terzo gradino del podio è salito lo spagnolo Fernando Alonso.",
            {
                ("finish_position", "Fernando Alonso", 3),
                ("nationality", "Fernando Alonso", "Spain"),
            },
        ),
        (
            "Lewis Hamilton, sette volte campione del mondo, è partito quinto e ha chiuso ottavo.",
            {
                ("titles", "Lewis Hamilton", 7),
                ("grid_position", "Lewis Hamilton", 5),
                ("finish_position", "Lewis Hamilton", 8),
            },
        ),
        (
            "Sesto Carlos Sainz con la Ferrari, settimo Pierre Gasly.",
            {("finish_position", "Carlos Sainz", 6), ("finish_position", "Pierre Gasly", 7)},
        ),
        (
            "Verstappen ha conquistato la 17ª vittoria stagionale.",
            {("season_count", "Max Verstappen", 17)},
        ),
        (
            "Nella classifica piloti Verstappen ha 524 punti, Perez è secondo a quota 258.",
            {
                ("points_total", "Max Verstappen", 524.0),
                ("points_total", "Sergio Pérez", 258.0),
                ("standings_position", "Sergio Pérez", 2),
            },
        ),
    ],
    "fr": [
        (
            "Max Verstappen s'est imposé dimanche au Grand Prix de São Paulo devant Lando Norris.",
            {("finish_position", "Max Verstappen", 1), ("finish_position", "Lando Norris", 2)},
        ),
        (
            "L'Espagnol Fernando Alonso (Aston Martin) complète le podium.",
            {
                ("finish_position", "Fernando Alonso", 3),
                ("nationality", "Fernando Alonso", "Spain"),
                ("team", "Fernando Alonso", "Aston Martin"),
            },
        ),
        (
            "Septuple champion du monde, Lewis Hamilton s'est classé huitième.",
            {("finish_position", "Lewis Hamilton", 8)},
        ),
        (
            "Le Français Pierre Gasly, parti de la 15e place, a terminé septième.",
            {("finish_position", "Pierre Gasly", 7), ("nationality", "Pierre Gasly", "France")},
        ),
        (
            "Valtteri Bottas a abandonné au 39e tour.",
            {("lap_of_event", "Valtteri Bottas", "retired on lap 39")},
        ),
        (
            "Verstappen compte 524 points, soit 266 de plus que Sergio Pérez.",
            {
                ("points_total", "Max Verstappen", 524.0),
                ("points_gap", "Max Verstappen over Sergio Pérez", 266.0),
            },
        ),
    ],
    "pt": [
        (
            "O holandês Max Verstappen, da Red Bull, venceu o GP de São Paulo, em Interlagos.",
            {
                ("finish_position", "Max Verstappen", 1),
                ("nationality", "Max Verstappen", "Netherlands"),
                ("team", "Max Verstappen", "Red Bull"),
            },
        ),
        (
            "Lando Norris foi o segundo e Fernando Alonso completou o pódio.",
            {("finish_position", "Lando Norris", 2), ("finish_position", "Fernando Alonso", 3)},
        ),
        (
            "Sergio Pérez ficou em quarto, seguido por Lance Stroll e Carlos Sainz.",
            {
                ("finish_position", "Sergio Pérez", 4),
                ("finish_position", "Lance Stroll", 5),
                ("finish_position", "Carlos Sainz", 6),
            },
        ),
        (
            "O heptacampeão Lewis Hamilton largou em quinto e terminou em oitavo.",
            {
                ("titles", "Lewis Hamilton", 7),
                ("grid_position", "Lewis Hamilton", 5),
                ("finish_position", "Lewis Hamilton", 8),
            },
        ),
        (
            "George Russell abandonou na volta 57 com problema no motor.",
            {
                ("lap_of_event", "George Russell", "retired on lap 57"),
                ("retirement_reason", "George Russell", "engine"),
            },
        ),
        (
            "Verstappen lidera o campeonato com 524 pontos, 266 a mais que Pérez.",
            {
                ("points_total", "Max Verstappen", 524.0),
                ("points_gap", "Max Verstappen over Sergio Pérez", 266.0),
            },
        ),
    ],
}


@pytest.fixture(scope="module")
def record() -> History:
    return History([sample_season()])


def claims(text: str, lang: str, record: History) -> set[tuple[str, str, object]]:
    article = Article(text=text, title="", date=SUNDAY, lang=lang, name="own.txt")
    found = fact_check(article, record, event=(2023, 20))
    return {(one.claim_type, one.subject, one.value) for one in found}


@pytest.mark.parametrize("lang", SAID)
def test_what_is_said_in_a_language(lang: str, record: History) -> None:
    text = " ".join(sentence for sentence, _ in SAID[lang])
    said = claims(text, lang, record)
    expected = {claim for _, told in SAID[lang] for claim in told}
    assert expected <= said, sorted(map(str, expected - said))


@pytest.mark.parametrize(
    ("lang", "word", "kind", "value"),
    [
        ("de", "einundzwanzigster", "ordinal", 21),
        ("de", "siebenmaliger", "times", 7),
        ("es", "décimo cuarto", "ordinal", 14),
        ("es", "decimosegunda", "ordinal", 12),
        ("es", "tercer", "ordinal", 3),
        ("it", "quattordicesima", "ordinal", 14),
        ("it", "trentatreenne", "age", 33),
        ("fr", "vingt et unième", "ordinal", 21),
        ("fr", "septuple", "times", 7),
        ("pt", "trigésima segunda", "ordinal", 32),
        ("pt", "pentacampeão", "times", 5),
    ],
)
def test_numbers_in_words(lang: str, word: str, kind: str, value: int) -> None:
    words = grammar(lang).words_of(word)
    length, readings = grammar(lang).phrases.at(list(words), 0)
    assert length in (len(words), 1)
    assert (kind, value) in readings


@pytest.mark.parametrize(
    ("lang", "figure", "value"),
    [("es", "32do", 32), ("es", "31ª", 31), ("es", "1er", 1), ("it", "7°", 7),
     ("it", "68esima", 68), ("fr", "21e", 21), ("pt", "45ª", 45), ("de", "15.", 15)],
)  # fmt: skip
def test_ordinals_in_figures(lang: str, figure: str, value: int) -> None:
    found = grammar(lang).ordinal.match(fold(figure))
    assert found is not None
    assert int(found.group(1)) == value


@pytest.mark.parametrize("lang", SAID)
def test_every_concept_of_english_has_words(lang: str) -> None:
    words = grammar(lang).file["concepts"]
    assert [concept for concept in grammar("en").file["concepts"] if concept not in words] == []
