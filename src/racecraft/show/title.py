"""A championship's answers, for eyes and for other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from racecraft.show.text import doubts_text, table_text, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from racecraft.show.page import Page
    from racecraft.title.clinch import Clinch

SECURES, HELD, LOST, OPEN = "yes", "held", "out", "."
LEGEND = (
    "yes: it is secured, whatever others do; held: this rival cannot pass any more; out: it is out "
    "of reach; .: open, later events or the fastest lap decide; none: no points; blank: two cars "
    "cannot share a place."
)
LEAST = 0.0005  # smaller probabilities are told as less than a tenth of a percent
WAY = 12  # results that are shown of one way to miss a place
PLACES = 10  # places of the championship that a table of odds shows


def standings_text(table: pl.DataFrame, doubts: Sequence[str], page: Page) -> str:
    """Standings as a table, and below it what is not sure of them."""
    plain = pl.col("doubt")
    for doubt in doubts:  # told below the table, once
        plain = plain.str.replace(doubt, "", literal=True)
    plain = plain.str.strip_chars("; ")
    table = table.with_columns(doubt=pl.when(plain != "").then(plain))
    return "\n\n".join(filter(None, (table_text(table, page), doubts_text(doubts, page))))


def clinch_text(answer: Clinch, page: Page, doubts: Sequence[str] = ()) -> str:
    """What is secured, told: the answer, its proof, the rivals, and what the next places decide."""
    title = (
        f"{answer.name}, place {answer.position} of {answer.season} after {_moment(answer.after)}"
    )
    facts = (
        f"{answer.points:g} points, place {answer.place} now; "
        f"{answer.points_available:g} points left to win."
    )
    parts = [page.style(title, "heading"), wrapped(answer.sentence, page), wrapped(facts, page)]
    if answer.secured:
        parts.append(wrapped(f"Proof: {answer.bound}.", page))
    threats = answer.rivals.filter("can_still_pass").drop("can_still_pass")
    if not answer.secured and len(threats):
        heading = page.style("May end up ahead", "heading")
        parts.append(f"{heading}\n{table_text(named(threats, answer.kind), page)}")
    if not answer.secured:
        parts += _next_text(answer, page)
        if len(answer.completion):
            best = f"One way to get there: {answer.name} wins all that is left, nobody else scores."
            parts.append(wrapped(best, page))
        if len(answer.counterexample):
            parts.append(_miss_text(answer, page))
    return "\n\n".join(filter(None, (*parts, doubts_text(doubts, page))))


def contenders_text(
    table: pl.DataFrame, answer: Clinch, page: Page, doubts: Sequence[str] = ()
) -> str:
    """Who can still win the title, what is enough for each, and how to ask on.

    Parameters
    ----------
    table
        ``CONTENDERS``.
    answer
        What is proven of the leader.
    page
        What it is written on.
    doubts
        What is not sure of the points.
    """
    if answer.secured:
        return clinch_text(answer, page, doubts)
    who = _who(answer.kind)
    heading = f"Title of {answer.season} after {_moment(answer.after)}"
    facts = (
        f"{len(table)} can still win it; {answer.points_available:g} points are left to win by one."
    )
    parts = [
        f"{page.style(heading, 'heading')}\n{wrapped(facts, page)}",
        table_text(named(table.drop("has_won", "next"), answer.kind), page),
        "\n".join(wrapped(told, page) for told in table["next"].drop_nulls()) or answer.sentence,
        page.style(
            wrapped(f"Ask on with --{who} NAME: what each place decides, and the proof.", page),
            "dim",
        ),
    ]
    return "\n\n".join(filter(None, (*parts, doubts_text(doubts, page))))


def _moment(after: str) -> str:
    """A round, or a sprint, as one says it.

    >>> _moment("19"), _moment("19:sprint")
    ('round 19', 'the sprint of round 19')
    """
    round_, _, session = str(after).partition(":")
    return f"the {session} of round {round_}" if session else f"round {round_}"


def _miss_text(answer: Clinch, page: Page) -> str:
    """One way to miss it, not all of it where that is long."""
    table = answer.counterexample
    text = f"{page.style('One way to miss it', 'heading')}\n"
    text += table_text(named(table.head(WAY), answer.kind), page)
    if len(table) > WAY:
        text += f"\nand {len(table) - WAY} results more; --format json has them all"
    return text


def _next_text(answer: Clinch, page: Page) -> list[str]:
    """What the next event decides: by margins, and by places."""
    upcoming = answer.next
    if upcoming is None:
        return []
    parts = []
    if len(upcoming.margins):
        heading = f"{upcoming.event}: points by which {answer.name} may be outscored"
        table = table_text(upcoming.margins, page)
        parts.append(f"{page.style(heading, 'heading')}\n{table}")
    for (session, rival), own in upcoming.cells.partition_by(
        "session", "rival", as_dict=True, maintain_order=True
    ).items():
        heading = f"{upcoming.event}, {session}: place of {answer.name} (down) and of {rival}"
        grid = f"{page.style(heading, 'heading')}\n{table_text(grid_of(own), page)}"
        for note in _notes(own, answer.name, str(rival)):
            grid += f"\n{wrapped(note, page)}"
        parts.append(grid)
    if len(upcoming.cells):
        parts.append(page.style(wrapped(LEGEND, page), "dim"))
    return parts


def _notes(cells: pl.DataFrame, name: str, rival: str) -> list[str]:
    """What is to be said below a grid."""
    notes = []
    if (cells["holds_off"] & ~cells["secures"]).any():
        notes.append(f"held: {rival} cannot pass any more, but others can.")
    if cells["sprint_margin"].is_not_null().any():
        notes.append(
            f"A number: {rival} is held off after a sprint in which he outscored {name} "
            "by no more than that; below zero, he must have been outscored."
        )
    return notes


def clinch_object(answer: Clinch) -> dict[str, Any]:
    """An answer as one object."""
    upcoming = answer.next
    return {
        "season": answer.season,
        "after": answer.after,
        _who(answer.kind): answer.name,
        "position": answer.position,
        "place": answer.place,
        "points": answer.points,
        "points_available": answer.points_available,
        "secured": answer.secured,
        "possible": answer.possible,
        "rivals": named(answer.rivals, answer.kind).to_dicts(),
        "next": None
        if upcoming is None
        else {
            "round": upcoming.round,
            "event": upcoming.event,
            "session": upcoming.session,
            "can_secure": upcoming.can_secure,
            "can_lose": upcoming.can_lose,
            "margins": upcoming.margins.to_dicts(),
            "cells": upcoming.cells.to_dicts(),
        },
        "sentence": answer.sentence,
        "completion": named(answer.completion, answer.kind).to_dicts(),
        "counterexample": named(answer.counterexample, answer.kind).to_dicts(),
        "bound": answer.bound,
    }


def named(table: pl.DataFrame, kind: str) -> pl.DataFrame:
    """A table whose column of names says whose they are."""
    return table.rename({"name": _who(kind)})


def _who(kind: str) -> str:
    return "driver" if kind == "drivers" else "team"


def grid_of(cells: pl.DataFrame) -> pl.DataFrame:
    """Cells as a grid, one's own place down and the rival's across.

    Each says whether the place is out of reach, secured, the rival alone held off, or with how
    large a margin in the sprint before; or it is open.
    """
    mark = (
        pl.when("out_of_reach")
        .then(pl.lit(LOST))
        .when("secures")
        .then(pl.lit(SECURES))
        .when("holds_off")
        .then(pl.lit(HELD))
        .when(pl.col("sprint_margin").is_not_null())
        .then(pl.col("sprint_margin").map_elements("{:g}".format, return_dtype=pl.String))
        .otherwise(pl.lit(OPEN))
    )
    own = cells.select(place=_place("position"), rival=_place("rival_position"), mark=mark)
    places = own["place"].unique(maintain_order=True).to_list()
    grid = own.pivot("rival", index="place", values="mark").fill_null("")
    return grid.select("place", *(place for place in places if place in grid.columns))


def _place(column: str) -> pl.Expr:
    return (
        pl.when(pl.col(column) == 0).then(pl.lit("none")).otherwise(pl.col(column).cast(pl.String))
    )


def odds_by_place(table: pl.DataFrame) -> pl.DataFrame:
    """Odds with a column for each of the first places, as probabilities."""
    count = min(PLACES, table.height)
    return table.select(
        pl.exclude("places", "errors"),
        *(pl.col("places").list.get(place).alias(f"p{place + 1}") for place in range(count)),
    )


def odds_text(table: pl.DataFrame, page: Page) -> str:
    """Odds for eyes: in percent, a dash where a place is proven out of reach."""
    flat = odds_by_place(table).drop("champion", "error")
    likely = [name for name in flat.columns if name.startswith("p") and name[1:].isdecimal()]
    return table_text(
        flat.with_columns(
            pl.col(name).map_elements(_percent, return_dtype=pl.String) for name in likely
        ),
        page,
    )


def _percent(probability: float) -> str:
    if probability in (0.0, 1.0):
        return "certain" if probability else "-"
    return f"{min(max(probability, 0.0), 0.9994):.1%}" if probability >= LEAST else "<0.1%"
