"""What drivers and teams have done so often: counts, runs of races, first and last times."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from racecraft.errors import NotEnoughDataError
from racecraft.history.lineage import readings
from racecraft.history.nations import same_country

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from racecraft.history.results import History
    from racecraft.history.rows import Result

    Key = tuple[int, int]
    Deed = Callable[[Result], bool]

FIRST_SEASON = 1950
BOTH = 2  # cars of a team
YOUNGEST = 16  # nobody has started a race before this age
FASTEST_LAPS_SINCE = 2004  # first season of which the sources have everybody's fastest lap

DEEDS: Mapping[str, Deed] = {
    "wins": lambda row: row.position == 1,
    "podiums": lambda row: row.position is not None and row.position <= 3,
    "poles": lambda row: row.grid == 1,
    "front rows": lambda row: row.grid in (1, 2),
    "starts": lambda row: row.started,
    "entries": lambda _: True,
    "points finishes": lambda row: row.points > 0,
    "finishes": lambda row: row.finished,
    "classified finishes": lambda row: row.position is not None,
    "retirements": lambda row: row.retired,
    "top twos": lambda row: row.position in (1, 2),
    "second places": lambda row: row.position == 2,
    "third places": lambda row: row.position == 3,
    "top fives": lambda row: row.position is not None and row.position <= 5,
    "top tens": lambda row: row.position is not None and row.position <= 10,
}
_SAME = {
    "victories": "wins",
    "pole positions": "poles",
    "races": "starts",
    "grands prix": "starts",
    "dnfs": "retirements",
    "points": "points finishes",
}


class Named(Protocol):
    """Whoever is asked about: a driver or team, by the id that the record knows it by."""

    @property
    def kind(self) -> str:
        """``driver`` or ``team``."""

    @property
    def id(self) -> str:
        """``driver_id`` or ``team_id``."""

    @property
    def name(self) -> str:
        """Name in full."""


class Past(NamedTuple):
    """Race results up to some moment, in order, under one reading of whose they are."""

    rows: tuple[Result, ...]

    def since(self, first: Key | None = None, last: Key | None = None) -> Past:
        """Those from `first` to `last`, both included."""
        return Past(
            tuple(
                row
                for row in self.rows
                if (first is None or row.key >= first) and (last is None or row.key <= last)
            )
        )

    def at(self, rounds: frozenset[Key]) -> Past:
        """Those at these events."""
        return Past(tuple(row for row in self.rows if row.key in rounds))


def done(past: Past, unit: str, record: History) -> tuple[Result, ...]:
    """Rows in which it was done, by its unit; what takes both cars of a team, once an event.

    ``wins``, ``podiums``, ``poles``, ``starts``, ``points finishes``, ``fastest laps``, ... and
    ``double podiums`` or ``one-twos``.
    """
    words = unit.lower().removesuffix(" in a row").strip()
    if words in ("one-twos", "one-two"):
        deed, cars = DEEDS["top twos"], BOTH
    elif words.startswith("double "):
        deed, cars = deed_of(words.removeprefix("double "), record), BOTH
    else:
        deed, cars = deed_of(words, record), 1
    rows = [row for row in past.rows if deed(row)]
    if cars == 1:
        return tuple(rows)
    return tuple(each[0] for each in _by_event(rows) if len(each) >= cars)


def deed_of(unit: str, record: History) -> Deed:
    """What has to be done in a race to count."""
    words = _SAME.get(unit, unit)
    if words in ("fastest laps", "fastest lap"):
        return lambda row: row == record.fastest(*row.key)
    deed = DEEDS.get(words) or DEEDS.get(f"{words}s") or DEEDS.get(f"{words}es")
    if deed is None:
        raise NotEnoughDataError(f"how many {unit or 'of what'} is not in the data")
    return deed


def pasts(record: History, entity: Named, until: Key) -> tuple[Past, ...]:
    """All race results up to and including that event, once for each reading of a team's past."""
    if entity.kind == "driver":
        return (Past(record.of_driver.get(entity.id, ())).since(last=until),)
    if entity.kind == "nation":
        people = of_nation(record, entity.id)
        every = [row for row in record.of_all if row.driver_id in people and row.key <= until]
        return (Past(tuple(every)),)
    if entity.kind != "team":
        raise NotEnoughDataError(f"{entity.name} is neither a driver nor a team")
    found = []
    for stretches in readings(entity.id, until[0]):
        rows = [
            row
            for stretch in stretches
            for row in record.of_team.get(stretch.team_id, ())
            if stretch.first <= row.season <= stretch.last and row.key <= until
        ]
        found.append(Past(tuple(sorted(rows, key=lambda row: (row.key, row.order)))))
    return tuple(found)


