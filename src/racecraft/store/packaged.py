"""What is in the package: the record of every season, and the sample."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from racecraft.sources.record.record import record_season
from racecraft.sources.record.years import FIRST, LAST
from racecraft.sources.sample.sample import SEASON, sample_season
from racecraft.store.merge.alignment import have_events_in_common
from racecraft.store.merge.seasons import reconcile_seasons

if TYPE_CHECKING:
    from collections.abc import Sequence

    from racecraft.model.season import Season


def packaged_seasons(season: int, stored: Sequence[Season]) -> list[Season]:
    """Accounts of a season that are in the package, beside those that are stored.

    None if what is stored is of another championship: it has no event in common with the record.
    """
    if not FIRST <= season <= LAST:
        return []
    told = [record_season(season)]
    if stored and not any(have_events_in_common(told[0], account) for account in stored):
        return []
    if season == SEASON:
        told.append(sample_season())
    known = {account.source for account in stored}
    return [account for account in told if account.source not in known]


@cache
def season_of_package(season: int) -> Season | None:
    """Season as the package alone has it, made once; None where it has nothing."""
    accounts = packaged_seasons(season, [])
    return reconcile_seasons(accounts) if accounts else None
