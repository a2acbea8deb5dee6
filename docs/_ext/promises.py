"""A directive that writes down tables as their definitions promise them.

    ```{promises} racecraft.model.race:RACE_TABLES
    ```

takes one ``Table`` or a dictionary of them and gives each a heading, its key and its columns.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

if TYPE_CHECKING:
    from polars._typing import PolarsDataType
    from sphinx.application import Sphinx

    from racecraft.model.table import Table


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("promises", Promises)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


class Promises(SphinxDirective):
    """Tables from their definitions, which cannot go out of date."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        module, _, name = self.arguments[0].partition(":")
        found = getattr(import_module(module), name)
        tables = found.values() if isinstance(found, dict) else [found]
        parent = nodes.section()
        for table in tables:
            section = nodes.section(ids=[f"table-{table.name.replace('_', '-')}"])
            section += nodes.title(text=table.name)
            lines = StringList(_in_markdown(table).splitlines(), source=self.arguments[0])
            self.state.nested_parse(lines, self.content_offset, section)
            parent += section
        return parent.children


def _in_markdown(table: Table) -> str:
    key = (
        f"One row per {', '.join(f'`{name}`' for name in table.key)}."
        if table.key
        else "Rows may repeat."
    )
    rows = [f"| `{c.name}` | {_type(c.dtype)} | {c.meaning} |" for c in table.columns]
    return "\n".join([key, "", "| column | type | meaning |", "|---|---|---|", *rows])


def _type(dtype: PolarsDataType) -> str:
    return str(dtype).replace("time_unit=", "")
