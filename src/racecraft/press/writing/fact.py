"""One thing that a report tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing to tell: its kind, which has sentences in every language, and what fills them."""

    kind: str
    slots: dict[str, Any]
