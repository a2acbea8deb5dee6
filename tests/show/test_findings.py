"""Verdicts for eyes, and the page that marks them in the article."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from own_press import ARTICLE, CHECKED, FINDINGS, TEXT
from racecraft.press.finding import About, Checked, Finding
from racecraft.press.findings_table import FINDINGS as TABLE
from racecraft.press.intake.article import Article
from racecraft.show.findings import (
    NOTHING_WRONG,
    WRONG,
    checked_json,
    checked_rows,
    checked_text,
    corrections,
    perhaps,
    sources,
    summary,
)
from racecraft.show.findings_page import checked_page
from racecraft.show.page import Page
from racecraft.show.printable import on_screen


class Seen(HTMLParser):
    """What a browser makes of a page."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.within: list[str] = []
        self.words = ""  # of the article, without the numbers of its notes
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag != "meta":
            self.within.append(tag)
        if tag == "p" and "article" in self.within and self.words:
            self.words += "\n\n"

    def handle_endtag(self, tag: str) -> None:
        assert self.within.pop() == tag

    def handle_data(self, data: str) -> None:
        if "article" in self.within and "a" not in self.within:
            self.words += data


def test_what_is_wrong_comes_first_and_ticks_are_folded() -> None:
    text = checked_text(ARTICLE, CHECKED, Page(None))
    assert text.splitlines() == [
        "Taken to be about the 2023 São Paulo Grand Prix: Sunday.",
        "",
        "Alonso <beats> Pérez, 6 November 2023, English",
        "",
        "Wrong, by the data",
        "",
        FINDINGS[2].sentence,
        "  ✗ Sergio Pérez over Lewis Hamilton: 31 points ahead (as Helmut Marko says)",
        "    Pérez led Hamilton by 32 points.",
        "    standings: driver PER, points 258 (1 more row)",
        "    read as: Sergio Pérez over Lewis Hamilton; 31 points ahead; 2023 (80% sure)",
        "",
        "More could be checked after: racecraft data add jolpica 2023",
        "",
        "4 claims: 1 wrong, 2 agree, 0 unclear, 1 cannot be checked",
    ]
    everything = checked_text(ARTICLE, CHECKED, Page(None), everything=True)
    assert "  ✓ Fernando Alonso: finished third\n    Alonso was classified third." in everything
    assert "(helped to find the race, so it proves nothing)" in everything
    assert "  · Sergio Pérez: championship place secured" in everything


def test_what_is_likely_wrong_is_shown_and_what_is_unclear_is_not() -> None:
    likely = replace(FINDINGS[2], verdict="unclear", leaning="contradicted", confidence=0.6)
    doubtful = replace(likely, confidence=0.1, claim="nobody knows")
    otherwise = replace(likely, confidence=0.9, claim="true in another sense", open=True)
    assert perhaps(Checked((likely, doubtful, otherwise))) == (likely,)
    text = checked_text(ARTICLE, Checked((likely, doubtful)), Page(None))
    assert "Perhaps wrong, or misread" in text
    assert "  ? Sergio Pérez over Lewis Hamilton: 31 points ahead" in text
    assert "nobody knows" not in text
    assert text.startswith("No race is assumed")
    page = checked_page(ARTICLE, Checked((likely, doubtful))).decode()
    assert page.index("Perhaps wrong") < page.index("1 unclear</summary>") < page.index("nobody kn")
    assert page.count("<mark") == 1
    assert "1 perhaps wrong, 0 agree, 1 unclear" in text


def test_the_race_assumed_is_said_with_its_doubt() -> None:
    about = About(
        name="2023 Qatar Grand Prix", reasons=("a, b",), runner_up="2024 Qatar Grand Prix"
    )
    assert about.sentence == (
        "Perhaps about the 2023 Qatar Grand Prix: a, b; it may be about the 2024 Qatar Grand Prix."
        " --event says which."
    )
    assert "as you said" in replace(about, given=True).sentence


def test_a_draft_of_corrections() -> None:
    draft = corrections(ARTICLE, CHECKED)
    assert draft.startswith("# Corrections: Alonso <beats> Pérez\n\nTaken to be about")
    assert f"> {FINDINGS[2].sentence}" in draft
    assert "- The data say: Pérez led Hamilton by 32 points." in draft
    assert "- Source: standings: driver HAM, points 226." in draft
    assert FINDINGS[0].sentence not in draft
    assert "Nothing in it is wrong" in corrections(ARTICLE, Checked())


def test_a_sentence_with_several_claims_is_shown_once() -> None:
    two = replace(FINDINGS[2], claim="Lewis Hamilton: 227 points")
    checked = Checked((FINDINGS[2], two))
    for told in (checked_text(ARTICLE, checked, Page(None)), corrections(ARTICLE, checked)):
        assert told.count(FINDINGS[2].sentence) == 1
        assert told.count("Pérez led Hamilton by 32 points.") == 2
    rows = tuple({"table": "results", "round": n} for n in range(5))
    draft = corrections(ARTICLE, Checked((replace(two, evidence=rows),)))
    assert "- The article says: Lewis Hamilton, 227 points.\n" in draft
    assert draft.count("- Source: results: round") == 2
    assert "- Source: results: round 1 (3 more rows).\n" in draft


