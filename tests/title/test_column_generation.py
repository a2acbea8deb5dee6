"""Sharing out places at prices, against brute force."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from conftest import examples
from own_seasons import all_seasons
from own_title import extremes, random_books
from racecraft.title.clinch import clinch
from racecraft.title.proof import exact_model, targets
from racecraft.title.proof.column_generation import shared_out
from racecraft.title.proof.pricing import PriceList
from racecraft.title.proof.remaining import best_place, contest, is_ahead, played
from racecraft.title.proof.stock import LAP, Layout
from racecraft.title.proof.targets import needs_of

if TYPE_CHECKING:
    from pathlib import Path

CASES = 2 * examples(150)


@pytest.mark.parametrize("teams", [False, True])
def test_it_agrees_with_brute_force_wherever_it_answers(teams: bool) -> None:
    answers: Counter[bool | None] = Counter()
    for seed in range(CASES):
        books = random_books(np.random.default_rng(20_000 + seed), teams=teams)
        _, worst = extremes(books)
        for i in range(len(books.names)):
            rest = contest(books, i)
            now = is_ahead(books, i)
            chasers = [j for j in rest.rivals if not now[j]]
            for number in range(1, len(chasers) + 1):
                possible, endings = shared_out(rest, chasers, number)
                answers[possible] += 1
                assert possible in (None, worst[i] > number + sum(now)), seed
                if possible:
                    after = is_ahead(played(books, rest.open, endings), i)
                    assert sum(after[j] for j in chasers) >= number, seed
    assert answers[True] > CASES / 2
    assert answers[False] > CASES / 3
    assert answers[None] < 5


def test_every_way_costs_at_least_the_least_price() -> None:
    for seed in range(60):
        rng = np.random.default_rng(seed)
        books = random_books(rng)
        rest = contest(books, 0)
        now = is_ahead(books, 0)
        chasers = [j for j in rest.rivals if not now[j]]
        alikes, _ = needs_of(Layout.of(rest), chasers, "won")
        if not rest.open or not alikes:
            continue
        layout = Layout.of(rest)
        places = [(g, p) for g, group in enumerate(layout.groups) for p in group[0].places]
        every = [*places, *((g, LAP) for g in range(len(layout.groups)))]
        prices = defaultdict(float, {item: float(rng.random()) for item in every})
        for alike in alikes:
            most = min(int(alike.strict[np.isfinite(alike.strict)].max()), layout.total)
            shop = PriceList(layout, prices, most)
            least, way = shop.cheapest(alike)
            ways = shop.all_under(alike, least + 0.5, 10_000)
            assert ways is not None
            if np.isfinite(least):
                assert sum(prices[item] * n for item, n in way.items()) == pytest.approx(least)
                costs = [sum(prices[item] * n for item, n in one.items()) for one in ways]
                assert min(costs) == pytest.approx(least)


def test_the_foot_of_a_large_field(shared: Path) -> None:
    season = all_seasons(shared)[1991]
    secured = [
        clinch(season, after=5, driver="PAT", position=place).secured for place in range(29, 37)
    ]
    assert secured == sorted(secured)
    assert not secured[0]
    assert secured[-1]


HARD = [
    (1973, 3, "Team Lotus", 10, False),
    (1974, 5, "BRM", 15, False),
    (1976, 4, "McLaren", 19, False),
    (2012, 12, "McLaren", 8, True),
]


def test_hard_questions_are_answered_by_prices(
    shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def model(*_: object) -> None:
        pytest.fail("the model of everything takes long here")

    monkeypatch.setattr(exact_model, "solve", model)
    seasons = all_seasons(shared)
    for year, after, team, place, secured in HARD:
        answer = clinch(seasons[year], after=after, team=team, position=place)
        assert answer.secured == secured, (year, team)


def test_a_tie_broken_far_behind_with_the_fastest_lap() -> None:
    books = random_books(np.random.default_rng(5_802))
    rest = contest(books, 0)
    chasers = [i for i in rest.rivals if not is_ahead(books, 0)[i]]
    possible, endings = shared_out(rest, chasers, 1)
    assert possible
    assert any(is_ahead(played(books, rest.open, endings), 0))


def test_long_ties_are_lost_or_won(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(targets, "MOST_TIE_BREAKERS", 0)
    answers: Counter[bool | None] = Counter()
    for seed in range(CASES):
        books = random_books(np.random.default_rng(30_000 + seed), teams=bool(seed % 2))
        _, worst = extremes(books)
        for i in range(len(books.names)):
            rest = contest(books, i)
            now = is_ahead(books, i)
            chasers = [j for j in rest.rivals if not now[j]]
            for number in range(1, len(chasers) + 1):
                possible, _ = shared_out(rest, chasers, number)
                answers[possible] += 1
                assert possible in (None, worst[i] > number + sum(now)), seed
    assert answers[True] > CASES / 2
    assert answers[False] > CASES / 3


def test_nobody_need_come_to_be_ahead_of_less_than_nothing() -> None:
    books = random_books(np.random.default_rng(3))
    last = len(books.names) - 1
    fined = replace(books, adjusted=np.where(np.arange(last + 1) == last, -1_000.0, 0.0))
    assert best_place(contest(fined, last, newcomers=5)) == last + 1
