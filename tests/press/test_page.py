"""The words of an article out of the page around it."""

from __future__ import annotations

import sys

import pytest

from racecraft.errors import NotEnoughDataError
from racecraft.press.intake.page import of_html

PROSE = [
    "Fernando Alonso finished third in São Paulo on Sunday, 0.053 seconds ahead of Sergio Pérez, "
    "after a fight that had gone on for twenty laps and was not over until the line.",
    "It was the closest finish of the season, and the Spaniard said that he had thought that it "
    "was gone when the Mexican passed him with two laps to go.",
    "Max Verstappen won the race from pole and is now 266 points ahead of his team-mate, with two "
    "races of the season left to be run.",
]
SHORT = ["Verstappen 524", "Pérez 258"]
OTHERS = {
    "aside": "<aside><p>Hamilton wins his third race in a row in the rain.</p></aside>",
    "comments": "<div class='post-comments'><p>Hamilton should have won this race, and everybody "
    "who was there on the day knows that he was robbed of it.</p></div>",
    "cookies": "<div id='cookie-banner'><p>We and our 842 partners use cookies, and by going on "
    "you agree that they are stored on the device that you read this with.</p></div>",
    "figures": "<table><tr><th>Place</th><th>Driver</th></tr><tr><td>1</td><td>Hamilton</td></tr>"
    "</table>",
    "hidden": "<div style='display: none'><p>Hamilton won, said the page to those who do not see "
    "it, and that was the end of it for all of them.</p></div>",
    "links": "<ul><li><a href='/a'>Hamilton wins in Brazil</a></li></ul>",
    "script": "<script>write('Hamilton won by 30 seconds')</script>",
}


def page(inside: str, *, head: str = "", beside: str = "") -> str:
    story = "".join(f"<p>{each}</p>" for each in PROSE)
    return (
        f"<html><head><title>Alonso third | A site</title>{head}</head><body><nav><a>Home</a></nav>"
        f"<div class='x'><h1>Alonso third</h1>{story}{inside}</div>{beside}</body></html>"
    )


@pytest.mark.parametrize("name", sorted(OTHERS))
@pytest.mark.parametrize("where", ["beside", "inside"])
def test_what_stands_beside_an_article_is_left_out(name: str, where: str) -> None:
    whole = page(OTHERS[name]) if where == "inside" else page("", beside=OTHERS[name])
    heading, text = of_html(whole)
    assert heading.title == "Alonso third"
    assert text.split("\n\n") == ["Alonso third", *PROSE]


def test_a_list_in_an_article_is_read() -> None:
    rows = "".join(f"<li>{each}</li>" for each in SHORT)
    _, text = of_html(page(f"<ul>{rows}</ul>"))
    assert text.split("\n\n")[-2:] == SHORT


def test_a_page_laid_out_as_a_table_is_read() -> None:
    cells = f"<td><a href='/'>Home</a></td><td>{''.join(f'<p>{each}</p>' for each in PROSE)}</td>"
    _, text = of_html(f"<html><body><table><tr>{cells}</tr></table></body></html>")
    assert text.split("\n\n") == PROSE


@pytest.mark.parametrize(
    "head",
    [
        "<meta name='date' content='2023-11-06'>",
        "<meta property='article:published_time' content='2023-11-06T10:00:00Z'>",
        '<script type="application/ld+json">{"@graph": [{"datePublished": "2023-11-06"}]}</script>',
        '<script type="application/ld+json">{"no": </script><meta name=date content=2023-11-06>',
    ],
)
def test_the_day_that_a_page_declares(head: str) -> None:
    assert of_html(page("", head=head))[0].date == "2023-11-06"


def test_a_year_in_the_last_line_is_no_day() -> None:
    assert of_html(page("", beside="<footer>Copyright 2019 A site</footer>"))[0].date == ""


@pytest.mark.parametrize(
    "whole", ["<!-- nothing -->", "<html></html>", "<?xml version='1.0'?><p/>"]
)
def test_a_page_without_words(whole: str) -> None:
    assert of_html(whole)[1] == ""


def test_a_page_all_of_whose_names_are_those_of_other_parts_is_read_all_the_same() -> None:
    _, text = of_html(page("").replace("class='x'", "class='widget'"))
    assert text.split("\n\n")[-3:] == PROSE


@pytest.mark.parametrize("library", ["lxml", "lxml_html_clean"])
def test_a_library_that_was_left_out_is_named_with_its_extra(
    monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(NotEnoughDataError) as refused:
        of_html(f"<html><body><p>{PROSE[0]}</p></body></html>")
    assert "racecraft[press]" in refused.value.hint


def test_a_page_of_many_layers_is_read() -> None:
    page = f"<html><body>{'<div>' * 900}<p>{PROSE[0]}</p>{'</div>' * 900}</body></html>"
    assert of_html(page)[1] == PROSE[0]
