"""A web server on this machine that answers as it was told, one answer after the other."""

from __future__ import annotations

import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass
class Answer:
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    promised: int | None = None  # bytes that the header promises, if not those of the body


@dataclass
class Stub:
    """What the server is, and what it was asked."""

    url: str
    asked: list[str] = field(default_factory=list)
    told: list[tuple[dict[str, str], bytes]] = field(default_factory=list)  # headers and body


@contextmanager
def stub(answer: Callable[[str, int], Answer]) -> Iterator[Stub]:
    """Serve the answers of a function of the path and the number of the call, from 0."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            reply = answer(self.path, len(server.asked))
            server.asked.append(self.path)
            size = int(self.headers.get("Content-Length", 0))
            server.told.append((dict(self.headers), self.rfile.read(size)))
            with suppress(ConnectionError):  # whoever asked may have lost patience
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                size = len(reply.body) if reply.promised is None else reply.promised
                self.send_header("Content-Length", str(size))
                self.end_headers()
                self.wfile.write(reply.body)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listener:
        server = Stub(f"http://127.0.0.1:{listener.server_port}")
        thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            listener.shutdown()
            thread.join()
