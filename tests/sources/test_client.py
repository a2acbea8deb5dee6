from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from racecraft.errors import NotFoundError, RacecraftError, UnreachableError
from racecraft.sources.http import client as web
from stub_server import Answer, stub


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "PAUSE_S", 0.001)


def ask(answers: list[Answer]) -> tuple[bytes | RacecraftError, int]:
    """What comes of these answers, the last for ever, and how many calls were made."""
    last = len(answers) - 1
    with stub(lambda _, call: answers[min(call, last)]) as server, web.connect() as client:
        try:
            return web.get(client, f"{server.url}/page"), len(server.asked)
        except RacecraftError as error:
            return error, len(server.asked)


def refusal(answers: list[Answer]) -> tuple[UnreachableError, int]:
    error, calls = ask(answers)
    assert isinstance(error, UnreachableError)
    return error, calls


@pytest.mark.parametrize(
    "first",
    [
        Answer(status=500),
        Answer(status=503),
        Answer(status=429),
        Answer(status=429, headers={"Retry-After": "0"}),
        Answer(b"half of", promised=100),
    ],
)
def test_what_may_pass_is_asked_again(first: Answer) -> None:
    assert ask([first, Answer(b"at last")]) == (b"at last", 2)


def test_but_not_for_ever() -> None:
    error, calls = refusal([Answer(status=500)])
    assert "answers 500" in error.message
    assert calls == web.ATTEMPTS


def test_an_answer_that_is_always_cut_off() -> None:
    error, calls = refusal([Answer(b"half of", promised=100)])
    assert "no answer from 127.0.0.1" in error.message
    assert calls == web.ATTEMPTS


@pytest.mark.parametrize("status", [429, 503])
def test_a_long_refusal_says_when_to_come_back(status: int) -> None:
    error, calls = refusal([Answer(status=status, headers={"Retry-After": "1800"})])
    assert calls == 1
    at = error.facts["retry_at"]
    assert isinstance(at, datetime)
    assert abs(at - datetime.now(UTC) - timedelta(minutes=30)) < timedelta(seconds=10)
    assert f"come back at {at:%H:%M}, in 30 minutes" in error.message


def test_a_refusal_until_a_date() -> None:
    then = format_datetime(datetime.now(UTC) + timedelta(minutes=5), usegmt=True)
    error, _ = refusal([Answer(status=429, headers={"Retry-After": then})])
    assert "in 5 minutes" in error.message


def test_a_refusal_until_nonsense_is_one_that_may_pass() -> None:
    answers = [Answer(status=429, headers={"Retry-After": "soon"}), Answer(b"ok")]
    assert ask(answers) == (b"ok", 2)


def test_what_is_not_there_is_not_asked_for_again() -> None:
    error, calls = ask([Answer(status=404)])
    assert isinstance(error, NotFoundError)
    assert "nothing at /page" in error.message
    assert calls == 1


def test_what_is_forbidden_is_not_asked_for_again() -> None:
    error, calls = refusal([Answer(status=403)])
    assert "answers 403" in error.message
    assert calls == 1


def test_nobody_there() -> None:
    with web.connect() as client, pytest.raises(UnreachableError, match="no answer from 127"):
        web.get(client, "http://127.0.0.1:9/")


@pytest.mark.parametrize("url", ["nowhere://x/", "http://[", "no address"])
def test_no_address(url: str) -> None:
    with web.connect() as client, pytest.raises(UnreachableError):
        web.get(client, url)


def test_every_request_is_announced() -> None:
    announced: list[int] = []
    with (
        stub(lambda _, call: Answer(status=500 if call == 0 else 200)) as server,
        web.connect(lambda: announced.append(1)) as client,
    ):
        web.get(client, server.url)
    assert len(announced) == 2


def test_an_answer_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "LARGEST_ANSWER", 10)
    error, calls = refusal([Answer(b"x" * 11)])
    assert "does not stop" in error.message
    assert calls == 1


def test_a_minute_is_one_minute() -> None:
    assert "in 1 minute" in web.come_back("jolpica", "refuses", 20).message


@pytest.mark.parametrize("after", ["9" * 400, "Fri, 31 Dec 9999 23:59:59 GMT", "99999999999"])
def test_an_absurd_retry_after_is_a_day_within_reason(after: str) -> None:
    error, calls = refusal([Answer(status=429, headers={"Retry-After": after})])
    assert calls == 1
    assert "come back on" in error.message


@pytest.mark.parametrize("after", ["١٢", "-5", "Fri, 31 Dec 99999 23:59:59 GMT", "\x1b[31m"])
def test_a_retry_after_that_is_none_is_passed_over(after: str) -> None:
    response = httpx.Response(429, headers={"Retry-After": after.encode()})
    assert web._retry_after(response) is None
