"""Claims as they were annotated by hand, as questions to the judge."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from racecraft.model.folding import fold
from racecraft.press.claim import Entity
from racecraft.press.judging.question import Question

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from racecraft.history.results import History

TEAMS = {
    "alfa-romeo": "alfa", "racing-bulls": "rb", "kick-sauber": "sauber",
}  # fmt: skip
CIRCUITS = {"interlagos": "jose carlos pace", "lusail": "losail"}
DEMONYMS = {"hungary": "Hungarian"}


@dataclass(frozen=True)
class Gold:
    """A claim with the verdict it was given; `claim` is None where its value is free text."""

    file: str
    row: dict[str, Any]
    claim: Question | None

    @property
    def told(self) -> str:
        """The claim in a line."""
        row, where = self.row, self.row.get("context") or {}
        return (
            f"{self.file} {row['claim_type']} {row['subject']} {row['value']!r} "
            f"({where.get('season')}, {where.get('round')})"
        )


def gold(folder: Path, record: History) -> Iterator[Gold]:
    """Every annotated claim of a folder."""
    for file in sorted(folder.glob("*.gold.json")):
        for row in json.loads(file.read_text(encoding="utf-8")):
            yield Gold(file.name.removesuffix(".gold.json"), row, _claim(row, record))


def _claim(row: dict[str, Any], record: History) -> Question | None:
    where = row.get("context") or {}
    people = [_entity(name, record) for name in re.split(r" (?:over|past|&) ", row["subject"])]
    if None in people:
        return None
    subjects = tuple(one for one in people if one)
    relation = "over" if re.search(r" over | past ", row["subject"]) else ""
    relation = "&" if " & " in row["subject"] else relation
    held = record.event(where.get("season") or 0, where.get("round") or 0)
    told = {
        "claim_type": row["claim_type"],
        "subjects": subjects, "relation": relation, "value": row["value"],
        "hedge": row.get("qualifier") or "exact", "unit": row.get("unit") or "",
        "season": where.get("season"), "round": where.get("round"), "lap": row.get("lap"),
        "day": held.date if held else None, "scope": {},
    }  # fmt: skip
    meant = _read(row, told, record)
    return None if meant is None else question_of(**told | meant)


def question_of(**told: Any) -> Question:
    """A question by the older names of its further parts."""
    details = dict(told.pop("scope", {}) or {})
    if details.pop("before", False):
        told["moment"] = "before"
    for name in ("venue", "circuit"):
        if name in details:
            details["place"] = details.pop(name)
    if nation := details.pop("nationality", None):
        details["nation"] = Entity("nation", str(getattr(nation, "id", nation)), str(nation))
    if told["claim_type"] == "ranking":
        details.setdefault("order", "most")
    return Question(**told, details=details)


def _entity(name: str, record: History) -> Entity | None:
    if found := re.match(r"(\d{4})(?: .*\(round (\d+)\))?$", name):
        year, round_ = found.groups()
        return Entity("event", f"{year}-{round_}", name) if round_ else Entity("season", year, name)
    team = TEAMS.get(name, name.replace("-", "_"))
    if team in record.teams:
        return Entity("team", team, record.teams[team].name)
    wanted = fold(name.removesuffix("-jr"))
    for driver in reversed(record.drivers.values()):
        if fold(driver.name) == wanted or fold(driver.name).endswith(f" {wanted}"):
            return Entity("driver", driver.driver_id, driver.name)
    return None


def _read(row: dict[str, Any], told: dict[str, Any], record: History) -> dict[str, Any] | None:
    """What the value means, by type; None where it is free text."""
    kind, value = row["claim_type"], row["value"]
    if row["verdict"] == "uncheckable":
        return {}
    figure = isinstance(value, (int, float)) and not isinstance(value, bool)
    match kind, value:
        case "team", "team-mates":
            return {"value": None}
        case "team", str() if _entity(value, record):
            return {"scope": {"team": _entity(value, record)}}
        case "circuit", str():
            wanted = CIRCUITS.get(value, value.partition("-")[0])
            names = {(e.circuit, e.locality) for e in record.events}
            found = [c for c, town in names if fold(wanted) in f"{fold(c)} {fold(town)}"]
            return {"scope": {"circuits": tuple(found)}} if found else None
        case "relative_order", str() if value.startswith(("ahead of ", "outqualified ")):
            session = "qualifying" if value.startswith("outq") else "race"
            other = _entity(value.rpartition(" ")[2], record)
            return {"scope": {"other": other}, "value": "ahead of", "session": session}
        case "titles", str() if value.startswith("champion "):
            return {"value": {"season": int(value[-4:])}}
        case "calendar", str() if value.startswith("round "):
            return {"value": int(value[6:])}
        case "calendar", str() if value.startswith("next race "):
            where = f"{DEMONYMS.get(value[10:], value[10:].title())} Grand Prix"
            return {"scope": {"next": Entity("event", where, where)}}
        case "date", str() if re.match(r"\d{4}-", value):
            return {"value": date.fromisoformat(value)}
        case "title_math", str() if re.match(r"P\d", value):
            state = "secured" if "certain" in value else "not secured"
            return {"value": state, "scope": {"position": int(value[1])}}
        case "title_math", str() if "clinched" in value:
            return {"value": "secured"}
        case "title_math", "only rival still in contention":
            return {"value": "only rival"}
        case "title_math", "3 points needed at the Qatar sprint":
            return {"value": {"points": 3}}
        case "title_math", str() if value.startswith("champion after race"):
            return {"value": "secured"}
        case "title_math", "still in contention before the race":
            return {"value": "possible", "scope": {"before": True}}
        case "first_since", str() if value.startswith("maiden"):
            return {"value": "maiden", "unit": "podiums" if "podium" in value else "wins"}
        case "first_since", str() if value.startswith("previous win ("):
            year, round_ = map(int, re.findall(r"\d+", value))
            return {"value": {"season": year, "round": round_}, "unit": "wins"}
        case "first_since", "first win in 132 races":
            return {"value": None, "unit": "wins", "scope": {"races": 132}}
        case "first_since", "first Venezuelan podium":
            return {"value": "maiden", "unit": "podiums", "scope": {"nationality": "Venezuelan"}}
        case "first_since", "first win since 2004":
            return {"value": {"season": 2004}, "unit": "wins"}
        case "first_since", "first win at Silverstone since 2021":
            return {"value": {"season": 2021}, "unit": "wins", "scope": {"venue": True}}
        case "first_since", str() if re.match(r"first podium in (Spain|Mexico)", value):
            return {"value": "maiden", "unit": "podiums", "scope": {"venue": True}}
        case "first_since", "previous podium Kobayashi, Japan 2012":
            return {"value": {"season": 2012}, "unit": "podiums"}
        case "first_since", "debut 2010":
            return {"claim_type": "debut_season", "value": 2010}
        case "season_count", "5 winners in 5 races":
            return {"value": 5, "unit": "winners"}
        case "season_count", str() if value.endswith("%"):
            percent = int(re.findall(r"\d+", value)[0])
            return {"value": percent, "unit": "percent of wins"}
        case "first_since", "first time championship leader in 2017":
            return {"value": "maiden", "unit": "lead"}
        case "streak", "podium two years running at home":
            return {"value": 2, "unit": "podiums", "scope": {"venue": True, "before": True}}
        case "streak", "both cars on the podium 3 races running":
            return {"value": 3, "unit": "double podiums"}
        case "date", "in two weeks":
            return {"scope": {"days": 14}}
        case "age", int() if value == 18:
            return {"day": date(2016, 5, 15)}
        case "season_count", "first podium of the season":
            return {"value": 1, "unit": "podiums"}
        case "venue_count", _:
            return {"unit": "wins"}
        case "points_gap", "lead increased":
            return {"scope": {"direction": "increased"}}
        case "points_gap", "lead was 47 before too":
            return {"value": 47}
        case "points_gap", 33 if told["round"] == 10:
            return {"scope": {"before": True}}
        case "finish_position", str():
            places = re.match(r"(top|outside top) (\w+)", value)
            number = {"five": "5", "10": "10"}.get(places[2], "") if places else ""
            return {"value": f"{places[1]} {number}"} if places and number else None
        case "grid_position", "sprint pole":
            return {"session": "sprint", "value": 1}
        case "grid_position", "PL":
            return {}
        case "sprint_position", _:
            return {"session": "sprint"}
        case "retirement", "race ended badly":
            return {"value": "retired"}
        case "retirement", _:
            return {}
        case "retirement_reason", str():
            return {}
        case "nationality", str():
            return {}
        case "lap_of_event", str() if value.startswith("retired"):
            return {"scope": {"kind": "retirement"}}
        case "lap_of_event", str() if " past " in row["subject"] and told["lap"]:
            return {"scope": {"kind": "overtake"}}
        case "lap_of_event", "took the lead with 16 laps to go":
            return {"scope": {"kind": "lead"}, "lap": 34}
        case "pit_stop", str() if value.startswith("lap "):
            return {"unit": "lap", "value": told["lap"]}
        case "pit_stop", "one stop more than Leclerc":
            return {"value": 1, "scope": {"other": _entity("charles-leclerc", record)}}
        case "date", str() if value.endswith("day"):
            return {}
        case "ranking", "record number of poles":
            return {"value": 1, "unit": "poles"}
        case "ranking", "most British GP wins":
            return {"value": 1, "unit": "wins", "scope": {"venue": True}}
        case "ranking", "most starts without a podium":
            return {"value": 1, "unit": "starts", "scope": {"without": "podiums"}}
        case "laps_led", "almost the whole race":
            return {"value": "almost all"}
        case "red_flag" | "safety_car", _:
            return {"value": True}
        case "fastest_lap", str():
            return {"value": 1, "unit": "seconds", "hedge": "over"}
        case "event", _:
            return {}
    return {} if figure or isinstance(value, bool) else None
