"""Where an answer goes: a full disk, a closed pipe, a path that cannot be, a hand on Ctrl-C."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

RACE = (sys.executable, "-m", "racecraft")


def typed(
    *arguments: str, redirect: str = "", timeout: float = 60
) -> subprocess.CompletedProcess[str]:
    command = ["/bin/sh", "-c", f'"$@" {redirect}', "sh", *RACE, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)


def assert_one_line(done: subprocess.CompletedProcess[str], status: int = 1) -> None:
    lines = done.stderr.splitlines()
    assert done.returncode == status, done.stderr
    assert lines[0].startswith("error: ")
    assert len(lines) <= 2
    assert max(map(len, lines)) < 1000


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.parametrize("arguments", [("order", "2023", "brazil"), ("--help",), ("data", "list")])
def test_a_full_standard_output_is_one_error(arguments: tuple[str, ...]) -> None:
    assert_one_line(typed(*arguments, redirect="> /dev/full"))


def test_a_closed_standard_output_is_one_error() -> None:
    assert_one_line(typed("order", "2023", "brazil", redirect=">&-"))


@pytest.mark.parametrize(
    "arguments",
    [
        ("order", "2023", "brazil", "-o", "a" * 5000),
        ("order", "2023", "brazil", "-o", "/no/such/folder/x.csv"),
        ("order", "2023", "brazil", "--store", "a" * 5000),
        ("order", "9" * 400, "brazil"),
        ("order", "2023", "9" * 400),
        ("order", "2023", "\x1b]0;owned\x07"),
        ("data", "add", "laps", "a" * 5000, "--season", "2023"),
        ("data", "add", "livetiming", "a" * 5000),
        ("data", "remove", "99999"),
        ("search", "(" * 3000 + "lap" + ")" * 3000),
        ("check", "a" * 5000),
    ],
)
def test_what_cannot_be_is_one_error(arguments: tuple[str, ...]) -> None:
    done = typed(*arguments)
    assert_one_line(done)
    assert "\x1b" not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_ctrl_c_stops_a_query_at_once() -> None:
    endless = "select count(*) from range(10000000000) a, range(1000000) b"
    with subprocess.Popen([*RACE, "sql", endless], stderr=subprocess.PIPE, text=True) as process:
        time.sleep(3)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=20)
    assert process.returncode == 130
    assert told == "stopped\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("drivers", "checo"), "a year is meant, such as 2023"),
        (("odds", "2023", "--runs", "many"), "a whole number is meant"),
        (("search", "battles", "--driver", "HAM", "--driver=VER"), "--driver is given twice"),
        (
            ("order", "2023", "mexico", "70"),
            "no place for 70; it takes SEASON EVENT, and options such as --lap",
        ),
        (("race", "2023", "brazil", "--session", "q"), "'--session': 'q' is not one of"),
    ],
)
def test_wrong_usage_is_told_in_plain_words(
    arguments: tuple[str, ...],
    told: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from racecraft.cli.main import main

    monkeypatch.setattr(sys, "argv", ["racecraft", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert told in capsys.readouterr().err
