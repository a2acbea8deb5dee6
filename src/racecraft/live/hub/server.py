"""A hub on this machine that replays a session, as the feed would send it and worse."""

from __future__ import annotations

import asyncio
import secrets
import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocketDisconnect

from racecraft.errors import ArgumentError
from racecraft.live.hub import signalr
from racecraft.live.hub.faults import Faults, sent
from racecraft.live.inputs import LEAD_IN_S
from racecraft.sources.livetiming.messages import stamp
from racecraft.sources.livetiming.standing import Standing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.requests import Request
    from starlette.websockets import WebSocket

    from racecraft.live.hub.faults import Sent
    from racecraft.sources.livetiming.messages import Message

PATH = "/signalrcore"
PING_S = 10.0
WAITING = 50_000  # frames that wait for a client; one that is slower is let go


class Hub:
    """A session that runs from when the first client subscribes, heard by any number.

    Parameters
    ----------
    messages
        Of the session, in the order of time.
    speed
        How many times as fast.
    faults
        What goes wrong on the way.
    lead_in_s
        Seconds of the session before lights out that are played; what was said before them is
        what the first client is told as it joins. None plays all of it.
    """

    def __init__(
        self,
        messages: Sequence[Message],
        *,
        speed: float = 1.0,
        faults: Faults | None = None,
        lead_in_s: float | None = LEAD_IN_S,
    ) -> None:
        self.speed, self.faults = speed, faults or Faults()
        self.standing = Standing()
        self.finished = False
        self.cuts = 0  # times that the lines were cut
        begins = _begins(messages, lead_in_s)
        for message in messages[:begins]:
            self._stand(message)
        self._to_come: list[Sent] = sent(messages[begins:], self.faults)
        self._last = messages[max(begins - 1, 0)] if messages else None
        self._clients: set[asyncio.Queue[str | None]] = set()
        self._playing: asyncio.Task[None] | None = None
        self._connections: set[str] = set()

    def app(self) -> Starlette:
        """The application that a server runs."""
        return Starlette(
            routes=[
                Route(f"{PATH}/negotiate", self._negotiate, methods=["POST", "OPTIONS"]),
                WebSocketRoute(PATH, self._connected),
            ]
        )

    async def _negotiate(self, _: Request) -> JSONResponse:
        token = secrets.token_urlsafe(16)
        self._connections.add(token)
        return JSONResponse(
            {
                "negotiateVersion": 1,
                "connectionId": secrets.token_urlsafe(12),
                "connectionToken": token,
                "availableTransports": [{"transport": "WebSockets", "transferFormats": ["Text"]}],
            }
        )

    async def _connected(self, line: WebSocket) -> None:
        token = line.query_params.get("id")
        if token is not None and token not in self._connections:
            await line.close(4001)
            return
        await line.accept()
        queue: asyncio.Queue[str | None] = asyncio.Queue(WAITING)
        sending = asyncio.create_task(self._send(line, queue))
        try:
            await self._converse(line, queue)
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            self._clients.discard(queue)
            sending.cancel()
            with suppress(asyncio.CancelledError):
                await sending

    async def _converse(self, line: WebSocket, queue: asyncio.Queue[str | None]) -> None:
        """Shake hands, then answer what is asked until the client goes."""
        rest, shaken = "", False
        while True:
            said, rest = signalr.frames(rest + await line.receive_text())
            for one in said:
                if one is None:
                    queue.put_nowait(_close("a frame that is no JSON"))
                elif not shaken:
                    shaken = one == signalr.HANDSHAKE
                    problem = {} if shaken else {"error": "only protocol json, version 1"}
                    queue.put_nowait(signalr.frame(problem))
                elif one.get("type") == signalr.INVOCATION:
                    self._answer(one, queue)

    def _answer(self, asked: dict[str, Any], queue: asyncio.Queue[str | None]) -> None:
        number, arguments = asked.get("invocationId"), asked.get("arguments")
        wanted = arguments[0] if isinstance(arguments, list) and arguments else None
        answer: dict[str, Any] = {"type": signalr.COMPLETION, "invocationId": number}
        if asked.get("target") != signalr.SUBSCRIBE or not isinstance(wanted, list):
            answer["error"] = "Unknown method; expected Subscribe with a list of streams"
        else:
            answer["result"] = self.standing.snapshot([str(name) for name in wanted])
            self._clients.add(queue)
            if self._playing is None:
                self._playing = asyncio.create_task(self._play())
        if number is not None:
            queue.put_nowait(signalr.frame(answer))
        if self.finished:
            queue.put_nowait(_close())

    async def _send(self, line: WebSocket, queue: asyncio.Queue[str | None]) -> None:
        while True:
            try:
                text = await asyncio.wait_for(queue.get(), PING_S)
            except TimeoutError:
                text = signalr.frame({"type": signalr.PING})
            with suppress(RuntimeError, WebSocketDisconnect):
                if text is None:
                    await line.close(1001)
                else:
                    await line.send_text(text)

    async def _play(self) -> None:
        """Say everything in its time, cut the lines now and then, and close at the end."""
        clock = asyncio.get_running_loop().time
        first = self._to_come[0].due if self._to_come else None
        began = clock()
        next_cut, back = self.faults.disconnect or float("inf"), 0.0
        for one in self._to_come:
            at = (one.due - (first or one.due)).total_seconds()
            if (wait := began + at / self.speed - clock()) > 0:
                await asyncio.sleep(wait)
            if at >= next_cut:
                self.cuts += 1
                next_cut, back = at + self.faults.disconnect, at + self.faults.away
                self._tell(None)
                self._clients.clear()
            self._stand(one.message)
            if at >= back:
                self._tell(_said(one))
        self.finished = True
        self._tell(_close())

    def _stand(self, message: Message) -> None:
        self.standing.take(message.stream, message.data)
        self.standing.take("Heartbeat", {"Utc": stamp(message.moment)})

    def _tell(self, text: str | None) -> None:
        for queue in list(self._clients):
            if queue.full():
                self._clients.discard(queue)
            else:
                queue.put_nowait(text)


