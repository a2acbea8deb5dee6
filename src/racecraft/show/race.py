"""One race, for eyes and for other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from racecraft.analysis.order.control import control, flags_by_lap
from racecraft.analysis.order.laps import laps
from racecraft.model.clock import clock, seconds
from racecraft.model.race import RACE_FACTS
from racecraft.model.terms import FORMULA_ONE, series_name
from racecraft.show.moments import cars_of, opening
from racecraft.show.spark import place_strip, sparkline
from racecraft.show.text import doubts_text, plural, table_text, wrapped
from racecraft.sim.moments.lead import leaders
from racecraft.sim.moments.moments import MOMENTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from racecraft.analysis.race import Story
    from racecraft.model.race import Race
    from racecraft.show.page import Page

TOLD = 10  # cars that are listed one by one
ROOM_FOR_NAMES = 76  # columns; on a narrower page the codes must do
LEAST_STRIP = 20  # laps that a strip of places must have room for

CAUSES = {
    "on_track": "on track",
    "start": "at the start",
    "pit": "by pit stops",
    "neutralised": "under neutralisation",
    "order_reset": "as the order was reset for a restart",
    "trouble": "by trouble",
    "retirement": "by retirements",
    "classification": "after the flag",
}
LETTERS = {"SC": "S", "VSC": "V", "red": "R"}
RULER_STEPS, RULER_ROOM = (10, 20, 50, 100), 5  # laps; characters from one number to the next
INTERVAL = "interval, 0 to 1.5 s"
LINES_PER_LAP = {1: "lap times", 2: "sector times", 3: "sector times"}


def story_text(
    story: Story,
    page: Page,
    standings: str = "",
    doubts: Sequence[str] = (),
    moments: pl.DataFrame | None = None,
) -> str:
    """A race told: what decided it, result, places lap by lap, battles, causes, what it meant."""
    race = story.race
    decided = moments if moments is not None else MOMENTS.empty()
    parts = [
        f"{page.style(_title(race), 'heading')}\n{page.style(_facts(race), 'dim')}",
        opening(decided, page, race),
        _result(story.result, page),
        _places(story, page, cars_of(decided)),
        "\n".join(_battles(story, page)),
        *(wrapped(line, page) for line in _led(story)),
        wrapped(_stood_still(story.race), page),
        wrapped(_changes(story), page),
        wrapped(f"Championship: {standings}", page) if standings else "",
        doubts_text(doubts, page),
        wrapped(f"Audit: {story.audit}.", page),
    ]
    return "\n\n".join(part for part in parts if part)


def story_object(
    story: Story,
    standings: str = "",
    doubts: Sequence[str] = (),
    moments: pl.DataFrame | None = None,
) -> dict[str, Any]:
    """A race as one object."""
    return {
        **{name: getattr(story.race, name) for name in RACE_FACTS},
        "moments": moments if moments is not None else MOMENTS.empty(),
        "led": [
            {"car": car, "first_lap": first, "last_lap": last}
            for car, first, last in leaders(story.race)
        ],
        "result": story.result,
        "battles": story.battles,
        "decisive": [battle.story for battle in story.decisive],
        "laps_led": story.led,
        "overtakes": story.kinds,
        "standings": standings or None,
        "doubts": list(doubts),
        "audit": str(story.audit),
        "differences": story.audit.differences,
    }


def _title(race: Race) -> str:
    sprint = ", sprint" if race.session == "sprint" else ""
    series = "" if race.series == FORMULA_ONE else f"{series_name(race.series)} "
    return f"{series}{race.season} {race.name}{sprint}"


def _facts(race: Race) -> str:
    """What there is to go by: round, day, distance, and whose timing."""
    distance = _distance(race)
    facts = [
        f"round {race.round}" if race.round else "",
        f"{race.date.day} {race.date:%B %Y}" if race.date else "",
        f"{distance} laps",
        f"{LINES_PER_LAP.get(race.lines.height, 'mini-sectors')} from {race.source}",
    ]
    return ", ".join(filter(None, facts))


def _distance(race: Race) -> int:
    """Laps of the car that went furthest."""
    return int(race.crossings.select(pl.col("lap").max()).item())


def _result(result: pl.DataFrame, page: Page) -> str:
    """The first ten and the first of each class; everybody else in a line each."""
    told = (pl.int_range(pl.len()) < TOLD) | (pl.col("class_position") == 1)
    if result["class"].null_count() == len(result):
        told = pl.int_range(pl.len()) < TOLD
    table = result.with_columns(told=told, behind=_behind())
    shown = table.filter("told").select(
        pl.col("position").alias("pos"),
        "car",
        "class",
        pl.col("class_position").alias("in_class"),
        pl.col("name").map_elements(_family_names, return_dtype=pl.String),
        "team",
        pl.col("grid").alias("from"),
        pl.col("behind").alias("time"),
        pl.col("points"),
    )
    empty = [name for name in ("class", "from", "points") if shown[name].is_null().all()]
    empty += ["in_class"] if "class" in empty else []
    narrow = page.width is not None and page.width < ROOM_FOR_NAMES
    lines = [table_text(shown, page, leave_out=[*empty, *(["name"] if narrow else [])])]
    rest = table.filter(~pl.col("told"))
    finished = rest.filter(pl.col("position").is_not_null())
    out = rest.filter(pl.col("position").is_null())
    if len(finished):
        listed = [f"{row['position']} {row['car']}" for row in finished.iter_rows(named=True)]
        lines.append(wrapped(f"then {', '.join(listed)}", page))
    if len(out):
        listed = [_how_it_ended(row) for row in out.iter_rows(named=True)]
        lines.append(wrapped(f"not classified: {', '.join(listed)}", page))
    return "\n".join(lines)


def _family_names(name: str) -> str:
    """Name of a driver; of several who shared a car their family names."""
    if " / " not in name:
        return name
    return " / ".join(one.partition(" ")[2] or one for one in name.split(" / "))


def _how_it_ended(row: dict[str, Any]) -> str:
    known = (row["status"], None if row["laps"] is None else f"after {plural(row['laps'], 'lap')}")
    return f"{row['car']} ({', '.join(filter(None, known))})" if any(known) else row["car"]


def _behind() -> pl.Expr:
    """Race time of the winner, gaps of the others, status of those without either."""
    first = pl.int_range(pl.len()) == 0
    time = pl.col("time").map_elements(clock, return_dtype=pl.String)
    gap = pl.format("+{}", pl.col("gap").map_elements(clock, return_dtype=pl.String))
    return pl.when(first).then(time).otherwise(pl.coalesce(gap, "status"))


def _places(story: Story, page: Page, mattered: Sequence[str]) -> str:
    """Places at the end of every lap: a row a car, a character a lap, a dash where it stayed."""
    by_lap = laps(story.race)
    last = by_lap["lap"].max()
    room = (page.width or 120) - len("VER  ")
    if not isinstance(last, int) or room < min(last, LEAST_STRIP):
        return ""
    listed = story.result["car"].to_list()
    drivers = [car for i, car in enumerate(listed) if i < TOLD or car in mattered]
    rows = [f"{'lap'.ljust(5)}{_ruler(last, room)}"]
    flags = _flags(story.race, last, room)
    for driver in drivers:
        own = dict(by_lap.filter(car=driver).select("lap", "position").iter_rows())
        places = [own.get(lap) for lap in range(1, last + 1)]
        rows.append(f"{driver:<5}{place_strip(places, room, unicode=page.unicode)}".rstrip())
    if flags.strip():
        rows.append(f"{'flag':<5}{flags}".rstrip())
    note = "place at the end of each lap; a is tenth, b eleventh, and a dash is no change"
    if flags.strip():
        note += "; flag: S safety car, V virtual safety car, R red"
    key = [page.style(line, "dim") for line in wrapped(note, page).splitlines()]
    return "\n".join([page.style(rows[0], "dim"), *rows[1:], *key])


def _flags(race: Race, last: int, room: int) -> str:
    """A letter for every lap of the leader that ended, or was mostly, under a flag."""
    laps_under = flags_by_lap(race)
    shown = min(last, room)
    strip = [" "] * shown
    for lap, state in laps_under.items():
        strip[min(round((lap - 1) / max(last - 1, 1) * (shown - 1)), shown - 1)] = LETTERS[state]
    return "".join(strip)


def _ruler(last: int, room: int) -> str:
    """Numbers of the laps above their strip, every tenth or as many as have room."""
    shown = min(last, room)
    a_lap = (shown - 1) / max(last - 1, 1)
    step = next((step for step in RULER_STEPS if step * a_lap > RULER_ROOM), last)
    ruler = [" "] * (shown + 3)
    for lap in range(step, last + 1, step):
        at = round((lap - 1) * a_lap)
        ruler[at : at + len(str(lap))] = str(lap)
    ruler[0] = "1"
    return "".join(ruler).rstrip()


def _battles(story: Story, page: Page) -> list[str]:
    """The decisive battles, each with its interval lap by lap where there is room for it."""
    told = []
    for battle in story.decisive:
        told.append(wrapped(battle.story, page, hang="* "))
        if page.unicode:
            by_lap = battle.lines.group_by("lap").agg(pl.col("interval").last()).sort("lap")
            sizes = by_lap.select(size=seconds("interval").abs())["size"].to_list()
            room = (page.width or 100) - len(INTERVAL) - 4
            bars = sparkline(sizes, room, top=1.5)
            told.append(f"  {bars}  {page.style(INTERVAL, 'dim')}" if len(bars) > 2 else "")
    return [line for line in told if line]


def _led(story: Story) -> list[str]:
    """Who led, where cars are shared or race in classes: overall, then class by class."""
    race, told = story.race, []
    if race.drivers_in_car.is_empty() and story.led["class"].null_count() == len(story.led):
        return []
    fields = [("Led overall", story.led, "laps")]
    fields += [
        (f"Led {name}", part, "class_laps")
        for (name,), part in story.led.drop_nulls("class").group_by("class", maintain_order=True)
    ]
    for head, rows, column in fields:
        cars = []
        by_car = rows.filter(pl.col(column) > 0).group_by("car", maintain_order=True)
        for (car,), part in by_car:
            drivers = ", ".join(
                f"{_family_names(f'{name} / ')[:-3]} {laps}"
                for name, laps in part.select("driver", column).rows()
                if name and name != car
            )
            cars.append((part[column].sum(), f"No. {car} {part[column].sum()} ({drivers})"))
        ranked = [words for _, words in sorted(cars, key=lambda one: -one[0])]
        told.append(f"{head}, laps: {', '.join(ranked)}.".replace(" ()", ""))
    return told


def _stood_still(race: Race) -> str:
    """Halts of everybody that no source calls a red flag."""
    found = control(race).filter(basis="inferred", state="red")
    if race.control.is_empty():
        return ""
    return " ".join(
        f"The race stood still between {clock(since, 0)} and {clock(until, 0)}: nobody crossed any "
        "line. No flag in the data says so."
        for since, until in found.select("from", "to").iter_rows()
    )


def _changes(story: Story) -> str:
    counts = [
        f"{story.kinds[kind]} {words}" for kind, words in CAUSES.items() if story.kinds.get(kind)
    ]
    total = sum(story.kinds.get(kind, 0) for kind in CAUSES)
    if not total:
        return "No change of position."
    fair = story.kinds.get("flying_laps", 0)
    return (
        f"{plural(total, 'change')} of position: {', '.join(counts)}. "
        f"{plural(fair, 'overtake')} on flying laps, by the rule that season totals are counted by."
    )
