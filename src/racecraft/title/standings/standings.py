"""The standings of a championship, added up from the results by the rulebook."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import polars as pl

from racecraft.model.season import DRIVER
from racecraft.model.table import Column, Table
from racecraft.title.standings.doubts import doubts_about_points, sentences
from racecraft.title.standings.ledger import ledger

if TYPE_CHECKING:
    from racecraft.model.rulebook.rules import Championship
    from racecraft.model.season import Season
    from racecraft.title.standings.ledger import Ledger

_COLUMNS = (
    Column("position", pl.Int16, "place; shared where nothing breaks a tie, null if excluded"),
    Column("points", pl.Float64, "points that count"),
    Column("scored", pl.Float64, "points of all results, dropped ones too"),
    Column("wins", pl.Int16, "races won"),
    Column("doubt", pl.String, "why the place is shared, or what of the points is not sure"),
)
STANDINGS = Table("standings", key=("driver",), columns=(_COLUMNS[0], DRIVER, *_COLUMNS[1:]))
TEAM_STANDINGS = Table(
    "team_standings",
    key=("team",),
    columns=(_COLUMNS[0], Column("team", pl.String, "team as entered"), *_COLUMNS[1:]),
)


def standings(
    season: Season, *, after: int | str | None = None, kind: Championship = "drivers"
) -> pl.DataFrame:
    """Standings after a race or sprint, added up from the results by the season's rulebook.

    Parameters
    ----------
    season
        Needs ``events``, ``drivers`` and ``results``; a table of standings is never read.
    after
        ``17`` after the race of that round, ``"17:sprint"`` after its sprint; an event by name
        instead of its round. Left out, after the last session with results.
    kind
        ``drivers`` or ``constructors``.

    Returns
    -------
    DataFrame
        ``STANDINGS``, or ``TEAM_STANDINGS`` for constructors: first place first.

    Raises
    ------
    RuleError
        No rulebook covers the season, or it had no constructors' championship.
    NotFoundError
        There is no such round or sprint in the calendar.
    NotEnoughDataError
        The season has not begun, the session is yet to come, or results are missing in between.
    ArgumentError
        `after` or `kind` is none.

    Notes
    -----
    Points that count are the best results of each part of the season, as many as the rulebook
    says. A tie is broken by the number of first places in races, then of second places, and so on.

    References
    ----------
    FIA Formula One Sporting Regulations, Articles 6.4 (points) and 7.2 (dead heat), and those
    before them: `racecraft.model.rulebook.years`.

    Examples
    --------
    >>> from racecraft.sources.sample.sample import sample_season
    >>> standings(sample_season(), after=20)["position", "driver", "points"].rows()[:3]
    [(1, 'VER', 524.0), (2, 'PER', 258.0), (3, 'HAM', 226.0)]
    """
    books = ledger(season, after=after, kind=kind)
    table = standings_of(books)
    run = [(one.event, one.session) for one in books.sessions[: books.run]]
    doubts = doubts_about_points(season, run).filter(pl.col("who").is_not_null())
    if kind != "drivers" or doubts.is_empty():
        return table
    by_driver = {
        who: "; ".join(sentences(season, own))
        for (who,), own in doubts.partition_by("who", as_dict=True, maintain_order=True).items()
    }
    of_points = pl.col("driver").replace_strict(by_driver, default=None, return_dtype=pl.String)
    return STANDINGS.check(
        table.with_columns(
            doubt=pl.concat_str("doubt", of_points, separator="; ", ignore_nulls=True)
        ).with_columns(doubt=pl.when(pl.col("doubt") != "").then("doubt"))
    )


def standings_of(books: Ledger) -> pl.DataFrame:
    """Standings of a championship on its books; see `standings`."""
    return (STANDINGS if books.kind == "drivers" else TEAM_STANDINGS).rows(places_of(books))


def places_of(books: Ledger) -> list[dict[str, Any]]:
    """Rows of `standings_of`, for where there are very many of them."""
    places = books.places.tolist()
    shared = Counter(places)
    total, scored, wins = books.totals.tolist(), books.scores.sum(axis=1).tolist(), books.wins
    name = "driver" if books.kind == "drivers" else "team"
    rows = []
    for i in sorted(range(len(places)), key=places.__getitem__):
        tie = None
        if books.excluded[i]:
            tie = "excluded from the championship"
        elif shared[places[i]] > 1:
            tie = "equal on points and countback: nothing breaks the tie"
        rows.append(
            {
                "position": None if books.excluded[i] else places[i],
                name: books.names[i],
                "points": round(total[i], 6),
                "scored": round(scored[i], 6),
                "wins": int(wins[i]),
                "doubt": tie,
            }
        )
    return rows
