"""Sources as the registry lists them, and the commands and pages that are made of it."""

from __future__ import annotations

import inspect

import pytest

from racecraft.errors import ArgumentError
from racecraft.model.race import RACE_TABLES, SAMPLES
from racecraft.sources import registry
from racecraft.sources.source import Question
from racecraft.store.importing import add_source
from racecraft.store.store import Store

every_source = pytest.mark.parametrize("name", registry.names())


def test_a_folder_with_a_source_is_one() -> None:
    assert {"sample", "laps", "ergast", "jolpica", "livetiming", "fastf1"} <= set(registry.names())
    assert not {"http", "shared"} & set(registry.names())


@every_source
def test_a_source_is_named_as_its_folder_and_gives_what_a_race_has(name: str) -> None:
    source = registry.source(name)
    assert source.name == name
    assert source.reads.endswith(".")
    assert set(source.gives) <= {*RACE_TABLES, *SAMPLES}
    assert source.gives["crossings"]


@every_source
def test_arguments_are_asked_before_options(name: str) -> None:
    options = [question.is_option for question in registry.source(name).questions]
    assert options == sorted(options)


@every_source
def test_fetch_and_parse_are_two_functions_of_two(name: str) -> None:
    source = registry.source(name)
    for function in (source.fetch, source.parse):
        assert len(inspect.signature(function).parameters) == 2


def test_an_unknown_source_names_those_there_are() -> None:
    with pytest.raises(ArgumentError) as caught:
        registry.source("http")
    assert "ergast" in caught.value.hint


def test_the_best_source_is_asked_first() -> None:
    assert [source.name for source in registry.on_demand(2023)] == [
        "livetiming",
        "openf1",
        "tracinginsights",
        "jolpica",
    ]
    assert [source.name for source in registry.on_demand(1976)] == ["jolpica"]


@pytest.mark.parametrize(
    ("answers", "said"),
    [({}, "must be told 'folder'"), ({"folder": "x", "colour": 1}, "does not ask for 'colour'")],
)
def test_what_was_not_asked_or_not_told_is_said(
    answers: dict[str, object], said: str, tmp_path: object
) -> None:
    with pytest.raises(ArgumentError, match=said) as caught:
        add_source(Store(str(tmp_path)), "ergast", answers)
    assert "data add ergast FOLDER" in caught.value.hint


def test_how_a_question_stands_in_a_usage_line() -> None:
    assert Question("files", "", list[str], "FILE").usage == "FILE..."
    assert Question("season", "", int).usage == "--season SEASON"
    assert Question("as_of", "", str, default=None).usage == "[--as-of AS_OF]"
    assert Question("telemetry", "", bool, default=False).usage == "[--telemetry]"
