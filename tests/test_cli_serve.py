"""The server and the assistant's server as the command starts and stops them."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from pathlib import Path

RACECRAFT = [sys.executable, "-m", "racecraft"]


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_it_says_where_it_is_and_stops_well(tmp_path: Path, stop: signal.Signals) -> None:
    pytest.importorskip("uvicorn")
    run = [*RACECRAFT, "serve", "--port", "0", "--store", str(tmp_path / "store")]
    with subprocess.Popen(run, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stderr is not None
        line = server.stdout.readline()
        address = line.split(" at ")[1].split(" ")[0]
        assert address.startswith("http://127.0.0.1:")
        assert httpx.get(f"{address}api/v1", timeout=60).json()["name"] == "racecraft"
        server.send_signal(stop)
        assert server.wait(20) == 0
        assert server.stderr.read() == ""
    assert not (tmp_path / "store").exists()


def test_an_address_in_use_is_one_error(tmp_path: Path) -> None:
    pytest.importorskip("uvicorn")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        run = [*RACECRAFT, "serve", "--port", port, "--store", str(tmp_path)]
        said = subprocess.run(run, capture_output=True, text=True, check=False, timeout=60)
    assert said.returncode == 1
    assert "cannot listen at 127.0.0.1" in said.stderr
    assert "--port 0" in said.stderr
    assert "Traceback" not in said.stderr


def test_an_assistant_talks_over_standard_input(tmp_path: Path) -> None:
    pytest.importorskip("mcp")
    run = [*RACECRAFT, "mcp", "--store", str(tmp_path)]
    with subprocess.Popen(run, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin is not None
        assert server.stdout is not None

        def say(**message: Any) -> None:
            server.stdin.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
            server.stdin.flush()

        def heard() -> Any:
            return json.loads(server.stdout.readline())

        client = {"name": "test", "version": "1"}
        hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": client}
        say(id=1, method="initialize", params=hello)
        assert heard()["result"]["serverInfo"]["name"] == "racecraft"
        say(method="notifications/initialized")
        given = {"season": 2023, "event": "brazil", "lap": 71}
        say(id=2, method="tools/call", params={"name": "order_at", "arguments": given})
        told = heard()["result"]["structuredContent"]
        assert [row["car"] for row in told["rows"][:3]] == ["VER", "NOR", "ALO"]
        server.stdin.close()
        assert server.wait(20) == 0
