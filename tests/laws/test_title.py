"""What is true of every championship."""

from __future__ import annotations

from functools import cache

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from racecraft.sources.sample.sample import sample_season
from racecraft.title.proof.bounds import passed_by
from racecraft.title.proof.remaining import Ending, contest, nothing_but_wins, played
from racecraft.title.standings.ledger import Ledger, ledgers
from racecraft.title.standings.ranking import places, totals


@cache
def history() -> list[Ledger]:
    """Books of the championship of 2023 after each race and sprint."""
    return ledgers(sample_season())


@st.composite
def completions(draw: st.DrawFn, books: Ledger) -> list[Ending]:
    """One way in which what is left may end."""
    chance = np.random.default_rng(draw(st.integers(0, 10**9)))
    endings = []
    for i, one in enumerate(books.left):
        finished = chance.permutation(len(books.names))[: chance.integers(0, len(books.names) + 1)]
        in_time = finished[: one.lap_within or 0].tolist()
        lap = int(chance.choice(in_time)) if one.lap_points and in_time else -1
        placed = {place + 1: int(who) for place, who in enumerate(finished)}
        endings.append(Ending(at=books.run + i, places=placed, fastest_lap=lap))
    return endings


@settings(max_examples=60)
@given(st.data())
def test_who_has_secured_a_place_has_it_in_every_completion(data: st.DataObject) -> None:
    books = data.draw(st.sampled_from(history()[12:]))
    endings = data.draw(completions(books))
    final = played(books, contest(books, 0).open, endings).places
    who = data.draw(st.integers(0, len(books.names) - 1))
    rest = contest(books, who)
    place = int(final[who])
    assert place >= played(books, rest.open, nothing_but_wins(rest, who)).places[who]
    if place > 1:  # somebody was ahead of him, so it was possible
        assert passed_by(rest, place - 1).possible


@given(st.data())
def test_places_are_one_for_each_but_for_ties(data: st.DataObject) -> None:
    runs, entrants = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 6))
    chance = np.random.default_rng(data.draw(st.integers(0, 10**9)))
    points = chance.integers(0, 3, (runs, entrants)).astype(float)
    counts = chance.integers(0, 2, (runs, entrants, 2))
    found = places(points, counts)
    for run in range(runs):
        keys = [(points[run, i], *counts[run, i]) for i in range(entrants)]
        assert found[run].tolist() == [1 + sum(other > key for other in keys) for key in keys]


@given(st.data())
def test_dropping_results_never_adds_points(data: st.DataObject) -> None:
    chance = np.random.default_rng(data.draw(st.integers(0, 10**9)))
    scores = chance.integers(0, 10, (3, 8)).astype(float)
    part = sorted(chance.integers(0, 2, 8).tolist())
    fewer = totals(scores, part, best=[2, 3])
    assert (fewer <= totals(scores, part, best=[3, 3])).all()
    assert (totals(scores, part, best=[8, 8]) == scores.sum(axis=-1)).all()
