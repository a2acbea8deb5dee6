"""The solver behind proofs of titles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.title.proof.milp import Model

if TYPE_CHECKING:
    import pytest


def test_it_finds_whole_numbers_and_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    model = Model()
    first, second = model.variable(10), model.variable(10)
    model.row([(first, 2.0), (second, 3.0)], least=17, most=17)
    model.row([(first, 1.0)], most=1)
    assert model.solution() == [1.0, 5.0]
    model.row([(second, 1.0)], most=4)
    assert model.solution() is None
    assert capfd.readouterr() == ("", "")
