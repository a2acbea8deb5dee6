"""Every figure is what it was: against small pictures, and by what is on it."""

from __future__ import annotations

import os
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

import racecraft as rc
from racecraft.errors import ArgumentError, NotEnoughDataError, NotFoundError
from racecraft.show.charts.shapes import apart, family_names
from racecraft.show.charts.win_probability import chances_by_formula, win_chart
from racecraft.sim.lapwise.runs import CHANCES
from racecraft.sim.moments.facts import written
from racecraft.sim.moments.moments import MOMENTS, moments
from racecraft.sources.sample.sample import sample_race, sample_season
from racecraft.sources.sample.toy import toy_race

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

matplotlib = pytest.importorskip("matplotlib")

BASELINE = Path(__file__).parent / "baseline"
WRITE = bool(os.environ.get("RACECRAFT_WRITE_BASELINE"))
DPI = 40
TOLERANCE = 6.0  # root mean square of the difference, of 255: letters move a little by version


def brazil() -> rc.Race:
    return sample_race(20)


def chances() -> Figure:
    """Chances and moments that are made up, so that no model changes the picture."""
    laps = np.arange(72)
    ver = 0.6 + 0.4 * laps / 71 - 0.3 * ((laps > 55) & (laps < 60))
    share = {"VER": ver, "NOR": 0.8 * (1 - ver), "ALO": 0.2 * (1 - ver)}
    likely = [
        {"lap": int(lap), "car": car, "win": float(own[lap])}
        for lap in laps
        for car, own in share.items()
    ]
    decided = [
        {"rank": 1, "lap": 60, "kind": "lead change", "drivers": "VER NOR", "win_swing": 0.3,
         "facts": written({
             "kind": "lead change", "lap": 60, "last_lap": 60, "cars": ["VER", "NOR"],
             "cause": "pit", "earlier": 0, "maybe_passed": False, "newer": 0, "for_good": False,
             "regained": False, "names": {"VER": "Verstappen", "NOR": "Norris"},
             "swing": {"car": "VER", "of": "win", "before": 0.6, "after": 0.9}})},
        {"rank": 2, "lap": 1, "kind": "start", "drivers": "NOR ALO", "win_swing": 0.1,
         "facts": written({
             "kind": "start", "lap": 1, "last_lap": 1, "cars": ["NOR"], "names": {"NOR": "Norris"},
             "moves": [{"car": "NOR", "was": 6, "now": 2, "met": None}]})},
    ]  # fmt: skip
    return rc.plot.win_probability(
        brazil(), chances=CHANCES.rows(likely), moments=MOMENTS.rows(decided)
    )


def runs() -> pl.DataFrame:
    """Chances of places as they are after a simulation, made up."""
    cars = ["VER", "NOR", "ALO"]
    places = [[0.7, 0.2, 0.1], [0.25, 0.5, 0.25], [0.05, 0.3, 0.65]]
    return pl.DataFrame({"lap": [40] * 3, "car": cars, "places": places})


FIGURES: dict[str, Callable[[], Figure]] = {
    "win_probability": chances,
    "lap_chart": lambda: rc.plot.lap_chart(brazil()),
    "gaps": lambda: rc.plot.gaps(brazil()),
    "interval": lambda: rc.plot.gaps(brazil(), drivers=("ALO", "Pérez")),
    "battle": lambda: rc.plot.battle(brazil(), ("PER", "ALO")),
    "battles": lambda: rc.plot.battles(brazil()),
    "overtakes": lambda: rc.plot.overtakes(brazil()),
    "strategy": lambda: rc.plot.strategy(brazil()),
    "tyres": lambda: rc.plot.tyres(brazil()),
    "pace": lambda: rc.plot.pace(brazil()),
    "lap_times": lambda: rc.plot.lap_times(brazil(), "ALO"),
    "start": lambda: rc.plot.start(brazil()),
    "form": lambda: rc.plot.form(rc.form(sample_season(), "PER", races=[])),
    "track_map": lambda: rc.plot.track_map(brazil()),
    "standings": lambda: rc.plot.standings(sample_season(), after=20),
    "title": lambda: rc.plot.title(rc.clinch(sample_season(), after=20, driver="PER", position=2)),
    "odds": lambda: rc.plot.odds(rc.odds(sample_season(), after=20, history=[], runs=2000, seed=1)),
    "places_heat_map": lambda: rc.plot.places_heat_map(runs()),
}


