"""Whether a season can have held a race whose source does not say of which year it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.errors import ArgumentError, NotFoundError
from racecraft.model.terms import FORMULA_ONE
from racecraft.sources.record.record import years_of

if TYPE_CHECKING:
    from racecraft.model.race import Race
    from racecraft.store.store import Store

ANOTHER = "are these laps of another season? --season says which"


def check_calendar(store: Store, race: Race) -> None:
    """Refuse a race that was another round of its season, or that was held in other seasons only.

    A race that bears its date, one of another series, and an event that no season knows are taken
    as they are.

    Raises
    ------
    ArgumentError
        The calendar contradicts it; the hint says what the calendar has.
    """
    if race.series != FORMULA_ONE or race.date is not None:
        return
    try:
        events = store.load_season(race.season).events
    except NotFoundError:
        return
    held = events.filter(event=race.event)
    if len(held):
        number = held["round"].item()
        if None not in (number, race.round) and number != race.round:
            raise ArgumentError(
                f"the {race.name} was round {number} of {race.season}, not round {race.round}",
                hint=ANOTHER,
                season=race.season,
                event=race.event,
            )
        return
    years = years_of(race.event)
    if len(events) and years and race.season not in years:
        known = ", ".join(map(str, years[-5:]))
        raise ArgumentError(
            f"there was no {race.name} in {race.season}",
            hint=f"there was one in {known}; {ANOTHER}",
            season=race.season,
            event=race.event,
        )
