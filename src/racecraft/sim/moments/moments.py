"""What decided a race: its events, each once, ranked by what they changed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from racecraft.analysis.order.timing import mostly_untimed
from racecraft.lookup.find import concerning
from racecraft.model.race import LAP, LINE
from racecraft.model.table import Column, Table
from racecraft.sim.moments.counterfactual import with_counterfactuals
from racecraft.sim.moments.facts import facts_of, read, written
from racecraft.sim.moments.from_results import (
    happenings_of_result,
    in_line,
    outlook_of_result,
)
from racecraft.sim.moments.happenings import happenings
from racecraft.sim.moments.outlook import (
    Outlook,
    by_formula,
    by_simulation,
    of_those_who_started,
)
from racecraft.sim.moments.records import SET, records
from racecraft.sim.moments.title import contest_of, title_decided, with_margin
from racecraft.sim.moments.told_once import (
    CUTS,
    gainers,
    is_told_by_a_fight,
    says_the_same,
    told_once,
)
from racecraft.sim.moments.weights import (
    PODIUM_WORTH,
    RECORD_SET,
    STRIKES,
    TITLE_WORTH,
    WIN_WORTH,
    credit_title,
    floor_of,
    share_of,
    struck_by,
    without_title,
)
from racecraft.sim.moments.words import in_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from racecraft.history.results import History
    from racecraft.model.race import Race
    from racecraft.model.season import Season
    from racecraft.sim.executor import Workers
    from racecraft.sim.moments.happening import Happening

    Progress = Callable[[str, int, int], None]

TOLD_CARS = 3  # of those whom a start, a safety car or rain concerns
TOLD_AT_LEAST, TOLD_AT_START = 0.2, 1.0  # what it changed for one of them, in points
IN_LINE = 1.0  # weight of a race that was none
# Of two happenings on the same laps to the same cars the one that says more is told.
SAYS_MORE = (
    "title decided", "lead change", "retirement", "incident", "puncture", "disqualification",
    "penalty",
    "pass", "re-pass", "red flag", "safety car", "rain", "start", "drying track", "battle",
    "wrong tyre", "slow stop", "good stop", "undercut", "overcut", "restart",
    "virtual safety car", "fastest lap", "record", "from the grid",
)  # fmt: skip
KINDS = SAYS_MORE

MOMENTS = Table(
    "moments",
    key=("rank",),
    columns=(
        Column("rank", pl.Int16, "1 is what changed most"),
        LAP,
        LINE,
        Column("kind", pl.String, ", ".join(KINDS)),
        Column("drivers", pl.String, "cars it concerns, who gained most first"),
        Column("win_swing", pl.Float64, "largest change of a chance to win among them"),
        Column("podium_swing", pl.Float64, "likewise of a place among the first three"),
        Column("points_swing", pl.Float64, "likewise of the points to be expected"),
        Column("title_swing", pl.Float64, "likewise of being champion for certain after the race; "
               "null where that is not open or not known"),
        Column("weight", pl.Float64, "what it changed, in points"),
        Column("sentence", pl.String, "what happened, in words"),
        Column("evidence", pl.String, "the rows of the outlook that it lies between"),
        Column("facts", pl.String, "what its sentence is made of, in any language, as json: who, "
               "what, from whom, where, whose chance swung"),
        Column("error", pl.Float64, "standard error of the win swing; null where "
               "nothing is simulated"),
        Column("within_noise", pl.Boolean, "less than two standard errors; null likewise"),
        Column("counterfactual", pl.Float64, "of a neutralisation: change of the chance to win "
               "that it made, against the same race without it, both from the lap before; "
               "null where that is not defined"),
        Column("counterfactual_car", pl.String, "whose chance that is: whom the sentence names"),
        Column("counterfactual_error", pl.Float64, "standard error of that change"),
        Column("basis", pl.String, "simulated, formula, or results"),
    ),
)  # fmt: skip


def moments(
    race: Race,
    *,
    season: Season | None = None,
    history: Sequence[Season] = (),
    record: History | None = None,
    simulated: bool = True,
    runs: int = 1000,
    seed: int = 1,
    distance: int = 0,
    driver: str | None = None,
    workers: Workers = None,
    progress: Progress | None = None,
) -> pl.DataFrame:
    r"""The events of a race, each once, ranked by what they changed.

    Parameters
    ----------
    race
        Knows most with ``crossings``, grid, tyres, control and classification; without crossings
        of most cars the moments are those that the result tells of.
    season, history
        Its season, for the title, and the ones before, for what was known beforehand.
    record
        Results of all seasons, by which records and firsts are told; none are where left out.
    simulated
        Weigh by driving the rest of the race from every lap; else by a formula of gaps and laps
        left, at once.
    runs, seed
        Of the simulation.
    distance
        Laps that a race under way is to go, for the formula; left out, it has ended.
    driver
        Only what this car, or who drove it, took part in; ranks are those among all.
    workers
        How many on this machine (left out, one per core), or ``dask://HOST:PORT``; the answer is
        the same with however many.

    Returns
    -------
    DataFrame
        ``MOMENTS``.

    Notes
    -----
    With :math:`w_c, p_c, e_c, t_c` the chances of car c to win, of a podium, the points to be
    expected and the title, the weight of a moment is half the sum over its cars of
    :math:`|\Delta e| + 15 |\Delta w| + 4 |\Delta p| + 40 |\Delta t|`.

    Examples
    --------
    >>> from racecraft.sources.sample.sample import sample_race
    >>> moments(sample_race(20), simulated=False).height > 5
    True
    """
    table = outlook_and_moments(
        race, season=season, history=history, record=record, simulated=simulated, runs=runs,
        seed=seed, distance=distance, workers=workers, progress=progress,
    )[1]  # fmt: skip
    return table if driver is None else concerning(race, table, driver, "drivers")


def outlook_and_moments(
    race: Race,
    *,
    season: Season | None = None,
    history: Sequence[Season] = (),
    record: History | None = None,
    simulated: bool = True,
    runs: int = 1000,
    seed: int = 1,
    distance: int = 0,
    workers: Workers = None,
    progress: Progress | None = None,
) -> tuple[Outlook, pl.DataFrame]:
    """Chances after every lap, and the ``MOMENTS`` that changed them; all as of `moments`."""
    contest = contest_of(race, season) if season is not None else None
    beside = records(race, record) if record is not None else []
    if race.crossings.is_empty() or mostly_untimed(race):
        known = outlook_of_result(race, season, contest)
        found = with_margin(race, season, happenings_of_result(race, season, known))
        return known, weighed(race, known, [*found, *beside])
    if not simulated:
        outlook = by_formula(race, contest, distance=distance)
        decided = with_margin(race, season, title_decided(race, season, outlook))
        beside = [*in_line(race, season), *decided, *beside]
        return outlook, ranked(race, outlook, beside)
    from racecraft.sim.lapwise.simulate import check_runs, prepared

    check_runs(runs, seed)
    ready = prepared(race, season=season, history=history)
    outlook = by_simulation(
        race, contest=contest, runs=runs, seed=seed, progress=progress, ready=ready,
        workers=workers,
    )  # fmt: skip
    decided = with_margin(race, season, title_decided(race, season, outlook))
    found = [*happenings(race), *in_line(race, season), *decided, *beside]
    table = weighed(race, outlook, found)
    return outlook, with_counterfactuals(race, ready, outlook, table, found, runs=runs, seed=seed)


def ranked(race: Race, outlook: Outlook, extra: Sequence[Happening] = ()) -> pl.DataFrame:
    """``MOMENTS`` of a race by an outlook."""
    return weighed(race, outlook, [*happenings(race), *extra])


def weighed(race: Race, outlook: Outlook, found: Sequence[Happening]) -> pl.DataFrame:
    """``MOMENTS`` of what was found to have happened, by an outlook."""
    found = told_once([one for one in found if one.lap > unheard(race)])
    rows = []
    troubles = [one for one in found if one.kind in STRIKES]
    for one in found:
        struck, number = struck_by(one, troubles), gainers(one)
        own = [car for car in one.cars[number:] if car not in struck]
        if one.kind in CUTS and own:
            rows.append(_row(race, outlook, replace(one, cars=(*one.cars[:number], *own)), struck))
        elif one.kind not in CUTS:
            rows.append(_row(race, outlook, one, struck))
    credit_title(rows)
    without_title(rows)
    heaviest = max((row["weight"] for row in rows), default=0.0)
    for row in rows:
        row["weight"] = round(max(row["weight"], floor_of(row) * heaviest), 2)
    rows = [row for row in rows if not is_told_by_a_fight(row, rows)]
    rows.sort(key=lambda row: (-row["weight"], row["lap"], SAYS_MORE.index(row["kind"])))
    kept: list[dict[str, Any]] = []
    certain = [row for row in rows if {"for_good", "alone"} & _said(row)]
    for row in rows:
        if row in certain or not any(says_the_same(row, other) for other in [*certain, *kept]):
            kept.append(row)
    for rank, row in enumerate(kept, 1):
        row |= {"rank": rank, **_told(race, row)}
        del row["happening"], row["chance"], row["title_change"]
    return MOMENTS.rows(kept)


def unheard(race: Race) -> int:
    """Lap at whose end a race was joined: what led to the order there nobody heard; 0 if whole."""
    first = int(str(race.crossings["lap"].min() or 1))
    return first if first > 1 else 0


def so_far(table: pl.DataFrame) -> pl.DataFrame:
    """``MOMENTS`` of a race under way, without what is known of them at the flag."""
    rows = []
    for row in table.iter_rows(named=True):
        facts = read(row["facts"])
        if facts.get("at_flag_s") is not None:
            continue
        if facts.get("for_good"):
            facts = {**facts, "for_good": False}
            row |= {"facts": written(facts), "sentence": in_words(facts)}
        rows.append(row)
    return pl.DataFrame(rows, schema=table.schema)


def weight_of(table: pl.DataFrame, one: Happening) -> float:
    """Weight of a happening among the ``MOMENTS`` of its race; zero where another tells it."""
    rows = table.filter(kind=one.kind, lap=one.lap)
    named = [set(drivers.split()) >= set(one.cars) for drivers in rows["drivers"]]
    return max(rows.filter(named)["weight"].to_list(), default=0.0)


def _row(race: Race, outlook: Outlook, one: Happening, struck: set[str]) -> dict[str, Any]:
    before, after = one.before, min(one.after, len(outlook.win) - 1)
    known = outlook if one.kind != "start" else of_those_who_started(race, outlook)
    change = {
        name: getattr(outlook, name)[after] - getattr(known, name)[before]
        for name in ("win", "podium", "points")
    }
    change["title"] = (
        outlook.title[after] - outlook.title[before]
        if outlook.title is not None
        else np.zeros(len(outlook.cars))
    )
    worth = (
        np.abs(change["points"])
        + WIN_WORTH * np.abs(change["win"])
        + PODIUM_WORTH * np.abs(change["podium"])
        + TITLE_WORTH * np.abs(change["title"])
    )
    cars = [outlook.cars.index(car) for car in one.cars if car in outlook.cars]
    if not cars:  # whoever gained or lost most, but for those whose own trouble is told by itself
        spared = [int(car) for car in np.argsort(-worth) if outlook.cars[int(car)] not in struck]
        least = TOLD_AT_START if one.kind == "start" else TOLD_AT_LEAST
        stayed: Any = one.facts.get("only_by_absence", ())
        moved = [car for car in spared if outlook.cars[car] not in stayed] or spared
        cars = [car for car in moved[:TOLD_CARS] if worth[car] > least] or moved[:1]
        first = [car for car in spared if outlook.cars[car] == one.facts.get("led")]
        cars += [car for car in first if one.kind == "start" and car not in cars]
        cars = cars or [int(worth.argmax())]
    if one.kind not in ("pass", "re-pass", "lead change", "undercut", "overcut", "battle"):
        cars.sort(key=lambda car: -change["points"][car] - WIN_WORTH * change["win"][car])
    main = max(cars, key=lambda car: abs(change["win"][car]))
    error = None
    if outlook.basis == "simulated":
        error = float(np.hypot(outlook.error[before, main], outlook.error[after, main]))
    swing = {name: _largest(values[cars]) for name, values in change.items()}
    chance = {
        outlook.cars[car]: {
            "win": (float(known.win[before, car]), float(outlook.win[after, car])),
            "points": (float(known.points[before, car]), float(outlook.points[after, car])),
        }
        for car in cars
    }
    names = [outlook.cars[car] for car in cars]
    weight = float(worth[cars].sum()) / 2 * share_of(one, len(outlook.win) - 2)
    if one.facts.get("held") and change["points"][cars[1]] + WIN_WORTH * change["win"][cars[1]] > 0:
        weight = 0.0  # it did not cost the one behind anything
    if "in_line" in one.facts:
        weight = IN_LINE
    if one.kind == "record" and float(str(one.facts["share"])) >= SET:
        weight = RECORD_SET
    if "points" in one.facts:  # scored beside the places, which are all that an outlook knows
        weight = float(str(one.facts["points"])) / 2
    return {
        "happening": one,
        "lap": one.lap,
        "line": one.line,
        "kind": one.kind,
        "drivers": " ".join(names),
        "chance": chance,
        "title_change": _largest(change["title"]),
        "win_swing": round(swing["win"], 4),
        "podium_swing": round(swing["podium"], 4),
        "points_swing": round(swing["points"], 3),
        "title_swing": round(swing["title"], 4) if outlook.title is not None else None,
        "error": None if error is None else round(error, 4),
        "weight": weight,
        "within_noise": None if error is None else abs(swing["win"]) < 2 * error and weight < 1,
        "basis": outlook.basis,
        "evidence": one.facts.get("rests_on") or evidence_of(outlook, before, after),
    }


def _told(race: Race, row: dict[str, Any]) -> dict[str, str]:
    """A moment in words, and what they were made of."""
    facts = facts_of(race, row["happening"], row["drivers"].split(), row["chance"])
    return {"sentence": in_words(facts), "facts": written(facts)}


def evidence_of(outlook: Outlook, before: int, after: int) -> str:
    """Rows of an outlook that a moment lies between, in words."""
    last = len(outlook.win) - 1
    if outlook.basis == "results":
        names = ("the grid", "the order at the flag", "the classification")
        return f"{names[before]} and {names[after]}"
    until = "the classification" if after == last else f"lap {after}"
    return f"chances after lap {before} and after {until}"


def _largest(values: Any) -> float:
    return float(values[np.abs(values).argmax()]) if len(values) else 0.0


def _said(row: dict[str, Any]) -> set[str]:
    """What is known of a moment to be so."""
    return {name for name, value in row["happening"].facts.items() if value}
