"""The front door: names in the place of races, seasons and codes; and how answers look there."""

from __future__ import annotations

import subprocess
import sys
import traceback

import pytest

import racecraft as rc
from racecraft.errors import ArgumentError, NotFoundError
from racecraft.sources.sample.sample import sample_race


def test_a_race_by_its_name() -> None:
    assert rc.battles(2023, "Brazil").equals(rc.battles(sample_race()))
    assert rc.order(2023, 20, lap=3).height == 17


def test_drivers_by_family_name_or_number() -> None:
    by_name = rc.battle(2023, "Brazil", ("Alonso", "perez"))
    assert by_name.row == rc.battle(sample_race(), ("ALO", "PER")).row
    assert rc.gaps(sample_race(), drivers=(14, "Pérez")).height == 209
    assert "Alonso" in rc.explain(2023, "interlagos", lap=71, drivers=("ALO", "perez"))


def test_a_season_by_its_year() -> None:
    assert rc.standings(2023, after=20)["driver"][0] == "VER"
    assert rc.clinch(2023, after=20, driver="Pérez", position=2).name == "PER"
    assert rc.form(2023, "Pérez").driver == "PER"


def test_a_year_alone_names_no_race() -> None:
    with pytest.raises(ArgumentError, match="which race of 2023"):
        rc.battles(2023)
    with pytest.raises(NotFoundError, match="took part"):
        rc.battle(2023, "Brazil", ("Senna", "PER"))
    with pytest.raises(TypeError):
        rc.battles()


def test_hints_travel_with_errors() -> None:
    with pytest.raises(NotFoundError) as caught:
        rc.load_race(2023, "Sao Paolo")
    told = "".join(traceback.format_exception(caught.value))
    assert "hint: did you mean São Paulo Grand Prix (20)?" in told


def test_answers_are_a_line_at_a_prompt() -> None:
    race = sample_race()
    for answer in (
        rc.race(race),
        rc.battle(race, ("ALO", "PER")),
        rc.pace(race),
        rc.breakdown(race, "PER", 71),
        rc.audit(race),
        rc.clinch(2023, after=20, driver="PER", position=2),
    ):
        line = repr(answer)
        assert line.startswith(f"<{type(answer).__name__}: ")
        assert "\n" not in line
        assert len(line) < 400


def test_answers_are_a_page_in_a_notebook() -> None:
    fought = rc.battle(sample_race(), ("ALO", "PER"))
    page = fought._repr_html_()
    assert fought.story.split("<")[0][:20] in page
    assert page.count("<details") == page.count("</details>") >= 5
    assert page.count("<details open") == 1
    assert "0.053" in page  # times as on a timing screen
    assert "53ms" not in page


def test_tab_offers_what_is_meant() -> None:
    assert set(dir(rc)) == {*rc.__all__, "__version__"}


def test_importing_costs_nothing() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, racecraft; print('polars' in sys.modules)"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert loaded.stdout.strip() == "False"
