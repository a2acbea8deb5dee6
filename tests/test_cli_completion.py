"""What Tab offers in a shell."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


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


@pytest.mark.parametrize("typed", ["race 1900 b", "race soon b", "battle 2023 brazil q"])
def test_offers_nothing_rather_than_an_error(typed: str, tmp_path: Path) -> None:
    assert offered(typed, tmp_path) == []
