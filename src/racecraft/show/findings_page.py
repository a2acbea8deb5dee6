"""An article that was checked, as a page: its claims marked in place, the proof beside them.

One file without scripts, that fetches nothing. The page is built as a tree, so that whatever an
article contains comes out as text.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING
from xml.etree import ElementTree as Tree

from racecraft.press_old.finding import count_verdicts, in_words
from racecraft.show.findings import LANGUAGES, MARKS, remarks, summary, what_the_data_say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from racecraft.press.intake.article import Article
    from racecraft.press_old.claim import Judgement
    from racecraft.press_old.finding import Finding

WORST_FIRST: tuple[Judgement, ...] = ("contradicted", "uncheckable", "supported")
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
PARAGRAPH = "\n\n"

# Blue, vermilion and grey of Okabe and Ito (2008), each with a line of its own besides.
STYLE = """
:root { color-scheme: light dark; --ink: #1b1b1b; --paper: #fff; --quiet: #5c5c5c; --rule: #d9d9d9;
  --supported: #0072b2; --contradicted: #b84300; --uncheckable: #5c5c5c;
  --supported-tint: #e3f1fa; --contradicted-tint: #ffe3d1; --uncheckable-tint: #efefef; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e6e6; --paper: #16181b; --quiet: #a8a8a8;
  --rule: #3a3d42; --supported: #6cc0f0; --contradicted: #ff9a5c; --uncheckable: #b5b5b5;
  --supported-tint: #12303f; --contradicted-tint: #47230d; --uncheckable-tint: #2b2e33; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 1.5rem; color: var(--ink);
  background: var(--paper); font: 1rem/1.55 system-ui, sans-serif; }
header { border-bottom: 1px solid var(--rule); margin-bottom: 1.5rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .25rem; }
header p { margin: 0 0 .75rem; color: var(--quiet); }
main { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 2.5rem; }
@media (max-width: 52rem) { main { grid-template-columns: minmax(0, 1fr); } }
article { font: 1.125rem/1.75 Georgia, "Times New Roman", serif; overflow-wrap: anywhere; }
article p { margin: 0 0 1.1em; }
mark { color: inherit; padding: .05em .1em; border-radius: .15em; border-bottom: 2px solid; }
mark.supported { background: var(--supported-tint); border-color: var(--supported); }
mark.contradicted { background: var(--contradicted-tint); border-color: var(--contradicted);
  border-bottom-style: double; border-bottom-width: 4px; }
mark.uncheckable { background: var(--uncheckable-tint); border-color: var(--uncheckable);
  border-bottom-style: dotted; }
a.note { font: 600 .72rem/1 system-ui, sans-serif; vertical-align: super; text-decoration: none;
  padding: 0 .1em; white-space: nowrap; }
a:hover, a:focus-visible { text-decoration: underline; }
.supported > .mark, a.supported { color: var(--supported); }
.contradicted > .mark, a.contradicted { color: var(--contradicted); }
.uncheckable > .mark, a.uncheckable { color: var(--uncheckable); }
.mark { font-weight: 700; margin-right: .4em; }
header .counts { color: var(--ink); }
.counts > span { margin-right: 1.5em; white-space: nowrap; }
.counts a { margin-left: .4em; color: inherit; white-space: nowrap; }
aside ol { list-style: none; margin: 0; padding: 0; font-size: .9rem; }
aside li { border-left: 3px solid var(--rule); padding: .1rem 0 .1rem .8rem; margin-bottom: 1rem;
  overflow-wrap: anywhere; scroll-margin-top: 1rem; }
aside li.supported { border-color: var(--supported); }
aside li.contradicted { border-color: var(--contradicted); border-left-style: double;
  border-left-width: 6px; }
aside li.uncheckable { border-color: var(--uncheckable); border-left-style: dotted; }
aside li:target, mark:target { outline: 2px solid var(--ink); outline-offset: 3px; }
aside p { margin: .15rem 0; }
aside .number { color: var(--quiet); text-decoration: none; margin-right: .4em; }
aside .flags, aside summary { color: var(--quiet); }
details { margin-top: .2rem; overflow-x: auto; }
table { border-collapse: collapse; font-size: .8rem; margin: .4rem 0; }
th, td { text-align: left; padding: .1rem .6rem .1rem 0; border-bottom: 1px solid var(--rule);
  white-space: nowrap; }
