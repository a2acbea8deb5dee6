"""Bonds: to whom of a sentence something is tied, whatever rule has bound it."""

from __future__ import annotations

from datetime import date

import pytest

from racecraft.history.roster import Roster
from racecraft.press.intake.article import Article
from racecraft.press.judging.doubts import doubts_of
from racecraft.press.judging.verdict import Verdict
from racecraft.press.judging.weighing import Judged
from racecraft.press.reading.reader import Reader
from racecraft.sources.sample.sample import sample_season

DAY = date(2023, 11, 5)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(Roster([sample_season()]))


def features(reader: Reader, text: str, kind: str, who: str) -> dict[str, float]:
    claims = reader.read(Article(text=text, date=DAY, lang="en")).claims
    return dict(
        next(c.features for c in claims if c.claim_type == kind and c.subject.endswith(who))
    )


def test_a_place_beside_a_name_is_tied_to_it(reader: Reader) -> None:
    told = features(
        reader, "Norris finished second, Alonso third and Perez fourth.", "finish_position",
        "Alonso",
    )  # fmt: skip
    assert told["bond"] > 0.7
    assert told["bond to another"] < 0.2


def test_somebody_nearer_is_as_likely(reader: Reader) -> None:
    far = features(
        reader,
        "Lando Norris, who was watched by Fernando Alonso and Sergio Perez all day, was second.",
        "finish_position", "Norris",
    )  # fmt: skip
    near = features(reader, "Lando Norris was second.", "finish_position", "Norris")
    assert near["bond"] > far["bond"]
    assert near["bond to another"] == 0.0 < far["bond to another"]


def test_what_no_claim_reads_is_counted(reader: Reader) -> None:
    told = features(
        reader, "Norris finished second after 12 quibbles with 7 marshals.", "finish_position",
        "Norris",
    )  # fmt: skip
    plain = features(reader, "Norris finished second.", "finish_position", "Norris")
    assert plain["words unread"] == plain["figures unread"] == 0.0
    assert told["words unread"] > 0
    assert told["figures unread"] > 0


@pytest.mark.parametrize(
    ("told", "doubts"),
    [
        ({"read_bond": 0.9, "read_bond to another": 0.05}, set()),
        ({"read_bond": 0.4, "read_bond to another": 0.05}, {"untied"}),
        ({"read_bond": 0.6, "read_bond to another": 0.4}, {"tied to another"}),
        ({"read_bond": 0.9, "other_values": 0.25}, {"other values"}),
        ({"event_right": 0.2, "right_elsewhere": 1.0}, {"astray", "right elsewhere"}),
        ({}, set()),
    ],
)
def test_a_loose_bond_is_a_reason_to_doubt(
    reader: Reader, told: dict[str, float], doubts: set[str]
) -> None:
    claims = reader.read(Article(text="Norris finished third.", date=DAY, lang="en")).claims
    each = Judged(
        claim=claims[0],
        question=None,
        verdict=Verdict(verdict="contradicted"),
        shares={"contradicted": 1.0},
        features=told,
    )
    found = doubts_of(each, told)
    assert {name.removeprefix("doubt ") for name in found if name.startswith("doubt ")} == doubts
    assert found["doubtless"] == float(not doubts)