def of_nation(record: History, nation: str) -> frozenset[str]:
    """``driver_id`` of everybody who raced for a country, by any of its names or its code."""
    return frozenset(
        each.driver_id for each in record.drivers.values() if same_country(each.nationality, nation)
    )


def whole(record: History, entity: Named, unit: str = "") -> None:
    """Raise where seasons are missing in which it may have happened too."""
    needed = FIRST_SEASON
    driver = record.drivers.get(entity.id)
    if entity.kind == "driver" and driver and driver.date_of_birth:
        needed = max(needed, driver.date_of_birth.year + YOUNGEST)
    if record.complete_since > needed:
        raise NotEnoughDataError(
            f"seasons before {record.complete_since} are not stored",
            hint=f"racecraft data add jolpica {record.complete_since - 1}, and back to {needed}",
        )
    debut = min(driver.codes, default=FIRST_SEASON) if driver else FIRST_SEASON
    if unit.startswith("fastest lap") and debut < FASTEST_LAPS_SINCE:
        raise NotEnoughDataError(f"fastest laps before {FASTEST_LAPS_SINCE} are not known")


def run(past: Past, deeds: Iterable[Result]) -> tuple[Result, ...]:
    """Return the rows of the last races in a row in which it was done, up to the latest.

    Races that nobody of them entered do not break it; a team has done it if one car has.
    """
    by_event = {row.key: row for row in reversed(tuple(deeds))}
    found: list[Result] = []
    for rows in reversed(_by_event(past.rows)):
        if rows[0].key not in by_event:
            break
        found.append(by_event[rows[0].key])
    return tuple(reversed(found))


def longest(past: Past, deeds: Iterable[Result]) -> tuple[Result, ...]:
    """Return the rows of the longest run of races in which it was done."""
    by_event = {row.key: row for row in reversed(tuple(deeds))}
    best: list[Result] = []
    now: list[Result] = []
    for rows in _by_event(past.rows):
        now = [*now, by_event[rows[0].key]] if rows[0].key in by_event else []
        best = max(best, now, key=len)
    return tuple(best)


def races(rows: Iterable[Result]) -> int:
    """How many events there are among the rows."""
    return len({row.key for row in rows})


def ranked(
    record: History, unit: str, until: Key, *, rounds: frozenset[Key] | None = None
) -> list[tuple[str, int]]:
    """``driver_id`` and how often, most often first; at these events alone if any are given."""
    counts = []
    for driver_id, rows in record.of_driver.items():
        past = Past(rows).since(last=until)
        past = past if rounds is None else past.at(rounds)
        if number := len(done(past, unit, record)):
            counts.append((driver_id, number))
    return sorted(counts, key=lambda each: -each[1])


def venues(record: History, place: object, event_key: Key | None) -> tuple[frozenset[Key], ...]:
    """Events at a venue, once for each reading: the circuit, the name of the event, the country.

    `place` is an entity or a name; None means the venue of the event.
    """
    name, kind = getattr(place, "id", place), getattr(place, "kind", "")
    event = record.event(*event_key) if event_key else None
    if kind == "event":
        year, _, round_ = str(name).partition("-")
        event, name = record.event(int(year), int(round_)), None
    elif place is not None:
        name = getattr(place, "name", None) if kind == "country" else name
    if name is None and event is not None:
        wanted = [("circuit", event.circuit), ("name", event.name)]
    else:
        wanted = [(column, str(name)) for column in ("circuit", "name", "country", "locality")]
    found = tuple(
        frozenset(each.key for each in record.events if getattr(each, column) == value)
        for column, value in wanted
    )
    found = tuple(dict.fromkeys(keys for keys in found if keys))
    if not found:
        raise NotEnoughDataError(f"no race at {name or 'that place'} is in the data")
    return found


def _by_event(rows: Sequence[Result]) -> list[list[Result]]:
    events: dict[Key, list[Result]] = {}
    for row in rows:
        events.setdefault(row.key, []).append(row)
    return list(events.values())
