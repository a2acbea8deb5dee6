"""A source: its name, what it reads, what it must be told, and the two functions that do it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, get_origin

if TYPE_CHECKING:
    from collections.abc import Callable

    from racecraft.model.race import Race
    from racecraft.model.season import Season
    from racecraft.model.terms import Progress as Progress
    from racecraft.model.terms import SessionName

    Account = Season | Race

Asked = Mapping[str, Any]  # what somebody told a source, by the names of its questions

NEEDED: Any = object()  # the default of a question that must be answered


@dataclass(frozen=True)
class Question:
    """One thing that a source is told: an argument of its command, or an option.

    Parameters
    ----------
    name
        As keyword in Python, and as ``--name`` where it is an option.
    meaning
        Help text.
    kind
        Type of the answer: str, int, bool, Path, ``list[Path]`` or a ``Literal``.
    metavar
        What stands for it in the usage line; given for an argument, left out for an option.
    default
        Answer of somebody who says nothing; without one it must be answered.
    """

    name: str
    meaning: str
    kind: Any = str
    metavar: str = ""
    default: Any = NEEDED

    @property
    def is_option(self) -> bool:
        """Whether it is asked as ``--name`` rather than by its place."""
        return not self.metavar

    @property
    def usage(self) -> str:
        """How it stands in a usage line: ``FOLDER``, ``--season SEASON``, ``[--telemetry]``."""
        if not self.is_option:
            return f"{self.metavar}..." if get_origin(self.kind) is list else self.metavar
        name = f"--{self.name.replace('_', '-')}"
        words = name if self.kind is bool else f"{name} {self.name.upper()}"
        return words if self.default is NEEDED else f"[{words}]"


@dataclass(frozen=True)
class OnDemand:
    """How a source is asked for what somebody wants to see and has not stored.

    Parameters
    ----------
    rank
        The source with the lowest is asked first.
    since
        First year of which it has anything.
    season
        Accounts of a year without its lap times.
    race
        Accounts of a race: the season as stored, stable name of the event, race or sprint.
    """

    rank: int
    since: int
    season: Callable[[int, Progress | None], Iterable[Account]] | None = None
    race: Callable[[Season, str, SessionName, Progress | None], Iterable[Account]] | None = None


@dataclass(frozen=True, kw_only=True)
class Source:
    """Somebody's timing, and how it becomes races and seasons.

    Parameters
    ----------
    name
        What follows ``racecraft data add``.
    reads
        What it reads, in one sentence.
    origin
        Where that comes from, in a few words: "a folder of Ergast tables".
    questions
        What it must be told, arguments first.
    fetch
        From the answers to raw bytes, or whatever a library gave; talks to disk or network.
    parse
        From those, and the answers, to races and seasons; talks to nobody.
    gives
        What its accounts hold, by the name of a table; what is left out, it does not have.
    notes
        What it made of what it was given, a line each, where that may be mistaken.
    example
        Command that somebody may type.
    on_demand
        Whether it can be asked for a race that is not stored, and how.
    """

    name: str
    reads: str
    origin: str
    fetch: Callable[[Asked, Progress | None], Any]
    parse: Callable[[Any, Asked], Iterable[Account]]
    gives: Mapping[str, str]
    questions: tuple[Question, ...] = ()
    notes: Callable[[Any, Asked], Iterable[str]] | None = None
    example: str = ""
    on_demand: OnDemand | None = field(default=None, repr=False)

    @property
    def usage(self) -> str:
        """Line to type: ``racecraft data add ergast FOLDER [--season SEASON]``."""
        return " ".join(["racecraft data add", self.name, *(q.usage for q in self.questions)])


def tell(progress: Progress | None, what: str, done: int, total: int) -> None:
    """Report progress to whoever wants to know."""
    if progress is not None:
        progress(what, done, total)


SEASON = Question("season", "Year.", int, "SEASON")
EVENT = Question("event", "Round, name, country or place: 20, brazil, spa.", str, "EVENT")
