"""Markup taken off: the words of an article without the page around them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

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
