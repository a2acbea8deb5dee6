"""What a text is written on: a terminal, a pipe or a file."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from typing import TextIO

from racecraft.show.printable import STYLE_MARK

NARROWEST = 40  # columns; a terminal that claims fewer is not believed

STYLES = {"heading": "1", "dim": "2", "good": "32", "bad": "31", "warn": "33", "name": "36"}


@dataclass(frozen=True)
class Page:
    """What is written on: how wide it is, whether it takes colour and more than ASCII."""

    width: int | None  # None where lines may be as long as they are
    colour: bool = False
    unicode: bool = True

    def style(self, text: str, style: str) -> str:
        """Text in a style of `STYLES` where the page takes colour, escapes by `on_screen`."""
        if not (self.colour and text):
            return text
        return f"{STYLE_MARK}[{STYLES[style]}m{text}{STYLE_MARK}[0m"


def page_of(stream: TextIO | None = None) -> Page:
    """Page that a stream is: a terminal as wide as it is, a pipe as wide as it takes.

    ``COLUMNS`` says how wide anything is; ``NO_COLOR`` and a dumb terminal turn colour off.
    """
    out = stream or sys.stdout
    terminal = out.isatty()
    told = os.environ.get("COLUMNS", "")
    width = int(told) if told.isdecimal() and int(told) > 0 else None
    if width is None and terminal:
        width = shutil.get_terminal_size().columns
    colour = terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    encoding = (out.encoding or "ascii").lower().replace("-", "")
    return Page(max(width, NARROWEST) if width else None, colour, encoding.startswith("utf"))
