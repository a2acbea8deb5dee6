"""The analyst in a process of its own: what it works on holds up no message and keeps no memory.

It is asked by what the messages have said so far, and answers when it has found something; so it
can be ended and begun anew at any time.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import subprocess
import sys
import time
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any

from racecraft.errors import RacecraftError, UnreachableError
from racecraft.live.analyst import Analyst
from racecraft.live.room import give_back, with_one_thread
from racecraft.sources.livetiming.by_lap import ByLap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from racecraft.live.analyst import Asked, Found
    from racecraft.model.season import Season

LOOKS = 80  # after which a process is ended, and with it what it holds
LIVES = 3  # of processes that end by themselves, until that is given up
YOUNG = 1  # generation of objects until which is collected after every look, and not during it
GIVES_WAY = 5  # to whoever reads messages, where both want the same core


class Apart:
    """An `Analyst` elsewhere.

    Parameters
    ----------
    season, history
        As of `Analyst`.
    """

    def __init__(self, season: Season | None = None, history: Sequence[Season] = ()) -> None:
        self.spent_s = 0.0  # of a processor, by the look before
        self._known = season, tuple(history)
        self._process: subprocess.Popen[bytes] | None = None
        self._looks = self._died = 0

    def look(self, asked: Asked) -> Iterator[Found]:
        """What there is in the race so far, as of `Analyst`.

        Raises
        ------
        UnreachableError
            The process ended; the next look begins another.
        UnreadableError
            It is no race.
        """
        self._looks += 1
        if self._looks > LOOKS:
            self.close()
        try:
            said, answers = self._pipes()
            _send(said, asked)
            while not isinstance(answer := _heard(answers), float):
                if isinstance(answer, RacecraftError):
                    raise answer
                yield answer
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            self.close()
            self._died += 1
            raise UnreachableError("the process of the analyses ended") from error
        except GeneratorExit:
            self.close()  # what it still answers nobody wants
            raise
        self.spent_s = answer

    @property
    def pid(self) -> int | None:
        """Number of the process; None while there is none."""
        return None if self._process is None else self._process.pid

    @property
    def lost(self) -> bool:
        """Whether such a process does not live here."""
        return self._died >= LIVES

    def close(self) -> None:
        """End the process."""
        process, self._process, self._looks = self._process, None, 0
        if process is None:
            return
        process.kill()  # it keeps nothing that is wanted
        process.wait()
        for pipe in (process.stdin, process.stdout):
            assert pipe is not None  # noqa: S101  they are piped
            with suppress(OSError):
                pipe.close()

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._process is None:
            self._process = subprocess.Popen(  # noqa: S603  this very program
                [sys.executable, "-P", "-m", __name__],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                env=with_one_thread(),
            )  # fmt: skip
            self.spent_s = 0.0
            assert self._process.stdin is not None  # noqa: S101  it is piped
            _send(self._process.stdin, self._known)
        assert self._process.stdin is not None  # noqa: S101
        assert self._process.stdout is not None  # noqa: S101
        return self._process.stdin, self._process.stdout


def serve(asked: IO[bytes], answers: IO[bytes]) -> None:
    """Answer until nobody asks any more; after the answers, how long they took of a processor."""
    analyst, laps = Analyst(*_heard(asked)), ByLap()
    while True:
        try:
            one = _heard(asked)
        except EOFError:
            return
        began = time.process_time()
        try:
            one.told.known = laps
            for found in analyst.look(one):
                _send(answers, found)
        except RacecraftError as error:
            _send(answers, error)
        except Exception as error:  # noqa: BLE001  whatever the feed says, the next look is made
            _send(answers, RacecraftError(f"{type(error).__name__}: {error}"))
        else:
            _send(answers, time.process_time() - began)
        gc.collect(YOUNG)
        give_back()


def _send(pipe: IO[bytes], what: object) -> None:
    pickle.dump(what, pipe, pickle.HIGHEST_PROTOCOL)
    pipe.flush()


def _heard(pipe: IO[bytes]) -> Any:
    return pickle.load(pipe)  # noqa: S301  said by this very program


def main() -> None:
    """Answer whoever began this process; what else is written goes nowhere."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it ends with whoever began it
    if hasattr(os, "nice"):
        os.nice(GIVES_WAY)
    gc.disable()
    answers, sys.stdout = sys.stdout.buffer, sys.stderr
    with suppress(BrokenPipeError):
        serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
