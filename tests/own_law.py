"""The prefix law: after every message the race so far is what a batch reading of them gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.errors import RacecraftError
from racecraft.model.race import RACE_TABLES, Race
from racecraft.sources.livetiming import archive
from racecraft.sources.livetiming.fold import Fold
from racecraft.sources.livetiming.race import race_of
from racecraft.sources.livetiming.stream import Update, read_stream

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def batch(streams: Mapping[str, Sequence[Update]]) -> Race | None:
    """Race of the streams read as a whole; None where there is none yet."""
    try:
        return race_of(streams, source="livetiming")
    except (RacecraftError, KeyError):
        return None


def followed(fold: Fold) -> Race | None:
    try:
        return fold.race()
    except RacecraftError:
        return None


def differing(one: Race | None, other: Race | None) -> list[str]:
    """Names of what two races do not share."""
    if one is None or other is None:
        return [] if one is other else ["whether there is a race"]
    facts = ("season", "name", "session", "date", "clock", "source")
    return [name for name in facts if getattr(one, name) != getattr(other, name)] + [
        name for name in RACE_TABLES if not getattr(one, name).equals(getattr(other, name))
    ]


def check_law(files: Mapping[str, bytes], step: int) -> int:
    """Hold the law against every so many messages of a session; how often there was a race."""
    updates = [
        (update, name.removesuffix(archive.SUFFIX))
        for name, raw in files.items()
        for update in read_stream(name, raw)
    ]
    updates.sort(key=lambda said: said[0].clock)
    messages = archive.messages_of(files)
    streams: dict[str, list[Update]] = {}
    fold, races = Fold(source="livetiming"), 0
    for number, (message, (update, name)) in enumerate(zip(messages, updates, strict=True), 1):
        fold.take(message)
        streams.setdefault(name, []).append(update)
        if number % step == 0 or number == len(messages):
            expected = batch(streams)
            assert differing(followed(fold), expected) == [], f"after {number} messages"
            races += expected is not None
    return races
