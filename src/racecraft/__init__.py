"""Turns the timing of a motor race into its story; this is the front door.

    import racecraft as rc

    race = rc.load_race(2023, "São Paulo")
    rc.battles(race)

Names are looked up when they are first used, so that importing racecraft costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from racecraft.analysis.audit import audit
    from racecraft.analysis.battle import battle
    from racecraft.analysis.battles import battles
    from racecraft.analysis.breakdown import breakdown
    from racecraft.analysis.control import control
    from racecraft.analysis.explain import explain
    from racecraft.analysis.form import form
    from racecraft.analysis.gaps import gaps, order
    from racecraft.analysis.laps import laps
    from racecraft.analysis.overtakes import overtakes
    from racecraft.analysis.pace import pace
    from racecraft.analysis.race import race
    from racecraft.analysis.search import search
    from racecraft.analysis.stints import stints
    from racecraft.analysis.stops import stops
    from racecraft.analysis.trains import trains
    from racecraft.errors import RacecraftError
    from racecraft.model.race import Race
    from racecraft.model.season import Season
    from racecraft.press.desk import fact_check
    from racecraft.sim.season import odds
    from racecraft.store.library import Store
    from racecraft.store.load import load_race, load_races, load_season
    from racecraft.title.clinch import clinch, clinch_when
    from racecraft.title.standings import standings

__all__ = [
    "Race",
    "RacecraftError",
    "Season",
    "Store",
    "audit",
    "battle",
    "battles",
    "breakdown",
    "clinch",
    "clinch_when",
    "control",
    "explain",
    "fact_check",
    "form",
    "gaps",
    "laps",
    "load_race",
    "load_races",
    "load_season",
    "odds",
    "order",
    "overtakes",
    "pace",
    "race",
    "search",
    "standings",
    "stints",
    "stops",
    "trains",
]

__version__ = "0.1.0"

_ROOMS = {
    "Race": "model.race",
    "RacecraftError": "errors",
    "Season": "model.season",
    "Store": "store.library",
    "clinch": "title.clinch",
    "clinch_when": "title.clinch",
    "fact_check": "press.desk",
    "load_race": "store.load",
    "load_races": "store.load",
    "load_season": "store.load",
    "odds": "sim.season",
    "order": "analysis.gaps",
    "standings": "title.standings",
}  # any other name lives in the file of analysis that bears it


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'racecraft' has no attribute {name!r}")
    room = import_module(f"racecraft.{_ROOMS.get(name, f'analysis.{name}')}")
    globals()[name] = found = getattr(room, name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
