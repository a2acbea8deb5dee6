"""What happened just now, as one line for people or one object for programs."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, get_args

from racecraft.sources.livetiming.messages import stamp

if TYPE_CHECKING:
    from datetime import datetime

Kind = Literal[
    "start", "pass", "lead change", "battle begun", "battle decided", "moment", "flag",
    "race control", "stop", "retirement", "title", "doubt", "end",
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)
Basis = Literal["screen", "timing"]


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened, or that became known.

    Attributes
    ----------
    kind
        One of `KINDS`.
    moment
        When the timing said so, in UTC.
    lap
        Lap of the leader, or of the cars where it is about them; None where it is not known.
    cars
        Cars it is about, who gained first.
    text
        A sentence.
    basis
        ``screen``: as the timing screen shows it at once, which is mistaken at times. ``timing``:
        as the crossings have it, some seconds later.
    facts
        What else a program may want to know: the kind of a pass, its margin, a flag.
    """

    kind: Kind
    moment: datetime
    lap: int | None
    cars: tuple[str, ...] = ()
    text: str
    basis: Basis = "screen"
    facts: dict[str, Any] = field(default_factory=dict)

    def object(self) -> dict[str, Any]:
        """As one object, every value plain."""
        return {
            "event": self.kind,
            "at": stamp(self.moment),
            "lap": self.lap,
            "cars": list(self.cars),
            "basis": self.basis,
            "text": self.text,
            **self.facts,
        }

    def line(self) -> str:
        """As a line of JSON.

        >>> from datetime import UTC, datetime
        >>> at = datetime(2025, 5, 3, 16, tzinfo=UTC)
        >>> Event(kind="flag", moment=at, lap=3, text="Red flag.").line()[:54]
        '{"event": "flag", "at": "2025-05-03T16:00:00.000Z", "l'
        """
        return json.dumps(self.object(), ensure_ascii=False)
