"""A mixed-integer model, gathered row by row and solved by HiGHS."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from racecraft.errors import NotEnoughDataError

Terms = list[tuple[int, float]]
INFINITE = 1e30
SEARCHES = ("mip_heuristic_run_rins", "mip_heuristic_run_rens")  # for a solution near another


@dataclass
class Model:
    """Variables from zero up, and sums of them that are bounded."""

    upper: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    rows: list[tuple[float, float, Terms]] = field(default_factory=list)

    def variable(self, upper: float, *, whole: bool = True) -> int:
        """Add a variable from 0 to `upper`, and return its number."""
        self.upper.append(upper)
        self.whole.append(whole)
        return len(self.upper) - 1

    def row(self, terms: Terms, *, least: float = -INFINITE, most: float = INFINITE) -> None:
        """Bound a sum of variables with their factors."""
        if terms:
            self.rows.append((least, most, terms))

    def solution(self, *, hopeful: bool = False) -> list[float] | None:
        """Values that keep to every row; None if there are none.

        One who is hopeful spends more time on searches for them, and less on a proof of none.

        Raises
        ------
        NotEnoughDataError
            The solver is not installed, or gave up.
        """
        highspy = solver()
        flat = [term for _, _, terms in self.rows for term in terms]
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self.upper), len(self.rows)
        lp.col_cost_ = lp.col_lower_ = np.zeros(len(self.upper))
        lp.col_upper_ = np.array(self.upper, dtype=float)
        lp.row_lower_ = np.array([least for least, _, _ in self.rows])
        lp.row_upper_ = np.array([most for _, most, _ in self.rows])
        lp.integrality_ = [
            highspy.HighsVarType.kInteger if whole else highspy.HighsVarType.kContinuous
            for whole in self.whole
        ]
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.cumsum([0, *(len(terms) for _, _, terms in self.rows)])
        lp.a_matrix_.index_ = np.array([number for number, _ in flat])
        lp.a_matrix_.value_ = np.array([factor for _, factor in flat], dtype=float)
        highs = silent(highspy)
        for search in SEARCHES:
            highs.setOptionValue(search, hopeful)
        highs.passModel(lp)
        highs.run()
        status = highs.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        if status != highspy.HighsModelStatus.kOptimal:
            raise NotEnoughDataError(
                f"the solver gave up: {highs.modelStatusToString(status).lower()}"
            )
        return list(highs.getSolution().col_value)


def solver() -> Any:
    """Return the module of the solver.

    Raises
    ------
    NotEnoughDataError
        It is not installed.
    """
    try:
        import highspy
    except ImportError as error:
        raise NotEnoughDataError(
            "this question needs a solver, which is not installed",
            hint='pip install "racecraft[title]"',
        ) from error
    return highspy


def silent(highspy: Any) -> Any:
    """Return a solver that prints nothing: since 1.16 one says its name as it is made."""

    def enable(highs: Any) -> None:  # called as one is made
        highs.silent()
        highspy.Highs.enableCallbacks(highs)

    kind: Any = type("Silent", (highspy.Highs,), {"enableCallbacks": enable})
    highs = kind()
    highs.silent()
    return highs
