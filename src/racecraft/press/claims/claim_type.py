"""What a type of claim is: its parts, its words, and who judges it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from racecraft.history.results import History
    from racecraft.press.judging.question import Question
    from racecraft.press.judging.verdict import Verdict

    Judge = Callable[["Question", "History"], "Verdict"]

ValueKind = Literal["place", "number", "seconds", "yes or no", "word", "date", "none", "any"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimType:
    """A type of claim: one code file, which defines it as ``TYPE``, and one case file beside it.

    Parameters
    ----------
    name
        As findings have it; also the name of both files.
    says
        What a claim of this type says, in one sentence, for the documentation.
    about
        Kinds of subjects (``driver``, ``team``, ``event``, ``season``, ``nation``, ...).
    pair
        Whether it is about two; they then have an order ("over") or none ("&").
    value
        What kind of value it has.
    units
        Units that the value may be in; empty where it has none.
    details
        Further parts that it may have, and what each of them is.
    words
        The claim put in words: ``{value}``, ``{place}`` (the value as an ordinal), ``{unit}``.
        By ``True`` and ``False`` where the value is yes or no, by the value where one of its own
        is said in words of its own; everything else is then under ``""``.
    tell
        How its value is said, where that is not as it stands: of its value and details.
    clue_to_event
        Whether it says something that helps to find out which race an article is about.
    may_be_proposed
        Whether a language model may read claims of this type.
    opinions
        Whether it is answered, never judged, where it is somebody's opinion.
    judge
        Says whether a claim of which everything is known is true.
    """

    name: str
    says: str
    about: tuple[str, ...]
    judge: Judge
    pair: bool = False
    value: ValueKind = "none"
    units: tuple[str, ...] = ()
    details: Mapping[str, str] = field(default_factory=dict)
    words: str | Mapping[Any, str] = "{value}"
    tell: Callable[[Any, Mapping[str, Any]], str] | None = None
    clue_to_event: bool = False
    may_be_proposed: bool = True
    opinions: bool = False
