"""Which seasons and events an article may be about, by what exists: places, days, who entered."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from racecraft.press.claim import EventClue
from racecraft.press.lexicon.concepts import Concept, Kind
from racecraft.press.lexicon.dates import as_date

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from racecraft.history.roster import Roster
    from racecraft.history.rows import Event
    from racecraft.press.lexicon.marks import Sentence
    from racecraft.press.lexicon.names import Names, Place
    from racecraft.press.reading.people import People

MOST_CLUES = 66  # events that are named as possible: all rounds of three seasons, if need be
BESIDE = 3  # marks between a place and its year
FRESH, RECENT, LONG_AGO = 5, 14, 400  # days between a race and what is written of it
BEST_SEASONS = 3
MANY_PEOPLE = 5
NOBODY_THERE = 5.0  # weight against an event at which nobody was entered who is named
CLOSE = 0.1  # share of people by which a season that is named may be behind another one


def likely_seasons(marked: list[Sentence], day: date | None, roster: Roster) -> list[int]:
    """Seasons that an article may be about, the likeliest first."""
    years = Counter[int]()
    for sentence in marked:
        for mark in sentence.marks:
            if Kind.YEAR in mark.kinds:
                years[mark.kinds[Kind.YEAR]] += 1
            elif "year" in mark.kinds.get(Kind.DATE, {}):
                years[mark.kinds[Kind.DATE]["year"]] += 2
    if day:
        years[day.year] += 3
    held = [year for year, _ in years.most_common() if roster.calendar(year)]
    if day and held:
        return held
    by_people = _by_people(marked, roster)
    if not held:
        return by_people
    named = _named(marked)
    shares = {year: _raced(year, named, roster) for year in {*held, *by_people}}
    best = max(shares.values(), default=0.0)
    likely = [year for year in held if shares[year] >= best - CLOSE]
    return likely or by_people


def _raced(year: int, named: set[tuple[str, ...]], roster: Roster) -> float:
    """Share of the names in an article that are somebody's who raced in a season."""
    return sum(
        any(year in roster.drivers[who].codes for who in ids) for ids in named
    ) / max(len(named), 1)  # fmt: skip


def _by_people(marked: list[Sentence], roster: Roster) -> list[int]:
    """Seasons in which most of those who are named were entered together."""
    seasons = Counter[int]()
    names = {
        mark.kinds[Kind.DRIVER]
        for sentence in marked
        for mark in sentence.marks
        if Kind.DRIVER in mark.kinds and Kind.TEAM not in mark.kinds
    }
    for ids in names:
        for year in {year for who in ids for year in roster.drivers[who].codes}:
            seasons[year] += 1
    best = max(seasons.values(), default=0)
    least = best - (best >= MANY_PEOPLE)  # one of many may be somebody of the past
    likely = [year for year, n in seasons.items() if n >= least]
    return sorted(likely, key=lambda year: (-seasons[year], -year))[:BEST_SEASONS]


def clues(
    marked: list[Sentence], day: date | None, names: Names, people: People
) -> list[EventClue]:
    """Events that an article may be about, the likeliest first, each with its reasons."""
    places, days = _places(marked), _days(marked)
    roster, latest = names.roster, names.roster.latest(day) if day else None
    named = _named(marked)
    found = []
    for event in roster.events:
        reasons = [
            *_by_place(event, places, names), *_by_day(event, day, days, latest),
            *_by_year(event, people),
        ]  # fmt: skip
        weight = sum(each for each, _ in reasons)
        if weight > 0:
            found.append((weight, reasons, event))
    found.sort(key=lambda each: (-each[0], -each[2].season, -each[2].round))
    made = []
    for weight, reasons, event in found[: 4 * MOST_CLUES]:
        share = _entered(event, named, roster)
        total = weight + 4 * share - _by_nobody(event, named, share, roster)
        there = _who_was_there(event, named, roster)
        said = [*(reason for _, reason in reasons), *([there] if there else [])]
        made.append(EventClue(event.season, event.round, round(total, 2), "; ".join(said)))
    return sorted(made, key=lambda clue: -clue.weight)[:MOST_CLUES]


def _by_nobody(
    event: Event, named: set[tuple[str, ...]], share: float, roster: Roster
) -> float:  # fmt: skip
    """What speaks against an event at which none of several who are named was entered."""
    strangers = not share and len(named) > 1 and bool(roster.entries(*event.key))
    return NOBODY_THERE if strangers else 0.0