@pytest.mark.parametrize("name", FIGURES)
def test_looks_as_it_did(name: str) -> None:
    from PIL import Image

    written = BytesIO()
    FIGURES[name]().savefig(written, format="png", dpi=DPI)
    baseline = BASELINE / f"{name}.png"
    if WRITE:
        BASELINE.mkdir(exist_ok=True)
        Image.open(written).convert("RGB").quantize(64).save(baseline, optimize=True)
    now, was = Image.open(written).convert("RGB"), Image.open(baseline).convert("RGB")
    assert now.size == was.size
    difference = np.asarray(now, float) - np.asarray(was, float)
    assert np.sqrt((difference**2).mean()) < TOLERANCE


def _words(axes: Axes) -> str:
    return " ".join(label.get_text().replace("\n", " ") for label in axes.texts)


def test_a_map_without_positions_is_drawn_on_an_outline(tmp_path: Path) -> None:
    race = toy_race()
    circle = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    points = "".join(f"{300 * np.cos(a)},{300 * np.sin(a)}\n" for a in circle)
    file = tmp_path / "round.csv"
    file.write_text("x_m,y_m\n" + points)
    with pytest.raises(NotEnoughDataError, match="no positions"):
        rc.plot.track_map(race)
    (axes,) = rc.plot.track_map(race, outline=file, at=timedelta(seconds=150)).axes
    assert {label.get_text() for label in axes.texts} >= {*family_names(race).values()}
    assert "no positions: timing lines lie on the outline by time" in _words(axes)
    whole = [(round(3000 * np.cos(a)), round(3000 * np.sin(a))) for a in circle]
    entries = {"a": {"aliases": [race.name.split()[0]], "points": whole}}
    catalogue = tmp_path / "all.txt"
    catalogue.write_text(f"X = {entries!r}")
    assert "nobody knows the Line" in _words(rc.plot.track_map(race, outline=catalogue).axes[0])
    with pytest.raises(ArgumentError, match="no car is placed"):
        rc.plot.track_map(race, outline=catalogue, at=timedelta(seconds=150))


def test_what_was_asked_for_alone_is_drawn() -> None:
    race = brazil()
    (axes,) = rc.plot.battles(race, table=rc.battles(race, driver="Pérez")).axes
    assert all("Pérez" in label.get_text() for label in axes.get_yticklabels())
    (axes,) = rc.plot.overtakes(race, table=rc.overtakes(race, kind="on_track")).axes
    assert [label.get_text() for label in axes.get_yticklabels()] == ["on track (26)"]
    with pytest.raises(NotEnoughDataError):
        rc.plot.overtakes(race, table=rc.overtakes(race, kind="on_track").clear())


def test_simulated_races_can_be_drawn() -> None:
    pytest.importorskip("numba")
    from racecraft.sim.lapwise.world import Keep

    race = brazil()
    done = rc.simulate(race, from_lap=60, runs=100, seed=1, keep=Keep(times=True))
    (axes,) = rc.plot.gap_fan(done, cars=["VER", "NOR"]).axes
    assert len(axes.get_lines()) == 2
    twins = rc.what_if(race, rc.Stop("NOR", 65, "soft"), from_lap=60, runs=100, seed=1)
    (axes,) = rc.plot.what_if(twins, words="NOR stops").axes
    assert axes.get_title(loc="left") == "NOR stops"
    with pytest.raises(ArgumentError, match="kept no times"):
        rc.plot.gap_fan(twins.before)


def test_a_figure_shows_in_a_notebook_without_pyplot() -> None:
    import sys

    figure = rc.plot.lap_chart(brazil())
    assert figure._repr_png_().startswith(b"\x89PNG")
    assert "matplotlib.pyplot" not in sys.modules or figure.number is None


@pytest.mark.parametrize("name", ["lap_chart", "gaps", "strategy", "pace"])
def test_axes_of_ones_own_are_drawn_on(name: str) -> None:
    from matplotlib.figure import Figure

    mine = Figure()
    left, right = mine.subplots(1, 2)
    assert getattr(rc.plot, name)(brazil(), ax=left) is mine
    assert left.has_data()
    assert not right.has_data()


def test_axes_that_take_two_panels_are_split() -> None:
    from matplotlib.figure import Figure

    mine = Figure()
    left, _ = mine.subplots(1, 2)
    rc.plot.lap_times(brazil(), "ALO", ax=left)
    assert len(mine.axes) == 3
    with pytest.raises(ArgumentError, match="cannot be split"):
        rc.plot.lap_times(brazil(), "ALO", ax=mine.add_axes((0, 0, 1, 1)))


