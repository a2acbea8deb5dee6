"""How the documentation is built."""

from __future__ import annotations

import sys
from importlib.metadata import version as installed_version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "racecraft"
author = "The racecraft authors"
project_copyright = "The racecraft authors"
release = version = installed_version("racecraft")

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.mathjax",
    "sphinx.ext.napoleon",
    "claim_types",
    "promises",
    "vendors",
]
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
exclude_patterns = ["_build", "examples/README.md"]

autosummary_generate = True
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_default_options = {"members": True, "show-inheritance": True}
napoleon_google_docstring = False
napoleon_use_rtype = False

# Names of other projects, which have no pages here to point to.
nitpick_ignore_regex = [
    (r"py:.*", r"(pl|polars|np|numpy|datetime|pathlib|collections|typing|duckdb|httpx|rich)\..*"),
    (r"py:.*", r"(DataFrame|LazyFrame|Series|Expr|PolarsDataType|Path|date|datetime|timedelta)"),
    (r"py:.*", r"(Figure|Callable|Iterable|Iterator|Sequence|Mapping|Any|Literal|Self|TextIO)"),
    # told where they are used
    (r"py:class", r"(NDArray|racecraft\.model\.reported\.Reported|racecraft\.model\.shown\.Shown)"),
    (r"py:class", r"racecraft\.store\.chronicle\.KeepsHistory"),
    (r"py:class", r"[A-Z][A-Za-z]+"),
]

html_theme = "furo"
html_title = f"racecraft {release}"
html_static_path: list[str] = []
html_extra_path = ["llms.txt"]
