from __future__ import annotations

import json
import sys

import polars as pl
import pytest

from racecraft.cli.main import main


def told(arguments: str, monkeypatch: pytest.MonkeyPatch, capsys) -> tuple[int, str, str]:
    monkeypatch.setattr(sys, "argv", ["racecraft", *arguments.split("|")])
    try:
        status = main()
    except SystemExit as left:
        status = int(left.code or 0)
    return status, *capsys.readouterr()


def test_a_forecast_after_a_lap(monkeypatch, capsys) -> None:
    asked = "forecast|2023|brazil|--after|60|--runs|200|--format|json"
    status, out, _ = told(asked, monkeypatch, capsys)
    assert status == 0
    rows = json.loads(out)
    assert rows[0]["car"] == "VER"
    assert rows[0]["win"] > 0.9
    assert sum(row["podium"] for row in rows) == pytest.approx(3)


def test_a_forecast_after_every_lap(monkeypatch, capsys, tmp_path) -> None:
    path = tmp_path / "chances.csv"
    asked = f"forecast|2023|brazil|--every-lap|--runs|40|-o|{path}"
    status, _, _ = told(asked, monkeypatch, capsys)
    assert status == 0
    table = pl.read_csv(path)
    assert table["lap"].n_unique() == 72
    assert {"win", "p1", "p20"} <= set(table.columns)


def test_a_lap_beyond_the_flag(monkeypatch, capsys) -> None:
    status, _, said = told("forecast|2023|brazil|--after|90", monkeypatch, capsys)
    assert status == 1
    assert "no lap 90 in a race of 71" in said
    assert "hint" in said


def test_a_gamble_is_told_in_a_sentence(monkeypatch, capsys) -> None:
    asked = "whatif|2023|Mexico City|--driver|PER|--hold|5|--go-for|1|--runs|2000"
    status, out, _ = told(asked, monkeypatch, capsys)
    assert status == 0
    said = " ".join(out.split())
    assert "Holding 5th" in said
    assert "in points it pays from a chance of" in said


def test_whatif_with_nothing_changed_is_wrong_usage(monkeypatch, capsys) -> None:
    status, _, said = told("whatif|2023|brazil", monkeypatch, capsys)
    assert status == 2
    assert "--stop" in said
