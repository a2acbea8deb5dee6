"""Paces of the races of a store, fitted once: when a source is added, or when somebody asks."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import polars as pl

from racecraft.errors import RacecraftError
from racecraft.model.terms import FORMULA_ONE

if TYPE_CHECKING:
    from collections.abc import Callable

    from racecraft.model.race import Race
    from racecraft.model.terms import Progress
    from racecraft.store.store import Store

MOST = 60  # races that are fitted when a source is added: two seasons; of more, those asked for


def kept_paces(shelf: Store) -> Callable[[Race], pl.DataFrame]:
    """What gives the ``RACE_PACES`` of a race: those kept in the store, else fitted, and kept."""
    from racecraft.analysis import pace as fitting
    from racecraft.analysis.form.rounds import RACE_PACES, race_paces
    from racecraft.store.answers import keep, kept, mark_of

    def paces_of(race: Race) -> pl.DataFrame:
        mark = mark_of(race, fitting)
        table = kept(shelf.folder, RACE_PACES, mark)
        if table is None:
            table = race_paces(race)
            keep(shelf.folder, RACE_PACES, mark, table)
        return table

    return paces_of


def fit_paces(shelf: Store, added: pl.DataFrame, *, progress: Progress | None = None) -> int:
    """Fit the paces of races of Formula 1 in the seasons that were added to; returns of how many.

    Parameters
    ----------
    added
        ``ADDED``: what a source told. With more than `MOST` races in those seasons none is fitted;
        `form` fits those of a season when it is asked.
    progress
        Called with what is being fitted, and how much of how much is done.
    """
    seasons = added.filter(pl.col("outcome") != "unchanged", series=FORMULA_ONE)["season"]
    stored = shelf.races(series=FORMULA_ONE).filter(pl.col("season").is_in(seasons.implode()))
    rows = stored.select("season", "event", "session").rows()
    if len(rows) > MOST:
        return 0
    known = {year: shelf.load_season(year) for year in {row[0] for row in rows}}
    paces_of = kept_paces(shelf)

    def fit(season: int, event: str, session: str) -> None:
        try:
            paces_of(shelf.race_in(known[season], event, session))
        except RacecraftError:
            return  # whoever asks for it is told why

    with ThreadPoolExecutor() as pool:
        for number, done in enumerate([pool.submit(fit, *row) for row in rows], 1):
            done.result()
            if progress is not None:
                progress("pace", number, len(rows))
    return len(rows)
