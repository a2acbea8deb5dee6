"""A server of the Model Context Protocol: questions about races, for assistants."""

from __future__ import annotations

import inspect
import json
from difflib import get_close_matches
from functools import wraps
from typing import TYPE_CHECKING, Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import CallToolResult, TextContent, ToolAnnotations
from pydantic import ValidationError

from racecraft import __version__
from racecraft.errors import ArgumentError, RacecraftError
from racecraft.lookup.extras import missing
from racecraft.show.assistant.tools import Answer, Tools
from racecraft.show.json_line import json_line
from racecraft.show.web.invalid import sentence
from racecraft.show.web.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

ABOUT = (
    "Motor races from their timing. Names are understood as people write them: 'brazil', '20', "
    "'alonso', 'ALO'. Say what is in `doubts` with an answer. `sql` with 'select * from races' "
    "lists the races whose timing is stored; results are there of every season since 1950."
)
READING = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)


class Assistant(MCPServer[Any]):
    """Server that refuses what it cannot answer in a sentence, with what would help."""

    async def call_tool(self, name: str, arguments: dict[str, Any], context: Any = None) -> Any:
        """Answer a question; one with an argument that nobody reads is not answered as another."""
        tool = self._tool_manager.get_tool(name)
        if tool is not None and (refusal := _unknown(arguments, tool.parameters["properties"])):
            return _refused(refusal)
        try:
            return await super().call_tool(name, arguments, context)
        except ToolError as error:
            if not isinstance(error.__cause__, ValidationError):
                raise
            said = "; ".join(sentence(one["loc"], one) for one in error.__cause__.errors())
            return _refused(ArgumentError(said))


def assistant_server(store: Path | str | None = None) -> MCPServer[Any]:
    """Server with every question of `Tools`; ``run()`` it to talk over standard input and output.

    Parameters
    ----------
    store
        Folder of the store; left out, the usual one.
    """
    server = Assistant("racecraft", version=__version__, instructions=ABOUT, log_level="ERROR")
    for ask in Tools(Shelf(store)).all:
        said = " ".join((inspect.getdoc(ask) or "").split())
        server.tool(description=said, annotations=READING, structured_output=True)(_answering(ask))
    return server


def _answering(ask: Callable[..., Answer]) -> Callable[..., Any]:
    """A question whose refusals are said to whoever asks, with the hint."""

    @wraps(ask)
    def answer(**given: Any) -> Any:
        try:
            told = ask(**given).model_dump(mode="python")
        except RacecraftError as error:
            return _refused(error)
        except ModuleNotFoundError as error:
            refusal = missing(error)
            if refusal is None:
                raise
            return _refused(refusal)
        plain = json.loads(json_line(told))
        return CallToolResult(
            content=[TextContent(type="text", text=json_line(plain))], structured_content=plain
        )

    return answer


def _unknown(arguments: Collection[str], known: Collection[str]) -> ArgumentError | None:
    """Refusal of the first argument that a question does not have."""
    for name in arguments:
        if name not in known:
            near = get_close_matches(name, known, n=1) or [", ".join(known)]
            return ArgumentError(f"no argument {name[:80]!r}", hint=f"there is {near[0]}")
    return None


def _refused(error: RacecraftError) -> CallToolResult:
    hint = f" Hint: {error.hint}" if error.hint else ""
    text = TextContent(type="text", text=f"{error.message}.{hint}")
    return CallToolResult(content=[text], is_error=True)
