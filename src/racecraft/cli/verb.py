"""What verbs have in common, said once: the options that they share, and how they answer.

A verb is a function whose first parameter is an `Asked`; `verb` gives it the options of the bundles
that it names. So a new option for all verbs is a line here.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, get_type_hints

from racecraft.cli import answer
from racecraft.cli.again import printed
from racecraft.cli.completion import OFFERS
from racecraft.cli.options import Format, OfDriver, Output, Series, Session, StoreFolder
from racecraft.model.terms import FORMULA_ONE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import polars as pl

    from racecraft.cli.answer import Form
    from racecraft.model.race import Race
    from racecraft.model.season import Season
    from racecraft.model.terms import SessionName
    from racecraft.show.page import Page
    from racecraft.store.store import Store

    Verb = TypeVar("Verb", bound=Callable[..., None])

OPTIONS: dict[str, tuple[object, object]] = {
    "driver": (OfDriver, None),
    "session": (Session, "race"),
    "series": (Series, FORMULA_ONE),
    "form": (Format, None),
    "output": (Output, None),
    "store": (StoreFolder, None),
}  # by name: the option, and what it is when left out


ABOUT_RACES = frozenset({"series", "form"})  # what such verbs print follows from the store alone
ANSWER = ("form", "output", "store")  # of every verb that prints a table
OF_SEASON = ("series", *ANSWER)
OF_RACE = ("session", "series", *ANSWER)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What was asked of any verb: which series and session, which store, and how to answer."""

    session: SessionName = "race"
    series: str = FORMULA_ONE
    form: Form | None = None
    output: Path | None = None
    store: Path | None = None
    driver: str | None = None

    @property
    def answer_form(self) -> Form:
        """Format that was asked for: by name, or by how the name of the file ends."""
        return answer.form_of(self.form, self.output)

    @property
    def shelf(self) -> Store:
        """The store."""
        import racecraft as rc

        return rc.Store(self.store)

    def race(self, season: int, event: str) -> Race:
        """Race that is meant; one that is not stored is fetched, with a bar that says how far."""
        import racecraft as rc
        from racecraft.show.progress import progress_bar

        with progress_bar() as progress:
            return rc.load_race(
                season,
                event,
                session=self.session,
                series=self.series,
                store=self.store,
                progress=progress,
                note=answer.aside,
            )

    def only(self, race: Race, rows: pl.DataFrame, *columns: str) -> pl.DataFrame:
        """Rows in which the driver who was asked for is named, by the code or among several."""
        if self.driver is None:
            return rows
        from racecraft.lookup.find import concerning

        return concerning(race, rows, self.driver, *columns)

    def season(self, season: int) -> Season:
        """Season that is meant; one that is not stored is fetched, with a bar that says how far."""
        import racecraft as rc
        from racecraft.show.progress import progress_bar

        with progress_bar() as progress:
            return rc.load_season(season, series=self.series, store=self.store, progress=progress)

    def table(
        self, rows: pl.DataFrame, *, leave_out: Sequence[str] = (), first: Sequence[str] = ()
    ) -> None:
        """Answer with a table; for people some columns are left out, and some come first."""
        alike = _alike(rows) if self.answer_form == "table" else []
        answer.table(rows, self.form, self.output, leave_out=[*leave_out, *alike], first=first)

    def told(
        self,
        written: Callable[[Page], str],
        value: Callable[[], Mapping[str, Any]],
        rows: pl.DataFrame,
    ) -> None:
        """Answer about one thing: text for people, an object in JSON, else the rows of a table."""
        if self.answer_form == "table":
            self.text(written)
        else:
            answer.thing(value(), rows, self.form, self.output)

    def thing(self, value: Mapping[str, Any], rows: pl.DataFrame) -> None:
        """Answer about one thing: an object in JSON, its rows where there are only rows."""
        answer.thing(value, rows, self.form, self.output)

    def text(self, written: Callable[[Page], str]) -> None:
        """Answer with text, written for the screen or the file that it goes to."""
        answer.text(written, self.output)


def verb(*names: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a verb some of the options that many have; it gets them as one `Asked`.

    Parameters
    ----------
    names
        Of `OPTIONS`, in the order in which the help lists them after the verb's own.
    """

    def with_options(function: Callable[..., None]) -> Callable[..., None]:
        hints = get_type_hints(function, include_extras=True)
        _, *own = inspect.signature(function).parameters.values()
        shared = [
            inspect.Parameter(
                name, inspect.Parameter.KEYWORD_ONLY, default=OPTIONS[name][1],
                annotation=OPTIONS[name][0],
            )
            for name in names
        ]  # fmt: skip

        @wraps(function)
        def run(**given: Any) -> None:
            whole = dict(given)
            common = Asked(**{name: given.pop(name) for name in names if name in given})
            if ABOUT_RACES.issubset(names):
                printed(function.__name__, whole, lambda: function(common, **given))
            else:
                function(common, **given)

        parameters = [
            *(
                parameter.replace(
                    kind=inspect.Parameter.KEYWORD_ONLY, annotation=hints[parameter.name]
                )
                for parameter in own
            ),
            *shared,
        ]
        for one in parameters:
            _complete(one)
        made: Any = run
        made.__signature__ = inspect.Signature(parameters)
        made.__annotations__ = {one.name: one.annotation for one in parameters}
        return run

    return with_options


def _complete(parameter: inspect.Parameter) -> None:
    """Let Tab offer what a parameter of this name may be."""
    for told in getattr(parameter.annotation, "__metadata__", ()):
        if getattr(told, "autocompletion", parameter) is None:
            told.autocompletion = OFFERS.get(parameter.name)


def _alike(rows: pl.DataFrame) -> list[str]:
    """Columns that say nothing: of classes in a race that has none, of drivers named as cars."""
    if "class" in rows.columns:
        of_one = rows["class"].null_count() == rows.height
    else:
        both = {"position", "class_position"} <= set(rows.columns)
        of_one = both and rows["position"].equals(rows["class_position"])
    alike = ["class", "class_position"] if of_one else []
    if {"car", "driver"} <= set(rows.columns) and rows["car"].equals(rows["driver"]):
        alike.append("driver")
    return alike
