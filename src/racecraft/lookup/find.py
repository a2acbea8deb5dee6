"""The event or driver that somebody means, however they spell it."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from textwrap import shorten
from typing import TYPE_CHECKING, Any

import polars as pl

from racecraft.errors import ArgumentError, NotFoundError
from racecraft.lookup.people import driver_nicknames
from racecraft.lookup.places import country_of, nicknames, prizes
from racecraft.model.folding import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from racecraft.model.race import Race
    from racecraft.model.season import Season

SHORTEST_START = 3  # letters of a word that stand for the whole of it: "vegas", "sao", "hun"
LONGEST_NAME = 80  # characters; nothing is called by more
NEAREST = 3  # how many alternatives an error names


def find_event(events: pl.DataFrame, text: str | int, *, season: int | None = None) -> str:
    """Stable name of the event that a text means.

    Parameters
    ----------
    events
        ``EVENTS`` of one season.
    text
        A round, or a name, a country, a town or a circuit, with or without accents and ``GP``.
    season
        For errors.

    Raises
    ------
    NotFoundError
        No event of the season is meant; the hint names the nearest ones.
    ArgumentError
        More than one is: a country with three races, none of them named after it.

    Examples
    --------
    >>> from racecraft.sources.sample.sample import sample_season
    >>> find_event(sample_season().events, "Interlagos")
    'sao-paulo-grand-prix'
    >>> find_event(sample_season().events, "us gp")
    'united-states-grand-prix'
    """
    asked = shorten(str(text), LONGEST_NAME, placeholder="...")
    choices = [_Event.of(row) for row in events.sort("round").iter_rows(named=True)]
    if asked.isdecimal():
        found = [choice for choice in choices if choice.round == int(asked)]
    else:
        found = _by_words(choices, fold(asked))
    if len(found) == 1:
        return found[0].event
    year = f" {season}" if season else ""
    if found:
        raise ArgumentError(
            f"{asked!r} may be any of {len(found)} events of{year or ' the season'}",
            hint=f"say which one: {_listed(found)}",
            season=season,
            events=[choice.event for choice in found],
        )
    near = _nearest(choices, fold(asked))
    raise NotFoundError(
        f"no event {asked!r} in{year or ' the season'}",
        hint=f"did you mean {_listed(near)}?" if near else _rounds(choices),
        season=season,
        event=asked,
    )


def find_driver(drivers: pl.DataFrame, text: str | int) -> str:
    """Code of the driver that a text means: a code, a number, or a name with or without accents.

    Parameters
    ----------
    drivers
        ``ENTRIES`` of a race, or ``DRIVERS`` of a season.

    Raises
    ------
    NotFoundError
        Nobody is meant; the hint names the nearest.
    ArgumentError
        More than one is: two brothers.

    Examples
    --------
    >>> from racecraft.sources.sample.toy import toy_race
    >>> [find_driver(toy_race().entries, text) for text in ("ham", 44, "Hamilton")]
    ['HAM', 'HAM', 'HAM']
    """
    text = shorten(str(text), LONGEST_NAME, placeholder="...")
    asked = fold(text)
    key = "car" if "car" in drivers.columns else "driver"
    rows = drivers.select(
        pl.col(key).alias("key"), "number", "given_name", "family_name"
    ).to_dicts()
    ways: tuple[Callable[[dict[str, Any]], bool], ...] = (
        lambda row: fold(row["key"]) == asked,
        lambda row: str(row["number"]) == asked,
        lambda row: fold(row["family_name"] or "") == asked,
        lambda row: _full_name(row) == asked,
        lambda row: _full_name(row) == driver_nicknames().get(asked),
        lambda row: _starts(asked, _full_name(row)),
    )
    found = next((hits for way in ways if (hits := [row for row in rows if way(row)])), [])
    if len(found) == 1:
        return str(found[0]["key"])
    if found:
        codes = ", ".join(f"{row['key']} ({row['given_name']})" for row in found)
        raise ArgumentError(f"{text!r} may be any of {codes}", hint="give the code")
    names = {fold(row["family_name"] or ""): row["key"] for row in rows}
    names |= {fold(row["key"]): row["key"] for row in rows}
    near = sorted({names[name] for name in get_close_matches(asked, names, n=NEAREST)})
    who = near or sorted(row["key"] for row in rows)
    raise NotFoundError(
        f"no driver {text!r} took part",
        hint=f"did you mean {' or '.join(who)}?" if near else f"these did: {' '.join(who)}",
        driver=text,
    )


def find_after(season: Season, after: str) -> str:
    """Round or sprint of a season that is meant, its event by a stable name however it was spelt.

    Parameters
    ----------
    after
        A round, or an event by any of its names; ``:sprint`` behind it means its sprint.

    Raises
    ------
    NotFoundError, ArgumentError
        As `find_event`.
    """
    event, colon, session = after.partition(":")
    if event.strip().lstrip("-").isdecimal() or not event.strip():
        return after
    return f"{find_event(season.events, event, season=season.season)}{colon}{session}"


def find_car(race: Race, text: str | int) -> str:
    """Car that a text means, as `find_driver`; of shared cars also by the name of one who drove it.

    Raises
    ------
    NotFoundError
        No car is meant, and nobody of that name drove one; the hint names the nearest.
    ArgumentError
        More than one is.
    """
    asked = fold(str(text)[:LONGEST_NAME])
    drove = race.drivers_in_car.select("car", "driver").unique(maintain_order=True).drop_nulls()
    cars: set[str] = {
        car for car, name in drove.iter_rows() if asked in (fold(name), *fold(name).split()[1:])
    }
    if len(cars) > 1 and asked not in {fold(car) for car in race.entries["car"]}:
        raise ArgumentError(
            f"{text!r} may be any of cars {', '.join(sorted(cars))}", hint="give the number"
        )
    try:
        return find_driver(race.entries, text)
    except NotFoundError:
        if len(cars) == 1:
            return cars.pop()
        raise


def concerning(race: Race, rows: pl.DataFrame, driver: str | int, *columns: str) -> pl.DataFrame:
    """Rows in which a car or driver is named, by the code alone or among several.

    Parameters
    ----------
    driver
        As `find_car` takes it.
    columns
        Where cars are named, a space between several.

    Raises
    ------
    NotFoundError, ArgumentError
        As `find_car`.
    """
    car = find_car(race, driver)
    named = [pl.col(name).str.split(" ").list.contains(car) for name in columns]
    return rows.filter(pl.any_horizontal(named))


@dataclass(frozen=True)
class _Event:
    """What an event can be called by."""

    event: str
    round: int | None
    title: str
    name: str  # folded, without "grand prix"
    town: str
    circuit: str
    country: str

    @classmethod
    def of(cls, row: dict[str, Any]) -> _Event:
        return cls(
            event=row["event"],
            round=row["round"],
            title=row["name"] or row["event"],
            name=_stem(fold(row["name"] or row["event"])),
            town=fold(row["locality"] or ""),
            circuit=fold(row["circuit"] or ""),
            country=fold(row["country"] or ""),
        )

    @property
    def words(self) -> str:
        return f"{self.name} {self.town} {self.circuit}"


def _by_words(choices: Sequence[_Event], asked: str) -> list[_Event]:
    """Events that folded words mean; the first way of reading them that finds any is theirs.

    A country means the Grand Prix that is named after it before another that is run there.
    """
    stem = _stem(asked)
    spellings = country_of(stem)

    def named_after_country(event: _Event) -> bool:
        return event.name in spellings

    ways: list[Callable[[_Event], bool]] = [
        lambda event: stem in (event.name, _stem(fold(event.event))),
        lambda event: stem in (event.town, event.circuit),
        lambda event: _nicknamed(event, stem),
        named_after_country,
        lambda event: event.country in spellings,
        lambda event: _starts(stem, event.words),
    ]
    return next((hits for way in ways if (hits := [event for event in choices if way(event)])), [])


def _nicknamed(event: _Event, stem: str) -> bool:
    if stem not in nicknames():
        return False
    circuit, *names = nicknames()[stem]
    if event.circuit:
        return circuit in event.words
    return any(name in event.name for name in names)


def _stem(words: str) -> str:
    for head in prizes():
        if words.startswith(f"{head} "):
            return words.removeprefix(f"{head} ")
    for tail in ("grand prix", "grandprix", "gp"):
        words = words.removesuffix(tail).strip()
    return words


def _starts(asked: str, words: str) -> bool:
    """Every word asked for begins a word of the name."""
    starts = asked.split()
    return bool(starts) and all(
        len(start) >= SHORTEST_START and any(word.startswith(start) for word in words.split())
        for start in starts
    )


def _nearest(choices: Sequence[_Event], asked: str) -> list[_Event]:
    names: dict[str, _Event] = {}
    for choice in choices:
        for name in (choice.name, choice.town, *country_of(choice.country)):
            names.setdefault(name, choice)
    for nickname in nicknames():
        for choice in choices:
            if _nicknamed(choice, nickname):
                names.setdefault(nickname, choice)
    near = get_close_matches(_stem(asked), [name for name in names if name], n=2 * NEAREST)
    return list({names[name].event: names[name] for name in near}.values())[:NEAREST]


def _listed(events: Iterable[_Event]) -> str:
    names = [f"{e.title} ({e.round})" if e.round else e.title for e in events]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _rounds(choices: Sequence[_Event]) -> str:
    rounds = [choice.round for choice in choices if choice.round]
    return f"it has rounds {min(rounds)} to {max(rounds)}" if rounds else "it has no events yet"


def _full_name(row: dict[str, Any]) -> str:
    return fold(f"{row['given_name'] or ''} {row['family_name'] or ''}")
