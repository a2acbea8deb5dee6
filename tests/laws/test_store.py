"""What is true of every race and season that is stored."""

from __future__ import annotations

from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from hypothesis import given

from racecraft.store.store import Store
from strategies import races, seasons

if TYPE_CHECKING:
    import polars as pl

    from racecraft.model.race import Race
    from racecraft.model.season import Season


def in_any_order(table: pl.DataFrame) -> list[tuple[object, ...]]:
    return sorted(table.rows(), key=repr)


@given(races())
def test_a_race_comes_back_as_it_was_stored(race: Race) -> None:
    with TemporaryDirectory() as folder:
        store = Store(folder, sample=False)
        assert store.add_race(race) == "added"
        assert store.add_race(race) == "unchanged"
        back = store.load_race(race.season, race.event)
        assert store.verify().is_empty()
    assert (back.name, back.date, back.source) == (race.name, race.date, race.source)
    for name, table in race.tables.items():
        assert in_any_order(back.tables[name]) == in_any_order(table), name


@given(seasons())
def test_a_season_comes_back_as_it_was_stored(season: Season) -> None:
    with TemporaryDirectory() as folder:
        store = Store(folder, sample=False)
        assert store.add_season(season) == "added"
        assert store.add_season(season) == "unchanged"
        back = store.load_season(season.season)
        assert store.verify().is_empty()
    for name, table in season.tables.items():
        assert in_any_order(back.tables[name]) == in_any_order(table), name
