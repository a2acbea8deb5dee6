"""Reports in three languages: well formed, and true by the check's own lights."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl
import pytest

import racecraft as rc
from conftest import some
from own_season import own_season
from own_seasons import all_seasons, season_of_laps
from racecraft.errors import ArgumentError, NotEnoughDataError, NotFoundError
from racecraft.history.results import History
from racecraft.model.words.book import languages
from racecraft.press.fact_check import fact_check
from racecraft.press.intake.article import read
from racecraft.press.writing.fact import Fact
from racecraft.press.writing.facts import Teller
from racecraft.press.writing.report import report
from racecraft.press.writing.retirements import CAUSES, INCIDENTS
from racecraft.press.writing.sentences import Narrator, phrases
from racecraft.show.article import article_text
from racecraft.show.page import Page
from racecraft.sources.sample.sample import sample_race, sample_season

if TYPE_CHECKING:
    from pathlib import Path

    from racecraft.model.race import Race
    from racecraft.press.intake.article import Article

SAO_PAULO = (2023, 20)
RACES = 10  # of all seasons, that reports are checked of
SLOTS = re.compile(r"\{(\w+)")
ILL_FORMED = re.compile(r"None|[{}]|\bde el\b|\ba el\b|  |\.\.| 1 (points|punten|puntos)\b")

every_language = pytest.mark.parametrize("lang", languages())


def timing(season: int, round_: int, session: str) -> Race | None:
    return sample_race() if (season, round_, session) == (*SAO_PAULO, "race") else None


@pytest.fixture(scope="module")
def sample() -> History:
    return History([sample_season()], race=timing)


@pytest.fixture(scope="module")
def untimed(shared: Path) -> History:
    """All seasons of the public tables, without the timing of any race."""
    return History(list(all_seasons(shared).values()))


@every_language
def test_every_language_tells_every_kind_of_fact(lang: str) -> None:
    english, own = phrases("en"), phrases(lang)
    assert list(own) == list(english)
    for table in ("sentences", "causes", "units"):
        assert set(own[table]) == set(english[table]), table
    assert set(own["causes"]) == CAUSES | {f"{cause} of several" for cause in INCIDENTS}
    assert set(own["sprint"]) == set(english["sprint"]) <= set(english["sentences"])
    told = [*own["sentences"].items(), *own["sprint"].items()]
    for kind, variants in told:
        allowed = {
            slot for variant in english["sentences"][kind] for slot in SLOTS.findall(variant)
        }
        for variant in variants:
            assert set(SLOTS.findall(variant)) <= allowed, variant
            assert variant.endswith(".") or kind.startswith("headline")


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", ["first", "twelfth", "21st", "22nd", "23rd", "52nd", "111th", "112th"]),
        ("nl", ["eerste", "twaalfde", "21e", "22e", "23e", "52e", "111e", "112e"]),
        ("es", ["primera", "duodécima", "21.ª", "22.ª", "23.ª", "52.ª", "111.ª", "112.ª"]),
    ],
)
def test_ordinals(lang: str, said: list[str], sample: History) -> None:
    driver = sample.drivers["alonso"]
    kind = {"en": "season_only", "nl": "season_only", "es": "season_only"}[lang]
    for number, word in zip((1, 12, 21, 22, 23, 52, 111, 112), said, strict=True):
        told = Narrator(lang).told(Fact(kind, {"winner": driver, "season": number}))
        assert f" {word} " in told


def test_sao_paulo(sample: History) -> None:
    article = report(sample, *SAO_PAULO)
    assert article.title == "Max Verstappen takes victory in the São Paulo Grand Prix"
    assert str(article.date) == "2023-11-05"
    for sentence in (
        "Fernando Alonso beat Sergio Pérez to third place by 0.053 seconds.",
        "Pérez overtook Alonso on lap 70, but lost third place to him again on lap 71.",
        "Charles Leclerc did not start the race.",
        "There are two races left this season.",
    ):
        assert sentence in article.text


def test_the_same_in_other_languages(sample: History) -> None:
    assert (
        "Fernando Alonso eindigde als derde, 0,053 seconden voor Sergio Pérez."
        in report(sample, *SAO_PAULO, lang="nl").text
    )
    assert (
        "el Gran Premio de Las Vegas, el domingo 19 de noviembre de 2023."
        in report(sample, *SAO_PAULO, lang="es").text
    )


@every_language
def test_reports_are_well_formed(sample: History, lang: str) -> None:
    for event in sample.calendar(2023):
        article = report(sample, *event.key, lang=lang)
        assert not ILL_FORMED.search(article.title + article.text)
        assert len(article.text.split("\n\n")) >= 4
        for sentence in re.split(r"(?<=\.) |\n\n", article.text):
            assert sentence[0].isupper()


def test_races_differ_in_their_words(sample: History) -> None:
    first = {report(sample, 2023, round_).text.split()[2] for round_ in range(1, 8)}
    assert len(first) > 1


@pytest.mark.parametrize(
    ("season", "round_", "said"),
    [
        (1955, 1, ["González, Farina and Maurice Trintignant shared the car in second place."]),
        (1961, 7, ["Wolfgang von Trips had an accident on lap 2 that cost him his life.",
                   "With this result Phil Hill became world champion."]),
        (1964, 10, ["His closest rival, Graham Hill, finished eleventh."]),
        (1976, 16, ["His closest rival, Niki Lauda, retired.", "withdrew from the race."]),
        (1986, 16, ["from pole position, retired on lap 64 with a tyre failure."]),
        (1991, 16, ["The race ended after 14 of 81 laps.", "Half points were awarded."]),
        (2005, 9, ["14 of the 20 cars on the grid did not take the start.",
                   "Jarno Trulli, who was to start from pole position, did not take the start."]),
        (2024, 21, ["Nico Hülkenberg was disqualified."]),
    ],
)  # fmt: skip
def test_what_became_of_whom_is_told_from_the_result(
    season: int, round_: int, said: list[str]
) -> None:
    text = report(History([rc.load_season(season)]), season, round_).text
    for sentence in said:
        assert sentence in text, text


@every_language
def test_what_is_printed_can_be_read_again(sample: History, lang: str) -> None:
    article = report(sample, *SAO_PAULO, lang=lang)
    for width in (None, 80):
        again = read(article_text(article, Page(width)))
        assert (again.text, again.title, again.date) == (article.text, article.title, article.date)
        assert again.lang == lang


def test_people_of_one_family_keep_their_given_names(sample: History) -> None:
    narrator = Narrator("en", frozenset({"Alonso"}))
    fact = Fact("fastest", {"driver": sample.drivers["alonso"]})
    assert "Fernando Alonso" in narrator.told(fact)
    assert "Fernando Alonso" in narrator.told(fact)


def test_counts_over_a_career_are_told_only_of_whole_careers(sample: History) -> None:
    """The sample has one season of all in which somebody may have won."""
    assert "career" not in report(sample, *SAO_PAULO).text
    kinds = [fact.kind for part in Teller.of(sample, *SAO_PAULO).paragraphs() for fact in part]
    assert "season_only" in kinds


def test_without_timing_no_pass_is_told() -> None:
    kinds = {
        fact.kind
        for part in Teller.of(History([sample_season()]), *SAO_PAULO).paragraphs()
        for fact in part
    }
    assert not kinds & {"pass_for", "pass_for_lead", "took_back"}


def test_what_cannot_be_written(sample: History) -> None:
    with pytest.raises(ArgumentError, match="'fr'"):
        report(sample, *SAO_PAULO, lang="fr")
    with pytest.raises(NotFoundError, match="round 23"):
        report(sample, 2023, 23)
    with pytest.raises(NotFoundError, match="1999"):
        report(sample, 1999, 1)
    undated = History([own_season(["AAA BBB CCC"])])
    with pytest.raises(NotEnoughDataError, match="the day of"):
        report(undated, 2012, 1)


def test_a_season_to_come_has_no_report() -> None:
    season = sample_season()
    to_come = pl.col("event") != "abu-dhabi-grand-prix"
    results = season.results.filter(to_come)
    record = History([type(season)(season=2023, events=season.events, results=results,
                                  drivers=season.drivers, teams=season.teams)])  # fmt: skip
    with pytest.raises(NotFoundError):
        report(record, 2023, 22)
    assert "One race" in report(record, 2023, 21).text


@pytest.mark.parametrize(
    ("lang", "last"),
    [
        ("en", "Red Bull won the constructors' championship with 860 points"),
        ("es", "Red Bull ganó el campeonato de constructores con 860 puntos"),
        ("nl", "Red Bull won het constructeurskampioenschap met 860 punten"),
    ],
)
def test_after_the_last_race_a_team_has_won(sample: History, lang: str, last: str) -> None:
    assert last in report(sample, 2023, 22, lang=lang).text.replace("Red Bull Racing", "Red Bull")
    assert last not in report(sample, 2023, 21, lang=lang).text
    checked = fact_check(report(sample, 2023, 22, lang=lang), sample)
    judged = [each for each in checked if "onstruct" in each.sentence]
    assert "supported" in {each.verdict for each in judged}
    assert "contradicted" not in {each.verdict for each in judged}


# Every claim passes the check.


@every_language
def test_reports_of_the_sample_pass_the_check(sample: History, lang: str) -> None:
    for event in sample.calendar(2023):
        passes(report(sample, *event.key, lang=lang), sample, least=15)


@every_language
def test_reports_of_all_seasons_pass_the_check(untimed: History, lang: str) -> None:
    run = [event.key for event in untimed.events if untimed.has_results(*event.key)]
    recent = [key for key in run if key[0] >= 1975]
    for key in some(recent, len(recent) // RACES):
        passes(report(untimed, *key, lang=lang), untimed, least=8)


@every_language
def test_stories_of_timed_races_pass_the_check(timed: History, lang: str) -> None:
    """Every 24th race of four seasons, others in each language, told by its moments."""
    keys = sorted((race.season, race.round) for race in _timed_races(timed))
    for key in keys[4 * sorted(languages()).index(lang) :: 24]:
        passes(report(timed, *key, lang=lang), timed, least=8)


@pytest.mark.parametrize(
    ("season", "event", "told"),
    [
        (2021, "abu-dhabi", "Verstappen became world champion"),
        (2021, "abu-dhabi", "On lap 53 the safety car"),
        (2021, "abu-dhabi", "Pérez retired late but was classified fifteenth"),
        (2021, "azerbaijan", "Verstappen dropped out of the lead on lap 46"),
        (2021, "azerbaijan", "On lap 47 a red flag stopped the race"),
        (2021, "azerbaijan", "On lap 50 Hamilton lost second place"),
        (2021, "belgian", "Half points were awarded"),
        (2021, "hungarian", "Vettel was disqualified"),
        (2021, "hungarian", "fought each other from lap 54 to lap 65"),
        (2021, "hungarian", "Lando Norris retired on lap 3 after a collision."),
        (2019, "canadian", "A penalty after the flag put Vettel down to second."),
        (2019, "brazilian", "A penalty after the flag put Hamilton down to seventh."),
        (2022, "british", "on lap 27 after a collision"),
        (2022, "british", "It was resumed with Sainz in the lead, not Verstappen."),
        (2022, "japanese", "Verstappen became world champion"),
        (2019, "united-states", "Hamilton became world champion"),
        (2018, "mexican", "became world champion"),
    ],
)
def test_what_everybody_knows_is_told(timed: History, season: int, event: str, told: str) -> None:
    round_ = next(one.round for one in timed.calendar(season) if one.event.startswith(event))
    assert told in report(timed, season, round_).text


@pytest.fixture(scope="module")
def timed(shared: Path) -> History:
    """All seasons of the public tables, with the timing of four."""
    races = {
        (race.season, race.round, "race"): race
        for year in (2018, 2019, 2021, 2022)
        for race in season_of_laps(shared, year)
    }
    return History(list(all_seasons(shared).values()), race=lambda *key: races.get(key))


def _timed_races(history: History) -> list[Race]:
    found = (
        history.race(*event.key)
        for event in history.events
        if event.season in (2018, 2019, 2021, 2022)
    )
    return [race for race in found if race is not None]


def passes(article: Article, history: History, *, least: int) -> None:
    """Nothing in it is marked as wrong, and most of it is read and found to be so."""
    checked = fact_check(article, history)
    wrong = [
        f"{finding.sentence} -> {finding.claim}: {finding.reason}"
        for finding in checked.of("contradicted")
    ]
    assert wrong == []
    assert sum(finding.leaning == "supported" for finding in checked) >= least


@every_language
@pytest.mark.parametrize(("season", "round_"), [(2021, 14), (2023, 17), (2024, 6)])
def test_a_sprint_has_its_story_and_every_claim_of_it_is_right(
    untimed: History, season: int, round_: int, lang: str
) -> None:
    written = report(untimed, season, round_, session="sprint", lang=lang)
    winner = untimed.at(season, round_, 1, "sprint")
    assert winner is not None
    assert untimed.drivers[winner.driver_id].name in written.title
    assert "sprint" in written.title
    assert not ILL_FORMED.search(written.title + written.text)
    found = fact_check(read(article_text(written, Page(width=100)).encode(), name="x.txt"), untimed)
    assert not [finding for finding in found if finding.verdict == "contradicted"]
    assert len([finding for finding in found if finding.verdict == "supported"]) > 5


def test_a_title_that_a_sprint_decided_is_told_of_it_and_of_the_race(untimed: History) -> None:
    sprint = report(untimed, 2023, 17, session="sprint").text
    race = report(untimed, 2023, 17).text
    assert "Verstappen became world champion." in sprint
    assert "His closest rival, Sergio Pérez, retired." in sprint
    assert "The win was worth 8 points." in sprint
    assert "Verstappen had become world champion in the sprint the day before." in race
    assert "now leads" not in race, "who is champion leads no more"


def test_a_round_without_a_sprint_has_no_story_of_one(untimed: History) -> None:
    with pytest.raises(NotFoundError, match="no result of a sprint in round 16 of 2023"):
        report(untimed, 2023, 16, session="sprint")


def test_a_title_is_told_of_who_won_it_without_racing(untimed: History) -> None:
    text = report(untimed, 1970, 12).text
    assert "Nobody can overtake Jochen Rindt any more, who had lost his life" in text
    assert "With this result" not in text


def test_who_saw_the_flag_and_was_not_classified_did_not_retire(untimed: History) -> None:
    text = report(untimed, 2005, 13).text
    assert "Albers" not in text
    assert "Jacques Villeneuve" in text