def test_a_position_is_not_given_twice() -> None:
    rows = ({"table": "results", "position": 6, "position_text": "6"},
            {"table": "results", "position": None, "position_text": "R"})  # fmt: skip
    found = sources(replace(FINDINGS[0], evidence=rows))
    assert found == ["results: position 6", "results: position text R"]


def test_a_narrow_page_in_colour_without_unicode() -> None:
    text = on_screen(checked_text(ARTICLE, CHECKED, Page(60, colour=True, unicode=False)))
    plain = re.sub(r"\x1b\[\d*m", "", text)
    assert max(map(len, plain.splitlines())) <= 60
    assert "  x Sergio Pérez over" in plain
    assert "\x1b[31m  x " in text


def test_nothing_found() -> None:
    assert checked_text(ARTICLE, Checked(), Page(None)).endswith("No claims about a race found.")
    assert len(json.loads(checked_json(Checked()))) == 1
    assert checked_rows(Checked()).is_empty()
    assert b"No claims about a race found." in checked_page(ARTICLE, Checked())


def test_json_is_a_list_of_objects_with_the_columns_of_the_table() -> None:
    first, *told = json.loads(checked_json(CHECKED))
    assert [list(row) for row in (first, *told)] == [list(TABLE.schema)] * 5
    assert (first["claim_type"], first["subject"]) == ("about", "2023 São Paulo Grand Prix")
    assert told[0]["evidence"][0]["position"] == 3
    assert (told[0]["value"], told[3]["found"], told[2]["attributed_to"]) == (
        3, None, "Helmut Marko",
    )  # fmt: skip


def test_rows_keep_the_promise_of_the_table() -> None:
    rows = checked_rows(CHECKED)
    assert rows.schema == TABLE.schema
    assert json.loads(rows["evidence"][2])[1]["points"] == 226.0
    assert rows["found"].to_list() == ["3", "0.053", "32.0", None]


def test_the_page_says_what_the_article_says() -> None:
    assert Seen(checked_page(ARTICLE, CHECKED)).words == TEXT


def test_claims_are_marked_where_they_stand() -> None:
    page = checked_page(ARTICLE, CHECKED).decode()
    marks = re.findall(r'<mark[^>]*class="(\w+)"[^>]*>(.*?)</mark>', page)
    assert marks == [
        ("supported", "Fernando Alonso finished third"),
        ("supported", "0.053 seconds ahead of Sergio Pérez"),
        ("contradicted", "Pérez leads Hamilton by an &lt;b&gt;unassailable&lt;/b&gt; 31 points"),
    ]
    assert page.count('id="claim-') == page.count('href="#claim-') == 3


def test_a_page_shows_what_is_wrong_first_and_folds_the_rest() -> None:
    page = checked_page(ARTICLE, CHECKED).decode()
    said = [WRONG, f"<blockquote>{FINDINGS[2].sentence[:20]}", "2 agree with the data</summary>"]
    assert [page.index(each) for each in said] == sorted(page.index(each) for each in said)
    assert 'id="claim-1"' in page[: page.index("2 agree with the data</summary>")]
    assert "1 cannot be checked</summary>" in page
    assert NOTHING_WRONG not in page
    assert NOTHING_WRONG in checked_page(ARTICLE, Checked(FINDINGS[:1])).decode()


def test_the_page_fetches_and_runs_nothing() -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)> \"'&"
    article = Article(text=f"{evil} won.\n\n{evil}", title=evil, source=evil)
    finding = Finding(
        sentence=evil, start=0, end=len(evil), claim_type="team", subject=evil, value=evil,
        verdict="contradicted", found=evil, evidence=({evil: evil},), reason=evil,
        attributed_to=evil, hint=evil,
    )  # fmt: skip
    seen = Seen(checked_page(article, Checked((finding,))))
    known = {"html", "head", "meta", "title", "style", "body", "header", "h1", "h2", "p", "span",
             "main", "article", "aside", "blockquote", "ol", "li", "a", "strong", "mark", "details",
             "summary", "table", "tr", "th", "td"}  # fmt: skip
    assert {tag for tag, _ in seen.tags} <= known
    for tag, attributes in seen.tags:
        assert not any(name.startswith("on") or name == "src" for name in attributes)
        assert tag != "a" or (attributes["href"] or "").startswith("#")


@given(st.data())
def test_any_spans_leave_the_words_alone(data: st.DataObject) -> None:
    place = st.integers(0, len(TEXT))
    spans = data.draw(st.lists(st.tuples(place, place), max_size=5))
    verdict = st.sampled_from(["supported", "contradicted", "uncheckable"])
    findings = tuple(
        Finding(
            sentence=TEXT, start=min(span), end=max(span), claim_type="team", subject="A",
            verdict=data.draw(verdict),
        )
        for span in spans
    )  # fmt: skip
    assert Seen(checked_page(ARTICLE, Checked(findings))).words == TEXT


@pytest.mark.parametrize(
    ("count", "said"), [(1, "1 claim: 0 wrong, 1 agree"), (2, "2 claims: 0 wrong, 2")]
)
def test_summaries(count: int, said: str) -> None:
    assert summary(Checked(FINDINGS[:count])).startswith(said)
