"""The reader: what a text says, in which scope and how it is meant, without any result."""

from __future__ import annotations

import tomllib
from datetime import date
from importlib import resources
from typing import TYPE_CHECKING, Any

import pytest

from racecraft.errors import ArgumentError
from racecraft.history.roster import Roster
from racecraft.press.intake.article import Article
from racecraft.press.reading import frames as framing
from racecraft.press.reading import reader as reading
from racecraft.press.reading.reader import Reader
from racecraft.sources.sample.sample import sample_season

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from racecraft.press.claim import Claim

DAY = date(2023, 11, 5)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(Roster([sample_season()]))


def read(reader: Reader, text: str, lang: str = "en") -> tuple[Claim, ...]:
    return reader.read(Article(text=text, date=DAY, lang=lang)).claims


def said(claims: tuple[Claim, ...]) -> set[tuple[str, str, str]]:
    return {(claim.claim_type, claim.subject, str(claim.value)) for claim in claims}


def cases() -> dict[str, list[dict[str, Any]]]:
    folder = resources.files("racecraft.press").joinpath("claims")
    return {
        file.name.removesuffix(".toml"): tomllib.loads(file.read_text("utf-8")).get("case", [])
        for file in folder.iterdir()
        if file.name.endswith(".toml")
    }


FRAMED = sorted(name for name, found in framing.frames().items() if found)


@pytest.mark.parametrize("name", FRAMED)
def test_emptying_the_frames_of_a_type_loses_claims_of_its_cases(
    name: str, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    sentences = [
        (lang, text) for case in cases()[name] for lang, text in case.items() if len(lang) == 2
    ]
    if not sentences:
        pytest.skip("no case yet")
    before = [said(read(reader, text, lang)) for lang, text in sentences]
    assert any(kind == name for found in before for kind, _, _ in found)
    monkeypatch.setattr(
        reading,
        "frames_that",
        lambda *, rest: [f for f in framing.frames_that(rest=rest) if f.claim_type != name],
    )
    assert [said(read(reader, text, lang)) for lang, text in sentences] != before


def test_a_frame_of_an_unknown_concept_or_key_is_an_error() -> None:
    with pytest.raises(ArgumentError, match="WYN"):
        framing._frame("x", {"verb": "WYN"})
    with pytest.raises(ArgumentError, match="verbs"):
        framing._frame("x", {"verbs": "WIN"})


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Max Verstappen won the race.", "fact"),
        ("Max Verstappen hopes to win a third title, and Lando Norris will win the race.", "plan"),
        ("If Max Verstappen finished third, he was lucky.", "hypothesis"),
        ("Did Max Verstappen finish third?", "question"),
        ('"Max Verstappen won this race for the team," he said.', "opinion"),
    ],
)
def test_how_something_is_meant(reader: Reader, text: str, meant: str) -> None:
    assert meant in {claim.modality for claim in read(reader, text)}


def test_what_is_denied(reader: Reader) -> None:
    (claim,) = read(reader, "Pierre Gasly did not win the race.")
    assert (claim.claim_type, claim.value, claim.polarity) == ("finish_position", 1, "denied")


def test_a_direction_is_read_as_it_stands(reader: Reader) -> None:
    ahead = read(reader, "Lewis Hamilton leads Sergio Perez by 32 points.")
    behind = read(reader, "Lewis Hamilton trails Sergio Perez by 32 points.")
    assert said(ahead) == {("points_gap", "Lewis Hamilton over Sergio Pérez", "32")}
    assert said(behind) == {("points_gap", "Sergio Pérez over Lewis Hamilton", "32")}


def test_who_is_only_a_role_stays_one(reader: Reader) -> None:
    (claim,) = read(reader, "Fernando Alonso finished 34.155 seconds behind the winner.")[:1]
    assert {slot.value.kind for slot in claim.subjects} == {"role", "driver"}


def test_a_pronoun_is_open(reader: Reader) -> None:
    claims = read(reader, "Lando Norris battled with Fernando Alonso. He finished second.")
    (claim,) = [each for each in claims if each.claim_type == "finish_position"]
    assert claim.subjects[0].bound == "pronoun"
    assert claim.subjects[0].others


def of_type(claims: Iterable[Claim], claim_type: str) -> Iterator[Claim]:
    return (claim for claim in claims if claim.claim_type == claim_type)


def test_a_year_before_a_colon_is_the_scope_of_its_line(reader: Reader) -> None:
    claim = next(of_type(read(reader, "2023: Max Verstappen won at Monza."), "finish_position"))
    assert (claim.scope.event.value.season, claim.scope.season.value) == (2023, 2023)
    assert claim.scope.event.value.round == 14


def test_a_place_without_a_year_is_bound_to_no_season(reader: Reader) -> None:
    claim = next(of_type(read(reader, "Max Verstappen won at Monza."), "finish_position"))
    assert claim.scope.event.value.name
    assert claim.scope.event.value.season is None


def test_subject_of_a_relative_clause(reader: Reader) -> None:
    text = "Lance Stroll, who started third, beat Carlos Sainz, who started seventh."
    assert {("grid_position", "Lance Stroll", "3"), ("grid_position", "Carlos Sainz", "7")} <= said(
        read(reader, text)
    )


def test_every_claim_has_features_and_its_words(reader: Reader) -> None:
    text = "Lando Norris (McLaren) finished second."
    for claim in read(reader, text):
        assert claim.features["likely"] > 0
        assert claim.quote == text[claim.start : claim.end]


def test_other_sports_are_not_about_racing(reader: Reader) -> None:
    text = "The striker scored twice and the club won its third title on Saturday."
    assert not reader.read(Article(text=text, date=DAY)).about_racing
