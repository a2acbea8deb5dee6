"""The questions that an assistant can ask: each answers in words, with the rows that prove them."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Annotated, Any, Literal

import polars as pl
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

import racecraft as rc
from racecraft.errors import ArgumentError, NotEnoughDataError
from racecraft.lookup.find import find_car
from racecraft.model.race import Race
from racecraft.model.terms import FORMULA_ONE, THE_LINE, Kind, SessionName
from racecraft.show.charts.shapes import family_names
from racecraft.show.derived import worked_out
from racecraft.show.export import plain_object, plain_rows
from racecraft.show.simulation import most_changed
from racecraft.show.web import answers
from racecraft.show.web.shelf import Shelf
from racecraft.show.web.weighing import season_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from racecraft.sim.lapwise.changes import Change

MOST = 200  # rows of an answer
SENTENCES = 5  # of rows that bear one

Year = Annotated[int, Field(ge=1900, le=2100)]
Spelt = BeforeValidator(  # rounds and cars are numbers too, and assistants write them so
    lambda value: str(value) if type(value) is int else value, json_schema_input_type=str | int
)
EventName = Annotated[
    str, Spelt, Field(max_length=80, description="Round, name, country or place.")
]
Driver = Annotated[str, Spelt, Field(max_length=80, description="Code, number or family name.")]
Series = Annotated[str, Field(max_length=40, description="f1, or another that is stored.")]
Rows = Annotated[int, Field(ge=1, le=MOST, description="Rows at most.")]
After = Annotated[str, Spelt, Field(max_length=80, description="Round, or '17:sprint'.")]


class Answer(BaseModel):
    """What every question is answered with."""

    model_config = ConfigDict(extra="allow")

    sentence: str = Field(description="The answer in words.")
    rows: list[dict[str, Any]] = Field(description="Rows that prove it; times in seconds.")
    total: int = Field(description="Rows there are.")
    doubts: list[str] = Field(description="What is not sure.")


class OneChange(BaseModel):
    """One thing that is otherwise."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["stop", "no_stop", "earlier", "tyres", "flag", "place", "stays_in", "out"]
    car: Driver | None = None
    lap: int | None = None
    laps: int | None = None
    compound: str | None = None
    place: int | None = None
    state: Literal["green", "VSC", "SC", "red"] | None = None
    from_lap: int | None = None
    to_lap: int | None = None


