"""Reports: one file that is complete, in three languages, every number with its command."""

from __future__ import annotations

import re
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING
from xml.etree import ElementTree as Tree

import polars as pl
import pytest

import racecraft as rc
from own_classes import two_classes
from racecraft.analysis.outcome import outcome
from racecraft.errors import ArgumentError
from racecraft.model.words.book import languages, number, words_of
from racecraft.press.intake.article import Article
from racecraft.show.charts.pace import pace_rows
from racecraft.show.charts.win_probability import chances_by_formula
from racecraft.show.report.doubts import doubts_in
from racecraft.show.report.markdown import report_markdown
from racecraft.show.report.page import SCRIPT, report_page
from racecraft.show.report.parts import Chart, Report
from racecraft.show.report.race import Known, asked_of, race_report
from racecraft.show.report.result import result_report
from racecraft.show.report.season import KnownSeason, season_report
from racecraft.show.svg.pen import standalone, ticks
from racecraft.sim.moments.moments import moments
from racecraft.sources.sample.sample import sample_race, sample_season

if TYPE_CHECKING:
    from pathlib import Path

    from racecraft.model.race import Race

REWORDED = ("doubts", "values", "joints")
TITLES = {
    "en": "# 2023 São Paulo Grand Prix",
    "es": "# Gran Premio de São Paulo de 2023",
    "nl": "# Grote Prijs van São Paulo van 2023",
}
HEAVIEST, MOST_SCRIPT = 250_000, 5_000  # bytes


def known(race: Race | None = None) -> Known:
    race = race or sample_race(20)
    season = sample_season()
    return Known(
        story=rc.race(race),
        moments=moments(race, season=season, simulated=False),
        chances=chances_by_formula(race),
        pace=rc.pace(race),
        season=season,
        article=Article(text="Verstappen won by 8.277 seconds.\n\nNorris was second.", title="x"),
        effect="Verstappen leads.",
        doubts=("A doubt with <b>markup</b>.",),
    )


@pytest.fixture(scope="module")
def report() -> Report:
    return race_report(known())


@pytest.fixture(scope="module")
def page(report: Report) -> str:
    return report_page(report).decode()


def test_a_report_has_all_its_sections_in_order(report: Report) -> None:
    assert [section.name for section in report.sections] == [
        "decided", "story", "result", "places", "battles", "overtakes", "tyres", "pace",
        "standings", "doubts",
    ]  # fmt: skip
    assert all(section.proofs for section in report.sections)


def test_a_page_is_complete_in_itself(page: str) -> None:
    assert len(page.encode()) <= HEAVIEST
    assert len(SCRIPT.encode()) <= MOST_SCRIPT
    without_names = page.replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?://|src=|href=|@import|url\(", without_names)
    assert "default-src 'none'" in page
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page


def test_the_policy_lets_the_script_of_the_page_run(page: str) -> None:
    import base64
    import hashlib

    told = re.search(r"sha256-([^']+)'", page).group(1)
    script = re.search(r"<script>(.*?)</script>", page, re.DOTALL).group(1)
    assert base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() == told


def test_what_a_source_says_is_text_and_no_markup(page: str) -> None:
    assert "&lt;b&gt;markup&lt;/b&gt;" in re.sub(r"</?span[^>]*>", "", page)


def test_every_number_of_the_words_carries_its_command(page: str) -> None:
    body = re.sub(r"<(svg|style|script|code|footer|header)\b.*?</\1>", "", page, flags=re.DOTALL)
    body = re.sub(r"<h2>.*?</h2>|<span class=\"dot\">\d+</span>|<output.*?</output>", "", body)
    bare = re.sub(r'<span class="n" title="racecraft [^"]+">[^<]+</span>', "", body)
    text = re.sub(r"<[^>]+>", " ", bare.partition("<main>")[2])
    assert re.findall(r"\d+", text) == []


def test_charts_are_well_formed_and_told_in_words(report: Report) -> None:
    charts = [
        part for section in report.sections for part in section.parts if isinstance(part, Chart)
    ]
    assert len(charts) >= 7
    for chart in charts:
        again = Tree.fromstring(Tree.tostring(chart.drawn, encoding="unicode"))
        assert again.get("role") == "img"
        assert again[0].text
        for element in again.iter():
            assert "nan" not in (element.get("d") or "")
            assert "inf" not in (element.get("d") or "")


def test_a_chart_is_a_file_of_its_own(report: Report) -> None:
    chart = race_report(known()).sections[3].parts[0]
    assert isinstance(chart, Chart)
    assert Tree.fromstring(standalone(chart.drawn)).tag.endswith("svg")


@pytest.mark.parametrize("lang", languages())
def test_a_report_is_made_in_every_language(lang: str) -> None:
    made = race_report(known(), lang)
    assert f'lang="{lang}"' in report_page(made).decode()[:200]
    assert report_markdown(made).startswith(TITLES[lang])


