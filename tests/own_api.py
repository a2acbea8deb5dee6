"""A made-up season in the shape of the jolpica API, with what is odd about its answers."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

from stub_server import Answer

CIRCUIT = {
    "circuitId": "north",
    "circuitName": "North Ring",
    "Location": {"locality": "Nordstadt", "country": "Norland"},
}
RACES = [
    {"season": "2025", "round": "1", "raceName": "São Norte Grand Prix", "date": "2025-06-01"},
    {"season": "2025", "round": "2", "raceName": "Northern Grand Prix", "date": "2025-06-15"},
]
DRIVERS = {
    name: {
        "driverId": name,
        "permanentNumber": number,
        "code": name[:3].upper(),
        "givenName": given,
        "familyName": name.capitalize(),
        "dateOfBirth": "1997-09-30",
        "nationality": "Norse",
    }
    for name, number, given in [
        ("verne", "33", "Jules"),
        ("perrin", "11", "Aurélie"),
        ("hammer", "44", "Ludwig"),
        ("tester", "99", "Ada"),
    ]
}
del DRIVERS["tester"]["code"], DRIVERS["tester"]["permanentNumber"]
TEAM = {"constructorId": "norse", "name": "Norse Racing", "nationality": "Norse"}


def result(driver: str, place: str, laps: int, **more: Any) -> dict[str, Any]:
    return {
        "number": DRIVERS[driver].get("permanentNumber", "99"),
        "position": place,
        "positionText": place,
        "points": "0",
        "Driver": DRIVERS[driver],
        "Constructor": TEAM,
        "grid": "1",
        "laps": str(laps),
        "status": "Finished",
    } | more


def lap(number: int, **times: str) -> dict[str, Any]:
    timings = [
        {"driverId": driver, "position": str(place), "time": time}
        for place, (driver, time) in enumerate(times.items(), 1)
    ]
    return {"number": str(number), "Timings": timings}


RESULTS = [
    result("verne", "1", 3, points="25", Time={"millis": "270000", "time": "4:30.000"}),
    result("hammer", "2", 2, points="18", status="Lapped", grid="2"),
    # Stopped on lap 3 but classified: its time is that of its last lap, its gap below zero.
    result("perrin", "2", 2, status="Retired", grid="0",
           Time={"millis": "200000", "time": "+-1:53:44.819"}),
    result("tester", "R", 0, status="Retired", FastestLap={"rank": "4"}),
]  # fmt: skip
STANDINGS = [
    {"position": "1", "points": "25", "wins": "1", "Driver": DRIVERS["verne"]},
    {"positionText": "-", "points": "0", "wins": "0", "Driver": DRIVERS["tester"]},
]
LAPS = [
    lap(1, verne="1:31.000", hammer="1:32.000", perrin="1:33.000"),
    lap(2, verne="1:29.000", hammer="1:30.500", perrin="1:31.000"),
    lap(3, verne="1:30.000"),
]
STOPS = [
    {"driverId": "verne", "lap": "1", "stop": "1", "time": "15:03:00", "duration": "22.427"},
    {"driverId": "hammer", "lap": "1", "stop": "1", "time": "15:03:02", "duration": "20:09.136"},
    {"driverId": "perrin", "lap": "2", "stop": "1", "time": "15:04:02", "duration": ""},
]
QUALIFYING = [
    {"number": "33", "position": "1", "Driver": DRIVERS["verne"], "Constructor": TEAM,
     "Q1": "1:10.000", "Q2": "1:09.000", "Q3": ""},
]  # fmt: skip


def in_race(number: int, field: str, items: list[Any]) -> dict[str, Any]:
    return {"RaceTable": {"Races": [{**RACES[number], "Circuit": CIRCUIT, field: items}]}}


def after_race(number: int, field: str, items: list[Any]) -> dict[str, Any]:
    return {"StandingsTable": {"StandingsLists": [{**RACES[number], field: items}]}}


TEAM_STANDINGS = [{"position": "1", "points": "25", "wins": "1", "Constructor": TEAM}]
CONTENT: dict[str, dict[str, Any]] = {
    "2025/races": {"RaceTable": {"Races": [{**race, "Circuit": CIRCUIT} for race in RACES]}},
    "2025/drivers": {"DriverTable": {"Drivers": list(DRIVERS.values())}},
    "2025/constructors": {"ConstructorTable": {"Constructors": [TEAM]}},
    "2025/results": in_race(0, "Results", RESULTS),
    "2025/sprint": in_race(0, "SprintResults", RESULTS[:2]),
    "2025/qualifying": in_race(0, "QualifyingResults", QUALIFYING),
    "2025/driverstandings": after_race(0, "DriverStandings", STANDINGS),
    "2025/constructorstandings": after_race(0, "ConstructorStandings", TEAM_STANDINGS),
    "2025/1/driverstandings": after_race(0, "DriverStandings", STANDINGS),
    "2025/1/constructorstandings": after_race(0, "ConstructorStandings", TEAM_STANDINGS),
    "2025/1/pitstops": in_race(0, "PitStops", STOPS),
    "2025/1/laps": in_race(0, "Laps", LAPS),
}


def page(content: dict[str, Any], *, limit: int = 100, offset: int = 0, total: int = 1) -> bytes:
    head = {"limit": str(limit), "offset": str(offset), "total": str(total)}
    return json.dumps({"MRData": {**head, **content}}).encode()


def pages(**changed: dict[str, Any] | bytes) -> dict[str, bytes]:
    """Answers as `fetch` gives them; changed by what is asked, with _ for /."""
    content: dict[str, dict[str, Any] | bytes] = {**CONTENT}
    content |= {name.replace("_", "/"): change for name, change in changed.items()}
    return {
        f"{what}/?limit=100&offset=0": answer if isinstance(answer, bytes) else page(answer)
        for what, answer in content.items()
    }


def api(url: str, largest: int = 100) -> Answer:
    """Answer of the API; laps and results come in pages of so many rows at most."""
    parts = urlsplit(url)
    what = parts.path.strip("/")
    if what not in CONTENT:
        return Answer(status=404)
    query = parse_qs(parts.query)
    limit = min(int(query["limit"][0]), largest)
    offset = int(query["offset"][0])
    window = slice(offset, offset + limit)
    if what == "2025/results":
        answer, total = in_race(0, "Results", RESULTS[window]), len(RESULTS)
    elif what == "2025/1/laps":
        every = [(number["number"], timing) for number in LAPS for timing in number["Timings"]]
        items = [{"number": number, "Timings": [timing]} for number, timing in every[window]]
        answer, total = in_race(0, "Laps", items), len(every)
    else:
        answer, total = CONTENT[what], 1
    return Answer(page(answer, limit=limit, offset=offset, total=total))