class Tools:
    """Questions about the races of a store; none changes anything.

    Parameters
    ----------
    shelf
        Where races and seasons are read from.
    """

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    @property
    def all(self) -> list[Callable[..., Answer]]:
        """Every question."""
        return [
            self.story, self.order_at, self.gaps, self.battles, self.overtakes, self.title,
            self.forecast, self.what_if, self.check_text, self.sql,
        ]  # fmt: skip

    def story(
        self, season: Year, event: EventName, session: SessionName = "race", series: Series = "f1"
    ) -> Answer:
        """Tell a race by the moments that decided it, ranked by what they changed: the rows.

        And its result, decisive battles, passes by cause, and what it did to the standings.
        Any race since 1950: without timing by its result.
        """
        race = answers.race_or_result(self._shelf, season, event, session=session, series=series)
        told = plain_object(answers.story(self._shelf, race))
        rows = told.pop("moments")
        said = [row["sentence"] for row in rows[:SENTENCES]]
        kept = ("name", "date", "result", "decisive", "overtakes", "standings", "laps_led", "audit")
        more = {name: told[name] for name in kept if name in told}
        return self._told(race, " ".join(said), rows, MOST, doubts=told["doubts"], **more)

    def order_at(
        self,
        season: Year,
        event: EventName,
        lap: Annotated[int | None, Field(ge=1, description="Left out: the last.")] = None,
        line: Annotated[str, Field(max_length=20, description="Line, S1, S2, ...")] = THE_LINE,
        session: SessionName = "race",
        series: Series = "f1",
    ) -> Answer:
        """Order of the cars at a timing line of a lap, with gaps and intervals."""
        race = self._race(season, event, session, series)
        table = rc.order(race, lap=lap, line=line)
        first = ", ".join(table["car"][:3])
        at = f"at the end of lap {table['lap'][0]}" if line == THE_LINE else f"at {line}"
        return self._told(race, f"First were {first}, {at}.", table, MOST)

    def gaps(
        self,
        season: Year,
        event: EventName,
        first: Driver,
        second: Driver,
        from_lap: Annotated[int, Field(ge=1)] = 1,
        to_lap: Annotated[int, Field(ge=1)] = 1_000,
        session: SessionName = "race",
        series: Series = "f1",
    ) -> Answer:
        """How far the second car was behind the first at every line; negative when ahead."""
        race = self._race(season, event, session, series)
        one, other = answers.pair_of(race, first, second)
        table = rc.gaps(race, drivers=(one, other))
        table = table.filter(pl.col("lap").is_between(from_lap, to_lap))
        if table.is_empty():
            raise NotEnoughDataError(f"{one} and {other} reached no line together on these laps")
        last = plain_rows(table.tail(1))[0]
        where = f"on lap {last['lap']} at {last['line']}"
        behind = "behind" if last["interval_s"] >= 0 else "ahead of"
        said = f"{other} was {abs(last['interval_s']):.3f} s {behind} {one} {where}."
        return self._told(race, said, table.tail(MOST), MOST, total=table.height)

    def battles(
        self,
        season: Year,
        event: EventName,
        first: Driver | None = None,
        second: Driver | None = None,
        most: Rows = 20,
        session: SessionName = "race",
        series: Series = "f1",
    ) -> Answer:
        """Battles of a race, fiercest first, or those of one car.

        Of two cars what decided theirs: swaps, losses, turning points.
        """
        race = self._race(season, event, session, series)
        if first is not None and second is not None:
            told = plain_object(answers.battle(self._shelf, race, first, second))
            kept = ("swap_list", "turning_points", "losses", "meetings")
            more = {name: told[name] for name in kept if name in told}
            return self._told(race, told["story"], told["battles"], most, **more)
        table = self._shelf.of_race("battles", race, rc.battles)
        one = first or second
        if one is not None:
            car = find_car(race, one)
            table = table.filter((pl.col("first") == car) | (pl.col("second") == car))
        table = table.sort("intensity", descending=True)
        said = f"{table.height} battles" + (f" of {car}" if one is not None else "") + "."
        return self._told(race, said, table, most)

    def overtakes(
        self,
        season: Year,
        event: EventName,
        rule: Literal["every_line", "flying_laps", "mini_sector"] = "every_line",
        kind: Kind | None = None,
        driver: Driver | None = None,
        most: Rows = 50,
        session: SessionName = "race",
        series: Series = "f1",
    ) -> Answer:
        """Changes of position with their cause. `flying_laps` counts as published totals do."""
        race = self._race(season, event, session, series)
        table = rc.overtakes(race, rule=rule, kind=kind)
        if driver is not None:
            car = find_car(race, driver)
            table = table.filter((pl.col("passer") == car) | (pl.col("passed") == car))
        counts = dict(table["kind"].value_counts(sort=True).iter_rows())
        said = ", ".join(f"{count} {name}" for name, count in counts.items()) or "none"
        return self._told(race, f"{table.height} changes: {said}.", table, most, kinds=counts)

    def title(
        self,
        season: Year,
        driver: Driver | None = None,
        team: Annotated[str | None, Field(max_length=80)] = None,
        position: Annotated[int, Field(ge=1, le=100)] = 1,
        after: After | None = None,
    ) -> Answer:
        """Whether a place of the championship is secured, possible or out of reach, proven.

        And what must happen next. Left out, of the leader. Rows are the rivals.
        """
        found = self._shelf.season(season)
        told = plain_object(
            answers.title(
                self._shelf, found, driver=driver, team=team, position=position, after=after
            )
        )
        rows = told.pop("rivals")
        return _answer(str(told.pop("sentence")), rows, MOST, **told)

    def forecast(
        self,
        season: Year,
        event: EventName,
        after_lap: Annotated[
            int | None, Field(ge=0, description="In the race, after this lap; by simulation.")
        ] = None,
        before: Literal["qualifying", "race"] | None = None,
        session: SessionName = "race",
    ) -> Answer:
        """Chances of every driver to win, stand on the podium and score.

        From what was known before a race, or after a lap of it.
        """
        if after_lap is not None:
            race = self._race(season, event, session, FORMULA_ONE)
            table = answers.chances(self._shelf, race, lap=after_lap)
            who = "car"
        else:
            table = answers.forecast(self._shelf, self._shelf.season(season), event, before=before)
            who = "driver"
        table = table.sort("win", descending=True)
        best = table.row(0, named=True)
        chance = f"{best['win']:.0%}, give or take {best['error']:.1%}"
        said = f"{best[who]} is most likely to win: {chance}."
        return _answer(said, table.drop("places"), MOST)

    def what_if(
        self,
        season: Year,
        event: EventName,
        changes: Annotated[
            list[OneChange],
            Field(
                min_length=1,
                max_length=6,
                description="stop: car, lap, compound. no_stop, stays_in, out: car. earlier: car, "
                "laps. tyres: car, compound. flag: state, from_lap, to_lap. place: car, place.",
            ),
        ],
        from_lap: Annotated[int, Field(ge=0)] = 0,
        runs: Annotated[int, Field(ge=100, le=20_000)] = 4_000,
        session: SessionName = "race",
    ) -> Answer:
        """Drive a race many times from a lap, as it was and with something changed.

        Rows tell how the chances differ, with the error of chance.
        """
        race = self._race(season, event, session, FORMULA_ONE)
        changed = [change_of(race, each) for each in changes]
        own, history = season_of(self._shelf, race), self._shelf.earlier(season, 6)
        with self._shelf.slowly():
            twins = rc.what_if(
                race, *changed, from_lap=from_lap, runs=runs, seed=answers.SEED, season=own,
                history=history,
            )  # fmt: skip
        table = twins.table()
        return self._told(race, most_changed(table, family_names(race)), table, MOST)

    def check_text(
        self,
        text: Annotated[str, Field(min_length=1, max_length=100_000)],
        season: Year | None = None,
        event: EventName | None = None,
        lang: Annotated[str | None, Field(max_length=20)] = None,
    ) -> Answer:
        """Check what a text says about a race.

        Each claim with its verdict, what the data have instead, and the rows that prove it.
        Give season and event if you know them.
        """
        from racecraft.press.finding import about_object, count_verdicts, finding_object

        about = (season, event) if season is not None and event is not None else None
        checked = answers.check_text(self._shelf, text, event=about, lang=lang)
        found = [finding_object(each) for each in checked]
        counts = ", ".join(f"{n} {mark}" for mark, n in count_verdicts(checked).items() if n)
        assumed = about_object(checked.about)
        said = f"{assumed['reason']} {counts or 'No claim found'}."
        return _answer(
            said.strip(), found, MOST, doubts=["which race"] if assumed["hedged"] else []
        )

    def sql(
        self,
        query: Annotated[str, Field(max_length=5_000, description="One SELECT of DuckDB.")],
        most: Rows = 100,
    ) -> Answer:
        """Ask the store in SQL.

        Tables: races (what is stored); results, events, drivers, qualifying (by season);
        crossings, lap_chart, tyres, pit_visits, control, messages, entries, classification, laps,
        gaps, overtakes, battles, stints, stops (by season, event, session). `describe results`
        tells columns.
        """
        with self._shelf.slowly():
            store = self._shelf.store
            table = store.sql(query, derived=worked_out(store))
        return _answer(f"{table.height} rows.", table, most)

    def _race(self, season: int, event: str, session: SessionName, series: str) -> Race:
        return self._shelf.race(season, event, session=session, series=series)

    def _told(
        self,
        race: Race,
        sentence: str,
        rows: pl.DataFrame | list[dict[str, Any]],
        most: int,
        *,
        doubts: list[str] | None = None,
        total: int | None = None,
        **more: Any,
    ) -> Answer:
        """An answer about a race, with what is not sure of it, and whose timing it rests on."""
        unsure = doubts or race.doubts["reason"].drop_nulls().unique(maintain_order=True).to_list()
        timing = {"race": f"{race.season} {race.name}", "timing": race.source}
        return _answer(sentence, rows, most, doubts=unsure[:10], total=total, **timing, **more)


