"""What the pages of all seasons and of one season show."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any

import polars as pl

from racecraft.analysis.fights.battles import BATTLES, battles
from racecraft.analysis.fights.hardest_fought import hardest_fought
from racecraft.errors import NotEnoughDataError, RacecraftError
from racecraft.model.terms import FORMULA_ONE
from racecraft.show.palette import colours_of
from racecraft.show.web.pages.cars import legible
from racecraft.show.web.pages.page import path_of, race_path, season_path
from racecraft.show.web.pages.race_view import battle_path, with_time
from racecraft.show.web.weighing import moments_or_none
from racecraft.title.standings.ledger import ledgers
from racecraft.title.standings.standings import standings_of

if TYPE_CHECKING:
    from racecraft.model.rulebook.rules import Championship
    from racecraft.model.season import Season
    from racecraft.model.terms import SessionName
    from racecraft.show.web.shelf import Shelf

Rows = list[dict[str, Any]]
Best = tuple[Rows, Rows]  # battles and moments

DRAWN = 12  # drivers whose points are drawn
BEST = 10  # battles and moments of a season
READ_S = 0.2  # after which no further race is read for whoever waits


def seasons_view(shelf: Shelf) -> list[dict[str, Any]]:
    """Every series with its seasons, the newest first, and how much of each is timed."""
    stored = shelf.races()
    found = []
    for series in dict.fromkeys([FORMULA_ONE, *shelf.store.series()]):
        timed = dict(stored.filter(series=series)["season"].value_counts().iter_rows())
        years = sorted(shelf.seasons(series), reverse=True)
        known = [
            {"season": year, "races": timed.get(year, 0), "path": season_path(series, year)}
            for year in years
        ]
        found.append(
            {
                "series": series,
                "timed": [one for one in known if one["races"]],
                "decades": _decades([one for one in known if not one["races"]]),
            }
        )
    return [one for one in found if one["timed"] or one["decades"]]


def calendar_view(shelf: Shelf, series: str, season: int) -> list[dict[str, Any]]:
    """Events of a season: when, where, who won, and of which the timing is stored."""
    found = shelf.season(season, series=series)
    timed = set(shelf.races(season, series=series).select("event", "session").rows())
    won = {
        (event, session): driver
        for event, session, driver in found.results.filter(position=1)
        .select("event", "session", "driver")
        .iter_rows()
    }
    names = names_of(found)
    rows = []
    for row in shelf.events(season, series).sort("round", "date", nulls_last=True).to_dicts():
        event = row["event"]
        sessions = [
            {
                "session": session,
                "timed": (event, session) in timed,
                "path": race_path(series, season, event, session),
                "winner": names.get(won.get((event, session), ""), won.get((event, session), "")),
            }
            for session in ("sprint", "race")
            if session == "race" or (event, session) in timed or (event, session) in won
        ]
        rows.append({**row, "sessions": sessions})
    return rows


def standings_chart(season: Season, kind: Championship = "drivers") -> dict[str, Any]:
    """Points after every round, of those who have most at the end.

    Raises
    ------
    NotEnoughDataError
        There are no results that can be added up.
    """
    books = [each for each in ledgers(season, kind=kind) if each.run]
    by_round = {each.sessions[each.run - 1].round: each for each in books}
    if not by_round:
        raise NotEnoughDataError(f"no results of {season.season} to add up")
    who = "driver" if kind == "drivers" else "team"
    tables = [standings_of(each) for each in by_round.values()]
    drawn = tables[-1][who].head(DRAWN).to_list()
    points = [dict(table.select(who, "points").iter_rows()) for table in tables]
    shades, dashed = _colours(season, drawn, kind)
    names = names_of(season) if kind == "drivers" else {}
    return {
        "x": [0, *by_round],
        "rounds": ["", *(_event_name(season, each.sessions[each.run - 1].event)
                         for each in by_round.values())],
        "series": [
            {
                "car": one,
                "name": names.get(one, one),
                "colour": shades[one],
                "second": one in dashed,
                "values": [0, *(each.get(one, 0.0) for each in points)],
            }
            for one in drawn
        ],
        "kind": kind,
    }  # fmt: skip


def standings_rows(season: Season, kind: Championship = "drivers") -> list[dict[str, Any]]:
    """Standings after the last round with results, with names."""
    last = ledgers(season, kind=kind)[-1]
    names = names_of(season)
    who = "driver" if kind == "drivers" else "team"
    return [
        {**row, "key": row[who], "name": names.get(row[who], row[who])}
        for row in standings_of(last).to_dicts()
    ]


def best_view(
    shelf: Shelf, series: str, season: int, *, within_s: float = READ_S
) -> dict[str, Any]:
    """The hardest-fought battles of a season, and the moments that weighed most.

    Of as many races as are read by then, `read` of `races`; the one begun is read to its end.
    """
    until = monotonic() + within_s
    stored = shelf.races(season, series=series).select("event", "session").rows()
    told: list[Best] = []
    for event, session in stored:
        new = not shelf.answered(_key(series, season, event, session))
        told.append(best_of(shelf, series, season, event, session))
        if new and monotonic() > until:
            break
    fought = sorted((row for each in told for row in each[0]), key=lambda row: -row["heat"])
    turned = sorted((row for each in told for row in each[1]), key=lambda row: -row["weight"])
    return {
        "battles": fought[:BEST],
        "moments": turned[:BEST],
        "read": len(told),
        "races": len(stored),
        "weighed": series == FORMULA_ONE,
    }


def best_of(shelf: Shelf, series: str, season: int, event: str, session: SessionName) -> Best:
    """Battles and moments of a race that a season may be remembered for."""
    return shelf.answer(
        _key(series, season, event, session),
        lambda: _best(shelf, series, season, event, session),
    )


def _key(*race: str | int) -> tuple[str | int, ...]:
    return "best", *race


def _best(shelf: Shelf, series: str, season: int, event: str, session: SessionName) -> Best:
    try:
        race = shelf.race(season, event, session=session, series=series)
        classed = battles(race).select(*BATTLES.key, "class", "class_position")
        some = (
            hardest_fought(race)
            .head(BEST)
            .join(classed, on=BATTLES.key, how="left", maintain_order="left")
        )
    except RacecraftError:
        return [], []
    heavy = moments_or_none(shelf, race).head(BEST).to_dicts()
    about = {"race_name": race.name, "session": race.session, "race_path": path_of(race)}
    fought = [
        {**row, **about, "path": battle_path(race, row["first"], row["second"])}
        for row in some.to_dicts()
    ]
    return fought, [{**with_time(race, row), **about} for row in heavy]


def names_of(season: Season) -> dict[str, str]:
    """Full name of every driver of a season, by code."""
    return {
        row["driver"]: " ".join(filter(None, (row["given_name"], row["family_name"])))
        for row in season.drivers.iter_rows(named=True)
    }


def _decades(years: list[dict[str, Any]]) -> list[tuple[int, list[dict[str, Any]]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for one in years:
        found.setdefault(one["season"] // 10 * 10, []).append(one)
    return list(found.items())


def _event_name(season: Season, event: str) -> str:
    name = season.events.filter(event=event)["name"]
    return str(name[0]).removesuffix(" Grand Prix") if len(name) else event


def _colours(
    season: Season, names: list[str], kind: Championship
) -> tuple[dict[str, tuple[str, str]], set[str]]:
    """Colours by team, and who is the second of his team."""
    who = "driver" if kind == "drivers" else "team"
    last = season.results.drop_nulls("team").unique(who, keep="last", maintain_order=True)
    entries = last.select(pl.col(who).alias("car"), pl.col("team").alias("team"))
    shades = colours_of(names, entries, teams=True)
    seen: set[str] = set()
    dashed = set()
    for name in names:
        if shades[name] in seen:
            dashed.add(name)
        seen.add(shades[name])
    return {name: legible(shade) for name, shade in shades.items()}, dashed