def _who_was_there(event: Event, named: set[tuple[str, ...]], roster: Roster) -> str:
    """How many of the drivers of its season that an article names were entered in an event.

    Each counts once, by whatever names; who raced in other years alone tells nothing of it.
    """
    entered = {driver for driver, _ in roster.entries(*event.key)}
    meant = [set(ids) for ids in named]
    once = [ids for ids in meant if not any(other < ids for other in meant)]
    drove = [ids for ids in once if any(roster.code(event.season, who) for who in ids)]
    if not drove:
        return ""
    there, of = sum(not entered.isdisjoint(ids) for ids in drove), len(drove)
    if of == 1:
        told = "was entered" if there else "was not entered"
        return f"the only driver of {event.season} it names {told}"
    if there == of:
        return f"all {of} drivers of {event.season} it names were entered"
    was = "was" if there == 1 else "were"
    return f"{there or 'none'} of the {of} drivers of {event.season} it names {was} entered"


def _places(marked: list[Sentence]) -> Counter[tuple[Place, int | None]]:
    """How often places are named, apart by the year that stands beside them."""
    found = Counter[tuple[tuple[str, str], int | None]]()
    for n, sentence in enumerate(_of_now(marked)):
        for i, mark in enumerate(sentence.marks):
            if Kind.VENUE in mark.kinds and mark.text[:1].isupper():
                year = _year_beside(sentence, i)
                event = any(kind == "event" for kind, _ in mark.kinds[Kind.VENUE])
                weight = 2 if event or sentence.at(i + 1, Concept.GP) else 1
                for place in mark.kinds[Kind.VENUE]:
                    found[place, year] += weight * (2 if n < 2 else 1)
    return found


def _year_beside(s: Sentence, i: int) -> int | None:
    """The year of a place: "Monza 2018", "in 2018 at Monza", "at Monza in 2018"."""
    for by in (1, -1):
        for k in range(i + by, i + by * (BESIDE + 1), by):
            if s.at(k, Kind.YEAR):
                year: int = s.marks[k].kinds[Kind.YEAR]
                return year
            if not s.at(k, Concept.GP, Concept.AT, Concept.ON, Concept.OF, Concept.THE, Kind.VENUE):
                break
    return None


def _of_now(marked: list[Sentence]) -> list[Sentence]:
    """Sentences without those that tell what comes next, where others name a place."""
    now = [s for s in marked if not any(mark.is_a(Concept.NEXT) for mark in s.marks)]
    named = any(Kind.VENUE in mark.kinds for s in now for mark in s.marks)
    return now if named else marked


def _days(marked: Iterable[Sentence]) -> list[dict[str, int]]:
    return [
        mark.kinds[Kind.DATE]
        for sentence in _of_now(list(marked))
        for mark in sentence.marks
        if "day" in mark.kinds.get(Kind.DATE, {})
    ]


def _named(marked: Iterable[Sentence]) -> set[tuple[str, ...]]:
    return {
        mark.kinds[Kind.DRIVER]
        for sentence in marked
        for mark in sentence.marks
        if Kind.DRIVER in mark.kinds and Kind.TEAM not in mark.kinds
    }


def _by_place(
    event: Event, places: Counter[tuple[Place, int | None]], names: Names
) -> list[tuple[float, str]]:
    said = 0
    for ((kind, which), year), n in places.items():
        if year is not None and year != event.season:
            continue
        own = names.own["events"].get(event.name, ())
        if (
            (kind == "event" and (event.name == which or which in own))
            or (kind == "circuit" and event.circuit == which)
            or (kind == "country" and names.country(event) == which)
        ):
            said += n
    return [(min(said, 4) * 2.0, f"names {event.name} or its place")] if said else []


def _by_day(
    event: Event, day: date | None, days: list[dict[str, int]], latest: Event | None
) -> list[tuple[float, str]]:
    found = []
    if day and event.date:
        ago = (day - event.date).days
        if latest is not None and latest.key == event.key:
            when = f"{ago} day{'' if ago == 1 else 's'} after it" if ago else "on its day"
            found.append((6.0 if ago <= FRESH else 3.0, f"written {when}"))
        elif ago > LONG_AGO or ago < -RECENT:
            found.append((-4.0, f"written {abs(ago)} days apart from it"))
    if event.date and any(as_date(when, event.date) == event.date for when in days):
        found.append((4.0, "names its day"))
    return found


def _by_year(event: Event, people: People) -> list[tuple[float, str]]:
    return [(1.5, f"speaks of {event.season}")] if event.season in people.seasons else []


def _entered(event: Event, named: set[tuple[str, ...]], roster: Roster) -> float:
    """Share of the names in an article that are somebody's who was entered."""
    entered = {driver for driver, _ in roster.entries(*event.key)}
    return sum(not entered.isdisjoint(ids) for ids in named) / len(named) if named else 0.0
