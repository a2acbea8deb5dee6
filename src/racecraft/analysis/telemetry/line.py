"""Where does the track lie: a line by distance, made of the laps whose positions are known?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from racecraft.analysis.order.timing import timing
from racecraft.analysis.telemetry.samples import pieces, samples_of
from racecraft.model.once import once_per

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from racecraft.analysis.telemetry.samples import Piece, Samples
    from racecraft.model.race import Race

STEP_M = 5.0  # between two points of the line
LAPS = 12  # at most, of which it is made
REACH_M = 150.0  # from where speed and time expect a car, within which its position is looked for
OFF_M = 25.0  # from the line, beyond which a car is not on the track
LONGEST_GAP_S = 1.5  # between two positions of a lap that the line is made of
FEWEST = 3  # positions of which a point of the line is the median
LAP_MORE_M = 800.0  # of a closed line that is laid down before the Line and after it once more
LEAST_PIECE_M = 300.0  # of a track that is no lap


@dataclass(frozen=True, eq=False)
class ReferenceLine:
    """Points every `STEP_M` metres along the track, in the frame of the positions.

    Attributes
    ----------
    first_m
        Distance of the first point from the Line; negative before it.
    x_m, y_m, z_m
        Where the points are; a closed line goes on beyond a lap, at both its ends.
    length_m
        Of a lap; where only a piece is known, of as much as the corners say.
    closed
        Whether it is a whole lap.
    """

    first_m: float
    x_m: NDArray[np.float64]
    y_m: NDArray[np.float64]
    z_m: NDArray[np.float64]
    length_m: float
    closed: bool

    @property
    def distance_m(self) -> NDArray[np.float64]:
        """Of every point, from the Line."""
        return np.asarray(self.first_m + STEP_M * np.arange(len(self.x_m)), np.float64)

    def project(
        self, x: NDArray[np.float64], y: NDArray[np.float64], near_m: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Distance along the line, and to the left of it, of positions expected near a distance."""
        middle = np.round((near_m - self.first_m) / STEP_M).astype(int)
        reach = int(REACH_M / STEP_M)
        index = np.clip(middle[:, None] + np.arange(-reach, reach + 1), 1, len(self.x_m) - 2)
        off = (self.x_m[index] - x[:, None]) ** 2 + (self.y_m[index] - y[:, None]) ** 2
        point = np.take_along_axis(index, off.argmin(axis=1)[:, None], axis=1)[:, 0]
        return self._beside(x, y, point)

    def nearest(
        self, x: NDArray[np.float64], y: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Likewise, wherever on the line it is; of a closed one, on the lap from the Line."""
        lap = slice(1, len(self.x_m) - 1)
        if self.closed:
            begin = round(-self.first_m / STEP_M)
            lap = slice(begin, begin + int(self.length_m / STEP_M) + 1)
        off = (self.x_m[lap] - x[:, None]) ** 2 + (self.y_m[lap] - y[:, None]) ** 2
        return self._beside(x, y, lap.start + off.argmin(axis=1))

    def _beside(
        self, x: NDArray[np.float64], y: NDArray[np.float64], point: NDArray[np.int64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        along_x = self.x_m[point + 1] - self.x_m[point - 1]
        along_y = self.y_m[point + 1] - self.y_m[point - 1]
        size = np.maximum(np.hypot(along_x, along_y), 1e-6)
        from_x, from_y = x - self.x_m[point], y - self.y_m[point]
        along = np.clip((from_x * along_x + from_y * along_y) / size, -STEP_M, STEP_M)
        left = (along_x * from_y - along_y * from_x) / size
        return self.first_m + STEP_M * point + along, left


@once_per
def reference_line(race: Race) -> ReferenceLine | None:
    r"""Line along which distances are counted; None where no positions tell where the track lies.

    Notes
    -----
    The fastest lap whose positions are whole is laid down by :math:`\int v\,dt`; the positions of
    other laps are projected on it, and every point becomes their median. A metre is one of that
    lap, by its speeds. The Line is where the cars are, by their positions, when they are timed
    there: the median of all laps. Where no lap is whole the longest piece takes its place, and the
    distances that the source gives of its corners say where on the lap it lies.
    """
    known = [piece for piece in pieces(race) if _has_positions(samples_of(race)[piece.car], piece)]
    whole = sorted((p for p in known if p.is_whole), key=lambda p: p.end - p.begin)
    if whole:
        line = _laid(samples_of(race), whole, closed=True)
        return _from_the_line(race, line, whole)
    longest = sorted(known, key=lambda p: -_metres_of(samples_of(race)[p.car], p))
    if not longest or _metres_of(samples_of(race)[longest[0].car], longest[0]) < LEAST_PIECE_M:
        return None
    return _by_corners(race, _laid(samples_of(race), longest, closed=False), longest[0])


def expected(
    line: ReferenceLine, sent: Samples, piece: Piece, time: NDArray[np.float64]
) -> NDArray[np.float64] | None:
    """Distances from the Line by speed and time alone; None where nothing says where it begins."""
    begin, end = (float(sent.metres_at(t)) for t in (piece.begin, piece.end))
    metres = sent.metres_at(time)
    if piece.is_whole and line.closed and end > begin:
        return (metres - begin) / (end - begin) * line.length_m
    if piece.from_line and line.closed:
        return metres - begin
    if piece.to_line and line.closed:
        return line.length_m - (end - metres)
    here = sent.placed_in(piece.begin, piece.end)
    if here.stop - here.start < FEWEST:
        return None
    when = sent.place_time[here]
    found, off = line.nearest(sent.x_m[here], sent.y_m[here])
    on = np.abs(off) <= OFF_M
    if not on.any():
        return None
    return metres + float(np.median((found - sent.metres_at(when))[on]))


def _metres_of(sent: Samples, piece: Piece) -> float:
    begin, end = sent.metres_at(np.array([piece.begin, piece.end]))
    return float(end - begin)


def _has_positions(sent: Samples, piece: Piece) -> bool:
    """Whether positions cover a piece without a hole."""
    when = sent.place_time[sent.placed_in(piece.begin - 1e6, piece.end + 1e6)]
    if len(when) < FEWEST:
        return False
    steps = np.diff(np.concatenate([[piece.begin - 5e5], when, [piece.end + 5e5]]))
    return bool(steps.max() <= LONGEST_GAP_S * 1e6)


def _laid(sent: dict[str, Samples], chosen: list[Piece], *, closed: bool) -> ReferenceLine:
    """Line of the first of these pieces, then of the positions of all of them along it."""
    base = chosen[0]
    length = _metres_of(sent[base.car], base)
    line = _of_points(_points(sent[base.car], base, length), length, closed=closed)
    pooled = []
    for piece in chosen[:LAPS]:
        own = sent[piece.car]
        here = own.placed_in(piece.begin, piece.end)
        near = expected(line, own, piece, own.place_time[here])
        if near is None:
            continue
        where = own.x_m[here], own.y_m[here]
        found, off = line.project(*where, near)
        on = np.abs(off) <= OFF_M
        found = found % length if closed else found
        pooled.append(np.stack([found, *where, own.z_m[here]])[:, on])
    points = _medians(line, np.concatenate(pooled, axis=1), length)
    arc = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(points[1]), np.diff(points[2])))])
    points[0] = arc * (length / arc[-1])
    return _of_points(points, length, closed=closed)


def _points(sent: Samples, piece: Piece, length: float) -> NDArray[np.float64]:
    """Distance, x, y and z of the positions of a piece, and of its two ends."""
    here = sent.placed_in(piece.begin, piece.end)
    when = np.concatenate([[piece.begin], sent.place_time[here], [piece.end]])
    metres = sent.metres_at(when) - float(sent.metres_at(piece.begin))
    xyz = [np.interp(when, sent.place_time, values) for values in (sent.x_m, sent.y_m, sent.z_m)]
    return np.stack([np.minimum(metres, length), *xyz])


def _medians(
    line: ReferenceLine, pooled: NDArray[np.float64], length: float
) -> NDArray[np.float64]:
    """Points along a lap, each the median of the positions nearest to it along the line."""
    count = int(length / STEP_M) + 1
    grid = np.linspace(0.0, length, count)
    lap = [np.interp(grid, line.distance_m, values) for values in (line.x_m, line.y_m, line.z_m)]
    bins = np.clip(np.round(pooled[0] / length * (count - 1)).astype(int), 0, count - 1)
    order = np.argsort(bins, kind="stable")
    starts = np.searchsorted(bins[order], np.arange(count + 1))
    points = np.stack([grid, *lap])
    for point in range(count):
        chosen = order[starts[point] : starts[point + 1]]
        if len(chosen) < FEWEST:
            continue
        # Where on the line a position lies within its bin is taken out before the median.
        shift = [
            pooled[k, chosen] - np.interp(pooled[0, chosen], grid, points_k) + points_k[point]
            for k, points_k in zip((1, 2, 3), lap, strict=True)
        ]
        points[1:, point] = [np.median(values) for values in shift]
    points[1:] = _smooth(points[1:])
    return points


def _smooth(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean of each point and its two neighbours; the ends as they are."""
    smooth = values.copy()
    smooth[:, 1:-1] = (values[:, :-2] + values[:, 1:-1] * 2 + values[:, 2:]) / 4
    return smooth


def _of_points(points: NDArray[np.float64], length: float, *, closed: bool) -> ReferenceLine:
    """Line through points, rows of distance, x, y and z; a closed one goes on beyond its ends."""
    metres = points[0]
    kept = np.concatenate([[True], np.diff(metres) > 0])
    metres, columns = metres[kept], [values[kept] for values in points[1:]]
    if closed:
        metres = np.concatenate([metres[:-1] - length, metres[:-1], metres + length])
        columns = [np.concatenate([c[:-1], c[:-1], c]) for c in columns]
        more = min(LAP_MORE_M, length)
        grid = np.arange(-more, length + more, STEP_M)
    else:
        grid = np.arange(0.0, length, STEP_M)
    x, y, z = (np.interp(grid, metres, values) for values in columns)
    return ReferenceLine(float(grid[0]), x, y, z, length, closed)


def _from_the_line(race: Race, line: ReferenceLine, whole: list[Piece]) -> ReferenceLine:
    """The line, counted from where cars are when they are timed at the Line."""
    found = []
    for piece in whole:
        own = samples_of(race)[piece.car]
        crossed = timing(race).begun[piece.lap, timing(race).cars.index(piece.car)]
        x, y = (np.interp([crossed], own.place_time, values) for values in (own.x_m, own.y_m))
        at, off = line.project(x, y, np.zeros(1))
        if abs(off[0]) <= OFF_M:
            found.append(at[0])
    shift = float(np.median(found)) if found else 0.0
    metres = line.distance_m - shift
    lap = np.arange(0.0, line.length_m, STEP_M)
    x, y, z = (np.interp(lap, metres, values) for values in (line.x_m, line.y_m, line.z_m))
    columns = [np.append(values, values[0]) for values in (x, y, z)]
    points = np.stack([np.append(lap, line.length_m), *columns])
    return _of_points(points, line.length_m, closed=True)


def _by_corners(race: Race, line: ReferenceLine, base: Piece) -> ReferenceLine:
    """A piece of track, with the Line where the distances of its corners say."""
    marks = race.corners.drop_nulls()
    first, furthest = 0.0, line.length_m
    if not marks.is_empty():
        x, y, distance = (marks[name].to_numpy() for name in ("x_m", "y_m", "distance_m"))
        found, off = line.nearest(x, y)
        on = np.abs(off) <= OFF_M
        on &= (found > STEP_M * 2) & (found < line.length_m - STEP_M * 2)
        if on.any():
            first = float(np.median((distance - found)[on]))
        furthest = max(float(distance.max()), furthest + first)
    elif base.to_line:
        first = 0.0
    return replace(line, first_m=line.first_m + first, length_m=furthest + LAP_MORE_M)
