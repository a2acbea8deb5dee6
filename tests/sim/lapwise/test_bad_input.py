"""What no race could have, asked for on the command line: one error with a hint."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

import racecraft as rc
from racecraft.cli.main import app, main
from racecraft.errors import ArgumentError
from racecraft.sim.lapwise.parameters import shipped_parameters
from racecraft.sources.sample.sample import sample_race

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("asked", "status", "message"),
    [
        ("simulate 2023 brazil --runs 0", 1, "expected 1 or more hint: 10000 give"),
        ("simulate 2023 brazil --seed 1.5", 1, "--seed is no whole number"),
        ("simulate 2023 brazil --seed 9223372036854775808", 1, "expected less than 2**63"),
        ("simulate 2023 brazil --seed -1", 1, "seed=-1"),
        ("simulate 2023 brazil --from-lap 72", 1, "no lap 72 in a race of 71"),
        ("simulate 2023 brazil --from-lap -3", 1, "no lap -3"),
        ("simulate 2023 brazil --workers 0", 1, "workers=0"),
        ("simulate 2023 brazil --workers dask://127.0.0.1:9", 1, "no Dask scheduler answers"),
        ("forecast 2023 brazil --after 90", 1, "no lap 90 in a race of 71"),
        ("forecast 2023 brazil --after -1", 1, "no lap -1"),
        ("forecast 2023 brazil --after 10 --runs 0", 1, "runs=0"),
        ("whatif 2023 brazil --from-lap 40 --stop HAM:0:soft", 1, "no stop on lap 0"),
        ("whatif 2023 brazil --from-lap 40 --stop HAM:71:soft", 1, "no stop on lap 71"),
        ("whatif 2023 brazil --from-lap 40 --stop HAM:0", 1, "such as PER:20:hard"),
        ("whatif 2023 brazil --from-lap 40 --stop HAM:x:soft", 1, "'x' is no whole number"),
        ("whatif 2023 brazil", 2, "say what is to be otherwise"),
        ("odds 2023 --seed 9223372036854775808", 1, "expected less than 2**63"),
        ("forecast 2023 brazil --seed 9223372036854775808", 1, "expected less than 2**63"),
        ("forecast 2023 brazil --seed -1", 1, "seed=-1; expected 0 or more"),
        ("whatif 2023 brazil --from-lap 40 --stop HAM:45:slick", 1, "no compound 'slick'"),
        ("whatif 2023 brazil --from-lap 40 --tyres HAM:slick", 1, "no"),
        ("whatif 2023 brazil --place HAM:0", 1, "no place 0"),
        ("whatif 2023 brazil --first-lap HAM:1:2", 1, "no chance 2.0"),
        ("whatif 2023 brazil --out SEN", 1, "SEN"),
        ("whatif 2023 brazil --without-flag 50", 1, "no flag on lap 50"),
        ("whatif 2023 brazil --undo-retirement VER", 1, "VER did not drop out"),
    ],
)
def test_one_error_and_no_trace(
    asked: str, status: int, message: str, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setattr("racecraft.sim.executor.ANSWERS_WITHIN", "1s")
    monkeypatch.setattr("sys.argv", ["racecraft", *asked.split()])
    try:
        left = main()
    except SystemExit as stopped:
        left = int(stopped.code or 0)
    said = capsys.readouterr()
    assert left == status
    assert message in " ".join((said.out + said.err).split())
    assert "Traceback" not in said.err


def test_a_stop_on_a_lap_that_is_no_number() -> None:
    with pytest.raises(ArgumentError, match="no stop on lap x"):
        rc.what_if(sample_race(19), rc.Stop("PER", "x", "soft"), runs=10, seed=1)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (('"version": 5', '"version": 1'), "of version 1; this racecraft reads 5"),
        (('"races": 8', '"races": 9'), "was changed after it was fitted"),
        (("{", ""), "holds no parameters"),
    ],
)
def test_parameters_of_another_version_or_edited_by_hand(
    tmp_path: Path, change: tuple[str, str], message: str
) -> None:
    file = tmp_path / "mine.json"
    shipped_parameters().save(file)
    text = file.read_text()
    assert change[0] in text
    file.write_text(text.replace(*change, 1))
    said = CliRunner().invoke(
        app, ["simulate", "2023", "brazil", "--runs", "10", "--parameters", str(file)]
    )
    assert said.exit_code == 1
    assert message in str(said.exception)


def test_a_race_without_laps_says_what_it_could_not_know(monkeypatch, capsys) -> None:
    for asked in ("simulate 2023 monza --runs 10", "whatif 2023 monza --out VER"):
        monkeypatch.setenv("RACECRAFT_OFFLINE", "1")
        monkeypatch.setattr("sys.argv", ["racecraft", *asked.split()])
        assert main() == 1
        said = capsys.readouterr().err
        assert "error:" in said
        assert "hint:" in said
