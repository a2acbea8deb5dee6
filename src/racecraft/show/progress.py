"""How far a fetch or an import has got: a bar on a terminal, nothing in a pipe."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from racecraft.show.printable import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rich.progress import Progress, TaskID

T = TypeVar("T")


@contextmanager
def progress_bar() -> Iterator[Callable[[str, int, int], None] | None]:
    """What to call with what is being done, how much is done, and of how much; or None in a pipe.

    The bar is drawn on standard error from the first call on, and gone when all is done.
    """
    if not sys.stderr.isatty():
        yield None
        return
    bar: Progress | None = None
    tasks: dict[str, TaskID] = {}

    def tell(what: str, done: int, total: int) -> None:
        nonlocal bar
        what = printable(what)
        if bar is None:
            bar = _drawn()
        if what not in tasks:
            tasks[what] = bar.add_task(what, total=total)
        bar.update(tasks[what], completed=done, total=total)

    try:
        yield tell
    finally:
        if bar is not None:
            bar.stop()


def counted(
    things: Sequence[T], what: str, tell: Callable[[str, int, int], None] | None
) -> Iterator[T]:
    """Things one by one, each told before it is given."""
    for number, thing in enumerate(things, 1):
        if tell is not None:
            tell(what, number, len(things))
        yield thing


def _drawn() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    bar.start()
    return bar
