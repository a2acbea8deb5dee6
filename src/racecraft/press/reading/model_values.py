"""Values as a language model words them in English, made into those that claim types document."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, cast

from racecraft.history.nations import country
from racecraft.model.folding import fold
from racecraft.press.claim import Entity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from racecraft.press.claim import Hedge
    from racecraft.press.reading.roster_names import RosterNames

COUNTED = frozenset(
    ("career_count", "season_count", "venue_count", "streak", "ranking", "first_since")
)
PLACES = frozenset(
    (
        "finish_position", "grid_position", "qualifying_position", "standings_position",
        "sprint_position",
    )
)  # fmt: skip
NUMBERS = frozenset(
    ("career_count", "season_count", "venue_count", "streak", "points_total", "age")
)
YES = frozenset(
    ("podium", "fastest_lap", "retirement", "red_flag", "safety_car", "home_race", "entry")
)


def as_annotated(kind: str, value: Any, quote: str) -> tuple[str, Any]:
    """Type and value of a claim where two types say the same: each thing has one type here.

    The first of a career is a `first_since`, pole position a place on the grid.
    """
    if kind == "career_count" and value == 1:
        return "first_since", "maiden"
    if kind == "qualifying_position" and value == 1 and "pol" in quote.lower():
        return "grid_position", 1
    return kind, value


def number_in(text: str) -> float | None:
    """First number of a text, in figures or in English words."""
    if found := re.search(r"\d+(?:[.,]\d+)?", text):
        return _plain(float(found[0].replace(",", ".")))
    for word in re.findall(r"[a-z]+", text.lower()):
        if word in _words()["numbers"]:
            return float(_words()["numbers"][word])
    return None


def figure_of(kind: str, value: Any) -> Any:
    """Value of a claim of that type; what cannot be made one stays as it is."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        if kind in YES and kind != "fastest_lap":
            return True
        return _plain(float(value))
    text = str(value).strip()
    words = fold(text)
    if re.fullmatch(r"-?\d+(?:\.\d+)?", text):
        return _plain(float(text))
    if kind in PLACES:
        return _place(words)
    if kind in YES - {"podium", "retirement"}:
        return not words.startswith(("no ", "not ", "did not"))
    if kind in NUMBERS:
        number = number_in(text)
        return text if number is None else number
    return _WORDED[kind](words, text) if kind in _WORDED else text


def unit_of(kind: str, unit: Any, value: Any) -> str:
    """Unit of a count, in the words of the tables; that of the value's own words if need be."""
    said = str(unit or "").lower().strip()
    if said in _words()["units"]:
        return str(_words()["units"][said])
    if kind not in COUNTED:
        return said
    for text in (said, str(value or "").lower()):
        for meant, pattern in _words()["unit_words"].items():
            if text and re.search(pattern, text):
                return str(meant)
    return said


def hedge_of(quote: str, kind: str, value: Any) -> Hedge:
    """How the figure is hedged in the words of the claim, directly before it."""
    if not isinstance(value, int | float) or kind in PLACES:
        return "exact"
    for hedge, pattern in _words()["hedges"].items():
        if re.search(pattern + r"\W+(?:\w+\W+){0,2}?(?:\d|half|halve|\w+)", quote.lower()):
            found = re.search(pattern, quote.lower())
            if found and _number_follows(quote[found.end() :]):
                return cast("Hedge", hedge)
    return "exact"


def details_of(
    kind: str, value: Any, row: Mapping[str, Any], names: RosterNames, season: int | None
) -> dict[str, Any]:
    """Further parts of a claim, from the words of its value."""
    text = str(value or "")
    match kind:
        case "team":
            team = names.team(text, season)
            return {"team": team} if team else {}
        case "first_since":
            return _since(text, names, season)
        case "date":
            return _date(text)
        case "circuit":
            return _circuit(text, names, season)
        case "venue_count":
            return {"place": _place_named(f"{text} {row.get('unit') or ''}", names, season) or True}
        case "streak":
            place = _place_named(f"{text} {row.get('unit') or ''}", names, season)
            return {"place": place} if place else {}
        case "calendar":
            return _calendar(text, row)
        case "ranking":
            return _ranking(text, row, names, season)
        case "lap_of_event" if isinstance(value, int) and row.get("unit") == "place":
            return {"kind": "position", "position": value}
        case "lap_of_event" if re.search(r"lead|led\b|first", text.lower()):
            return {"kind": "lead"}
        case "titles":
            words = f"{text} {row.get('unit') or ''}".lower()
            kinds = {"constructor": "constructors", "drivers'": "drivers", "driver ": "drivers"}
            return {"kind": next((k for w, k in kinds.items() if w in words), "")}
    return {}


