"""The verb that lets an assistant ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.cli.options import StoreFolder
from racecraft.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Callable

EXTRA = "pip install 'racecraft[mcp]'"


def mcp(store: StoreFolder = None) -> None:
    """Answer an assistant over standard input and output, by the Model Context Protocol.

    An assistant starts it by itself: give it the command 'racecraft mcp'. It can only read.
    """
    try:
        from racecraft.show.assistant.server import assistant_server
    except ModuleNotFoundError as error:
        raise ArgumentError(f"{error.name} is not installed", hint=EXTRA) from error
    assistant_server(store).run()


EXAMPLES: dict[Callable[..., None], tuple[str, ...]] = {
    mcp: ("mcp", "mcp --store races"),
}  # the verb, and what one may type after racecraft
