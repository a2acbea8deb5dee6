"""The story of a battle, in a sentence or two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from racecraft.analysis.fights.explain import name_of, segment_words
from racecraft.analysis.order.timing import timing

if TYPE_CHECKING:
    from racecraft.model.race import Race


def told(race: Race, row: dict[str, Any], swaps: pl.DataFrame, passes: pl.DataFrame) -> str:
    """Story of a battle: who, for what, how long, how close, the last swaps, and the end of it.

    The swaps in ``PASSES`` are told by their place on the track, others by their segment.
    """
    first, second = (name_of(race, row[who]) for who in ("first", "second"))
    number = "1 lap" if row["laps"] == 1 else f"{row['laps']} laps"
    laps = (
        f"on {laps_words(row['start_lap'], row['end_lap'])}"
        if row["start_lap"] == row["end_lap"]
        else f"over {number} ({row['start_lap']} to {row['end_lap']})"
    )
    # One line a lap: what happened within it is not known.
    at_lines = "of the timing lines" if race.lines.height > 1 else "of the laps, at the end of each"
    fight = (
        f"{first} and {second} fought for {fought_for(row)} {laps}, "
        f"within 1.0 s at {row['share_within_1s']:.0%} {at_lines}."
    )
    where = {(lap, line): words for lap, line, words in passes["lap", "line", "where"].rows()}
    swapped = ", ".join(
        _pass_words(race, *swap, where.get(swap[:2])) for swap in _last_swaps(swaps)
    )
    end = _end_words(race, row, has_passes=bool(swapped))
    if not swapped:
        return f"{fight} {end}"
    return f"{fight} {swapped}; {end}" if row["at_flag"] else f"{fight} {swapped}{end}"


def fought_for(row: dict[str, Any]) -> str:
    """The place they fought for, in their class where there are several.

    >>> fought_for({"position": 9, "class_position": 2, "class": "GTD"})
    'second in GTD'
    """
    if row["class"] is None:
        return place_words(row["position"])
    return f"{place_words(row['class_position'])} in {row['class']}"


def laps_words(first: int, last: int) -> str:
    """Laps in words, of which there may be one.

    >>> laps_words(52, 71), laps_words(1, 1)
    ('laps 52 to 71', 'lap 1')
    """
    return f"lap {first}" if first == last else f"laps {first} to {last}"


def place_words(place: int) -> str:
    """A place in words: the lead, second, P11."""
    words = {1: "the lead", 2: "second", 3: "third", 4: "fourth", 5: "fifth", 6: "sixth",
             7: "seventh", 8: "eighth", 9: "ninth", 10: "tenth"}  # fmt: skip
    return words.get(place, f"P{place}")


def _end_words(race: Race, row: dict[str, Any], *, has_passes: bool) -> str:
    """How a battle ended, after what is told of its passes."""
    ahead = name_of(race, row["ahead_at_end"])
    if row["at_flag"]:
        margin = row["margin"].total_seconds()
        return f"{ahead} was ahead at the flag by {margin:.3f} s{_before_penalty(race, row)}."
    if row["ahead_after"] is not None:
        words = _turned_after(race, row, ahead)
        return f"; then {words}" if has_passes else f"{ahead} was ahead; then {words}"
    until = _until(race, row)
    return f" and stayed ahead{until}." if has_passes else f"{ahead} kept the place{until}."


def _turned_after(race: Race, row: dict[str, Any], ahead: str) -> str:
    """How the order changed within the lap after, where it was no pass on the track."""
    other, lap = name_of(race, row["ahead_after"]), row["end_lap"] + 1
    if row["ended_by"] == "neutralised":
        return f"{other} was ahead when the race was neutralised on lap {lap}."
    stopped = _first_to_stop(race, row)
    if stopped is None:
        return f"the stops around lap {lap} put {other} ahead."
    who, stop_lap = stopped
    if race.lines.height == 1 and who == ahead and stop_lap == lap:
        return (
            f"{other} was ahead at the end of lap {lap}, where {ahead} stopped: whether by a pass "
            "or by the stop, times at the Line alone do not say."
        )
    return f"{who} stopped on lap {stop_lap} and {other} was ahead."


def _until(race: Race, row: dict[str, Any]) -> str:
    """What cut a battle short, as the end of a sentence; empty where they just drew apart."""
    if row["ended_by"] == "neutralised":
        return " until the race was neutralised"
    if row["ended_by"] == "pit" and (stopped := _first_to_stop(race, row)):
        return f" until {stopped[0]} stopped on lap {stopped[1]}"
    if row["ended_by"] == "retirement":
        at = timing(race)
        ends = {car: at.last_step[at.cars.index(car)] for car in (row["first"], row["second"])}
        return f" until {name_of(race, min(ends, key=ends.__getitem__))} dropped out"
    return ""


def _first_to_stop(race: Race, row: dict[str, Any]) -> tuple[str, int] | None:
    """Name of whichever of the two entered the pit lane first after the battle, and the lap."""
    after = race.pit_visits.filter(
        pl.col("car").is_in([row["first"], row["second"]]), pl.col("lap") >= row["end_lap"]
    ).sort("lap", "time_in")
    return (name_of(race, after["car"][0]), int(after["lap"][0])) if len(after) else None


def _before_penalty(race: Race, row: dict[str, Any]) -> str:
    """Words for a margin on the road that a penalty changed afterwards."""
    pair = pl.col("car").is_in([row["first"], row["second"]])
    times = race.classification.filter(pair)["time"]
    changed = row["margin_basis"] == "road" and len(times) == 2 and not times.null_count()
    return " on the road, before a penalty" if changed else ""


def _last_swaps(swaps: pl.DataFrame, most: int = 3) -> list[tuple[int, str, str, bool]]:
    """Lap, line and passer of the last swaps, and whether the place is told to be taken back."""
    shown = swaps.tail(most).with_row_index()
    return shown.select("lap", "line", "passer", back=pl.col("index") > 0).rows()


def _pass_words(race: Race, lap: int, line: str, passer: str, back: bool, place: str | None) -> str:
    where = f" {place}" if place else segment_words(race, line)
    verb = "took it back" if back else "passed"
    return f"{name_of(race, passer, lap)} {verb}{where + ' of' if where else ' on'} lap {lap}"
