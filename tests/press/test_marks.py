"""The marks of the checker on annotated sets that its confidence was not fitted on."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from racecraft.press.fact_check import fact_check
from racecraft.show.findings import perhaps

if TYPE_CHECKING:
    from collections.abc import Iterator

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
# What is reached on sets left out, less a little for chance.
RED_RIGHT, TICKS_RIGHT, FOUND = 0.9, {"rules": 0.91, "model": 0.86}, {"rules": 0.62, "model": 0.9}
CAUGHT = {"rules": 0.14, "model": 0.82}  # errors put in that are found for the right reason
ACCUSATIONS = {"rules": 0.06, "model": 0.3}  # of a model seven articles alone are recorded
CASES = {"accused": 1, "ticked": 0, "caught": 18, "stray": 0.05}  # of 60 true ones and 60 false


# Short texts of `sentences.json`: which races they are about; the false claims, by type and a
# word, the only ones that may be red; and what nobody must read into them.
RACES = {"E1": (2017, 12), "E1b": (2017, 12), "E3": (2019, 19), "E5": (2025, 6), "E10": (2025, 13)}
FALSE = {
    "R1": ("ranking", ""), "R10": ("ranking", ""), "R12": ("career_count", "three"),
    "R3": ("points_total", "Bottas"), "R5": ("season_count", "Verstappen"),
    "R9": ("grid_position", "Verstappen"), "X4": ("career_count", "Bottas"),
    "X6": ("streak", "Mercedes"), "X8": ("venue_count", ""),
}  # fmt: skip
NEVER = {
    "A1": [("age", "")], "A3": [("date", ""), ("circuit", "")], "C4": [("calendar", "")],
    "L2": [("winning_margin", ""), ("time_gap", "")], "L4": [("retirement", "")],
    "L6": [("streak", "")], "L8": [("circuit", "Pedralbes")],
    "N2": [("finish_position", who) for who in ("Haas", "Alfa", "Williams")],
    "N4": [("finish_position", "sixth")], "N7": [("finish_position", "second")],
    "Q2": [("grid_row", "")], "Q4": [("finish_position", "first")], "T1": [("retirement", "")],
    "W1": [("nationality", "Polish")],
    "W5": [("finish_position", "Vettel: finished second"), ("finish_position", "fourth")],
}  # fmt: skip
FALSE_FOUND = 2  # of the texts with a false claim
ACCUSED = 2  # red marks, at most, on true texts that tell of several events or moments


@pytest.fixture(scope="module")
def history(shared: Path) -> Iterator[Any]:
    """All seasons of the public dump."""
    sys.path.insert(0, str(BENCHMARKS))
    from press_rows import history_of

    yield history_of(shared / "data")
    sys.path.remove(str(BENCHMARKS))


@pytest.fixture(scope="module")
def found(shared: Path, history: Any) -> list[Any]:
    """Articles left out, judged: fresh ones and those of more kinds, and short cases."""
    from press_marks import left_out
    from press_rows import all_samples

    return left_out(all_samples(shared / "data", history, leave=("public",)))


@pytest.mark.parametrize("source", ["rules", "model"])
def test_marks_are_kept_on_articles_left_out(found: list[Any], source: str) -> None:
    from press_marks import by_set

    each = by_set(found)["all", source]
    assert each.red_right >= RED_RIGHT
    assert each.accusations <= ACCUSATIONS[source]
    assert each.ticks_right >= TICKS_RIGHT[source]
    assert each.caught / each.injected >= CAUGHT[source]
    assert each.found / each.checkable >= FOUND[source]


def test_short_cases_are_told_apart(found: list[Any]) -> None:
    from press_marks import short_cases

    n = short_cases(found)
    assert n["accused"] <= CASES["accused"]
    assert n["ticked"] <= CASES["ticked"]
    assert n["caught"] >= CASES["caught"]
    assert n["stray"] <= CASES["stray"] * n["ticks"]


def test_no_sentence_is_read_the_wrong_way(shared: Path, history: Any) -> None:
    """Each is as expected, or silent: what is likely to be wrong is shown, and so counts as red."""
    texts = json.loads((shared / "data/articles_fresh/sentences.json").read_text("utf-8"))
    caught = 0
    for each in texts:
        checked = fact_check(each["text"].encode(), history)
        about, name = (checked.about.season, checked.about.round), each["id"]
        assert about == RACES.get(name, about), name
        red = [*checked.of("contradicted"), *perhaps(checked)]
        false, never = FALSE.get(name, ("", "")), NEVER.get(name, [])
        ticks = checked.of("supported")
        assert all(_is_of(found, *false) for found in red), (name, red)
        assert not any(_is_of(found, *false) for found in ticks), (name, ticks)
        assert not [f for f in (*red, *ticks) for what in never if _is_of(f, *what)], name
        caught += bool(checked.of("contradicted"))
    assert caught >= FALSE_FOUND


def test_true_texts_are_not_accused(history: Any) -> None:
    """Texts that hop between races, sessions and moments; every red mark on one is false."""
    red = []
    for line in Path(__file__).with_name("true_texts.txt").read_text("utf-8").splitlines():
        lang, day, text = line.replace("\\n", "\n").split("|", 2)
        checked = fact_check(f"date: {day}\nlang: {lang}\n\n{text}\n", history)
        red += [(text, found.claim) for found in checked.of("contradicted")]
    assert len(red) <= ACCUSED, red


def _is_of(found: Any, kind: str, word: str) -> bool:
    return found.claim_type == kind and word in found.claim
