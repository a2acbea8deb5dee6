"""A report as one page of HTML: opens from disk, fetches nothing, prints well, dark and light."""

from __future__ import annotations

import base64
import hashlib
import re
from itertools import zip_longest
from typing import TYPE_CHECKING
from xml.etree import ElementTree as Tree

from racecraft import __version__
from racecraft.model.words.book import words_of
from racecraft.show.report.parts import Chart, Listed, Numbered, Paragraph, Rows
from racecraft.show.svg.pen import element
from racecraft.show.svg.style import STYLE as CHARTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from racecraft.model.words.book import Words
    from racecraft.show.report.parts import Part, Report, Section

NUMBER = re.compile(r"\d+(?:[.,:]\d+)*(?:\s?%)?")

STYLE = f"""
:root {{ color-scheme: light dark; --text: #1b1b1b; --page: #fff; --quiet: #5c5c5c; --rule: #dcdcdc;
  --accent: #0072b2; }}
@media (prefers-color-scheme: dark) {{ :root {{ --text: #e8e8e8; --page: #16181b; --quiet: #a8a8a8;
  --rule: #383b40; --accent: #6cc0f0; }} }}
* {{ box-sizing: border-box; }}
body {{ margin: 0 auto; max-width: 76rem; padding: 1.25rem; color: var(--text);
  background: var(--page); font: 1rem/1.55 system-ui, sans-serif; }}
header {{ border-bottom: 3px solid var(--text); margin-bottom: 1.5rem; padding-bottom: .5rem; }}
h1 {{ font-size: clamp(1.6rem, 5vw, 2.6rem); line-height: 1.1; margin: 0 0 .35rem; }}
.kind {{ text-transform: uppercase; letter-spacing: .09em; font-size: .78rem; margin: 0;
  color: var(--quiet); }}
.facts, .notes {{ margin: 0; color: var(--quiet); }}
main {{ columns: 1; column-gap: 3rem; }} section {{ margin-bottom: 2.5rem; }}
@media (min-width: 64rem) {{ main {{ columns: 2; }} section {{ break-inside: avoid; }}
  #decided {{ column-span: all; }} #rounds {{ break-inside: auto; }}
  #decided .parts {{ display: grid; gap: 0 3rem;
  grid-template-columns: repeat(2, minmax(0, 1fr)); }} #decided .drawing {{ grid-row: 1 / 3; }} }}
h2 {{ font-size: 1.2rem; margin: 0 0 .6rem; break-after: avoid; }} tr {{ break-inside: avoid; }}
section p {{ margin: 0 0 .75rem; max-width: 44rem; }}
#story .parts p {{ font: 1.08rem/1.65 Georgia, "Times New Roman", serif; }}
ol.moments {{ list-style: none; padding: 0; margin: 0; max-width: 44rem; }}
ol.moments li {{ display: grid; grid-template-columns: 1.9rem 5.2rem 1fr; padding: .3rem 0;
  border-top: 1px solid var(--rule); }}
ol.moments .at {{ color: var(--quiet); }}
.dot {{ display: inline-grid; place-items: center; width: 1.35rem; height: 1.35rem;
  border: 1.5px solid; border-radius: 50%; font-size: .78rem; font-weight: 700; }}
.scroll {{ overflow-x: auto; max-width: 44rem; margin: .5rem 0; }}
table {{ border-collapse: collapse; width: 100%; font-size: .92rem; }}
th, td {{ text-align: left; padding: .22rem .7rem .22rem 0; border-bottom: 1px solid var(--rule);
  vertical-align: top; }}
th {{ font-weight: 600; color: var(--quiet); }}
td.r, th.r {{ text-align: right; font-variant-numeric: tabular-nums; }}
td:last-child, th:last-child {{ padding-right: 0; }}
ul.quiet {{ color: var(--quiet); font-size: .9rem; padding-left: 1.1rem; max-width: 44rem; }}
.proof {{ font-size: .78rem; color: var(--quiet); margin: .6rem 0 0; overflow-wrap: anywhere; }}
code {{ font-family: ui-monospace, monospace; }}
.n {{ cursor: help; }} .n:hover {{ text-decoration: underline dotted; }}
footer {{ margin-top: 2.5rem; border-top: 1px solid var(--rule); color: var(--quiet);
  font-size: .85rem; }}
#told {{ position: fixed; inset: auto 0 0 0; padding: .7rem 1.25rem; background: var(--text);
  color: var(--page); font-size: .9rem; overflow-wrap: anywhere; }}
#told:empty {{ display: none; }}
@media (max-width: 40rem) {{ .drawing {{ overflow-x: auto; }} .drawing .chart {{ width: 36rem; }}
  .spare {{ display: none; }} table {{ font-size: .85rem; }} th {{ font-size: .76rem; }}
  th, td {{ padding-right: .35rem; }}
  ol.moments li {{ grid-template-columns: 1.9rem 1fr; }}
  ol.moments li > :last-child {{ grid-column: 2; }} }}
@media print {{ @page {{ margin: 14mm; }} :root {{ --text: #000; --page: #fff; --quiet: #444;
  --rule: #ccc; }} body {{ max-width: none; padding: 0; font-size: 10pt; }}
  #told {{ display: none; }} main {{ columns: auto; }}
  .chart, li {{ break-inside: avoid; }}
  section {{ break-inside: avoid-page; margin-bottom: 7mm; }}
  .scroll, section p {{ max-width: none; }}
  #story, #result {{ break-inside: auto; }} .chart {{ max-width: 15cm; }} }}
{CHARTS}"""

