"""A forecast, for eyes and for other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from racecraft.show.text import table_text, wrapped

if TYPE_CHECKING:
    from racecraft.show.page import Page
    from racecraft.sim.prices import Against

LEAST = 0.0005  # smaller probabilities are told as less than a tenth of a percent
RESTS_ON = {
    "form": "Before qualifying: who takes part and what earlier races showed.",
    "qualifying": "After qualifying, in its order: no grid is reported, and penalties are unknown.",
    "grid": "After qualifying, with the grid as started.",
}


def forecast_text(table: pl.DataFrame, page: Page, title: str) -> str:
    """Chances in percent, with what they rest on."""
    shown = table.select(
        "driver",
        "grid",
        win=_with_error("win", "error"),
        podium=_with_error("podium", "podium_error"),
        points=_percents("points_finish"),
        expected=pl.col("expected_points").round(1),
        place=pl.col("expected_place").round(1),
        out=_percents("retires"),
    )
    if table["grid"].null_count():
        shown = shown.drop("grid")
    note = (
        "Chances to win, to be on the podium and to score, points and place to be expected, "
        "chance not to be classified. ± is how unsure the model is of them, one standard error."
    )
    return "\n\n".join(
        (
            page.style(title, "heading"),
            RESTS_ON[table["basis"][0]],
            table_text(shown, page),
            wrapped(note, page),
        )
    )


def forecast_by_place(table: pl.DataFrame) -> pl.DataFrame:
    """A forecast with a column for each place."""
    return table.select(
        pl.exclude("places"),
        *(pl.col("places").list.get(i).alias(f"p{i + 1}") for i in range(table.height)),
    )


def against_text(told: Against, page: Page, title: str) -> str:
    """The forecast beside the prices, and the scores of both where the race was run."""
    parts = [page.style(title, "heading")]
    for market in told.prices["market"].unique(maintain_order=True):
        own = told.prices.filter(market=market).drop("market")
        if own["happened"].null_count():
            own = own.drop("happened")
        shown = own.with_columns(
            pl.col("price").round(3), *(_percents(name) for name in ("priced", "forecast")),
            difference=pl.col("difference").map_elements("{:+.1%}".format, return_dtype=pl.String),
        )  # fmt: skip
        parts.append(f"{page.style(market, 'heading')}\n{table_text(shown, page)}")
    scores = told.scores.with_columns(
        margin=pl.col("margin").map_elements("{:.1%}".format, return_dtype=pl.String)
    ).with_columns(pl.col(pl.Float64).map_elements("{:.4f}".format, return_dtype=pl.String))
    if scores["brier"].null_count():
        scores = scores.select("market", "cars", "margin")
    parts.append(f"{page.style('Scores; lower is better', 'heading')}\n{table_text(scores, page)}")
    return "\n\n".join(parts)


def against_object(told: Against) -> dict[str, Any]:
    """The comparison as one object."""
    return {"scores": told.scores.to_dicts(), "prices": told.prices.to_dicts()}


def _percents(name: str) -> pl.Expr:
    return pl.col(name).map_elements(_percent, return_dtype=pl.String).alias(name)


def _with_error(name: str, error: str) -> pl.Expr:
    return pl.struct(name, error).map_elements(
        lambda row: f"{_percent(row[name])} ± {100 * row[error]:.1f}", return_dtype=pl.String
    )


def _percent(probability: float) -> str:
    return f"{min(probability, 0.9994):.1%}" if probability >= LEAST else "<0.1%"
