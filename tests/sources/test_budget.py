from __future__ import annotations

import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from racecraft.errors import UnreachableError
from racecraft.sources.http.budget import Budget

if TYPE_CHECKING:
    from pathlib import Path


def test_a_burst_waits_a_little(tmp_path: Path) -> None:
    budget = Budget(tmp_path / "calls.sqlite", "jolpica", ((2, 0.2), (100, 3600)))
    begin = time.monotonic()
    for _ in range(5):
        budget.spend()
    assert 0.4 <= time.monotonic() - begin < 5


def test_used_up_says_when_to_come_back(tmp_path: Path) -> None:
    budget = Budget(tmp_path / "calls.sqlite", "jolpica", ((50, 1), (3, 3600)))
    for _ in range(3):
        budget.spend()
    with pytest.raises(UnreachableError) as caught:
        budget.spend()
    message = caught.value.message
    assert "jolpica allows 3 calls in 60 minutes, and they are used up" in message
    assert "in 60 minutes" in message


def test_old_calls_are_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    budget = Budget(tmp_path / "calls.sqlite", "jolpica", ((3, 3600),))
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)
    for _ in range(3):
        budget.spend()
    monkeypatch.setattr(time, "time", lambda: now + 3601)
    for _ in range(3):
        budget.spend()
    with pytest.raises(UnreachableError):
        budget.spend()


def test_processes_share_it(tmp_path: Path) -> None:
    path = tmp_path / "calls.sqlite"
    program = (
        "import sys, pathlib\n"
        "from racecraft.errors import UnreachableError\n"
        "from racecraft.sources.http.budget import Budget\n"
        "budget = Budget(pathlib.Path(sys.argv[1]), 'jolpica', ((30, 3600),))\n"
        "calls = 0\n"
        "try:\n"
        "    while True:\n"
        "        budget.spend()\n"
        "        calls += 1\n"
        "except UnreachableError:\n"
        "    print(calls)\n"
    )
    workers = [
        subprocess.Popen([sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE)
        for _ in range(3)
    ]
    assert sum(int(worker.communicate()[0]) for worker in workers) == 30


def test_a_book_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "calls.sqlite"
    path.write_text("this is no database, and far longer than nothing")
    with pytest.raises(UnreachableError, match="cannot be counted"):
        Budget(path, "jolpica", ((3, 3600),)).spend()
