"""The words that mean one thing in every room."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, get_args

Progress = Callable[[str, int, int], None]  # what is being done, how much is done, and of how much

FORMULA_ONE = "f1"  # the series that is meant where none is named
SERIES = {FORMULA_ONE: "Formula 1", "f2": "Formula 2", "f3": "Formula 3", "fe": "Formula E",
          "formula-2": "Formula 2", "formula-3": "Formula 3", "formula-e": "Formula E",
          "indycar": "IndyCar", "imsa": "IMSA", "wec": "WEC", "elms": "ELMS", "dtm": "DTM",
          "nascar": "NASCAR"}  # fmt: skip

SessionName = Literal["race", "sprint"]
SESSIONS: tuple[SessionName, ...] = get_args(SessionName)

THE_LINE = "Line"  # the start/finish line; sector ends are S1 and S2, mini-sectors S1.1, S1.2, ...

# What race control declares. Where two hold at once the later in this list wins.
State = Literal["yellow", "VSC", "FCY", "SC", "red"]
STATES: tuple[State, ...] = get_args(State)
NEUTRALISED: tuple[State, ...] = ("VSC", "FCY", "SC", "red")

# How a crossing's time is known: timed at the line; exact relative to other cars from official
# gaps; or from the clock of a message, late by some tenths of a second.
Basis = Literal["timed", "gap", "clock"]
BASES: tuple[Basis, ...] = get_args(Basis)

# Why a change of position came about.
Kind = Literal[
    "on_track", "start", "pit", "neutralised", "order_reset", "trouble", "retirement",
    "classification",
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)
LAPPING = "lapping"  # listed only when asked for: between cars on different laps nothing changes

COMPOUNDS = ("hypersoft", "ultrasoft", "supersoft", "soft", "medium", "hard", "superhard",
             "intermediate", "wet")  # fmt: skip
WET_COMPOUNDS = ("intermediate", "wet")


def series_name(series: str) -> str:
    """What people call a series; a league that is nobody else's keeps the name it was given.

    >>> series_name("f1"), series_name("indycar"), series_name("my-league")
    ('Formula 1', 'IndyCar', 'my-league')
    """
    return SERIES.get(series, series)
