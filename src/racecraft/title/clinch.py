"""What is secured and what is out of reach: exact answers for any place of a championship."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from racecraft.errors import ArgumentError, NotEnoughDataError, NotFoundError
from racecraft.model.folding import fold
from racecraft.model.season import SESSION
from racecraft.model.shown import Shown
from racecraft.model.table import Column, Table
from racecraft.title.proof.bounds import can_pass, passed_by
from racecraft.title.proof.remaining import best_place, contest, nothing_but_wins
from racecraft.title.standings.ledger import ledger, ledgers
from racecraft.title.words import NAME, Names, place_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from racecraft.model.rulebook.rules import Championship
    from racecraft.model.season import Season
    from racecraft.title.next.stakes import Next
    from racecraft.title.proof.remaining import Contest, Ending
    from racecraft.title.standings.ledger import Ledger

NEWCOMERS = 20  # drivers who have not raced so far and still may; nobody can be passed by more
LAST_NEW_TEAM = 1995  # since then teams enter for a whole season

RIVALS = Table(
    "rivals",
    key=("name",),
    columns=(
        NAME,
        Column("position", pl.Int16, "place now"),
        Column("points", pl.Float64, "points that count"),
        Column("can_still_pass", pl.Boolean, "may be ahead of the one asked for in the end"),
    ),
)

COMPLETION = Table(
    "completion",
    key=("round", "session", "position", "name"),
    columns=(
        Column("round", pl.Int16, "round of the season"),
        SESSION,
        Column("event", pl.String, "name of the event"),
        Column("position", pl.Int16, "place in it; 0 for the fastest lap alone"),
        NAME,
        Column("fastest_lap", pl.Boolean, "and the fastest lap"),
    ),
)

WHEN = Table(
    "when",
    key=("position", "name"),
    columns=(
        Column("position", pl.Int16, "place in the end"),
        NAME,
        Column("round", pl.Int16, "round after which it, or better, was secured; null: not yet"),
        SESSION,
        Column("event", pl.String, "name of the event"),
    ),
)


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Clinch(Shown):
    """Whether a place is secured, possible, or out of reach, with the proof.

    Attributes
    ----------
    season, after, kind
        Championship, and after which round or sprint: ``20``, ``17:sprint``.
    name
        Driver or team.
    place
        Place now.
    position
        Place asked for.
    points, points_available
        Points that count, and the most that one can still score.
    secured
        He finishes there or better, whatever happens.
    possible
        Some completion of the season puts him there or better.
    rivals
        ``RIVALS``.
    next
        What the next race or sprint can decide; None where none is left.
    sentence
        The answer in words.
    completion
        ``COMPLETION``: one that puts him there; places left out are nobody's who matters.
    counterexample
        ``COMPLETION``: one that does not; empty where it is secured.
    bound
        Why no completion takes it from him, or what the counterexample shows.
    """

    season: int
    after: str
    kind: Championship
    name: str
    place: int
    position: int
    points: float
    points_available: float
    secured: bool
    possible: bool
    rivals: pl.DataFrame
    next: Next | None
    sentence: str
    completion: pl.DataFrame
    counterexample: pl.DataFrame
    bound: str


def clinch(
    season: Season,
    *,
    after: int | str | None = None,
    driver: str | None = None,
    team: str | None = None,
    position: int = 1,
    kind: Championship = "drivers",
    look_ahead: bool = True,
) -> Clinch:
    """Whether a driver or a team has secured a place, can reach it, and what must happen next.

    Parameters
    ----------
    season
        Needs ``events``, ``drivers`` and ``results``.
    after
        As in `racecraft.title.standings.standings`.
    driver
        Code; left out, whoever leads.
    team
        Name; asks about the constructors' championship.
    position
        Place asked for.
    kind
        ``drivers`` or ``constructors``, where neither is named.
    look_ahead
        Also what the next race or sprint can decide: most of the time goes into that. Without it
        `Clinch.next` is None.

    Raises
    ------
    NotFoundError
        The driver or team has not taken part, or there is no such round or sprint.
    ArgumentError
        Nobody can finish in such a place.
    RuleError, NotEnoughDataError
        As in `racecraft.title.standings.standings`; or the answer needs the extra ``title``.

    Notes
    -----
    Exact. In everything that is left every place goes to one car, nobody need score, and drivers
    who have not raced before may come (teams until 1995). Points are awarded in full, the one for
    the fastest lap to one driver, and nobody shares a car. A tie is broken by countback.

    References
    ----------
    FIA Formula One Sporting Regulations, Articles 6.4 and 7.2, and those before them.

    Examples
    --------
    >>> from racecraft.sources.sample.sample import sample_season
    >>> answer = clinch(sample_season(), after=20, driver="PER", position=2)
    >>> answer.secured, answer.possible, answer.points_available
    (False, True, 52.0)
    >>> answer.sentence
    'Pérez secures second in the Las Vegas Grand Prix unless Hamilton outscores him by 7 or more.'
    """
    if driver is not None and team is not None:
        raise ArgumentError("a driver or a team, not both")
    if team is not None:
        kind = "constructors"
    books = ledger(season, after=after, kind=kind)
    target = _entrant(season, books, driver if kind == "drivers" else team)
    if not 1 <= position <= len(books.names):
        raise ArgumentError(
            f"nobody can finish in place {position} of {len(books.names)}",
            hint=f"a place from 1 to {len(books.names)}",
            position=position,
        )
    if kind == "drivers":
        _check_alone(season, position)
    rest = contest(books, target, newcomers=_newcomers(books))
    names = Names.of(season, books.kind)
    possible = best_place(rest) <= position
    verdict = passed_by(rest, position)
    secured = possible and not verdict.possible
    now = books.places
    upcoming = _next(rest, position, names) if look_ahead and books.left else None
    last = books.sessions[books.run - 1]
    return Clinch(
        season=season.season,
        after=f"{last.round}:sprint" if last.session == "sprint" else str(last.round),
        kind=kind,
        name=books.names[target],
        place=int(now[target]),
        position=position,
        points=round(float(books.totals[target]), 6),
        points_available=most_left(rest),
        secured=secured,
        possible=possible,
        rivals=_rivals(rest, len(books.names)),
        next=upcoming,
        sentence=_sentence(names, rest, position, upcoming, secured=secured, possible=possible),
        completion=_written(rest, nothing_but_wins(rest, target) if possible else []),
        counterexample=_written(rest, verdict.endings),
        bound=verdict.why,
    )


def _check_alone(season: Season, position: int) -> None:
    """Raise an error where places of drivers who share cars are asked for, beyond the first.

    Whether one rival can pass is the same for them; how many can at once is not.
    """
    shared = season.results.select("event", "session", "car").drop_nulls()
    crews = season.rules is not None and season.rules.crews and shared.is_duplicated().any()
    if crews and position > 1:
        raise NotEnoughDataError(
            "drivers who share a car finish together, and only the first place is proven for them",
            hint="ask for position 1, or for a team",
            position=position,
        )


def clinch_when(season: Season, *, kind: Championship = "drivers") -> pl.DataFrame:
    """The race or sprint in which each place of a season was secured.

    Parameters
    ----------
    season
        Needs ``events``, ``drivers`` and ``results``.
    kind
        ``drivers`` or ``constructors``.

    Returns
    -------
    DataFrame
        ``WHEN``: whoever is in each place after the last results, and since when it or a better
        one is his whatever happens. A place that two share comes twice.

    Raises
    ------
    RuleError, NotEnoughDataError
        As in `racecraft.title.standings.standings`.

    Examples
    --------
    >>> from racecraft.sources.sample.sample import sample_season
    >>> clinch_when(sample_season()).row(0)
    (1, 'VER', 17, 'sprint', 'Qatar Grand Prix')
    """
    if kind == "drivers":
        _check_alone(season, 2)
    history = ledgers(season, kind=kind)
    places = history[-1].places
    rows = []
    for i, name in enumerate(history[-1].names):
        if history[-1].excluded[i]:
            continue
        since = None
        for books in reversed(history):
            if not _secured(books, name, int(places[i])):
                break
            since = books.sessions[books.run - 1]
        rows.append(
            {
                "position": int(places[i]),
                "name": name,
                "round": since.round if since else None,
                "session": since.session if since else None,
                "event": since.name if since else None,
            }
        )
    return WHEN.rows(rows).sort("position", "name")


def most_left(rest: Contest) -> float:
    """The most that one driver, or one team, can score in what is left."""
    cars = 1 if rest.books.best_car_only else rest.books.cars
    return sum(sum(one.points[:cars]) + one.lap_points for one in rest.open)


def _secured(books: Ledger, name: str, position: int) -> bool:
    if name not in books.names:
        return False
    rest = contest(books, books.names.index(name), newcomers=_newcomers(books))
    return not passed_by(rest, position).possible


def _newcomers(books: Ledger) -> int:
    """How many who have not taken part may still score."""
    if books.kind == "constructors" and books.season > LAST_NEW_TEAM:
        return 0
    return min(NEWCOMERS, sum(len(one.points) for one in books.left))


def _entrant(season: Season, books: Ledger, asked: str | None) -> int:
    """Number of a driver or team on the books; of the leader where none is asked for."""
    if asked is None:
        return int(books.places.argmin())
    for i, name in enumerate(books.names):
        if fold(name) == fold(asked):
            return i
    known = (
        season.drivers["driver"] if books.kind == "drivers" else season.teams["team"]
    ).to_list()
    later = any(fold(name) == fold(asked) for name in known)
    what = "driver" if books.kind == "drivers" else "team"
    raise NotFoundError(
        f"{what} {asked!r} {'has not taken part by then' if later else 'took no part'} "
        f"in {season.season}",
        hint=f"these have: {', '.join(books.names)}",
        season=season.season,
    )


def _rivals(rest: Contest, named: int) -> pl.DataFrame:
    places, totals = rest.books.places, rest.books.totals
    return RIVALS.rows(
        [
            {
                "name": rest.books.names[i],
                "position": int(places[i]),
                "points": round(float(totals[i]), 6),
                "can_still_pass": can_pass(rest, i),
            }
            for i in sorted(rest.rivals, key=lambda i: (places[i], rest.books.names[i]))
            if i < named
        ]
    )


def _written(rest: Contest, endings: Iterable[Ending]) -> pl.DataFrame:
    rows = []
    for ending in sorted(endings, key=lambda ending: ending.at):
        session = rest.books.sessions[ending.at]
        facts = {"round": session.round, "session": session.session, "event": session.name}
        placed = dict(ending.places)
        if ending.fastest_lap >= 0 and ending.fastest_lap not in placed.values():
            placed[0] = ending.fastest_lap
        rows += [
            facts
            | {
                "position": place,
                "name": rest.books.names[who],
                "fastest_lap": who == ending.fastest_lap,
            }
            for place, who in placed.items()
        ]
    return COMPLETION.rows(rows).sort(
        "round", "session", "position", descending=[False, True, False]
    )


def _next(rest: Contest, position: int, names: Names) -> Next:
    """What the next event can decide; what works it out is large, and loaded when asked for."""
    from racecraft.title.next.stakes import next_event

    return next_event(rest, position, names)


def _sentence(
    names: Names,
    rest: Contest,
    position: int,
    upcoming: Next | None,
    *,
    secured: bool,
    possible: bool,
) -> str:
    who, what = names.short(rest.books.names[rest.target]), place_words(position)
    if secured:
        return f"{who} has secured {what}."
    if not possible:
        return f"{what[:1].upper()}{what[1:]} is out of reach for {who}."
    return upcoming.sentence if upcoming else f"{who} can finish in place {position}."
