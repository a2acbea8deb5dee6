"""Articles as they come: plain text, Markdown or a web page, in one of the languages we read."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from importlib import resources
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from racecraft.errors import ArgumentError, NotEnoughDataError, UnreadableError
from racecraft.press.intake.heading import Heading, dateline, heading_of, read_date
from racecraft.press.intake.markup import looks_like_html, looks_like_markdown, of_markdown
from racecraft.press.intake.page import of_html
from racecraft.press.lexicon.guess import guess
from racecraft.press.lexicon.vocabulary import languages

if TYPE_CHECKING:
    from datetime import date

LANGUAGES = languages()
LARGEST_FILE = 3_000_000  # bytes; a web page with all its scripts rarely has two million
LONGEST_ARTICLE = 200_000  # characters; the longest race reports have a tenth of that
SURE_FROM = 120  # letters from which the language of a text can be told from all others
BEGINNING = 20_000  # characters of a text that tell its language
FEWEST_WORDS = 15  # different ones, below which it cannot, however often they are repeated
BROKEN = (40, 120)  # characters of the pages that lines are broken to fit
MOST_CONTROL = 0.01  # share of control characters that a text may have
DOCUMENTS = {
    b"%PDF-": "a PDF", b"PK\x03\x04": "a packed document, as those of a word processor are",
    b"{\\rtf": "RTF", b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture", b"GIF8": "a picture",
}  # fmt: skip
AS_TEXT = "save it as text or HTML"

Kind = Literal["text", "markdown", "html"]
ENDINGS: dict[str, Kind] = {
    "htm": "html", "html": "html", "xhtml": "html", "md": "markdown", "markdown": "markdown",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article: its words, paragraph by paragraph, and what is known about it.

    Paragraphs of ``text`` are apart by an empty line. ``date`` is the day it was published, None
    where neither the article nor its reader says so; ``lang`` an ISO 639-1 code.
    """

    text: str
    title: str = ""
    date: date | None = None
    lang: str = "en"
    source: str = ""
    kind: Kind = "text"
    name: str = ""


def read(
    data: bytes | str,
    *,
    name: str = "",
    date: date | None = None,
    lang: str | None = None,
) -> Article:
    r"""Article in a file: its main text without markup, its date and its language.

    Nothing in it is executed or fetched. What comes before the text as ``key: value``, or between
    two lines of dashes, is read for its date, title, language and source.

    Parameters
    ----------
    data
        Content of the file; bytes are UTF-8, or what they look like.
    name
        Name of the file, for its ending and for errors.
    date
        Day it was published, in place of what it says itself.
    lang
        Its language, in place of the one that it seems to be in.

    Raises
    ------
    UnreadableError
        There is no text in it, or more than an article has.
    NotEnoughDataError
        It is in a language that there is no grammar for.
    ArgumentError
        There is no grammar for ``lang``.

    Notes
    -----
    The language is told by naive Bayes over byte n-grams, as in langid.py (py3langid).

    Examples
    --------
    >>> article = read("date: 2023-11-05\n\nAlonso finished third in the race.", lang="en")
    >>> article.text, article.date
    ('Alonso finished third in the race.', datetime.date(2023, 11, 5))
    """
    called = name or "the article"
    known = _known(lang)
    if len(data) > LARGEST_FILE:
        raise UnreadableError(
            f"{called} is too large: {len(data):,} bytes; "
            f"expected an article of at most {LARGEST_FILE:,}",
            path=name,
        )
    raw = _clean(data if isinstance(data, str) else _decoded(data, called), called)
    kind = _kind(raw, name)
    heading, text = _without_markup(raw, kind, called)
    text = _paragraphs(text)
    _check(text, called)
    told = known or _known_or_none(heading.lang) or _language(text, called)
    return Article(
        text=text,
        title=heading.title,
        date=date or read_date(heading.date, told) or dateline(text, told),
        lang=told,
        source=heading.source,
        kind=kind,
        name=name,
    )


def _without_markup(raw: str, kind: Kind, called: str) -> tuple[Heading, str]:
    """Heading and words of an article; of too much text nothing is parsed."""
    if kind == "html":
        return of_html(raw)
    _check_length(raw, called)
    heading, text = heading_of(raw)
    return heading, of_markdown(text) if kind == "markdown" else text


def _known(lang: str | None) -> str | None:
    if lang is None:
        return None
    if (code := _known_or_none(lang)) is None:
        raise ArgumentError(
            f"no grammar for the language {lang!r}", hint=f"one of {', '.join(LANGUAGES)}"
        )
    return code


def _known_or_none(lang: str) -> str | None:
    """Code of a language we read, whatever the region: ``en`` of ``en-GB``."""
    code = lang.strip().lower().replace("_", "-").split("-")[0]
    return code if code in LANGUAGES else None


