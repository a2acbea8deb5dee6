"""`racecraft serve` under load: readers at once, rows of requests, nonsense, and slow clients.

    python benchmarks/serve.py [--seconds 60] [--readers 200] [--requests 10000] [--store DIR]

The server is a process of its own, as the command starts it; the readers share the machine with it.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from harness import Mark, show

RACE = "/api/v1/seasons/2023/events/brazil"
PATHS = (
    f"{RACE}/laps", f"{RACE}/overtakes?kind=on_track", f"{RACE}/battles", f"{RACE}/gaps?car=ALO",
    f"{RACE}/stints", f"{RACE}/story", f"{RACE}/order?lap=70", "/api/v1/seasons/2023/standings",
    "/api/v1/seasons/2023/results", "/ergast/f1/2023/20/results.json",
    "/ergast/f1/2023/driverstandings/", "/v1/laps?session_key=2023201&driver_number=14",
    "/v1/intervals?session_key=2023201&driver_number=11", "/", "/f1/2023/sao-paulo-grand-prix",
)  # fmt: skip
MB = 1e6
GROWTH_MB = 20  # of memory over many requests, once what is kept at hand is there
ROWS = 8  # in which requests follow each other
DRIPS_S = 8.0  # for which slow clients hold their connections


@dataclass
class Seen:
    """What readers met."""

    times: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def milliseconds(self, share: float) -> float:
        """Time within which a share of the answers came."""
        return float(np.quantile(self.times, share)) * 1000 if self.times else float("nan")


async def ask(port: int, path: str, streams: list[object], **more: bytes) -> int:
    """Status of an answer over a connection that is kept; one that was closed is opened anew."""
    if not streams:
        streams[:] = await asyncio.open_connection("127.0.0.1", port)
    reader, writer = streams
    head = f"{more.get('method', b'GET').decode()} {path} HTTP/1.1\r\nHost: localhost\r\n"
    body = more.get("body", b"")
    head += f"Content-Length: {len(body)}\r\n" if body else ""
    writer.write(head.encode("latin-1") + more.get("headers", b"") + b"\r\n" + body)
    answer = await reader.readuntil(b"\r\n\r\n")
    lines = answer.lower().split(b"\r\n")
    size = next((int(line[15:]) for line in lines if line.startswith(b"content-length:")), 0)
    if more.get("method") != b"HEAD":
        await reader.readexactly(size)
    if b"connection: close" in lines:
        writer.close()
        streams.clear()
    return int(answer.split(b" ", 2)[1])


async def crowd(port: int, readers: int, seconds: float) -> Seen:
    """Many readers at once, each asking again as soon as it has its answer."""
    seen, end = Seen(), time.monotonic() + seconds

    async def read(number: int) -> None:
        chance, streams = random.Random(number), []  # noqa: S311
        while time.monotonic() < end:
            path, began = chance.choice(PATHS), time.perf_counter()
            try:
                status = await asyncio.wait_for(ask(port, path, streams), 30)
            except (OSError, EOFError, TimeoutError, ValueError) as error:
                seen.failed.append(f"{path}: {type(error).__name__}")
                streams.clear()
                continue
            seen.times.append(time.perf_counter() - began)
            if status != 200:
                seen.failed.append(f"{path}: {status}")

    await asyncio.gather(*(read(number) for number in range(readers)))
    return seen


async def in_rows(port: int, count: int) -> Seen:
    """Requests in `ROWS` rows, each with another address, so that none is just repeated."""
    seen = Seen()

    async def row(first: int) -> None:
        streams = []
        for number in range(first, count, ROWS):
            path = f"{RACE}/laps?limit=20&offset={number % 1000}&lap={number % 71 + 1}"
            began = time.perf_counter()
            if (status := await ask(port, path, streams)) != 200:
                seen.failed.append(f"{path}: {status}")
            seen.times.append(time.perf_counter() - began)

    await asyncio.gather(*(row(first) for first in range(ROWS)))
    return seen


async def nonsense(port: int, count: int) -> Seen:
    """Paths, headers and bodies that nobody means; what answers with 500 has failed."""
    chance, seen = random.Random(1), Seen()  # noqa: S311
    signs = "abz019/.%~-_=&?+<>'\"\\;:@[]{}|^`$!*(),#"
    for number in range(count):
        text = "".join(chance.choice(signs) for _ in range(chance.randrange(1, 60)))
        start = chance.choice(("/", "/api/v1/", "/ergast/f1/", "/v1/", f"{RACE}/", "/static/"))
        more = {"method": chance.choice((b"GET", b"GET", b"POST", b"HEAD", b"PUT", b"DELETE"))}
        if number % 3 == 0:
            junk = bytes(chance.randrange(33, 127) for _ in range(chance.randrange(200)))
            more["headers"] = (
                b"X-Junk: " + junk + b"\r\nRange: bytes=9-1\r\nAccept: " + junk + b"\r\n"
            )
        if more["method"] == b"POST":
            more["body"] = bytes(chance.randrange(256) for _ in range(chance.randrange(1, 3000)))
            start = "/api/v1/check" if number % 2 else start
        try:
            status = await asyncio.wait_for(
                ask(port, start + text.replace(" ", ""), [], **more), 20
            )
        except (EOFError, ConnectionError):
            continue  # it hung up on what is no HTTP
        except (OSError, TimeoutError, ValueError) as error:
            seen.failed.append(f"{start}{text}: {type(error).__name__}")
            continue
        seen.times.append(0)
        if status >= 500:
            seen.failed.append(f"{start}{text}: {status}")
    return seen


async def dripping(port: int, clients: int) -> Seen:
    """Readers among clients that send a byte now and then, and never finish."""
    end = time.monotonic() + DRIPS_S

    async def drip() -> None:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        while time.monotonic() < end:
            writer.write(b"a")
            await asyncio.sleep(0.5)
        writer.close()

    slow = [asyncio.ensure_future(drip()) for _ in range(clients)]
    seen = await crowd(port, 10, DRIPS_S - 1)
    await asyncio.gather(*slow, return_exceptions=True)
    return seen


def memory(process: subprocess.Popen[str]) -> float:
    """Megabytes of memory that a process holds."""
    pages = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1])
    return pages * 4096 / MB


def main() -> list[Mark]:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=float, default=60)
    asked.add_argument("--readers", type=int, default=200)
    asked.add_argument("--requests", type=int, default=10_000)
    asked.add_argument("--store", type=Path)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run = [sys.executable, "-m", "racecraft", "serve", "--port", "0"]
        server = subprocess.Popen(
            [*run, "--store", str(given.store or folder)], stdout=subprocess.PIPE, text=True
        )
        try:
            port = int(server.stdout.readline().split(":")[-1].split("/")[0])
            return measured(port, server, given)
        finally:
            server.terminate()
            server.wait(15)


def measured(port: int, server: subprocess.Popen[str], given: argparse.Namespace) -> list[Mark]:
    """Marks of one server."""
    first = asyncio.run(crowd(port, 1, 3))
    load = asyncio.run(crowd(port, given.readers, given.seconds))
    slow = asyncio.run(dripping(port, 100))
    odd = asyncio.run(nonsense(port, given.requests // 5))
    asyncio.run(in_rows(port, given.requests // 5))  # fills what is kept at hand
    before = memory(server)
    row = asyncio.run(in_rows(port, given.requests))
    grown = memory(server) - before
    for what, seen in (("load", load), ("slow", slow), ("nonsense", odd), ("row", row)):
        for failure in seen.failed[:5]:
            print(f"{what}: {failure}", file=sys.stderr)
    answered = len(load.times)
    print(f"{answered} answers to {given.readers} readers in {given.seconds:g} s, "
          f"{answered / given.seconds:.0f} a second; alone {first.milliseconds(0.5):.1f} ms; "
          f"{len(odd.times)} odd requests; {before:.0f} MB held")  # fmt: skip
    return [
        Mark(f"{given.readers} readers: errors", (len(load.failed),), unit="", limit=0),
        Mark("  median", (load.milliseconds(0.5),), unit="ms"),
        Mark("  99 in 100 within", (load.milliseconds(0.99),), unit="ms"),
        Mark("among 100 slow clients: errors", (len(slow.failed),), unit="", limit=0),
        Mark("nonsense: answers of 500", (len(odd.failed),), unit="", limit=0),
        Mark(f"{given.requests} in {ROWS} rows: errors", (len(row.failed),), unit="", limit=0),
        Mark("  memory that it grew by", (max(grown, 0),), unit="MB", limit=GROWTH_MB),
    ]


if __name__ == "__main__":
    show(main())
