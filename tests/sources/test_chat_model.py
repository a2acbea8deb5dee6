"""A model on this machine that answers as it was told, and one that does not behave."""

from __future__ import annotations

import json
import time

import pytest

from racecraft.errors import ArgumentError, NotFoundError, UnreachableError, UnreadableError
from racecraft.sources.http import client
from racecraft.sources.http.chat_model import model_at
from stub_server import Answer, stub


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "PAUSE_S", 0.001)


def said(text: object) -> Answer:
    return Answer(json.dumps({"choices": [{"message": {"content": text}}]}).encode())


def test_what_is_asked_and_what_comes_back() -> None:
    with stub(lambda *_: said("an answer")) as server:
        ask = model_at(f"{server.url}/v1/", "small", key="secret")
        assert ask("Do this.", "The text.") == "an answer"
    assert server.asked == ["/v1/chat/completions"]
    headers, body = server.told[0]
    assert headers["Authorization"] == "Bearer secret"
    asked = json.loads(body)
    assert (asked["model"], asked["temperature"]) == ("small", 0)
    assert [message["content"] for message in asked["messages"]] == ["Do this.", "The text."]


def test_without_a_key_none_is_sent() -> None:
    with stub(lambda *_: said("an answer")) as server:
        model_at(server.url, "small")("Do this.", "The text.")
    assert "Authorization" not in server.told[0][0]


def test_what_may_pass_is_asked_again() -> None:
    with stub(lambda _, call: said("at last") if call else Answer(status=503)) as server:
        assert model_at(server.url, "small")("", "") == "at last"


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b"no JSON"), Answer(b"[]"), Answer(b"{}"), Answer(b'{"choices": []}'),
        Answer(b'{"choices": [{"message": null}]}'), said({"claims": []}),
    ],
)  # fmt: skip
def test_an_answer_that_is_none_of_a_model(answer: Answer) -> None:
    with (
        stub(lambda *_: answer) as server,
        pytest.raises(UnreadableError, match="does not answer as a chat model"),
    ):
        model_at(server.url, "small")("", "")


def test_a_model_that_would_not_say() -> None:
    with stub(lambda *_: said(None)) as server:
        assert model_at(server.url, "small")("", "") == ""


def test_a_refusal() -> None:
    with stub(lambda *_: Answer(status=401)) as server:
        with pytest.raises(UnreachableError, match="401"):
            model_at(server.url, "small")("", "")
        assert len(server.asked) == 1
    with stub(lambda *_: Answer(status=404)) as server, pytest.raises(NotFoundError):
        model_at(server.url, "small")("", "")


def test_nobody_is_followed_to_elsewhere() -> None:
    away = Answer(status=302, headers={"Location": "http://127.0.0.1:1/"})
    with stub(lambda *_: away) as server, pytest.raises(UnreachableError, match="302"):
        model_at(server.url, "small", key="secret")("", "")


def test_no_answer_in_time() -> None:
    def slow(*_: object) -> Answer:
        time.sleep(0.3)
        return said("too late")

    with stub(slow) as server, pytest.raises(UnreachableError, match="no answer from 127"):
        model_at(server.url, "small", timeout_s=0.02)("", "")


def test_no_address() -> None:
    with pytest.raises(ArgumentError, match="no address of a model"):
        model_at("localhost:11434", "small")
