"""What decided a race of which nothing is known but its result: grid, retirements, penalties."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from racecraft.analysis.order.control import procession
from racecraft.analysis.order.timing import timing
from racecraft.errors import NotEnoughDataError, RacecraftError
from racecraft.model.race import Race
from racecraft.sim.moments.causes import CLOSE_PLACES
from racecraft.sim.moments.happening import Happening
from racecraft.sim.moments.outlook import GAP_ON_GRID_S, Outlook, chances_of, scale_of
from racecraft.sim.moments.title import (
    absent_champion,
    proved_champion,
    was_decided_elsewhere,
)
from racecraft.title.standings.standings import standings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from racecraft.model.season import Season
    from racecraft.model.terms import SessionName
    from racecraft.sim.moments.outlook import Contest

    Floats = NDArray[np.float64]

USUAL_LAPS = 60  # where nobody says how many were driven
CLIMB = 6  # places gained from the grid, to one that scores, that are told
FRONT, FELL, FROM_POLE = 3, 4, 2  # places on the grid, and lost from there, that are told
TOOK_FLAG = r"^(Finished|Lapped|\+\d+ Laps?)$"  # the status of who did not drop out before it
NOT_CLASSIFIED = "Not classified"  # who saw the flag, and had not gone far enough
EARLY = 0.9  # share of the distance, below which a race ended early
HAIR_S = 0.3  # by which a place on the podium was won
MANY_AWAY = 5  # cars that did not start, of which a race is told
GRID, FLAG, OFFICIAL = 0, 1, 2  # rows of the outlook


def race_of_result(season: Season, event: str, session: SessionName = "race") -> Race:
    """A race without timing: who took part, from which place on the grid, and the result.

    Raises
    ------
    NotEnoughDataError
        The season has no result of it.

    Examples
    --------
    >>> from racecraft.sources.sample.sample import sample_season
    >>> race_of_result(sample_season(), "qatar-grand-prix").classification["car"][0]
    'VER'
    """
    own = pl.col("grid").min().over("driver")  # of who took over a car: where he started in his
    rows = (
        season.results.filter(event=event, session=session)
        .with_columns(grid=own)
        .unique("driver", keep="first", maintain_order=True)
    )
    found = season.events.filter(event=event)
    if rows.is_empty() or found.is_empty():
        raise NotEnoughDataError(f"no result of {event!r} in {season.season} is stored")
    meant = found.row(0, named=True)
    of_driver = season.drivers.select("driver", "given_name", "family_name")
    entries = rows.select("driver", "team", "grid").join(of_driver, on="driver", how="left")
    return Race(
        season=season.season,
        round=meant["round"],
        event=event,
        name=meant["name"],
        session=session,
        date=meant["date"],
        source=season.source,
        entries=entries.rename({"driver": "car"}),
        classification=rows.drop("car").rename({"driver": "car"}),
    )


def outlook_of_result(race: Race, season: Season | None, contest: Contest | None) -> Outlook:
    """Outlook in three rows: on the grid, at the flag before penalties, and the classification."""
    cars = race.entries["car"].to_list()
    scale = scale_of(race)
    win = np.zeros((3, len(cars)))
    podium, points = win.copy(), win.copy()
    grid = dict(race.entries["car", "grid"].rows())
    last = max((place or 0 for place in grid.values()), default=0) + 1
    started = np.array([car not in _away(race) for car in cars])
    behind = np.array([(grid.get(car) or last) * GAP_ON_GRID_S for car in cars])
    who = np.flatnonzero(started)
    if len(who):
        win[GRID, who], podium[GRID, who], points[GRID, who] = chances_of(
            behind[who], _laps(race), scale
        )
    official = race.classification.drop_nulls("position").sort("position")["car"].to_list()
    for row, order in ((FLAG, _on_road(race, season) or official), (OFFICIAL, official)):
        places = [cars.index(car) for car in order]
        win[row, places[:1]], podium[row, places[:3]] = 1.0, 1.0
        points[row, places[: len(scale)]] = scale[: len(places)]
    title = _title(race, season, contest, points) if contest and season else None
    return Outlook(
        cars=tuple(cars), win=win, podium=podium, points=points, title=title,
        error=np.zeros_like(win), basis="results",
    )  # fmt: skip


def happenings_of_result(race: Race, season: Season | None, outlook: Outlook) -> list[Happening]:
    """What a result tells of: the win, climbs, retirements, penalties, the title."""
    return [
        *_drives(race),
        *_close_at_the_flag(race),
        *_few_started(race),
        *_retirements(race),
        *_stopped_early(race, season),
        *_stewards(race, season),
        *_title_decided(race, season, outlook),
    ]


def _drives(race: Race) -> Iterator[Happening]:
    """The winner, whoever came from far back into the points, and who fell from the front.

    Of those who shared a car all that won, and none that came from far back: it was not one drive.
    """
    laps, scoring, margin = _laps(race), len(scale_of(race)), _won_by(race)
    shared = _shared(race)
    rows = race.classification.drop_nulls("position").sort("position")
    for car, place, grid in rows.join(
        race.entries.select("car", start="grid"), on="car", how="left", maintain_order="left"
    )["car", "position", "start"].rows():
        together = shared.get(place, (car,))
        climbed = grid is not None and grid - place >= CLIMB and place <= scoring
        fell = (
            grid is not None
            and place - grid >= (FROM_POLE if grid == 1 else FELL)
            and grid <= FRONT
        )
        moved = (climbed or fell) and len(together) == 1 and car not in _dropped_out(race)
        if (place == 1 and car == together[0]) or (place > 1 and moved):
            yield Happening(
                kind="from the grid", lap=laps, last_lap=laps, before=GRID, after=FLAG,
                cars=together,
                facts={"grid": grid, "position": place,
                       **({"ahead": margin} if place == 1 and margin else {})},
            )  # fmt: skip


def _shared(race: Race) -> dict[int, tuple[str, ...]]:
    """Who shared the car of a place, who started in it first."""
    rows = race.classification.drop_nulls("position").sort("order")
    cars = rows.group_by("position", maintain_order=True).agg("car")
    return {place: tuple(each) for place, each in cars.rows() if len(each) > 1}


def _close_at_the_flag(race: Race) -> Iterator[Happening]:
    """A place on the podium that was won by a hair: what was close at the flag had been a fight."""
    laps = _laps(race)
    rows = race.classification.drop_nulls(["position", "time"]).sort("position")
    whole = rows.filter(laps=laps)["car", "position", "time"].rows()
    for (ahead, place, time), (behind, next_place, later) in pairwise(whole):
        if 1 < place <= CLOSE_PLACES and next_place == place + 1:
            apart = (later - time).total_seconds()
            if 0 <= apart <= HAIR_S:
                yield Happening(
                    kind="battle", lap=laps, last_lap=laps, before=FLAG, after=FLAG,
                    cars=(ahead, behind),
                    facts={"position": place, "margin_s": apart, "by_a_hair": True},
                )  # fmt: skip


def _few_started(race: Race) -> Iterator[Happening]:
    """Many cars of the grid that did not take the start."""
    grid = dict(race.entries["car", "grid"].rows())
    away = sorted((car for car in _away(race) if grid.get(car)), key=lambda car: grid[car] or 0)
    if len(away) >= MANY_AWAY:
        yield Happening(
            kind="start", lap=1, last_lap=1, before=GRID, after=GRID, cars=tuple(away),
            facts={"away": len(away), "of": sum(place is not None for place in grid.values())},
        )  # fmt: skip


def _won_by(race: Race) -> dict[str, object]:
    """By how many seconds whom the winner beat; nothing where that is not known."""
    rows = race.classification.filter(pl.col("position") <= 2).sort("position", "order")
    rows = rows.unique("position", keep="first", maintain_order=True)
    if len(rows) != 2 or rows["time"].null_count() or rows["laps"].n_unique() > 1:
        return {}
    first, second = rows["time"].to_list()
    return {"car": rows["car"][1], "s": (second - first).total_seconds()}


def _retirements(race: Race) -> Iterator[Happening]:
    """Each retirement on its lap; those of one lap and one cause that tells of others as one."""
    gone = _dropped_out(race)
    rows = race.classification.filter(pl.col("car").is_in(list(gone)))
    grid = dict(race.entries["car", "grid"].rows())
    classified = dict(rows.drop_nulls("position")["car", "position"].rows())
    groups: dict[tuple[int, str], list[str]] = {}
    for car, laps in rows["car", "laps"].rows():
        status = gone[car]
        together = status if status in ("Collision", "Accident") else f"{status} of {car}"
        groups.setdefault((laps or 0, together), []).append(car)
    for (laps, _), found in sorted(groups.items()):
        cars = sorted(found, key=lambda car: grid.get(car) or len(grid) + 1)
        yield Happening(
            kind="retirement", lap=laps + 1, last_lap=laps + 1, before=GRID, after=FLAG,
            cars=tuple(cars),
            facts={
                "where": {}, "grid": {car: grid.get(car) for car in cars}, "now": {},
                "gone": {car: gone[car] for car in cars},
                "classified": {car: classified[car] for car in cars if car in classified},
                "driven": laps / _laps(race),
            },
        )  # fmt: skip


def _dropped_out(race: Race) -> dict[str, str]:
    """Who dropped out, and why: those too who had gone far enough to be classified."""
    ran = race.classification.filter(
        ~pl.col("car").is_in(_away(race)), pl.col("position_text") != "D"
    )
    took_flag = pl.col("status").str.contains(TOOK_FLAG) | pl.col("status").is_null()
    out = pl.col("position").is_null() | (~took_flag & (pl.col("laps") < _laps(race)))
    shared = {car for cars in _shared(race).values() for car in cars}
    too_far_behind = pl.col("status") == NOT_CLASSIFIED
    found = ran.filter(
        out, ~pl.col("car").is_in(list(shared)), ~too_far_behind.fill_null(value=False)
    )["car", "status"].rows()
    return {car: status or "" for car, status in found}


def in_line(race: Race, season: Season | None) -> list[Happening]:
    """A race of a few laps behind the safety car, as it seems, in place of its start; else none."""
    if not procession(race):
        return []
    early = list(_stopped_early(race, season))
    planned = early[0].facts["planned"] if early else None
    laps = timing(race).laps
    return [
        Happening(
            kind="safety car", lap=laps, last_lap=laps, before=laps, after=laps,
            facts={"in_line": True, "planned": planned, "half": _halved(race)},
        )
    ]  # fmt: skip


def _stopped_early(race: Race, season: Season | None) -> Iterator[Happening]:
    """A race that ended well before its distance: a lap or two are those of a second start."""
    if season is None or race.session != "race":
        return
    meant = season.events.filter(event=race.event)
    planned, laps = meant["planned_laps"].item(), _laps(race)
    if planned is not None and laps < EARLY * planned:
        yield Happening(
            kind="red flag", lap=laps, last_lap=laps, before=FLAG, after=FLAG,
            facts={"planned": planned, "half": _halved(race)},
        )  # fmt: skip


def _halved(race: Race) -> bool:
    """Whether the winner was awarded half of what a win is worth."""
    scale = scale_of(race)
    points = race.classification.filter(position=1)["points"].to_list()
    return bool(points and points[0] == scale[0] / 2)


def _stewards(race: Race, season: Season | None) -> Iterator[Happening]:
    """Disqualifications, and penalties that cost a place."""
    laps = _laps(race)
    laps_of = dict(race.classification["car", "laps"].rows())
    for car in race.classification.filter(position_text="D")["car"]:
        yield Happening(
            kind="disqualification", lap=laps, last_lap=laps, before=GRID, after=OFFICIAL,
            line="classification", cars=(car,),
            facts={"full_distance": laps_of.get(car) == laps},
        )  # fmt: skip
    road = _on_road(race, season)
    official = race.classification.drop_nulls("position").sort("position")["car"].to_list()
    for car in road:
        lost = official.index(car) - road.index(car)
        if lost > 0 and car in _penalised(race, season):
            gained = [
                other
                for other in official[: official.index(car)]
                if road.index(other) > road.index(car)
            ]
            yield Happening(
                kind="penalty", lap=laps, last_lap=laps, before=FLAG, after=OFFICIAL,
                line="classification", cars=(car, *gained[:2]),
                facts={"places": lost, "road": road.index(car) + 1,
                       "now": official.index(car) + 1},
            )  # fmt: skip


def _title_decided(race: Race, season: Season | None, outlook: Outlook) -> Iterator[Happening]:
    """The title, by points; where these leave it open, by the rules: some results may not count."""
    champion, proved = None, False
    if outlook.title is not None and outlook.title[OFFICIAL].max() == 1.0:
        champion = outlook.cars[int(outlook.title[OFFICIAL].argmax())]
    if champion is not None and season is not None and was_decided_elsewhere(race, season):
        return
    if champion is None and season is not None:
        champion, proved = proved_champion(race, season), True
    if champion in outlook.cars:
        yield Happening(
            kind="title decided", lap=_laps(race), last_lap=_laps(race), before=GRID,
            after=OFFICIAL, cars=(str(champion),), facts={"proved": proved},
        )  # fmt: skip
    else:
        yield from absent_champion(race, season, lap=_laps(race), after=OFFICIAL)


def _title(race: Race, season: Season, contest: Contest, points: Floats) -> Floats | None:
    """Chances of the title by expected points; the last row by the standings after the race."""
    title = np.zeros_like(points)
    total = contest.before + points
    for row in (GRID, FLAG):
        best = int(total[row].argmax())
        rivals = np.delete(total[row], best).max(initial=contest.others)
        ahead = total[row, best] - rivals - contest.rest
        scale = 3.0 if row == GRID else 0.1
        title[row, best] = 1 / (1 + np.exp(-np.clip(ahead / scale, -50.0, 50.0)))
    try:
        now = standings(season, after=f"{race.event}:{race.session}")
    except RacecraftError:
        return None
    leader, second = now.head(2).iter_rows(named=True)
    decided = leader["points"] - second["points"] > contest.rest or not contest.rest
    cars = race.entries["car"].to_list()
    if decided and leader["driver"] in cars:
        title[OFFICIAL, cars.index(leader["driver"])] = 1.0
    return title


def _penalised(race: Race, season: Season | None) -> dict[str, timedelta]:
    """Time that was added to whose race time."""
    if season is None:
        return {}
    rows = season.results.filter(event=race.event, session=race.session)
    return dict(rows.drop_nulls("time_penalty")["driver", "time_penalty"].rows())


def _on_road(race: Race, season: Season | None) -> list[str]:
    """Order at the flag, the time of penalties taken off; empty where none is known."""
    added = _penalised(race, season)
    rows = race.classification.drop_nulls("position").sort("position")
    if not added:
        return []
    order: list[tuple[int, timedelta, int, str]] = []
    for car, laps, time, place in rows["car", "laps", "time", "position"].rows():
        if time is None:
            order.append((-(laps or 0), timedelta.max, place, car))
        else:
            order.append((-(laps or 0), time - added.get(car, timedelta()), place, car))
    return [car for *_, car in sorted(order)]


def _away(race: Race) -> list[str]:
    """Who did not take the start."""
    rows = race.classification.filter(pl.col("position_text").is_in(["W", "F", "E"]))
    return [car for car, laps in rows["car", "laps"].rows() if not laps]


def _laps(race: Race) -> int:
    laps: Any = race.classification["laps"].max()
    return int(laps) if laps else USUAL_LAPS
