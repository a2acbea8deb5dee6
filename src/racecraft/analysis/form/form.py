"""How fast was a driver through a season, and did it change?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from racecraft.analysis.form.change_point import ChangePoint, change_point
from racecraft.analysis.form.rounds import FASTEST_LAP_ERROR, form_rounds, race_paces
from racecraft.analysis.form.since import MEASURES, FormSince, form_since
from racecraft.errors import NotEnoughDataError, NotFoundError
from racecraft.model.race import DOUBTS
from racecraft.model.season import EVENT, SESSION
from racecraft.model.shown import Shown
from racecraft.model.table import Column, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from racecraft.model.race import Race
    from racecraft.model.season import Season
    from racecraft.model.terms import Progress

PROBABLE = 0.75  # of a change, from which on it is told as one

FORM = Table(
    "form",
    key=("event", "session"),
    columns=(
        Column("round", pl.Int16, "round of the season"),
        EVENT,
        SESSION,
        Column("quali_pct", pl.Float64, "qualifying: slower than the median driver, in percent; of "
               "the event, null for a sprint"),
        Column("quali_error_pct", pl.Float64, "standard error"),
        Column("quali_wet", pl.Boolean, "qualifying was wet or the track changed, as its "
               "times show"),
        Column("race_pct", pl.Float64, "race pace: slower than the median driver, in percent"),
        Column("race_error_pct", pl.Float64, "standard error"),
        Column("race_wet", pl.Boolean, "wet, or partly"),
        Column("race_basis", pl.String, "laps, or fastest_lap where no laps are known"),
        Column("mate", pl.String, "team mate"),
        Column("quali_to_mate_pct", pl.Float64, "slower than the team mate in qualifying"),
        Column("quali_to_mate_error_pct", pl.Float64, "standard error"),
        Column("race_to_mate_pct", pl.Float64, "slower than the team mate in the race"),
        Column("race_to_mate_error_pct", pl.Float64, "standard error"),
    ),
)  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class Form(Shown):
    """A driver's form through a season.

    Attributes
    ----------
    driver, season
        Whose, and of which year.
    rounds
        ``FORM``, in order.
    change_point
        ``measure`` (quali or race), ``round``, ``event``, ``probability``, ``before_pct`` and
        ``after_pct`` of the most probable change; None where the data supports none.
    trends
        By measure: ``change_pct`` from the first to the last round, and its ``error_pct``.
    sentence
        What changed and when, or that nothing did.
    doubts
        ``DOUBTS``.
    since
        Pace from an event on against that before it, where it was asked for.
    """

    driver: str
    season: int
    rounds: pl.DataFrame
    change_point: dict[str, Any] | None
    trends: dict[str, dict[str, float]]
    sentence: str
    doubts: pl.DataFrame
    since: FormSince | None = None


def form(
    season: Season,
    driver: str,
    *,
    races: Iterable[Race] = (),
    since: str | int | None = None,
    until: str | int | None = None,
    paces_of: Callable[[Race], pl.DataFrame] = race_paces,
    progress: Progress | None = None,
) -> Form:
    """Qualifying and race pace of a driver against the field, round by round, and what changed.

    Parameters
    ----------
    season
        Needs ``events``, ``qualifying`` and ``results``.
    driver
        A code.
    races
        Races and sprints of the season whose laps are known: race pace is then that of `pace`.
        Elsewhere fastest laps stand in, with a wide error, and `doubts` says so.
    since
        Event, by its stable name or round, from which on pace is compared with that before it.
    until
        Last event that counts in that comparison.
    paces_of
        What gives the ``RACE_PACES`` of a race, such as kept ones; left out, they are fitted.
    progress
        Called after each race with what is done, how much of it, and of how much.

    Raises
    ------
    NotFoundError
        The driver took no part in the season, or it has no such event.
    ArgumentError
        `until` comes before `since`.
    NotEnoughDataError
        The season has neither qualifying nor fastest laps of the driver.

    Notes
    -----
    The field is the median driver of the session. Wet sessions are listed and marked, but neither
    trend nor change is sought in them.

    References
    ----------
    `change_point` for how a change is told from chance and from a trend.

    Examples
    --------
    >>> from racecraft.sources.sample.sample import sample_season
    >>> form(sample_season(), "PER").rounds["round"].n_unique()
    22
    """
    _check(season, driver)
    paces = form_rounds(season, races, paces_of=paces_of, progress=progress)
    if paces.filter(driver=driver).is_empty():
        raise NotEnoughDataError(
            f"nothing of {season.season} says how fast {driver} was",
            hint="neither qualifying times nor fastest laps are stored",
            driver=driver,
        )
    rounds = _rounds(season, driver, paces)
    sought = {name: _change(rounds, name) for name in MEASURES}
    found = {name: change for name, change in sought.items() if change is not None}
    told = _told(rounds, found)
    return Form(
        driver=driver,
        season=season.season,
        rounds=rounds,
        change_point=told,
        trends={
            name: {"change_pct": change.trend, "error_pct": change.trend_error}
            for name, change in found.items()
        },
        sentence=_sentence(season, driver, rounds, found, told),
        doubts=_doubts(rounds),
        since=None
        if since is None
        else form_since(
            rounds, season.events, name=_name(season, driver), since=since, until=until
        ),
    )


def _check(season: Season, driver: str) -> None:
    known = set(season.results["driver"]) | set(season.qualifying["driver"])
    if driver not in known:
        raise NotFoundError(
            f"no driver {driver!r} took part in {season.season}",
            hint=f"one of {', '.join(sorted(known))}" if known else "its results are not stored",
            driver=driver,
        )


def _rounds(season: Season, driver: str, paces: pl.DataFrame) -> pl.DataFrame:
    """A row for every race and sprint that the driver has a pace of, or qualified for."""
    teams = season.results.select("event", "session", "driver", "team").unique(maintain_order=True)
    own = teams.filter(driver=driver)
    mates = (
        own.select("event", "session", "team")
        .join(teams.filter(pl.col("driver") != driver), on=["event", "session", "team"])
        .unique(["event", "session"], keep="first", maintain_order=True)
        .select("event", "session", mate="driver")
    )
    frame = (
        season.events.select("round", "event")
        .join(pl.DataFrame({"session": ["sprint", "race"]}), how="cross")
        .join(mates, on=["event", "session"], how="left")
    )
    for who, suffix in ((pl.lit(driver), ""), (pl.col("mate"), "_of_mate")):
        frame = frame.with_columns(_who=who)
        for name, quali in (("quali", True), ("race", False)):
            wanted = paces.filter((pl.col("session") == "qualifying") == quali).select(
                "event",
                pl.lit("race").alias("session") if quali else pl.col("session"),
                pl.col("driver").alias("_who"),
                pl.col("pct").alias(f"{name}_pct{suffix}"),
                pl.col("error_pct").alias(f"{name}_error_pct{suffix}"),
                pl.col("wet").alias(f"{name}_wet{suffix}"),
                pl.col("basis").alias(f"{name}_basis{suffix}"),
            )
            frame = frame.join(wanted, on=["event", "session", "_who"], how="left")
    for name in MEASURES:
        frame = frame.with_columns(
            (pl.col(f"{name}_pct") - pl.col(f"{name}_pct_of_mate")).alias(f"{name}_to_mate_pct"),
            (pl.col(f"{name}_error_pct") ** 2 + pl.col(f"{name}_error_pct_of_mate") ** 2)
            .sqrt()
            .alias(f"{name}_to_mate_error_pct"),
        )
    known = pl.col("quali_pct").is_not_null() | pl.col("race_pct").is_not_null()
    order = pl.col("round"), pl.col("session") == "race"
    return FORM.check(frame.filter(known).sort(*order, maintain_order=True))


def _dry(rounds: pl.DataFrame, name: str) -> pl.DataFrame:
    return rounds.filter(
        pl.col(f"{name}_pct").is_not_null(), ~pl.col(f"{name}_wet").fill_null(value=False)
    )


def _change(rounds: pl.DataFrame, name: str) -> ChangePoint | None:
    dry = _dry(rounds, name)
    return change_point(dry[f"{name}_pct"].to_numpy(), dry[f"{name}_error_pct"].to_numpy())


def _told(rounds: pl.DataFrame, found: dict[str, ChangePoint]) -> dict[str, Any] | None:
    """The most probable change, if it is probable."""
    name = max(found, key=lambda name: found[name].probability, default=None)
    if name is None or found[name].probability < PROBABLE:
        return None
    change = found[name]
    first = _dry(rounds, name).row(change.index, named=True)
    return {
        "measure": name,
        "round": first["round"],
        "event": first["event"],
        "probability": change.probability,
        "before_pct": change.before,
        "after_pct": change.after,
    }


def _sentence(
    season: Season,
    driver: str,
    rounds: pl.DataFrame,
    found: dict[str, ChangePoint],
    told: dict[str, Any] | None,
) -> str:
    name = _name(season, driver)
    if told is not None:
        event = season.events.filter(event=told["event"])["name"][0]
        faster = "faster" if told["after_pct"] < told["before_pct"] else "slower"
        return (
            f"{name} was {abs(told['after_pct'] - told['before_pct']):.2f} % {faster} in "
            f"{MEASURES[told['measure']]} from round {told['round']} ({event}) on: "
            f"{told['before_pct']:+.2f} % against the median driver before, "
            f"{told['after_pct']:+.2f} % after (probability {told['probability']:.2f})."
        )
    if not found:
        return (
            f"{name} has too few dry rounds in {season.season} to tell form from chance "
            f"({rounds['round'].n_unique()} in all)."
        )
    parts = [
        f"{change.level:+.2f} ± {change.level_error:.2f} % against the median driver in "
        f"{MEASURES[key]}"
        + (f", with a trend of {change.trend:+.2f} ± {change.trend_error:.2f} % over the season"
           if change.trend_probability >= PROBABLE else "")
        for key, change in found.items()
    ]  # fmt: skip
    likeliest = max(change.probability for change in found.values())
    return (
        f"Nothing changed that the data supports: {name} was {' and '.join(parts)}; a change of "
        f"level has a probability of {likeliest:.2f} at most."
    )


def _name(season: Season, driver: str) -> str:
    names = season.drivers.filter(driver=driver)["family_name"]
    return str(names[0]) if len(names) and names[0] else driver


def _doubts(rounds: pl.DataFrame) -> pl.DataFrame:
    poor = rounds.filter(race_basis="fastest_lap")
    reasons = []
    if len(poor):
        reasons.append(
            f"{len(poor)} of {len(rounds)} races and sprints have no laps stored: their race pace "
            f"is the driver's fastest lap, give or take {FASTEST_LAP_ERROR:.2f} %"
        )
    unknown = rounds["race_pct"].null_count()
    if unknown:
        reasons.append(f"{unknown} of {len(rounds)} races and sprints say nothing of race pace")
    rows: list[dict[str, object]] = [{"table": "form", "reason": reason} for reason in reasons]
    return DOUBTS.rows(rows)
