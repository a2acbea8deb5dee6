"""Which tyres each car was on, lap by lap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from racecraft.analysis.order.stints import stints
from racecraft.show.charts.lap_chart import classified_cars
from racecraft.show.charts.shapes import Band, family_names, flag_bands, need_laps, race_name

if TYPE_CHECKING:
    from racecraft.model.race import Race


@dataclass(frozen=True)
class Stint:
    """Laps on one set of tyres, from the beginning of the first to the end of the last."""

    first: float
    last: float
    compound: str
    age: int | None  # laps of the set at the end


@dataclass(frozen=True)
class StrategyChart:
    """What a tyre strip shows: a row a car, in the order of the classification."""

    title: str
    laps: int
    rows: tuple[tuple[str, tuple[Stint, ...]], ...]
    bands: tuple[Band, ...]

    @property
    def compounds(self) -> tuple[str, ...]:
        """Compounds that were used, the softest first."""
        known = ("soft", "medium", "hard", "intermediate", "wet", "unknown")
        used = {stint.compound for _, row in self.rows for stint in row}
        return tuple(name for name in known if name in used)


def strategy_chart(race: Race) -> StrategyChart:
    """What a tyre strip shows."""
    need_laps(race)
    table = stints(race)
    names = family_names(race)
    rows = []
    for car in classified_cars(race):
        own = table.filter(car=car).sort("start_lap")
        if own.is_empty():
            continue
        parts = own["start_lap", "end_lap", "compound", "tyre_age"].iter_rows()
        row = tuple(
            Stint(start - 1, end, _compound(compound), age) for start, end, compound, age in parts
        )
        rows.append((names.get(car, car), row))
    laps = int(max(stint.last for _, row in rows for stint in row))
    return StrategyChart(race_name(race), laps, tuple(rows), flag_bands(race))


def _compound(name: str | None) -> str:
    known = ("soft", "medium", "hard", "intermediate", "wet")
    return name if name in known else "unknown"
