"""What a change of position is told by: where it was undone, and one sentence."""

from __future__ import annotations

import polars as pl

PAIR = (pl.min_horizontal("passer", "passed"), pl.max_horizontal("passer", "passed"))


def with_retaken(frame: pl.DataFrame) -> pl.DataFrame:
    """Where the same two cars change order back."""
    return frame.with_columns(
        retaken_lap=pl.col("lap").shift(-1).over(PAIR),
        retaken_line=pl.col("line").shift(-1).over(PAIR),
    )


def with_evidence(frame: pl.DataFrame) -> pl.DataFrame:
    """Changes with a sentence each: how far behind before, how far ahead after, what was lost."""

    def second(column: str) -> pl.Expr:
        ms = pl.col(column).dt.total_milliseconds()
        return pl.format("{}.{}", ms // 1000, (ms % 1000).cast(pl.String).str.zfill(3))

    lost = (pl.col("lost") / 1e6).round(1).cast(pl.String)
    before = (
        pl.when(pl.col("seen_lap") == 0)
        .then(pl.format("{} behind {} on the grid", "passer", "passed"))
        .otherwise(
            pl.format(
                "{} {} s behind {} at {} of lap {}",
                "passer", second("behind"), "passed", "seen_line", "seen_lap",
            )
        )
    )  # fmt: skip
    after = (
        pl.when(pl.col("margin").is_null())
        .then(pl.format("; {} did not reach {} of lap {}", "passed", "line", "lap"))
        .otherwise(pl.format(", {} s ahead at {} of lap {}", second("margin"), "line", "lap"))
    )
    trouble = (
        pl.when(pl.col("kind") == "trouble")
        .then(pl.format("; {} lost {} s to his own pace", "passed", lost))
        .otherwise(pl.lit(""))
    )
    return frame.with_columns(evidence=pl.concat_str(before, after, trouble))
