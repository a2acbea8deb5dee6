"""Normal equations of a fit in which some causes touch a row once: these are eliminated first."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


class Solved(NamedTuple):
    """What the normal equations say of one set of weights.

    `shift` and `variance` are of every coefficient, ``(coefficients,)``; the others are what the
    leverage of rows is worked out from.
    """

    shift: Floats
    variance: Floats
    inverse: Floats
    inner_inverse: Floats
    carried: Floats


class NormalEquations:
    """Normal equations of one matrix for any weights and precisions.

    Parameters
    ----------
    columns
        Shape (rows, coefficients).
    blocks
        Columns of each cause of which every row has one, shape (causes, groups): the first column
        of a cause belongs to the same rows as the first one of the next.

    Notes
    -----
    A lap is of one stint, so that what the laps say of level and slope of the stints is a small
    matrix a stint. They are eliminated by their Schur complement, which leaves less than half
    of the coefficients to be solved for together. It is exact. Rows are held group after group.
    """

    def __init__(self, columns: Floats, blocks: Ints) -> None:
        self.coefficients = columns.shape[1]
        self.of_blocks = blocks
        self.rest = np.setdiff1d(np.arange(columns.shape[1]), blocks.ravel())
        self.groups = blocks.shape[1] if len(blocks) else 1
        own = columns[:, blocks] if len(blocks) else np.zeros((len(columns), 0, 1))
        group = np.asarray((own != 0).any(axis=1).argmax(axis=1), np.int64)
        self.sorted = np.argsort(group, kind="stable")
        self.group = group[self.sorted]
        edges = np.searchsorted(self.group, np.arange(self.groups + 1)).tolist()
        spans = enumerate(pairwise(edges))
        self.slices = [(number, slice(a, b)) for number, (a, b) in spans if a < b]
        self.shared = np.ascontiguousarray(columns[self.sorted][:, self.rest])
        own = np.take_along_axis(own, group[:, None, None], axis=2)[:, :, 0]
        self.own = own[self.sorted]

    def solve(self, weights: Floats, precision: Floats, target: Floats, least: Floats) -> Solved:
        """Most probable coefficients none of which is below its least.

        Parameters
        ----------
        weights, target
            Of every row.
        precision, least
            Of every coefficient; of those in blocks nothing is the least.
        """
        weights, of_rows = weights[self.sorted], (weights * target)[self.sorted]
        inner, border, outer = self._parts(weights, precision)
        inner_inverse = np.linalg.inv(inner).astype(np.float64, copy=False)
        carried = inner_inverse @ border  # (groups, causes, rest)
        flat, flat_carried = (part.reshape(-1, len(self.rest)) for part in (border, carried))
        inverse = np.linalg.inv(outer - flat.T @ flat_carried).astype(np.float64, copy=False)
        own_right = self._by_group(self.own * of_rows[:, None])
        right = of_rows @ self.shared - flat_carried.T @ own_right.reshape(-1)
        shared = _bounded(inverse, right, least[self.rest])
        shift, variance = np.zeros((2, self.coefficients))
        shift[self.rest], variance[self.rest] = shared, np.diag(inverse)
        free = (inner_inverse @ own_right[:, :, None])[..., 0] - carried @ shared
        spread = np.einsum("ij,ij->i", flat_carried @ inverse, flat_carried)
        own_variance = np.einsum("gaa->ga", inner_inverse) + spread.reshape(inner.shape[:2])
        if len(self.of_blocks):
            shift[self.of_blocks], variance[self.of_blocks] = free.T, own_variance.T
        return Solved(shift, variance, inverse, inner_inverse, carried)

    def leverage(self, solved: Solved) -> Floats:
        """Leverage of every row in the unit of one over its weight, shape (rows,)."""
        beyond = self.shared.copy()
        for number, rows in self.slices:
            beyond[rows] -= self.own[rows] @ solved.carried[number]
        inner = solved.inner_inverse[self.group]
        within = np.einsum("ia,iab,ib->i", self.own, inner, self.own)
        out = np.empty(len(self.group))
        out[self.sorted] = np.einsum("ij,ij->i", beyond @ solved.inverse, beyond) + within
        return out

    def covariance(self, solved: Solved) -> Floats:
        """Covariance of all coefficients, shape (coefficients, coefficients)."""
        out = np.zeros((self.coefficients, self.coefficients))
        out[np.ix_(self.rest, self.rest)] = solved.inverse
        for one, carried in zip(self.of_blocks, solved.carried.swapaxes(0, 1), strict=True):
            between = carried @ solved.inverse
            out[np.ix_(one, self.rest)] = -between
            out[np.ix_(self.rest, one)] = -between.T
            for two, others in zip(self.of_blocks, solved.carried.swapaxes(0, 1), strict=True):
                out[np.ix_(one, two)] = between @ others.T
        for first, one in enumerate(self.of_blocks):
            for second, two in enumerate(self.of_blocks):
                out[one, two] += solved.inner_inverse[:, first, second]
        return out

    def _parts(self, weights: Floats, precision: Floats) -> tuple[Floats, Floats, Floats]:
        """What the rows say: of each group, of groups and the rest, and of the rest."""
        rooted = self.shared * np.sqrt(weights)[:, None]
        outer = rooted.T @ rooted
        outer[np.diag_indices_from(outer)] += precision[self.rest]
        heavy = self.own * weights[:, None]
        causes = self.own.shape[1]
        inner = self._by_group(heavy[:, :, None] * self.own[:, None, :])
        if len(self.of_blocks):
            each = np.arange(causes)
            inner[:, each, each] += precision[self.of_blocks].T
        border = np.zeros((self.groups, causes, len(self.rest)))
        for number, rows in self.slices:
            border[number] = heavy[rows].T @ self.shared[rows]
        return inner, border, outer

    def _by_group(self, rows: Floats) -> Floats:
        """Sums over the rows of each group, shape (groups, ...)."""
        out = np.zeros((self.groups, *rows.shape[1:]))
        if rows.shape[1]:
            present, starts = zip(*((number, at.start) for number, at in self.slices), strict=True)
            out[list(present)] = np.add.reduceat(rows, starts, axis=0)
        return out


def _bounded(inverse: Floats, right: Floats, least: Floats) -> Floats:
    """Solution of normal equations none of which is below its least; by an active set.

    Holding coefficients where they are least moves the free solution along their covariance.
    """
    free = np.asarray(inverse @ right)
    shift = free
    held = np.zeros(len(right), bool)
    for _ in range(len(right)):
        low = ~held & (shift < least - 1e-12)
        if not low.any():
            break
        held |= low
        push = np.linalg.solve(inverse[np.ix_(held, held)], least[held] - free[held])
        shift = free + inverse[:, held] @ push
        shift[held] = least[held]
    return shift
