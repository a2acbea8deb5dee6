"""The store: what every source said, account by account, and the races and seasons made of it."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from racecraft.errors import ArgumentError, NotFoundError
from racecraft.lookup.find import find_event
from racecraft.model.race import RACE_FACTS, Race
from racecraft.model.season import EVENTS, SEASON_FACTS, Season
from racecraft.model.terms import FORMULA_ONE
from racecraft.sources.record.record import SOURCE as RECORD
from racecraft.sources.record.years import FIRST, LAST
from racecraft.sources.sample.sample import RACES, SEASON, SOURCE, sample_race
from racecraft.store.accounts.catalogue import in_order, manifest_of, races_stored
from racecraft.store.accounts.disk import one_writer
from racecraft.store.accounts.folders import (
    MANIFEST,
    account_folder,
    account_folders,
    every_folder,
    race_folder,
    race_folders,
    season_folder,
    seasons_stored,
    series_stored,
    store_folder,
)
from racecraft.store.accounts.history import until, with_history
from racecraft.store.accounts.parquet import write_account
from racecraft.store.bounds import check_dates, check_facts
from racecraft.store.chronicle import KeepsHistory
from racecraft.store.merge.fill import fill_from_season
from racecraft.store.merge.races import reconcile
from racecraft.store.packaged import season_of_package
from racecraft.store.told import race_told, says_the_same, what_is_readable
from racecraft.store.told_season import told_season

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path


Outcome = Literal["added", "updated", "unchanged"]


class Store(KeepsHistory):
    """A folder of accounts: what one source said about one season, or about one race of it.

    The record of all seasons since 1950 and the sample lie underneath, so that there is always
    something to read. What is stored of f1db takes the place of the record.

    Parameters
    ----------
    folder
        Left out: ``$RACECRAFT_STORE``, or else the user's data folder.
    sample
        Whether to lay the record and the sample underneath.

    Raises
    ------
    ArgumentError
        There is a file where the folder should be, or no folder can have this name.
    """

    def __init__(self, folder: Path | str | None = None, *, sample: bool = True) -> None:
        self.folder = store_folder(folder)
        self.sample = sample

    def __repr__(self) -> str:
        return f"<Store {self.folder}>"

    def add_race(self, race: Race, *, fetched: datetime | None = None) -> Outcome:
        """Store the account of a race, in place of what the same source said before.

        Parameters
        ----------
        fetched
            When the source said it; left out, now.

        Returns
        -------
        str
            ``added``, ``updated``, or ``unchanged`` where the source says what it said before.

        Raises
        ------
        ArgumentError
            The folder cannot be written to, or a name cannot be that of a folder.
        """
        facts = {name: getattr(race, name) for name in RACE_FACTS}
        tables = race.tables
        tables |= {name: rows.collect() for name, rows in race.samples.items() if rows is not None}
        return self._add(self.folder_of(race), facts, tables, fetched)

    def add_season(self, season: Season, *, fetched: datetime | None = None) -> Outcome:
        """Store the account of a season; results that it changes are kept as earlier ones.

        Parameters, returns and raises as `add_race`.
        """
        facts = {name: getattr(season, name) for name in SEASON_FACTS}
        return self._add(self.folder_of(season), facts, season.tables, fetched)

    def folder_of(self, account: Race | Season) -> Path:
        """Folder in which an account is stored, whether or not it is there.

        Raises
        ------
        ArgumentError
            A name in it cannot be that of a folder, or it is of a season, a round or a day that
            cannot be.
        """
        check_facts(vars(account))
        if isinstance(account, Season):
            check_dates(account.events, account.season)
        folder = season_folder(self.folder, account.season, account.series)
        if isinstance(account, Race):
            folder = race_folder(folder, account.event, account.session)
        return account_folder(folder, account.source)

    def load_race(
        self,
        season: int,
        event: int | str,
        *,
        session: str = "race",
        series: str = FORMULA_ONE,
        as_of: date | None = None,
    ) -> Race:
        """Race made of every account of it, and of what the season knows of it.

        Parameters
        ----------
        event
            Round, name, country or place, as `find_event` understands it.
        series
            Whose championship it is a race of.
        as_of
            Day on which the classification held; left out, the one that holds now.

        Raises
        ------
        NotFoundError
            There is no such event, or no account of the race is stored.
        """
        now = self.load_season(season, series=series)
        found = find_event(self.events_in(now), event, season=season)
        then = now if as_of is None else self.load_season(season, series=series, as_of=as_of)
        return self.race_in(then, found, session, as_of)

    def race_in(
        self, season: Season, event: str, session: str = "race", as_of: date | None = None
    ) -> Race:
        """As `load_race`, of a season that is at hand, its event by the name in tables."""
        of_season = season_folder(self.folder, season.season, season.series)
        folder = race_folder(of_season, event, session)
        accounts = [race_told(path, as_of) for path in account_folders(folder)]
        if (
            season.series == FORMULA_ONE
            and self.sample
            and season.season == SEASON
            and (event, session) in [(name, "race") for name in RACES]
            and all(account.source != SOURCE for account in accounts)
        ):
            accounts.append(sample_race(event))
        if not accounts:
            raise NotFoundError(
                f"no timing of the {session} {event!r} of {season.season} is stored",
                hint="'racecraft data list' names what is",
                season=season.season,
                event=event,
                session=session,
            )
        return fill_from_season(reconcile(accounts), season)

    def load_races(
        self,
        season: int | None = None,
        *,
        session: str | None = None,
        series: str | None = FORMULA_ONE,
    ) -> list[Race]:
        """Every stored race, in order: of one season or all, races and sprints or only either.

        Parameters
        ----------
        series
            Only of this one; None for races of every series.
        """
        stored = self.races(season, series=series)
        if session is not None:
            stored = stored.filter(session=session)
        at = stored.select("series", "season", "event", "session").rows()
        seasons = {key: self.load_season(key[1], series=key[0]) for key in {row[:2] for row in at}}
        return [self.race_in(seasons[of, year], event, name) for of, year, event, name in at]

    def load_season(
        self, season: int, *, series: str = FORMULA_ONE, as_of: date | None = None
    ) -> Season:
        """Season made of every account of it.

        Parameters
        ----------
        series
            Whose championship it is.
        as_of
            Day as of which to give it: only events run by then, each with the results that held on
            that day. Standings reach as far as no result has changed since.

        Raises
        ------
        NotFoundError
            Nothing of the season is stored.
        """
        folders = account_folders(season_folder(self.folder, season, series))
        packaged = self.sample and series == FORMULA_ONE
        if packaged and not folders and as_of is None and (known_by := season_of_package(season)):
            return known_by
        merged = told_season(season, folders, as_of, packaged=packaged)
        if merged is not None:
            if as_of is None:
                return merged
            return until(as_of, merged, self.load_season(season, series=series))
        known = self.seasons(series)
        if season in known:
            return Season(season=season, series=series)
        raise _nothing_stored(season, series, known, series_stored(self.folder))

    def events(self, season: int, series: str = FORMULA_ONE) -> pl.DataFrame:
        """Return ``EVENTS`` of a season: its calendar, and events that only a stored race names."""
        return self.events_in(self.load_season(season, series=series))

    def events_in(self, season: Season) -> pl.DataFrame:
        """As `events`, of a season that is at hand."""
        stored = races_stored(self.folder, season=season.season, series=season.series, sample=False)
        unlisted = stored.join(season.events, on="event", how="anti", maintain_order="left").unique(
            "event", keep="last", maintain_order=True
        )  # the day of the race, not the sprint
        return EVENTS.check(pl.concat([season.events, unlisted], how="diagonal_relaxed")).sort(
            "round", "date", "event", nulls_last=True
        )

    def series(self) -> list[str]:
        """Names of the series of which something is stored, Formula 1 first."""
        return series_stored(self.folder)

    def seasons(self, series: str = FORMULA_ONE) -> dict[int, list[str]]:
        """Sources that told about a season, by its year; of some years only races are stored."""
        stored = seasons_stored(self.folder, series)
        if self.sample and series == FORMULA_ONE:
            for year in range(FIRST, LAST + 1):
                stored[year] = sorted({RECORD, *stored.get(year, [])})
            stored[SEASON] = sorted({SOURCE, *stored[SEASON]})
        return dict(sorted(stored.items()))

    def races(self, season: int | None = None, *, series: str | None = None) -> pl.DataFrame:
        """Return ``RACES_STORED``: one row per race or sprint of which there is an account."""
        stored = races_stored(self.folder, season=season, series=series, sample=self.sample)
        key = ["series", "season"]
        unnumbered = stored.filter(pl.col("round").is_null()).select(key).unique()
        calendars = [
            self.load_season(year, series=of).events.select(
                "event", "round", series=pl.lit(of), season=pl.lit(year, pl.Int16)
            )
            for of, year in unnumbered.iter_rows()
        ]
        if not calendars:
            return stored
        rounds = stored.select(*key, "event").join(
            pl.concat(calendars), on=[*key, "event"], how="left", maintain_order="left"
        )["round"]
        return in_order(stored.with_columns(pl.col("round").fill_null(rounds)))

    def has_timing(self, season: int) -> bool:
        """Whether the timing of any race of Formula 1 in a season is stored, told at a glance."""
        packaged = self.sample and season == SEASON
        return packaged or any(race_folders(season_folder(self.folder, season)))

    def unreadable(self) -> int:
        """How many accounts are stored that cannot be read, and so are in no list."""
        folders = every_folder(self.folder)
        return sum((path / MANIFEST).is_file() and manifest_of(path) is None for path in folders)

    def verify(self) -> pl.DataFrame:
        """Return ``FAULTS``: whatever in the folder is not as it was written, or unreadable."""
        from racecraft.store.verify import faults

        return faults(self)

    def remove(
        self,
        season: int,
        event: int | str | None = None,
        *,
        session: str | None = None,
        series: str = FORMULA_ONE,
        source: str | None = None,
    ) -> pl.DataFrame:
        """Take accounts out of the store; returns ``REMOVED``, one row for each.

        What cannot be read can be taken out too.

        Parameters
        ----------
        event
            Round, name, country or place; left out, all that is stored of the season.
        session
            Only ``race`` or only ``sprint``.
        source
            Only what this source says.

        Raises
        ------
        NotFoundError
            Nothing of it is stored; what is in the package stays.
        ArgumentError
            The folder cannot be written to.
        """
        from racecraft.store.removing import remove

        with self._writing():
            return remove(self, season_folder(self.folder, season, series), event, session, source)

    def sql(self, query: str, **more: Any) -> pl.DataFrame:
        """Answer to a query over everything stored, as `racecraft.store.sql.ask` gives it."""
        from racecraft.store.sql import ask

        return ask(self, query, **more)

    def _add(
        self,
        folder: Path,
        facts: Mapping[str, Any],
        tables: Mapping[str, pl.DataFrame],
        fetched: datetime | None,
    ) -> Outcome:
        when = fetched or datetime.now(UTC)
        with self._writing():
            before = what_is_readable(folder)
            now, earlier = with_history(before, tables, today=when.date())
            if before and says_the_same(before, facts, now):
                return "unchanged"
            write_account(folder, facts=facts, tables=now, earlier=earlier, fetched=when)
        return "updated" if before else "added"

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            with one_writer(self.folder):
                yield
        except OSError as error:
            raise ArgumentError(
                f"the store {self.folder} cannot be written to: {error.strerror or error}",
                hint="name another folder with --store DIR or RACECRAFT_STORE",
                store=str(self.folder),
            ) from error


def _nothing_stored(
    season: int, series: str, known: Iterable[int], others: Sequence[str]
) -> NotFoundError:
    """That nothing of a season is stored, and what is."""
    years = ", ".join(map(str, known)) or "nothing"
    if series == FORMULA_ONE:
        what, hint = f"{season}", f"'racecraft data add jolpica {season}' fetches it"
    else:
        what = f"{season} of series {series!r}"
        hint = "'racecraft data add --help' names what can be added"
        if series not in others:
            hint = f"series stored: {', '.join(others)}; {hint}"
    return NotFoundError(
        f"nothing of {what} is stored",
        hint=f"stored: {years}; {hint}",
        season=season,
        series=series,
    )
