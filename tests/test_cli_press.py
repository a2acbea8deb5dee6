"""The verb that checks an article: where it comes from, what comes out, and what goes wrong."""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

import racecraft as rc
from own_press import ARTICLE, CHECKED, FINDINGS, TEXT
from racecraft.cli.main import main
from racecraft.press.finding import Checked
from racecraft.press.findings_table import FINDINGS as TABLE
from stub_server import Answer, stub

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Check = Callable[..., tuple[int, str, str]]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the front door was asked; it answers with findings that are known."""
    heard: dict[str, Any] = {"answer": CHECKED}

    def fact_check(article: object, history: object, **options: object) -> object:
        heard.update(options, article=article, history=history)
        return heard["answer"]

    monkeypatch.setattr("racecraft.press.fact_check.fact_check", fact_check)
    return heard


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Check:
    for name in ("COLUMNS", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)

    def typed(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["racecraft", "check", *arguments])
        try:
            status = main()
        except SystemExit as end:
            status = int(end.code or 0)
        sys.stdout.flush()
        out, err = capfdbinary.readouterr()
        return status, out.decode(), err.decode()

    return typed


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "alonso.txt"
    path.write_text(f"date: 2023-11-06\n\n{TEXT}", encoding="utf-8")
    return str(path)


def test_every_format(check: Check, asked: dict[str, Any], file: str, tmp_path: Path) -> None:
    text = check(file)
    assert text[0] == 0
    assert text[1].endswith("4 claims: 1 wrong, 2 agree, 0 unclear, 1 cannot be checked\n")
    assert text == check(file, "--format", "table")
    told = json.loads(check(file, "--format", "json")[1])
    assert [list(row) for row in told] == [list(TABLE.schema)] * 5
    csv = pl.read_csv(io.StringIO(check(file, "--format", "csv")[1]))
    assert csv.columns == list(TABLE.schema)
    path = tmp_path / "table.parquet"
    assert check(file, "-o", str(path)) == (0, "", "")
    assert pl.read_parquet(path).schema == TABLE.schema
    page = check(file, "--format", "html")[1]
    assert page.startswith("<!doctype html>")
    check(file, "-o", str(tmp_path / "page.html"))
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == page


def test_the_article_is_read_as_it_says_or_as_it_is_told(
    check: Check, asked: dict[str, Any], file: str
) -> None:
    check(file)
    assert asked["article"].text == ARTICLE.text
    assert (asked["article"].date, asked["article"].name) == (ARTICLE.date, "alonso.txt")
    assert asked["event"] is None
    assert list(asked["history"].seasons) == list(range(1950, 2026))
    check(file, "--date", "2023-11-20", "--lang", "nl", "--event", "2023 interlagos")
    assert (asked["article"].date.day, asked["article"].lang) == (20, "nl")
    assert asked["event"] == (2023, 20)


def test_timing_is_that_of_stored_races(check: Check, asked: dict[str, Any], file: str) -> None:
    check(file)
    assert asked["history"].race(2023, 20, "race").name == "São Paulo Grand Prix"
    assert asked["history"].race(2023, 3, "race") is None
    assert asked["history"].race(2021, 3, "race") is None


def test_standard_input(
    check: Check, asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))
    assert check("-", "--lang", "en")[0] == 0
    assert asked["article"].text == ARTICLE.text


def test_strict_ends_with_another_status(check: Check, asked: dict[str, Any], file: str) -> None:
    assert check(file, "--strict")[0] == 3
    asked["answer"] = Checked(FINDINGS[:2])
    assert check(file, "--strict")[0] == 0


def test_nothing_about_a_race_is_an_answer(check: Check, asked: dict[str, Any], file: str) -> None:
    asked["answer"] = Checked()
    status, out, err = check(file, "--strict")
    assert (status, err) == (0, "")
    assert "No claims about a race found." in out
    assert len(json.loads(check(file, "--format", "json")[1])) == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("no-such-file",), "no-such-file cannot be read: No such file"),
        ((".",), "cannot be read"),
        (("https://example.org/a.html",), "nothing is fetched from the web"),
        (("FILE", "--lang", "sv"), "no grammar for the language 'sv'"),
        (("FILE", "--event", "brazil"), "no season and event in 'brazil'"),
        (("FILE", "--event", "2023 brasilia"), "no event 'brasilia' in 2023"),
        (("FILE", "-o", "."), "cannot be written"),
    ],
)
def test_one_line_says_what_is_wrong(
    check: Check, asked: dict[str, Any], file: str, arguments: tuple[str, ...], said: str
) -> None:
    status, out, err = check(*(file if word == "FILE" else word for word in arguments))
    assert (status, out) == (1, "")
    first, *rest = err.splitlines()
    assert first.startswith("error: ")
    assert said in first
    assert all(line.startswith("hint: ") for line in rest)
    assert len(rest) <= 1


def test_wrong_usage(check: Check, asked: dict[str, Any], file: str) -> None:
    assert check()[0] == 2
    assert check(file, "--date", "yesterday")[0] == 2
    assert check(file, "--format", "pdf")[0] == 2


def test_a_model_is_asked_only_where_one_is_named(
    check: Check, asked: dict[str, Any], file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = Answer(json.dumps({"choices": [{"message": {"content": "so"}}]}).encode())
    monkeypatch.setenv("RACECRAFT_LLM_KEY", "secret")
    check(file)
    assert asked["ask"] is None
    with stub(lambda *_: answer) as server:
        assert check(file, "--llm", f"{server.url}/v1", "--model", "small")[0] == 0
        assert asked["ask"]("Do this.", "The text.") == "so"
    assert server.told[0][0]["Authorization"] == "Bearer secret"
    with stub(lambda *_: Answer(b"no", status=401)) as server:
        assert check(file, "--llm", f"{server.url}/v1", "--model", "small")[0] == 0
        with pytest.raises(rc.RacecraftError, match="401") as refused:
            asked["ask"]("Do this.", "The text.")
    assert "RACECRAFT_LLM_KEY" in refused.value.hint
    assert check(file, "--llm", "http://127.0.0.1:1/v1")[0] == 2
    assert check(file, "--model", "small")[0] == 2
    assert "no address" in check(file, "--llm", "here", "--model", "small")[2]


def test_answers_of_a_model_are_kept_and_replayed(
    check: Check, asked: dict[str, Any], file: str, tmp_path: Path
) -> None:
    answer = Answer(json.dumps({"choices": [{"message": {"content": "so"}}]}).encode())
    record = str(tmp_path / "answers.jsonl")
    assert "is not there, and no model is named" in check(file, "--llm-record", record)[2]
    with stub(lambda *_: answer) as server:
        where = ("--llm", f"{server.url}/v1", "--model", "small", "--llm-record", record)
        assert check(file, *where)[0] == 0
        assert asked["ask"]("Do this.", "The text.") == "so"
    assert check(file, "--llm-record", record)[0] == 0
    assert asked["ask"]("Do this.", "The text.") == "so"
    with pytest.raises(rc.RacecraftError, match="has no answer"):
        asked["ask"]("Do this.", "Another text.")
    (tmp_path / "answers.jsonl").write_text("no answers", encoding="utf-8")
    assert "holds no answers of a model" in check(file, "--llm-record", record)[2]


def test_what_is_shown_is_asked_for(
    check: Check, asked: dict[str, Any], file: str, tmp_path: Path
) -> None:
    assert "finished third" not in check(file)[1]
    assert "finished third" in check(file, "--all")[1]
    assert asked["min_confidence"] is None
    check(file, "--min-confidence", "0.9")
    assert asked["min_confidence"] == 0.9
    assert check(file, "--min-confidence", "9")[0] == 2
    draft = check(file, "--format", "md")[1]
    assert draft.startswith("# Corrections: ")
    check(file, "-o", str(tmp_path / "draft.md"))
    assert (tmp_path / "draft.md").read_text(encoding="utf-8") == draft