th { font-weight: 600; color: var(--quiet); }
@media print { main { display: block; } }
"""


def checked_page(article: Article, findings: Sequence[Finding]) -> bytes:
    """Page of an article, each claim marked where it stands and explained beside it.

    Parameters
    ----------
    article
        What was read.
    findings
        Their spans refer to its text.
    """
    found = sorted(findings, key=lambda finding: (finding.start, finding.end))
    title = article.title or article.name or "An article, checked"
    head = _tag(
        "head",
        _tag("meta", charset="utf-8"),
        _tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        _tag("meta", {"http-equiv": "Content-Security-Policy"}, content=POLICY),
        _tag("title", f"{title}: {summary(findings)}"),
        _tag("style", STYLE),
    )
    words = _tag("article", *_paragraphs(article.text, found), lang=article.lang)
    cards = [_card(number, finding) for number, finding in enumerate(found, 1)]
    body = _tag(
        "body",
        _tag("header", _tag("h1", title), _tag("p", _facts(article)), _counts(found)),
        _tag("main", words, _tag("aside", _tag("ol", *cards), {"aria-label": "Claims"})),
    )
    page = Tree.tostring(_tag("html", head, body, lang="en"), encoding="unicode", method="html")
    return f"<!doctype html>\n{page}\n".encode("utf-8", "replace")


def _facts(article: Article) -> str:
    day = f"{article.date.day} {article.date:%B %Y}" if article.date else "date unknown"
    return " · ".join(filter(None, (article.source, day, LANGUAGES[article.lang])))


def _counts(findings: Sequence[Finding]) -> Tree.Element:
    """How many claims there are of each verdict, the key to the marks, and where to look first."""
    if not findings:
        return _tag("p", summary(findings), {"class": "counts"})
    shown = (
        _tag(
            "span",
            _tag("span", MARKS[verdict], {"class": "mark"}),
            f"{count} {verdict}",
            {"class": verdict},
        )
        for verdict, count in count_verdicts(findings).items()
    )
    wrong = (
        _tag("a", str(number), href=f"#note-{number}")
        for number, finding in enumerate(findings, 1)
        if finding.verdict == "contradicted"
    )
    return _tag("p", *shown, *_after("look at", wrong), {"class": "counts"})


def _after(words: str, links: Iterable[Tree.Element]) -> list[Tree.Element | str]:
    """Links with words before them; nothing without links."""
    found = list(links)
    return [words, *found] if found else []


def _paragraphs(text: str, findings: Sequence[Finding]) -> Iterator[Tree.Element]:
    """Paragraphs of the article, with marks and notes in them."""
    start = 0
    for paragraph in text.split(PARAGRAPH):
        end = start + len(paragraph)
        yield _tag("p", *_marked(text, start, end, findings))
        start = end + len(PARAGRAPH)


def _marked(
    text: str, start: int, end: int, findings: Sequence[Finding]
) -> Iterator[Tree.Element | str]:
    """Words of a paragraph, cut wherever a claim begins or ends."""
    numbered = list(enumerate(findings, 1))
    here = [(n, claim) for n, claim in numbered if claim.start < end and claim.end > start]
    edges = {start, end, *(e for _, c in here for e in (c.start, c.end) if start < e < end)}
    for first, last in pairwise(sorted(edges)):
        over = [claim for _, claim in here if claim.start <= first and claim.end >= last]
        yield _mark(text[first:last], over) if over else text[first:last]
        yield from (
            _note(n, claim) for n, claim in here if min(claim.end, end) == last and claim in over
        )


def _mark(words: str, claims: Sequence[Finding]) -> Tree.Element:
    verdict = min((claim.verdict for claim in claims), key=WORST_FIRST.index)
    why = "\n".join(f"{MARKS[c.verdict]} {c.claim}. {what_the_data_say(c)}" for c in claims)
    return _tag("mark", words, {"class": verdict}, title=why)


def _note(number: int, claim: Finding) -> Tree.Element:
    return _tag(
        "a",
        f"{number}{MARKS[claim.verdict]}",
        {"class": f"note {claim.verdict}"},
        href=f"#claim-{number}",
        id=f"note-{number}",
    )


def _card(number: int, finding: Finding) -> Tree.Element:
    """One claim: what is said, what the data say, and the rows that prove it."""
    claim = _tag(
        "p",
        _tag("a", str(number), {"class": "number"}, href=f"#note-{number}"),
        _tag("span", MARKS[finding.verdict], {"class": "mark"}, title=finding.verdict),
        _tag("strong", finding.claim),
        {"class": finding.verdict},
    )
    parts: list[Tree.Element] = [claim]
    if told := what_the_data_say(finding):
        parts.append(_tag("p", told))
    if flags := remarks(finding):
        parts.append(_tag("p", "; ".join(flags), {"class": "flags"}))
    if finding.evidence:
        proof = (_rows(rows) for rows in _alike(finding.evidence))
        parts.append(_tag("details", _tag("summary", "Rows that prove it"), *proof))
    return _tag("li", *parts, {"class": finding.verdict}, id=f"claim-{number}")


def _alike(rows: Sequence[Mapping[str, object]]) -> list[list[Mapping[str, object]]]:
    """Rows with the same columns together, so that each lot makes a table."""
    lots: dict[tuple[str, ...], list[Mapping[str, object]]] = {}
    for row in rows:
        lots.setdefault(tuple(row), []).append(row)
    return list(lots.values())


def _rows(rows: Sequence[Mapping[str, object]]) -> Tree.Element:
    heading = _tag("tr", *(_tag("th", name.replace("_", " ")) for name in rows[0]))
    cells = (_tag("tr", *(_tag("td", in_words(value)) for value in row.values())) for row in rows)
    return _tag("table", heading, *cells)


def _tag(
    tag: str, /, *children: Tree.Element | str | Mapping[str, str], **attributes: str
) -> Tree.Element:
    """An element with what is in it; a mapping adds attributes that Python has no name for."""
    element = Tree.Element(tag, attributes)
    last: Tree.Element | None = None
    for child in children:
        if isinstance(child, Tree.Element):
            element.append(child)
            last = child
        elif not isinstance(child, str):
            element.attrib.update(child)
        elif last is None:
            element.text = (element.text or "") + child
        else:
            last.tail = (last.tail or "") + child
    return element