def test_moments_stand_on_the_line_of_the_car_that_they_concern() -> None:
    race = brazil()
    decided = moments(race, simulated=False)
    chart = win_chart(race, chances_by_formula(race), decided)
    assert [mark.number for mark in chart.marks] == list(range(1, len(chart.marks) + 1))
    assert [mark.lap for mark in chart.marks] == sorted(mark.lap for mark in chart.marks)
    assert chart.traces[0].car == "VER"
    for mark in chart.marks:
        trace = next(one for one in chart.traces if one.car == mark.car)
        assert mark.y == pytest.approx(np.interp(mark.x, trace.x, trace.y), abs=1e-9)


@pytest.mark.parametrize(("lang", "on_lap"), [("es", "vuelta"), ("nl", "ronde")])
def test_moments_on_the_chart_of_a_report_are_in_its_language(lang: str, on_lap: str) -> None:
    race = brazil()
    chart = win_chart(race, chances_by_formula(race), moments(race, simulated=False), lang=lang)
    words = " ".join(mark.words for mark in chart.marks)
    assert words
    assert not {"the", "took", "passed", "from", "lap"} & set(words.split())
    assert not any(f"{on_lap} {mark.lap} " in mark.words for mark in chart.marks[:1])


def test_a_winner_made_by_the_stewards_has_a_lap_more() -> None:
    race = brazil()
    swapped = race.classification.with_columns(position=pl.col("position").replace({1: 2, 2: 1}))
    from dataclasses import replace

    other = replace(race, classification=swapped)
    chart = win_chart(other, chances_by_formula(race), pl.DataFrame())
    assert chart.traces[0].car == "NOR"
    assert chart.traces[0].y[-2:] == (0.0, 1.0)
    assert chart.traces[0].x[-1] == chart.laps + 1


def test_labels_are_apart() -> None:
    placed = apart([3.0, 3.1, 3.2, 9.9], 1.0, 0.0, 10.0)
    assert sorted(placed) == placed
    assert min(np.diff(placed)) >= 1.0 - 1e-9
    assert placed[-1] <= 10.0


def test_what_cannot_be_drawn_is_said() -> None:
    from dataclasses import replace

    race = brazil()
    untimed = replace(race, crossings=race.crossings.clear(), lap_chart=race.lap_chart.clear())
    for name in ("win_probability", "lap_chart", "gaps", "strategy", "start"):
        with pytest.raises(NotEnoughDataError):
            getattr(rc.plot, name)(untimed)
    with pytest.raises(NotFoundError):
        rc.plot.gaps(race, drivers=("VER", "Senna"))
    with pytest.raises(NotEnoughDataError, match="no line"):
        rc.plot.win_probability(
            race, chances=chances_by_formula(race).filter(lap=3), moments=pl.DataFrame()
        )
    with pytest.raises(NotEnoughDataError, match="no chances"):
        rc.plot.places_heat_map(runs().clear())
    decided = rc.clinch(sample_season(), after=21, driver="PER", position=2)
    with pytest.raises(NotEnoughDataError, match="nothing to draw: Pérez has secured second"):
        rc.plot.title(decided)


def test_one_car_alone_is_drawn() -> None:
    from dataclasses import replace

    race = brazil()
    alone = replace(
        race,
        crossings=race.crossings.filter(car="VER"),
        lap_chart=race.lap_chart.filter(car="VER"),
        entries=race.entries.filter(car="VER"),
        classification=race.classification.filter(car="VER"),
        pit_visits=race.pit_visits.filter(car="VER"),
    )
    for name in ("lap_chart", "gaps", "strategy", "start"):
        assert getattr(rc.plot, name)(alone).axes


def test_a_picture_that_cannot_be_written_is_one_error(tmp_path: Path) -> None:
    figure = rc.plot.strategy(brazil())
    for path in (tmp_path / "no" / "a.png", tmp_path / "a.docx", tmp_path):
        with pytest.raises(ArgumentError, match="cannot be written"):
            rc.plot.save(figure, path)


def test_the_same_svg_twice(tmp_path: Path) -> None:
    for name in ("a.svg", "b.svg"):
        rc.plot.save(rc.plot.strategy(brazil()), tmp_path / name)
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
