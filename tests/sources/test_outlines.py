"""Outlines of circuits: three kinds of file, and one error for everything else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from racecraft.errors import ArgumentError, NotFoundError, UnreadableError
from racecraft.sources.outlines.outline import located, read_outline

if TYPE_CHECKING:
    from pathlib import Path

ROUND = [
    (round(3000 * np.cos(a)), round(3000 * np.sin(a))) for a in np.linspace(0, 6, 40)
]  # tenths of a metre


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def catalogue(**circuits: tuple[str, ...]) -> str:
    entries = {key: {"aliases": names, "points": ROUND} for key, names in circuits.items()}
    return f'"""Circuits."""\nfrom x import y\nKNOWN: dict = {entries!r}\nOTHER = f(KNOWN)\n'


def test_three_kinds_of_file_say_the_same(tmp_path: Path) -> None:
    xs, ys = zip(*ROUND, strict=True)
    metres = "\n".join(f"{x / 10},{y / 10},6.0,6.5" for x, y in ROUND)
    files = (
        written(tmp_path, "track.csv", f"# x_m,y_m,w_tr_right_m,w_tr_left_m\n{metres}\n"),
        written(tmp_path, "one.json", json.dumps({"x": xs, "y": ys})),
        written(tmp_path, "all.txt", catalogue(a=("spa", "belgian"), b=("imola",))),
    )
    one, *others = (read_outline(path, "Belgian Grand Prix").points for path in files)
    assert one.shape == (40, 2)
    assert np.hypot(*one.T) == pytest.approx(np.full(40, 300.0), abs=0.1)
    for other in others:
        assert np.allclose(one, other)


def test_the_longest_alias_counts_and_an_unknown_circuit_is_one_error(tmp_path: Path) -> None:
    path = written(tmp_path, "all.txt", catalogue(a=("sao_paulo", "brazil"), b=("spa",)))
    assert len(read_outline(path, "São Paulo Grand Prix").points) == 40
    with pytest.raises(NotFoundError, match="no circuit of the Dutch Grand Prix") as error:
        read_outline(path, "Dutch Grand Prix")
    assert "sao_paulo, spa" in error.value.hint


def test_no_car_is_placed_where_the_line_is_unknown(tmp_path: Path) -> None:
    path = written(tmp_path, "all.txt", catalogue(a=("spa",)))
    with pytest.raises(ArgumentError, match=r"all\.txt: where on its outlines the Line lies"):
        located(read_outline(path, "Spa Grand Prix"), path)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", "x_m,y_m\n1,2\n"),
        ("b.csv", "x_m,y_m\n" + "1,nan\n" * 40),
        ("c.csv", "x_m,y_m\n" + "1,1\n" * 40),
        ("d.json", '{"x": [1, 2], "y": [1]}'),
        ("e.json", "{" * 3000),
        ("f.txt", "import os\n"),
        ("g.txt", "((" * 400),
        ("h.txt", "K = {'aliases': ('dutch',), 'points': (open('x'),)}"),
        ("i.txt", "K = {'aliases': ('dutch',), 'points': 5}"),
    ],
)
def test_what_is_no_outline_is_one_error(tmp_path: Path, name: str, text: str) -> None:
    with pytest.raises(UnreadableError, match="expected the outline of a circuit"):
        read_outline(written(tmp_path, name, text), "Dutch Grand Prix")


def test_the_catalogue_at_hand_has_the_races_of_a_season(shared: Path) -> None:
    path = shared / "data" / "telemetry" / "circuit_outlines.txt"
    for event, km in (("Dutch", 4.26), ("Italian", 5.79), ("São Paulo", 4.31), ("British", 5.89)):
        points = read_outline(path, f"{event} Grand Prix").points
        steps = np.hypot(*np.diff(np.concatenate([points, points[:1]]), axis=0).T)
        assert steps.sum() / 1000 == pytest.approx(km, rel=0.05)
