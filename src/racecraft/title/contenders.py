"""Who can still win the championship, and what is enough for each of them at the next event?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from racecraft.model.table import Column, Table
from racecraft.title.clinch import Clinch, clinch
from racecraft.title.next.by_places import enough, enough_words
from racecraft.title.standings.calendar import calendar
from racecraft.title.standings.standings import standings
from racecraft.title.words import NAME, Names

if TYPE_CHECKING:
    from racecraft.model.rulebook.rules import Championship
    from racecraft.model.season import Season
    from racecraft.title.next.stakes import Next

WITH_LAP = "With the point for the fastest lap, less may be enough."
MOST_TOLD = 5  # contenders; of more, the next event decides nothing that a sentence can say

CONTENDERS = Table(
    "contenders",
    key=("name",),
    columns=(
        Column("position", pl.Int16, "place in the standings"),
        NAME,
        Column("points", pl.Float64, "points that count"),
        Column("behind", pl.Float64, "points behind the leader"),
        Column("has_won", pl.Boolean, "the title is his, proven"),
        Column("next", pl.String, "what the next event can do for him, in a sentence; null where "
               "too many can still win"),
    ),
)  # fmt: skip


def contenders(
    season: Season, *, after: int | str | None = None, kind: Championship = "drivers"
) -> pl.DataFrame:
    """Everybody who can still win the title, and what is enough for each at the next event.

    Parameters
    ----------
    season, after, kind
        As in `racecraft.title.clinch.clinch`, which proves each row.

    Returns
    -------
    DataFrame
        ``CONTENDERS``, in order of the standings.

    Raises
    ------
    NotFoundError, RuleError, NotEnoughDataError
        As in `clinch`.

    Examples
    --------
    >>> from racecraft.sources.sample.sample import sample_season
    >>> contenders(sample_season(), after="17:sprint")["has_won"].to_list()
    [True]
    """
    table = standings(season, after=after, kind=kind)
    who = "driver" if kind == "drivers" else "team"
    found = []
    for row in table.iter_rows(named=True):
        answer = _asked(season, row[who], after, kind, look_ahead=False)
        if answer.possible:
            found.append(answer)
        elif row["points"] + answer.points_available < table["points"][0]:
            break  # nobody below has more points
    names = Names.of(season, kind)
    told = len(found) <= MOST_TOLD
    return CONTENDERS.rows(
        [
            {
                "position": one.place,
                "name": one.name,
                "points": one.points,
                "behind": found[0].points - one.points,
                "has_won": one.secured,
                "next": _next(season, one, names, after) if told else None,
            }
            for one in found
        ]
    )


def _next(season: Season, answer: Clinch, names: Names, after: int | str | None) -> str | None:
    if answer.secured:
        return answer.sentence
    whole = _asked(season, answer.name, after, answer.kind)
    upcoming = whole.next
    clause = "" if upcoming is None else _by_places(upcoming, names)
    if upcoming is None or not clause:
        return whole.sentence
    who = names.short(answer.name)
    said = f"{who} wins the title in the {upcoming.event} by finishing {clause}."
    return f"{said} {WITH_LAP}" if _lap_scores(season, upcoming) else said


def _lap_scores(season: Season, upcoming: Next) -> bool:
    """Whether the fastest lap of the next event scores, which places alone do not tell of."""
    there = [one for one in calendar(season) if one.round == upcoming.round]
    return any(one.lap_points for one in there)


def _by_places(upcoming: Next, names: Names) -> str:
    """What places are enough for, where one race decides it; nothing where places do not say."""
    cells = upcoming.cells
    if not upcoming.can_secure or cells.is_empty() or cells["session"].n_unique() > 1:
        return ""
    return enough_words(enough(cells), names)


def _asked(
    season: Season,
    name: str,
    after: int | str | None,
    kind: Championship,
    *,
    look_ahead: bool = True,
) -> Clinch:
    driver, team = (name, None) if kind == "drivers" else (None, name)
    return clinch(season, after=after, driver=driver, team=team, look_ahead=look_ahead)