def _circuit(text: str, names: RosterNames, season: int | None) -> dict[str, Any]:
    """Circuits that are named; nothing where the value names none."""
    found = set(names.circuits(text))
    if season:
        found |= {event.circuit for event in names.events(text, season)}
    return {"circuits": tuple(sorted(found))} if found else {}


def _number_follows(text: str) -> bool:
    head = re.findall(r"\w+", text.lower())[:3]
    return any(
        word[0].isdigit() or word in _words()["numbers"] or word in _words()["words"]["figures"]
        for word in head
    )


def _plain(number: float) -> float | int:
    return int(number) if number == int(number) else number


def _place(words: str) -> Any:
    if words in ("pole", "pole position"):
        return 1
    if words in ("pit lane", "pl", "pitlane"):
        return "PL"
    if words.startswith(("leader", "lead", "championship lead", "first")):
        return 1
    if found := re.fullmatch(r"(outside )?(?:the )?top (\w+)", words):
        number = number_in(found[2])
        return f"{found[1] or ''}top {number}" if number else words
    if "outside the points" in words or "out of the points" in words:
        return "outside points"
    if words in ("in the points", "points"):
        return "points"
    if words == "last":
        return "last"
    first = words.split()[0] if words else ""
    if found := re.match(r"(?:p)?(\d+)(?:st|nd|rd|th)?$", first):
        return int(found[1])
    return _words()["ordinals"].get(first, words)


def _titles(words: str) -> Any:
    if "reigning" in words or "defending" in words:
        return "reigning"
    if found := re.search(r"\b(?:19|20)\d\d\b", words):
        return {"season": int(found[0])}
    if "champion" in words:
        return "champion"
    return number_in(words) or words


def _retirement(words: str) -> Any:
    if "not start" in words or words == "dns":
        return "did not start"
    if "disqual" in words:
        return "disqualified"
    return not words.startswith(("finished", "no ", "continued", "not "))


def _title_math(words: str) -> Any:
    if re.search(r"clinch|secured|certain|decided|champion", words):
        return "secured"
    if re.search(r"still|open|in contention|possible", words):
        return "possible"
    if re.search(r"out of|impossible|no longer|cannot", words):
        return "impossible"
    return words


def _since(text: str, names: RosterNames, season: int | None) -> dict[str, Any]:
    words = text.lower()
    if re.search(r"opening|start|running|in a row|ever\b|in succession", words):
        return {"complex": True}
    found = _last_time(words, names, season)
    if not found:
        found["maiden"] = True
    if re.search(r"of the (season|year)|of (19|20)\d\d|this (season|year)", words):
        found["season"] = season
    head = words.partition("since")[0]
    for word in re.findall(r"[a-z]{4,}", head):
        code = country(word)
        after = rf"\b{word}\s+(?:\w+ )?(?:win|victor|podium|pole|drought|driver)"
        if code and re.search(after, words):
            found["nation"] = Entity("nation", code, word.title())
    place = _place_named(head, names, season)
    if place or re.search(r"\bhome\b", head):
        found["place"] = place or True
    return found


def _last_time(words: str, names: RosterNames, season: int | None) -> dict[str, Any]:
    """When it was done last: so many years or races ago, in a season, at an event of this one."""
    found: dict[str, Any] = {}
    if years := re.search(r"(\w+)[- ]years?\b", words):
        found["years"] = number_in(years[1])
    if races := re.search(r"(?:in|for|after) (\w+) (?:races|grands prix|starts)", words):
        found["races"] = number_in(races[1])
    if since := re.search(r"(?:since|last|previous|after)\b(.*)", words):
        if year := re.search(r"\b(?:19|20)\d\d\b", since[1]):
            found["since"] = {"season": int(year[0])}
        elif season and (events := names.events(_place_words(since[1]), season)):
            found["since"] = {"season": season, "round": events[0].round}
    return found


def _place_named(text: str, names: RosterNames, season: int | None) -> Any:
    """Venue that is named after "in" or "at"."""
    found = re.search(r"\b(?:in|at|on)\s+((?:[a-zà-ü][\w'-]*\s?){1,3})", text.lower())
    if not found or season is None:
        return None
    words = found[1].split()
    for size in range(len(words), 0, -1):
        name = " ".join(words[:size])
        for year in (season, season - 1, season + 1):
            if events := names.events(name, year):
                event = events[0]
                return Entity("event", event.id, event.full_name)
    return None


