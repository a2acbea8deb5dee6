"""Whoever hears of events: any number, each in its own time."""

from __future__ import annotations

import threading
from queue import Empty, Full, Queue
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from racecraft.live.events import Event

REMEMBERED = 20_000  # events that somebody who does not read them misses the first of
IDLE_S = 0.25


class Listeners:
    """Tells events to all who listen, until it is over."""

    def __init__(self) -> None:
        self._queues: list[Queue[Event | None]] = []
        self._lock = threading.Lock()
        self._over = False

    def tell(self, news: Sequence[Event | None]) -> None:
        """Tell events, or None for the end, to everybody; who is far behind misses his first."""
        with self._lock:
            for event in news:
                for queue in self._queues:
                    _give(queue, event)

    def end(self) -> None:
        """Tell everybody that it is over."""
        self._over = True
        self.tell([None])

    def listen(self) -> Iterator[Event]:
        """Events from now on, until it is over."""
        if self._over:
            return iter(())
        queue: Queue[Event | None] = Queue(REMEMBERED)
        with self._lock:
            self._queues.append(queue)
        return self._heard(queue)

    def _heard(self, queue: Queue[Event | None]) -> Iterator[Event]:
        while True:
            try:
                event = queue.get(timeout=IDLE_S)
            except Empty:
                if self._over:
                    break
                continue
            if event is None:
                break
            yield event
        with self._lock:
            if queue in self._queues:
                self._queues.remove(queue)


def _give(queue: Queue[Event | None], event: Event | None) -> None:
    """Put something into a queue; into a full one instead of its first."""
    try:
        queue.put_nowait(event)
    except Full:
        queue.get_nowait()
        queue.put_nowait(event)
