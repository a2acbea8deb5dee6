"""What was printed before is printed again, until something that it depends on has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from racecraft.cli import again, answer
from racecraft.store.replies import ANSWERS, Replies, mark_of_all

if TYPE_CHECKING:
    from pathlib import Path

Made = list[str]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Made:
    """What was made, one entry each time; anything takes long enough to be kept."""
    monkeypatch.setattr(again, "LONG_S", 0.0)
    return []


def _ask(store: Path, made: Made, **given: object) -> None:
    def make() -> None:
        made.append("once")
        answer.aside("a note")
        answer.write("São Paulo\n".encode())

    again.printed("race", {"store": store, "season": 2023, **given}, make)


def test_it_is_made_once_and_printed_twice_with_its_note(
    tmp_path: Path, made: Made, capfd: pytest.CaptureFixture[str]
) -> None:
    _ask(tmp_path, made)
    first = capfd.readouterr()
    _ask(tmp_path, made)
    assert capfd.readouterr() == first
    assert (first.out, first.err) == ("São Paulo\n", "note: a note\n")
    assert made == ["once"]


def test_another_question_is_another_answer(tmp_path: Path, made: Made) -> None:
    _ask(tmp_path, made)
    _ask(tmp_path, made, lap=3)
    assert len(made) == 2


def test_a_changed_store_is_asked_anew(tmp_path: Path, made: Made) -> None:
    _ask(tmp_path, made)
    (tmp_path / "season=2023").mkdir()
    (tmp_path / "season=2023" / "manifest.json").write_text("{}")
    _ask(tmp_path, made)
    assert len(made) == 2
    assert len(list((tmp_path / ANSWERS / again.KIND).iterdir())) == 1, "the old is forgotten"


def test_where_a_file_is_written_nothing_is_kept(tmp_path: Path, made: Made) -> None:
    for _ in range(2):
        _ask(tmp_path, made, plot=tmp_path / "places.png")
    assert len(made) == 2


def test_an_error_is_not_kept(tmp_path: Path, made: Made) -> None:
    def fail() -> None:
        made.append("once")
        raise ValueError

    for _ in range(2):
        with pytest.raises(ValueError, match=r"^$"):
            again.printed("race", {"store": tmp_path}, fail)
    assert len(made) == 2


def test_what_took_no_time_is_not_kept(tmp_path: Path) -> None:
    made: Made = []
    for _ in range(2):
        _ask(tmp_path, made)
    assert len(made) == 2


def test_a_damaged_reply_is_made_again(tmp_path: Path, made: Made) -> None:
    _ask(tmp_path, made)
    (file,) = (each for each in (tmp_path / ANSWERS).rglob("*") if each.is_file())
    file.write_bytes(b"{")
    _ask(tmp_path, made)
    assert len(made) == 2


def test_a_store_that_is_not_there_has_a_mark_and_no_replies(tmp_path: Path) -> None:
    replies = Replies(tmp_path / "none", "printed")
    assert replies.mark == mark_of_all(tmp_path / "none")
    assert replies.get("anything") is None
    assert not (tmp_path / "none").exists()
