"""What can go wrong?

Every error that racecraft raises on purpose is a `RacecraftError`: a sentence for people, a hint
that says what to do next, and the facts for programs.
"""

from __future__ import annotations


class RacecraftError(Exception):
    """Anything that racecraft refuses to do.

    Parameters
    ----------
    message
        One sentence that says what is wrong.
    hint
        What to try next; empty where there is nothing to try.
    **facts
        What a program may want to read: ``season=2023``, ``path="laps.csv"``.
    """

    def __init__(self, message: str, *, hint: str = "", **facts: object) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.facts = facts
        if hint:
            self.add_note(f"hint: {hint}")

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle with hint and facts, so that an error survives the way back from a worker."""
        return (_rebuild, (type(self), self.message, self.hint, self.facts))


class NotFoundError(RacecraftError):
    """You asked for a race, driver or lap that is not there."""


class SourceError(RacecraftError):
    """A source of timing data failed."""


class UnreachableError(SourceError):
    """No answer from a source."""


class UnreadableError(SourceError):
    """An answer that could not be parsed."""


class TableError(RacecraftError):
    """A table breaks its own promise."""


class RuleError(RacecraftError):
    """No rulebook covers this season, or it contradicts itself."""


class NotEnoughDataError(RacecraftError):
    """A fair question that this data cannot answer."""


class ArgumentError(RacecraftError):
    """A value no race could have, such as lap 0."""


class CallError(ArgumentError, TypeError):
    """A function was called with what it does not take."""


class BusyError(RacecraftError):
    """More is asked for at once than this machine should work on."""


def _rebuild(
    kind: type[RacecraftError], message: str, hint: str, facts: dict[str, object]
) -> RacecraftError:
    return kind(message, hint=hint, **facts)
