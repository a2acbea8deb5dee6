"""The best battles, moments and races of many."""

from __future__ import annotations

import polars as pl
import pytest

import racecraft as rc
from own_race import laps_of, race_of
from racecraft.analysis.fights.hardest_fought import at_stake, hardest_fought
from racecraft.errors import ArgumentError, NotFoundError
from racecraft.sources.sample.sample import sample_race, sample_season

RACES = [sample_race(19), sample_race(20)]


def swapping(*, places_ahead: int = 0) -> dict[str, list[float]]:
    """Two cars that change places every other lap for ten laps, so many cars ahead of them."""
    far = {f"C{i}": laps_of(*[90] * 10, start=-100 + 4 * i) for i in range(places_ahead)}
    back_and_forth = laps_of(*[90 + (0.8 if lap % 2 else -0.8) for lap in range(10)], start=0.5)
    return far | {"ONE": laps_of(*[90] * 10), "TWO": back_and_forth}


def test_a_train_is_not_a_fight() -> None:
    train = {car: laps_of(*[90] * 10, start=0.7 * i) for i, car in enumerate(("VER", "HAM", "ALO"))}
    heat = hardest_fought(race_of(train)).filter(first="HAM")["heat"].item()
    fought = hardest_fought(race_of(swapping()))["heat"].max()
    assert fought > 5 * heat
    assert hardest_fought(race_of(train)).filter(first="HAM")["in_a_train"].item() == 1.0


def test_the_same_fight_for_more_is_hotter() -> None:
    for_the_lead, for_twelfth = (
        hardest_fought(race_of(swapping(places_ahead=n)))["heat"].max() for n in (0, 11)
    )
    assert for_the_lead > 2 * for_twelfth


def test_what_places_are_worth() -> None:
    stakes = at_stake(RACES[0])
    assert stakes[:4].tolist() == [7 + 15, 3, 3 + 4, 2]


def test_battles_of_the_sample() -> None:
    best = rc.search(RACES, "battles", limit=3)
    assert best.row(0, named=True)["first"] == "ALO"
    assert best["rank"].to_list() == [1, 2, 3]
    assert best["heat"].is_sorted(descending=True)


def test_moments_of_a_driver_and_of_the_last_lap() -> None:
    seasons = [sample_season()]
    his = rc.search(RACES, "moments", seasons=seasons, driver="pérez")
    assert all("PER" in drivers.split() for drivers in his["drivers"])
    assert set(his["name"]) == {"Mexico City Grand Prix", "São Paulo Grand Prix"}
    late = rc.search(RACES, "moments", seasons=seasons, last_lap=True)
    assert (late["lap"] == late["laps"]).all()
    assert "PER" in late.filter(name="São Paulo Grand Prix")["drivers"][0]


def test_races_by_their_drama() -> None:
    ranked = rc.search(RACES, "races")
    assert ranked["rank"].to_list() == [1, 2]
    assert ranked["drama"].is_sorted(descending=True)
    assert ranked.filter(pl.col("sentence").is_null()).is_empty()


def test_what_cannot_be_asked() -> None:
    with pytest.raises(NotFoundError, match="no driver 'Senna' took part"):
        rc.search(RACES, "battles", driver="Senna")
    with pytest.raises(ArgumentError, match="only moments have a last lap"):
        rc.search(RACES, "races", last_lap=True)
    with pytest.raises(ArgumentError, match="no 0 rows"):
        rc.search(RACES, "battles", limit=0)
    assert rc.search([], "battles").is_empty()
    assert rc.search(RACES, "swaps >= 2 and at_flag")["first"].to_list() == ["ALO"]


def test_the_most_intense_battle_of_a_season_is_no_train(shared) -> None:
    from own_seasons import season_of_laps

    best = rc.search(season_of_laps(shared, 2022), "battles", limit=10)
    first = best.row(0, named=True)
    assert (first["name"], {first["first"], first["second"]}) == (
        "Saudi Arabian Grand Prix",
        {"LEC", "VER"},
    )
    assert best["swaps"].sum() + (best["attempts"] > 0).sum() >= 10
    assert (best["position"] <= 10).all()
