"""Over how many laps a race goes, where its feed does not say."""

from __future__ import annotations

import pytest

import racecraft as rc
from own_streams import own_session
from racecraft.live.distance import expected_laps
from racecraft.live.follower import Follower
from racecraft.sources.livetiming import archive
from racecraft.sources.sample.sample import sample_season


@pytest.mark.parametrize(
    ("event", "session", "laps"),
    [
        ("Monaco Grand Prix", "race", 78),
        ("Nowhere Grand Prix", "race", None),
        ("Qatar Grand Prix", "sprint", 19),
        ("São Paulo Grand Prix", "race", 71),
        ("São Paulo Grand Prix", "sprint", 24),
    ],
)
def test_by_the_length_of_a_lap(event: str, session: str, laps: int | None) -> None:
    seasons = [rc.load_season(year) for year in (2025, 2024)]
    assert expected_laps(event, session, seasons) == laps


def test_the_record_was_planned_so() -> None:
    for year in (2012, 2018, 2024):
        season = rc.load_season(year)
        known = season.events.drop_nulls("course_km").select("name", "laps", "planned_laps")
        for name, laps, planned in known.iter_rows():
            assert expected_laps(name, "race", [season]) == (planned or laps)


def test_without_a_distance_there_are_no_chances_and_it_is_said() -> None:
    follower = Follower(season=sample_season())
    for message in archive.messages_of(own_session().files()):
        if message.stream == "LapCount" or message.data.get("Status") == "Finished":
            continue
        follower.take(message)
    told = follower.look()
    assert follower.watch.distance is None
    assert follower.watch.chances == []
    assert not [event for event in told if event.kind == "moment"]
    assert any("over how many laps" in doubt for doubt in follower.doubts())