def test_doubts_are_told_in_the_language_of_the_report_or_marked_as_english() -> None:
    audit = (
        "Audit: 763 of 889 positions agree, 126 explained, 0 unexplained; no lap times was reported"
    )
    (told,) = doubts_in([audit, "HUL, grid: 14 in ergast, not classified in f1db"], words_of("es"))
    assert told.lang == ""
    assert told.items == (
        "Comprobación: 763 de 889 puestos coinciden, 126 explicados, 0 sin explicar; "
        "tiempos por vuelta: nada declarado",
        "HUL, puesto de salida: 14 en ergast, no clasificado en f1db",
    )
    assert [each.lang for each in doubts_in(["x", "y"], words_of("es"))] == ["en"]


def test_numbers_are_written_as_in_the_language() -> None:
    assert (number(7.5, "nl", 1), number(7.5, "en", 1)) == ("7,5", "7.5")


def test_markdown_is_tables_and_sentences(report: Report) -> None:
    text = report_markdown(report)
    assert "| 1 | Max Verstappen | Red Bull | 1 | 1:56:48.894 | 25 |" in text
    assert "`racecraft battle 2023 20 ALO PER`" in text


def test_a_pdf_has_pages(report: Report, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    from racecraft.show.report.pdf import write_pdf

    write_pdf(report, tmp_path / "report.pdf")
    content = (tmp_path / "report.pdf").read_bytes()
    assert content.startswith(b"%PDF")
    assert content.count(b"/Type /Page ") >= 5
    with pytest.raises(ArgumentError, match="cannot be written"):
        write_pdf(report, tmp_path / "no" / "report.pdf")


def test_a_race_without_moments_pace_or_season_is_told_without_them() -> None:
    bare = Known(story=rc.race(sample_race(20)))
    names = [section.name for section in race_report(bare).sections]
    assert names == ["result", "places", "battles", "overtakes", "tyres", "doubts"]


def test_a_race_of_one_car_is_told() -> None:
    race = sample_race(20)
    alone = replace(
        race,
        crossings=race.crossings.filter(car="VER"),
        lap_chart=race.lap_chart.filter(car="VER"),
        entries=race.entries.filter(car="VER"),
        classification=race.classification.filter(car="VER"),
        pit_visits=race.pit_visits.filter(car="VER"),
    )
    made = race_report(Known(story=rc.race(alone)))
    assert [section.name for section in made.sections] == ["result", "places", "tyres", "doubts"]
    assert report_page(made)


def test_a_race_of_classes_names_car_and_class() -> None:
    race = two_classes()
    made = race_report(Known(story=rc.race(race)))
    result = next(section for section in made.sections if section.name == "result")
    (table,) = result.parts
    assert table.head[:4] == ("place", "car", "class", "driver")
    assert {row[1] for row in table.rows} == set(race.entries["car"])
    assert result.proofs == (f"racecraft race {asked_of(race)}",)
    drivers = pl.DataFrame({
        "car": ["5", "01", "1", "7"], "class": ["GT", "P", "P", "GT"],
        "pace_s": [70.2, 61.0, 60.0, 70.0], "behind_s": [0.2, 1.0, 0.0, 0.0], "error_s": [0.1] * 4,
    })  # fmt: skip
    told = SimpleNamespace(race=race, drivers=drivers)
    assert [name for name, *_ in pace_rows(told)] == ["1 P", "01 P", "7 GT", "5 GT"]


@pytest.mark.parametrize(
    ("lang", "said"),
    [("nl", "om de leiding in GT"), ("nl", "nummer 7"), ("es", "en GT"), ("es", "el n.º 7")],
)
def test_a_battle_of_a_class_is_told_in_every_language(lang: str, said: str) -> None:
    page = report_markdown(race_report(Known(story=rc.race(two_classes())), lang))
    assert said in page


def test_a_race_is_told_by_its_result() -> None:
    season = sample_season()
    made = result_report(outcome(season, "monaco-grand-prix", "race"), lang="nl", doubts=("x",))
    assert [section.name for section in made.sections] == ["result", "standings", "doubts"]
    assert "niet opgeslagen" in report_page(made).decode()


def test_a_season_is_told() -> None:
    season, race = sample_season(), sample_race(20)
    table = rc.battles(race).with_columns(name=pl.lit(race.name), event=pl.lit(race.event))
    weighed = {(race.event, "race"): moments(race, season=season, simulated=False)}
    made = season_report(
        KnownSeason(
            season=season, standings=rc.standings(season), moments=weighed, battles=table,
            doubts=("x",),
        )
    )  # fmt: skip
    assert [one.name for one in made.sections] == ["standings", "rounds", "battles", "doubts"]
    page = report_page(made).decode()
    assert len(page.encode()) <= HEAVIEST
    assert 'title="racecraft moments 2023 20"' in page


def test_ticks_are_round() -> None:
    assert ticks(0, 7) == [0, 1, 2, 3, 4, 5, 6, 7]
    assert ticks(52, 71) == [55, 60, 65, 70]
