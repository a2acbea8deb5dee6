"""Which session is a message of? A recording, or a view of a feed, may reach into the next one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from racecraft.errors import UnreadableError
from racecraft.sources.livetiming.control import session_kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from racecraft.sources.livetiming.messages import Message

INFO = "SessionInfo"
KEYS = ("Key", "Path", "StartDate")  # that tell sessions apart, the best first
NO_RACE = ("Practice", "Qualifying")  # any other kind is a message that makes no sense


class Session(NamedTuple):
    """A session, and what was said of it."""

    name: str  # as the feed calls it; empty where it does not
    is_race: bool
    messages: list[Message]


class Borders:
    """Sees where one session ends and the next one begins.

    >>> from datetime import UTC, datetime
    >>> from racecraft.sources.livetiming.messages import Message
    >>> def told(key, name):
    ...     data = {"Key": key, "Type": name.split()[0], "Name": name}
    ...     return Message(datetime(2025, 5, 3, 16, tzinfo=UTC), "SessionInfo", data)
    >>> borders = Borders()
    >>> [borders.crossed(told(*one)) for one in ((7, "Race"), (7, "Race"), (8, "Practice 1"))]
    [False, False, True]
    >>> borders.name, borders.is_race
    ('Practice 1', False)
    """

    def __init__(self) -> None:
        self.name = ""
        self.is_race = True  # until it is said to be none
        self._known: dict[str, str] = {}

    def crossed(self, message: Message) -> bool:
        """Whether another session begins with a message."""
        if message.stream != INFO or not (own := _keys(message.data)):
            return False
        both = [name for name in KEYS if name in own and name in self._known]
        another = bool(both) and own[both[0]] != self._known[both[0]]
        if another or not self._known:
            self._known = own
            self.name = message.data["Name"].strip()
            self.is_race = not is_no_race(message.data)
        return another


def is_no_race(info: dict[str, Any]) -> bool:
    """Whether what is known of a session says that it is practice or qualifying."""
    kind, name = info.get("Type"), info.get("Name")
    if kind not in NO_RACE or not isinstance(name, str):
        return False
    year = str(info.get("StartDate"))[:4]
    return session_kind(kind, name, int(year) if year.isdecimal() else 0) is None


def no_race(name: str) -> UnreadableError:
    """Error about a session that is none."""
    return UnreadableError(
        f"this is {name[:40]!r}; expected a race or a sprint",
        hint="practice and qualifying have no race to follow",
    )


def sessions_of(messages: Iterable[Message]) -> list[Session]:
    """Messages of a recording, session by session."""
    borders = Borders()
    own: list[Message] = []
    found: list[Session] = []
    for message in messages:
        name, is_race = borders.name, borders.is_race
        if borders.crossed(message):
            found.append(Session(name, is_race, own))
            own = []
        own.append(message)
    return [*found, Session(borders.name, borders.is_race, own)]


def _keys(info: dict[str, Any]) -> dict[str, str]:
    """What tells a session from others, of a message that says all there is to it."""
    if not isinstance(info.get("Type"), str) or not isinstance(info.get("Name"), str):
        return {}
    return {name: str(key) for name in KEYS if isinstance(key := info.get(name), int | str) and key}
