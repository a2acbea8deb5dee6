"""Where a circuit lies, from a file: for races of which no positions are stored.

Three kinds of file are about: a catalogue of many circuits as a Python literal, objects with
``aliases`` and ``points`` in the frame of the live timing; the JSON of one circuit with ``x`` and
``y`` in that frame, as MultiViewer has it; and a CSV of one track in metres, ``x_m,y_m,...``, as
the racetrack database of TUM has it. The last two begin at the Line. A catalogue need not: held
against the racetrack database, circuits of one had the same shape, to 5 to 28 metres, but only 3 of
16 began within a hundred metres of the Line.
"""

from __future__ import annotations

import ast
import json
import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from racecraft.errors import ArgumentError, NotFoundError, UnreadableError
from racecraft.model.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

DECIMETRE = 0.1  # metres: the live timing counts in tenths
LARGEST = 20_000_000  # bytes
FEWEST = 20  # points of which a circuit is made
LONGEST_M = 30_000.0  # none is longer


class Outline(NamedTuple):
    """A circuit as a line of points.

    Attributes
    ----------
    points
        In metres, shape (points, 2), in the order in which they are driven.
    from_line
        Whether the first point is at the Line; else nobody knows where on it the Line lies.
    """

    points: NDArray[np.float64]
    from_line: bool


def read_outline(path: Path, event: str) -> Outline:
    """Outline of a circuit.

    Parameters
    ----------
    path
        One of the three kinds of file.
    event
        Name of the race, by which a catalogue is searched.

    Raises
    ------
    UnreadableError
        There is no such file, or it is no outline.
    NotFoundError
        It has others, but not this circuit.
    """
    text = _text(path)
    if text.lstrip().startswith("{"):
        return Outline(_points(path, _of_json(path, text), DECIMETRE), from_line=True)
    if path.suffix.casefold() == ".csv" or text.lstrip().startswith("#"):
        return Outline(_points(path, list(_of_csv(text)), 1.0), from_line=True)
    points = _points(path, _of_catalogue(path, text, event), DECIMETRE)
    return Outline(points, from_line=False)


def located(outline: Outline, path: Path) -> NDArray[np.float64]:
    """Points of an outline on which cars can be placed.

    Raises
    ------
    ArgumentError
        Nobody knows where on it the Line lies.
    """
    if not outline.from_line:
        raise ArgumentError(
            f"{path.name}: where on its outlines the Line lies is not known, so no car is placed",
            hint="a CSV with x_m,y_m or JSON with x and y, from the Line on, will do",
        )
    return outline.points


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise _no_outline(path, f"larger than {LARGEST} bytes")
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UnreadableError(f"{path}: {error.strerror or error}", path=str(path)) from error
    except UnicodeDecodeError as error:
        raise _no_outline(path, "no text") from error


def _no_outline(path: Path, why: str) -> UnreadableError:
    return UnreadableError(
        f"{path}: {why}; expected the outline of a circuit",
        hint="a CSV with x_m,y_m, JSON with x and y, or a catalogue with aliases and points",
        path=str(path),
    )


def _of_json(path: Path, text: str) -> list[Any]:
    try:
        said = json.loads(text)
        return list(zip(said["x"], said["y"], strict=True))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _no_outline(path, "no lists x and y of one length") from error


def _of_csv(text: str) -> Iterator[tuple[str, ...]]:
    for line in text.splitlines():
        cells = tuple(cell.strip() for cell in line.split(","))
        if line.strip() and not line.startswith("#") and cells[0] != "x_m":
            yield cells[:2]


def _of_catalogue(path: Path, text: str, event: str) -> Any:
    """Points of the circuit that an alias names, the longest that the name of the race has."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise _no_outline(path, "neither CSV nor JSON nor Python") from error
    circuits = [circuit for node in ast.walk(tree) for circuit in _circuit(node)]
    if not circuits:
        raise _no_outline(path, "no circuit with aliases and points")
    words = f" {fold(event).replace('_', ' ').replace('-', ' ')} "
    fitting = [
        (len(alias), circuit["points"])
        for circuit in circuits
        for alias in circuit["aliases"]
        if f" {fold(str(alias)).replace('_', ' ')} " in words
    ]
    if not fitting:
        known = sorted(str(circuit["aliases"][0]) for circuit in circuits)
        raise NotFoundError(f"{path.name} has no circuit of the {event}",
                            hint=f"it has {', '.join(known)}"[:300])  # fmt: skip
    return max(fitting, key=lambda one: one[0])[1]


def _circuit(node: ast.AST) -> Iterator[dict[str, Any]]:
    if isinstance(node, ast.Dict):
        keys = {key.value for key in node.keys if isinstance(key, ast.Constant)}
        if {"aliases", "points"} <= keys:
            try:
                said = ast.literal_eval(node)
            except (ValueError, TypeError, RecursionError, MemoryError):
                return
            if isinstance(said["aliases"], list | tuple) and said["aliases"]:
                yield said


def _points(path: Path, said: Any, unit: float) -> NDArray[np.float64]:
    try:
        points = np.array([(float(x), float(y)) for x, y in said]) * unit
    except (ValueError, TypeError) as error:
        raise _no_outline(path, "points that are no numbers") from error
    if len(points) < FEWEST or not np.isfinite(points).all():
        raise _no_outline(path, f"{len(points)} points")
    closed = np.concatenate([points, points[:1]])
    length = float(np.hypot(*np.diff(closed, axis=0).T).sum())
    if not 0 < length < LONGEST_M or math.isnan(length):
        raise _no_outline(path, f"a lap of {length:.0f} m")
    return points
