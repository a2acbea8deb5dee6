"""Other series on the command line: every verb takes --series, and a league brings its points."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from own_classes import two_classes
from racecraft.cli import main as command
from racecraft.store.store import Store

if TYPE_CHECKING:
    from pathlib import Path

RACE = ("2024", "Two Hours", "--series", "club")
RULES = 'points = [10, 6, 4]\nclasses = ["P", "GT"]\n'


@pytest.fixture
def store(tmp_path: Path) -> Path:
    Store(tmp_path / "store").add_race(two_classes())
    return tmp_path / "store"


def told(
    capsysbinary: pytest.CaptureFixture[bytes],
    monkeypatch: pytest.MonkeyPatch,
    store: Path,
    *words: str,
) -> tuple[int, str, str]:
    monkeypatch.setattr("sys.argv", ["racecraft", *words, "--store", str(store)])
    try:
        status = command.main()
    except SystemExit as end:
        status = int(end.code or 0)
    out, error = capsysbinary.readouterr()
    return status, out.decode(), error.decode()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("race", *RACE), "club 2024 Two Hours"),
        (("race", *RACE), "Able / Best"),
        (("order", *RACE, "--lap", "3"), "class"),
        (("battles", *RACE), "GT"),
        (("battle", *RACE[:2], "East", "5", "--series", "club"), "No. 7 (East) passed"),
        (("stops", *RACE), "Bob Best"),
        (("data", "list", "--series", "club"), "Two Hours"),
        (("season", "2024", "--series", "club"), "club 2024 season\n\n1 race stored."),
        (("search", "swaps >= 1", "--series", "club"), "Two Hours"),
        (("sql", "select distinct series from crossings order by 1"), "club"),
    ],
)
def test_every_verb_takes_the_series(
    words: tuple[str, ...],
    says: str,
    store: Path,
    capsysbinary: pytest.CaptureFixture[bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    status, out, error = told(capsysbinary, monkeypatch, store, *words)
    assert (status, error) == (0, "")
    assert says in out


def test_a_season_of_a_series_without_rules_is_reported(
    store: Path, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = store.parent / "club.md"
    words = ("report", "2024", "--series", "club", "--format", "md", "-o", str(file))
    assert told(capsysbinary, monkeypatch, store, *words)[0] == 0
    text = file.read_text()
    assert text.startswith("# club 2024\n\n## The races")
    assert "| Two Hours | 5 – 7 | GT 1 |" in text
    assert "--in battles --series club" in text


def test_passes_between_classes_are_listed_when_asked_for(
    store: Path, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    count = []
    for more in ((), ("--overall",)):
        words = ("overtakes", *RACE, *more, "--format", "json")
        count.append(len(json.loads(told(capsysbinary, monkeypatch, store, *words)[1])))
    assert count[0] <= count[1]


def test_points_of_a_league(
    store: Path, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = store.parent / "club.toml"
    rules.write_text(RULES)
    asked = ("2024", "--series", "club", "--rules", str(rules))
    words = ("standings", *asked, "--format", "json")
    rows = json.loads(told(capsysbinary, monkeypatch, store, *words)[1])
    assert {(row["class"], row["driver"], row["points"]) for row in rows} >= {
        ("P", "Cid Cole", 10.0), ("GT", "Eve East", 10.0)
    }  # fmt: skip
    words = ("title", *asked, "--class", "GT")
    assert "East has secured the title" in told(capsysbinary, monkeypatch, store, *words)[1]
    status, _, error = told(capsysbinary, monkeypatch, store, "standings", *asked[:3])
    assert status == 1
    assert "--rules FILE.toml" in error


def test_what_is_not_stored_of_a_series_is_one_error(
    store: Path, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    for words, says in (
        (("race", "2024", "Spa", "--series", "club"), "no event 'Spa'"),
        (("race", "2023", "Spa", "--series", "club"), "nothing of 2023"),
        (("race", "2024", "Spa", "--series", "GT World!"), "no series 'GT World!'"),
    ):
        status, _, error = told(capsysbinary, monkeypatch, store, *words)
        assert status == 1
        assert says in error
        assert "Traceback" not in error
