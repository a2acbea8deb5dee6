"""How many calls a source allows, counted together by every process on this machine."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from racecraft.errors import UnreachableError
from racecraft.sources.http.client import PATIENCE_S, come_back

if TYPE_CHECKING:
    from pathlib import Path

BUSY_S = 30.0  # to wait for another process that is counting


@dataclass(frozen=True)
class Budget:
    """Calls that a source allows.

    Parameters
    ----------
    path
        File in which calls are counted; who shares it shares the budget.
    source
        Name of the source, for errors.
    limits
        Calls, and the seconds in which no more than those are allowed.
    """

    path: Path
    source: str
    limits: tuple[tuple[int, float], ...]

    def spend(self) -> None:
        """Count one call, after a pause if it must wait a little.

        Raises
        ------
        UnreachableError
            It would have to wait for long; says until when.
        """
        while wait_s := self._wait():
            if wait_s > PATIENCE_S:
                calls, window_s = self.limits[-1]
                why = f"allows {calls} calls in {window_s / 60:.0f} minutes, and they are used up"
                raise come_back(self.source, why, wait_s)
            time.sleep(wait_s)

    def _wait(self) -> float:
        """Seconds until a call is allowed; if it is now, it is counted."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with closing(sqlite3.connect(self.path, timeout=BUSY_S, isolation_level=None)) as book:
                book.execute("PRAGMA busy_timeout = 30000")
                book.execute("BEGIN IMMEDIATE")
                book.execute("CREATE TABLE IF NOT EXISTS calls (at REAL NOT NULL)")
                now = time.time()
                oldest = now - max(window_s for _, window_s in self.limits)
                book.execute("DELETE FROM calls WHERE at <= ? OR at > ?", (oldest, now + 1))
                wait_s = max(self._until(book, now, *limit) for limit in self.limits)
                if not wait_s:
                    book.execute("INSERT INTO calls VALUES (?)", (now,))
                book.execute("COMMIT")
                return wait_s
        except sqlite3.Error as error:
            raise UnreachableError(
                f"calls to {self.source} cannot be counted: {error}",
                hint=f"delete {self.path}",
                path=str(self.path),
            ) from error

    @staticmethod
    def _until(book: sqlite3.Connection, now: float, calls: int, window_s: float) -> float:
        """Seconds until fewer than so many calls lie within the window."""
        nth_last = book.execute(
            "SELECT at FROM calls ORDER BY at DESC LIMIT 1 OFFSET ?", (calls - 1,)
        ).fetchone()
        return max(0.0, nth_last[0] + window_s - now) if nth_last else 0.0
