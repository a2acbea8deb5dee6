"""Pace, form and the parts of a lap, for eyes and for other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from racecraft.model.clock import clock, duration
from racecraft.show.text import table_text, wrapped

if TYPE_CHECKING:
    from racecraft.analysis.form.form import Form
    from racecraft.analysis.form.since import FormSince
    from racecraft.analysis.pace.breakdown import Breakdown
    from racecraft.analysis.pace.pace import Pace
    from racecraft.model.race import Race
    from racecraft.show.page import Page

SHOWN_AGES = 5  # laps of age between the rows of a tyre curve that are shown


def pace_text(pace: Pace, page: Page) -> str:
    """Drivers by pace, then tyres, traffic and fuel, then what is in doubt."""
    parts = [
        ("", page.style(f"Race pace, {race_title(pace.race)}", "heading")),
        ("", table_text(_drivers(pace), page)),
        *([("By driver", table_text(_by_driver(pace), page))] if len(pace.by_driver) else []),
        ("Tyres, slower than a new set of the fastest compound", table_text(_tyres(pace), page)),
        ("Behind another car", table_text(_traffic(pace), page)),
        ("What else acts on a lap", table_text(_terms(pace), page)),
        ("Doubts", _doubts(pace.doubts, page)),
    ]
    return "\n\n".join(
        f"{page.style(heading, 'heading')}\n{text}" if heading else text for heading, text in parts
    )


def pace_object(pace: Pace) -> dict[str, Any]:
    """Pace of a race as one object, its tables by name."""
    return {
        "season": pace.race.season,
        "event": pace.race.event,
        "session": pace.race.session,
        "drivers": pace.drivers,
        "by_driver": pace.by_driver,
        "terms": pace.terms,
        "tyres": pace.tyres,
        "traffic": pace.traffic,
        "track": pace.track,
        "laps": pace.laps,
        "doubts": pace.doubts,
    }


def form_text(form: Form, page: Page) -> str:
    """A sentence, then the rounds."""
    rounds = form.rounds.select(
        "round",
        "session",
        quali=_percent("quali"),
        race=_percent("race"),
        to_mate=_percent("quali_to_mate"),
        race_to_mate=_percent("race_to_mate"),
        mate="mate",
        wet=pl.concat_str(
            pl.when("quali_wet").then(pl.lit("quali")),
            pl.when("race_wet").then(pl.lit("race")),
            separator=" ",
            ignore_nulls=True,
        ),
        basis="race_basis",
    ).rename({"to_mate": "quali_to_mate"})
    note = "percent slower than the median driver, and than the team mate, with standard errors"
    parts = [
        page.style(f"{form.driver}, form over {form.season}", "heading"),
        wrapped(form.sentence, page),
        "" if form.since is None else wrapped(form.since.sentence, page),
        f"{table_text(rounds, page)}\n{page.style(note, 'dim')}",
        f"{page.style('Doubts', 'heading')}\n{_doubts(form.doubts, page)}" if len(form.doubts)
        else "",
    ]  # fmt: skip
    return "\n\n".join(part for part in parts if part)


def form_object(form: Form) -> dict[str, Any]:
    """Form as one object."""
    return {
        "driver": form.driver,
        "season": form.season,
        "rounds": form.rounds,
        "change_point": form.change_point,
        "trends": form.trends,
        "sentence": form.sentence,
        "doubts": form.doubts,
        **({} if form.since is None else {"since": _since_object(form.since)}),
    }


def _since_object(since: FormSince) -> dict[str, Any]:
    return {
        "event": since.event,
        "round": since.round,
        "until": since.until,
        "measures": since.measures.to_dicts(),
        "sentence": since.sentence,
    }


def breakdown_text(told: Breakdown, race: Race, page: Page) -> str:
    """Seconds of a lap by cause, and their sum."""
    rows = told.parts.select(
        cause=pl.col("cause").str.replace_all("_", " "),
        seconds=pl.col("seconds").map_elements("{:+.3f}".format, return_dtype=pl.String),
        error=pl.col("error_s").map_elements("{:.3f}".format, return_dtype=pl.String),
        note="note",
    )
    total = pl.DataFrame({"cause": ["lap time"], "seconds": [f"{told.lap_time_s:.3f}"],
                          "error": [""], "note": [""]})  # fmt: skip
    title = f"{told.car}, lap {told.lap}, {race_title(race)}"
    return "\n\n".join(
        [
            page.style(title, "heading"),
            wrapped(told.sentence, page),
            table_text(pl.concat([rows, total]), page),
        ]
    )


def breakdown_object(told: Breakdown) -> dict[str, Any]:
    """A lap's parts as one object."""
    return {
        "car": told.car,
        "driver": told.driver,
        "lap": told.lap,
        "lap_time_s": told.lap_time_s,
        "parts": told.parts,
        "sentence": told.sentence,
    }


