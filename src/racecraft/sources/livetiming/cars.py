"""Who drove which car, and where it came in."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from racecraft.model.race import CLASSIFICATION, ENTRIES
from racecraft.sources.livetiming.laps import Silence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    import polars as pl

    from racecraft.sources.livetiming.feed import Feed
    from racecraft.sources.livetiming.stream import Update

# FIA Formula One Sporting Regulations, "The classification": cars that covered less than this
# share of the winner's laps, rounded down, are not classified.
CLASSIFIED_SHARE = (9, 10)


@dataclass(slots=True)
class Car:
    """One car of the race, as the lists have it."""

    number: str
    code: str
    given_name: str | None
    family_name: str | None
    team: str | None
    grid: int | None = None
    pit_lane_start: bool = False


def cars(
    listed: Sequence[Update], app: Sequence[Update], feeds: Mapping[str, Feed], *, started: int
) -> tuple[dict[str, Car], list[Silence]]:
    """Return the cars that took part, by number, and who was listed but did not.

    Parameters
    ----------
    listed, app
        ``DriverList`` and ``TimingAppData``.
    feeds
        What the timing said of each car. Who is neither on the grid nor timed belongs to another
        race of the same afternoon.

    Raises
    ------
    UnreadableError
        Two drivers in one car, or one code for two drivers.
    """
    facts: dict[str, dict[str, str]] = {}
    for update in listed:
        for number, change in update.data.items():
            if number.isdecimal():
                _read_driver(update, number, change, facts)
    grid = _grid(app)
    found: dict[str, Car] = {}
    silences = []
    for number, driver in facts.items():
        feed = feeds.get(number)
        if feed is None or not (grid.get(number) or feed.laps or feed.readings):
            reason = f"{driver['Tla']} is listed, but neither on the grid nor timed: left out"
            silences.append(Silence("entries", None, None, reason))
            continue
        car = Car(
            number,
            code=driver["Tla"],
            given_name=driver.get("FirstName"),
            family_name=driver.get("LastName"),
            team=driver.get("TeamName"),
            grid=grid.get(number) or None,
        )
        found[number] = car
    from_lane = {number for number in found if _began_in_the_lane(feeds[number], started)}
    if len(from_lane) > len(found) / 2:  # the start was put off, and the field waited there
        reason = "most cars were in the pit lane when it was started: who began there is not known"
        silences.append(Silence("entries", None, None, reason))
        from_lane = set()
    for number, car in found.items():
        feed = feeds[number]
        if number in from_lane:
            car.grid, car.pit_lane_start = None, True
        elif _in_the_lane(feed, started) and not feed.laps:
            silences.append(Silence("entries", number, None, "did not leave the pit lane"))
    silences += [
        Silence("entries", None, None, f"car {number} was timed, but is not listed: left out")
        for number, feed in feeds.items()
        if number not in facts and (feed.laps or feed.readings)
    ]
    return found, silences


def entries(found: Iterable[Car]) -> pl.DataFrame:
    """Return ``ENTRIES`` of the cars that took part."""
    return ENTRIES.rows(
        [
            {
                "car": car.code,
                "number": car.number,
                "given_name": car.given_name or None,
                "family_name": car.family_name or None,
                "team": car.team or None,
                "grid": car.grid,
                "pit_lane_start": car.pit_lane_start,
            }
            for car in found
        ]
    )


def classification(
    found: Mapping[str, Car],
    feeds: Mapping[str, Feed],
    laps: Mapping[str, int],
    finishers: Mapping[str, int],
    *,
    as_of: date,
) -> pl.DataFrame:
    """Return ``CLASSIFICATION`` as the road and the stewards had it when the stream ended.

    Parameters
    ----------
    laps
        Laps completed, by number.
    finishers
        Cars that took the flag, and when.
    """
    last_place = len(found) + 1
    on_the_screen = all(feeds[number].places for number in finishers)  # not heard, where one joins

    def at_the_flag(car: Car) -> tuple[float, ...]:
        place = feeds[car.number].places[-1][1] if feeds[car.number].places else last_place
        done = -laps[car.number]
        return (place, done) if on_the_screen else (done, finishers.get(car.number, math.inf))

    order = sorted(found.values(), key=at_the_flag)
    most = max(laps.values(), default=0)
    needed = most * CLASSIFIED_SHARE[0] // CLASSIFIED_SHARE[1]
    rows: list[dict[str, object]] = []
    for place, car in enumerate(order, 1):
        done, best = laps[car.number], feeds[car.number].best
        classified = done >= needed and done > 0
        behind = most - done
        status = "Finished" if not behind else f"+{behind} Lap{'s' if behind > 1 else ''}"
        rows.append(
            {
                "order": place,
                "position": place if classified else None,
                "position_text": str(place) if classified else "R",
                "car": car.code,
                "number": car.number,
                "team": car.team or None,
                "grid": car.grid,
                "laps": done,
                "status": status if car.number in finishers else "Retired",
                "fastest_lap": best[0] if best else None,
                "fastest_lap_time": timedelta(milliseconds=best[1]) if best else None,
                "as_of": as_of,
            }
        )
    return CLASSIFICATION.rows(rows) if rows else CLASSIFICATION.empty()


def _read_driver(
    update: Update, number: str, change: object, facts: dict[str, dict[str, str]]
) -> None:
    said = update.fields(number, change)
    if "Tla" not in said and number not in facts:
        return
    driver = facts.setdefault(number, {})
    for name in ("RacingNumber", "Tla", "FirstName", "LastName", "TeamName"):
        if name in said:
            value = update.text(name, said[name])
            if name == "Tla":
                value = value.upper()
                taken = {other["Tla"]: n for n, other in facts.items() if "Tla" in other}
                if not value or taken.get(value, number) != number:
                    raise update.wrong(f"{number}.Tla", value, "a code of its own for every driver")
                if driver.get("Tla", value) != value:
                    raise update.wrong(f"{number}.Tla", value, f"{driver['Tla']}, as before")
            if name == "RacingNumber" and value != number:
                raise update.wrong(f"{number}.RacingNumber", value, f"{number}: one car a number")
            driver[name] = value
    update.whole("number", number)


def _in_the_lane(feed: Feed, started: int) -> bool:
    """Whether a car was in the pit lane when the race was started."""
    return [inside for clock, inside in feed.in_pit if clock <= started][-1:] == [True]


def _began_in_the_lane(feed: Feed, started: int) -> bool:
    """Whether it left the lane afterwards."""
    left = any(not inside for clock, inside in feed.in_pit if clock > started)
    return left and _in_the_lane(feed, started)


def _grid(app: Sequence[Update]) -> dict[str, int]:
    """Place on the grid by number; 0 where there is none."""
    grid = {}
    for update in app:
        for number, change in update.fields("Lines", update.data.get("Lines", {})).items():
            value = update.fields("Lines", change).get("GridPos")
            if value not in (None, ""):
                grid[number] = update.whole("GridPos", value)
    return grid