def _place_words(text: str) -> str:
    return re.sub(r"\b(the|opening|round|race|in|at|grand prix of)\b", " ", text).strip(" ,.")


def _date(text: str) -> dict[str, Any]:
    words = fold(text)
    found: dict[str, Any] = {}
    if re.fullmatch(r"\d{4} \d\d \d\d", words):
        whole = date.fromisoformat(words.replace(" ", "-"))
        return {"year": whole.year, "month": whole.month, "day": whole.day}
    for n, name in enumerate(_words()["words"]["weekdays"]):
        if name in words:
            found["weekday"] = n
    for n, name in enumerate(_words()["words"]["months"], 1):
        if re.search(rf"\b{name}\b", words):
            found["month"] = n
            if day := re.search(rf"\b{name} (\d\d?)\b|\b(\d\d?)(?:st|nd|rd|th)? {name}\b", words):
                found["day"] = int(day[1] or day[2])
    if year := re.search(r"\b(?:19|20)\d\d\b", words):
        found["year"] = int(year[0])
    if re.search(r"\b(last|next|in) (week|\w+ weeks)", words) or "ago" in words:
        found.clear()
    return found


def _calendar(text: str, row: Mapping[str, Any]) -> dict[str, Any]:
    words = text.lower()
    if str(row.get("unit") or "").startswith("th ") or "th grand prix" in words:
        return {"nth": number_in(text)}
    if words.startswith("next"):
        return {"follows": _place_words(words.partition("after")[2])}
    if re.search(r"opening|opener|first race of|first round", words):
        return {"round": 1}
    if re.search(r"\blast race|finale|final race|season-ending", words):
        return {"round": "last"}
    if "penultimate" in words:
        return {"round": "penultimate"}
    return {}


def _ranking(
    text: str, row: Mapping[str, Any], names: RosterNames, season: int | None
) -> dict[str, Any]:
    words = f"{text} {row.get('unit') or ''}".lower()
    found: dict[str, Any] = {}
    if re.search(r"\bonly\b(?! \w+ (?:drivers?|men) with more)|\bnext\b|closest|equal", words):
        return found
    if match := re.search(r"\b(young|old)est\b", words):
        found["order"] = f"{match[1]}est"
    elif re.search(r"\b(most|record)\b", words) and "start" not in words:
        found["order"] = "most"
    elif match := re.search(r"only (\w+) (?:drivers?|men|man|people) with more", words):
        found |= {"order": "most", "position": (number_in(match[1]) or 0) + 1}
    elif re.search(r"(?:man|driver|person|team) to (?:win|take)", words):
        found |= {"order": "nth to", "threshold": number_in(words.partition(" to ")[2])}
    for word in re.findall(r"[a-z]{4,}", words):
        if code := country(word):
            found["nation"] = Entity("nation", code, word.title())
    if re.search(r"in a (?:single )?season|in one season", words):
        found["within"] = "season"
    if place := _place_named(text, names, season):
        found["place"] = place
    return found


def _row(words: str, _text: str) -> Any:
    said = words.split()[0] if words else ""
    return 1 if "front" in words else _words()["ordinals"].get(said, number_in(words))


_WORDED: dict[str, Callable[[str, str], Any]] = {
    "podium": lambda words, _: not re.search(r"\b(no|not|off|missed|outside)\b", words),
    "titles": lambda words, _: _titles(words),
    "retirement": lambda words, _: _retirement(words),
    "relative_order": lambda words, _: "behind" if words.startswith("behind") else "ahead of",
    "grid_row": _row,
    "points_gap": lambda words, text: 0 if re.search(r"level|equal", words) else text,
    "title_math": lambda words, _: _title_math(words),
}


@cache
def _words() -> dict[str, Any]:
    """Words of the model, as their file has them."""
    text = resources.files("racecraft.press.reading").joinpath("model_words.toml")
    found = tomllib.loads(text.read_text("utf-8"))
    found["units"] = {said: unit for unit, many in found["units"].items() for said in many}
    words = found["words"]
    found["numbers"] = {word: n for n, word in enumerate(words["numbers"])}
    found["ordinals"] = {word: n for n, word in enumerate(words["ordinals"], 1)}
    return found
