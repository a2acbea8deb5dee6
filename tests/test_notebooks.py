"""Every notebook of the docs runs from its first cell to its last."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parents[1] / "docs" / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_runs(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RACECRAFT_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("JUPYTER_PLATFORM_DIRS", "1")
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(tmp_path)}}).execute()
    shown = [_kinds(cell) for cell in notebook.cells if cell.cell_type == "code"]
    assert all(shown)  # no cell shows nothing
    assert any("image/png" in kinds for kinds in shown)  # a figure appears without magic
    assert sum("text/html" in kinds for kinds in shown) >= 4  # tables and answers as pages


def test_notebooks_are_kept_without_what_they_printed() -> None:
    assert NOTEBOOKS
    for path in NOTEBOOKS:
        for cell in nbformat.read(path, as_version=4).cells:
            assert not cell.get("outputs"), path.name


def _kinds(cell: Any) -> set[str]:
    """Kinds of what a cell showed."""
    return {kind for one in cell.outputs for kind in one.get("data", {"text": ""})}
