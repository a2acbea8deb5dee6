"""Exact answers about championships: against brute force, and how long they take.

Seconds are those of the processor, so that what else the machine does is not counted.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
from harness import Mark, shared, show

import racecraft as rc
from racecraft.sources.ergast import dump
from racecraft.title.proof.bounds import passed_by
from racecraft.title.proof.remaining import contest, nothing_but_wins, played
from racecraft.title.standings.ledger import ledgers

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from own_title import extremes, random_books

CASES = 10_000
TEAM_CASES = 2_000
QUESTIONS = 12  # of each championship, anywhere
EDGES = 8  # of each championship: drivers or teams, up to the first place that is not secured


def main() -> list[Mark]:
    marks = [_brute_force()]
    folder = shared()
    if folder is None:
        print("no seasons here: neither $RACECRAFT_SHARED nor ../shared")
        return marks
    seasons, _ = dump.parse(dump.fetch(folder / "data" / "ergast"))
    whole, single, slowest = [], [], ""
    for season in seasons:
        for kind in ("drivers", "constructors"):
            if kind == "constructors" and season.constructor_standings.is_empty():
                continue
            began = time.process_time()
            rc.clinch_when(season, kind=kind)
            whole.append(time.process_time() - began)
            for seconds, question in _asked(season, kind):
                if not single or seconds > max(single):
                    slowest = question
                single.append(seconds)
    late = sum(seconds > 1 for seconds in single)
    return [
        *marks,
        Mark("when every place was secured", tuple(whole), limit=10, note="one season"),
        Mark("slowest season", (max(whole),), limit=10),
        Mark("one question", tuple(single), limit=1, note=f"{late} of {len(single):,} over 1 s"),
        Mark("slowest question", (max(single),), limit=1, note=slowest),
    ]


def _brute_force() -> Mark:
    """Every place of every entrant of random championships against all their completions."""
    wrong = 0
    for seed in range(CASES + TEAM_CASES):
        books = random_books(np.random.default_rng(seed), teams=seed >= CASES)
        best, worst = extremes(books)
        for i in range(len(books.names)):
            rest = contest(books, i)
            reached = played(books, rest.open, nothing_but_wins(rest, i)).places[i]
            wrong += int(reached != best[i])
            for number in range(1, len(books.names)):
                wrong += passed_by(rest, number).possible != (worst[i] > number)
    return Mark(
        "answers unlike brute force",
        (float(wrong),),
        unit="",
        limit=0,
        note=f"{CASES:,} cases, and {TEAM_CASES:,} of teams",
    )


def _asked(season: rc.Season, kind: str) -> list[tuple[float, str]]:
    """Some questions that one may ask of a season, and how long each took.

    Any at all; and those by which one finds the best place that somebody has secured, halving the
    field each time: next to it the bounds leave most open, more so at the foot of a large field.
    """
    chance = np.random.default_rng(season.season)
    every = [
        (books.sessions[books.run - 1], name, len(books.names))
        for books in ledgers(season, kind=kind)
        for name in books.names
    ]
    took = []

    def secured(number: int, place: int) -> bool:
        session, name, _ = every[number]
        after = f"{session.round}:{session.session}"
        who = {"driver": name} if kind == "drivers" else {"team": name}
        began = time.process_time()
        answer = rc.clinch(season, after=after, position=place, **who)
        seconds = time.process_time() - began
        took.append((seconds, f"{season.season} after {after}: {name}, place {place}"))
        return answer.secured

    for number in chance.integers(0, len(every), QUESTIONS):
        secured(int(number), int(chance.integers(1, every[number][2] + 1)))
    for number in chance.integers(0, len(every), EDGES):
        above, place = 0, every[number][2]
        while place - above > 1:
            half = (above + place) // 2
            if secured(int(number), half):
                place = half
            else:
                above = half
    return took


if __name__ == "__main__":
    sys.exit(show(main()))
