"""The marks of the checker on annotated articles that its confidence was not fitted on."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
# What is reached on articles left out, less a little for chance.
RED_RIGHT, TICKS_RIGHT, FOUND = 0.84, {"rules": 0.92, "model": 0.87}, {"rules": 0.54, "model": 0.9}
CAUGHT = {"rules": 0.42, "model": 0.85}  # errors put in that are found for the right reason
ACCUSATIONS = {"rules": 0.25, "model": 0.45}  # of a model seven articles alone are recorded
CASES = {"accused": 3, "ticked": 3, "caught": 34, "stray": 0.05}  # of 60 true ones and 60 false


@pytest.fixture(scope="module")
def found(shared: Path) -> Iterator[list[Any]]:
    """Articles left out, judged: fresh ones and those of more kinds, and short cases."""
    sys.path.insert(0, str(BENCHMARKS))
    from press_marks import left_out
    from press_rows import history_of, pairs, samples

    data = shared / "data"
    sets = {"fresh": data / "articles_fresh", "more": data / "articles_more"}
    own = Path(__file__).parent
    sets |= {"ours": own / "articles", "second": own / "articles_second"}
    history = history_of(data)
    yield left_out([*samples(sets, history), *pairs(data / "sentence_pairs.json", history)])
    sys.path.remove(str(BENCHMARKS))


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
