"""A forecast against somebody else's prices: whose chances were better?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from racecraft.errors import ArgumentError, UnreadableError
from racecraft.lookup.find import find_driver
from racecraft.model.season import DRIVER
from racecraft.model.table import Column, Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from racecraft.model.season import Season

MARKETS = ("win", "podium", "points_finish")
LEAST = 1e-6  # of a chance, so that a log loss is finite

PRICES = Table(
    "prices",
    key=("market", "driver"),
    columns=(
        Column("market", pl.String, "win, podium or points_finish"),
        DRIVER,
        Column("price", pl.Float64, "as given: decimal odds, or a probability"),
        Column("priced", pl.Float64, "probability that the prices say, without their margin"),
        Column("forecast", pl.Float64, "probability that is forecast"),
        Column("difference", pl.Float64, "`forecast` less `priced`"),
        Column("happened", pl.Boolean, "whether it came true; null before the race"),
    ),
)
PRICE_SCORES = Table(
    "price_scores",
    key=("market",),
    columns=(
        Column("market", pl.String, "win, podium or points_finish"),
        Column("cars", pl.Int16, "cars that are priced"),
        Column("margin", pl.Float64, "by how much the prices add up to more than they can; null "
               "where not all cars are priced"),
        Column("brier", pl.Float64, "Brier score per car of the forecast"),
        Column("brier_priced", pl.Float64, "Brier score per car of the prices"),
        Column("log_loss", pl.Float64, "log loss of the forecast: of the winner, or per car"),
        Column("log_loss_priced", pl.Float64, "log loss of the prices"),
    ),
)  # fmt: skip


@dataclass(frozen=True, eq=False, kw_only=True)
class Against:
    """A forecast beside prices: ``PRICES`` and ``PRICE_SCORES``, whose scores are null at first."""

    prices: pl.DataFrame
    scores: pl.DataFrame


def against(table: pl.DataFrame, prices: pl.DataFrame, season: Season, event: str) -> Against:
    """Compare a forecast with prices, and score both where the race was run.

    Parameters
    ----------
    table
        ``FORECAST``.
    prices
        A row per driver: ``driver``, and any of ``win``, ``podium``, ``points_finish``. Numbers
        above 1 make a column one of decimal odds; else it holds probabilities.
    season
        With the result of the event, if it has one.
    event
        Its stable name.

    Raises
    ------
    UnreadableError
        A column is missing, or holds what is no price.
    NotFoundError, ArgumentError
        A driver does not take part, or has two rows.

    Notes
    -----
    Prices of all cars are scaled to add up to as many places as there are, which takes the margin
    out in proportion; those of a part of the field are left as they are.
    """
    named = _named(prices, table, season)
    places = _places(season, event)
    rows, scores = [], []
    for market in (name for name in MARKETS if name in named.columns):
        paid = _paid(table, market)
        own = table.join(
            named.select("driver", price=pl.col(market).cast(pl.Float64)).drop_nulls(),
            on="driver",
            maintain_order="left",
        ).drop_nulls(market)
        if own.is_empty():
            continue
        said, margin = _probabilities(own["price"].to_numpy(), paid, whole=own.height == len(table))
        given = own[market].to_numpy()
        came = None
        if places:
            came = np.array([(places.get(driver) or paid + 1) <= paid for driver in own["driver"]])
        rows += [
            {
                "market": market,
                "driver": driver,
                "price": price,
                "priced": float(one),
                "forecast": float(other),
                "difference": float(other - one),
                "happened": None if came is None else bool(came[i]),
            }
            for i, (driver, price, one, other) in enumerate(
                zip(own["driver"], own["price"], said, given, strict=True)
            )
        ]
        scores.append(
            {"market": market, "cars": own.height, "margin": margin} | _scored(given, said, came)
        )
    return Against(prices=PRICES.rows(rows), scores=PRICE_SCORES.rows(scores))


def _named(prices: pl.DataFrame, table: pl.DataFrame, season: Season) -> pl.DataFrame:
    """Prices with the codes of drivers, however they are spelt."""
    prices = prices.rename({name: name.strip().lower() for name in prices.columns})
    if "driver" not in prices.columns or not set(MARKETS) & set(prices.columns):
        raise UnreadableError(
            f"prices with columns {', '.join(prices.columns) or 'of no name'}",
            hint=f"a column driver, and one or more of {', '.join(MARKETS)}",
        )
    taking_part = season.drivers.join(table.select("driver"), on="driver", how="semi")
    codes = [find_driver(taking_part, str(one)) for one in prices["driver"]]
    if len(set(codes)) < len(codes):
        raise ArgumentError("a driver has two rows of prices", hint="one row per driver")
    for market in set(MARKETS) & set(prices.columns):
        column = prices[market].cast(pl.Float64, strict=False)
        if column.null_count() > prices[market].null_count() or (column <= 0).any():
            raise UnreadableError(
                f"{market} holds what is no price",
                hint="decimal odds above 1, or probabilities between 0 and 1",
            )
    return prices.with_columns(driver=pl.Series(codes, dtype=pl.String))


def _places(season: Season, event: str) -> Mapping[str, int | None]:
    """Place of everybody in the race; empty before it."""
    result = season.results.filter(pl.col("event") == event, pl.col("session") == "race")
    placed = result.sort("order").unique("driver", keep="first", maintain_order=True)
    return {} if placed["position"].count() == 0 else dict(placed["driver", "position"].iter_rows())


def _paid(table: pl.DataFrame, market: str) -> int:
    """How many places win in a market."""
    if market == "win":
        return 1
    if market == "podium":
        return min(3, len(table))
    return round(float(table["points_finish"].sum()))


def _probabilities(
    prices: np.ndarray, paid: int, *, whole: bool
) -> tuple[np.ndarray, float | None]:
    """Probabilities that prices say, and their margin where the whole field is priced."""
    said = 1 / prices if (prices > 1).any() else prices
    if not whole:
        return np.minimum(said, 1.0), None
    margin = float(said.sum() / paid - 1)
    return np.minimum(said / (1 + margin), 1.0), margin


def _scored(
    given: np.ndarray, said: np.ndarray, came: np.ndarray | None
) -> dict[str, float | None]:
    if came is None:
        return {}
    return {
        "brier": float(((given - came) ** 2).mean()),
        "brier_priced": float(((said - came) ** 2).mean()),
        "log_loss": _log_loss(given, came),
        "log_loss_priced": _log_loss(said, came),
    }


def _log_loss(chances: np.ndarray, came: np.ndarray) -> float:
    """Of the one that came true where there is one; else mean over all."""
    kept = np.clip(chances, LEAST, 1 - LEAST)
    if came.sum() == 1:
        return float(-np.log(kept[came][0]))
    return float(-np.where(came, np.log(kept), np.log(1 - kept)).mean())
