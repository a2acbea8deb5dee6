"""A directive that writes down tables as their definitions promise them.

    ```{promises} racecraft.model.race:RACE_TABLES
    ```

takes a dictionary of tables, one table, or a package for all that its modules define, and gives
each a heading, its key and its columns.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from racecraft.model.race import RACE_TABLES
from racecraft.model.table import Table

if TYPE_CHECKING:
    from polars._typing import PolarsDataType
    from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("promises", Promises)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


class Promises(SphinxDirective):
    """Tables from their definitions, which cannot go out of date."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        parent = nodes.section()
        for table in _tables(self.arguments[0]):
            target = f"table-{table.name.replace('_', '-')}"
            section = nodes.section(ids=[target], names=[target])
            self.state.document.note_explicit_target(section)
            section += nodes.title(text=table.name)
            lines = StringList(_in_markdown(table).splitlines(), source=self.arguments[0])
            self.state.nested_parse(lines, self.content_offset, section)
            parent += section
        return parent.children


def _tables(where: str) -> list[Table]:
    module, _, name = where.partition(":")
    found = import_module(module)
    if name:
        named = getattr(found, name)
        return [named] if isinstance(named, Table) else list(named.values())
    modules = [import_module(f"{module}.{part.name}") for part in iter_modules(found.__path__)]
    tables = {
        thing.name: thing
        for part in modules
        for thing in vars(part).values()
        if isinstance(thing, Table) and thing.name not in RACE_TABLES
    }
    return [tables[name] for name in sorted(tables)]


def _in_markdown(table: Table) -> str:
    key = (
        f"One row per {', '.join(f'`{name}`' for name in table.key)}."
        if table.key
        else "Rows may repeat."
    )
    rows = [f"| `{c.name}` | `{_type(c.dtype)}` | {c.meaning} |" for c in table.columns]
    return "\n".join([key, "", "| column | type | meaning |", "|---|---|---|", *rows])


def _type(dtype: PolarsDataType) -> str:
    return str(dtype).replace("time_unit=", "").replace("'", "")
