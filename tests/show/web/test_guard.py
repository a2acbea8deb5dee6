"""What the server lets in, and what every answer of it says."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from own_server import asking, serving
from racecraft.show.web import server as served
from racecraft.show.web.guard import HEADERS, Guard, Limits

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    limits = Limits(line=300, body=1_000)
    with asking(tmp_path_factory.mktemp("store"), limits=limits) as client:
        client.timeout = 60
        yield client


@pytest.fixture(scope="module")
def served_at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    with serving(tmp_path_factory.mktemp("store")) as address:
        yield "127.0.0.1", int(address.rpartition(":")[2])


@pytest.mark.parametrize("path", ["/", "/nowhere", "/static/robots.txt", "/static/../app.py"])
def test_every_answer_has_the_headers_of_safety(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert "server" not in answer.headers


@pytest.mark.parametrize(
    ("ask", "status"),
    [
        ({"method": "GET", "url": "/" + "a" * 400}, 414),
        ({"method": "GET", "url": "/", "params": {"a": "b" * 400}}, 414),
        ({"method": "GET", "url": "/", "headers": {"x": "a" * 17_000}}, 431),
        ({"method": "DELETE", "url": "/"}, 405),
        ({"method": "POST", "url": "/api/v1/check", "content": iter([b"x" * 1_001])}, 413),
        ({"method": "PUT", "url": "/static/robots.txt", "content": b"mine"}, 405),
        ({"method": "POST", "url": "/", "content": b"x"}, 405),
        ({"method": "POST", "url": "/", "content": b"x" * 1_001}, 413),
        ({"method": "GET", "url": "/", "headers": {"host": "elsewhere.example"}}, 421),
        ({"method": "GET", "url": "/nowhere"}, 404),
    ],
)
def test_what_is_refused_is_a_problem(
    client: httpx.Client, ask: dict[str, Any], status: int
) -> None:
    answer = client.request(**ask)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == status
    assert told["title"]
    assert told["detail"]


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/api/v1/seasons", "GET, HEAD"),
        ("GET", "/api/v1/check", "POST"),
        ("OPTIONS", "/", "GET, HEAD"),
        ("POST", "/static/robots.txt", "GET, HEAD"),
    ],
)
def test_a_method_that_is_not_taken_says_which_are(
    client: httpx.Client, method: str, path: str, allowed: str
) -> None:
    answer = client.request(method, path)
    assert answer.status_code == 405
    assert answer.headers["allow"] == allowed
    assert allowed in answer.json()["detail"]


@pytest.mark.parametrize(
    ("media", "body", "status", "said"),
    [
        ("application/json", b'{"text": ', 400, "no JSON"),
        ("application/json", b'{"txt": "a"}', 422, "text is missing; there is no txt"),
        ("application/json", b"[1]", 422, "should be"),
        ("text/plain", b"Alonso won.", 415, "text/plain"),
    ],
)
def test_a_body_that_is_not_read_says_why(
    client: httpx.Client, media: str, body: bytes, status: int, said: str
) -> None:
    answer = client.post("/api/v1/check", content=body, headers={"content-type": media})
    assert answer.status_code == status
    assert answer.json()["status"] == status
    assert said in answer.json()["detail"]


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 20_000, 431),
        (b"NONSENSE\r\n\r\n", 400),
        (
            b"POST /api/v1/check HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400,
        ),
    ],
)
def test_what_is_no_request_is_a_problem_and_closes(
    served_at: tuple[str, int], request_: bytes, status: int
) -> None:
    answer = b""
    with socket.create_connection(served_at, timeout=5) as raw, suppress(ConnectionResetError):
        raw.sendall(request_)
        while piece := raw.recv(10_000):
            answer += piece
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(f"HTTP/1.1 {status}".encode())
    assert b"application/problem+json" in head
    assert json.loads(body)["status"] == status


def test_a_body_that_does_not_say_how_long_it_is_is_cut_off(client: httpx.Client) -> None:
    answer = client.post("/nowhere", content=(b"x" * 100 for _ in range(100)))
    assert answer.status_code in (404, 413)


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2fapp.py",
        "/static/%2fetc/passwd",
        "/static//etc/passwd",
        "/..%2f..%2fpyproject.toml",
        "/static/%00",
    ],
)
def test_no_path_reaches_the_disk(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code in (404, 405)


def test_an_answer_that_takes_too_long_is_given_up() -> None:
    async def slow(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(5)

    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {
        "type": "http", "method": "GET", "path": "/", "raw_path": b"/", "query_string": b"",
        "headers": [],
    }  # fmt: skip
    guard = Guard(slow, hosts=None, limits=Limits(time_s=0.05))
    asyncio.run(guard(scope, receive, send))
    assert [message["status"] for message in sent if "status" in message] == [503]


def test_a_client_that_does_not_finish_its_request_is_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(served, "HEADERS_S", 0.3)
    with serving(tmp_path) as address:
        port = int(address.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=5) as slow:
            slow.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: ")
            start = time.monotonic()
            while time.monotonic() - start < 4:
                try:
                    slow.sendall(b"a")
                    slow.settimeout(0.05)
                    if slow.recv(100) == b"":
                        break
                except TimeoutError:
                    continue
                except OSError:
                    break
            assert time.monotonic() - start < 4
        assert httpx.get(f"{address}/static/robots.txt").status_code == 200


def test_a_connection_serves_many_requests(client: httpx.Client) -> None:
    assert [client.get("/static/robots.txt").status_code for _ in range(20)] == [200] * 20


def test_the_first_page_lists_every_season(client: httpx.Client) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "1950" in page.text
    assert "2023" in page.text
