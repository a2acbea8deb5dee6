"""What was printed before, printed at once when the same is asked and nothing has changed."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from racecraft.cli import answer
from racecraft.store.replies import Replies, mark_of_all, usual_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

KIND = "printed"
LONG_S = 0.3  # what took less is not kept


def printed(verb: str, given: Mapping[str, Any], make: Callable[[], None]) -> None:
    """Print the answer to a question: the one that was kept, or else make it, and keep it.

    Parameters
    ----------
    verb
        Its name.
    given
        Every argument and option of it, by name. With a file among them nothing is kept.
    make
        What computes and prints the answer.
    """
    store = given.get("store") or usual_folder()
    files = [name for name, value in given.items() if name != "store" and _is_file(value)]
    if files or sys.stdout is None:
        make()
        return
    replies = Replies(store, KIND)
    question = repr((verb, sorted(given.items(), key=str), _page()))
    if (known := replies.get(question)) is not None and (said := _read(known)) is not None:
        for content, line in said:
            if line:
                answer.aside(line)
            else:
                answer.put(content.encode("latin-1"))
        return
    began = monotonic()
    with answer.noted() as told:
        make()
    if monotonic() - began >= LONG_S and mark_of_all(store) == replies.mark:
        kept = [(content.decode("latin-1"), line) for content, line in told]
        replies.keep(question, json.dumps(kept).encode())


def _is_file(value: object) -> bool:
    return isinstance(value, Path) or (
        isinstance(value, list | tuple) and any(isinstance(each, Path) for each in value)
    )


def _page() -> tuple[object, ...]:
    """What an answer is written on: it is another one for a screen, or one of another width."""
    from racecraft.show.page import page_of

    return (page_of(), sys.stdout.encoding, sys.stdout.isatty())


def _read(known: bytes) -> list[tuple[str, str]] | None:
    try:
        return [(str(content), str(line)) for content, line in json.loads(known)]
    except (ValueError, TypeError):
        return None
