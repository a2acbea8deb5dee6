"""Was a driver faster from some event on than before it, and by how much?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from racecraft.analysis.form.change_point import change_at
from racecraft.errors import ArgumentError, NotFoundError
from racecraft.model.shown import Shown
from racecraft.model.table import Column, Table

MEASURES = {"quali": "qualifying", "race": "race pace"}
FEWEST_BEFORE, FEWEST_AFTER = 3, 2  # rounds; of a single one nothing is known of the scatter
Z_95 = 1.96

FORM_SINCE = Table(
    "form_since",
    key=("measure",),
    columns=(
        Column("measure", pl.String, "quali or race"),
        Column("rounds_before", pl.Int16, "dry sessions before"),
        Column("rounds_after", pl.Int16, "dry sessions from the event on"),
        Column("before_pct", pl.Float64, "slower than the median driver before, in percent; null "
               "where there are fewer than three sessions"),
        Column("after_pct", pl.Float64, "the same from the event on; null where there are fewer "
               "than two"),
        Column("change_pct", pl.Float64, "after less before; negative when faster"),
        Column("error_pct", pl.Float64, "standard error of the change, the scatter from round to "
               "round included"),
        Column("low_pct", pl.Float64, "lower end of its 95 % interval"),
        Column("high_pct", pl.Float64, "upper end"),
        Column("verdict", pl.String, "faster or slower where the interval leaves out zero, else "
               "unsure; null where a side has too few sessions"),
    ),
)  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class FormSince(Shown):
    """How a driver's pace from an event on compares with that before it.

    Attributes
    ----------
    event, round
        First event that counts as after.
    until
        Last event that counts.
    measures
        ``FORM_SINCE``: qualifying and race pace.
    sentence
        By how much he was faster or slower, or that it cannot be told.
    """

    event: str
    round: int
    until: str
    measures: pl.DataFrame
    sentence: str


def form_since(
    rounds: pl.DataFrame,
    events: pl.DataFrame,
    *,
    name: str,
    since: str | int,
    until: str | int | None = None,
) -> FormSince:
    """Pace of a driver from an event on, against that before it.

    Parameters
    ----------
    rounds
        ``FORM`` of the driver.
    events
        ``EVENTS`` of the season.
    name
        What to call the driver in the sentence.
    since
        Event, by its stable name or round, that is the first of those after.
    until
        Last event that counts, such as the last one that was known on some day; left out, the last
        of the season.

    Raises
    ------
    NotFoundError
        The season has no such event.
    ArgumentError
        `until` comes before `since`.

    Notes
    -----
    Wet sessions are left out. Rounds scatter about the two levels by their errors and by a spread
    that the season shows; both are in the error of the change.

    Examples
    --------
    >>> from racecraft.analysis.form.form import form
    >>> from racecraft.sources.sample.sample import sample_season
    >>> since = form(sample_season(), "PER", since="united-states-grand-prix").since
    >>> since.round, since.measures["measure"].to_list()
    (18, ['quali', 'race'])
    """
    first = _event(events, since)
    last = events.sort("round").row(-1, named=True) if until is None else _event(events, until)
    if last["round"] < first["round"]:
        raise ArgumentError(
            f"{last['name']} comes before {first['name']}",
            since=first["event"],
            until=last["event"],
        )
    seen = rounds.filter(pl.col("round") <= last["round"])
    table = FORM_SINCE.rows([_measured(seen, measure, first["round"]) for measure in MEASURES])
    return FormSince(
        event=first["event"],
        round=first["round"],
        until=last["event"],
        measures=table,
        sentence=_sentence(name, first, table),
    )


def _event(events: pl.DataFrame, wanted: str | int) -> dict[str, Any]:
    known = pl.col("round") == wanted if isinstance(wanted, int) else pl.col("event") == wanted
    found = events.filter(known)
    if found.is_empty():
        names = ", ".join(events.sort("round")["event"].drop_nulls())
        raise NotFoundError(f"no event {wanted!r} in the season", hint=f"one of {names}")
    return found.row(0, named=True)


def _measured(rounds: pl.DataFrame, measure: str, first: int) -> dict[str, object]:
    """Row of ``FORM_SINCE``."""
    dry = rounds.filter(
        pl.col(f"{measure}_pct").is_not_null(),
        ~pl.col(f"{measure}_wet").fill_null(value=False),
    )
    before = dry.filter(pl.col("round") < first).height
    row: dict[str, object] = {
        "measure": measure, "rounds_before": before, "rounds_after": dry.height - before
    }  # fmt: skip
    if before < FEWEST_BEFORE or dry.height - before < FEWEST_AFTER:
        return row
    found = change_at(
        dry[f"{measure}_pct"].to_numpy(), dry[f"{measure}_error_pct"].to_numpy(), before
    )
    low, high = found.change - Z_95 * found.error, found.change + Z_95 * found.error
    verdict = "faster" if high < 0 else "slower" if low > 0 else "unsure"
    return row | {
        "before_pct": found.before, "after_pct": found.before + found.change,
        "change_pct": found.change, "error_pct": found.error, "low_pct": low, "high_pct": high,
        "verdict": verdict,
    }  # fmt: skip


def _sentence(name: str, first: dict[str, Any], table: pl.DataFrame) -> str:
    parts = [_words(row) for row in table.iter_rows(named=True)]
    return f"From the {first['name']} (round {first['round']}) on, {name} was {'; '.join(parts)}."


def _words(row: dict[str, float | str | None]) -> str:
    measure = MEASURES[str(row["measure"])]
    if row["verdict"] is None:
        return (
            f"not to be compared in {measure} ({row['rounds_before']} dry sessions before, "
            f"{row['rounds_after']} since)"
        )
    numbers = (
        f"{row['change_pct']:+.2f} ± {row['error_pct']:.2f} %: {row['before_pct']:+.2f} % against "
        f"the median driver before, {row['after_pct']:+.2f} % in {row['rounds_after']} dry "
        "sessions since"
    )
    if row["verdict"] == "unsure":
        return f"neither surely faster nor slower in {measure} ({numbers})"
    return f"{row['verdict']} in {measure} ({numbers})"
