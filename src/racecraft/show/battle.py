"""One battle, for eyes and for other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from racecraft.analysis.fights.battle_words import fought_for, laps_words
from racecraft.model.clock import clock, seconds
from racecraft.show.spark import sparkline
from racecraft.show.text import table_text, wrapped

if TYPE_CHECKING:
    from racecraft.analysis.fights.battle import Battle
    from racecraft.model.race import Race
    from racecraft.show.page import Page


def duel_text(race: Race, fought: Battle, page: Page) -> str:
    """A battle told: its story, the interval lap by lap, the swaps, and what decided them."""
    row = fought.row
    sprint = " sprint" if race.session == "sprint" else ""
    title = f"{row['first']} v {row['second']}, {race.season} {race.name}{sprint}"
    parts = [page.style(title, "heading"), wrapped(fought.story, page)]
    if others := _others(fought):
        parts.append(wrapped(others, page))
    if picture := _picture(fought, page):
        parts.append(picture)
    if len(fought.lines):
        parts.append(_by_lap(race, fought, page))
    if len(fought.swap_list):
        parts += [page.style("Swaps", "heading"), table_text(fought.swap_list, page)]
    if fought.tyre_words:
        parts += [page.style("Tyres", "heading"), wrapped(fought.tyre_words, page)]
    if len(fought.turning_points):
        sentences = fought.turning_points["sentence"]
        parts.append(page.style("Turning points", "heading"))
        note = page.style(f"by {finest_of(fought)}, the finest segments of this source", "dim")
        parts.append("\n".join([*(wrapped(sentence, page) for sentence in sentences), note]))
    if len(fought.passes):
        sentences = fought.passes["sentence"]
        parts.append(page.style("On the track", "heading"))
        parts.append("\n".join(wrapped(f"{sentence}.", page) for sentence in sentences))
    if len(fought.corners):
        parts += [page.style("Corners", "heading"), _corners(fought, page)]
    headings = {
        page.style(name, "heading")
        for name in ("Swaps", "Tyres", "Turning points", "On the track", "Corners")
    }
    text = ""
    for before, part in zip(["", *parts], parts, strict=False):
        text += part if not text else ("\n" if before in headings else "\n\n") + part
    return text


def _others(fought: Battle) -> str:
    """Further battles of the two, and where they met beside their battles."""
    told = [
        f"{laps_words(row['start_lap'], row['end_lap'])} for {fought_for(row)}"
        for row in fought.battles.rows(named=True)[1:]
    ]
    inside = pl.lit(value=False)
    for begin, end in fought.battles["start_lap", "end_lap"].rows():
        inside |= (pl.col("start_lap") <= end + 1) & (pl.col("end_lap") >= begin - 1)
    met = fought.meetings.filter(~inside)["sentence"].to_list() if len(fought.battles) else []
    parts = [f"They fought on {', on '.join(told)} too."] if told else []
    if len(met):
        parts.append(f"They also met on {'; '.join(met)}.")
    return " ".join(parts)


def duel_object(fought: Battle) -> dict[str, Any]:
    """A battle as one object: its row, and its tables by name."""
    return {
        **fought.row,
        "battles": fought.battles,
        "meetings": fought.meetings,
        "swap_list": fought.swap_list,
        "lines": fought.lines,
        "losses": fought.losses,
        "turning_points": fought.turning_points,
        "passes": fought.passes,
        "corners": fought.corners,
        "tyres": fought.tyres,
        "segments": fought.segments,
        "finest": finest_of(fought),
        "story": fought.story,
    }


def finest_of(fought: Battle) -> str:
    """The finest that is known of a lap: corners by telemetry, or mini-sectors, sectors, laps."""
    if len(fought.corners):
        return "corners"
    lines = fought.losses["line"].unique().to_list()
    if lines in ([], ["Line"]):
        return "laps"
    return "mini-sectors" if any("." in line for line in lines) else "sectors"


def _corners(fought: Battle, page: Page) -> str:
    """What the two did on the laps of the turning points, and in brackets how far off the usual."""
    table = _near_passes(fought).select(
        "lap",
        "corner",
        "car",
        top=_measure("top_kmh"),
        braking=_measure("braking_m"),
        slowest=_measure("slowest_kmh"),
        exit=_measure("exit_kmh"),
        throttle=_measure("full_throttle_m"),
    )
    note = (
        "km/h: top before, slowest at, exit of the corner; metres: braking before it, full "
        "throttle after it; in brackets, more than on the driver's other laps without a car ahead"
    )
    return f"{table_text(table, page)}\n{wrapped(page.style(note, 'dim'), page)}"


def _near_passes(fought: Battle) -> pl.DataFrame:
    """Corners just before and after each pass; all of them where no place of a pass is known."""
    laps = fought.passes["lap"].unique().to_list()
    shown = []
    for lap, corner in fought.corners["lap", "corner"].unique(maintain_order=True).rows():
        near = fought.passes.filter(pl.col("lap") == lap)["where"]
        words = " ".join(near).split()
        if lap not in laps or corner in words:
            shown.append({"lap": lap, "corner": corner})
    if not shown:
        return fought.corners
    keys = pl.DataFrame(shown, schema_overrides={"lap": pl.Int16})
    return fought.corners.join(keys, on=["lap", "corner"], how="semi")


def _measure(name: str) -> pl.Expr:
    value = pl.col(name).map_elements("{:.0f}".format, return_dtype=pl.String)
    off = (pl.col(name) - pl.col(f"usual_{name}")).map_elements(
        lambda value: f"{round(value):+d}", return_dtype=pl.String
    )
    return pl.concat_str(value, pl.format(" ({})", off).fill_null("")).alias(name)


def _picture(fought: Battle, page: Page) -> str:
    """Interval at the Line, lap by lap, as bars."""
    if not page.unicode:
        return ""
    by_lap = fought.lines.group_by("lap").agg(pl.col("interval").last()).sort("lap")
    sizes = by_lap.select(size=seconds("interval").abs())["size"].to_list()
    known = [size for size in sizes if size is not None]
    if len(known) < 2:
        return ""
    note = (
        f"interval from lap {by_lap['lap'][0]} to {by_lap['lap'][-1]}, at most {max(known):.3f} s"
    )
    return f"{sparkline(sizes, page.width or 120)}\n{page.style(note, 'dim')}"


def _by_lap(race: Race, fought: Battle, page: Page) -> str:
    """Interval at every line: a row a lap, a column a line, as many as fit."""
    lines = [
        line
        for line in race.lines.sort("order")["line"]
        if line in fought.lines["line"].unique().to_list()
    ]
    wide = fought.lines.with_columns(
        interval=pl.col("interval").map_elements(_signed, return_dtype=pl.String)
    ).pivot("line", index="lap", values="interval")
    return table_text(wide.select("lap", *lines).sort("lap"), page)


def _signed(interval: Any) -> str:
    return f"{'+' if interval.total_seconds() >= 0 else ''}{clock(interval)}"
