"""A race that is not stored is asked for in a stated order, and a poorer source is said aloud."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from racecraft.errors import NotFoundError, RacecraftError, UnreachableError
from racecraft.sources import registry
from racecraft.sources.livetiming import archive
from racecraft.sources.sample.toy import toy_race
from racecraft.store import importing
from racecraft.store.store import Store
from stub_server import Answer, stub

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

EVENT = "bahrain-grand-prix"


@pytest.fixture
def sources(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Have each source answer as told: an error, or nothing for a race."""

    def told(**answers: RacecraftError | None) -> list[str]:
        asked: list[str] = []

        def made(name: str) -> Any:
            def of_race(*_: object) -> Any:
                asked.append(name)
                if (error := answers.get(name)) is not None:
                    raise error
                return [replace(toy_race(), event=EVENT, source=name)]

            return of_race

        real = registry.on_demand(2023)
        stubbed = [
            replace(s, on_demand=replace(s.on_demand, race=made(s.name), season=None))
            for s in real
            if s.on_demand is not None
        ]
        monkeypatch.setattr(registry, "on_demand", lambda _: stubbed)
        return asked

    return told


def test_the_best_source_answers_and_nobody_else_is_asked(
    sources: Callable[..., list[str]], tmp_path: Path
) -> None:
    asked, notes = sources(), list[str]()
    store = Store(tmp_path)
    importing.fetch_race(store, 2023, EVENT, "race", note=notes.append)
    assert asked == ["livetiming"]
    assert notes == []


def test_a_poorer_source_is_said_aloud_and_doubted(
    sources: Callable[..., list[str]], tmp_path: Path
) -> None:
    locked = UnreachableError("the live timing archive needs an F1 TV account since October 2026")
    asked = sources(livetiming=locked, openf1=NotFoundError("OpenF1 has no such race"))
    store, notes = Store(tmp_path, sample=True), list[str]()
    importing.fetch_race(store, 2023, EVENT, "race", note=notes.append)
    assert asked == ["livetiming", "openf1", "tracinginsights"]
    [note] = notes
    assert note.startswith("from tracinginsights, 3 lines a lap")
    assert "needs an F1 TV account" in note
    race = store.load_race(2023, EVENT)
    assert note in race.doubts["reason"].to_list()


def test_where_nobody_has_it_every_source_says_why(
    sources: Callable[..., list[str]], tmp_path: Path
) -> None:
    names = ("livetiming", "openf1", "tracinginsights", "jolpica")
    sources(**{name: UnreachableError(f"{name} is away", hint=name) for name in names})
    with pytest.raises(UnreachableError) as caught:
        importing.fetch_race(Store(tmp_path), 2023, EVENT, "race")
    assert all(f"{name}: {name} is away" in caught.value.message for name in names)
    sources(**{name: NotFoundError(f"{name} has none") for name in names})
    with pytest.raises(NotFoundError):
        importing.fetch_race(Store(tmp_path), 2023, EVENT, "race")


@pytest.mark.parametrize("status", [401, 403])
def test_a_locked_archive_is_told_as_what_it_is(status: int) -> None:
    with stub(lambda *_: Answer(status=status)) as server:
        for ask in (
            lambda: archive.find(2023, "Monza", base_url=server.url),
            lambda: archive.fetch(f"{server.url}/2023/Monza/Race"),
        ):
            with pytest.raises(UnreachableError, match="needs an F1 TV account") as caught:
                ask()
            assert "openf1" in caught.value.hint
            assert "again later" not in caught.value.hint
