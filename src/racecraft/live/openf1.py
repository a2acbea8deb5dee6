"""A session as OpenF1 tells it: asked again and again, or pushed to who has a token.

While a session runs OpenF1 answers subscribers alone. Their token is taken from the environment,
never asked for and never kept: racecraft does not log in.
"""

from __future__ import annotations

import json
import os
import time
from datetime import UTC, datetime, timedelta
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from racecraft.errors import ArgumentError, NotFoundError, RacecraftError, UnreachableError
from racecraft.sources.http import client as web
from racecraft.sources.openf1.api import BASE_URL, rows_of, where
from racecraft.sources.openf1.messages import COLLECTIONS, Rows
from racecraft.sources.openf1.race import moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import httpx

    from racecraft.sources.livetiming.messages import Message

TOKEN = "OPENF1_TOKEN"  # noqa: S105  the name of the variable, not what it holds
BROKER, PORT = "mqtt.openf1.org", 8883
AGAIN_S = {True: 4.0, False: 20.0}  # between two rounds of questions, with a token and without
OVER = timedelta(hours=2)  # after its planned end a session is asked about once
OVERLAP = timedelta(seconds=20)  # that is asked for again: rows come late
IDLE_S = 0.25
ONCE = ("meetings", "sessions", "drivers")
WHOLE = ("laps", "stints")  # of which old rows change
LATEST = "latest"


def follow(
    session: str,
    *,
    base_url: str = BASE_URL,
    broker: tuple[str, int] | None = (BROKER, PORT),
    again_s: float | None = None,
) -> Iterator[Message | None]:
    """Messages of a session of OpenF1, until it is over.

    Parameters
    ----------
    session
        ``latest``, or the key of a session.
    base_url
        Address of the API.
    broker
        Where rows are pushed to who has a token in ``OPENF1_TOKEN`` and the library paho-mqtt;
        None to ask for them even so.
    again_s
        Seconds between two rounds of questions.

    Raises
    ------
    ArgumentError
        No such session can be.
    NotFoundError
        There is none.
    UnreachableError
        Nobody answers, or subscribers alone.
    """
    if session != LATEST and not (session.isascii() and session.isdecimal()):
        raise ArgumentError(
            f"--openf1 {session!r}; expected 'latest' or the key of a session",
            hint="https://api.openf1.org/v1/sessions?year=2025 lists them",
        )
    token = os.environ.get(TOKEN, "")
    asker = _Asker(session, base_url.rstrip("/"), token)
    yield from asker.first()
    if asker.over():
        return
    if token and broker is not None:
        pushed = _pushed(asker, broker, token)
        if pushed is not None:
            yield from pushed
            return
    pause = AGAIN_S[bool(token)] if again_s is None else again_s
    while not asker.over():
        until = time.monotonic() + pause
        while time.monotonic() < until:
            time.sleep(min(IDLE_S, max(until - time.monotonic(), 0)))
            yield None
        yield from asker.again()


class _Asker:
    """Asks for what is new of every collection."""

    def __init__(self, session: str, base_url: str, token: str) -> None:
        self.rows = Rows()
        self.key: object = session
        self._base_url = base_url
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._ends: datetime | None = None
        self._latest: dict[str, datetime] = {}

    def first(self) -> list[Message]:
        """Everything that is known so far, in the order of time."""
        with web.connect() as client:
            held = self._ask(client, "sessions", session_key=self.key)
            if not held:
                raise NotFoundError(f"OpenF1 has no session {self.key}")
            session = held[0]
            self.key = session.get("session_key", self.key)
            self._ends = moment(session.get("date_end"))
            meetings = self._ask(client, "meetings", meeting_key=session.get("meeting_key"))
            told = self._taken("meetings", meetings) + self._taken("sessions", [session])
            for name in COLLECTIONS:
                if name not in ("meetings", "sessions"):
                    rows = self._ask(client, name, session_key=self.key)
                    told += self._taken(name, rows)
        return sorted(told, key=lambda message: message.moment)

    def again(self) -> list[Message]:
        """What is new; nothing where nobody answers for now."""
        told: list[Message] = []
        try:
            with web.connect() as client:
                for name in COLLECTIONS:
                    if name in ONCE:
                        continue
                    bounds: dict[str, object] = {"session_key": self.key}
                    if name in self._latest and name not in WHOLE:
                        bounds["date__ge"] = (self._latest[name] - OVERLAP).isoformat()
                    told += self._taken(name, self._ask(client, name, **bounds))
        except RacecraftError:
            pass  # it may answer next time; that nothing was heard is said meanwhile
        return sorted(told, key=lambda message: message.moment)

    def over(self) -> bool:
        """Whether nothing more is to come."""
        return self._ends is not None and datetime.now(UTC) > self._ends + OVER

    def _taken(self, name: str, rows: list[dict[str, Any]]) -> list[Message]:
        dates = [date for row in rows if (date := moment(row.get("date"))) is not None]
        if dates:
            self._latest[name] = max(*dates, self._latest.get(name, dates[0]))
        return [message for row in rows for message in self.rows.take(name, row)]

    def _ask(self, client: httpx.Client, name: str, **bounds: object) -> list[dict[str, Any]]:
        client.headers.update(self._headers)
        try:
            return rows_of(name, web.get(client, f"{self._base_url}/{name}?{where(**bounds)}"))
        except NotFoundError as error:
            if "No results found" not in str(error.facts.get("said")):
                raise
            return []
        except UnreachableError as error:
            if error.facts.get("status") not in (401, 403):
                raise
            raise UnreachableError(
                "OpenF1 answers subscribers alone while a session is running",
                hint=f"a token of yours in {TOKEN}, or a recording of a client of yours by --from",
            ) from error


def _pushed(asker: _Asker, broker: tuple[str, int], token: str) -> Iterator[Message | None] | None:
    """Messages of the rows that a broker pushes; None without the library for it."""
    try:
        from paho.mqtt.client import Client
        from paho.mqtt.enums import CallbackAPIVersion
    except ModuleNotFoundError:
        return None
    rows: SimpleQueue[tuple[str, bytes]] = SimpleQueue()
    client = Client(CallbackAPIVersion.VERSION2)
    client.username_pw_set("racecraft", token)
    if broker[1] == PORT:
        client.tls_set()

    def subscribe(*_: Any) -> None:
        client.subscribe([(f"v1/{name}", 0) for name in COLLECTIONS])

    client.on_connect = subscribe
    client.on_message = lambda _, __, said: rows.put((said.topic, bytes(said.payload)))
    try:
        client.connect(*broker)
    except OSError as error:
        raise UnreachableError(
            f"no answer from {broker[0]}: {error}", hint="check the network"
        ) from error
    client.loop_start()
    return _received(asker, rows, client.loop_stop)


def _received(
    asker: _Asker, rows: SimpleQueue[tuple[str, bytes]], stop: Callable[[], object]
) -> Iterator[Message | None]:
    try:
        while not asker.over():
            try:
                topic, payload = rows.get(timeout=IDLE_S)
                row = json.loads(payload)
            except (Empty, ValueError, RecursionError):
                yield None
                continue
            if isinstance(row, dict) and row.get("session_key") in (None, asker.key):
                yield from asker.rows.take(topic.rpartition("/")[2], row)
    finally:
        stop()
