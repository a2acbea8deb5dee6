"""What you type to see what is known: laps, results, quali, control, drivers, season."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

import racecraft as rc
from racecraft.analysis.outcome import QUALIFIED, TOOK_PART, qualifying
from racecraft.cli.main import main
from racecraft.errors import NotFoundError
from racecraft.sources.sample.sample import sample_race
from racecraft.store.load import load_season

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    def typed(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["racecraft", *words])
        try:
            status = main()
        except SystemExit as end:
            status = int(end.code or 0)
        sys.stdout.flush()
        out, err = capfdbinary.readouterr()
        return status, out.decode(), err.decode()

    return typed


def test_laps_of_two_cars(run: Run) -> None:
    rows = json.loads(run("laps", "2023", "brazil", "alonso", "PER", "--format", "json")[1])
    assert {row["car"] for row in rows} == {"ALO", "PER"}
    assert len(rows) == 142
    text = run("laps", "2023", "brazil", "--lap", "71")[1]
    assert len(text.splitlines()) > 10
    assert " driver " not in text.splitlines()[1]  # it would only repeat the car


def test_results_say_how_it_ended(run: Run) -> None:
    text = run("results", "2023", "brazil")[1]
    assert "Lewis Hamilton" in text
    sprint = run("results", "2023", "brazil", "--session", "sprint", "--format", "json")[1]
    assert json.loads(sprint)[0]["laps"] == 24


def test_results_of_a_race_of_which_nothing_but_timing_is_stored(run: Run, tmp_path: Path) -> None:
    rc.Store(tmp_path).add_race(replace(sample_race(20), series="club", source="mine"))
    asked = ("results", "2023", "sao-paulo", "--series", "club", "--store", str(tmp_path))
    rows = json.loads(run(*asked, "--format", "json")[1])
    assert [row["car"] for row in rows[:3]] == ["VER", "NOR", "ALO"]


def test_quali_by_the_format_of_its_year(run: Run) -> None:
    rows = json.loads(run("quali", "2023", "brazil", "--format", "json")[1])
    assert set(rows[0]) >= {"driver", "q1_s", "q2_s", "q3_s", "time_s", "gap_s"}
    assert rows[0]["driver"] == "VER"
    monaco = qualifying(load_season(1988), "monaco-grand-prix")
    assert monaco["gap"][1].total_seconds() == pytest.approx(1.427)
    added = qualifying(load_season(2005), "australian-grand-prix")
    assert added["time"][0].total_seconds() == pytest.approx(181.460)
    assert "q1" not in run("quali", "1960", "monaco")[1].splitlines()[0]
    assert QUALIFIED.check(monaco).equals(monaco)


def test_nothing_is_known_of_a_qualifying(run: Run) -> None:
    with pytest.raises(NotFoundError, match="no qualifying of the sprint"):
        qualifying(load_season(1988), "monaco-grand-prix", "sprint")
    assert run("quali", "1988", "monaco", "--session", "sprint")[0] == 1


def test_control_names_laps(run: Run) -> None:
    text = run("control", "2023", "mexico")[1]
    red = next(line for line in text.splitlines() if line.startswith("red"))
    assert red.split()[1] in {"33", "34", "35", "36"}  # Magnussen's accident


def test_who_took_part(run: Run) -> None:
    rows = json.loads(run("drivers", "2023", "--format", "json")[1])
    assert set(rows[0]) == set(TOOK_PART.schema)
    assert len(rows) == 22
    assert {row["driver"] for row in rows if row["first_round"] > 1} == {"RIC", "LAW"}
    assert len(json.loads(run("drivers", "2023", "brazil", "--format", "json")[1])) == 20


def test_a_season_at_a_glance(run: Run) -> None:
    text = run("season", "2023")[1]
    assert "22 races, all run." in text
    assert "Wins: Verstappen 19, Pérez 2, Sainz 1." in text
    told = json.loads(run("season", "1950", "--format", "json")[1])
    assert told["standings"][0]["driver"]
    assert len(told["races"]) == 7
