"""The style of charts: classes of lines, letters and areas, on light and on dark paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.show.palette import INKS, ON_DARK, SAFE

if TYPE_CHECKING:
    from collections.abc import Sequence


def colours(lines: Sequence[str], letters: Sequence[str]) -> str:
    """Classes c0, c1, ... with their colours for lines and for letters."""
    return " ".join(
        f".c{i} {{ --line: {line}; --letter: {letter}; }}"
        for i, (line, letter) in enumerate(zip(lines, letters, strict=True))
    )


_DARK = f"""{colours(ON_DARK, ON_DARK)}
.chart {{ --grid: #34373c; --faint: #555a61; --soft-ink: #b0b3b8; --ink: #ececec; --paper: #16181b;
  --sc: #57481a; --vsc: #3f371d; --red: #5a2a20; }}"""

STYLE = f"""
.chart {{ display: block; width: 100%; max-width: 44rem; height: auto; --grid: #e6e6e6;
  --faint: #cfcfcf; --soft-ink: #5a5a5a; --ink: #1a1a1a; --paper: #fff; --sc: #ffe9a8;
  --vsc: #fff4d1; --red: #f9cfc4; }}
.chart text {{ font: 11px system-ui, sans-serif; fill: var(--ink); }}
.chart .soft {{ fill: var(--soft-ink); }} .chart .strong {{ font-weight: 700; }}
.chart .halo {{ paint-order: stroke; stroke: var(--paper); stroke-width: 3px; }}
.chart .end {{ text-anchor: end; }} .chart .middle {{ text-anchor: middle; }}
.chart .small {{ font-size: 9px; }}
.chart .grid {{ stroke: var(--grid); stroke-width: 1; }}
.chart .axis {{ stroke: var(--soft-ink); stroke-width: 1; }}
.chart .line {{ fill: none; stroke: var(--line, var(--faint)); stroke-width: 2.2;
  stroke-linejoin: round; stroke-linecap: round; }}
.chart .thin {{ stroke-width: 1.2; }} .chart .ink {{ stroke: var(--ink); }}
.chart .dotted {{ stroke-dasharray: 1.5 3; }} .chart .soft-line {{ stroke: var(--soft-ink); }}
.chart .area {{ fill: var(--line); fill-opacity: .13; }}
.chart .fill {{ fill: var(--line); }} .chart .name {{ fill: var(--letter, var(--soft-ink)); }}
.chart .SC {{ fill: var(--sc); }} .chart .VSC {{ fill: var(--vsc); }}
.chart .red {{ fill: var(--red); }}
.chart .mark {{ fill: var(--paper); stroke: var(--ink); stroke-width: 1.3; }}
{colours(SAFE, INKS)}
@media (prefers-color-scheme: dark) {{ {_DARK} }}
@media print {{ {colours(SAFE, INKS)} }}
"""