def _decoded(data: bytes, called: str) -> str:
    for begins, what in DOCUMENTS.items():
        if data.startswith(begins):
            raise UnreadableError(
                f"{called} is {what}; expected text, Markdown or HTML", hint=AS_TEXT, path=called
            )
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    if b"\0" in data:
        raise _binary(called)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        guessed = _guessed(data)
        if guessed is None:
            raise UnreadableError(
                f"{called} cannot be decoded at byte {error.start}; expected text in UTF-8",
                path=called,
            ) from error
        return guessed


def _binary(called: str) -> UnreadableError:
    return UnreadableError(
        f"{called} is binary; expected text, Markdown or HTML", hint=AS_TEXT, path=called
    )


def _guessed(data: bytes) -> str | None:
    """Text in the encoding that it declares or looks like; None if in no likely one."""
    try:
        from charset_normalizer import from_bytes
    except ImportError as error:
        raise _not_installed() from error

    best = from_bytes(data[:100_000]).best()
    return None if best is None else data.decode(best.encoding, "replace")


def _clean(text: str, called: str) -> str:
    """Text composed, its lines ended alike, and without characters that nobody sees."""
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    plain = plain.translate(_UNSEEN)
    control = sum(plain.count(chr(code)) for code in _CONTROL)
    if control > MOST_CONTROL * len(plain):
        raise _binary(called)
    return plain.translate(dict.fromkeys(_CONTROL))


_CONTROL = tuple({*range(32), *range(0x7F, 0xA0)} - {ord("\n"), ord("\t")})
_UNSEEN = {
    0x00AD: None, 0x200B: None, 0x200E: None, 0x200F: None, 0x2060: None, 0xFEFF: None,
    0x00A0: " ", 0x2009: " ", 0x202F: " ", ord("\t"): " ", 0x2028: "\n", 0x2029: "\n",
}  # fmt: skip


def _kind(text: str, name: str) -> Kind:
    ending = ENDINGS.get(name.rpartition(".")[2].lower()) if "." in name else None
    if ending is not None:
        return ending
    if looks_like_html(text):
        return "html"
    return "markdown" if looks_like_markdown(text) else "text"


def _paragraphs(text: str) -> str:
    """Paragraphs apart by one empty line; lines that were broken to fit a page made whole."""
    found = []
    for block in re.split(r"\n\s*\n", text):
        lines = [line.strip() for line in block.strip().split("\n")]
        width = max(map(len, lines))
        whole = lines[:1]
        for before, line in pairwise(lines):
            if _was_broken(before, line, width):
                whole[-1] += f" {line}"
            else:
                whole.append(line)
        found += [line for line in whole if line]
    return "\n\n".join(found)


def _was_broken(line: str, following: str, width: int) -> bool:
    """Whether a line ends because the next word did not fit on the page."""
    narrowest, widest = BROKEN
    next_word = following.partition(" ")[0]
    return narrowest <= width <= widest and len(line) + 1 + len(next_word) > width


def _check(text: str, called: str) -> None:
    if not any(map(str.isalpha, text)):
        raise UnreadableError(f"{called} has no text; expected an article", path=called)
    _check_length(text, called)


def _check_length(text: str, called: str) -> None:
    if len(text) > LONGEST_ARTICLE:
        raise UnreadableError(
            f"{called} is too long for an article: {len(text):,} characters; "
            f"expected at most {LONGEST_ARTICLE:,}",
            hint="check it in parts",
            path=called,
        )


def _language(text: str, called: str) -> str:
    if told := guess(text):
        return told
    ranked = _ranked(text)
    best = next(lang for lang in ranked if lang in LANGUAGES)
    letters = sum(map(str.isalpha, text))
    words = set(text[:BEGINNING].lower().split())
    if ranked[0] != best and letters >= SURE_FROM and len(words) >= FEWEST_WORDS:
        raise NotEnoughDataError(
            f"{called} seems to be in {_called(ranked[0])}, which there is no grammar for",
            hint=f"racecraft reads {', '.join(LANGUAGES)}; name one with --lang if it is",
            lang=ranked[0],
        )
    return best


def _ranked(text: str) -> list[str]:
    """Codes of all languages, the likeliest first."""
    try:
        import py3langid
    except ImportError as error:
        raise _not_installed() from error

    return [lang for lang, _ in py3langid.rank(text)]


def _called(lang: str) -> str:
    """English name of a language."""
    names = resources.files("racecraft.press.intake").joinpath("language_names.toml")
    known = tomllib.loads(names.read_text("utf-8"))
    return str(known.get(lang, f"the language {lang!r}"))


def _not_installed() -> NotEnoughDataError:
    return NotEnoughDataError(
        "what reads articles is not installed", hint="pip install 'racecraft[press]'"
    )
