"""Tables of a race, each a function whose keyword parameters become those of its address."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import polars as pl
from fastapi import APIRouter, Query

import racecraft as rc
from racecraft.analysis.audit import AUDIT
from racecraft.analysis.fights.battles import BATTLES
from racecraft.analysis.fights.meetings import MEETINGS, meetings
from racecraft.analysis.fights.trains import TRAINS
from racecraft.analysis.fights.undercuts import STOP_LOSSES, UNDERCUTS, stop_losses, undercuts
from racecraft.analysis.order.control import CONTROL_PERIODS
from racecraft.analysis.order.gaps import GAPS, INTERVALS, ORDER
from racecraft.analysis.order.laps import LAPS
from racecraft.analysis.order.leading import LAPS_LED, laps_led
from racecraft.analysis.order.overtakes import OVERTAKES
from racecraft.analysis.order.stints import STINTS
from racecraft.analysis.order.stops import STOPS
from racecraft.analysis.pace.pace import FITTED_LAPS, PACE, TERMS, TRAFFIC, Pace
from racecraft.analysis.race import RESULT, Story
from racecraft.lookup.find import find_car
from racecraft.model.race import RACE_TABLES, SAMPLES, Race
from racecraft.model.table import Table
from racecraft.model.terms import THE_LINE, Kind
from racecraft.show.web import answers, weighing
from racecraft.show.web.api.offer import Car, offer, race_of, race_or_result_of
from racecraft.show.web.api.schema import rows_schema
from racecraft.show.web.shelf import Shelf
from racecraft.sim.lapwise.runs import CHANCES
from racecraft.sim.moments.moments import MOMENTS

AT = "/seasons/{season}/events/{event}"
Name = Annotated[str, Query(min_length=1, max_length=80, description="Code, number or name.")]
LapOf = Annotated[int | None, Query(ge=0, le=1_000, description="Lap of the leader.")]
Seconds = Annotated[float, Query(ge=0.05, le=60, description="Seconds.")]
Laps = Annotated[int, Query(ge=1, le=100, description="Laps it lasts at least.")]
Text, Texts = {"type": "string"}, {"type": "array", "items": {"type": "string"}}


def result(shelf: Shelf, race: Race) -> pl.DataFrame:
    """Result of a race, with times and gaps, or the order at the flag where there is none."""
    return _story(shelf, race).result


def laps(shelf: Shelf, race: Race) -> pl.DataFrame:
    """Every lap of every car."""
    return shelf.of_race("laps", race, rc.laps)


def order(
    _: Shelf,
    race: Race,
    *,
    lap: LapOf = None,
    line: Annotated[str, Query(max_length=20)] = THE_LINE,
) -> pl.DataFrame:
    """Order of the cars at a timing line of a lap; left out, at the end of the last."""
    return rc.order(race, lap=lap, line=line)


def gaps(shelf: Shelf, race: Race) -> pl.DataFrame:
    """Gap to the leader and interval to the car ahead, at every line."""
    return shelf.of_race("gaps", race, rc.gaps)


def intervals(_: Shelf, race: Race, *, first: Name, second: Name) -> pl.DataFrame:
    """How far one car is behind another, at every line that both reached."""
    return rc.gaps(race, drivers=answers.pair_of(race, first, second))


def overtakes(
    shelf: Shelf,
    race: Race,
    *,
    rule: Literal["every_line", "flying_laps", "mini_sector"] = "every_line",
    kind: Kind | None = None,
    lapping: bool = False,
    overall: bool = False,
    car: Car = None,
) -> pl.DataFrame:
    """Every change of position, with its cause."""
    name = f"overtakes {rule} {kind} {lapping} {overall}"
    table = shelf.of_race(
        name,
        race,
        lambda race: rc.overtakes(race, rule=rule, kind=kind, lapping=lapping, overall=overall),
    )
    return _concerning(race, table, car, "passer", "passed")


def battles(
    shelf: Shelf,
    race: Race,
    *,
    within_s: Seconds = 1.0,
    over_s: Seconds = 1.5,
    min_laps: Laps = 3,
    overall: bool = False,
    car: Car = None,
) -> pl.DataFrame:
    """Battles: two cars in consecutive places, close for laps on end."""
    limits: dict[str, Any] = {
        "within_s": within_s,
        "over_s": over_s,
        "min_laps": min_laps,
        "overall": overall,
    }
    table = shelf.of_race(f"battles {limits}", race, lambda race: rc.battles(race, **limits))
    return _concerning(race, table, car, "first", "second")


def trains(
    _: Shelf, race: Race, *, within_s: Seconds = 1.0, min_laps: Laps = 3, overall: bool = False
) -> pl.DataFrame:
    """Trains: three or more cars nose to tail behind the same head."""
    return rc.trains(race, within_s=within_s, min_laps=min_laps, overall=overall)


def moments(shelf: Shelf, race: Race, *, simulated: bool = False, car: Car = None) -> pl.DataFrame:
    """What decided a race, ranked; by the formula unless simulated ones are kept or asked for."""
    table = weighing.moments(shelf, race, simulated=simulated)
    if car is None:
        return table
    return table.filter(pl.col("drivers").str.split(" ").list.contains(find_car(race, car)))


def chances(
    shelf: Shelf,
    race: Race,
    *,
    lap: LapOf = None,
    runs: Annotated[int, Query(ge=100, le=10_000)] = 1_000,
    seed: Annotated[int, Query(ge=0, le=2**31)] = 1,
) -> pl.DataFrame:
    """Chances of every car after a lap, or after every lap, by simulation."""
    return answers.chances(shelf, race, lap=lap, runs=runs, seed=seed)


def stints(shelf: Shelf, race: Race) -> pl.DataFrame:
    """Stints on one set of tyres."""
    return shelf.of_race("stints", race, rc.stints)


def stops(shelf: Shelf, race: Race) -> pl.DataFrame:
    """Stops, and every other visit to the pit lane."""
    return shelf.of_race("stops", race, rc.stops)


def losses(shelf: Shelf, race: Race) -> pl.DataFrame:
    """What every stop cost in time and places."""
    return shelf.of_race("stop losses", race, stop_losses)


def undercut(
    _: Shelf,
    race: Race,
    *,
    within_s: Annotated[float, Query(ge=0.1, le=60)] = 5.0,
    within_laps: Annotated[int, Query(ge=1, le=30)] = 6,
) -> pl.DataFrame:
    """Pairs of stops of two close cars, and what stopping first gained."""
    return undercuts(race, within_s=within_s, within_laps=within_laps)


def control(shelf: Shelf, race: Race) -> pl.DataFrame:
    """Flags and safety cars, as reported or inferred."""
    return shelf.of_race("control", race, rc.control)


def pace(shelf: Shelf, race: Race) -> pl.DataFrame:
    """Pace of every driver, fastest first."""
    return _pace(shelf, race).drivers


def pace_terms(shelf: Shelf, race: Race) -> pl.DataFrame:
    """What lap times were made of: fuel, track, spreads."""
    return _pace(shelf, race).terms


def pace_traffic(shelf: Shelf, race: Race) -> pl.DataFrame:
    """What a car ahead costs, by how far ahead it is."""
    return _pace(shelf, race).traffic


def fitted_laps(shelf: Shelf, race: Race) -> pl.DataFrame:
    """Every timed lap, and what the model of pace makes of it."""
    return _pace(shelf, race).laps


def led(shelf: Shelf, race: Race) -> pl.DataFrame:
    """Who led how many laps."""
    return shelf.of_race("laps led", race, laps_led)


def met(_: Shelf, race: Race, *, first: Name, second: Name) -> pl.DataFrame:
    """Laps on which two cars met."""
    return meetings(race, answers.pair_of(race, first, second))


def differences(shelf: Shelf, race: Race) -> pl.DataFrame:
    """Where what was worked out is not what was reported."""
    return _story(shelf, race).audit.differences


def telemetry(_: Shelf, race: Race, *, car: Name) -> pl.DataFrame:
    """What one car measured; nothing where none is stored."""
    return _samples(race, "telemetry", car)


def positions(_: Shelf, race: Race, *, car: Name) -> pl.DataFrame:
    """Where one car was on the circuit; nothing where it is not stored."""
    return _samples(race, "positions", car)


def story(shelf: Shelf, race: Race) -> dict[str, Any]:
    """A race told: result, decisive battles, passes by kind, what it did to the standings."""
    return answers.story(shelf, race)


def battle(shelf: Shelf, race: Race, *, first: Name, second: Name) -> dict[str, Any]:
    """One battle line by line: swaps, losses, turning points, and a sentence."""
    return answers.battle(shelf, race, first, second)


def explain(
    _: Shelf,
    race: Race,
    *,
    first: Name,
    second: Name,
    lap: Annotated[int, Query(ge=1, le=1_000)],
) -> dict[str, Any]:
    """What happened between two cars on one lap, in a sentence."""
    pair = answers.pair_of(race, first, second)
    return {"sentence": rc.explain(race, lap=lap, drivers=pair)}


TABLES: dict[str, tuple[Table, Any]] = {
    "result": (RESULT, result), "laps": (LAPS, laps), "order": (ORDER, order),
    "gaps": (GAPS, gaps), "intervals": (INTERVALS, intervals), "overtakes": (OVERTAKES, overtakes),
    "battles": (BATTLES, battles), "trains": (TRAINS, trains), "meetings": (MEETINGS, met),
    "moments": (MOMENTS, moments), "chances": (CHANCES, chances), "stints": (STINTS, stints),
    "stops": (STOPS, stops), "stop-losses": (STOP_LOSSES, losses),
    "undercuts": (UNDERCUTS, undercut), "control": (CONTROL_PERIODS, control),
    "pace": (PACE, pace), "pace-terms": (TERMS, pace_terms), "traffic": (TRAFFIC, pace_traffic),
    "fitted-laps": (FITTED_LAPS, fitted_laps), "laps-led": (LAPS_LED, led),
    "differences": (AUDIT, differences), "telemetry": (SAMPLES["telemetry"], telemetry),
    "positions": (SAMPLES["positions"], positions),
}  # fmt: skip
OBJECTS: dict[str, tuple[dict[str, Any], Any]] = {
    "story": (
        {
            "name": Text,
            "moments": rows_schema(MOMENTS),
            "result": rows_schema(RESULT),
            "battles": rows_schema(BATTLES),
            "decisive": Texts,
            "doubts": Texts,
        },
        story,
    ),
    "battle": ({"battles": rows_schema(BATTLES), "story": Text}, battle),
    "explain": ({"sentence": Text}, explain),
}


def offer_races(router: APIRouter) -> None:
    """Answer for every table of a race: derived, told, and as reported (under ``reported``)."""
    for name, (table, make) in TABLES.items():
        of = race_or_result_of if name == "moments" else race_of
        offer(router, f"{AT}/{name}", table, make, of=of, tag="race")
    for name, (properties, make) in OBJECTS.items():
        offer(router, f"{AT}/{name}", properties, make, of=race_of, tag="race")
    for name, table in RACE_TABLES.items():
        path = f"{AT}/reported/{name.replace('_', '-')}"
        offer(router, path, table, _reported(name), of=race_of, tag="race as reported")


def _reported(name: str) -> Any:
    def reported(_: Shelf, race: Race) -> pl.DataFrame:
        return race.tables[name]

    reported.__doc__ = f"Table {name} of a race, as it was reported."
    return reported


def _story(shelf: Shelf, race: Race) -> Story:
    return shelf.of_race("story", race, rc.race)


def _pace(shelf: Shelf, race: Race) -> Pace:
    return shelf.of_race("pace", race, rc.pace)


def _samples(race: Race, name: str, car: str) -> pl.DataFrame:
    key, samples = find_car(race, car), race.samples[name]
    if samples is None:
        return SAMPLES[name].empty()
    return SAMPLES[name].check(samples.filter(pl.col("car") == key).collect())


def _concerning(race: Race, table: pl.DataFrame, car: str | None, *columns: str) -> pl.DataFrame:
    """Rows that a car has a part in."""
    if car is None:
        return table
    key = find_car(race, car)
    return table.filter(pl.any_horizontal(pl.col(name) == key for name in columns))
