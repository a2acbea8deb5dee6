"""Markup taken off: the words of an article without the page around them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from racecraft.errors import NotEnoughDataError
from racecraft.press.intake.heading import Heading

if TYPE_CHECKING:
    from markdown_it.token import Token

HTML_BEGINS = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(?:!doctype|html|head|body)\b",
                         re.IGNORECASE | re.DOTALL)  # fmt: skip
HTML_WITHIN = re.compile(r"<(p|div|article|h1|script)\b[^>]*>.*?</\1>", re.IGNORECASE | re.DOTALL)
MARKDOWN = re.compile(r"^#{1,6} \S|^[-=]{3,}$|\*\*\S|\]\(\S+\)", re.MULTILINE)
BEGINNING = 20_000  # characters of a file by which it shows what it is


def looks_like_html(text: str) -> bool:
    """Whether a text without a telling name is a web page."""
    beginning = text[:BEGINNING]
    return bool(HTML_BEGINS.match(beginning) or HTML_WITHIN.search(beginning))


def looks_like_markdown(text: str) -> bool:
    """Whether a text without a telling name is Markdown."""
    return bool(MARKDOWN.search(text[:BEGINNING]))


def of_html(page: str) -> tuple[Heading, str]:
    """Heading and main text of a web page, a line a paragraph; its scripts are only left out.

    Examples
    --------
    >>> page = "<html><body><script>run()</script><p>Alonso was third on Sunday.</p></body></html>"
    >>> of_html(page)[1]
    'Alonso was third on Sunday.'
    """
    try:
        from trafilatura import bare_extraction
    except ImportError as error:
        raise NotEnoughDataError(
            "what reads web pages is not installed", hint="pip install 'racecraft[press]'"
        ) from error

    found = bare_extraction(
        page,
        with_metadata=True,
        include_comments=False,
        include_tables=False,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    if found is None or isinstance(found, dict):
        return Heading(), ""
    heading = Heading(
        title=found.title or "", date=found.date or "", source=found.url or found.sitename or ""
    )
    lines = (line.removeprefix("- ") for line in (found.text or "").split("\n"))
    return heading, "\n\n".join(lines)


def of_markdown(text: str) -> str:
    r"""Words of a Markdown text, paragraphs apart by an empty line; code and pictures are left out.

    Examples
    --------
    >>> of_markdown("# Brazil\n\n**Alonso** was [third](https://example.org).")
    'Brazil\n\nAlonso was third.'
    """
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(text)
    blocks = (_words(token.children or []) for token in tokens if token.type == "inline")
    return "\n\n".join(block for block in blocks if block.strip())


def _words(tokens: list[Token]) -> str:
    """Words of one block: text and code as they stand, a broken line made whole."""
    said = {"text", "code_inline"}
    parts = (
        token.content if token.type in said else " " if token.type.endswith("break") else ""
        for token in tokens
    )
    return "".join(parts)
