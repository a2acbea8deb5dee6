from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from racecraft.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., tuple[int, str, str]]

pytest.importorskip("matplotlib")


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.setenv("RACECRAFT_STORE", str(tmp_path / "store"))
    monkeypatch.chdir(tmp_path)

    def _run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["racecraft", *words])
        try:
            status = main()
        except SystemExit as ended:
            status = int(ended.code or 0)
        told = capfd.readouterr()
        return status, told.out, told.err

    return _run


def test_a_card_and_a_clip_are_written(run: Run, tmp_path: Path) -> None:
    assert run("card", "2023", "brazil", "pérez", "14") == (0, "wrote card.png\n", "")
    words = ("clip", "2023", "brazil", "PER", "ALO", "--laps", "1", "--speed", "40")
    status, out, _ = run(*words, "-o", "a.gif")
    assert (status, out) == (0, "wrote a.gif\n")
    assert (tmp_path / "a.gif").stat().st_size > 5000
    assert run("start", "2023", "mexico", "--plot", "s.png")[:2] == (0, "wrote s.png\n")


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (("card", "2023", "brazil", "PER"), 2, "two drivers, or none"),
        (("card", "2023", "brazil", "PER", "nobody"), 1, "nobody"),
        (("card", "2023", "brazil", "PER", "ALO", "-o", "card.gif"), 1, "a card is a PNG"),
        (("card", "1957", "germany"), 1, "1957"),
        (("clip", "2023", "brazil", "PER", "ALO", "-o", "a.avi"), 1, "a GIF or an MP4"),
        (("clip", "2023", "brazil", "PER", "ALO", "--laps", "0"), 1, "no clip of 0 laps"),
        (("clip", "2023", "brazil", "VER", "ZHO"), 1, "error: "),
    ],
)
def test_what_cannot_be_made_is_one_line(
    run: Run, words: tuple[str, ...], status: int, message: str, tmp_path: Path
) -> None:
    ended, _, err = run(*words)
    assert ended == status, err
    assert message in err
    assert "Traceback" not in err
    assert not list(tmp_path.glob("*.avi"))
