from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from racecraft.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.setenv("RACECRAFT_STORE", str(tmp_path / "store"))

    def _run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["racecraft", *words])
        try:
            status = main()
        except SystemExit as ended:
            status = int(ended.code or 0)
        told = capfd.readouterr()
        return status, told.out, told.err

    return _run


def test_a_race_becomes_one_file(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("numba")
    page = tmp_path / "report.html"
    status, out, err = run("report", "2023", "brazil", "-o", str(page))
    assert (status, out) == (0, f"wrote {page}\n"), err
    text = page.read_text("utf-8")
    assert '<section id="decided">' in text
    assert '<section id="story">' in text
    assert len(text.encode()) < 250_000


def test_a_race_without_timing_becomes_a_text(run: Run) -> None:
    status, out, _ = run("report", "1957", "germany", "--format", "md", "--lang", "es")
    assert status == 0
    assert "# Gran Premio de Alemania de 1957" in out
    assert "Juan Manuel Fangio" in out or "Juan Fangio" in out
    assert "se cuenta por su resultado" in out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("2023", "brazil", "-o", "report.docx"), "no report is written to report.docx"),
        (("2023", "brazil", "--format", "pdf"), "a PDF is not for the screen"),
        (("2023", "narnia", "-o", "a.html"), "narnia"),
        (("1949", "-o", "a.html"), "1949"),
        (("1957", "germany", "-o", "no/such/a.html"), "cannot be written"),
        (("1957", "germany", "-o", "no/such/a.pdf"), "cannot be written"),
    ],
)
def test_what_cannot_be_written_is_one_line(
    run: Run, words: tuple[str, ...], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    status, _, err = run("report", *words)
    assert status == 1
    assert err.startswith("error: ")
    assert message in err
