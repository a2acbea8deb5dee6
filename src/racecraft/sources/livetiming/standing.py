"""How everything stands: the changes that were sent, put together as whoever joins is told."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

DEEPEST = 20  # levels of a message; the live timing has six


class Standing:
    """Every stream as it stands, by name."""

    def __init__(self) -> None:
        self.streams: dict[str, dict[str, Any]] = {}

    def take(self, stream: str, change: dict[str, Any]) -> None:
        """Take in what changed.

        >>> standing = Standing()
        >>> standing.take("LapCount", {"CurrentLap": 1, "TotalLaps": 71})
        >>> standing.take("LapCount", {"CurrentLap": 2})
        >>> standing.streams["LapCount"]
        {'CurrentLap': 2, 'TotalLaps': 71}
        """
        self.streams[stream] = _merged(self.streams.get(stream, {}), change, 0)

    def lines(self, stream: str) -> dict[str, dict[str, Any]]:
        """What a stream says of each car, by number."""
        lines = self.streams.get(stream, {}).get("Lines")
        if not isinstance(lines, dict):
            return {}
        return {number: said for number, said in lines.items() if isinstance(said, dict)}

    def snapshot(self, wanted: list[str]) -> dict[str, Any]:
        """What a client is told as it joins, of the streams that it wants."""
        return {name: deepcopy(self.streams[name]) for name in wanted if name in self.streams}


def items(value: object) -> list[Any]:
    """Items of a list, which changes may have turned into an object with numbers for names.

    >>> items([1, 2]), items({"1": "b", "0": "a"}), items(None)
    ([1, 2], ['a', 'b'], [])
    """
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        numbered = [name for name in value if name.isdecimal()]
        return [value[name] for name in sorted(numbered, key=int)]
    return []


def _merged(now: Any, change: Any, depth: int) -> Any:
    if not isinstance(change, dict) or depth > DEEPEST:
        return change
    if isinstance(now, list):
        now = {str(index): item for index, item in enumerate(now)}
    elif not isinstance(now, dict):
        now = {}
    for name, value in change.items():
        now[name] = _merged(now.get(name), value, depth + 1)
    return now
