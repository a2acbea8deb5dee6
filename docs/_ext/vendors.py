"""A directive that writes down the sources of the registry: what each gives, and how it is asked.

    ```{vendors}
    ```

gives one table of all sources, and one line to type for each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from racecraft.sources.registry import sources

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from racecraft.sources.source import Source


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("vendors", Vendors)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


class Vendors(SphinxDirective):
    """Sources as the registry has them, which cannot go out of date."""

    def run(self) -> list[nodes.Node]:
        parent = nodes.section()
        lines = StringList(in_markdown(sources()).splitlines(), source="registry")
        self.state.nested_parse(lines, self.content_offset, parent)
        return parent.children


def in_markdown(told: tuple[Source, ...]) -> str:
    """A table of sources by the tables that any of them gives, and the command of each."""
    columns = list(dict.fromkeys(name for source in told for name in source.gives))
    heads = ["source", "from", *(f"`{name}`" for name in columns)]
    rows = [[f"`{s.name}`", s.origin, *(s.gives.get(name, "-") for name in columns)] for s in told]
    table = [heads, ["---"] * len(heads), *rows]
    commands = [f"- `{source.usage}`: {source.reads}" for source in told]
    return "\n".join([*(f"| {' | '.join(row)} |" for row in table), "", *commands])