# Press a number, and the command that gives it is shown; press that, and it is copied.
SCRIPT = """
const told = document.getElementById("told");
document.addEventListener("click", (event) => {
  const number = event.target.closest("[data-q], .n");
  if (number) {
    told.textContent = number.dataset.q || number.title;
  } else if (event.target === told && navigator.clipboard) {
    navigator.clipboard.writeText(told.textContent);
    told.textContent = told.dataset.copied;
  } else {
    told.textContent = "";
  }
});
"""


def report_page(report: Report) -> bytes:
    """A report as one page, complete in itself."""
    words = words_of(report.lang)
    digest = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        _policy(policy),
        element("meta", name="generator", content=f"racecraft {__version__}"),
        element("title", f"{report.title}: {report.kind}"),
        element("style", STYLE),
    )
    top = element(
        "header",
        element("p", report.kind, class_="kind"),
        element("h1", report.title),
        element("p", report.facts, class_="facts"),
        *(element("p", note, class_="notes") for note in report.notes),
    )
    body = element(
        "body",
        top,
        element("main", *(_section(one, words) for one in report.sections)),
        element("footer", element("p", words["head"]["made"].format(version=__version__))),
        element("output", id="told", data_copied=words["head"]["copied"]),
        element("script", SCRIPT),
    )
    page = Tree.tostring(
        element("html", head, body, lang=report.lang), encoding="unicode", method="html"
    )
    return f"<!doctype html>\n{page}\n".encode("utf-8", "replace")


def _policy(policy: str) -> Tree.Element:
    meta = element("meta", content=policy)
    meta.set("http-equiv", "Content-Security-Policy")
    return meta


def _section(one: Section, words: Words) -> Tree.Element:
    proof = one.proofs[0] if one.proofs else ""
    parts = element("div", *(_part(part, proof) for part in one.parts), class_="parts")
    commands: list[Tree.Element | str] = [f"{words['head']['proof']}: "]
    for i, command in enumerate(one.proofs):
        commands += [", " if i else "", element("code", command)]
    foot = [element("p", *commands, class_="proof")] if one.proofs else []
    return element("section", element("h2", one.heading), parts, *foot, id=one.name)


def _part(part: Part, proof: str) -> Tree.Element:
    if isinstance(part, Paragraph):
        return element("p", *_numbers(part.text, part.proof or proof), lang=part.lang or None)
    if isinstance(part, Chart):
        part.drawn.set("data-q", proof)
        return element("div", part.drawn, class_="drawing")
    if isinstance(part, Listed):
        items = (element("li", *_numbers(item, proof)) for item in part.items)
        return element("ul", *items, class_="quiet", lang=part.lang or None)
    return _moments(part) if isinstance(part, Numbered) else _table(part, proof)


def _moments(part: Numbered) -> Tree.Element:
    items = []
    for number, lap, text, proof in part.items:
        dot = element("span", str(number), class_="dot") if number else element("span")
        at = element("span", *_numbers(lap, proof), class_="at")
        items.append(element("li", dot, at, element("span", *_numbers(text, proof))))
    return element("ol", *items, class_="moments", lang=part.lang or None)


def _table(part: Rows, proof: str) -> Tree.Element:
    def cell(tag: str, i: int, text: str | None, query: str) -> Tree.Element:
        inside = _numbers(text or "", query) if tag == "td" else [text or ""]
        classes = ("r" if i in part.numbers else "", "spare" if i in part.spare else "")
        return element(tag, *inside, class_=" ".join(filter(None, classes)) or None)

    head = element("tr", *(cell("th", i, text, "") for i, text in enumerate(part.head)))
    rows = [
        element("tr", *(cell("td", i, text, query or proof) for i, text in enumerate(row)))
        for row, query in zip_longest(part.rows, part.proofs[: len(part.rows)])
    ]
    table = element("table", element("thead", head), element("tbody", *rows))
    return element("div", table, class_="scroll")


def _numbers(text: str, proof: str) -> Iterator[Tree.Element | str]:
    """Text whose numbers each carry the command that gives them."""
    at = 0
    for found in NUMBER.finditer(text):
        if found.start() > at:
            yield text[at : found.start()]
        yield element("span", found.group(), class_="n", title=proof)
        at = found.end()
    if at < len(text):
        yield text[at:]
