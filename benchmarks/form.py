"""Form: how far a fastest lap is off as a measure of race pace; how long a season takes."""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace

import polars as pl
from harness import Mark, process, season_of_laps, shared, show, stored_laps, timed

from racecraft.analysis.form.form import form
from racecraft.analysis.form.rounds import FASTEST_LAP_ERROR, form_rounds
from racecraft.cli.again import KIND
from racecraft.sources.ergast import dump
from racecraft.store.answers import FOLDER

SEASONS = (2018, 2019, 2021, 2022)


def main() -> list[Mark]:
    folder = shared()
    if folder is None:
        print("no seasons here: neither $RACECRAFT_SHARED nor ../shared")
        return []
    files = dump.fetch(folder / "data" / "ergast")
    seasons, _ = dump.parse(files, seasons=SEASONS)
    off = []
    for season in seasons:
        key = ["event", "session", "driver"]
        by_laps = form_rounds(season, season_of_laps(season.season)).filter(basis="laps")
        by_fastest = form_rounds(season, []).filter(basis="fastest_lap")
        both = by_laps.join(by_fastest, on=key, suffix="_fastest").filter(
            ~pl.col("wet").fill_null(value=True)
        )
        off.append(both.select(off=pl.col("pct_fastest") - pl.col("pct")))
    errors = pl.concat(off)["off"]
    races = season_of_laps(SEASONS[-1])
    return [
        Mark("fastest lap against race pace, deviation", (float(errors.std() or 0.0),), unit="%",
             limit=FASTEST_LAP_ERROR, note=f"{len(errors)} dry races of drivers; half of them "
             f"within {errors.abs().median():.2f} %"),
        timed("form of a driver over a season of laps, paces known",
              lambda: form(seasons[-1], "PER", races=races), runs=3),
        *_as_typed(),
    ]  # fmt: skip


def _as_typed() -> list[Mark]:
    """What the verb takes: paces fitted as laps were added, asked again, and nothing known yet."""
    with stored_laps() as store:
        command = [sys.executable, "-m", "racecraft", "form", str(SEASONS[-1]), "PER", "--store",
                   store.folder]  # fmt: skip
        kept = store.folder / FOLDER
        marks = [
            process("racecraft form, paces of no race kept", command, runs=3,
                    before=lambda: shutil.rmtree(kept, ignore_errors=True)),
            process("racecraft form, first time", command, runs=3, limit=3.0,
                    before=lambda: shutil.rmtree(kept / KIND, ignore_errors=True)),
            process("racecraft form, asked again", command, runs=3),
        ]  # fmt: skip
    marks[1] = replace(marks[1], note="paces were fitted when the laps were added")
    return marks


if __name__ == "__main__":
    sys.exit(show(main()))
