"""What is typed about races that say too little: one line that says what is lacking, or doubts."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl
import pytest

from own_pace import Truth, made_race
from racecraft.cli.main import main
from racecraft.model.clock import duration
from racecraft.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from racecraft.model.race import Race

    Run = Callable[..., tuple[int, str, str]]

WHOLE = Truth(laps=30)
PROCESSION = Truth(laps=25, driver_s=0.0, noise_s=0.02, weather_s=0.0, stint_s=0.0, stopping=False,
                   traffic_s=(0.0,) * 6)  # fmt: skip
VERBS = (
    ("pace",),
    ("breakdown", "AAX", "3"),
    ("stops",),
    ("stops", "--undercuts"),
    ("stops", "--window", "AAX"),
    ("battle", "AAX", "ABX"),
    ("race",),
)


def all_wet() -> Race:
    race = made_race(WHOLE, 4)
    return race.with_tables(tyres=race.tyres.with_columns(compound=pl.lit("wet")))


def without_compounds() -> Race:
    race = made_race(WHOLE, 4)
    return race.with_tables(tyres=race.tyres.clear())


def red_on_lap_1() -> Race:
    race = made_race(WHOLE, 4)
    red = pl.DataFrame({"from": [20.0], "to": [80.0], "state": ["red"]})
    return race.with_tables(control=red.with_columns(duration("from"), duration("to")))


POOR: dict[str, Callable[[], Race]] = {
    "three laps": lambda: made_race(Truth(laps=3), 1),
    "one driver": lambda: made_race(Truth(cars=1, laps=30), 1),
    "no compounds": without_compounds,
    "all wet": all_wet,
    "red flag on lap 1": red_on_lap_1,
    "every lap in traffic": lambda: made_race(PROCESSION, 3),
    "no laps": lambda: (race := made_race(Truth(laps=3), 1)).with_tables(
        crossings=race.crossings.clear(), pit_visits=race.pit_visits.clear()
    ),
}


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


@pytest.fixture(params=POOR)
def poor(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, Path]:
    store = Store(tmp_path / "store", sample=False)
    store.add_race(replace(POOR[request.param](), season=2023))
    return request.param, store.folder


def test_every_verb_answers_or_says_in_one_line_why_not(run: Run, poor: tuple[str, Path]) -> None:
    _, store = poor
    for verb, *words in VERBS:
        for form in ("table", "json"):
            typed = (verb, "2023", "made", *words, "--store", str(store), "--format", form)
            status, out, err = run(*typed)
            assert status in (0, 1), typed
            assert (status == 0) == bool(out), typed
            if status:
                assert err.startswith("error: "), typed
                assert len(err.splitlines()) <= 2, typed
            elif form == "json":
                json.loads(out)


@pytest.mark.parametrize(
    ("which", "said"),
    [
        ("three laps", "clean laps"),
        ("one driver", "of 1 drivers"),
        ("all wet", "in the wet"),
        ("no laps", "no crossings"),
    ],
)
def test_pace_declines_what_says_too_little(
    run: Run, tmp_path: Path, which: str, said: str
) -> None:
    Store(tmp_path / "s", sample=False).add_race(POOR[which]())
    status, _, err = run("pace", "2023", "made", "--store", str(tmp_path / "s"))
    assert status == 1
    assert said in err


@pytest.mark.parametrize(
    ("which", "doubt"),
    [
        ("no compounds", "compound of"),
        ("red flag on lap 1", "a prior shares them"),
        ("every lap in traffic", "hardly told"),
    ],
)
def test_pace_doubts_what_it_cannot_tell(run: Run, tmp_path: Path, which: str, doubt: str) -> None:
    Store(tmp_path / "s", sample=False).add_race(POOR[which]())
    words = ("pace", "2023", "made", "--store", str(tmp_path / "s"), "--format", "json")
    told = json.loads(run(*words)[1])
    assert doubt in " ".join(row["reason"] for row in told["doubts"])
    assert all(row["error_s"] > 0.02 for row in told["drivers"])
