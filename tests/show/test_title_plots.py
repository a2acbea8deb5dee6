from __future__ import annotations

import pytest

from racecraft.errors import NotEnoughDataError
from racecraft.show.title_plots import clinch_figure, standings_figure
from racecraft.sources.sample.sample import sample_season
from racecraft.title.clinch import clinch

pytest.importorskip("matplotlib")


def test_a_season_has_a_line_for_each_of_the_first_eight() -> None:
    (axes,) = standings_figure(sample_season(), after="20").axes
    lines = {line.get_label(): line for line in axes.get_lines()}
    assert list(lines)[:2] == ["VER", "PER"]
    assert len(lines) == 8
    assert lines["VER"].get_ydata()[-1] == 524
    assert len(lines["VER"].get_xdata()) == 26, "20 races and 6 sprints"


def test_every_pair_of_places_at_the_next_race_has_its_colour() -> None:
    answer = clinch(sample_season(), after=20, driver="PER", position=2)
    (axes,) = clinch_figure(answer).axes
    assert axes.get_xlabel() == "place of HAM"
    assert len(axes.patches) == 11 * 11


def test_what_is_decided_is_not_drawn() -> None:
    with pytest.raises(NotEnoughDataError, match="nothing to draw: Pérez has secured second"):
        clinch_figure(clinch(sample_season(), after=21, driver="PER", position=2))