def _drivers(pace: Pace) -> pl.DataFrame:
    time = duration(pl.col("pace_s").round(3))
    named = [] if pace.drivers["class"].is_null().all() else ["class"]
    return pace.drivers.select(
        "car",
        *named,
        "laps",
        pace=time.map_elements(clock, return_dtype=pl.String),
        error=_seconds("error_s"),
        behind=_seconds("behind_s"),
        field_pct=pl.col("field_pct").map_elements("{:+.2f}".format, return_dtype=pl.String),
        pct_error=_seconds("field_pct_error", 2),
    )


def _by_driver(pace: Pace) -> pl.DataFrame:
    time = duration(pl.col("pace_s").round(3))
    return pace.by_driver.select(
        "car",
        "driver",
        "class",
        "laps",
        pace=time.map_elements(clock, return_dtype=pl.String),
        error=_seconds("error_s"),
        behind=_seconds("behind_s"),
    )


def _tyres(pace: Pace) -> pl.DataFrame:
    """Every fifth age of each compound, its last one, and the one from which it falls off."""
    begins = pl.col("cliff") & ~pl.col("cliff").shift(1, fill_value=False).over("compound")
    last = pl.col("tyre_age") == pl.col("tyre_age").max().over("compound")
    first = pl.col("tyre_age") == pl.col("tyre_age").min().over("compound")
    every = pl.col("tyre_age") % SHOWN_AGES == 0
    shown = pace.tyres.filter(every | begins | last | first)
    return shown.select(
        "compound",
        "tyre_age",
        loss=_seconds("loss_s", 2),
        error=_seconds("loss_error_s", 2),
        wear=_seconds("wear_s", 2),
        wear_error=_seconds("wear_error_s", 2),
        laps="laps",
        note=pl.when("cliff").then(pl.lit("falling off")),
    )


def _traffic(pace: Pace) -> pl.DataFrame:
    last = pl.col("interval_s") == pl.col("interval_s").max()
    return pace.traffic.select(
        behind=pl.format("{} s{}", "interval_s", pl.when(last).then(pl.lit(" or more"))
                         .otherwise(pl.lit(""))),
        loss=_seconds("loss_s", 2),
        error=_seconds("error_s", 2),
        laps="laps",
    )  # fmt: skip


def _terms(pace: Pace) -> pl.DataFrame:
    return pace.terms.select(
        term=pl.col("term").str.replace_all("_", " "),
        value=_seconds("value", 4),
        error=_seconds("error", 4),
        unit="unit",
        meaning="meaning",
    )


def _doubts(doubts: pl.DataFrame, page: Page) -> str:
    lines = [
        wrapped(f"{driver}: {reason}" if driver else reason, page, hang="* ")
        for driver, reason in doubts["car", "reason"].rows()
    ]
    return "\n".join(lines)


def _percent(name: str) -> pl.Expr:
    value = pl.col(f"{name}_pct").map_elements("{:+.2f}".format, return_dtype=pl.String)
    error = pl.col(f"{name}_error_pct").map_elements("{:.2f}".format, return_dtype=pl.String)
    return pl.format("{} ± {}", value, error)


def _seconds(name: str, digits: int = 3) -> pl.Expr:
    return pl.col(name).map_elements(f"{{:.{digits}f}}".format, return_dtype=pl.String)


def race_title(race: Race) -> str:
    """Season and name of a race, and that it is a sprint if it is one."""
    sprint = " sprint" if race.session == "sprint" else ""
    return f"{race.season} {race.name}{sprint}"
