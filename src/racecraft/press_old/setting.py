"""What an article is about: the event, the day, and who was there."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from racecraft.press_old.figures import as_date

if TYPE_CHECKING:
    from racecraft.history.results import History, Moment
    from racecraft.history.rows import Event
    from racecraft.press_old.names import Names
    from racecraft.press_old.sentence import Sentence

# Types of which a plain claim can tell which event an article is about.
CONSTRAINTS = frozenset(
    (
        "finish_position",
        "grid_position",
        "points_total",
        "points_gap",
        "standings_position",
        "season_count",
        "career_count",
        "streak",
        "retirement",
        "team",
        "lap_of_event",
        "calendar",
        "sprint_position",
        "circuit",
    )
)
SEASONS = 160  # whose sums of points are kept: those of two records
MOST_LAPS = 78  # a higher number is one of points more often than anything else
LOOKED_AT = 60  # so many of the likeliest events are compared with the points in the article
A_TOTAL, MOST_TOTALS = 2.0, 4  # what a total that fits is worth, and how many of them count
FRESH = timedelta(days=5)  # a race report comes out within so many days


@dataclass
class Setting:
    """The event and day of an article; questions about who was there are answered from them."""

    record: History
    names: Names
    event: Event | None = None
    written: date | None = None
    by_construction: bool = False
    order: tuple[str, ...] = ()
    entered: frozenset[str] = frozenset()
    team: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Look up who took part."""
        if self.event is None:
            return
        rows = self.record.results(*self.event.key)
        season = [
            row
            for event in self.record.calendar(self.event.season)
            for row in self.record.results(*event.key)
        ]
        self.order = tuple(dict.fromkeys(row.driver_id for row in [*rows, *season]))
        self.entered = frozenset(self.order)
        self.team = {row.driver_id: row.team_id for row in [*season, *rows]}

    @property
    def season(self) -> int | None:
        """Season of the event."""
        return self.event.season if self.event else None

    @property
    def day(self) -> date | None:
        """Day on which "now" is: that of the article, or else of the race."""
        return self.written or (self.event.date if self.event else None)

    def mates(self, who: str) -> tuple[str, ...]:
        """Team-mates of a driver at the event, or else in its season."""
        if self.event is None:
            return ()
        found = self.record.teammates(*self.event.key, who)
        if found:
            return found
        mine = self.team.get(who)
        return tuple(w for w in self.order if w != who and mine and self.team.get(w) == mine)

    def place(self, who: str) -> int | None:
        """Where somebody was classified at the event."""
        row = self.record.result(*self.event.key, who) if self.event else None
        return row.position if row else None

    def titles(self, who: str) -> int:
        """World titles of a driver before the season of the event."""
        season = self.season or 9999
        return sum(
            champion == who and year < season for year, champion in self.record.champions.items()
        )

    @property
    def reigning(self) -> str:
        """World champion of the season before."""
        return self.record.champions.get((self.season or 0) - 1, "")

    def _standing(self, place: int, when: Moment) -> str:
        if self.event is None:
            return ""
        rows = self.record.standings(*self.event.key, when=when)
        return next((row.id for row in rows if row.position == place), "")

    @property
    def leader(self) -> str:
        """Leader of the championship after the event."""
        return self._standing(1, "after")

    @property
    def winner(self) -> str:
        """Winner of the race."""
        return self._at(1)

    def _at(self, position: int) -> str:
        row = self.record.at(*self.event.key, position) if self.event else None
        return row.driver_id if row else ""

    @property
    def on_pole(self) -> str:
        """Who started first."""
        row = self.record.pole(*self.event.key) if self.event else None
        return row.driver_id if row else ""


def candidates(
    article: list[Sentence], record: History, names: Names, *, written: date | None
) -> list[tuple[float, Event]]:
    """Events an article may be about, likeliest first, with their scores.

    Every event gets points for what the article says that is true of it: its name or place, dates,
    the season, who won, who is named at all. An event within days before the article's date has
    the advantage.
    """
    seasons, places = _seasons(article, written), _places(article)
    named, winners = _named(article)
    found = []
    latest = record.latest(written) if written else None
    days = [
        mark.kinds["date"]
        for sentence in article
        for mark in sentence.marks
        if "day" in mark.kinds.get("date", ())
    ]
    for event in record.events:
        if written and event.date and event.date > written + timedelta(days=1):
            continue
        score = _score(event, days, record, names, places, seasons, named, winners, written, latest)
        if score > 0:
            found.append((score, event))
    found.sort(key=_likelier)
    totals = _totals(article)
    for n, (score, event) in enumerate(found[:LOOKED_AT] if totals else ()):
        points = _points(record, event)
        found[n] = (score + A_TOTAL * min(len(totals & points), MOST_TOTALS), event)
    return sorted(found, key=_likelier)


