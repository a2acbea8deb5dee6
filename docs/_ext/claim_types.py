"""The types of claims, as a list made from the code.

```{claim_types}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from racecraft.press.claims.registry import claim_types

if TYPE_CHECKING:
    from sphinx.application import Sphinx


class ClaimTypes(SphinxDirective):
    """A definition list: the name of each type, what it says, its parts and units."""

    def run(self) -> list[nodes.Node]:
        """Make the list."""
        listed = nodes.definition_list()
        for name, kind in claim_types().items():
            parts = [kind.says, f"About: {', '.join(kind.about)}."]
            if kind.units:
                parts.append(f"Units: {', '.join(kind.units)}.")
            parts += [f"{part}: {what}." for part, what in kind.details.items() if what]
            item = nodes.definition_list_item()
            item += nodes.term("", "", nodes.literal(text=name))
            item += nodes.definition("", nodes.paragraph(text=" ".join(parts)))
            listed += item
        return [listed]


def setup(app: Sphinx) -> dict[str, bool]:
    """Tell Sphinx of the directive."""
    app.add_directive("claim_types", ClaimTypes)
    return {"parallel_read_safe": True}
