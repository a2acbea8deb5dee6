"""The words of an article out of the web page that is around it; its scripts are only left out."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any

from racecraft.errors import NotEnoughDataError
from racecraft.press.intake.heading import Heading

if TYPE_CHECKING:
    from collections.abc import Iterator

LANGUAGES = ("English", "Dutch", "French", "German", "Italian", "Portuguese", "Spanish")
NOT_READ = frozenset(
    ("nav", "aside", "footer", "form", "script", "style", "noscript", "template", "iframe",
     "button", "select", "svg", "figcaption", "dialog")
)  # fmt: skip
# Words of the class or id of what stands beside an article, apart by spaces, lines or dashes.
BESIDE = re.compile(
    r"(?:^|[\s_-])(?:comments?|related|recirc\w*|shar(?:e\w*|ing)|social|sidebar|newsletter|"
    r"subscri\w*|signup|cookies?|consent|gdpr|banner|promo\w*|advert\w*|ads?|breadcrumbs?|nav|"
    r"navigation|menu|footer|masthead|modal|overlay|popup|outbrain|taboola|recommend\w*|"
    r"most-?(?:read|popular)|trending|widget|tags?|byline|caption|(?:read|see)-?(?:also|more))"
    r"(?:[\s_-]|$)",
    re.IGNORECASE,
)
UNSEEN = re.compile(r"display:\s*none", re.IGNORECASE)
BODY = frozenset(("html", "body", "main", "article"))  # whatever they are called, they are read
MOST_BESIDE = 0.5  # share of the words from which it is no longer beside the article
LONGEST_CELL = 70  # characters, in a table of figures
MOST_LINKS = 0.3  # share of the characters of a paragraph that is read
SHARE = 0.8  # of the good paragraphs that stand in the part of the page that is read
TITLE_PARTS = re.compile(r"\s+(?:[|»·–—-]|::?)\s+")


def of_html(page: str) -> tuple[Heading, str]:
    """Heading and main text of a web page, a line a paragraph.

    What stands beside an article goes by what it is called; jusText says which paragraphs are good
    ones; and all that stands in the smallest part of the page that has nearly all of them is read.

    Examples
    --------
    >>> page = "<html><body><script>run()</script><p>Alonso was third on Sunday.</p></body></html>"
    >>> of_html(page)[1]
    'Alonso was third on Sunday.'
    """
    try:
        import lxml_html_clean  # noqa: F401  # jusText needs it, and some pips leave it out
        from lxml import etree, html
    except ImportError as error:
        raise _not_installed() from error

    try:
        bare = re.sub(r"^\s*<\?xml[^>]*>", "", page)
        tree = html.fromstring(bare, parser=html.HTMLParser(huge_tree=True))
    except etree.ParserError:  # nothing but comments
        return Heading(), ""
    heading = Heading(title=_title(tree), date=_day(tree), source=_source(tree))
    _leave_out(tree)
    return heading, "\n\n".join(_main_text(tree))


def _title(tree: Any) -> str:
    """Title without the name of the site."""
    told = tree.xpath("string(//meta[@property='og:title']/@content)").strip()
    head = tree.xpath("normalize-space(//h1)")
    full = tree.xpath("normalize-space(//title)")
    if told or not full:
        return str(told or head)
    return str(head if head and head in full else max(TITLE_PARTS.split(full), key=len))


def _source(tree: Any) -> str:
    """Address that a page names as its own, or else the name of its site."""
    places = (
        "//link[@rel='canonical']/@href", "//meta[@property='og:url']/@content",
        "//meta[@property='og:site_name']/@content",
    )  # fmt: skip
    return next((str(found[0]).strip() for place in places if (found := tree.xpath(place))), "")


def _day(tree: Any) -> str:
    """Day of publication as the page declares it; as it is written, where it declares none."""
    declared = [
        *tree.xpath("//meta[@property='article:published_time']/@content"),
        *(day for text in tree.xpath("//script[@type='application/ld+json']/text()")
          for day in _published(text)),
        *tree.xpath("//article//time/@datetime"),
    ]  # fmt: skip
    days = (re.match(r"\s*(\d{4}-\d{2}-\d{2})", str(text)) for text in declared)
    found = next((day[1] for day in days if day), None)
    if found is not None:
        return found
    from htmldate import find_date

    return find_date(tree, extensive_search=False, original_date=True) or ""


def _published(text: str) -> Iterator[str]:
    """Days of publication in a page's own data, wherever in it they stand."""
    try:
        left = [json.loads(text)]
    except ValueError:
        return
    while left:
        value = left.pop(0)
        if isinstance(value, dict):
            if isinstance(day := value.get("datePublished"), str):
                yield day
            left += value.values()
        elif isinstance(value, list):
            left += value


def _leave_out(tree: Any) -> None:
    """Take what stands beside an article out of a page."""
    whole = len(tree.text_content()) or 1
    for part in list(tree.iter()):
        if not isinstance(part.tag, str) or part.tag in BODY or part.getparent() is None:
            continue
        if part.tag in ("script", "style", "noscript", "template") or (
            _is_beside(part) and len(part.text_content()) < MOST_BESIDE * whole
        ):
            part.drop_tree()


def _is_beside(part: Any) -> bool:
    called = " ".join((part.get("class", ""), part.get("id", ""), part.get("role", "")))
    if part.tag in NOT_READ or part.get("hidden") is not None or BESIDE.search(called):
        return True
    if part.get("aria-hidden") == "true" or UNSEEN.search(part.get("style", "")):
        return True
    return part.tag == "table" and all(
        len(cell.text_content().strip()) < LONGEST_CELL for cell in part.iter("td", "th")
    )


def _main_text(tree: Any) -> list[str]:
    """Paragraphs of the part of a page that has nearly all good ones, without lists of links."""
    from justext.core import (
        ParagraphMaker,
        classify_paragraphs,
        revise_paragraph_classification,
    )

    every = ParagraphMaker.make_paragraphs(tree)
    classify_paragraphs(every, _small_words())
    revise_paragraph_classification(every)
    few = [each for each in every if each.links_density() <= MOST_LINKS]
    good = [each for each in few if each.class_type == "good"] or few
    around = _part_with(good)
    return [each.text for each in few if f"{each.xpath}/".startswith(f"{around}/")]


def _part_with(paragraphs: list[Any]) -> str:
    """Path of the smallest part of a page in which nearly all of these stand."""
    weights: Counter[str] = Counter()
    for each in paragraphs:
        steps = each.xpath.split("/")
        for n in range(1, len(steps)):
            weights["/".join(steps[:n])] += len(each.text)
    total = sum(len(each.text) for each in paragraphs)
    wide = [path for path, weight in weights.items() if weight >= SHARE * total]
    return max(wide, key=lambda path: path.count("/"), default="")


@cache
def _small_words() -> frozenset[str]:
    """Small words of the languages that articles are read in, by which a sentence is known."""
    from justext import get_stoplist

    return frozenset(word.lower() for name in LANGUAGES for word in get_stoplist(name))


def _not_installed() -> NotEnoughDataError:
    return NotEnoughDataError(
        "what reads web pages is not installed", hint="pip install 'racecraft[press]'"
    )
