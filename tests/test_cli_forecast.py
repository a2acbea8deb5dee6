"""What you type to be told how a race may end."""

from __future__ import annotations

import csv
import io
import json
import sys
from typing import TYPE_CHECKING

import pytest

from racecraft.cli.main import main
from racecraft.sim.forecast import FORECAST

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., tuple[int, str, str]]

ASKED = ("forecast", "2023", "Abu Dhabi")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Run the command; one season before tells enough here."""
    monkeypatch.setattr("racecraft.sim.forecast.MEMORY", 1)

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


def test_told_for_eyes(run: Run) -> None:
    status, out, err = run(*ASKED)
    assert (status, err) == (0, "")
    assert "Abu Dhabi Grand Prix" in out
    assert "the grid as started" in out
    assert out.index("VER") < out.index("SAR")
    assert "Before qualifying" in run(*ASKED, "--before", "qualifying")[1]


def test_the_formats_agree(run: Run) -> None:
    rows = json.loads(run(*ASKED, "--format", "json")[1])
    assert list(rows[0]) == list(FORECAST.schema)
    flat = list(csv.DictReader(io.StringIO(run(*ASKED, "--format", "csv")[1])))
    assert [float(row["p1"]) for row in flat] == pytest.approx([row["win"] for row in rows])
    assert [float(row["p20"]) for row in flat] == pytest.approx([row["places"][19] for row in rows])


def test_another_grid(run: Run) -> None:
    rows = json.loads(run(*ASKED, "--grid", "leclerc, 33 rus", "--format", "json")[1])
    assert {row["driver"]: row["grid"] for row in rows}["VER"] == 2


def test_against_prices(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "prices.csv"
    file.write_text("Driver,Win\nVER,1.3\nleclerc,6\n16,\n", encoding="utf-8")
    status, _, err = run(*ASKED, "--against", str(file))
    assert status == 1
    assert "two rows" in err
    file.write_text("driver,win\nVER,1.3\nleclerc,6\n", encoding="utf-8")
    told = json.loads(run(*ASKED, "--against", str(file), "--format", "json")[1])
    assert [row["driver"] for row in told["prices"]] == ["VER", "LEC"]
    assert told["scores"][0]["log_loss"] > 0
    status, out, _ = run(*ASKED, "--against", str(file))
    assert status == 0
    assert "lower is better" in out


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("forecast", "2023", "atlantis"), "no event"),
        ((*ASKED, "--grid", "VER VER"), "twice"),
        ((*ASKED, "--grid", "schumacher"), "no driver"),
        ((*ASKED, "--seed", "-3"), "seed"),
        ((*ASKED, "--against", "nowhere.csv"), "no file"),
        ((*ASKED, "--against", "pyproject.toml"), "prices"),
    ],
)
def test_errors_are_one_line(run: Run, typed: tuple[str, ...], said: str) -> None:
    status, out, err = run(*typed)
    assert (status, out) == (1, "")
    assert said in err.splitlines()[0]
    assert len(err.splitlines()) <= 2
