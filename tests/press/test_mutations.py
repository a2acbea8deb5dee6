"""Take a finder away, and the cases of its types are read otherwise: nothing is found by chance."""

from __future__ import annotations

import tomllib
from datetime import date
from importlib import resources
from typing import TYPE_CHECKING, Any

import pytest

from racecraft.history.roster import Roster
from racecraft.press.intake.article import Article
from racecraft.press.reading import frames as framing
from racecraft.press.reading import reader as reading
from racecraft.press.reading.reader import Reader
from racecraft.sources.sample.sample import sample_season

if TYPE_CHECKING:
    from collections.abc import Iterator

DAY = date(2023, 11, 6)
# Claims of these types are made of what somebody is called, not of frames.
CALLED = {"age": "said_in_passing", "nationality": "said_in_passing", "team": "of_teams"}


def files() -> dict[str, dict[str, Any]]:
    folder = resources.files("racecraft.press").joinpath("claims")
    return {
        file.name.removesuffix(".toml"): tomllib.loads(file.read_text("utf-8"))
        for file in folder.iterdir()
        if file.name.endswith(".toml")
    }


FILES = files()
FRAMED = sorted(name for name, each in FILES.items() if each.get("frame"))


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(Roster([sample_season()]))


def read(reader: Reader, name: str) -> Iterator[str]:
    """Types of all claims that are read in the cases of a type."""
    for case in FILES[name].get("case", ()):
        for lang, text in case.items():
            if isinstance(text, str) and len(lang) == len("en"):
                claims = reader.read(Article(text=text, date=DAY, lang=lang)).claims
                yield from (claim.claim_type for claim in claims)


@pytest.mark.parametrize("name", FRAMED)
def test_a_type_without_its_frames_is_not_found(
    name: str, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = list(read(reader, name)).count(name)
    monkeypatch.setattr(
        reading,
        "frames_that",
        lambda *, rest: [f for f in framing.frames_that(rest=rest) if f.claim_type != name],
    )
    assert list(read(reader, name)).count(name) < whole


@pytest.mark.parametrize(("name", "finder"), CALLED.items())
def test_a_type_without_its_finder_is_not_found(
    name: str, finder: str, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = list(read(reader, name)).count(name)
    monkeypatch.setattr(reading, finder, lambda *_: iter(()))
    assert list(read(reader, name)).count(name) < whole
