"""A report that was written, with a head that says what it is; it can be read again as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.show.text import wrapped

if TYPE_CHECKING:
    from racecraft.press.intake.article import Article
    from racecraft.show.page import Page

PARAGRAPH = "\n\n"


def article_text(article: Article, page: Page) -> str:
    """Head of a report, and its paragraphs in lines that fit the page.

    Examples
    --------
    >>> from racecraft.press.intake.article import Article
    >>> from racecraft.show.page import Page
    >>> print(article_text(Article(text="Alonso was third.", title="Brazil"), Page(None)))
    title: Brazil
    lang: en
    <BLANKLINE>
    Alonso was third.
    """
    head = {"title": article.title, "date": article.date, "lang": article.lang}
    lines = [f"{name}: {value}" for name, value in head.items() if value]
    paragraphs = (wrapped(paragraph, page) for paragraph in article.text.split(PARAGRAPH))
    return PARAGRAPH.join(["\n".join(lines), *paragraphs])


def article_object(article: Article) -> dict[str, object]:
    """A report as one object."""
    return {
        "title": article.title,
        "date": article.date,
        "lang": article.lang,
        "text": article.text,
    }