def run(hub: Hub, *, port: int, ready: Callable[[str], None]) -> None:
    """Run a hub on this machine until it is interrupted.

    Parameters
    ----------
    port
        0 for any that is free.
    ready
        Called with its address when it listens.

    Raises
    ------
    ArgumentError
        The port is taken, or none.
    """
    listening = _listening(port)
    ready(f"http://127.0.0.1:{listening.getsockname()[1]}")
    config = uvicorn.Config(hub.app(), log_level="error", lifespan="off", ws="websockets-sansio")
    uvicorn.Server(config).run(sockets=[listening])


def _listening(port: int) -> socket.socket:
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
        listening.listen()
    except (OSError, OverflowError) as error:
        listening.close()
        raise ArgumentError(
            f"--port {port}: {getattr(error, 'strerror', None) or error}",
            hint="another one, or 0 for any that is free",
        ) from error
    return listening


def _begins(messages: Sequence[Message], lead_in_s: float | None) -> int:
    """Number of the first message that is played."""
    if lead_in_s is None:
        return 0
    for message in messages:
        if message.stream == "SessionStatus" and message.data.get("Status") == "Started":
            return next(
                number
                for number, one in enumerate(messages)
                if (message.moment - one.moment).total_seconds() <= lead_in_s
            )
    return 0


def _said(one: Sent) -> str:
    text = signalr.frame(
        signalr.feed(one.message.stream, one.message.data, stamp(one.message.moment))
    )
    return text[: len(text) // 2] + signalr.END if one.broken else text


def _close(problem: str = "") -> str:
    said: dict[str, Any] = {"type": signalr.CLOSE}
    return signalr.frame(said | ({"error": problem} if problem else {}))
