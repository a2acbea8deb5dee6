"""What goes wrong between a feed and whoever listens, on purpose and the same every time."""

from __future__ import annotations

import random
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from racecraft.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from racecraft.sources.livetiming.messages import Message


@dataclass(frozen=True)
class Faults:
    """How often, and how much.

    Attributes
    ----------
    loss, duplicate, reorder, broken
        Share of the messages that never come, come twice, change places with the next one, or are
        cut in the middle.
    delay
        Seconds of the session by which a message is late, at most; how late is drawn.
    disconnect
        Seconds of the session after which the line is cut, again and again; 0 never.
    away
        Seconds of the session for which it stays cut: what is said then is lost.
    jump
        Seconds by which the clock of the feed jumps, a third of the way through.
    seed
        The same one gives the same faults.
    """

    loss: float = 0.0
    duplicate: float = 0.0
    reorder: float = 0.0
    broken: float = 0.0
    delay: float = 0.0
    disconnect: float = 0.0
    away: float = 10.0
    jump: float = 0.0
    seed: int = 1


def read_faults(text: str) -> Faults:
    """Faults of a text such as ``loss=0.01,disconnect=60``.

    Raises
    ------
    ArgumentError
        Something else.

    Examples
    --------
    >>> read_faults("loss=0.01, delay=2").delay
    2.0
    """
    known = {field.name: field.type for field in fields(Faults)}
    given: dict[str, float | int] = {}
    for part in filter(None, (one.strip() for one in text.split(","))):
        name, _, value = part.partition("=")
        try:
            number = float(value)
        except ValueError:
            number = float("nan")
        shares = ("loss", "duplicate", "reorder", "broken")
        if name not in known or (not number >= 0 and name != "jump") or number != number:
            raise ArgumentError(
                f"--faults {part!r}; expected some of {', '.join(f'{one}=' for one in known)}",
                hint="as in loss=0.01,delay=2,disconnect=60",
            )
        if name in shares and number > 1:
            raise ArgumentError(f"--faults {part!r}; expected a share from 0 to 1")
        given[name] = int(number) if name == "seed" else number
    return replace(Faults(), **given)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Sent:
    """A message on its way: when it arrives on the clock of the session, and in what state."""

    due: datetime
    message: Message
    broken: bool = False


def sent(messages: Iterable[Message], faults: Faults) -> list[Sent]:
    """What of some messages arrives when, in the order in which it does; the line itself holds."""
    luck = random.Random(faults.seed)  # noqa: S311  not for secrets
    on_the_way: list[Sent] = []
    for message in messages:
        copies = 0 if luck.random() < faults.loss else 1 + (luck.random() < faults.duplicate)
        for _ in range(copies):
            late = (
                timedelta(seconds=luck.uniform(0, faults.delay)) if faults.delay else timedelta(0)
            )
            broken = luck.random() < faults.broken
            on_the_way.append(Sent(message.moment + late, message, broken))
    on_the_way.sort(key=lambda one: one.due)
    for index in range(len(on_the_way) - 1):
        if luck.random() < faults.reorder:
            one, other = on_the_way[index], on_the_way[index + 1]
            on_the_way[index] = replace(other, due=one.due)
            on_the_way[index + 1] = replace(one, due=other.due)
    return list(_with_another_clock(on_the_way, faults.jump))


def _with_another_clock(on_the_way: list[Sent], jump: float) -> Iterator[Sent]:
    """The last two thirds bear another time of day."""
    for index, one in enumerate(on_the_way):
        if jump and index >= len(on_the_way) // 3:
            moment = one.message.moment + timedelta(seconds=jump)
            one = replace(one, message=one.message._replace(moment=moment))
        yield one
