"""A server that answers as a language model would, with readings that were recorded."""

from __future__ import annotations

import json
import re
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def answer_of(rows: Sequence[dict[str, Any]], asked: str) -> str:
    """What the model would say of a sentence: the recorded claims of it, as its answer has them."""
    sentence = _words(json.loads(asked)["sentence"])
    claims = [
        row
        for row in rows
        if _words(row["sentence"]) in sentence or sentence in _words(row["sentence"])
    ]
    return json.dumps({"claims": claims}, ensure_ascii=False)


@contextmanager
def endpoint(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Serve a recorded reading at an address that answers as OpenAI's chat completions do."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            said = answer_of(rows, body["messages"][-1]["content"])
            reply = json.dumps({"choices": [{"message": {"content": said}}]}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/v1"
        finally:
            server.shutdown()
            thread.join()


def _words(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()
