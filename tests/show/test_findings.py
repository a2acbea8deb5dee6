"""Verdicts for eyes, and the page that marks them in the article."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from own_press import ARTICLE, FINDINGS, TEXT
from racecraft.press.intake.article import Article
from racecraft.press_old.finding import FINDINGS as TABLE
from racecraft.press_old.finding import Finding
from racecraft.show.findings import checked_json, checked_rows, checked_text, summary
from racecraft.show.findings_page import checked_page
from racecraft.show.printable import on_screen
from racecraft.show.text import Page


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


def test_a_sentence_and_the_verdicts_on_it() -> None:
    text = checked_text(ARTICLE, FINDINGS, Page(None))
    assert text.splitlines() == [
        "Alonso <beats> Pérez, 6 November 2023, English",
        "",
        FINDINGS[0].sentence,
        "  ✓ Fernando Alonso: finished third",
        "    Alonso was classified third.",
        "  ✓ Fernando Alonso over Sergio Pérez: 0.053 s ahead "
        "(helped to find the race, so it proves nothing)",
        "    The data say 0.053.",
        "",
        FINDINGS[2].sentence,
        "  ✗ Sergio Pérez over Lewis Hamilton: 31 points ahead (as Helmut Marko says; hedged)",
        "    Pérez led Hamilton by 32 points.",
        "  ? Sergio Pérez: championship place secured",
        "    The calendar of the season is not stored. "
        "What helps: racecraft data add jolpica 2023.",
        "",
        "4 claims: 2 supported, 1 contradicted, 1 uncheckable",
    ]


def test_a_narrow_page_in_colour_without_unicode() -> None:
    text = on_screen(checked_text(ARTICLE, FINDINGS, Page(60, colour=True, unicode=False)))
    plain = re.sub(r"\x1b\[\d*m", "", text)
    assert max(map(len, plain.splitlines())) <= 60
    assert "  x Sergio Pérez over" in plain
    assert "\x1b[31m  x " in text


def test_nothing_found() -> None:
    assert checked_text(ARTICLE, [], Page(None)).endswith("No claims about a race found.")
    assert checked_json([]) == b"[]\n"
    assert checked_rows([]).is_empty()
    assert b"No claims about a race found." in checked_page(ARTICLE, [])


def test_json_is_a_list_of_objects_with_the_columns_of_the_table() -> None:
    told = json.loads(checked_json(FINDINGS))
    assert [list(row) for row in told] == [list(TABLE.schema)] * 4
    assert told[0]["evidence"][0]["position"] == 3
    assert (told[0]["value"], told[3]["found"], told[2]["attributed_to"]) == (
        3, None, "Helmut Marko",
    )  # fmt: skip


def test_rows_keep_the_promise_of_the_table() -> None:
    rows = checked_rows(FINDINGS)
    assert rows.schema == TABLE.schema
    assert json.loads(rows["evidence"][2])[1]["points"] == 226.0
    assert rows["found"].to_list() == ["3", "0.053", "32.0", None]


def test_the_page_says_what_the_article_says() -> None:
    assert Seen(checked_page(ARTICLE, FINDINGS)).words == TEXT


def test_claims_are_marked_where_they_stand() -> None:
    page = checked_page(ARTICLE, FINDINGS).decode()
    marks = re.findall(r'<mark[^>]*class="(\w+)"[^>]*>(.*?)</mark>', page)
    assert marks == [
        ("supported", "Fernando Alonso finished third"),
        ("supported", "0.053 seconds ahead of Sergio Pérez"),
        ("contradicted", "Pérez leads Hamilton by an &lt;b&gt;"),
        ("contradicted", "unassailable"),
        ("contradicted", "&lt;/b&gt; 31 points"),
    ]
    assert page.count('id="claim-') == page.count('href="#claim-') == len(FINDINGS)


def test_the_page_fetches_and_runs_nothing() -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)> \"'&"
    article = Article(text=f"{evil} won.\n\n{evil}", title=evil, source=evil)
    finding = Finding(
        sentence=evil, start=0, end=len(evil), claim_type="team", subject=evil, value=evil,
        verdict="contradicted", found=evil, evidence=({evil: evil},), reason=evil,
        attributed_to=evil, hint=evil,
    )  # fmt: skip
    seen = Seen(checked_page(article, [finding]))
    known = {"html", "head", "meta", "title", "style", "body", "header", "h1", "p", "span", "main",
             "article", "aside", "ol", "li", "a", "strong", "mark", "details", "summary", "table",
             "tr", "th", "td"}  # fmt: skip
    assert {tag for tag, _ in seen.tags} <= known
    for tag, attributes in seen.tags:
        assert not any(name.startswith("on") or name == "src" for name in attributes)
        assert tag != "a" or (attributes["href"] or "").startswith("#")


@given(st.data())
def test_any_spans_leave_the_words_alone(data: st.DataObject) -> None:
    place = st.integers(0, len(TEXT))
    spans = data.draw(st.lists(st.tuples(place, place), max_size=5))
    verdict = st.sampled_from(["supported", "contradicted", "uncheckable"])
    findings = [
        Finding(
            sentence=TEXT, start=min(span), end=max(span), claim_type="team", subject="A",
            verdict=data.draw(verdict),
        )
        for span in spans
    ]  # fmt: skip
    assert Seen(checked_page(ARTICLE, findings)).words == TEXT


@pytest.mark.parametrize(("count", "said"), [(1, "1 claim: 1 supported"), (2, "2 claims: 2 supp")])
def test_summaries(count: int, said: str) -> None:
    assert summary(FINDINGS[:count]).startswith(said)
