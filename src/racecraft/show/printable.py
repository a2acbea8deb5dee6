"""What may reach a screen?

Names, messages and paths come from outside. A control character in one of them could repaint the
screen, or worse; so every text is freed of them as it leaves. The styles of `racecraft.show.text`
bear a mark in place of the escape character until then.
"""

from __future__ import annotations

import re

STYLE_MARK = "\ufdd0"  # no character: Unicode keeps it for use inside of programs
UNPRINTABLE = "\ufffd"

# C0 without the end of a line, DEL, C1, and what turns the direction of writing about.
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029\u2066-\u2069\ufdd0]")
_STYLED = re.compile(STYLE_MARK + r"(?=\[\d{1,2}m)")


def printable(text: str) -> str:
    r"""Text without a control character other than the end of a line; a tab is a space.

    >>> printable("VER\x1b[2J \tMax")
    'VER�[2J  Max'
    """
    return _CONTROL.sub(UNPRINTABLE, text.replace("\t", " "))


def on_screen(text: str) -> str:
    r"""Text as a terminal may have it: of control characters, only the styles of a page.

    >>> on_screen(f"{STYLE_MARK}[1mVER\x1b]0;owned\x07{STYLE_MARK}[0m")
    '\x1b[1mVER�]0;owned�\x1b[0m'
    """
    return "\x1b".join(printable(part) for part in _STYLED.split(text))
