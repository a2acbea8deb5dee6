"""`racecraft sim fit` from stored races to a file that other commands take."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from own_seasons import season_of_laps, season_of_results
from racecraft.cli.main import main
from racecraft.sim.lapwise import fit_races as fitting
from racecraft.sim.lapwise.parameters import read_parameters, shipped_parameters
from racecraft.sim.lapwise.weighing import NAMES
from racecraft.store.store import Store

if TYPE_CHECKING:
    from pathlib import Path

RACES, SEASON = 6, 2019


@pytest.fixture
def stored(shared: Path, own_store: Path) -> Path:
    """A few races of a season, its results and those of the year before."""
    store = Store(own_store)
    for year in (SEASON - 1, SEASON):
        store.add_season(season_of_results(shared, year))
    for race in season_of_laps(shared, SEASON)[:RACES]:
        store.add_race(race)
    return own_store


def typed(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["racecraft", *words])
    try:
        return main()
    except SystemExit as end:
        return int(end.code or 0)


def test_fitted_saved_and_taken(
    stored: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.json"
    words = ("sim", "fit", "--season", str(SEASON), "--workers", "1", "-o", str(file))
    assert typed(monkeypatch, *words) == 0
    told = capfd.readouterr().out
    assert f"from {RACES} races" in told
    assert str(file) in told
    mine = read_parameters(file)
    assert mine.provenance["seasons"] == [SEASON]
    assert mine.provenance["races"] == RACES
    assert mine.provenance["sources"]
    assert set(mine.figures) >= set(NAMES)
    assert mine.mark != shipped_parameters().mark
    few = ("--runs", "200", "--workers", "1", "--format", "json")
    for asked in (
        ("simulate", str(SEASON), "bahrain", "--from-lap", "50", *few),
        ("forecast", str(SEASON), "bahrain", "--after", "50", *few),
    ):
        said = []
        for more in (("--parameters", str(file)), ()):
            assert typed(monkeypatch, *asked, *more) == 0
            said.append(json.loads(capfd.readouterr().out))
        assert said[0] != said[1]  # other parameters, other chances

    stop_after(monkeypatch, RACES - 1)
    assert typed(monkeypatch, *words) == 0
    assert "cut short: partial" in capfd.readouterr().out
    assert read_parameters(file).provenance["partial"] is True

    stop_after(monkeypatch, 2)  # too few to say anything: what was written stays
    before = file.read_bytes()
    assert typed(monkeypatch, *words) == 130
    assert file.read_bytes() == before


def stop_after(monkeypatch: pytest.MonkeyPatch, races: int) -> None:
    """Press Ctrl-C when so many races were read."""
    seen = []
    real = fitting.evidence

    def read(race):
        seen.append(race)
        if len(seen) > races:
            raise KeyboardInterrupt
        return real(race)

    monkeypatch.setattr(fitting, "evidence", read)
