"""How much of an article is taken out of pages of different kinds, and what is let in with it."""

from __future__ import annotations

import html
import re
import sys
import time

from harness import Mark, shared, show
from press_rows import annotated

from racecraft.press.intake.heading import heading_of
from racecraft.press.intake.page import of_html

EVERY = 6  # article that is tried
LINKS = (
    "Hamilton wins third race in a row", "Ferrari drops appeal against penalty",
    "Five things we learned in Monza", "Red Bull confirms its drivers for next season",
)  # fmt: skip
SAID = (
    "Great race! Hamilton was robbed again in Brazil, he should have won by ten seconds.",
    "I disagree, Verstappen would have been first anyway, and Leclerc second at best.",
)
COOKIES = "We and our 842 partners use cookies. By going on you agree to that on your device."
FOOT = "Copyright 2019 A Site. All rights reserved. Terms of use. Privacy policy. Contact us."
MENU = "".join(f"<li><a href='/{name}'>{name}</a></li>" for name in ("News", "Results", "Teams"))
MORE = "".join(f"<li><a href='/x'>{each}</a></li>" for each in LINKS)
TALK = "".join(f"<div class='comment'><p>{each}</p></div>" for each in SAID)
TOP = f"<nav><ul>{MENU}</ul></nav>"
PAGES = {
    "elements": TOP + "<main><article><h1>T</h1>{p}</article></main><aside><ul>" + MORE
    + f"</ul></aside><section id='comments'>{TALK}</section><footer><p>{FOOT}</p></footer>",
    "classes": f"<div id='cookie'><p>{COOKIES}</p></div><div class='menu'>{MENU}</div>"
    + "<div class='post'><h1>T</h1>{p}</div><div id='sidebar'><ul>" + MORE + f"</ul></div>{FOOT}",
    "single-page app": "<div id='root'><div class='a'><h1>T</h1>{divs}</div><div class='b'>"
    + f"{MORE}</div></div><div class='c'><span>{FOOT}</span></div>",
    "line breaks": "<div><div><a href='/'>Home</a></div><div>{br}</div>" + f"<p>{FOOT}</p></div>",
    "layout by table": "<table><tr><td>" + MENU + "</td><td>{p}</td><td>" + MORE
    + f"</td></tr><tr><td colspan=3>{FOOT}</td></tr></table>",
    "lists": TOP + "<div class='text'><h1>T</h1>{li}</div><div class='more'>" + MORE + "</div>",
}  # fmt: skip


def main() -> list[Mark]:
    folder = shared()
    if folder is None:
        print("no articles here: neither $RACECRAFT_SHARED nor ../shared")
        return []
    texts = [
        heading_of(path.read_text("utf-8"))[1]
        for path, _ in annotated(folder / "data" / "articles")
    ][::EVERY]
    marks = []
    for kind, shape in PAGES.items():
        kept, let_in, seconds = zip(*(_tried(shape, text) for text in texts), strict=True)
        marks += [
            Mark(f"{kind}: kept", kept, unit="of the words", least=0.98),
            Mark(f"{kind}: let in", (sum(let_in) / len(let_in),), unit="lines a page"),
            Mark(f"{kind}: time", seconds),
        ]
    return marks


def _tried(shape: str, text: str) -> tuple[float, int, float]:
    """Share of the words that are kept, lines of the rest of the page, and seconds."""
    said = [html.escape(each) for each in text.split("\n") if each.strip()]
    page = shape.format(
        p="".join(f"<p>{each}</p>" for each in said),
        divs="".join(f"<div class='k'><span>{each}</span></div>" for each in said),
        br="<br><br>".join(said),
        li=f"<ul>{''.join(f'<li>{each}</li>' for each in said)}</ul>",
    )
    began = time.perf_counter()
    _, found = of_html(f"<html><head><title>T</title></head><body>{page}</body></html>")
    seconds = time.perf_counter() - began
    flat = _flat(found)
    sentences = [_flat(each) for each in re.split(r"(?<=[.!?])\s+|\n", text)]
    words = [len(each.split()) for each in sentences]
    kept = sum(n for n, each in zip(words, sentences, strict=True) if each in flat)
    return (
        kept / sum(words),
        sum(_flat(each) in flat for each in (*LINKS, *SAID, COOKIES, FOOT)),
        seconds,
    )


def _flat(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


if __name__ == "__main__":
    sys.exit(show(main()))
