"""The analyses in a process of their own find what they find here, and no view dies with it."""

from __future__ import annotations

import os
import signal
import time

import pytest

from own_streams import own_session
from racecraft.errors import RacecraftError, UnreachableError
from racecraft.live.apart import LIVES, Apart
from racecraft.live.budget import Budget
from racecraft.live.follower import Follower
from racecraft.sources.livetiming import archive


def of_a_short_race(*, apart: bool) -> Follower:
    follower = Follower(apart=apart)
    for message in archive.messages_of(own_session().files()):
        follower.take(message)
    return follower


def test_what_is_found_apart_is_what_is_found_here() -> None:
    here = of_a_short_race(apart=False)
    with of_a_short_race(apart=True) as follower:
        told = [one.line() for one in follower.look()]
        assert told == [one.line() for one in here.look()] != []
        assert follower.watch.chances == here.watch.chances != []
        assert follower.watch.moments is not None
        assert follower.watch.moments.equals(here.watch.moments)
        apart = follower._analyst
        assert isinstance(apart, Apart)
        with pytest.raises(RacecraftError, match="AttributeError"):
            list(apart.look(None))  # type: ignore[arg-type]
        assert follower.look() == []  # the process goes on, and nothing is news
        assert not apart.lost
    assert apart.pid is None


def test_a_process_that_dies_is_followed_by_another_and_at_last_by_none() -> None:
    with of_a_short_race(apart=True) as follower:
        for died in range(1, LIVES + 1):
            apart = follower._analysts()
            assert isinstance(apart, Apart)
            apart._pipes()
            assert apart.pid is not None
            os.kill(apart.pid, signal.SIGKILL)
            with pytest.raises(UnreachableError, match="ended"):
                follower.look()
            assert apart.lost is (died == LIVES)
        assert follower.look() != []
        assert not isinstance(follower._analyst, Apart)


def test_a_share_of_the_time_is_not_exceeded_for_long() -> None:
    budget = Budget(0.5, 0.02)
    began, spent = time.monotonic(), 0.0
    while time.monotonic() - began < 0.3:
        time.sleep(budget.pause_s)
        budget.spend(0.01)
        spent += 0.01
    assert spent <= 0.5 * (time.monotonic() - began) + 0.03
