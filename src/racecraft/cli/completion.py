"""What Tab offers: the seasons, events and drivers of the store.

A shell asks anew at each Tab, so nothing is fetched, and whatever goes wrong offers nothing.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import typer  # noqa: TC002  # its annotations are read at run time

from racecraft.model.terms import FORMULA_ONE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from racecraft.store.store import Store

Offer = tuple[str, str]  # what would be typed, and what it means

TAIL = "-grand-prix"  # of an event's stable name; nobody types it


def offered_seasons(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """Seasons of the series, the latest first."""
    with suppress(Exception):  # a shell that completes has nowhere to show an error
        years = sorted(_shelf(ctx).seasons(_series(ctx)), reverse=True)
        return _begun(((str(year), "") for year in years), incomplete)
    return []


def offered_events(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """Events of the season that was typed before; by town or country too, once that is begun."""
    with suppress(Exception):  # as above
        events = _shelf(ctx).events(_season(ctx), _series(ctx)).sort("round")
        rows = events.select("event", "locality", "country", "name", "round").rows()
        offers: dict[str, str] = {}  # one an event, by the first of its names that was begun
        for event, town, country, name, rank in rows:
            for word in (event.removesuffix(TAIL), _typed(country or ""), _typed(town or "")):
                if word.startswith(incomplete.lower()):
                    offers.setdefault(name if rank is None else f"{rank}: {name}", word)
        return [(word, meaning) for meaning, word in offers.items()]
    return []


def offered_drivers(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """Drivers of the season that was typed before: codes, or family names once one is begun."""
    with suppress(Exception):  # as above
        if _series(ctx) != FORMULA_ONE:
            return _begun(_cars(ctx), incomplete)
        drivers = _shelf(ctx).load_season(_season(ctx), series=_series(ctx)).drivers
        names = drivers.select("driver", "given_name", "family_name").sort("driver").rows()
        codes = ((code, f"{given or ''} {family or ''}".strip()) for code, given, family in names)
        families = ((_typed(family), code) for code, _, family in names if family)
        return _begun(codes, incomplete) or _begun(families, incomplete.lower())
    return []


def offered_series(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """Series of which something is stored."""
    with suppress(Exception):  # as above
        return _begun(((name, "") for name in _shelf(ctx).series()), incomplete)
    return []


OFFERS = {
    "series": offered_series,
    "season": offered_seasons,
    "event": offered_events,
    "since": offered_events,
    "until": offered_events,
    "driver": offered_drivers,
    "drivers": offered_drivers,
    "first": offered_drivers,
    "second": offered_drivers,
    "window": offered_drivers,
}  # by the name of a verb's parameter


def _begun(offers: Iterable[Offer], incomplete: str) -> list[Offer]:
    return [offer for offer in offers if offer[0].startswith(incomplete)]


def _typed(name: str) -> str:
    """A name as one would type it: no accents, no capitals, no blanks."""
    from racecraft.model.folding import fold

    return fold(name).replace(" ", "-")


def _shelf(ctx: typer.Context) -> Store:
    from racecraft.store.load import store_at

    return store_at(ctx.params.get("store"))


def _season(ctx: typer.Context) -> int:
    """Season that was typed; after an option without its value it is among what is left over."""
    typed = ctx.params.get("season")
    return int(typed) if typed else next(int(word) for word in ctx.args if word.isdecimal())


def _cars(ctx: typer.Context) -> list[Offer]:
    """Cars of the race that was typed before, and who drove them."""
    import polars as pl

    from racecraft.analysis.race import race_result

    race = _shelf(ctx).load_race(_season(ctx), ctx.params["event"], series=_series(ctx))
    result = race_result(race).sort(pl.col("car").str.len_chars(), "car")
    return [(car, name or "") for car, name in result.select("car", "name").iter_rows()]


def _series(ctx: typer.Context) -> str:
    return ctx.params.get("series") or FORMULA_ONE
