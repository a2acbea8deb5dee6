"""Articles in every wrapping, and files that are none."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from racecraft.errors import ArgumentError, NotEnoughDataError, RacecraftError, UnreadableError
from racecraft.press.intake.article import LANGUAGES, LARGEST_FILE, LONGEST_ARTICLE, read

ENGLISH = (
    "Fernando Alonso finished third in the São Paulo Grand Prix on Sunday, just ahead of Pérez. "
    "The Spaniard had been passed on the penultimate lap, but fought back on the last one."
)
SAID = {
    "de": "Fernando Alonso wurde am Sonntag Dritter beim Großen Preis von São Paulo. Der Spanier "
    "war in der vorletzten Runde überholt worden, schlug aber in der letzten Runde zurück.",
    "en": ENGLISH,
    "es": "Fernando Alonso terminó tercero el domingo en el Gran Premio de São Paulo. El español "
    "había sido adelantado en la penúltima vuelta, pero respondió en la última.",
    "fr": "Fernando Alonso a terminé troisième du Grand Prix de São Paulo dimanche. L'Espagnol "
    "avait été dépassé dans l'avant-dernier tour, mais il a répliqué dans le dernier.",
    "it": "Fernando Alonso ha chiuso terzo domenica nel Gran Premio di San Paolo. Lo spagnolo era "
    "stato superato al penultimo giro, ma ha risposto all'ultimo.",
    "nl": "Fernando Alonso werd zondag derde in de Grote Prijs van São Paulo. De Spanjaard was in "
    "de voorlaatste ronde ingehaald, maar sloeg in de laatste ronde terug.",
    "pt": "Fernando Alonso terminou em terceiro no domingo no Grande Prêmio de São Paulo. O "
    "espanhol tinha sido ultrapassado na penúltima volta, mas respondeu na última.",
}
SWEDISH = (
    "Fernando Alonso slutade trea i São Paulos Grand Prix på söndagen. Spanjoren hade blivit "
    "omkörd på det näst sista varvet, men slog tillbaka på det sista varvet och tog pallplatsen."
)
PAGE = """<!doctype html><html lang="en"><head><title>Alonso beats Pérez | A site</title>
<meta property="og:title" content="Alonso beats Pérez">
<meta property="article:published_time" content="2023-11-06T10:00:00Z">
<script>document.write("Hamilton won by 30 seconds from Russell")</script>
<style>p { color: red }</style></head>
<body onload="steal()"><nav><a href="/">Home</a><a href="/f1">Formula 1</a></nav>
<article><h1>Alonso beats Pérez</h1>
<p>Fernando Alonso finished <b>third</b> in the São&nbsp;Paulo Grand Prix,
0.053 seconds ahead of <a href="javascript:alert(1)">Sergio Pérez</a>.</p>
<script>alert("Verstappen retired")</script>
<p>Max Verstappen won the 71-lap race, which was his seventeenth win of the season.</p>
<img src="http://127.0.0.1:1/never.png"><iframe src="http://127.0.0.1:1/"></iframe>
</article><footer>Copyright 2019, all rights reserved</footer></body></html>"""


def test_a_plain_text_with_a_head() -> None:
    article = read(f"source: somewhere\ndate: 2023-11-06\n\n{ENGLISH}".encode())
    assert article.text == ENGLISH
    assert (article.date, article.source, article.lang) == (date(2023, 11, 6), "somewhere", "en")
    assert article.kind == "text"


def test_what_the_head_does_not_know_is_unknown() -> None:
    article = read(f"source: unknown\ndate: unknown\n\n{ENGLISH}")
    assert (article.date, article.source) == (None, "")


def test_a_first_line_with_a_colon_is_no_head() -> None:
    text = "Monza: Verstappen won the race in Italy.\n\nHe did so from second on the grid."
    assert read(text, lang="en").text == text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_languages(lang: str) -> None:
    assert read(SAID[lang]).lang == lang


def test_a_language_without_a_grammar() -> None:
    with pytest.raises(NotEnoughDataError, match="Swedish") as caught:
        read(SWEDISH)
    assert "nl" in caught.value.hint
    assert read(SWEDISH, lang="nl").lang == "nl"


def test_a_language_that_is_asked_for_without_a_grammar() -> None:
    with pytest.raises(ArgumentError, match="'sv'"):
        read(ENGLISH, lang="sv")
    assert read(SAID["nl"], lang="en-GB").lang == "en"


def test_the_language_of_the_head_goes_before_the_guess() -> None:
    assert read(f"lang: nl\n\n{ENGLISH}").lang == "nl"
    assert read(f"lang: sv\n\n{ENGLISH}").lang == "en"


def test_a_web_page() -> None:
    article = read(PAGE.encode(), name="page.html")
    assert article.text.split("\n\n")[-2:] == [
        "Fernando Alonso finished third in the São Paulo Grand Prix, 0.053 seconds ahead of "
        "Sergio Pérez.",
        "Max Verstappen won the 71-lap race, which was his seventeenth win of the season.",
    ]
    assert (article.title, article.date) == ("Alonso beats Pérez", date(2023, 11, 6))
    for hidden in ("Hamilton", "retired", "steal", "color", "Copyright", "Home"):
        assert hidden not in article.text


def test_a_web_page_without_a_name() -> None:
    assert read(PAGE).kind == "html"


def test_a_page_of_scripts_alone_has_no_text() -> None:
    page = "<html><body>" + "<script>var win = 'Alonso won';</script>" * 2_000 + "</body></html>"
    with pytest.raises(UnreadableError, match="no text"):
        read(page, name="page.html")


def test_a_page_in_another_encoding() -> None:
    page = PAGE.replace("<head>", '<head><meta charset="iso-8859-1">')
    assert "Pérez" in read(page.encode("iso-8859-1")).text


def test_markdown() -> None:
    text = (
        "---\ntitle: 'Brazil'\ndate: 2023-11-05\n---\n# Alonso *third*\n\n"
        "**Alonso** was [third](http://example.org 'x') on Sunday,\nahead of `Pérez`.\n\n"
        "- Verstappen won\n- Norris was second\n\n```\ncode()\n```\n\n"
        "> It was great.\n\n<script>run()</script>\n\n![a picture](x.png)\n"
    )
    article = read(text, name="a.md", lang="en")
    assert article.text.split("\n\n") == [
        "Alonso third",
        "Alonso was third on Sunday, ahead of Pérez.",
        "Verstappen won",
        "Norris was second",
        "It was great.",
    ]
    assert (article.title, article.date) == ("Brazil", date(2023, 11, 5))


def test_lines_broken_to_fit_a_page_are_made_whole() -> None:
    text = (
        "The race\n"
        "Alonso finished third in the São Paulo Grand Prix on Sunday, ahead of\n"
        "Pérez by a very small margin.\nVerstappen won."
    )
    assert read(text, lang="en").text.split("\n\n") == [
        "The race",
        "Alonso finished third in the São Paulo Grand Prix on Sunday, ahead of "
        "Pérez by a very small margin.",
        "Verstappen won.",
    ]


@pytest.mark.parametrize(
    ("written", "lang", "meant"),
    [
        ("5 November 2023", "en", date(2023, 11, 5)),
        ("zondag 5 november 2023", "nl", date(2023, 11, 5)),
        ("5 de noviembre de 2023", "es", date(2023, 11, 5)),
        ("Sun, 05 Nov 2023 21:00:00 GMT", "en", date(2023, 11, 5)),
        ("November", "en", None),
        ("2023-13-45", "en", None),
        ("soon", "en", None),
    ],
)
def test_dates_as_people_write_them(written: str, lang: str, meant: date | None) -> None:
    assert read(f"date: {written}\n\n{SAID[lang]}").date == meant


def test_a_date_that_is_given_goes_before_that_of_the_article() -> None:
    given_date = date(2023, 11, 20)
    assert read(f"date: 2023-11-05\n\n{ENGLISH}", date=given_date).date == given_date


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "iso-8859-15"])
def test_encodings(encoding: str) -> None:
    assert read((ENGLISH * 3).encode(encoding)).text == ENGLISH * 3


@pytest.mark.parametrize(
    "data", [b"", b"   \n\n", b"\xef\xbb\xbf", b"123 456 ...", b"date: 2023-11-05"]
)
def test_nothing_to_read(data: bytes) -> None:
    with pytest.raises(UnreadableError, match=r"^article\.txt has no text"):
        read(data, name="article.txt")


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\n\x00\x01\x02",
        b"\x89PNG\r\n\x1a\n\x00\x00",
        bytes(i * i % 251 for i in range(5_000)),
        bytes(range(1, 32)) * 50,
    ],
    ids=["pdf", "png", "noise", "control"],
)
def test_binary(data: bytes) -> None:
    with pytest.raises(UnreadableError, match=r"binary|PDF|picture"):
        read(data, name="a.txt")


def test_more_than_an_article() -> None:
    with pytest.raises(UnreadableError, match="too large"):
        read(b"x" * (LARGEST_FILE + 1))
    with pytest.raises(UnreadableError, match="too long"):
        read("It was a dark and stormy night. " * (LONGEST_ARTICLE // 30))


def test_a_document_of_another_kind_is_named() -> None:
    for data, what in ((b"%PDF-1.7\n%abc\n", "a PDF"), (b"PK\x03\x04abc", "packed document")):
        with pytest.raises(UnreadableError, match=what) as caught:
            read(data, name="article")
        assert "save it as text" in caught.value.hint


@given(st.one_of(st.text(max_size=300), st.binary(max_size=300)))
def test_anything_is_an_article_or_one_of_our_errors(data: str | bytes) -> None:
    try:
        article = read(data)
    except RacecraftError:
        return
    assert article.text == article.text.strip()
    assert article.lang in LANGUAGES
