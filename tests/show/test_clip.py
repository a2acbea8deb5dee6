"""Clips and cards: what they show is what was timed, and files are what their names say."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

import racecraft as rc
from racecraft.errors import ArgumentError, NotEnoughDataError, NotFoundError
from racecraft.show.charts.win_probability import chances_by_formula
from racecraft.show.clip.reel import AFTER_S, Reel, reel
from racecraft.show.clip.write import write_clip
from racecraft.sim.moments.moments import moments
from racecraft.sources.sample.sample import sample_race

if TYPE_CHECKING:
    from pathlib import Path

    from racecraft.model.race import Race

pytest.importorskip("matplotlib")
image = pytest.importorskip("PIL.Image")


def of_brazil(race: Race, **how: float) -> Reel:
    return reel(race, rc.battle(race, drivers=("PER", "ALO")), **how)


def without_positions(race: Race) -> Race:
    return replace(race, positions=race.positions.clear(), telemetry=race.telemetry.clear())


@pytest.mark.parametrize("mapped", [True, False])
def test_the_interval_is_the_timed_one_at_every_line(mapped: bool) -> None:
    race = sample_race(20)
    shown = of_brazil(race if mapped else without_positions(race), speed=0.5, fps=60)
    assert (shown.basis == "positions") is mapped
    timed = rc.gaps(race, drivers=("ALO", "PER")).filter(pl.col("lap") >= 70)
    time = race.crossings.filter(pl.col("car").is_in(["ALO", "PER"]))
    for lap, line, interval in timed["lap", "line", "interval"].iter_rows():
        both = time.filter(lap=lap, line=line)["time"].max()
        if both.total_seconds() > shown.time_s[0]:
            at = np.interp(both.total_seconds(), shown.time_s, shown.interval_s)
            assert at == pytest.approx(interval.total_seconds(), abs=0.03), (lap, line)
    assert shown.interval_s[-1] == pytest.approx(0.053, abs=0.001), "not beyond the flag"


def test_beyond_the_last_line_nobody_has_passed_again() -> None:
    race = without_positions(sample_race(20))
    fought = rc.battles(race).filter(pl.col("ahead_at_end") == pl.col("second"))
    fought = fought.filter(pl.col("end_lap") < 71).head(4)
    assert len(fought) == 4
    for first, second in fought["first", "second"].iter_rows():
        shown = reel(race, rc.battle(race, drivers=(first, second)), laps=1, speed=1.0)
        beyond = shown.interval_s[-int(AFTER_S * shown.fps) :]
        assert np.ptp(beyond) < 0.05, (first, second)


def test_cars_are_on_the_track() -> None:
    shown = of_brazil(sample_race(20))
    far = np.linalg.norm(shown.places[:, :, None] - shown.outline, axis=-1).min(axis=2)
    assert np.median(far) < 20.0, "metres"
    assert shown.places.shape == (len(shown.time_s), 2, 2)


def test_a_ring_stands_in_for_a_track_that_nobody_knows() -> None:
    shown = of_brazil(without_positions(sample_race(20)))
    assert np.allclose(np.hypot(*shown.outline.T), 1.0)
    assert len(shown.lines) == 3


def test_cars_go_along_an_outline_by_time() -> None:
    square = np.array([[0.0, 0.0], [100.0, 0.0], [100.0, 100.0], [0.0, 100.0]])
    shown = of_brazil(without_positions(sample_race(20)), circuit=square)
    assert shown.basis == "outline"
    on_it = np.isclose(shown.places, 0.0) | np.isclose(shown.places, 100.0)
    assert on_it.any(axis=-1).all()
    assert shown.lines[0] == pytest.approx([0.0, 0.0]), "the Line"


def test_a_clip_is_a_gif_or_an_mp4(tmp_path: Path) -> None:
    shown = of_brazil(sample_race(20), laps=1, speed=30, fps=5)
    write_clip(shown, tmp_path / "clip.gif")
    with image.open(tmp_path / "clip.gif") as moving:
        assert moving.size == (720, 720)
        assert moving.n_frames >= len(shown.time_s) // 2
    pytest.importorskip("imageio_ffmpeg")
    write_clip(shown, tmp_path / "clip.mp4")
    assert (tmp_path / "clip.mp4").read_bytes()[4:8] == b"ftyp"


def test_what_is_no_clip_is_said(tmp_path: Path) -> None:
    race = sample_race(20)
    with pytest.raises(ArgumentError, match="no clip of 0 laps"):
        of_brazil(race, laps=0)
    with pytest.raises(NotEnoughDataError, match="60 laps are"):
        of_brazil(race, laps=60)
    shown = of_brazil(race, laps=1, speed=60, fps=5)
    for name in ("clip.avi", "no/clip.gif", "no/clip.mp4"):
        with pytest.raises(ArgumentError, match="cannot be written"):
            write_clip(shown, tmp_path / name)


@pytest.mark.parametrize(("shape", "size"), [("wide", (1200, 630)), ("tall", (1080, 1350))])
def test_a_card_has_its_size(shape: str, size: tuple[int, int], tmp_path: Path) -> None:
    from racecraft.show.plots.card import battle_card, moment_card, save_card

    race = sample_race(20)
    decided = moments(race, simulated=False)
    for figure in (
        battle_card(race, rc.battle(race, drivers=("PER", "ALO")), shape),
        moment_card(race, chances_by_formula(race), decided, shape=shape),
    ):
        save_card(figure, tmp_path / "card.png")
        with image.open(tmp_path / "card.png") as card:
            assert card.size == size


def test_words_of_a_card_stay_on_it() -> None:
    from racecraft.show.plots.card import battle_card

    race = sample_race(20)
    for shape in ("wide", "tall"):
        figure = battle_card(race, rc.battle(race, drivers=("PER", "ALO")), shape)
        figure.canvas.draw()
        chart = figure.axes[0].get_window_extent()
        for text in figure.texts:
            box = text.get_window_extent()
            assert box.x0 >= 0
            assert box.x1 <= figure.bbox.width
            assert not box.overlaps(chart), text.get_text()


def test_a_card_that_cannot_be_is_said(tmp_path: Path) -> None:
    from racecraft.show.plots.card import battle_card, moment_card, save_card

    race = sample_race(20)
    decided = moments(race, simulated=False)
    with pytest.raises(NotFoundError, match="has no moment 99"):
        moment_card(race, chances_by_formula(race), decided, rank=99)
    figure = battle_card(race, rc.battle(race, drivers=("PER", "ALO")))
    for name in ("card.jpg", "no/card.png"):
        with pytest.raises(ArgumentError, match="cannot be written"):
            save_card(figure, tmp_path / name)
