"""Moments in words: from their facts, in every language."""

from __future__ import annotations

from typing import Any

import pytest

from racecraft.model.words.book import languages
from racecraft.sim.moments.facts import read
from racecraft.sim.moments.moments import KINDS, moments, so_far
from racecraft.sim.moments.words import _TOLD, in_words
from racecraft.sources.sample.sample import sample_race, sample_season

NAMES = {"VER": "Verstappen", "HAM": "Hamilton", "LAT": "Latifi", "PER": "Pérez"}


def facts(kind: str, *cars: str, lap: int = 5, last_lap: int | None = None, **more: Any) -> Any:
    return {"kind": kind, "lap": lap, "last_lap": last_lap or lap, "cars": list(cars),
            "names": NAMES, **more}  # fmt: skip


LEAD = {
    "cause": "on_track",
    "earlier": 0,
    "maybe_passed": False,
    "newer": 39,
    "for_good": True,
    "regained": False,
}
SAFETY_CAR = {
    "inferred": False, "out": {"LAT": "Accident"}, "stopped": {"VER": "soft", "PER": "soft"},
    "stayed": ["HAM"],
}  # fmt: skip
TOLD = [
    (
        "en",
        facts("lead change", "VER", "HAM", lap=58, **LEAD),
        "Verstappen took the lead on lap 58 passing Hamilton on the track, on tyres 39 laps newer, "
        "and kept it to the flag.",
    ),
    (
        "es",
        facts("lead change", "VER", "HAM", lap=58, **LEAD),
        "Verstappen adelantó a Hamilton en la pista en la vuelta 58 y se puso líder, con "
        "neumáticos 39 vueltas más nuevos, y siguió en cabeza hasta la meta.",
    ),
    (
        "nl",
        facts("safety car", lap=53, last_lap=57, **SAFETY_CAR),
        "De safetycar kwam in ronde 53 de baan op, na het uitvallen van Latifi (ongeval), en "
        "verdween in ronde 57; Verstappen en Pérez maakten een pitstop voor zachte banden, "
        "Hamilton niet.",
    ),
    (
        "en",
        facts("restart", "HAM", lap=4, **{"from": "grid", "alone": ["HAM"], "others": 13}),
        "Hamilton alone took the restart from the grid on lap 4, as 13 others stopped instead.",
    ),
    (
        "nl",
        facts("re-pass", "VER", "HAM", back=True, places=[3], at_flag_s=0.053,
              corner={"how": "straight", "turns": ["3", "4"]}),
        "Verstappen heroverde de derde plaats in ronde 5 op het rechte stuk van bocht 3 naar bocht "
        "4 op Hamilton en was aan de finish 0,053 s eerder.",
    ),
    (
        "es",
        facts("record", "VER", records=[{"record": "first_win", "n": 12},
                                        {"record": "youngest_wins", "age": [18, 1]}]),
        "Verstappen logró su primera victoria, en su 12.ª carrera; se convirtió en el ganador más "
        "joven hasta entonces, con 18 años y 1 día.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("lang", "known", "said"), TOLD)
def test_a_moment_is_worded_from_its_facts(lang: str, known: Any, said: str) -> None:
    assert in_words(known, lang) == said


def test_a_title_is_told_with_the_place_and_the_points_it_was_won_by() -> None:
    known = facts("title decided", "HAM", place=5, ahead_of="Massa", by=1.0)
    assert in_words(known) == (
        "Hamilton became champion by finishing fifth, a point ahead of Massa."
    )
    assert in_words(known, "nl") == (
        "Hamilton werd kampioen met een vijfde plaats, met een punt voorsprong op Massa."
    )


def test_the_chances_can_be_left_out() -> None:
    swing = {"car": "VER", "of": "win", "before": 0.08, "after": 0.667}
    known = facts("title decided", "VER", swing=swing)
    assert in_words(known, "nl") == (
        "Verstappen werd kampioen (kans op de zege van Verstappen: van 8% naar 67%)."
    )
    assert in_words(known, "nl", chances=False) == "Verstappen werd kampioen."


def test_every_kind_has_words() -> None:
    assert set(_TOLD) == set(KINDS)


@pytest.mark.parametrize("round_", [19, 20])
def test_what_a_table_says_in_english_its_facts_say_in_every_language(round_: int) -> None:
    table = moments(sample_race(round_), season=sample_season(), simulated=False)
    for told, row in table["sentence", "facts"].rows():
        assert in_words(row) == told
        said = {in_words(row, lang) for lang in languages()}
        assert len(said) == len(languages())
        assert not any("{" in each or "  " in each or " ," in each for each in said)


def test_a_race_under_way_knows_nothing_of_its_flag() -> None:
    table = moments(sample_race(20), simulated=False)
    now = so_far(table)
    assert any(read(row).get("at_flag_s") for row in table["facts"])
    assert not any(read(row).get("at_flag_s") for row in now["facts"])
    assert not now["sentence"].str.contains("to the flag").any()
