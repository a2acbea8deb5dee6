"""What you type to be told how fast."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import polars as pl
import pytest

from conftest import some
from own_telemetry import Lap, measured_race
from racecraft.analysis.fights.undercuts import PIT_WINDOW, STOP_LOSSES, UNDERCUTS
from racecraft.analysis.form import rounds
from racecraft.analysis.form.form import FORM
from racecraft.analysis.form.since import FORM_SINCE
from racecraft.analysis.pace.breakdown import BREAKDOWN
from racecraft.analysis.pace.pace import PACE, TERMS
from racecraft.analysis.telemetry.corners import CORNER_LAPS
from racecraft.cli.main import main
from racecraft.door.paces import fit_paces, kept_paces
from racecraft.sources.sample.toy import toy_race
from racecraft.store.importing import ADDED
from racecraft.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from racecraft.model.table import Table

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


def test_pace_in_every_format(run: Run, tmp_path: Path) -> None:
    told = json.loads(run("pace", "2023", "brazil", "--format", "json")[1])
    assert set(told["drivers"][0]) == set(PACE.schema)
    assert {"terms", "tyres", "traffic", "track", "laps", "doubts"} <= set(told)
    path = tmp_path / "terms.csv"
    assert run("pace", "2023", "brazil", "--of", "terms", "-o", str(path))[0] == 0
    assert pl.read_csv(path).columns == list(TERMS.schema)
    status, text, _ = run("pace", "2023", "brazil")
    assert status == 0
    assert "Race pace, 2023 São Paulo Grand Prix" in text
    assert "a prior shares them" in " ".join(text.split())


def test_breakdown_adds_up(run: Run) -> None:
    told = json.loads(run("breakdown", "2023", "brazil", "pérez", "71", "--format", "json")[1])
    assert told["driver"] == "PER"
    assert sum(part["seconds"] for part in told["parts"]) == pytest.approx(told["lap_time_s"])
    assert set(told["parts"][0]) == set(BREAKDOWN.schema)
    assert "own error" in run("breakdown", "2023", "brazil", "PER", "71")[1]


def test_form_is_a_sentence_and_rounds(run: Run) -> None:
    told = json.loads(run("form", "2023", "PER", "--format", "json")[1])
    assert {"rounds", "change_point", "sentence", "trends"} <= set(told)
    assert set(told["rounds"][0]) == set(FORM.schema)
    assert told["sentence"] in " ".join(run("form", "2023", "11")[1].split())


def test_form_since_an_event_is_a_difference_with_its_error(run: Run) -> None:
    words = ("form", "2023", "PER", "--since", "austin", "--until", "brazil")
    since = json.loads(run(*words, "--format", "json")[1])["since"]
    assert (since["event"], since["round"]) == ("united-states-grand-prix", 18)
    assert set(since["measures"][0]) == set(FORM_SINCE.schema)
    assert [row["verdict"] for row in since["measures"]] == ["unsure", "unsure"]
    assert since["sentence"] in " ".join(run(*words)[1].split())
    assert run("form", "2023", "PER", "--until", "brazil")[0] == 2


@pytest.mark.parametrize(
    ("words", "promise"),
    [
        ((), STOP_LOSSES),
        (("--undercuts",), UNDERCUTS),
        (("--window", "verstappen"), PIT_WINDOW),
    ],
)
def test_stops_in_every_format(run: Run, words: tuple[str, ...], promise: Table) -> None:
    told = ("stops", "2023", "brazil", *words)
    rows = json.loads(run(*told, "--format", "json")[1])
    names = [f"{c.name}_s" if c.dtype == pl.Duration else c.name for c in promise.columns]
    assert list(rows[0]) == names
    assert run(*told, "--format", "csv")[1].splitlines()[0] == ",".join(names)
    status, text, _ = run(*told)
    assert status == 0
    assert len(text.splitlines()) >= len(rows)


def test_a_battle_is_told_by_corner_where_there_is_telemetry(run: Run, tmp_path: Path) -> None:
    laps = {driver: [Lap() for _ in range(10)] for driver in ("AAA", "BBB")}
    laps["AAA"][7] = Lap(opens_later_m={"3": 40.0})
    race = measured_race(laps, wait_s={"AAA": 0.0, "BBB": 0.6})
    Store(tmp_path / "store", sample=False).add_race(race)
    words = ("battle", "2023", "own", "AAA", "BBB", "--store", str(tmp_path / "store"))
    told = json.loads(run(*words, "--format", "json")[1])
    assert told["finest"] == "corners"
    assert set(told["corners"][0]) == set(CORNER_LAPS.schema)
    assert "out of Turn 3" in told["turning_points"][0]["sentence"]
    text = run(*words)[1]
    assert "by corners" in text
    assert "full throttle" in text


def test_stops_that_nobody_made_are_none(run: Run, tmp_path: Path) -> None:
    store = Store(tmp_path / "store", sample=False)
    store.add_race(toy_race())
    where = ("2023", "toy", "--store", str(tmp_path / "store"))
    assert run("stops", *where, "--format", "json")[1] == "[]\n"
    assert run("stops", *where, "--undercuts", "--format", "json")[1] == "[]\n"
    assert run("stops", *where)[0] == 0
    status, _, err = run("stops", *where, "--window", "VER")
    assert (status, err.splitlines()) == (1, err.splitlines()[:1])
    assert "nobody stopped under green" in err
    assert run("stops", *where, "--window", "VER", "--undercuts")[0] == 2


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("breakdown", "2023", "brazil", "PER", "72"), "no lap 72"),
        (("breakdown", "2023", "brazil", "LEC", "1"), "was not timed"),
        (("stops", "2023", "brazil", "--window", "nobody"), "no driver 'nobody'"),
        (("form", "2023", "PER", "--since", "narnia"), "narnia"),
        (("form", "2023", "PER", "--since", "brazil", "--until", "spa"), "comes before"),
        (("form", "2023", "Peres"), "no driver 'Peres'"),
        (("pace", "2023", "brazil", "--plot", "pace.foo"), "cannot be written"),
    ],
)
def test_what_cannot_be_answered_is_one_line(
    run: Run, words: tuple[str, ...], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    pytest.importorskip("matplotlib")
    status, _, err = run(*words)
    assert status == 1
    assert err.startswith("error: ")
    assert message in err


FIGURES = {
    "pace.png": ("pace", "2023", "brazil"),
    "tyres.png": ("pace", "2023", "brazil", "--of", "tyres"),
    "laps.svg": ("pace", "2023", "brazil", "--driver", "ALO"),
    "battle.png": ("battle", "2023", "brazil", "PER", "ALO", "--team-colours"),
    "form.pdf": ("form", "2023", "PER"),
    "places.png": ("race", "2023", "brazil"),
    "gaps.png": ("gaps", "2023", "brazil"),
    "chances.svg": ("moments", "2023", "brazil", "--formula"),
    "strategy.png": ("stops", "2023", "brazil"),
    "standings.png": ("standings", "2023"),
    "odds.png": ("odds", "2023", "--after", "20", "--runs", "1000"),
    "forecast.png": ("forecast", "2023", "20"),
}


def test_every_figure_is_drawn(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    for name, words in some(FIGURES.items(), 2):
        status, out, err = run(*words, "--plot", str(tmp_path / name))
        assert (status, "error" in err) == (0, False), words
        assert out == f"wrote {tmp_path / name}\n"
        assert (tmp_path / name).stat().st_size > 5000


def test_without_matplotlib_the_hint_says_what_to_install(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    status, _, err = run("pace", "2023", "brazil", "--plot", str(tmp_path / "x.png"))
    assert status == 1
    assert "racecraft[plots]" in err


def test_paces_are_fitted_when_laps_are_added(
    run: Run, own_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("data", "add", "sample")[0] == 0
    assert len(list((own_store / "answers").glob("race_paces-*"))) == 2
    shelf = Store(own_store)
    race = shelf.load_race(2023, "brazil")
    monkeypatch.setattr(rounds, "race_paces", lambda _: pytest.fail("fitted again"))
    assert kept_paces(shelf)(race).height > 10
    unchanged = ADDED.rows([{"series": "f1", "season": 2023, "outcome": "unchanged"}])
    assert fit_paces(shelf, unchanged) == 0
