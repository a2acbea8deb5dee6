"""An article that was checked, as a page: what is wrong is marked in place, the proof beside it.

One file without scripts, that fetches nothing. The page is built as a tree, so that whatever an
article contains comes out as text.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING
from xml.etree import ElementTree as Tree

from racecraft.press.finding import MARKS, in_words
from racecraft.press.lexicon.vocabulary import vocabulary
from racecraft.show.findings import (
    NOTHING_WRONG,
    PERHAPS,
    SIGNS,
    WRONG,
    counts_of,
    how_read,
    likely,
    perhaps,
    remarks,
    said_of_race,
    summary,
    unclear,
    what_the_data_say,
    wrong,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from racecraft.press.finding import Checked, Finding
    from racecraft.press.intake.article import Article

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
PARAGRAPH = "\n\n"

# Blue, vermilion and grey of Okabe and Ito (2008), each with a line of its own besides.
STYLE = """
:root { color-scheme: light dark; --ink: #1b1b1b; --paper: #fff; --quiet: #5c5c5c; --rule: #d9d9d9;
  --supported: #0072b2; --contradicted: #b84300; --unclear: #7a5b00;
  --supported-tint: #e3f1fa; --contradicted-tint: #ffe3d1; --unclear-tint: #fff3c4; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e6e6; --paper: #16181b; --quiet: #a8a8a8;
  --rule: #3a3d42; --supported: #6cc0f0; --contradicted: #ff9a5c; --unclear: #e6c35c;
  --supported-tint: #12303f; --contradicted-tint: #47230d; --unclear-tint: #3a3013; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 1.5rem; color: var(--ink);
  background: var(--paper); font: 1rem/1.55 system-ui, sans-serif; }
header { border-bottom: 1px solid var(--rule); margin-bottom: 1.5rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .25rem; }
header p { margin: 0 0 .75rem; color: var(--quiet); overflow-wrap: anywhere; }
main { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 2.5rem; }
@media (max-width: 52rem) { main { grid-template-columns: minmax(0, 1fr); }
  main > aside { order: -1; border-bottom: 1px solid var(--rule); padding-bottom: 1rem; } }
article { font: 1.125rem/1.75 Georgia, "Times New Roman", serif; overflow-wrap: anywhere; }
article p { margin: 0 0 1.1em; }
mark { color: inherit; padding: .05em .1em; border-radius: .15em; border-bottom: 2px solid; }
mark.supported { background: var(--supported-tint); border-color: var(--supported); }
mark.contradicted { background: var(--contradicted-tint); border-color: var(--contradicted);
  border-bottom-style: double; border-bottom-width: 4px; }
mark.unclear { background: var(--unclear-tint); border-color: var(--unclear);
  border-bottom-style: dotted; }
a.note { font: 600 .72rem/1 system-ui, sans-serif; vertical-align: super; text-decoration: none;
  padding: 0 .1em; white-space: nowrap; }
main:not(:has(.ticks[open])) mark.supported { background: none; border: 0; padding: 0; }
main:not(:has(.ticks[open])) a.note.supported { display: none; }
a:hover, a:focus-visible { text-decoration: underline; }
.supported > .mark, a.supported { color: var(--supported); }
.contradicted > .mark, a.contradicted { color: var(--contradicted); }
.unclear > .mark, a.unclear { color: var(--unclear); }
.mark { font-weight: 700; margin-right: .4em; }
header .counts { color: var(--ink); }
.counts > span { display: inline-block; margin-right: 1.5em; white-space: nowrap; }
aside ol { list-style: none; margin: 0; padding: 0; font-size: .9rem; }
aside li { border-left: 3px solid var(--rule); padding: .1rem 0 .1rem .8rem; margin-bottom: 1rem;
  overflow-wrap: anywhere; scroll-margin-top: 1rem; }
aside li.supported { border-color: var(--supported); }
aside li.contradicted { border-color: var(--contradicted); border-left-style: double;
  border-left-width: 6px; }