def change_of(race: Race, given: OneChange) -> Change:
    """Change that is meant, with its car by its key.

    Raises
    ------
    ArgumentError
        It lacks something, or has something that it has no use for.
    """
    from racecraft.sim.lapwise import changes as w

    kinds = {
        "stop": w.Stop, "no_stop": w.NoStop, "earlier": w.Earlier, "tyres": w.OtherTyres,
        "flag": w.Flag, "place": w.Place, "stays_in": w.StaysIn, "out": w.Out,
    }  # fmt: skip
    make: Any = kinds[given.kind]
    told = given.model_dump(exclude={"kind"}, exclude_none=True)
    names = [field.name for field in fields(make)]
    needed = names if given.kind != "flag" else ["state"]
    wrong = [name for name in needed if name not in told] or sorted(told.keys() - set(names))
    if wrong:
        raise ArgumentError(f"{given.kind} takes {', '.join(names)}; see {wrong[0]}")
    if "car" in told:
        told["car"] = find_car(race, told["car"])
    change: Change = make(**told)
    return change


def _answer(
    sentence: str,
    rows: pl.DataFrame | list[dict[str, Any]],
    most: int,
    *,
    doubts: list[str] | None = None,
    total: int | None = None,
    **more: Any,
) -> Answer:
    """An answer with as many rows as were asked for."""
    listed = rows if isinstance(rows, list) else plain_rows(rows.head(most))
    height = len(rows) if total is None else total
    return Answer(sentence=sentence, rows=listed[:most], total=height, doubts=doubts or [], **more)
