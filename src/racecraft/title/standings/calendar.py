"""The races and sprints of a season in order: which are run, which are left."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from racecraft.errors import ArgumentError, NotEnoughDataError, NotFoundError
from racecraft.model.race import event_id
from racecraft.model.terms import SESSIONS
from racecraft.title.standings.shortened import regulations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from racecraft.model.rulebook.rules import Championship
    from racecraft.model.season import Season


DISQUALIFIED = "D"  # what a result says instead of a place, which may stay empty then


@dataclass(frozen=True, kw_only=True)
class Session:
    """A race or sprint, and what it is worth in one championship.

    Attributes
    ----------
    points
        By place.
    lap_points, lap_within
        Points for the fastest lap, and the last place with which one may have them.
    part
        Part of the season, from 0, of which so many results count.
    countback
        Places in it break ties.
    """

    round: int
    event: str
    name: str
    session: str
    points: tuple[float, ...]
    lap_points: float = 0.0
    lap_within: int | None = None
    part: int = 0
    countback: bool = True

    @property
    def most(self) -> float:
        """The most that one driver can score in it."""
        return (self.points[0] if self.points else 0.0) + self.lap_points


def calendar(
    season: Season, kind: Championship = "drivers", *, run: int | None = None
) -> list[Session]:
    """Every race and sprint of a season in order, those to come included.

    A sprint is where results of one are, or where the rulebook has one.

    Parameters
    ----------
    season
        Needs ``events`` and ``results``.
    kind
        ``drivers`` or ``constructors``.
    run
        How many of them are taken as run: all others are worth full points, even if it is known
        by now that they were stopped early. Left out, all are.

    Raises
    ------
    NotEnoughDataError
        The season has no events.
    RuleError
        No rulebook covers the season, or it has no such championship.
    """
    every = every_session(season, kind)
    run = len(every) if run is None else run
    return [held if at < run else to_come for at, (held, to_come) in enumerate(every)]


def every_session(season: Season, kind: Championship = "drivers") -> list[tuple[Session, Session]]:
    """Races and sprints in order, each as it is once it is run, and as it is while yet to come.

    Raises
    ------
    NotEnoughDataError, RuleError
        As `calendar`.
    """
    book = regulations(season)
    events = season.events.filter(pl.col("round").is_not_null()).sort("round")
    if events.is_empty():
        raise NotEnoughDataError(
            f"{season.season} has no calendar",
            hint="add the events of the season to the store",
            season=season.season,
        )
    with_sprint = {*book.sprints, *_run(season, "sprint")}
    sizes = [rounds for rounds, _ in book.counting(kind).parts(events.height)]
    parts = [part for part, size in enumerate(sizes) for _ in range(size)]
    every = [
        (event, part, session)
        for event, part in zip(events.iter_rows(named=True), parts, strict=True)
        for session in ("sprint", "race")
        if session == "race" or event["event"] in with_sprint
    ]
    lap = book.fastest_lap

    def made(event: dict[str, Any], part: int, session: str, *, to_come: bool) -> Session:
        lap_points = book.lap_points(event["event"], kind, to_come=to_come)
        excepted = kind == "constructors" and event["event"] in book.not_for_constructors
        return Session(
            round=event["round"],
            event=event["event"],
            name=event["name"] or event["event"],
            session=session,
            points=book.scale(event["event"], session, kind, to_come=to_come),
            lap_points=lap_points if session == "race" else 0.0,
            lap_within=lap.within if lap else None,
            part=part,
            countback=session == "race" and not excepted,
        )

    return [(made(*one, to_come=False), made(*one, to_come=True)) for one in every]


def sessions_run(season: Season, after: int | str | None = None) -> int:
    """How many races and sprints of the calendar are run; up to one of them where it is named.

    Parameters
    ----------
    season
        Needs ``events`` and ``results``.
    after
        ``17`` or ``"17"`` after the race of that round, ``"17:sprint"`` after its sprint; an event
        by name instead of its round. Left out, after all there are.

    Raises
    ------
    NotEnoughDataError
        The season has not begun, the session is yet to come, results are missing in between, or
        places that score are missing in one: nobody has them, and nobody was disqualified.
    NotFoundError
        There is no such round or sprint in the calendar.
    ArgumentError
        `after` is neither a round nor an event.
    """
    sessions = calendar(season)
    done = {(event, kind) for kind in SESSIONS for event in _run(season, kind)}
    run = [(one.event, one.session) in done for one in sessions]
    if not any(run):
        raise NotEnoughDataError(
            f"the {season.season} season has not begun: it has no results",
            hint=f"its first event is the {sessions[0].name}",
            season=season.season,
        )
    last = len(run) - 1 - run[::-1].index(True)
    wanted = last if after is None else _index(season, sessions, after)
    if wanted > last:
        raise NotEnoughDataError(
            f"{_words(sessions[wanted])} of {season.season} has no results",
            hint=f"the last one with results is {_words(sessions[last])}",
            season=season.season,
            round=sessions[wanted].round,
        )
    if False in run[: wanted + 1]:
        hole = sessions[run.index(False)]
        raise NotEnoughDataError(
            f"{_words(hole)} of {season.season} has no results, though later ones have",
            hint="add them, or take the event out of the calendar if it was cancelled",
            season=season.season,
            round=hole.round,
        )
    told: dict[tuple[str, str], list[tuple[int | None, str | None]]] = defaultdict(list)
    columns = ("event", "session", "position", "position_text")
    for event, kind, *place in season.results.select(columns).iter_rows():
        told[event, kind].append((place[0], place[1]))
    for one in sessions[: wanted + 1]:
        _all_places(season, one, told[one.event, one.session])
    return wanted + 1


def _all_places(
    season: Season, session: Session, told: Sequence[tuple[int | None, str | None]]
) -> None:
    """Raise an error if places that score have nobody in them: `told` are place and its text."""
    placed = {place for place, _ in told if place is not None}
    last = min(max(placed, default=0), len(session.points))
    missing = [place for place in range(1, last) if place not in placed]
    disqualified = sum(text == DISQUALIFIED for _, text in told)
    if len(missing) > disqualified:
        raise NotEnoughDataError(
            f"the result of {_words(session)} of {season.season} has a hole: nobody is in place "
            f"{missing[0]}",
            hint="add what is missing, or the place to whoever had it",
            season=season.season,
            round=session.round,
        )


def _run(season: Season, session: str) -> list[str]:
    return season.results.filter(session=session)["event"].unique().to_list()


def _words(session: Session) -> str:
    kind = "sprint" if session.session == "sprint" else "race"
    return f"the {kind} of round {session.round} ({session.name})"


def _index(season: Season, sessions: list[Session], after: int | str) -> int:
    """Place in the calendar of what `after` names."""
    event, _, kind = str(after).strip().partition(":")
    kind = kind.strip() or "race"
    if isinstance(after, bool) or kind not in SESSIONS or not event.strip():
        raise ArgumentError(
            f"{after!r} names no race or sprint", hint="17 or 17:sprint, for example"
        )
    event = event.strip()
    if event.lstrip("-").isdecimal():
        rounds = [one for one in sessions if one.round == int(event)]
    else:
        rounds = [one for one in sessions if one.event == event_id(event)]
    if not rounds:
        what = f"round {event}" if event.lstrip("-").isdecimal() else f"event {event!r}"
        raise NotFoundError(
            f"no {what} in {season.season}",
            hint=f"the calendar has rounds {sessions[0].round} to {sessions[-1].round}; "
            "a cancelled one is not in it",
            season=season.season,
        )
    for one in rounds:
        if one.session == kind:
            return sessions.index(one)
    raise NotFoundError(
        f"no sprint at the {rounds[0].name} of {season.season}",
        hint=f"ask after {rounds[0].round}",
        season=season.season,
    )
