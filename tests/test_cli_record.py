"""What the command says of races whose timing is not stored: the record in the package."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from racecraft.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def say(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, own_store: Path
) -> Callable[..., str]:
    """Output of a command on a store of its own, which stays empty."""

    def typed(*words: str) -> str:
        monkeypatch.setattr(sys, "argv", ["racecraft", *words])
        with pytest.raises(SystemExit) as end:
            sys.exit(main())
        assert end.value.code in (0, None), capsys.readouterr().err
        return capsys.readouterr().out

    return typed


def test_a_race_of_long_ago(say: Callable[..., str]) -> None:
    told = say("race", "1957", "germany")
    assert "1957 German Grand Prix" in told
    assert "4 August 1957, 22 laps, result from f1db" in told
    assert "Herrmann (chassis, after 14 laps)" in told
    assert "Fangio has 34 points and leads Musso by 18; the title is his." in told
    assert "no lap times of races before 1996 were published" in told


def test_a_race_whose_timing_can_be_had_says_how(say: Callable[..., str]) -> None:
    told = say("race", "2019", "monza")
    assert "Verstappen (sent to the back)" in told
    assert "Timing of this race is not stored: 'racecraft data fetch 2019 italian" in told


def test_a_race_without_timing_as_json(say: Callable[..., str]) -> None:
    told = json.loads(say("race", "2021", "silverstone", "--session", "sprint", "--format", "json"))
    assert (told["season"], told["round"], told["session"]) == (2021, 10, "sprint")
    assert told["timing"] is None
    assert told["result"][0]["driver"] == "VER"
    assert told["result"][0]["gained"] == 1
    assert told["result"][0]["time_s"] == pytest.approx(1538.426)


def test_a_race_of_long_ago_opens_with_what_decided_it(say: Callable[..., str]) -> None:
    told = say("race", "2008", "brazil")
    opening = told[: told.index("driver  name")]
    assert "What decided it" in opening
    assert "* Hamilton became champion by finishing fifth, a point ahead of Massa." in opening
    assert "its timing is not stored, so nobody knows who led" in " ".join(opening.split())
    assert "Coulthard" not in opening, "out on lap 1 from P14: it decided nothing"
    rows = json.loads(say("race", "2008", "brazil", "--format", "json"))["moments"]
    assert {row["basis"] for row in rows} == {"results"}
    assert "title decided" in {row["kind"] for row in rows}


def test_a_season_lists_its_races(say: Callable[..., str]) -> None:
    told = say("race", "1958")
    assert told.splitlines()[1].split()[0] == "1"
    assert len(told.splitlines()) == 12
    assert "Hawthorn" in told
    listed = json.loads(say("race", "2023", "--format", "json"))
    assert listed[3]["sprint_winner"] == "Pérez"


def test_championships_of_every_age_need_nothing_added(say: Callable[..., str]) -> None:
    assert say("standings", "1976").splitlines()[1].split()[:3] == ["1", "HUN", "69"]
    assert "Senna has secured the title" in say("title", "1988", "--driver", "SEN", "--after", "15")
    assert "VER" in say("odds", "2021", "--after", "21", "--runs", "2000")


def test_the_source_is_named(say: Callable[..., str]) -> None:
    assert "seasons from f1db: 1950-2025" in say("data", "list")


def test_results_of_all_seasons_are_searched(say: Callable[..., str]) -> None:
    told = say("search", "position = 1 and grid > 18", "--format", "csv")
    assert [line.split(",")[0] for line in told.splitlines()[1:]] == ["1954", "1983"]
