"""How often may something be done that takes time, lest it hold up everything else?"""

from __future__ import annotations

import time


class Budget:
    """A share of the time, of which some may be spent ahead.

    Parameters
    ----------
    share
        Of the time that goes by, which may be spent in the long run.
    ahead_s
        Seconds that may be spent before they are earned: what is seldom is done at once.
    """

    def __init__(self, share: float, ahead_s: float) -> None:
        self._share, self._most = share, ahead_s
        self._spare, self._last = ahead_s, time.monotonic()

    @property
    def pause_s(self) -> float:
        """Seconds to wait until there is something to spend again."""
        return max(-self._spare / self._share, 0.0)

    def spend(self, seconds: float) -> None:
        """Take off what was spent, and add what was earned since that was done last.

        >>> budget = Budget(0.1, 1.0)
        >>> budget.spend(0.5), budget.pause_s
        (None, 0.0)
        >>> budget.spend(2.5), round(budget.pause_s)
        (None, 20)
        """
        now = time.monotonic()
        self._spare = min(self._spare + self._share * (now - self._last) - seconds, self._most)
        self._last = now
