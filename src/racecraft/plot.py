"""Figures: each function returns a Matplotlib figure, which a notebook shows by itself.

    import racecraft as rc

    race = rc.load_race(2023, "Mexico City")
    rc.plot.win_probability(race)

Names do as well: ``rc.plot.win_probability(2023, "Mexico City")``, ``rc.plot.form(2023, "PER")``.
All take ``ax=`` to draw on axes of yours. They need ``racecraft[plots]``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from racecraft.show.plots.battle import battle
    from racecraft.show.plots.canvas import save
    from racecraft.show.plots.pace import form, lap_times, pace
    from racecraft.show.plots.passes import battles, overtakes
    from racecraft.show.plots.places import gaps, lap_chart, start
    from racecraft.show.plots.season import odds, standings
    from racecraft.show.plots.season import title_grid as title
    from racecraft.show.plots.simulated import gap_fan, places_heat_map, what_if
    from racecraft.show.plots.track import track_map
    from racecraft.show.plots.tyres import strategy, tyres
    from racecraft.show.plots.win_probability import win_probability

__all__ = [
    "battle",
    "battles",
    "form",
    "gap_fan",
    "gaps",
    "lap_chart",
    "lap_times",
    "odds",
    "overtakes",
    "pace",
    "places_heat_map",
    "save",
    "standings",
    "start",
    "strategy",
    "title",
    "track_map",
    "tyres",
    "what_if",
    "win_probability",
]

_FAMILIES = {
    "battle": ("battle", "battle"),
    "battles": ("passes", "battles"),
    "form": ("pace", "form"),
    "gap_fan": ("simulated", "gap_fan"),
    "gaps": ("places", "gaps"),
    "lap_chart": ("places", "lap_chart"),
    "lap_times": ("pace", "lap_times"),
    "odds": ("season", "odds"),
    "overtakes": ("passes", "overtakes"),
    "pace": ("pace", "pace"),
    "places_heat_map": ("simulated", "places_heat_map"),
    "save": ("canvas", "save"),
    "standings": ("season", "standings"),
    "start": ("places", "start"),
    "strategy": ("tyres", "strategy"),
    "title": ("season", "title_grid"),
    "track_map": ("track", "track_map"),
    "tyres": ("tyres", "tyres"),
    "what_if": ("simulated", "what_if"),
    "win_probability": ("win_probability", "win_probability"),
}  # by name: the file of the family, and the function there


_ASKED = {
    "form": "form",
    "odds": "odds",
    "title": "clinch",
}  # by figure: the function of the front door whose answer it draws


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'racecraft.plot' has no attribute {name!r}")
    from racecraft.door.by_name import by_name
    from racecraft.door.drawn import answered_first

    family, function = _FAMILIES[name]
    found = by_name(getattr(import_module(f"racecraft.show.plots.{family}"), function))
    if name in _ASKED:
        found = answered_first(found, name, getattr(import_module("racecraft"), _ASKED[name]))
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return list(__all__)
