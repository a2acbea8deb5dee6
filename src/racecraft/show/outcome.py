"""The outcome of a race, as text and as JSON."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl

from racecraft.analysis.outcome import AWAY, OUT
from racecraft.errors import RacecraftError
from racecraft.model.clock import clock
from racecraft.model.terms import FORMULA_ONE, series_name
from racecraft.show.moments import opening
from racecraft.show.text import doubts_text, plural, table_text, wrapped
from racecraft.sim.moments.moments import MOMENTS
from racecraft.title.standings.standings import standings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from racecraft.analysis.outcome import Outcome
    from racecraft.model.season import Season
    from racecraft.show.page import Page

ROOM_FOR_NAMES = 76  # columns; on a narrower page the codes must do
LEADERS = 5  # drivers of the standings who are named with a season
MOVED = 3  # drivers named who gained most, and who lost most
NO_PLACE = {"D": "disqualified", "E": "excluded", "N": "not classified"}


def outcome_text(
    told: Outcome,
    page: Page,
    *,
    standings: str = "",
    doubts: Sequence[str] = (),
    timing: str = "",
    moments: pl.DataFrame | None = None,
) -> str:
    """A race told by its result: what decided it, who finished, gained and fell out, and why.

    Parameters
    ----------
    told
        The outcome.
    page
        What it is written on.
    standings
        What the race did to the championship.
    doubts
        What is not sure of the result.
    timing
        That its timing is not stored, and how to get it.
    moments
        ``MOMENTS``, as far as the result tells of them.
    """
    parts = [
        f"{page.style(_title(told), 'heading')}\n{page.style(_facts(told), 'dim')}",
        opening(moments, page) if moments is not None else "",
        _result(told, page),
        "\n".join(wrapped(line, page) for line in outcome_lines(told)),
        wrapped(f"Championship: {standings}", page) if standings else "",
        doubts_text(doubts, page),
        page.style(wrapped(timing, page), "dim"),
    ]
    return "\n\n".join(part for part in parts if part)


def outcome_lines(told: Outcome) -> list[str]:
    """Who gained, who fell out and why, who was not there, and penalties, in sentences."""
    told = _by_name(told)
    lines = [_gained(told), *_retired(told), _not_there(told), *_penalties(told), _shared(told)]
    return [line for line in lines if line]


def outcome_object(
    told: Outcome,
    *,
    standings: str = "",
    doubts: Sequence[str] = (),
    timing: str = "",
    moments: pl.DataFrame | None = None,
) -> dict[str, Any]:
    """A race told by its result, as one object."""
    event = told.event
    pole = None
    if told.pole is not None:
        seconds = None if told.pole[1] is None else told.pole[1].total_seconds()
        pole = {"driver": told.pole[0], "time_s": seconds}
    return {
        "season": told.season.season,
        "round": event["round"],
        "name": event["name"],
        "event": event["event"],
        "session": told.session,
        "date": event["date"],
        "circuit": event["circuit"],
        "locality": event["locality"],
        "country": event["country"],
        "laps": event["laps"] if told.session == "race" else event["sprint_laps"],
        "source": told.season.source,
        "moments": moments if moments is not None else MOMENTS.empty(),
        "result": told.result,
        "pole": pole,
        "standings": standings or None,
        "timing": None,
        "timing_note": timing or None,
        "doubts": list(doubts),
    }


def season_text(season: Season, page: Page) -> str:
    """A season: how far it is, who leads or won it, and its races with their winners."""
    series = "" if season.series == FORMULA_ONE else f"{series_name(season.series)} "
    parts = [
        page.style(f"{series}{season.season} season", "heading"),
        "\n".join(wrapped(line, page) for line in _season_facts(season)),
        table_text(season_table(season), page),
    ]
    return "\n\n".join(filter(None, parts))


def season_object(season: Season) -> dict[str, Any]:
    """A season as one object: its races, and the standings as far as it was run."""
    return {
        "season": season.season,
        "facts": _season_facts(season),
        "races": season_table(season),
        "standings": _standings(season),
    }


def _season_facts(season: Season) -> list[str]:
    """How many races were run, who won most of them, and how the championship stands."""
    run = season.results.filter(session="race", position=1)
    total = season.events.height
    rounds = plural(total, "race")
    if season.results.is_empty() and season.series != FORMULA_ONE:  # of which timing alone is told
        return [f"{rounds} stored."]
    facts = [f"{rounds}, all run." if run["event"].n_unique() == total else
             f"{rounds}, {run['event'].n_unique()} run so far."]  # fmt: skip
    if len(run) == 0:
        return facts
    names = dict(season.drivers.select("driver", "family_name").iter_rows())
    wins = run["driver"].value_counts(sort=True).sort("count", "driver", descending=[True, False])
    facts.append(
        "Wins: "
        + ", ".join(f"{names.get(driver, driver)} {count}" for driver, count in wins.iter_rows())
        + "."
    )
    table = _standings(season)
    if table is not None and len(table):
        first = ", ".join(
            f"{names.get(row['driver'], row['driver'])} {row['points']:g}"
            for row in table.head(LEADERS).iter_rows(named=True)
        )
        facts.append(f"Drivers' championship: {first}.")
    return facts


def _standings(season: Season) -> pl.DataFrame | None:
    """Standings as far as the season was run; None where no rules cover it."""
    try:
        return standings(season)
    except RacecraftError:
        return None


def season_table(season: Season) -> pl.DataFrame:
    """Rounds of a season with their winners, sprints too."""
    won = season.results.filter(position=1).join(
        season.drivers.select("driver", "family_name"), on="driver", how="left"
    )
    winners = {
        session: won.filter(session=session)
        .group_by("event", maintain_order=True)
        .agg(pl.coalesce("family_name", "driver").str.join(" / ").alias(column))
        for session, column in (("race", "winner"), ("sprint", "sprint_winner"))
    }
    table = (
        season.events.sort("round", nulls_last=True)
        .join(winners["race"], on="event", how="left", maintain_order="left")
        .join(winners["sprint"], on="event", how="left", maintain_order="left")
        .select("round", "name", "circuit", "date", "laps", "winner", "sprint_winner")
    )
    return (
        table.drop("sprint_winner") if table["sprint_winner"].null_count() == len(table) else table
    )


def _title(told: Outcome) -> str:
    sprint = ", sprint" if told.session == "sprint" else ""
    return f"{told.season.season} {told.event['name']}{sprint}"


def _facts(told: Outcome) -> str:
    event = told.event
    laps = event["laps"] if told.session == "race" else event["sprint_laps"]
    planned = event["planned_laps"] if told.session == "race" else None
    day = event["date"]
    facts = [
        f"round {event['round']}" if event["round"] else "",
        event["circuit"] or "",
        f"{day.day} {day:%B %Y}" if day and told.session == "race" else "",
        f"{laps} of {planned} laps" if laps and planned and planned != laps
        else plural(laps, "lap") if laps else "",
        f"result from {told.season.source}",
    ]  # fmt: skip
    return ", ".join(filter(None, facts))


def _result(told: Outcome, page: Page) -> str:
    """Everybody who was classified."""
    classified = told.result.filter(pl.col("position").is_not_null())
    from_the_pits = pl.when("pit_lane_start").then(pl.lit("pits"))
    time = pl.col("time").map_elements(clock, return_dtype=pl.String)
    gap = pl.format("+{}", pl.col("gap").map_elements(clock, return_dtype=pl.String))
    first = pl.int_range(pl.len()) == 0
    change = pl.when(pl.col("gained") > 0).then(pl.format("+{}", "gained")).when(
        pl.col("gained") == 0
    ).then(pl.lit("=")).otherwise(pl.col("gained").cast(pl.String))  # fmt: skip
    shown = classified.select(
        pl.col("position").alias("pos"),
        "driver",
        "name",
        "team",
        pl.coalesce(pl.col("grid").cast(pl.String), from_the_pits).alias("from"),
        change.alias("gained"),
        pl.when(first).then(time).otherwise(pl.coalesce(gap, "status")).alias("time"),
        "points",
    )
    narrow = page.width is not None and page.width < ROOM_FOR_NAMES
    return table_text(shown, page, leave_out=["name"] if narrow else [])


def _by_name(told: Outcome) -> Outcome:
    """The same with family names in place of codes; of namesakes with the given name too."""
    drivers = told.season.drivers.filter(pl.col("driver").is_in(told.result["driver"].implode()))
    whole = pl.concat_str("given_name", "family_name", separator=" ", ignore_nulls=True)
    alone = pl.len().over("family_name") == 1
    rows = drivers.drop_nulls("family_name").select(
        "driver", pl.when(alone).then("family_name").otherwise(whole)
    )
    names = dict(rows.iter_rows())
    pole = None if told.pole is None else (names.get(told.pole[0], told.pole[0]), told.pole[1])
    named = pl.col("driver").replace(names)
    return replace(told, result=told.result.with_columns(named), pole=pole)


def _gained(told: Outcome) -> str:
    """Pole, fastest lap, and who moved furthest from the grid."""
    facts = []
    if told.pole is not None:
        driver, time = told.pole
        facts.append(f"{driver} was fastest in qualifying{f' ({clock(time)})' if time else ''}.")
    timed = told.result.filter(pl.col("fastest_lap_time").is_not_null()).sort("fastest_lap_time")
    if len(timed):
        best = timed.row(0, named=True)
        lap = f" on lap {best['fastest_lap']}" if best["fastest_lap"] else ""
        facts.append(f"Fastest lap: {best['driver']}, {clock(best['fastest_lap_time'])}{lap}.")
    moved = told.result.filter(pl.col("gained").abs() >= MOVED).sort(
        "gained", descending=True, maintain_order=True
    )
    up = moved.filter(pl.col("gained") > 0).head(MOVED)
    down = moved.filter(pl.col("gained") < 0).tail(MOVED).reverse()
    for word, rows in (("Gained most from the grid", up), ("Lost most", down)):
        if len(rows):
            listed = ", ".join(
                f"{driver} {gained:+d}"
                for driver, gained in rows.select("driver", "gained").iter_rows()
            )
            facts.append(f"{word}: {listed}.")
    return " ".join(facts)


def _retired(told: Outcome) -> list[str]:
    """Who started and was not classified, and why."""
    out = told.result.filter(pl.col("position_text").is_in(OUT))
    if out.is_empty():
        return ["Every car that started was classified."]
    listed = [_how_it_ended(row) for row in out.iter_rows(named=True)]
    return [f"Not classified: {', '.join(listed)}."]


def _how_it_ended(row: dict[str, Any]) -> str:
    letter, status = row["position_text"], row["status"]
    why = NO_PLACE.get(letter, "")
    if status and status.lower() not in (why, "retired"):
        why = f"{why}: {status.lower()}" if why else status[0].lower() + status[1:]
    after = f"after {plural(row['laps'], 'lap')}" if row["laps"] is not None else ""
    known = ", ".join(filter(None, (why, after)))
    return f"{row['driver']} ({known})" if known else row["driver"]


def _not_there(told: Outcome) -> str:
    away = told.result.filter(pl.col("position_text").is_in(AWAY))
    if away.is_empty():
        return ""
    listed = [
        f"{row['driver']} ({(row['status'] or 'no start').lower()})"
        for row in away.iter_rows(named=True)
    ]
    return f"Did not take part: {', '.join(listed)}."


def _penalties(told: Outcome) -> list[str]:
    """Penalties on the grid and in the race, and starts from the pit lane."""
    grid = [
        f"{row['driver']} (sent to the back)" if row["grid_penalty"] == "back"
        else f"{row['driver']} ({_places(row['grid_penalty'])})"
        for row in told.result.filter(pl.col("grid_penalty").is_not_null()).iter_rows(named=True)
    ]  # fmt: skip
    added = [
        f"{row['driver']} ({row['time_penalty'].total_seconds():g} s)"
        for row in told.result.filter(pl.col("time_penalty").is_not_null()).iter_rows(named=True)
    ]
    pits = told.result.filter("pit_lane_start")["driver"].to_list()
    return [
        f"{what}: {', '.join(who)}."
        for what, who in (
            ("Grid penalties", grid),
            ("From the pit lane", pits),
            ("Time penalties", added),
        )
        if who
    ]


def _places(number: str) -> str:
    return plural(int(number), "place") if number.isdecimal() else number


def _shared(told: Outcome) -> str:
    shared = told.result.filter("shared_car", pl.col("position").is_not_null())
    pairs = [
        " / ".join(drivers)
        for (_,), drivers in (
            (key, part["driver"].to_list())
            for key, part in shared.group_by("position", maintain_order=True)
        )
    ]
    return f"Shared cars: {', '.join(pairs)}." if pairs else ""
