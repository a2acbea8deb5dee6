"""What came of simulated races, as text and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from racecraft.show.text import plural, table_text, wrapped
from racecraft.sim.lapwise.runs import measured

if TYPE_CHECKING:
    from collections.abc import Mapping

    from racecraft.show.page import Page
    from racecraft.sim.lapwise.gamble import Gamble
    from racecraft.sim.lapwise.runs import Runs
    from racecraft.sim.lapwise.what_if import Twins

FAVOURITES = 3
LEAST = 0.0005  # smaller chances are shown as less than a tenth of a percent
MEASURES = ("points", "win", "podium", "title")
TITLE_TOLD = 3  # drivers
TITLE_LEAST = 0.002  # smaller changes of a chance are not worth a word
TWINS_SHOWN = 8  # cars for whom something changed


def percent(share: float | None) -> str:
    """Chance in percent, never more sure than the runs are.

    >>> percent(0.1234), percent(0.0), percent(0.99999), percent(1.0)
    ('12.3 %', '< 0.1 %', '> 99.9 %', '100 %')
    """
    if share is None:
        return ""
    if share == 1:
        return "100 %"
    if share < LEAST:
        return "< 0.1 %"
    if share > 1 - LEAST:
        return "> 99.9 %"
    return f"{100 * share:.1f} %"


def runs_text(runs: Runs, title: str, page: Page) -> str:
    """Chances of every car, for eyes."""
    where = "from the grid" if not runs.lap else f"after lap {runs.lap} of {runs.laps}"
    heading = page.style(f"{title}, {where}", "heading")
    return "\n\n".join([heading, chances_text(runs.table(), page), *_small_print(runs, page)])


def chances_text(table: pl.DataFrame, page: Page) -> str:
    """Table of chances, for eyes."""
    shown = table.select(
        "position",
        "car",
        *(
            pl.col(name).map_elements(percent, return_dtype=pl.String)
            for name in ("win", "podium", "points_finish")
        ),
        pl.col("expected_points").round(1),
        pl.col("dnf").map_elements(percent, return_dtype=pl.String),
    )
    return table_text(shown, page)


def _small_print(runs: Runs, page: Page) -> list[str]:
    most = 100 * float(runs.table()["error"].max() or 0)  # type: ignore[arg-type]
    speed = f", {runs.car_laps / runs.seconds / 1e6:.0f} million car-laps a second"
    cut = " (cut short: partial)" if runs.partial else ""
    said = (
        f"{runs.runs:,} runs{cut}, seed {runs.seed}; chance in the runs alone makes the win column "
        f"uncertain by up to {most:.1f} percentage points{speed if runs.seconds else ''}."
    )
    return [wrapped(said, page), *(wrapped(f"Note: {note}.", page) for note in runs.notes)]


def laps_text(table: pl.DataFrame, title: str, runs: int, page: Page) -> str:
    """Chances after one lap as a table; after many, who was likely to win, line by line."""
    laps = table["lap"].unique().sort().to_list()
    error = f"{runs:,} runs; chance in them alone makes a chance of 50 % uncertain by "
    error += f"{50 / runs**0.5:.1f} percentage points."
    if len(laps) == 1:
        where = "on the grid" if not laps[0] else f"after lap {laps[0]}"
        parts = [page.style(f"{title}, {where}", "heading"), chances_text(table, page)]
        return "\n\n".join([*parts, wrapped(error, page)])
    rows = []
    for lap in laps:
        here = table.filter(lap=lap)
        leader = here.sort("position", nulls_last=True)["car"][0]
        best = here.sort("win", descending=True).head(FAVOURITES)["car", "win"].rows()
        told = [f"{car} {percent(win)}" for car, win in best if win >= LEAST]
        told += [""] * (FAVOURITES - len(told))
        rows.append((lap, leader, *told))
    names = ["lap", "leader", *("favourite", "second", "third")[:FAVOURITES]]
    shown = pl.DataFrame(rows, schema=names, orient="row")
    heading = page.style(f"{title}: chances to win after every lap", "heading")
    return "\n\n".join([heading, table_text(shown, page), wrapped(error, page)])


def by_place(table: pl.DataFrame) -> pl.DataFrame:
    """The same with a column for every place, for a CSV."""
    width = int(table["places"].list.len().max() or 0)  # type: ignore[arg-type]
    places = [pl.col("places").list.get(i).alias(f"p{i + 1}") for i in range(width)]
    return table.with_columns(places).drop("places")


def runs_object(runs: Runs) -> dict[str, Any]:
    """Head and cars, for programs."""
    return {
        "lap": runs.lap,
        "laps": runs.laps,
        "runs": runs.runs,
        "partial": runs.partial,
        "seed": runs.seed,
        "seconds": runs.seconds,
        "car_laps_per_s": runs.car_laps / runs.seconds if runs.seconds else None,
        "notes": list(runs.notes),
        "cars": runs.table().to_dicts(),
    }


def twins_text(
    twins: Twins, change: str, page: Page, names: Mapping[str, str] | None = None
) -> str:
    """What a change changes, for eyes."""
    before = twins.before
    where = "from the grid" if not before.lap else f"from lap {before.lap} of {before.laps}"
    table = twins.table()
    real = table.filter(pl.col("points_change").abs() >= 2 * pl.col("points_error"))
    real = real.filter(pl.col("points_change") != 0)
    parts = [page.style(f"What if {change}, {where}", "heading")]
    if real.is_empty():
        parts.append(wrapped("Nothing changes beyond the noise of the runs.", page))
    else:
        parts.append(table_text(_told(real.head(TWINS_SHOWN)), page))
        if real.height > TWINS_SHOWN:
            more = plural(real.height - TWINS_SHOWN, "more car")
            parts.append(f"and {more}; --format json has them all")
        parts.insert(1, wrapped(most_changed(real, names or {}), page))
    if title := title_sentence(table, names or {}):
        parts.append(wrapped(title, page))
    return "\n\n".join([*parts, *_small_print(before, page)])


def most_changed(table: pl.DataFrame, names: Mapping[str, str]) -> str:
    """Whose chance to win a change changes most, or else whose points, in words.

    Parameters
    ----------
    table
        ``TWINS``.
    names
        Family names by car.

    Examples
    --------
    >>> row = {"car": "VER", "win_before": 0.6, "win_after": 0.08, "win_change": -0.52,
    ...        "win_error": 0.009, "points_change": -5.0, "points_error": 0.1}
    >>> most_changed(pl.DataFrame([row]), {"VER": "Verstappen"})
    'It changes most for Verstappen: from 60.0 % of wins to 8.0 % (± 0.9).'
    """
    row = table.sort(pl.col("win_change").abs(), descending=True).row(0, named=True)
    if abs(row["win_change"]) >= max(TITLE_LEAST, 2 * row["win_error"]):
        told = _from_to(row, "win", " of wins")
    else:
        row = table.sort(pl.col("points_change").abs(), descending=True).row(0, named=True)
        told = f"{row['points_change']:+.2f} points on average (± {row['points_error']:.2f})"
    return f"It changes most for {names.get(row['car'], row['car'])}: {told}."


def title_sentence(table: pl.DataFrame, names: Mapping[str, str]) -> str:
    """What a change does to the title, or to the best places that are open, in words.

    Parameters
    ----------
    table
        ``TWINS``.
    names
        Family names by car.
    """
    if table["title_place"].null_count() == table.height:
        return "What it does to the championship is not known."
    real = table.filter(
        pl.col("title_change").abs() >= 2 * pl.col("title_error"),
        pl.col("title_change").abs() >= TITLE_LEAST,
    )
    if real.is_empty():
        return "It changes nobody's place in the championship beyond the noise of the runs."
    best = real.filter(pl.col("title_place") == real["title_place"].min())
    told = [
        f"{names.get(row['car'], row['car'])} {_from_to(row, 'title')}"
        for row in best.sort(pl.col("title_change").abs(), descending=True)
        .head(TITLE_TOLD)
        .iter_rows(named=True)
    ]
    place = best["title_place"][0]
    what = "The title" if place == 1 else f"{ordinal(place)} in the championship, at best"
    return f"{what}: {'; '.join(told)}."


def _from_to(row: Mapping[str, Any], of: str, unit: str = "") -> str:
    """What a share was, and what it is with the change, and its error."""
    before, after = percent(row[f"{of}_before"]), percent(row[f"{of}_after"])
    return f"from {before}{unit} to {after} (± {100 * row[f'{of}_error']:.1f})"


def twins_object(twins: Twins, change: str) -> dict[str, Any]:
    """What a change changes, for programs."""
    return {
        "change": change,
        "lap": twins.before.lap,
        "laps": twins.before.laps,
        "runs": min(twins.before.runs, twins.after.runs),
        "partial": twins.before.partial or twins.after.partial,
        "seed": twins.before.seed,
        "notes": list(twins.before.notes),
        "cars": twins.table().to_dicts(),
    }


def _told(table: pl.DataFrame) -> pl.DataFrame:
    def of(name: str, digits: int) -> pl.Expr:
        return (
            pl.struct(f"{name}_change", f"{name}_error")
            .map_elements(
                lambda row: (
                    f"{row[f'{name}_change']:+.{digits}f} ± {row[f'{name}_error']:.{digits}f}"
                ),
                return_dtype=pl.String,
            )
            .alias(name)
        )

    return table.select(
        "car",
        pl.col("win_before").map_elements(percent, return_dtype=pl.String).alias("win"),
        pl.col("win_after").map_elements(percent, return_dtype=pl.String).alias("then"),
        of("points", 2),
        of("places", 2),
    )


def gamble_sentence(gamble: Gamble, name: str) -> str:
    """When going for it pays, in words."""
    held, won = (
        runs.table().filter(car=gamble.car).row(0, named=True)
        for runs in (gamble.held, gamble.success)
    )
    said = (
        f"Holding {ordinal(gamble.hold)} on the first lap is worth {held['expected_points']:.1f} "
        f"points to {name} (win {percent(held['win'])}, podium {percent(held['podium'])}); "
        f"coming out {ordinal(gamble.go_for)} {won['expected_points']:.1f} "
        f"(win {percent(won['win'])}, podium {percent(won['podium'])}); going out nothing. "
    )
    parts = []
    for what, words in (("points", "in points"), ("win", "for the win alone")):
        even = gamble.break_even(what)
        if even is None:
            parts.append(f"{words} it never pays")
        else:
            error = gamble.break_even_error(what)
            parts.append(f"{words} it pays from a chance of {100 * even:.0f} % ± {100 * error:.0f}")
    if gamble.held.title is not None and gamble.car in gamble.held.title.open:
        parts.append(_title_break_even(gamble, gamble.held.title.open[gamble.car]))
    return said + "Going for it or out: " + "; ".join(parts) + "."


def _title_break_even(gamble: Gamble, place: int) -> str:
    """From which chance a gamble pays for the best place that is open in the championship."""
    words = "for the title" if place == 1 else f"for {ordinal(place)} in the championship"
    even = gamble.break_even("title")
    if even is None:
        return f"{words} it never pays"
    worth = [
        float(measured(runs, gamble.car, "title").mean())
        for runs in (gamble.held, gamble.success, gamble.failure)
    ]
    error = gamble.break_even_error("title")
    return (
        f"{words} (chance {' / '.join(percent(one) for one in worth)} if he holds, gains, drops "
        f"out) it pays from {100 * even:.0f} % ± {100 * error:.0f}"
    )


def gamble_object(gamble: Gamble, sentence: str) -> dict[str, Any]:
    """The choice and what it is worth, for programs."""
    worth = {
        name: runs.table().filter(car=gamble.car).row(0, named=True)
        for name, runs in (
            ("held", gamble.held), ("success", gamble.success), ("failure", gamble.failure),
        )
    }  # fmt: skip
    return {
        "car": gamble.car,
        "hold": gamble.hold,
        "go_for": gamble.go_for,
        **worth,
        "break_even": {w: gamble.break_even(w) for w in MEASURES},
        "break_even_error": {w: gamble.break_even_error(w) for w in MEASURES},
        "title_place": None
        if gamble.held.title is None
        else gamble.held.title.open.get(gamble.car),
        "runs": gamble.held.runs,
        "seed": gamble.held.seed,
        "notes": list(gamble.held.notes),
        "sentence": sentence,
    }


def ordinal(number: int) -> str:
    """Number of a place in words.

    >>> ordinal(1), ordinal(12), ordinal(22)
    ('1st', '12th', '22nd')
    """
    teens = number % 100 in (11, 12, 13)
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"
