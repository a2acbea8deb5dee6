"""Normal equations of a fit in which some causes touch a row once: these are eliminated first."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


class Solved(NamedTuple):
    """What the normal equations say of one set of weights.

    `shift` and `variance` are of every coefficient, ``(coefficients,)``; `leverage` is of every
    row, ``(rows,)``, in the unit of one over its weight.
    """

    shift: Floats
    variance: Floats
    leverage: Floats


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
    of the coefficients to be solved for together. It is exact.
    """

    def __init__(self, columns: Floats, blocks: Ints) -> None:
        self.columns = columns
        self.of_blocks = blocks
        grouped = blocks.ravel()
        self.rest = np.setdiff1d(np.arange(columns.shape[1]), grouped)
        self.shared = np.ascontiguousarray(columns[:, self.rest])
        groups = blocks.shape[1] if len(blocks) else 1
        own = columns[:, blocks] if len(blocks) else np.zeros((len(columns), 0, 1))
        self.group = np.asarray((own != 0).any(axis=1).argmax(axis=1), np.int64)
        self.own = np.take_along_axis(own, self.group[:, None, None], axis=2)[:, :, 0]
        self.groups = groups
        self.sorted = np.argsort(self.group, kind="stable")
        self.starts = np.searchsorted(self.group[self.sorted], np.arange(groups))
        self.present = np.bincount(self.group, minlength=groups) > 0

    def solve(self, weights: Floats, precision: Floats, target: Floats, least: Floats) -> Solved:
        """Most probable coefficients none of which is below its least.

        Parameters
        ----------
        weights, target
            Of every row.
        precision, least
            Of every coefficient; of those in blocks nothing is the least.
        """
        inner, border, outer = self._parts(weights, precision)
        inner_inverse = np.linalg.inv(inner).astype(np.float64, copy=False)
        carried = inner_inverse @ border  # (groups, causes, rest)
        flat, flat_carried = (part.reshape(-1, len(self.rest)) for part in (border, carried))
        matrix = outer - flat.T @ flat_carried
        inverse = np.linalg.inv(matrix).astype(np.float64, copy=False)
        of_rows = weights * target
        right = self.columns.T @ of_rows
        own_right = right[self.of_blocks].T.reshape(-1) if len(self.of_blocks) else np.zeros(0)
        shared = _bounded(
            matrix, inverse, right[self.rest] - flat_carried.T @ own_right, least[self.rest]
        )
        shift, variance = np.zeros((2, self.columns.shape[1]))
        shift[self.rest], variance[self.rest] = shared, np.diag(inverse)
        free = (inner_inverse @ own_right.reshape(*inner.shape[:2], 1))[..., 0] - carried @ shared
        spread = np.einsum("ij,ij->i", flat_carried @ inverse, flat_carried)
        own_variance = np.einsum("gaa->ga", inner_inverse) + spread.reshape(inner.shape[:2])
        if len(self.of_blocks):
            shift[self.of_blocks], variance[self.of_blocks] = free.T, own_variance.T
        return Solved(shift, variance, self._leverage(inverse, inner_inverse, carried))

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
        return inner, self._by_group(heavy[:, :, None] * self.shared[:, None, :]), outer

    def _by_group(self, rows: Floats) -> Floats:
        """Sums over the rows of each group, shape (groups, ...)."""
        out = np.zeros((self.groups, *rows.shape[1:]))
        if rows.shape[1]:
            starts = self.starts[self.present]
            out[self.present] = np.add.reduceat(rows[self.sorted], starts, axis=0)
        return out

    def _leverage(self, inverse: Floats, inner_inverse: Floats, carried: Floats) -> Floats:
        beyond = self.shared.copy()
        for cause in range(self.own.shape[1]):
            beyond -= self.own[:, cause, None] * carried[self.group, cause]
        within = np.einsum("ia,iab,ib->i", self.own, inner_inverse[self.group], self.own)
        return np.asarray(np.einsum("ij,ij->i", beyond @ inverse, beyond) + within)


def _bounded(matrix: Floats, inverse: Floats, right: Floats, least: Floats) -> Floats:
    """Solution of normal equations none of which is below its least; by an active set."""
    shift = np.asarray(inverse @ right)
    held = np.zeros(len(right), bool)
    for _ in range(len(right)):
        low = ~held & (shift < least - 1e-12)
        if not low.any():
            break
        held |= low
        free = ~held
        known = matrix[np.ix_(free, held)] @ least[held]
        shift = np.where(held, least, 0.0)
        shift[free] = np.linalg.solve(matrix[np.ix_(free, free)], right[free] - known)
    return shift