aside li.unclear { border-color: var(--unclear); border-left-style: dotted; }
aside h2 { font-size: 1rem; margin: 0 0 .5rem; }
header .about { color: var(--ink); font-weight: 600; }
aside li:target, mark:target { outline: 2px solid var(--ink); outline-offset: 3px; }
aside p { margin: .15rem 0; }
aside .number { color: var(--quiet); text-decoration: none; margin-right: .4em; }
aside .flags, aside summary { color: var(--quiet); }
aside blockquote { margin: .15rem 0; font: italic 1rem/1.45 Georgia, "Times New Roman", serif; }
aside > .fine { font-weight: 600; margin: 0 0 1rem; }
details { margin-top: .2rem; overflow-x: auto; }
aside > details { margin: .6rem 0; }
aside > details > ol { margin-top: .6rem; }
table { border-collapse: collapse; font-size: .8rem; margin: .4rem 0; }
th, td { text-align: left; padding: .1rem .6rem .1rem 0; border-bottom: 1px solid var(--rule);
  white-space: nowrap; }
th { font-weight: 600; color: var(--quiet); }
@media print { main { display: block; } }
"""


def checked_page(article: Article, checked: Checked) -> bytes:
    """Page of an article: what is wrong first, then what may be, and all the rest folded away.

    What agrees is marked in the text while it is unfolded; what is unclear or cannot be checked is
    listed alone.

    Parameters
    ----------
    article
        What was read.
    checked
        Findings, whose spans refer to its text, and the race that it is taken to be about.
    """
    title = article.title or article.name or "An article, checked"
    head = _tag(
        "head",
        _tag("meta", charset="utf-8"),
        _tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        _tag("meta", {"http-equiv": "Content-Security-Policy"}, content=POLICY),
        _tag("title", f"{title}: {summary(checked)}"),
        _tag("style", STYLE),
    )
    header = _tag(
        "header",
        _tag("p", checked.about.sentence, {"class": "about"}),
        _tag("h1", title),
        _tag("p", _facts(article)),
        *_doubts(checked),
        _counts(checked),
    )
    body = _tag("body", header, _tag("main", *_words_and_claims(article, checked)))
    page = Tree.tostring(_tag("html", head, body, lang="en"), encoding="unicode", method="html")
    return f"<!doctype html>\n{page}\n".encode("utf-8", "replace")


def checked_part(article: Article, checked: Checked) -> str:
    """The same as part of another page: what it is about, how much is wrong, and the marked text.

    Its elements have the classes that they have on a page of its own, and no style.
    """
    about = _tag("p", said_of_race(checked), {"class": "about"})
    facts = _tag("p", _facts(article), {"class": "quiet"})
    words = _tag("div", *_words_and_claims(article, checked), {"class": "checked"})
    part = _tag(
        "div", about, facts, *_doubts(checked), _counts(checked), words, {"class": "claims"}
    )
    return Tree.tostring(part, encoding="unicode", method="html")


def _words_and_claims(article: Article, checked: Checked) -> tuple[Tree.Element, Tree.Element]:
    """The article with its marks, and beside it a card for every claim that is shown."""
    loud = sorted((*wrong(checked), *perhaps(checked)), key=_place)
    found = [*loud, *sorted(checked.of("supported"), key=_place)]
    number = {id(finding): n for n, finding in enumerate(found, 1)}
    words = _tag("article", *_paragraphs(article.text, found), lang=article.lang)
    fine = [_tag("p", NOTHING_WRONG, {"class": "fine"})] if len(checked) and not loud else []
    aside = _tag(
        "aside",
        *fine,
        *_cards(WRONG, wrong(checked), number),
        *_cards(PERHAPS, perhaps(checked), number),
        *_folded("agree with the data", checked.of("supported"), number, "ticks"),
        *_folded("probably agree, if that is what the words say", likely(checked), number),
        *_folded("unclear", unclear(checked), number),
        *_folded("cannot be checked", checked.of("uncheckable"), number),
        {"aria-label": "Claims"},
    )
    return words, aside


def _place(finding: Finding) -> tuple[int, int]:
    return finding.start, finding.end


def _cards(
    title: str, findings: Sequence[Finding], number: Mapping[int, int]
) -> list[Tree.Element]:
    """A heading and a card for every finding; nothing without any."""
    if not findings:
        return []
    return [_tag("h2", title), _list(findings, number)]


def _folded(
    title: str, findings: Sequence[Finding], number: Mapping[int, int], called: str = "others"
) -> list[Tree.Element]:
    """Findings of a kind, folded away."""
    if not findings:
        return []
    shown = _tag("summary", f"{len(findings)} {title}")
    return [_tag("details", shown, _list(findings, number), {"class": called})]


def _list(findings: Sequence[Finding], number: Mapping[int, int]) -> Tree.Element:
    """A card for every finding; a sentence that several are about is shown once."""
    before = ("", *(finding.sentence for finding in findings))
    return _tag(
        "ol",
        *(
            _card(number.get(id(one)), one, quoted=one.sentence != last)
            for one, last in zip(findings, before, strict=False)
        ),
    )


def _facts(article: Article) -> str:
    day = f"{article.date.day} {article.date:%B %Y}" if article.date else "date unknown"
    return " · ".join(filter(None, (article.source, day, vocabulary(article.lang).name)))


def _doubts(checked: Checked) -> list[Tree.Element]:
    return [_tag("p", f"Doubt: {doubt}.", {"class": "doubt"}) for doubt in checked.doubts]


def _counts(checked: Checked) -> Tree.Element:
    """How many claims there are of each mark: the key to the signs."""
    if not len(checked):
        return _tag("p", summary(checked), {"class": "counts"})
    shown = (
        _tag(
            "span",
            _tag("span", SIGNS[mark], {"class": "mark"}),
            f"{count} {name}",
            {"class": mark},
        )
        for mark, count, name in counts_of(checked)
    )
    return _tag("p", *shown, {"class": "counts"})


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
    verdict = min((claim.verdict for claim in claims), key=MARKS.index)
    why = "\n".join(f"{SIGNS[c.verdict]} {c.claim}. {what_the_data_say(c)}" for c in claims)
    return _tag("mark", words, {"class": verdict}, title=why)


def _note(number: int, claim: Finding) -> Tree.Element:
    return _tag(
        "a",
        f"{number}{SIGNS[claim.verdict]}",
        {"class": f"note {claim.verdict}"},
        href=f"#claim-{number}",
        id=f"note-{number}",
    )


def _card(number: int | None, finding: Finding, *, quoted: bool) -> Tree.Element:
    """One claim: its sentence, what is claimed, what the data say, and the rows that prove it.

    One with a number is marked in the text, and the number leads there.
    """
    place = [] if number is None else [_number(number)]
    sign = _tag("span", SIGNS[finding.verdict], {"class": "mark"}, title=finding.verdict)
    claim = _tag("p", *place, sign, _tag("strong", finding.claim), {"class": finding.verdict})
    sentence = [_tag("blockquote", " ".join(finding.sentence.split()))] if quoted else []
    parts = [*sentence, claim]
    if told := what_the_data_say(finding):
        parts.append(_tag("p", told))
    if finding.verdict != "uncheckable":
        parts.append(_tag("p", how_read(finding), {"class": "flags"}))
    if flags := remarks(finding):
        parts.append(_tag("p", "; ".join(flags), {"class": "flags"}))
    if finding.evidence:
        proof = (_rows(rows) for rows in _alike(finding.evidence))
        parts.append(_tag("details", _tag("summary", "Rows that prove it"), *proof))
    card = _tag("li", *parts, {"class": finding.verdict})
    if number is not None:
        card.set("id", f"claim-{number}")
    return card


def _number(number: int) -> Tree.Element:
    return _tag("a", str(number), {"class": "number"}, href=f"#note-{number}")


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
