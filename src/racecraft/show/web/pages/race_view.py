"""What the page of a race shows beside its charts: story, timeline, strategy, race control."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from racecraft.analysis.fights.battles import battles
from racecraft.analysis.order.stints import stints
from racecraft.analysis.order.timing import timing
from racecraft.errors import RacecraftError
from racecraft.show.moments import also_told, led_words, opening_rows
from racecraft.show.palette import COMPOUNDS, SAFE
from racecraft.show.race import CAUSES, LINES_PER_LAP
from racecraft.show.text import plural
from racecraft.show.web.pages.cars import cars_of, colours
from racecraft.show.web.pages.page import day, path_of
from racecraft.show.web.pages.race_charts import neutral_laps
from racecraft.show.web.pages.replay_data import moment_time
from racecraft.title.effect import effect
from racecraft.title.standings.doubts import doubts_about_points

if TYPE_CHECKING:
    from racecraft.analysis.race import Story
    from racecraft.model.race import Race
    from racecraft.model.season import Season

SHOWN = 16  # moments and battles that are listed
LANES = 10  # rows of the timeline for battles that overlap
WET = {"intermediate": SAFE[2], "wet": SAFE[0]}
OLDER = {"hypersoft": SAFE[3], "ultrasoft": SAFE[3], "supersoft": SAFE[1], "superhard": SAFE[5]}


def facts(race: Race) -> list[str]:
    """What there is to go by: round, day, distance, and whose timing."""
    known = [
        f"Round {race.round}" if race.round else "",
        day(race.date),
        plural(timing(race).laps, "lap"),
        f"{LINES_PER_LAP.get(race.lines.height, 'mini-sectors')} from {race.source}",
    ]
    return [fact for fact in known if fact]


def story_view(story: Story, moments: pl.DataFrame, season: Season | None) -> dict[str, Any]:
    """A race told: what decided it, who led, the result, how places changed, what it meant."""
    race = story.race
    total = sum(story.kinds.get(kind, 0) for kind in CAUSES)
    return {
        "race": race,
        "opening": [with_time(race, row) for row in opening_rows(moments).iter_rows(named=True)],
        "also": also_told(moments, race) or [led_words(race)],
        "result": story.result.to_dicts(),
        "classes": story.result["class"].null_count() < len(story.result),
        "grid": story.result["grid"].null_count() < len(story.result),
        "points": bool(story.result["points"].sum()),
        "colours": colours(cars_of(race)),
        "changes": total,
        "causes": [
            f"{story.kinds[kind]} {words}"
            for kind, words in CAUSES.items()
            if story.kinds.get(kind)
        ],
        "fair": story.kinds.get("flying_laps", 0),
        "battles": [
            {"text": one.story, "path": battle_path(race, one.row["first"], one.row["second"])}
            for one in story.decisive
        ],
        "effect": meant(season, race),
        "doubts": _doubts(season, race),
        "audit": str(story.audit),
    }


def with_time(race: Race, row: dict[str, Any]) -> dict[str, Any]:
    """A moment, with when it was and where the replay shows it."""
    time = moment_time(race, row["lap"], row["line"], row["drivers"])
    place = "" if time is None else f"{path_of(race, 'replay')}#t={max(time - 10, 0):.0f}"
    return {**row, "time": time, "path": place}


def battle_path(race: Race, first: str, second: str) -> str:
    """Address of the page of a battle."""
    return path_of(race, f"battle/{first}/{second}")


def timeline_view(race: Race, moments: pl.DataFrame) -> dict[str, Any]:
    """Battles and moments along the laps: bars in lanes, and dots by weight."""
    laps = timing(race).laps
    fought = battles(race).sort("intensity", descending=True).head(SHOWN).to_dicts()
    bars = []
    ends: list[int] = []
    for row in sorted(fought, key=lambda one: (one["start_lap"], one["end_lap"])):
        lane = next((i for i, end in enumerate(ends) if end < row["start_lap"]), len(ends))
        if lane < LANES:
            ends[lane : lane + 1] = [row["end_lap"]]
        bars.append(
            {
                **row,
                "lane": min(lane, LANES - 1),
                "x": 100 * (row["start_lap"] - 1) / laps,
                "width": 100 * (row["end_lap"] - row["start_lap"] + 1) / laps,
                "path": battle_path(race, row["first"], row["second"]),
            }
        )
    heaviest = max([*moments["weight"], 1.0])
    listed = [with_time(race, row) for row in moments.head(SHOWN).iter_rows(named=True)]
    dots = [
        {
            **row,
            "x": 100 * (row["lap"] - 0.5) / laps,
            "r": 3 + 9 * (row["weight"] / heaviest) ** 0.5,
        }
        for row in listed
    ]
    return {
        "race": race,
        "laps": laps,
        "bars": bars,
        "lanes": max((bar["lane"] for bar in bars), default=-1) + 1,
        "dots": dots,
        "periods": _periods(race),
        "moments": listed,
        "battles": [bar for row in fought for bar in bars if bar["path"] == battle_path(
            race, row["first"], row["second"]) and bar["start_lap"] == row["start_lap"]],
        "basis": moments["basis"][0] if len(moments) else "",
        "ticks": _ticks(laps),
    }  # fmt: skip


def strategy_view(race: Race, order: list[str]) -> dict[str, Any]:
    """Sets of tyres of every car along the laps, in order of the result."""
    laps = timing(race).laps
    by_car: dict[str, list[dict[str, Any]]] = {}
    for row in stints(race).iter_rows(named=True):
        by_car.setdefault(row["car"], []).append(
            {
                **row,
                "x": 100 * (row["start_lap"] - 1) / laps,
                "width": 100 * (row["end_lap"] - row["start_lap"] + 1) / laps,
                "colour": compound_colour(row["compound"]),
            }
        )
    known = {row["compound"] for rows in by_car.values() for row in rows}
    return {
        "laps": laps,
        "rows": [(car, by_car[car]) for car in order if car in by_car],
        "compounds": [
            (name or "not known", compound_colour(name)) for name in sorted(known, key=str)
        ],
        "periods": _periods(race),
        "ticks": _ticks(laps),
    }


def compound_colour(compound: str | None) -> str:
    """Colour of a tyre, as the palette has it."""
    if compound is None:
        return COMPOUNDS["unknown"]
    return {**COMPOUNDS, **OLDER, **WET}.get(compound, COMPOUNDS["unknown"])


def control_view(race: Race) -> dict[str, Any]:
    """Messages of race control, and the periods that were not green."""
    return {
        "race": race,
        "messages": race.messages.sort("time").to_dicts() if len(race.messages) else [],
        "periods": _periods(race),
        "reported": "control" not in race.doubts["table"],
    }


def meant(season: Season | None, race: Race) -> str:
    """What a race did to the standings; nothing where that cannot be worked out."""
    if season is None:
        return ""
    try:
        return effect(season, race.event, race.session)
    except RacecraftError:
        return ""


def _periods(race: Race) -> list[dict[str, Any]]:
    laps = timing(race).laps
    return [
        {
            **one,
            "x": 100 * one["from"] / laps,
            "width": max(100 * (one["to"] - one["from"]) / laps, 0.4),
        }
        for one in neutral_laps(race)
    ]


def _ticks(laps: int) -> list[tuple[int, float]]:
    step = next(step for step in (5, 10, 20, 50, 100, 200, 500, 1000) if laps / step <= 8)
    return [(lap, 100 * lap / laps) for lap in range(step, laps + 1, step)]


def _doubts(season: Season | None, race: Race) -> list[str]:
    """What is not sure of the result: what the rules or the sources say otherwise."""
    if season is None:
        return []
    try:
        told = doubts_about_points(season, [(race.event, race.session)])["reason"].to_list()
    except RacecraftError:
        told = []
    other = season.season_doubts.filter(event=race.event, session=race.session, table="results")
    return list(dict.fromkeys([*told, *other["reason"].to_list()]))
