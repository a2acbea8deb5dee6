"""Small random championships, and every way in which they can end."""

from __future__ import annotations

from itertools import permutations, product

import numpy as np

from racecraft.title.standings.calendar import Session
from racecraft.title.standings.ledger import Ledger

TEAMS, CARS = 3, 2


def random_books(rng: np.random.Generator, *, teams: bool = False) -> Ledger:
    """Books of two to four entrants with up to three sessions to come; or of three teams."""
    entrants = int(rng.choice([2, 3, 4], p=[0.2, 0.5, 0.3]))
    left = int(rng.integers(0, 4 if entrants < 4 else 3))
    run = int(rng.integers(0, 4))
    best_car_only = entrants == 2 and bool(rng.random() < 0.2)
    cars = 2 if entrants == 2 and (best_car_only or rng.random() < 0.3) else 1
    scale = [(3, 2, 1), (9, 6, 4, 3), (2, 1), (4, 3, 3), (25, 18), (1.5, 1, 0.5)][rng.integers(6)]
    drops = rng.random() < 0.3
    lap = float(rng.random() < 0.4) if cars == 1 else 0.0
    within = int(rng.integers(1, 4)) if rng.random() < 0.7 and not drops else None
    if teams:
        entrants, cars, best_car_only = TEAMS, CARS, bool(rng.random() < 0.5)
        drops = drops and best_car_only
        lap = 0.0 if best_car_only else lap
        left = min(left, 1 if lap else 2)
    parts = sorted(rng.integers(0, 2, run + left).tolist()) if drops else [0] * (run + left)
    sessions = []
    for at in range(run + left):
        sprint = rng.random() < 0.25
        sessions.append(
            Session(
                round=at + 1,
                event=f"e{at}",
                name=f"E{at}",
                session="sprint" if sprint else "race",
                points=(2.0, 1.0) if sprint else tuple(float(p) for p in scale),
                lap_points=0.0 if sprint else lap,
                lap_within=within,
                part=parts[at],
                countback=not sprint,
            )
        )
    scores = np.zeros((entrants, run + left))
    counts = np.zeros((entrants, TEAMS * CARS if teams else 5), dtype=np.int64)
    for at in range(run):
        cars_of = rng.permutation(np.repeat(np.arange(entrants), cars))
        finished = cars_of[: rng.integers(0, len(cars_of) + 1)]
        _add(scores, counts, sessions[at], at, finished.tolist(), -1, best_car_only)
    return Ledger(
        season=2000,
        kind="constructors" if cars > 1 else "drivers",
        names=tuple("ABCD"[:entrants]),
        sessions=tuple(sessions),
        run=run,
        scores=scores,
        counts=counts,
        adjusted=np.where(rng.random(entrants) < 0.1, -2.0, 0.0),
        excluded=(False,) * entrants,
        best=tuple(int(rng.integers(1, 4)) for _ in range(2)) if drops else (run + left,),
        breaks=int(rng.integers(0, 4)) if rng.random() < 0.3 else counts.shape[1],
        best_car_only=best_car_only,
        cars=cars,
    )


def extremes(books: Ledger) -> tuple[list[int], list[int]]:
    """Best and worst place of every entrant over all completions, shared places included."""
    scores, counts = books.scores[None], books.counts[None]
    for at in range(books.run, len(books.sessions)):
        gained, placed = _effects(books, at)
        scores = (scores[:, None] + gained[None]).reshape(-1, *books.scores.shape)
        counts = (counts[:, None] + placed[None]).reshape(-1, *books.counts.shape)
    totals = np.zeros(scores.shape[:2]) + books.adjusted
    for part, keep in enumerate(books.best):
        own = [at for at, one in enumerate(books.sessions) if one.part == part]
        totals += np.sort(scores[..., own], axis=-1)[..., ::-1][..., :keep].sum(axis=-1)
    totals = np.round(totals, 6)
    beyond = (np.arange(counts.shape[2]) >= books.breaks) & (totals > 0)[..., None]
    digits = 100 ** np.arange(counts.shape[2])[::-1]
    tie_break = np.where(beyond, 0, counts) @ digits
    mine, theirs = totals[:, :, None], totals[:, None, :]
    ahead = (theirs > mine) | ((theirs == mine) & (tie_break[:, None, :] > tie_break[:, :, None]))
    places = 1 + ahead.sum(axis=-1)
    return places.min(axis=0).tolist(), places.max(axis=0).tolist()


def _effects(books: Ledger, at: int) -> tuple[np.ndarray, np.ndarray]:
    """What each outcome of a session adds to the scores and the counts."""
    every = {}
    for finished, lap in _outcomes(len(books.names), books.cars, books.sessions[at]):
        scores, counts = np.zeros_like(books.scores), np.zeros_like(books.counts)
        _add(scores, counts, books.sessions[at], at, finished, lap, books.best_car_only)
        every.setdefault(scores.tobytes() + counts.tobytes(), (scores, counts))
    return np.array([s for s, _ in every.values()]), np.array([c for _, c in every.values()])


def _outcomes(entrants: int, cars: int, session: Session) -> list[tuple[tuple[int, ...], int]]:
    """Every order of finish of any number of cars, and who has the fastest lap."""
    every = []
    grid = [i for i in range(entrants) for _ in range(cars)]
    orders = {order for n in range(len(grid) + 1) for order in permutations(grid, n)}
    for order in orders:
        laps = [-1]
        if session.lap_points:
            within = session.lap_within
            laps += range(entrants) if within is None else sorted(set(order[:within]))
        every += product([order], laps)
    return every


def _add(
    scores: np.ndarray,
    counts: np.ndarray,
    session: Session,
    at: int,
    finished: list[int] | tuple[int, ...],
    lap: int,
    best_car_only: bool,
) -> None:
    for place, who in enumerate(finished):
        value = session.points[place] if place < len(session.points) else 0.0
        scores[who, at] = max(scores[who, at], value) if best_car_only else scores[who, at] + value
        if session.countback:
            counts[who, place] += 1
    if lap >= 0:
        scores[lap, at] += session.lap_points
