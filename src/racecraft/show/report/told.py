"""A moment told in the language of a report."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from racecraft.show.report.language import number
from racecraft.show.report.reworded import clauses_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from racecraft.show.report.language import Words

    Chances = Mapping[tuple[int, str], Mapping[str, Any]]

OF_TWO = ("pass", "re-pass", "lead change", "battle", "undercut", "overcut")
WIN_TOLD, POINTS_TOLD = 0.03, 0.5  # changes of a chance to win, and of points, that are told
BETWEEN = re.compile(r"after lap (\d+) and after lap (\d+)|after lap (\d+) and after (\d+)")
DROPS_OUT = "retirement"


def moment_words(
    row: Mapping[str, Any],
    names: Mapping[str, str],
    words: Words,
    lang: str,
    chances: pl.DataFrame | None = None,
) -> str:
    """A moment in the language of the report: what happened, and what it did to whose chances.

    Parameters
    ----------
    row
        Of ``MOMENTS``; in English its own sentence is the answer.
    names
        Family names by car.
    chances
        ``CHANCES`` after every lap, for places and chances; without it only the event is told.
    """
    if lang == "en":
        return str(row["sentence"])
    known = {} if chances is None else {(one["lap"], one["car"]): one for one in _rows(chances)}
    cars = row["drivers"].split()
    told = "; ".join([_event(row, cars, names, words, known), *clauses_in(row["sentence"], words)])
    worth = _worth(row, cars, names, words, lang, known)
    return f"{told[:1].upper()}{told[1:]}{f' ({worth})' if worth else ''}."


def _rows(chances: pl.DataFrame) -> list[dict[str, Any]]:
    return chances.select("lap", "car", "position", "win", "expected_points").to_dicts()


def _event(
    row: Mapping[str, Any],
    cars: Sequence[str],
    names: Mapping[str, str],
    words: Words,
    known: Chances,
) -> str:
    """What happened, without what it was worth."""
    said, kind = words["moments"], row["kind"]
    called = [names.get(car, car) for car in cars]
    first, second = (*called, "", "")[:2]
    if kind == "start" and (moves := _moves(cars, names, words, known)):
        return said["start_moves"].format(moves=moves)
    if kind == DROPS_OUT and len(cars) > 1:
        return said["retirements"].format(names=_listed(called, words))
    now = known.get((row["lap"], cars[0]), {}).get("position") if cars else None
    placed = f"{kind}_for" if now and kind in OF_TWO else kind
    return said.get(placed, said.get(kind, said["other"])).format(
        names=_listed(called, words),
        first=first,
        second=second,
        last=called[-1] if called else "",
        place=_place(now, words) if now else "",
    )


def _moves(cars: Sequence[str], names: Mapping[str, str], words: Words, known: Chances) -> str:
    """From where to where cars went at the start."""
    said, parts = words["moments"], []
    for car in cars:
        was, now = (known.get((lap, car), {}).get("position") for lap in (0, 1))
        if was and now:
            move = said["kept" if was == now else "went"]
            parts.append(
                move.format(
                    name=names.get(car, car), was=_place(was, words), now=_place(now, words)
                )
            )
    return _listed(parts, words)


def _worth(
    row: Mapping[str, Any],
    cars: Sequence[str],
    names: Mapping[str, str],
    words: Words,
    lang: str,
    known: Chances,
) -> str:
    """Whose chance to win it changed, or whose points; of two who fought, that of the first."""
    between = BETWEEN.search(row["evidence"])
    if between is None:
        return ""
    before, after = (int(lap) for lap in between.groups() if lap is not None)
    there = [car for car in cars if {(before, car), (after, car)} <= known.keys()]
    if not there:
        return ""

    def change(car: str, of: str) -> float:
        return float(known[after, car][of] - known[before, car][of])

    said = words["moments"]
    mine = there[:1] if row["kind"] in OF_TWO else there
    car = max(mine, key=lambda car: abs(change(car, "win")))
    if abs(change(car, "win")) >= WIN_TOLD:
        was, now = (f"{known[lap, car]['win']:.0%}".rstrip("%") for lap in (before, after))
        return said["win"].format(name=names.get(car, car), before=was, after=now)
    car = max(mine, key=lambda car: abs(change(car, "expected_points")))
    points = change(car, "expected_points")
    if abs(points) < POINTS_TOLD:
        return ""
    sign = "+" if points > 0 else "-"
    return said["points"].format(
        name=names.get(car, car), change=f"{sign}{number(abs(points), lang, 1)}"
    )


def _place(place: int, words: Words) -> str:
    """A place as an ordinal: third, or the figure where there is no word for it."""
    ordinals = words["moments"]["ordinals"].split()
    return ordinals[place - 1] if place <= len(ordinals) else f"{place}{words['moments']['nth']}"


def _listed(names: Sequence[str], words: Words) -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {words['moments']['and']} {names[-1]}"