def _points(record: History, event: Event) -> set[float]:
    """Sums of points after an event, with none dropped: good enough to tell events apart."""
    return _sums(record, event.season).get(event.round, set())


@lru_cache(maxsize=SEASONS)
def _sums(record: History, season: int) -> dict[int, set[float]]:
    running: dict[str, float] = defaultdict(float)
    sums = {}
    for event in record.calendar(season):
        for session in ("sprint", "race"):
            for row in record.results(*event.key, session):
                running[row.driver_id] += row.points
        sums[event.round] = set(running.values())
    return sums


def _likelier(pair: tuple[float, Event]) -> tuple[float, int, int]:
    score, event = pair
    return -score, -event.season, -event.round


def _totals(article: list[Sentence]) -> set[float]:
    """Numbers of an article that can only be points in a championship."""
    return {
        mark.kinds["number"]
        for sentence in article
        for mark in sentence.marks
        if "number" in mark.kinds and "year" not in mark.kinds and mark.kinds["number"] > MOST_LAPS
    }


def _score(
    event: Event,
    days: list[dict[str, int]],
    record: History,
    names: Names,
    places: Counter[tuple[str, str]],
    seasons: Counter[int],
    named: Counter[tuple[str, ...]],
    winners: list[tuple[str, ...]],
    written: date | None,
    latest: Event | None,
) -> float:
    score = 0.0
    here = sum(
        n
        for (kind, which), n in places.items()
        if (
            kind == "event"
            and (
                event.name == which
                or (event.name in names.own["events"] and _alias(names, event.name, which))
            )
        )
        or (kind == "circuit" and event.circuit == which)
        or (kind == "country" and names.country(event) == which)
    )
    score += min(here, 4) * 2.0
    if written and event.date:
        ago = (written - event.date).days
        if latest is not None and latest.key == event.key:
            score += 6.0 if ago <= FRESH.days else 3.0
        elif ago > 400:
            score -= 4.0
    score += min(seasons.get(event.season, 0), 3) * 1.0
    if event.date:
        score += 4.0 * sum(as_date(when, event.date) == event.date for when in days)
    field_ = _entrants(event, record)
    hits = sum(n for ids, n in named.items() if field_ & set(ids))
    total = sum(named.values())
    score += 6.0 * hits / total if total else 0.0
    won = record.at(*event.key, 1)
    if won is not None:
        score += 3.0 * sum(won.driver_id in ids for ids in winners[:2])
    if not here and not (written and event.date and 0 <= (written - event.date).days <= 14):
        score -= 4.0
    return score


def _entrants(event: Event, record: History) -> set[str]:
    """Who took part; for an event without results, whoever took part in the last one with any."""
    earlier: Event | None = event
    while earlier is not None and not record.has_results(*earlier.key):
        earlier = record.step(*earlier.key, by=-1)
    return {row.driver_id for row in record.results(*earlier.key)} if earlier else set()


def _alias(names: Names, own: str, which: str) -> bool:
    return which in names.own["events"].get(own, ())


def _seasons(article: list[Sentence], written: date | None) -> Counter[int]:
    found = Counter[int]()
    for sentence in article:
        for mark in sentence.marks:
            if "year" in mark.kinds:
                found[mark.kinds["year"]] += 1
            if when := mark.kinds.get("date"):
                found[when.get("year", 0)] += 1
    if written:
        found[written.year] += 2
    return found


def _places(article: list[Sentence]) -> Counter[tuple[str, str]]:
    found = Counter[tuple[str, str]]()
    for n, sentence in enumerate(article):
        for i in sentence.find("place"):
            places = sentence.marks[i].kinds["place"]
            near = sentence.near(i, "GP", left=3, right=2) >= 0 or places[0][0] == "event"
            for place in places:
                found[place] += (2 if near else 1) * (2 if n < 2 else 1)
    return found


def _named(article: list[Sentence]) -> tuple[Counter[tuple[str, ...]], list[tuple[str, ...]]]:
    named = Counter[tuple[str, ...]]()
    winners = []
    for sentence in article:
        for i in sentence.find("driver", "driver_s"):
            if sentence.at(i, "team"):
                continue
            ids = sentence.marks[i].kinds.get("driver") or sentence.marks[i].kinds["driver_s"]
            named[ids] = 1
            if sentence.near(i, "WIN", "VICTORY", right=8, left=4) >= 0:
                winners.append(ids)
    return named, winners
