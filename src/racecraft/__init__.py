"""Turns the timing of a motor race into its story; this is the front door.

    import racecraft as rc

    race = rc.load_race(2023, "São Paulo")
    rc.battles(race)
    rc.battles(2023, "Brazil")  # the same: a race by name, a season by its year

Names are looked up when they are first used, so that importing racecraft costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from types import FunctionType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from racecraft import plot
    from racecraft.analysis.audit import audit
    from racecraft.analysis.fights.battle import battle
    from racecraft.analysis.fights.battles import battles
    from racecraft.analysis.fights.explain import explain
    from racecraft.analysis.fights.start import start
    from racecraft.analysis.fights.trains import trains
    from racecraft.analysis.form.form import form
    from racecraft.analysis.order.control import control
    from racecraft.analysis.order.gaps import gaps, order
    from racecraft.analysis.order.laps import laps
    from racecraft.analysis.order.overtakes import overtakes
    from racecraft.analysis.order.stints import stints
    from racecraft.analysis.order.stops import stops
    from racecraft.analysis.pace.breakdown import breakdown
    from racecraft.analysis.pace.pace import pace
    from racecraft.analysis.race import race
    from racecraft.errors import RacecraftError
    from racecraft.model.race import Race
    from racecraft.model.season import Season
    from racecraft.press.fact_check import fact_check
    from racecraft.sim.forecast import forecast
    from racecraft.sim.lapwise.changes import Stop
    from racecraft.sim.lapwise.simulate import chances, simulate
    from racecraft.sim.lapwise.what_if import what_if
    from racecraft.sim.moments.moments import moments
    from racecraft.sim.moments.search import search
    from racecraft.sim.odds import odds
    from racecraft.sources.fastf1.source import from_fastf1
    from racecraft.sources.timing.source import load_laps
    from racecraft.store.load import load_race, load_races, load_season
    from racecraft.store.store import Store
    from racecraft.title.clinch import clinch, clinch_when
    from racecraft.title.contenders import contenders
    from racecraft.title.standings.standings import standings

__all__ = [
    "Race",
    "RacecraftError",
    "Season",
    "Stop",
    "Store",
    "audit",
    "battle",
    "battles",
    "breakdown",
    "chances",
    "clinch",
    "clinch_when",
    "contenders",
    "control",
    "explain",
    "fact_check",
    "forecast",
    "form",
    "from_fastf1",
    "gaps",
    "laps",
    "load_laps",
    "load_race",
    "load_races",
    "load_season",
    "moments",
    "odds",
    "order",
    "overtakes",
    "pace",
    "plot",
    "race",
    "search",
    "simulate",
    "standings",
    "start",
    "stints",
    "stops",
    "trains",
    "what_if",
]

__version__ = "0.1.0"

_ROOMS = {
    "Race": "model.race",
    "RacecraftError": "errors",
    "Season": "model.season",
    "Stop": "sim.lapwise.changes",
    "Store": "store.store",
    "audit": "analysis.audit",
    "battle": "analysis.fights.battle",
    "battles": "analysis.fights.battles",
    "breakdown": "analysis.pace.breakdown",
    "chances": "sim.lapwise.simulate",
    "clinch": "title.clinch",
    "clinch_when": "title.clinch",
    "contenders": "title.contenders",
    "control": "analysis.order.control",
    "explain": "analysis.fights.explain",
    "fact_check": "press.fact_check",
    "forecast": "sim.forecast",
    "form": "analysis.form.form",
    "from_fastf1": "sources.fastf1.source",
    "gaps": "analysis.order.gaps",
    "laps": "analysis.order.laps",
    "load_laps": "sources.timing.source",
    "load_race": "store.load",
    "load_races": "store.load",
    "load_season": "store.load",
    "moments": "sim.moments.moments",
    "odds": "sim.odds",
    "order": "analysis.order.gaps",
    "overtakes": "analysis.order.overtakes",
    "pace": "analysis.pace.pace",
    "race": "analysis.race",
    "search": "sim.moments.search",
    "simulate": "sim.lapwise.simulate",
    "standings": "title.standings.standings",
    "start": "analysis.fights.start",
    "stints": "analysis.order.stints",
    "stops": "analysis.order.stops",
    "trains": "analysis.fights.trains",
    "what_if": "sim.lapwise.what_if",
}


# What the command line shows of a season or a race, and a `Season` has as a table.
_AS_TABLES = {
    "drivers": "load_season(2023).drivers",
    "quali": "load_season(2023).qualifying",
    "report": "racecraft report on the command line",
    "results": "load_season(2023).results",
    "season": "load_season(2023)",
    "sql": "Store().sql(...)",
    "title": "contenders(2023) and clinch(2023, driver=...)",
    "whatif": "what_if(...)",
}


def __getattr__(name: str) -> object:
    if name == "plot":
        return import_module("racecraft.plot")
    if name not in __all__:
        hint = f"; there is {_AS_TABLES[name]}" if name in _AS_TABLES else ""
        raise AttributeError(f"module 'racecraft' has no attribute {name!r}{hint}")
    room = import_module(f"racecraft.{_ROOMS[name]}")
    found = getattr(room, name)
    if isinstance(found, FunctionType):
        from racecraft.door.by_name import by_name

        found = by_name(found)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
