"""What Tab offers in a shell."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


def offered(typed: str, store: Path) -> list[str]:
    """Lines that bash is given for what was typed so far, its last word unfinished."""
    words = f"racecraft {typed}"
    asked = {
        **os.environ,
        "_RACECRAFT_COMPLETE": "complete_bash",
        "COMP_WORDS": words,
        "COMP_CWORD": str(words.count(" ")),
        "RACECRAFT_STORE": str(store),
    }
    done = subprocess.run(
        [sys.executable, "-m", "racecraft"], env=asked, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("race 202", "2025"),
        ("race 2023 sao", "sao-paulo"),
        ("race 2023 braz", "brazil"),
        ("battle 2023 brazil ALO P", "PER"),
        ("battle 2023 brazil ALO per", "perez"),
        ("title 2023 --driver VE", "VER"),
        ("form 2023 PER --since aust", "australian"),
    ],
)
def test_offers_what_the_store_knows(typed: str, first: str, tmp_path: Path) -> None:
    assert offered(typed, tmp_path)[0] == first


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("battle --series club 2024 club-night 1", ["11", "14"]),
        ("race --series c", ["club"]),
        ("race --series club 2024 ", ["club-night"]),
    ],
)
def test_offers_other_series(typed: str, words: list[str], tmp_path: Path) -> None:
    laps = Path(__file__).parents[1] / "docs" / "examples" / "karting.csv"
    add = ["data", "add", "timing", str(laps), "--series", "club", "--season", "2024"]
    add += ["--event", "Club night", "--store", str(tmp_path)]
    subprocess.run([sys.executable, "-m", "racecraft", *add], capture_output=True, check=True)
    assert offered(typed, tmp_path) == words


@pytest.mark.parametrize("typed", ["race 1900 b", "race soon b", "battle 2023 brazil q"])
def test_offers_nothing_rather_than_an_error(typed: str, tmp_path: Path) -> None:
    assert offered(typed, tmp_path) == []
