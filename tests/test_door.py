"""The front door: names in the place of races, seasons and codes; and how answers look there."""

from __future__ import annotations

import subprocess
import sys
import traceback
from typing import TYPE_CHECKING

import polars as pl
import pytest

import racecraft as rc
from racecraft.errors import ArgumentError, NotFoundError
from racecraft.lookup.extras import missing
from racecraft.sources.sample.sample import sample_race

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_a_race_by_its_name() -> None:
    assert rc.battles(2023, "Brazil").equals(rc.battles(sample_race()))
    assert rc.order(2023, 20, lap=3).height == 17


def test_drivers_by_family_name_or_number() -> None:
    by_name = rc.battle(2023, "Brazil", ("Alonso", "perez"))
    assert by_name.row == rc.battle(sample_race(), ("ALO", "PER")).row
    assert rc.gaps(sample_race(), drivers=(14, "Pérez")).height == 209
    assert "Alonso" in rc.explain(2023, "interlagos", lap=71, drivers=("ALO", "perez"))


def test_a_lap_and_drivers_in_the_order_of_the_command_line() -> None:
    told = rc.explain(2023, "interlagos", lap=71, drivers=("ALO", "PER"))
    assert rc.explain(2023, "interlagos", 71, "alonso", "perez") == told
    assert rc.explain(sample_race(), 71, ("ALO", "PER")) == told
    assert rc.order(2023, 20, 3).height == 17
    with pytest.raises(ArgumentError) as raised:
        rc.explain(2023, "interlagos", 99, "ALO", "PER")
    assert raised.value.hint == "its laps are 1 to 71"


def test_a_race_without_timing_is_told_by_its_result(tmp_path: Path) -> None:
    """As the command line does; nothing is fetched."""
    told = rc.moments(2023, "monza", store=tmp_path)
    assert set(told["basis"]) == {"results"}
    assert "Verstappen set a record of 10 wins in a row." in told["sentence"].to_list()
    story = rc.race(2023, "monza", store=tmp_path)
    assert story.result.filter(position=1)["driver"].to_list() == ["VER"]
    assert rc.race(1988, "monza", store=tmp_path).result["name"][0] == "Gerhard Berger"
    with pytest.raises(NotFoundError):
        rc.moments(2023, "atlantis", store=tmp_path)


def test_moments_without_the_simulator_are_weighed_by_a_formula(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("racecraft.door.at_hand.find_spec", lambda _: None)
    with pytest.warns(UserWarning, match="by a formula"):
        told = rc.moments(2023, "brazil")
    assert set(told["basis"]) == {"formula"}


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


def test_two_drivers_one_after_another() -> None:
    race = sample_race()
    assert rc.battle(2023, "Brazil", "Alonso", "perez").row == rc.battle(race, ("ALO", "PER")).row
    assert rc.gaps(race, "ALO", 11).equals(rc.gaps(race, drivers=("ALO", "PER")))


def test_what_a_driver_had_a_part_in() -> None:
    race = sample_race()
    fought = rc.battles(race, driver="Pérez")
    assert 0 < fought.height < rc.battles(race).height
    assert all("PER" in pair for pair in fought.select("first", "second").rows())
    passed = rc.overtakes(2023, "Brazil", driver=14)
    assert all("ALO" in pair for pair in passed.select("passer", "passed").rows())
    decided = rc.moments(race, simulated=False, driver="ALO")
    assert all("ALO" in drivers.split() for drivers in decided["drivers"])
    assert decided["rank"].to_list() != list(range(1, decided.height + 1))


def test_an_event_of_a_season_by_any_of_its_names() -> None:
    assert rc.standings(2023, after="Brazil").equals(rc.standings(2023, after=20))
    with pytest.raises(NotFoundError, match="no event"):
        rc.standings(2023, after="Narnia")


def test_a_figure_by_what_its_answer_is_asked_with() -> None:
    assert rc.plot.gaps(2023, "Brazil", "ALO", "PER").axes
    assert rc.plot.title(2023, after=20, driver="PER", position=2).axes


def test_a_text_is_checked_against_what_is_stored() -> None:
    [found] = rc.fact_check("Fernando Alonso finished third in the 2023 São Paulo Grand Prix.")
    assert found.verdict == "supported"


WRONG: dict[str, tuple[Callable[[], object], str, str]] = {
    "a change that is none": (
        lambda: rc.what_if(sample_race(), "HAM", seed=1), "takes changes", "rc.Stop",
    ),
    "a misspelt option": (
        lambda: rc.battles(sample_race(), within=1), "unexpected keyword", "within_s=?",
    ),
    "a race without a year": (lambda: rc.battles("Brazil"), "takes a race", "2023"),
    "a season for a race": (
        lambda: rc.overtakes(rc.load_season(2023)), "takes a race", "load_race",
    ),
    "a text for a lap": (
        lambda: rc.order(sample_race(), lap="5"), "a whole number as lap", "",
    ),
    "no race": (lambda: rc.battles(None), "takes a race, not None", "load_race"),
    "no seed": (lambda: rc.simulate(sample_race()), "'seed'", "seed=1"),
    "one driver twice": (
        lambda: rc.battle(sample_race(), "VER", "VER"), "two drivers, not VER VER", "ALO",
    ),
    "three drivers": (
        lambda: rc.battle(sample_race(), ("VER", "ALO", "PER")), "two drivers", "ALO",
    ),
}  # fmt: skip


@pytest.mark.parametrize("wrong", sorted(WRONG))
def test_a_wrong_call_is_refused_with_a_hint(wrong: str) -> None:
    ask, message, hint = WRONG[wrong]
    with pytest.raises(ArgumentError) as caught:
        ask()
    assert message in caught.value.message
    assert hint in caught.value.hint


def test_a_library_that_is_missing_names_its_extra() -> None:
    error = ModuleNotFoundError("No module named 'numba'", name="numba")
    refusal = missing(error)
    assert refusal is not None
    assert refusal.hint == "pip install 'racecraft[sim]'"
    assert missing(ModuleNotFoundError("No module named 'ours'", name="ours")) is None


def test_laps_of_some_drivers_by_any_of_their_names() -> None:
    every = rc.laps(2023, "Brasilien")
    checo = rc.laps(2023, "Interlagos", "Checo")
    assert checo.equals(every.filter(pl.col("car") == "PER"))
    assert set(rc.laps(2023, "brazil", drivers=("Alonso", 11))["car"]) == {"ALO", "PER"}
    with pytest.raises(rc.RacecraftError, match="took part"):
        rc.laps(2023, "brazil", "Narnia")


@pytest.mark.parametrize(
    ("verb", "instead"),
    [("quali", ".qualifying"), ("season", "load_season"), ("whatif", "what_if")],
)
def test_a_verb_of_the_command_line_that_is_no_function_names_what_is(
    verb: str, instead: str
) -> None:
    with pytest.raises(AttributeError, match=f"no attribute '{verb}'; there is .*{instead}"):
        getattr(rc, verb)


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


def test_a_checked_article_is_a_line_and_a_page() -> None:
    told = rc.fact_check("Norris won the 2023 São Paulo Grand Prix. Alonso was <third>.")
    assert repr(told).startswith("<Checked: 2023 São Paulo Grand Prix; 1 contradicted, ")
    page = told._repr_html_()
    assert page.index("Norris was second") < page.index("&lt;third&gt;")
    nothing = rc.fact_check("It rained.")
    assert repr(nothing).startswith("<Checked: no race; 0 contradicted")
    assert "<table>" not in nothing._repr_html_()


def test_runs_show_their_chances_in_a_notebook() -> None:
    runs = rc.simulate(sample_race(), from_lap=65, runs=20, seed=1)
    assert "Runs 20 from lap 65 of 71" in runs._repr_html_()
    assert "points_finish" in runs._repr_html_()


def test_tab_offers_what_is_meant() -> None:
    assert set(dir(rc)) == {*rc.__all__, "__version__"}


def test_importing_costs_nothing() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, racecraft; print('polars' in sys.modules)"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert loaded.stdout.strip() == "False"


def test_races_and_seasons_show_their_tables_in_a_notebook() -> None:
    for thing, line, table in (
        (rc.load_race(2023, "brazil"), "Race 2023 São Paulo Grand Prix", "entries (20 rows)"),
        (rc.load_season(2023), "Season 2023", "events (22 rows)"),
    ):
        page = thing._repr_html_()
        assert page.startswith(f"<p>{line}")
        assert f"<details open><summary>{table}</summary>" in page
        assert "(0 rows)" not in page


def test_tables_turn_into_pandas() -> None:
    pandas = pytest.importorskip("pandas")
    table = rc.laps(2023, "Brazil")
    plain = pandas.DataFrame(table.to_dict(as_series=False))
    assert list(plain["lap_time"]) == table["lap_time"].to_list()
    pytest.importorskip("pyarrow")
    assert list(table.to_pandas()["car"]) == table["car"].to_list()
